// The language-model head on a GPU: definitions and bits of cpu/lm_head.h, over a scratch of logits, rows x a range
// of ids that starts at a multiple of kHeadBlock. A range's blocks are scored side by side into parts, which one
// chain a row then takes up in order. All pointers are on the device. V vocabulary, B blocks of a range.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/lm_head.h"
#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

/// What one block of ids brings to a row's chain, and the best draw in it.
struct HeadPart {
  float max, sum, weighted;
  float best, z;  // z + g of `id`, and its z; best is -infinity where nothing was drawn
  int32_t id;
};
/// Parts that a range of rows x ids needs.
int64_t head_parts(int64_t rows, int64_t num_ids);

/// sums and z take up the range; parts is scratch.
void head_score(const cpu::HeadScoreParams& p, int64_t rows, HeadPart* parts, Stream stream);
void head_finish(const cpu::HeadFinishParams& p, int64_t rows, Stream stream);
void head_gradient(const cpu::HeadGradientParams& p, int64_t rows, Stream stream);
/// sums and draws take up the range.
void head_sample(const cpu::HeadSampleParams& p, int64_t rows, HeadPart* parts, Stream stream);

/// What was drawn, and its log-probability; row i of sums and draws is row rows[i] of the results.
struct HeadSampledParams {
  const cpu::HeadSum* sums;    // [R]
  const cpu::HeadDraw* draws;  // [R]
  const int32_t* rows;         // [R], or null: i
  int64_t count;               // R
  int32_t* ids;                // [T]
  float* logprobs;             // [T]
};
void head_sampled(const HeadSampledParams& p, Stream stream);

/// z = logit * the draw's scale of the rows that filters need whole.
struct HeadKeepParams {
  const float* logits;  // [rows, ids]
  int64_t stride, first_id, num_ids;
  const cpu::HeadDraw* draws;  // [rows]
  const int32_t* rows;         // [R] of the logits
  int64_t count;               // R
  float* z;                    // [R, V]
  int64_t vocab_size;          // V
};
void head_keep(const HeadKeepParams& p, Stream stream);

/// cpu::filter_row of every row.
struct HeadFilterParams {
  float* z;                        // [R, V]
  const cpu::HeadFilter* filters;  // [R]
  int64_t rows, vocab_size;        // R, V
};
void head_filter(const HeadFilterParams& p, Stream stream);

/// The rows whose dlogprob is not 0, ascending: only they take part in gradients. How many they are stays on the
/// device: chunk c of chunk_rows of them is products' group [offsets[2 c], offsets[2 c + 1]) (gemm.h), which
/// begins at 0.
struct HeadRowsParams {
  const float* dlogprobs;  // [T]
  int64_t rows, chunk_rows;
  int32_t* order;     // [T], the first R are written
  int32_t* position;  // [T] of a row in order, or -1
  int64_t* offsets;   // [ceil(T / chunk_rows), 2]
};
void head_rows(const HeadRowsParams& p, Stream stream);

/// The R rows of everything, one behind the other.
struct HeadGatherParams {
  const int32_t* position;  // [T]
  int64_t rows, width;      // T, K
  const float* x;           // [T, K], x_stride apart
  int64_t x_stride;
  const int32_t* targets;        // [T]
  const float *lse, *dlogprobs;  // [T]
  float* kept_x;                 // [R, K]
  int32_t* kept_targets;         // [R]
  float *kept_lse, *kept_dlogprobs;
};
void head_gather(const HeadGatherParams& p, Stream stream);

/// dx[t] = kept_dx[position[t]], or 0 of a row that has none.
struct HeadScatterParams {
  const int32_t* position;  // [T]
  int64_t rows, width;      // T, K
  const float* kept_dx;     // [R, K]
  float* dx;                // [T, K], dx_stride apart
  int64_t dx_stride;
};
void head_scatter(const HeadScatterParams& p, Stream stream);

}  // namespace hone::cuda
