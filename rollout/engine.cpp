#include "rollout/engine.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "cuda_ext/device.h"
#include "rollout/rows.h"

namespace hone {
namespace {

using at::Tensor;

/// What the completion's text ends with, if it is one of the stop strings: where that begins.
std::optional<size_t> find_stop(const std::string& text, const std::vector<std::string>& stops) {
  std::optional<size_t> first;
  for (const std::string& stop : stops)
    if (const size_t at = text.find(stop); at != std::string::npos && (!first || at < *first)) first = at;
  return first;
}

}  // namespace

struct Engine::Impl {
  const Decoder& decoder;
  Decode decode;
  EngineOptions options;
  KvPages pages;
  int64_t num_pages = 0;
  SchedulerCounters counters;
  std::vector<Tensor> prompt_rows;  // [P] head inputs of the prompts' last rows, [hidden]

  int64_t cache_bytes() const { return num_pages * decoder.page_bytes(); }
  int64_t most_bytes() const {
    if (options.kv_cache_bytes > 0) return options.kv_cache_bytes;
    const std::optional<int64_t> free = free_memory(decoder.device());
    return free ? (*free + cache_bytes()) / 2 : int64_t{1} << 30;
  }

  /// Pages for all requests at once, and for any one beside its prompt (Scheduler asks for that), bounded by most_bytes().
  void reserve(std::span<const SampleRequest> requests) {
    const auto pages_for = [](int64_t positions) {
      return (positions + ops::kPageSize - 1) / ops::kPageSize;
    };
    int64_t wanted = 1, least = 1;
    for (const SampleRequest& r : requests) {
      const int64_t prompt = int64_t(r.prompt.size());
      const int64_t own = (prompt + r.options.max_new_tokens) / ops::kPageSize - prompt / ops::kPageSize + 2;
      wanted += prompt / ops::kPageSize + 1 + own * int64_t(r.keys.size());
      least = std::max(least, pages_for(prompt) + pages_for(prompt + r.options.max_new_tokens));
    }
    wanted = std::min(std::max(wanted, least), std::max<int64_t>(1, most_bytes() / decoder.page_bytes()));
    if (wanted > num_pages) {
      pages.clear();
      pages = decoder.allocate_pages(wanted);
      num_pages = wanted;
    }
  }

  Tensor forward(const Plan& plan) {
    for (const PageCopy& copy : plan.copies)
      for (LayerPages& layer : pages)
        layer.k[copy.to].copy_(layer.k[copy.from]), layer.v[copy.to].copy_(layer.v[copy.from]);
    if (plan.spans.empty()) return {};
    return decoder.forward(rows_of_spans(plan.spans), pages);
  }

  /// The head's inputs of the draws, in their order.
  Tensor draw_rows(const Plan& plan, const Tensor& hidden) {
    std::vector<int64_t> last(plan.spans.size());  // last row of every span
    int64_t rows = 0;
    for (size_t i = 0; i < plan.spans.size(); ++i) last[i] = (rows += int64_t(plan.spans[i].ids.size())) - 1;
    for (const auto& [prompt, span] : plan.finished_prompts) prompt_rows[prompt] = hidden[last[span]].clone();
    const int64_t count = int64_t(plan.draws.size());
    if (count == 0) return {};
    Tensor from = at::empty({count}, at::kInt);  // rows of hidden
    for (int64_t i = 0; i < count; ++i)
      from.data_ptr<int32_t>()[i] = plan.draws[i].span >= 0 ? int32_t(last[plan.draws[i].span]) : 0;
    Tensor out = hidden.defined()
                     ? ops::embedding(hidden, from)
                     : at::empty({count, decoder.config().hidden_size}, decoder.flat().options());
    for (int64_t i = 0; i < count; ++i)
      if (const Draw& d = plan.draws[i]; d.span < 0) out[i].copy_(prompt_rows[d.prompt]);
    return out;
  }

  void draw(Scheduler& scheduler, const Plan& plan, const Tensor& hidden) {
    const Tensor x = draw_rows(plan, hidden);
    if (plan.draws.empty()) return;
    std::vector<ops::RowSampling> rows;
    for (const Draw& d : plan.draws) {
      const SampleRequest& r = scheduler.request_of(d.sequence);
      rows.push_back({.key = r.keys[scheduler.sample_of(d.sequence)],
                      .position = uint32_t(r.prompt.size() + scheduler.rollout(d.sequence).ids.size()),
                      .temperature = float(r.options.temperature),
                      .top_k = int32_t(r.options.top_k),
                      .top_p = float(r.options.top_p),
                      .min_p = float(r.options.min_p)});
    }
    const ops::Sampled s =
        ops::lm_head_sample(x, decoder.packed().head, decoder.config().vocab_size, rows.data());
    const Tensor ids = s.ids.cpu(), logprobs = s.logprobs.cpu();
    scheduler.commit(plan, {ids.data_ptr<int32_t>(), rows.size()}, {logprobs.data_ptr<float>(), rows.size()});
    for (const Draw& d : plan.draws) check_stop_strings(scheduler, d.sequence);
  }

  /// Looks at the tail that a stop string could have been completed in: every token is at least one byte long.
  void check_stop_strings(Scheduler& scheduler, int64_t sequence) {
    const std::vector<std::string>& stops = scheduler.request_of(sequence).options.stop_strings;
    if (stops.empty()) return;
    size_t longest = 0;
    for (const std::string& s : stops) longest = std::max(longest, s.size());
    const std::vector<TokenId>& ids = scheduler.rollout(sequence).ids;
    const size_t tail = std::min(ids.size(), longest + 4);
    if (find_stop(decode({ids.data() + ids.size() - tail, tail}), stops))
      scheduler.finish(sequence, FinishReason::kStop);
  }

  /// Text without the stop id, cut before a stop string.
  void finish_text(Rollout& r, const SamplingOptions& o) const {
    const bool stopped =
        !r.ids.empty() && std::find(o.stop_ids.begin(), o.stop_ids.end(), r.ids.back()) != o.stop_ids.end();
    r.text = decode({r.ids.data(), r.ids.size() - (stopped ? 1 : 0)});
    if (const auto cut = find_stop(r.text, o.stop_strings)) r.text.resize(*cut);
  }
};

Engine::Engine(const Decoder& decoder, Decode decode, EngineOptions options)
    : impl_(new Impl{decoder, std::move(decode), options, {}, 0, {}, {}}) {}
Engine::~Engine() = default;
const SchedulerCounters& Engine::counters() const { return impl_->counters; }
int64_t Engine::cache_bytes() const { return impl_->cache_bytes(); }

std::vector<std::vector<Rollout>> Engine::generate(std::span<const SampleRequest> requests,
                                                   std::stop_token stop, const OnFinished& on_pass) {
  for (const SampleRequest& r : requests)
    check_input(int64_t(r.prompt.size()) + r.options.max_new_tokens <= impl_->decoder.config().max_positions,
                "a prompt of ", r.prompt.size(), " tokens and ", r.options.max_new_tokens,
                " new ones exceed the context of ", impl_->decoder.config().max_positions, " tokens");
  impl_->reserve(requests);
  impl_->prompt_rows.assign(requests.size(), {});
  PagePool pool(impl_->num_pages);
  Scheduler scheduler(requests, pool, impl_->options.scheduler);
  int64_t tokens = 0;
  while (scheduler.has_work()) {
    if (stop.stop_requested()) scheduler.cancel();
    if (!scheduler.has_work()) break;
    const Plan plan = scheduler.plan();
    const Tensor hidden = impl_->forward(plan);
    impl_->draw(scheduler, plan, hidden);
    tokens += int64_t(plan.draws.size());
    if (on_pass)
      on_pass(scheduler.num_sequences() - scheduler.num_unfinished(), scheduler.num_sequences(), tokens);
  }
  impl_->counters = scheduler.counters();
  impl_->prompt_rows.clear();

  std::vector<std::vector<Rollout>> results(requests.size());
  int64_t sequence = 0;
  for (size_t p = 0; p < requests.size(); ++p)
    for (size_t g = 0; g < requests[p].keys.size(); ++g) {
      results[p].push_back(std::move(scheduler.rollout(sequence++)));
      impl_->finish_text(results[p].back(), requests[p].options);
    }
  return results;
}

}  // namespace hone
