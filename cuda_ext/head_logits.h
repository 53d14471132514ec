// Logits of the language-model head, a scratch at a time: blocks of rows x ranges of packed panels, small
// enough to stay in the cache. What is made of them is cpu/lm_head.h's business.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace hone::ops {

inline constexpr int64_t kHeadRows = 512;           // rows at a time, unless there is a reason for fewer
inline constexpr int64_t kGpuHeadRows = 4096;       // the same on a GPU
inline constexpr int64_t kFilterScratch = 1 << 23;  // floats of whole rows held at a time for filters

/// x [T, K] and the packed panels [1, ceil(V/32), K, 32] of w [V, K], on a GPU w itself (or rounded) as [1, V, K]; throws when
/// they don't fit each other.
struct Head {
  at::Tensor x, packed;
  int64_t rows, vocab_size;
  Head(const at::Tensor& x, const at::Tensor& packed, int64_t vocab_size);
};

/// Rows [row, row + rows) x ids [id, id + ids): one scratch full of logits. `id` is a multiple of
/// kVocabBlock.
struct HeadRange {
  int64_t row, rows, id, ids;
};

/// Ids that a scratch of `rows` rows has room for: whole blocks, or all.
int64_t ids_at_once(const Head& head, int64_t rows);

/// Calls f(range, logits [rows, ids]) for ranges of rows ascending, and within them of ids ascending.
void for_logits(const Head& head, int64_t rows_at_once,
                const std::function<void(const HeadRange&, at::Tensor&)>& f);

/// How many rows of `ids` logits are worth a thread.
int64_t head_grain(int64_t ids);

/// 1 / temperature as all of the head's operators round it; temperature must be above 0.
float inverse_temperature(double temperature);

}  // namespace hone::ops
