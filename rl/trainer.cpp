#include "rl/trainer.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "core/error.h"

namespace hone {
namespace {

using at::Tensor;

/// Pages for a batch; those of the call before are used again when they are enough.
KvPages& ensure_pages(KvPages& pages, const Decoder& decoder, int64_t num_pages) {
  if (pages.empty() || pages[0].k.size(0) < num_pages)
    pages.clear(), pages = decoder.allocate_pages(num_pages);
  return pages;
}

/// Losses of a micro-batch's tokens, in order: d loss / d logprob [N] on the scores' device, and the sums.
Tensor token_losses(const TrainingBatch& batch, const ops::TokenScores& scores,
                    const Trainer::TokenLossFunction& loss, UpdateStats& stats) {
  const int64_t N = batch.targets.size(0);
  Tensor dlogprobs = at::empty({N}, at::kFloat);
  const Tensor host_logprobs = scores.logprobs.cpu(), host_entropy = scores.entropy.cpu();
  const float *logprobs = host_logprobs.data_ptr<float>(), *entropy = host_entropy.data_ptr<float>();
  float* out = dlogprobs.data_ptr<float>();
  for (int64_t n = 0; n < N; ++n) {
    const TrainingSample& sample = *batch.samples[n];
    const size_t token = size_t(batch.token_index[n]);
    const TokenLoss l = loss(sample, token, logprobs[n]);
    out[n] = float(sample.weight * l.dlogprob);
    stats.loss += sample.weight * l.value;
    stats.kl += l.kl, stats.entropy += entropy[n];
    stats.clipped_low += l.clipped_low, stats.clipped_high += l.clipped_high;
    if (!sample.sampler_logprobs.empty())
      stats.max_logprob_difference =
          std::max(stats.max_logprob_difference,
                   std::abs(double(logprobs[n]) - double(sample.sampler_logprobs[token])));
  }
  stats.tokens += N;
  return dlogprobs.to(scores.logprobs.device());
}

}  // namespace

Trainer::Trainer(Decoder policy)
    : policy_(std::move(policy)),
      optimizer_(policy_.config(), policy_.device()),
      gradients_(at::zeros_like(policy_.flat())),
      gradient_views_(bind_weights(policy_.config(), gradients_)) {
  if (policy_.config().tied_head)
    gradient_views_.head = head_gradients_ = at::zeros_like(gradient_views_.embedding);
}

void Trainer::accumulate(std::span<const TrainingGroup> groups, const TokenLossFunction& loss,
                         const TrainOptions& options, double balance_weight, UpdateStats& stats) {
  const DecoderConfig& config = policy_.config();
  const TrainingBatch batch = pack_groups(groups);
  KvPages& pages = ensure_pages(pages_, policy_, batch.num_pages);
  Activations activations{.checkpointed = options.gradient_checkpointing};
  const Tensor hidden = policy_.forward(batch.rows, pages, &activations);
  const Tensor x = ops::embedding(hidden, batch.head_rows);
  const ops::TokenScores scores =
      ops::lm_head_logprobs(x, policy_.packed().head, config.vocab_size, batch.targets, options.temperature);
  const Tensor dlogprobs = token_losses(batch, scores, loss, stats);
  if (!std::isfinite(stats.loss))
    throw NonFiniteError(concat("the loss is ", stats.loss, "; the step was not applied"));

  Tensor dx = at::empty_like(x), dhidden = at::zeros_like(hidden);
  ops::GradientSteps head_steps;
  if (policy_.products() != at::kFloat)
    head_steps = ops::gradient_steps(batch.head_unit_begin, policy_.device());
  ops::lm_head_backward_(dx, gradient_views_.head, dlogprobs, x, policy_.weights().head,
                         policy_.packed().head, batch.targets, scores, options.temperature, head_steps);
  ops::embedding_backward_(dhidden, dx, batch.head_rows);
  BalanceLoss balance;
  if (balance_weight > 0)
    balance = sequence_balance_loss(config, activations, batch.rows.layout, balance_weight);
  stats.balance_loss += balance.value;
  policy_.backward(batch.rows, pages, activations, dhidden, balance.dscores, gradient_views_);
  stats.load.add(config, activations);
  stats.rows += hidden.size(0);
}

UpdateStats Trainer::update(std::span<const TrainingGroup> groups, const TokenLossFunction& loss,
                            const TrainOptions& options, const OptimizerOptions& optimizer,
                            double learning_rate) {
  UpdateStats stats;
  gradients_.zero_();
  if (head_gradients_.defined()) head_gradients_.zero_();
  const std::vector<size_t> borders = split_micro_batches(groups, options.micro_batch_tokens);
  const double balance_weight = groups.empty() ? 0 : options.balance_coefficient / double(groups.size());
  for (size_t i = 0; i + 1 < borders.size(); ++i)
    accumulate(groups.subspan(borders[i], borders[i + 1] - borders[i]), loss, options, balance_weight, stats);
  if (head_gradients_.defined()) ops::add_(gradient_views_.embedding, head_gradients_);
  const double squares = ops::sum_of_squares(gradients_);
  if (!std::isfinite(squares))
    throw NonFiniteError(concat("the squared gradient norm is ", squares, "; the step was not applied"));
  stats.grad_norm = optimizer_.step(policy_.flat(), gradients_, optimizer, learning_rate);
  if (options.router_bias_speed > 0) {
    DecoderWeights weights = policy_.weights();
    update_router_bias(weights, stats.load, options.router_bias_speed);
  }
  policy_.weights_changed();
  return stats;
}

void Trainer::score_reference(const Decoder& decoder, std::span<TrainingGroup> groups,
                              const TrainOptions& options) {
  const std::vector<size_t> borders = split_micro_batches(groups, options.micro_batch_tokens);
  KvPages pages;
  for (size_t i = 0; i + 1 < borders.size(); ++i) {
    const std::span<TrainingGroup> part = groups.subspan(borders[i], borders[i + 1] - borders[i]);
    const TrainingBatch batch = pack_groups(part);
    const Tensor hidden = decoder.forward(batch.rows, ensure_pages(pages, decoder, batch.num_pages));
    const ops::TokenScores scores =
        ops::lm_head_logprobs(ops::embedding(hidden, batch.head_rows), decoder.packed().head,
                              decoder.config().vocab_size, batch.targets, options.temperature);
    for (TrainingGroup& g : part)
      for (TrainingSample& s : g.samples) s.reference_logprobs.assign(s.ids.size(), 0.0f);
    const Tensor logprobs = scores.logprobs.cpu();
    for (int64_t n = 0; n < batch.targets.size(0); ++n)
      const_cast<TrainingSample*>(batch.samples[n])->reference_logprobs[batch.token_index[n]] =
          logprobs.data_ptr<float>()[n];
  }
}

}  // namespace hone
