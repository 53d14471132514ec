#include "rollout/engine.h"

#include <gtest/gtest.h>

#include <map>

#include "core/error.h"
#include "core/philox.h"
#include "cuda_ext/parallel.h"
#include "rollout/logprobs.h"
#include "tests/model/small_models.h"

namespace hone {
namespace {

using Results = std::vector<std::vector<Rollout>>;

std::string decode_letters(std::span<const TokenId> ids) {
  std::string text;
  for (TokenId id : ids) text += char('a' + id % 26);
  return text;
}

/// Prompts of 1, 5, 16, 33, ... tokens, three completions each.
std::vector<SampleRequest> requests(int64_t max_new_tokens = 40) {
  std::vector<SampleRequest> all;
  for (size_t length : {1u, 5u, 16u, 33u, 47u, 48u}) {
    SampleRequest r;
    PhiloxStream stream(length);
    for (size_t i = 0; i < length; ++i) r.prompt.push_back(TokenId(stream.below(97)));
    r.keys = {mix(length, 0), mix(length, 1), mix(length, 2)};
    r.options.max_new_tokens = max_new_tokens;
    r.options.stop_ids = {1};
    all.push_back(r);
  }
  return all;
}

Results run(const Decoder& decoder, const std::vector<SampleRequest>& all, EngineOptions options = {},
            SchedulerCounters* counters = nullptr) {
  Engine engine(decoder, decode_letters, options);
  Results results = engine.generate(all);
  if (counters) *counters = engine.counters();
  return results;
}

void expect_same(const Results& a, const Results& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t p = 0; p < a.size(); ++p)
    for (size_t g = 0; g < a[p].size(); ++g) {
      EXPECT_EQ(a[p][g].ids, b[p][g].ids) << "prompt " << p << " completion " << g;
      EXPECT_EQ(a[p][g].logprobs, b[p][g].logprobs) << "prompt " << p << " completion " << g;
      EXPECT_EQ(a[p][g].text, b[p][g].text);
      EXPECT_EQ(a[p][g].finish_reason, b[p][g].finish_reason);
    }
}

class EngineOn : public testing::TestWithParam<const char*> {
 protected:
  const Decoder decoder_ = small_decoder(GetParam());
};

TEST_P(EngineOn, OneCompletionOfALongPromptHasRoom) {
  SampleRequest one;
  for (int i = 0; i < 100; ++i) one.prompt.push_back(TokenId(i % 97));
  one.keys = {7};
  one.options.max_new_tokens = 4;
  SampleRequest three = one;
  three.keys = {7, 8, 9};
  EXPECT_EQ(run(decoder_, {one})[0][0].ids, run(decoder_, {three})[0][0].ids);
}

TEST_P(EngineOn, LogprobsEqualThoseOfTheWholeTextBitForBit) {
  const auto all = requests();
  const Results results = run(decoder_, all);
  for (size_t p = 0; p < all.size(); ++p)
    for (const Rollout& r : results[p]) {
      std::vector<TokenId> text = all[p].prompt;
      text.insert(text.end(), r.ids.begin(), r.ids.end());
      const auto scored = sequence_logprobs(decoder_, std::span(&text, 1))[0];
      EXPECT_EQ(r.logprobs, std::vector<float>(scored.begin() + int64_t(all[p].prompt.size()), scored.end()));
    }
}

TEST_P(EngineOn, AloneEqualsTogether) {
  const auto all = requests();
  const Results together = run(decoder_, all);
  Results alone;
  for (const SampleRequest& r : all) {
    alone.emplace_back();
    for (uint64_t key : r.keys) {
      SampleRequest one = r;
      one.keys = {key};
      alone.back().push_back(run(decoder_, {one})[0][0]);
    }
  }
  expect_same(together, alone);
}

TEST_P(EngineOn, ChunkedPrefillChangesNothing) {
  const Results whole = run(decoder_, requests());
  for (int64_t chunk : {1, 7, 64}) {
    EngineOptions options;
    options.scheduler.max_batched_tokens = chunk;
    expect_same(whole, run(decoder_, requests(), options));
  }
}

TEST_P(EngineOn, PreemptionChangesNothing) {
  EngineOptions small;
  small.kv_cache_bytes = 14 * page_bytes(decoder_.config());
  SchedulerCounters counters;
  const Results squeezed = run(decoder_, requests(90), small, &counters);
  EXPECT_GT(counters.preemptions, 0);
  expect_same(run(decoder_, requests(90)), squeezed);
}

TEST_P(EngineOn, FewSequencesAtOnceChangeNothing) {
  EngineOptions few;
  few.scheduler.max_num_seqs = 2;
  SchedulerCounters counters;
  const Results two = run(decoder_, requests(), few, &counters);
  EXPECT_EQ(counters.peak_sequences, 2);
  expect_same(run(decoder_, requests()), two);
}

TEST_P(EngineOn, ThreadsChangeNothing) {
  const Results reference = run(decoder_, requests());
  const int before = num_threads();
  for (int threads : {1, 2, 3}) {
    set_num_threads(threads);
    expect_same(reference, run(decoder_, requests()));
  }
  set_num_threads(before);
}

TEST_P(EngineOn, PlantedWeightChangeIsSeen) {
  const Results reference = run(decoder_, requests());
  Model model = small_model(GetParam());
  model.flat.data_ptr<float>()[97 * 48 + 48 + 7] += 1e-3f;  // one weight behind the embedding
  const Results other = run(Decoder(model.config, model.flat), requests());
  bool differs = false;
  for (size_t p = 0; p < reference.size(); ++p)
    for (size_t g = 0; g < reference[p].size(); ++g)
      differs = differs || reference[p][g].logprobs != other[p][g].logprobs;
  EXPECT_TRUE(differs);
}

INSTANTIATE_TEST_SUITE_P(Architectures, EngineOn, testing::ValuesIn(kArchitectures));

TEST(Engine, FinishReasonsAndStopTokens) {
  const Decoder decoder = small_decoder("qwen2");
  std::map<FinishReason, int> seen;
  for (const auto& group : run(decoder, requests(60)))
    for (const Rollout& r : group) {
      ++seen[r.finish_reason];
      ASSERT_EQ(r.ids.size(), r.logprobs.size());
      if (r.finish_reason == FinishReason::kStop) {
        EXPECT_EQ(r.ids.back(), 1);
        EXPECT_EQ(r.text.size(), r.ids.size() - 1);  // without the stop token
      } else {
        EXPECT_EQ(r.ids.size(), 60u);
        EXPECT_EQ(std::count(r.ids.begin(), r.ids.end(), 1), 0);
      }
    }
  EXPECT_GT(seen[FinishReason::kStop], 0);
  EXPECT_GT(seen[FinishReason::kLength], 0);
}

TEST(Engine, StopStringsEndTheTextBeforeThem) {
  const Decoder decoder = small_decoder("qwen2");
  auto all = requests();
  const Results free = run(decoder, all);
  const std::string text = free[0][0].text;
  ASSERT_GE(text.size(), 8u);
  const std::string stop = text.substr(4, 2);
  for (SampleRequest& r : all) r.options.stop_strings = {stop};
  const Rollout cut = run(decoder, all)[0][0];
  EXPECT_EQ(cut.text, text.substr(0, text.find(stop)));
  EXPECT_EQ(cut.finish_reason, FinishReason::kStop);
  EXPECT_EQ(cut.ids.size(), text.find(stop) + 2);
}

TEST(Engine, GreedyTakesTheMostProbableToken) {
  const Decoder decoder = small_decoder("qwen3");
  auto all = requests(5);
  for (SampleRequest& r : all) r.options.temperature = 0;
  const Results results = run(decoder, all);
  for (size_t p = 0; p < all.size(); ++p) {
    EXPECT_EQ(results[p][0].ids, results[p][1].ids);
    std::vector<std::vector<TokenId>> next(97, all[p].prompt);
    for (TokenId id = 0; id < 97; ++id) next[id].push_back(id);
    const auto scored = sequence_logprobs(decoder, next);
    for (TokenId id = 0; id < 97; ++id) EXPECT_LE(scored[id].back(), scored[results[p][0].ids[0]].back());
  }
}

TEST(Engine, CancelEndsEverything) {
  const Decoder decoder = small_decoder("qwen2");
  Engine engine(decoder, decode_letters, {});
  std::stop_source source;
  int passes = 0;
  const Results results = engine.generate(requests(), source.get_token(), [&](int64_t, int64_t, int64_t) {
    if (++passes == 3) source.request_stop();
  });
  int cancelled = 0;
  for (const auto& group : results)
    for (const Rollout& r : group) cancelled += r.finish_reason == FinishReason::kCancelled;
  EXPECT_GT(cancelled, 0);
  EXPECT_LE(passes, 4);
}

TEST(Engine, ImpossibleRequestsAreInputErrors) {
  const Decoder decoder = small_decoder("qwen2");
  auto all = requests();
  all[2].prompt.assign(250, 3);
  EXPECT_THROW(run(decoder, all), InputError);  // 250 + 40 exceed the context of 256
  all[2].prompt.clear();
  EXPECT_THROW(run(decoder, all), InputError);
  EngineOptions tiny;
  tiny.kv_cache_bytes = 2 * page_bytes(decoder.config());
  EXPECT_THROW(run(decoder, requests(), tiny), InputError);
}

}  // namespace
}  // namespace hone
