// How attention over a layout is divided among blocks, made on the host and uploaded: tiles of pairs for the
// forward pass and the queries' gradient; for the gradients of pages, who sees each page of a unit, in the order
// of the definition. Free of CUDA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cuda_ext/cpu/attention_layout.h"

namespace hone::cuda {

/// Pairs [first_pair, first_pair + tile) of a segment and of every key head.
struct AttentionTile {
  int32_t segment, first_pair;
};
/// Tiles of few pairs (decoding) or of many.
inline constexpr int kFewPairs = 16, kManyPairs = 32;

/// A segment sees a page as its block `block`.
struct PageSighting {
  int32_t segment, block;
};

struct AttentionPlan {
  int tile_pairs = kFewPairs;
  std::vector<AttentionTile> tiles;
  // Backward: the pages of all units, a page that two units see twice. Place g is page pages[g], seen as
  // sightings[sighting_begin[g]] to [sighting_begin[g + 1]), segments ascending.
  std::vector<int32_t> pages;           // [G]
  std::vector<int32_t> sighting_begin;  // [G + 1]
  std::vector<PageSighting> sightings;
  // Row t was written to slots[slot_begin[t]] to [slot_begin[t + 1]), each place * 16 + slot.
  std::vector<int32_t> slot_begin, slots;  // [T + 1]
};

/// group: query heads of a key head. Only tiles.
AttentionPlan plan_attention(const cpu::AttentionLayoutView& layout, int64_t group);
/// All of it; the layout has units and writes.
AttentionPlan plan_attention_backward(const cpu::AttentionLayoutView& layout, int64_t group);

}  // namespace hone::cuda
