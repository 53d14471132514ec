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
  /// Upper bound of the cache, which grows to it as needed. 0: 1 GiB on a CPU; on a GPU half of the memory that is free
  /// when a rollout begins: the other half is for the rows of a pass, the head's logits, and the update.
  int64_t kv_cache_bytes = 0;
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
  int64_t cache_bytes() const;                // that the cache has grown to

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
