// Continuous batching: which rows run in the next forward pass. Prompts are prefilled once, in chunks; completions fork from them,
// sharing full pages; when pages run out the youngest completion is preempted and later recomputed. Pure bookkeeping over
// PagePool: no tensors, no clock. What is scheduled when never changes a result (docs/exactness.md), only the speed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

#include "core/types.h"
#include "rollout/page_pool.h"
#include "rollout/sampling_options.h"

namespace hone {

struct SchedulerOptions {
  int64_t page_size = 16;
  int64_t max_num_seqs = 1024;        // completions that decode at once; lower it to bound the work of a step
  int64_t max_batched_tokens = 4096;  // rows of a forward pass; a longer prompt is prefilled in chunks
};

/// A run of consecutive positions of one sequence to be computed in this pass.
struct Span {
  std::vector<TokenId> ids;
  int64_t first_position = 0;
  std::vector<int32_t> table;  // pages of positions 0, 16, 32, ...
};

/// Draw one token for `sequence`: from the last row of spans[span], or, when span is -1, from what its prompt's last row gave.
struct Draw {
  int64_t sequence = 0, prompt = 0, span = -1;
};

struct PageCopy {
  int32_t from = 0, to = 0;
};

/// One forward pass: do the copies, run the spans, keep the last row of a finished prompt's span, then draw.
struct Plan {
  std::vector<PageCopy> copies;
  std::vector<Span> spans;
  std::vector<std::pair<int64_t, int64_t>> finished_prompts;  // (prompt, span)
  std::vector<Draw> draws;
};

struct SchedulerCounters {
  int64_t passes = 0, rows = 0, preemptions = 0, peak_sequences = 0;
};

class Scheduler {
 public:
  /// `requests` must outlive this. Throws InputError when a single request can't fit into the pool.
  Scheduler(std::span<const SampleRequest> requests, PagePool& pool, SchedulerOptions options);
  ~Scheduler();

  bool has_work() const { return unfinished_ > 0; }
  Plan plan();
  /// Takes the drawn token of draw i; ends_here(sequence) is asked after it was appended.
  void commit(const Plan& plan, std::span<const TokenId> ids, std::span<const float> logprobs);
  /// Ends everything that is unfinished with FinishReason::kCancelled.
  void cancel();

  int64_t num_sequences() const { return int64_t(sequences_.size()); }
  const SampleRequest& request_of(int64_t sequence) const { return requests_[sequences_[sequence].prompt]; }
  int64_t sample_of(int64_t sequence) const { return sequences_[sequence].sample; }
  const Rollout& rollout(int64_t sequence) const { return sequences_[sequence].rollout; }
  Rollout& rollout(int64_t sequence) { return sequences_[sequence].rollout; }
  /// Ends a sequence; called by the engine for stop strings, by commit() for stop ids and length.
  void finish(int64_t sequence, FinishReason reason);
  int64_t num_unfinished() const { return unfinished_; }
  const SchedulerCounters& counters() const { return counters_; }

 private:
  enum class Phase { kWaiting, kRunning, kFinished };
  struct PromptState {
    std::vector<int32_t> table;
    int64_t computed = 0;    // positions in the pages
    int64_t unfinished = 0;  // completions
    int64_t running = 0;
    bool last_row_kept = false;  // its last row's output exists
  };
  struct SequenceState {
    int64_t prompt = 0, sample = 0;
    Phase phase = Phase::kWaiting;
    std::vector<int32_t> table;
    int64_t computed = 0;
    Rollout rollout;
  };

  int64_t pages_for(int64_t positions) const {
    return (positions + options_.page_size - 1) / options_.page_size;
  }
  bool grow(std::vector<int32_t>& table, int64_t positions);
  void release(std::vector<int32_t>& table);
  void fork(int64_t sequence, Plan& plan);
  void preempt_youngest();
  bool drop_idle_prompt();
  void plan_running(Plan& plan, int64_t& budget);
  void admit_completions(Plan& plan);
  void plan_prefill(Plan& plan, int64_t& budget);

  std::span<const SampleRequest> requests_;
  PagePool& pool_;
  SchedulerOptions options_;
  std::vector<PromptState> prompts_;      // [P]
  std::vector<SequenceState> sequences_;  // [P G] in request order
  std::vector<int64_t> running_;          // by age of admission
  std::deque<int64_t> waiting_;           // completions that run next, in order
  int64_t unfinished_ = 0;
  SchedulerCounters counters_;
};

}  // namespace hone
