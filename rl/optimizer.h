// AdamW over the flat weights, with gradient clipping and learning-rate schedules. Names and defaults as in TRL / transformers.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/fields.h"
#include "model/weights.h"

namespace hone {

struct OptimizerOptions {
  double learning_rate = 1e-6;           // peak
  std::string lr_schedule = "constant";  // constant, linear or cosine: from the peak to lr_end over the stage
  double lr_end = 0.0;                   // where linear and cosine end
  int64_t warmup_steps = 0;              // linear rise from 0 to the peak
  double adam_beta1 = 0.9, adam_beta2 = 0.999, adam_epsilon = 1e-8;
  double weight_decay = 0.0;   // on matrices; norms and biases are never decayed
  double max_grad_norm = 1.0;  // gradients are scaled down to this norm; 0 = off
};
OptimizerOptions parse_optimizer_options(Fields& fields);

/// The rate of update `step` (from 0) of `total`.
double learning_rate_at(const OptimizerOptions& options, int64_t step, int64_t total);

class Optimizer {
 public:
  explicit Optimizer(const DecoderConfig& config, at::Device device = at::kCPU);

  /// One update of `weights` from `gradients` (both flat). Returns the gradient's norm before clipping.
  double step(at::Tensor& weights, const at::Tensor& gradients, const OptimizerOptions& options,
              double learning_rate);

  int64_t num_steps() const { return num_steps_; }
  void set_num_steps(int64_t steps) { num_steps_ = steps; }
  at::Tensor& moment1() { return moment1_; }
  at::Tensor& moment2() { return moment2_; }

 private:
  struct Run {  // consecutive elements that are all decayed or all not
    int64_t begin = 0, size = 0;
    bool decayed = false;
  };
  std::vector<Run> runs_;
  at::Tensor moment1_, moment2_;  // [flat]
  int64_t num_steps_ = 0;
};

}  // namespace hone
