#include "rollout/scheduler.h"

#include <algorithm>

#include "core/error.h"

namespace hone {

Scheduler::Scheduler(std::span<const SampleRequest> requests, PagePool& pool, SchedulerOptions options)
    : requests_(requests), pool_(pool), options_(options), prompts_(requests.size()) {
  for (size_t p = 0; p < requests.size(); ++p) {
    const SampleRequest& r = requests[p];
    check_input(!r.prompt.empty(), "prompt ", p, " is empty: expected at least one token");
    check_input(r.options.max_new_tokens >= 1, "max_new_tokens: got ", r.options.max_new_tokens,
                ", expected >= 1");
    const int64_t most =
        pages_for(int64_t(r.prompt.size())) + pages_for(int64_t(r.prompt.size()) + r.options.max_new_tokens);
    check_input(most <= pool.num_pages(), "prompt ", p, " of ", r.prompt.size(), " tokens and ",
                r.options.max_new_tokens, " new ones needs ", most, " cache pages, the pool has ",
                pool.num_pages(), ": raise the cache or lower max_new_tokens");
    prompts_[p].unfinished = int64_t(r.keys.size());
    for (size_t g = 0; g < r.keys.size(); ++g) {
      waiting_.push_back(int64_t(sequences_.size()));
      sequences_.push_back({.prompt = int64_t(p), .sample = int64_t(g)});
    }
  }
  unfinished_ = int64_t(sequences_.size());
}

Scheduler::~Scheduler() {
  for (SequenceState& s : sequences_) release(s.table);
  for (PromptState& p : prompts_) release(p.table);
}

/// Makes `table` long enough for `positions`, unless the pool is too empty: then nothing changes.
bool Scheduler::grow(std::vector<int32_t>& table, int64_t positions) {
  const int64_t missing = pages_for(positions) - int64_t(table.size());
  if (missing > pool_.num_free()) return false;
  for (int64_t i = 0; i < missing; ++i) table.push_back(pool_.allocate());
  return true;
}

void Scheduler::release(std::vector<int32_t>& table) {
  for (int32_t page : table) pool_.release(page);
  table.clear();
}

Plan Scheduler::plan() {
  Plan plan;
  int64_t budget = options_.max_batched_tokens;
  plan_running(plan, budget);
  admit_completions(plan);
  plan_prefill(plan, budget);
  const auto nothing = [&] { return plan.spans.empty() && plan.draws.empty(); };
  if (nothing()) plan_running(plan, budget);  // preempted completions come back without a draw, only now
  while (nothing() && drop_idle_prompt()) {   // idle prompts hold what the first in the queue needs
    admit_completions(plan);
    plan_prefill(plan, budget);
    if (nothing()) plan_running(plan, budget);
  }
  ++counters_.passes;
  for (const Span& s : plan.spans) counters_.rows += int64_t(s.ids.size());
  counters_.peak_sequences = std::max(counters_.peak_sequences, int64_t(running_.size()));
  check(!plan.draws.empty() || !plan.spans.empty(), "scheduler: nothing can run with ", pool_.num_free(),
        " free pages");
  return plan;
}

/// One decode row, or after a preemption a chunk of recomputed ones, for every running completion.
void Scheduler::plan_running(Plan& plan, int64_t& budget) {
  for (size_t i = 0; i < running_.size() && budget > 0; ++i) {
    const int64_t id = running_[i];
    SequenceState& s = sequences_[id];
    const std::vector<TokenId>& prompt = requests_[s.prompt].prompt;
    const int64_t total = int64_t(prompt.size() + s.rollout.ids.size());
    const int64_t end = std::min(total, s.computed + budget);
    while (!grow(s.table, end)) {
      if (drop_idle_prompt()) continue;
      check(running_.size() > 1, "scheduler: a completion needs ", pages_for(end), " pages and the pool of ",
            pool_.num_pages(), " has no room");
      const bool itself = running_.back() == id;
      preempt_youngest();
      if (itself) return;
    }
    Span span{{}, s.computed, s.table};
    for (int64_t at = s.computed; at < end; ++at)
      span.ids.push_back(s.rollout.ids[at - int64_t(prompt.size())]);
    budget -= end - s.computed;
    s.computed = end;
    if (end == total) plan.draws.push_back({id, s.prompt, int64_t(plan.spans.size())});
    plan.spans.push_back(std::move(span));
  }
}

/// The youngest running completion gives its pages back and waits at the front of the queue.
void Scheduler::preempt_youngest() {
  const int64_t id = running_.back();
  running_.pop_back();
  SequenceState& s = sequences_[id];
  release(s.table);
  s.computed = 0;
  s.phase = Phase::kWaiting;
  waiting_.push_front(id);
  PromptState& p = prompts_[s.prompt];
  if (--p.running == 0) release(p.table), p.computed = 0, p.last_row_kept = false;
  ++counters_.preemptions;
}

/// A prefilled prompt that no running completion uses gives its pages back; the one that is needed last goes
/// first.
bool Scheduler::drop_idle_prompt() {
  const int64_t needed = waiting_.empty() || !running_.empty() ? -1 : sequences_[waiting_.front()].prompt;
  for (int64_t i = int64_t(prompts_.size()) - 1; i >= 0; --i) {
    PromptState& p = prompts_[i];
    if (p.running > 0 || p.table.empty() || i == needed) continue;
    release(p.table), p.computed = 0, p.last_row_kept = false;
    return true;
  }
  return false;
}

/// Completions whose prompt is ready start: full pages are shared, a partly filled last page is copied.
void Scheduler::admit_completions(Plan& plan) {
  while (!waiting_.empty() && int64_t(running_.size()) < options_.max_num_seqs) {
    SequenceState& s = sequences_[waiting_.front()];
    if (!prompts_[s.prompt].last_row_kept) return;
    if (pool_.num_free() < 1 + int64_t(running_.size()) / 8)
      return;  // some room for those that run to grow into
    const int64_t id = waiting_.front();
    waiting_.pop_front();
    fork(id, plan);
    if (s.rollout.ids.empty()) plan.draws.push_back({id, s.prompt, -1});
  }
}

void Scheduler::fork(int64_t id, Plan& plan) {
  SequenceState& s = sequences_[id];
  PromptState& p = prompts_[s.prompt];
  const int64_t length = int64_t(requests_[s.prompt].prompt.size()), full = length / options_.page_size;
  for (int64_t i = 0; i < full; ++i) pool_.retain(p.table[i]), s.table.push_back(p.table[i]);
  if (length % options_.page_size) {
    s.table.push_back(pool_.allocate());
    plan.copies.push_back({p.table[full], s.table.back()});
  }
  s.computed = length;
  s.phase = Phase::kRunning;
  ++p.running;
  running_.push_back(id);
}

/// Chunks of the prompts that the next waiting completions need, in their order.
void Scheduler::plan_prefill(Plan& plan, int64_t& budget) {
  int64_t last = -1, ahead = int64_t(running_.size());
  for (int64_t id : waiting_) {
    const int64_t p = sequences_[id].prompt;
    if (budget <= 0 || ahead++ >= options_.max_num_seqs) return;
    if (p == last || prompts_[p].last_row_kept) continue;
    last = p;
    PromptState& prompt = prompts_[p];
    const std::vector<TokenId>& ids = requests_[p].prompt;
    const int64_t end = std::min(int64_t(ids.size()), prompt.computed + budget);
    if (!grow(prompt.table, end)) return;
    if (end == int64_t(ids.size()))
      plan.finished_prompts.push_back({p, int64_t(plan.spans.size())}), prompt.last_row_kept = true;
    plan.spans.push_back({{ids.begin() + prompt.computed, ids.begin() + end}, prompt.computed, prompt.table});
    budget -= end - prompt.computed;
    prompt.computed = end;
  }
}

void Scheduler::commit(const Plan& plan, std::span<const TokenId> ids, std::span<const float> logprobs) {
  for (size_t i = 0; i < plan.draws.size(); ++i) {
    const int64_t id = plan.draws[i].sequence;
    SequenceState& s = sequences_[id];
    if (s.phase != Phase::kRunning) continue;
    const SamplingOptions& options = requests_[s.prompt].options;
    s.rollout.ids.push_back(ids[i]);
    s.rollout.logprobs.push_back(logprobs[i]);
    if (std::find(options.stop_ids.begin(), options.stop_ids.end(), ids[i]) != options.stop_ids.end()) {
      finish(id, FinishReason::kStop);
    } else if (int64_t(s.rollout.ids.size()) >= options.max_new_tokens) {
      finish(id, FinishReason::kLength);
    }
  }
}

void Scheduler::finish(int64_t id, FinishReason reason) {
  SequenceState& s = sequences_[id];
  if (s.phase == Phase::kFinished) return;
  PromptState& p = prompts_[s.prompt];
  if (s.phase == Phase::kRunning) {
    running_.erase(std::find(running_.begin(), running_.end(), id));
    --p.running;
  } else {
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), id));
  }
  s.phase = Phase::kFinished;
  s.rollout.finish_reason = reason;
  release(s.table);
  if (--p.unfinished == 0) release(p.table);
  --unfinished_;
}

void Scheduler::cancel() {
  for (size_t id = 0; id < sequences_.size(); ++id) finish(int64_t(id), FinishReason::kCancelled);
}

}  // namespace hone
