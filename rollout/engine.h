// The rollout engine: plan, run, draw, until every completion has ended. It holds the paged KV cache and runs on the trainer's
// weights, in place; its log-probabilities have the bits that the trainer computes.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/types.h"
#include "model/decoder.h"
#include "rollout/sampling_options.h"
#include "rollout/scheduler.h"

namespace hone {

struct EngineOptions {
  int64_t kv_cache_bytes = int64_t{1} << 30;  // upper bound of the cache; it grows to it as needed
  SchedulerOptions scheduler;
};

class Engine {
 public:
  using Decode = std::function<std::string(std::span<const TokenId>)>;
  using OnFinished = std::function<void(int64_t finished, int64_t total, int64_t tokens)>;

  /// `decoder` must outlive this; decode turns ids into text.
  Engine(const Decoder& decoder, Decode decode, EngineOptions options);
  ~Engine();

  /// The completions of every request, [P][G]. A stop request ends what runs with FinishReason::kCancelled.
  std::vector<std::vector<Rollout>> generate(std::span<const SampleRequest> requests,
                                             std::stop_token stop = {}, const OnFinished& on_pass = {});

  const SchedulerCounters& counters() const;  // of the last generate()

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
