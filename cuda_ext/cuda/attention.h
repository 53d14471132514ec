// Attention over pages on a GPU: definition and bits of cpu/attention.h. A block owns a tile of (row, head) pairs
// of one segment and key head and walks over its keys; the gradient of a page's keys and values belongs to one
// block too, which walks over the pairs that see the page, so nothing is added by atomics. What is recomputed for
// that are the scores. All pointers are on the device. T rows, H, J heads, S segments, G places.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/attention.h"
#include "cuda_ext/cuda/attention_plan.h"
#include "cuda_ext/cuda/bf16.h"
#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

/// Keys and values, and which rows see which pages (ops::AttentionLayout). Pages are of float or Bf16.
template <class Number>
struct AttentionKeysOf {
  const Number *k_pages, *v_pages;  // [pages, J, Dk, 16], [pages, J, 16, Dv]
  int64_t k_page, v_page;           // numbers from page to page
  int64_t key_heads;                // J
  const int32_t* row_begin;         // [S + 1]
  const int32_t* first_position;    // [S]
  const int32_t* table;             // [S, max_pages]
  int64_t max_pages;
};
using AttentionKeys = AttentionKeysOf<float>;

struct AttentionTiles {
  const AttentionTile* tiles;  // [count]
  int64_t count;
  int pairs;  // of a tile: kFewPairs or kManyPairs
};

template <class Number>
struct AttentionParamsOf {
  cpu::AttentionSizes sizes;
  AttentionKeysOf<Number> keys;
  AttentionTiles tiles;
  cpu::HeadRows q;               // [T, H, Dk]
  cpu::HeadRowsOut out;          // [T, H, Dv]
  cpu::HeadRowsOut lse;          // [T, H], data may be null
  const float* sinks = nullptr;  // [H] or null
};
using AttentionParams = AttentionParamsOf<float>;
void attention(const AttentionParams& p, Stream stream);

/// delta [T, H]: D of the definition, which the two kernels below need.
struct AttentionDeltaParams {
  cpu::HeadRows dout, out;  // [T, H, Dv]
  int64_t rows, heads, value_size;
  float* delta;
};
void attention_delta(const AttentionDeltaParams& p, Stream stream);

template <class Number>
struct AttentionQueryGradientParamsOf {
  cpu::AttentionSizes sizes;
  AttentionKeysOf<Number> keys;
  AttentionTiles tiles;
  cpu::HeadRows q, dout, lse;  // [T, H, Dk], [T, H, Dv], [T, H]
  const float* delta;          // [T, H]
  cpu::HeadRowsOut dq;         // [T, H, Dk], overwritten
};
using AttentionQueryGradientParams = AttentionQueryGradientParamsOf<float>;
void attention_query_gradient(const AttentionQueryGradientParams& p, Stream stream);

/// Gradients of pages, by place (attention_plan.h).
template <class Number>
struct AttentionPageGradientParamsOf {
  cpu::AttentionSizes sizes;
  AttentionKeysOf<Number> keys;
  cpu::HeadRows q, dout, lse;     // [T, H, Dk], [T, H, Dv], [T, H]
  const float* delta;             // [T, H]
  const int32_t* pages;           // [G]
  const int32_t* sighting_begin;  // [G + 1]
  const PageSighting* sightings;
  int64_t places;  // G
  float* dk;       // [G, J, 16, Dk], overwritten
  float* dv;       // [G, J, 16, Dv], overwritten
};
using AttentionPageGradientParams = AttentionPageGradientParamsOf<float>;
void attention_page_gradient(const AttentionPageGradientParams& p, Stream stream);

/// Rows get the sum over the places that they were written to, in the order of `slots`, from 0.
struct AttentionCollectParams {
  const float* by_place;              // [G, J, 16, size]
  const int32_t *slot_begin, *slots;  // [T + 1], place * 16 + slot
  int64_t rows, key_heads, size;
  cpu::HeadRowsOut out;  // [T, J, size]
};
void attention_collect(const AttentionCollectParams& p, Stream stream);

/// dsinks [H]: a chain over rows ascending, from what is there.
struct AttentionSinkParams {
  int64_t rows, heads;
  cpu::HeadRows lse;   // [T, H]
  const float* delta;  // [T, H]
  const float* sinks;  // [H]
  float* dsinks;       // [H]
};
void attention_sink_gradient(const AttentionSinkParams& p, Stream stream);

/// Copies of rows to where `writes` says; rounded to nearest even where pages are of Bf16.
template <class Number>
struct WritePagesParamsOf {
  cpu::HeadRows k, v;         // [T, J, Dk], [T, J, Dv]
  Number *k_pages, *v_pages;  // [pages, J, Dk, 16], [pages, J, 16, Dv]
  int64_t k_page, v_page;
  int64_t key_heads, key_size, value_size;
  const int32_t* writes;  // [W, 3] (row, page, slot)
  int64_t num_writes;
};
using WritePagesParams = WritePagesParamsOf<float>;
void write_pages(const WritePagesParams& p, Stream stream);
void write_pages(const WritePagesParamsOf<Bf16>& p, Stream stream);

}  // namespace hone::cuda
