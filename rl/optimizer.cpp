#include "rl/optimizer.h"

#include <ATen/ops/zeros.h>

#include <cmath>

#include "core/exact_math.h"
#include "cuda_ext/ops.h"

namespace hone {

OptimizerOptions parse_optimizer_options(Fields& f) {
  OptimizerOptions o;
  o.learning_rate = f.get("learning_rate", o.learning_rate, above(0));
  o.lr_schedule = f.one_of("lr_schedule", o.lr_schedule, {"constant", "linear", "cosine"});
  o.lr_end = f.get("lr_end", o.lr_end, at_least(0));
  o.warmup_steps = f.get("warmup_steps", o.warmup_steps, at_least(0));
  o.adam_beta1 = f.get("adam_beta1", o.adam_beta1, Range{0, 0.9999999});
  o.adam_beta2 = f.get("adam_beta2", o.adam_beta2, Range{0, 0.9999999});
  o.adam_epsilon = f.get("adam_epsilon", o.adam_epsilon, above(0));
  o.weight_decay = f.get("weight_decay", o.weight_decay, at_least(0));
  o.max_grad_norm = f.get("max_grad_norm", o.max_grad_norm, at_least(0));
  return o;
}

double learning_rate_at(const OptimizerOptions& o, int64_t step, int64_t total) {
  if (step < o.warmup_steps) return o.learning_rate * double(step + 1) / double(o.warmup_steps);
  if (o.lr_schedule == "constant") return o.learning_rate;
  const double span = double(std::max<int64_t>(1, total - o.warmup_steps));
  const double done = std::min(1.0, double(step - o.warmup_steps) / span);
  const double share = o.lr_schedule == "linear" ? 1 - done : 0.5 * (1 + exact_cos(M_PI * done));
  return o.lr_end + (o.learning_rate - o.lr_end) * share;
}

Optimizer::Optimizer(const DecoderConfig& config, at::Device device) {
  const std::vector<NamedTensor> tensors = list_tensors(config);
  for (const NamedTensor& t : tensors) {
    const bool decayed = t.trainable() && t.shape.size() >= 2;
    if (runs_.empty() || runs_.back().decayed != decayed) runs_.push_back({t.offset, 0, decayed});
    runs_.back().size += t.size();
  }
  const at::TensorOptions floats = at::device(device).dtype(at::kFloat);
  moment1_ = at::zeros({flat_size(tensors)}, floats);
  moment2_ = at::zeros({flat_size(tensors)}, floats);
}

double Optimizer::step(at::Tensor& weights, const at::Tensor& gradients, const OptimizerOptions& o,
                       double learning_rate) {
  const double norm = std::sqrt(ops::sum_of_squares(gradients));
  ops::AdamWOptions adam{.learning_rate = learning_rate,
                         .beta1 = o.adam_beta1,
                         .beta2 = o.adam_beta2,
                         .epsilon = o.adam_epsilon};
  adam.step = ++num_steps_;
  adam.gradient_scale = o.max_grad_norm > 0 && norm > o.max_grad_norm ? o.max_grad_norm / (norm + 1e-6) : 1.0;
  const auto update = [&](int64_t begin, int64_t size) {
    at::Tensor w = weights.narrow(0, begin, size), m = moment1_.narrow(0, begin, size),
               v = moment2_.narrow(0, begin, size);
    ops::adamw_(w, m, v, gradients.narrow(0, begin, size), adam);
  };
  if (o.weight_decay == 0) {
    update(0, weights.size(0));
    return norm;
  }
  for (const Run& run : runs_) {
    adam.weight_decay = run.decayed ? o.weight_decay : 0.0;
    update(run.begin, run.size);
  }
  return norm;
}

}  // namespace hone
