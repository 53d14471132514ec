// From plain lists to tensors: the one place where samples become a batch. A group (a prompt with its completions) is one unit:
// its prompt's rows are computed once, its completions attend to them. A batch is a run of whole groups.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/types.h"
#include "model/block.h"

namespace hone {

/// One completion as the trainer sees it.
struct TrainingSample {
  std::vector<TokenId> ids;               // [L]
  std::vector<bool> trained;              // [L] the loss mask: data, never inferred from an id; empty = all
  std::vector<float> sampler_logprobs;    // [L]; empty for SFT
  std::vector<float> reference_logprobs;  // [L]; empty without KL
  double advantage = 0;
  double weight = 0;  // of each of its tokens in the loss: the denominators, fixed over the global batch

  bool is_trained(size_t i) const { return trained.empty() || trained[i]; }
  int64_t num_trained() const;
};

struct TrainingGroup {
  std::vector<TokenId> prompt;          // [Lp], at least one token
  std::vector<TrainingSample> samples;  // [G]

  int64_t num_rows() const;  // of the forward pass: the prompt once, every completion but its last token
  int64_t num_trained() const;
};

struct TrainingBatch {
  DecoderRows rows;                            // T rows
  int64_t num_pages = 0;                       // the attention layout uses pages 0 ... num_pages - 1
  at::Tensor head_rows;                        // [N] int32: which row predicts token n
  at::Tensor targets;                          // [N] int32
  at::Tensor head_unit_begin;                  // [U+1] int32: tokens of unit u are [b[u], b[u+1])
  std::vector<const TrainingSample*> samples;  // [N] whose token it is
  std::vector<int32_t> token_index;            // [N] which of its tokens
};

TrainingBatch pack_groups(std::span<const TrainingGroup> groups);

/// Borders of micro-batches: groups [b[i], b[i+1]) hold at most max_rows rows, or are a single group that is larger.
std::vector<size_t> split_micro_batches(std::span<const TrainingGroup> groups, int64_t max_rows);

}  // namespace hone
