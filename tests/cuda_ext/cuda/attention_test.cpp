// Attention in CUDA has the bits of the definition, forward and backward, for every instantiation: odd sizes,
// heads that share a key head, latent attention's sizes, windows, sinks, shared prompts, rows with gaps.
#include "cuda_ext/cuda/attention.h"

#include <functional>

#include "cuda_ext/cuda/attention_tiles.h"
#include "tests/cuda_ext/cuda/attention_inputs.h"

namespace hone {
namespace {

/// A case with the definition's results.
struct Case : AttentionInputs {
  Floats out, lse;

  template <class... Arguments>
  explicit Case(Arguments&&... arguments) : AttentionInputs(std::forward<Arguments>(arguments)...) {
    c.forward();
    c.backward(plain(packed(dout)));
    out = array_of(c.out), lse = array_of(c.lse);
  }
  cuda::AttentionKeys keys() const { return AttentionInputs::keys(k_pages, v_pages); }
};
using Plan = PlanArrays;

std::vector<Case> make_cases() {
  std::vector<Case> cases;
  cases.emplace_back(HeadSizes{6, 3, 24, 40},
                     std::vector<UnitLengths>{{37, {5, 20, 0, 1}}, {0, {17}}, {16, {3, 16}}}, 1);
  cases.emplace_back(HeadSizes{4, 1, 48, 32}, std::vector<UnitLengths>{{21, {40, 33}}, {0, {1, 15, 16}}}, 2,
                     0, false, 4);
  cases.emplace_back(HeadSizes{1, 1, 1, 1}, std::vector<UnitLengths>{{0, {1}}, {0, {50}}}, 3);
  cases.emplace_back(HeadSizes{14, 2, 20, 17}, std::vector<UnitLengths>{{0, {1, 2, 35}}, {64, {1, 1}}}, 4, 0,
                     true, 1);
  cases.emplace_back(HeadSizes{33, 3, 5, 96}, std::vector<UnitLengths>{{3, {2, 2}}}, 5, 0, true);
  cases.emplace_back(HeadSizes{6, 3, 24, 40},
                     std::vector<UnitLengths>{{37, {5, 20, 0, 1}}, {0, {17}}, {16, {3, 16}}}, 6, 5);
  cases.emplace_back(HeadSizes{2, 1, 64, 64}, std::vector<UnitLengths>{{21, {60, 33}}, {0, {1, 90}}}, 7, 17,
                     true);
  cases.emplace_back(HeadSizes{1, 1, 20, 17}, std::vector<UnitLengths>{{0, {1, 35, 70}}, {64, {1, 1}}}, 8, 1);
  cases.emplace_back(HeadSizes{3, 1, 16, 16}, std::vector<UnitLengths>{{18, {1, 30}}}, 9, 1000, true);
  cases.emplace_back(HeadSizes{16, 1, 80, 64}, std::vector<UnitLengths>{{0, {1}}, {18, {1}}}, 10);
  return cases;
}
const std::vector<Case>& cases() {
  static const std::vector<Case> all = make_cases();
  return all;
}

using Forward = std::function<void(const cuda::AttentionParams&)>;

void expect_forward(const Case& t, const std::string& name, const Forward& run) {
  const Plan plan(cuda::plan_attention(t.layout, t.c.H / t.c.J));
  Matrix out = t.rows(t.c.H, t.c.Dv), lse = t.rows(t.c.H, 1);
  run({.sizes = t.sizes(),
       .keys = t.keys(),
       .tiles = tiles_of(plan),
       .q = heads(t.q),
       .out = heads(out),
       .lse = heads(lse),
       .sinks = t.sinks.empty() ? nullptr : t.sinks.data()});
  EXPECT_TRUE(same_rows(out, t.c.out))
      << name << ", H " << t.c.H << ", Dk " << t.c.Dk << ", window " << t.c.window;
  EXPECT_TRUE(same_rows(lse, t.c.lse))
      << name << ", H " << t.c.H << ", Dk " << t.c.Dk << ", window " << t.c.window;
}

const Forward kChosenForward = [](const cuda::AttentionParams& p) { cuda::attention(p, nullptr); };

/// f of every case, all orders of threads for the first two; for the others that is a slow test.
template <class F>
void in_turns(F f) {
  for (size_t i = 0; i < cases().size(); ++i) (i < 2 ? in_every_order : in_one_order)([&] { f(cases()[i]); });
}

TEST(CudaAttention, ForwardHasTheBitsOfTheDefinition) {
  in_turns([](const Case& t) { expect_forward(t, "chosen", kChosenForward); });
}

/// Backward by `query` and `page`; the definition's out and lse stand for the forward pass.
struct Backward {
  std::function<void(const cuda::AttentionQueryGradientParams&)> query;
  std::function<void(const cuda::AttentionPageGradientParams&)> page;
};
void expect_backward(const Case& t, const std::string& name, const Backward& run) {
  const AttentionCase& c = t.c;
  const Plan plan(cuda::plan_attention_backward(t.layout, c.H / c.J));
  const int64_t places = int64_t(plan.pages.size());
  Floats delta(size_t(c.T * c.H), NAN), by_key(size_t(places * c.J * 16 * c.Dk), NAN),
      by_value(size_t(places * c.J * 16 * c.Dv), NAN);
  const cpu::HeadRows out{t.out.data(), c.H * c.Dv, c.Dv}, lse{t.lse.data(), c.H, 1};
  cuda::attention_delta({.dout = heads(t.dout),
                         .out = out,
                         .rows = c.T,
                         .heads = c.H,
                         .value_size = c.Dv,
                         .delta = delta.data()},
                        nullptr);
  Matrix dq = t.rows(c.H, c.Dk), dk = t.rows(c.J, c.Dk), dv = t.rows(c.J, c.Dv);
  run.query({.sizes = t.sizes(),
             .keys = t.keys(),
             .tiles = tiles_of(plan),
             .q = heads(t.q),
             .dout = heads(t.dout),
             .lse = lse,
             .delta = delta.data(),
             .dq = heads(dq)});
  run.page({.sizes = t.sizes(),
            .keys = t.keys(),
            .q = heads(t.q),
            .dout = heads(t.dout),
            .lse = lse,
            .delta = delta.data(),
            .pages = plan.pages.data(),
            .sighting_begin = plan.sighting_begin.data(),
            .sightings = plan.sightings.data(),
            .places = places,
            .dk = by_key.data(),
            .dv = by_value.data()});
  cuda::AttentionCollectParams collect{.by_place = by_key.data(),
                                       .slot_begin = plan.slot_begin.data(),
                                       .slots = plan.slots.data(),
                                       .rows = c.T,
                                       .key_heads = c.J,
                                       .size = c.Dk,
                                       .out = heads(dk)};
  cuda::attention_collect(collect, nullptr);
  collect.by_place = by_value.data(), collect.size = c.Dv, collect.out = heads(dv);
  cuda::attention_collect(collect, nullptr);
  const std::string label = name + ", H " + std::to_string(c.H) + ", Dk " + std::to_string(c.Dk) +
                            ", window " + std::to_string(c.window);
  EXPECT_TRUE(same_rows(dq, c.dq)) << label;
  EXPECT_TRUE(same_rows(dk, c.dk)) << label;
  EXPECT_TRUE(same_rows(dv, c.dv)) << label;
  if (c.sinks.empty()) return;
  Floats dsinks(size_t(c.H), 0.0f);
  cuda::attention_sink_gradient({.rows = c.T,
                                 .heads = c.H,
                                 .lse = lse,
                                 .delta = delta.data(),
                                 .sinks = t.sinks.data(),
                                 .dsinks = dsinks.data()},
                                nullptr);
  EXPECT_TRUE(same_bits(dsinks, array_of(c.dsinks))) << label;
}

const Backward kChosenBackward{[](const auto& p) { cuda::attention_query_gradient(p, nullptr); },
                               [](const auto& p) { cuda::attention_page_gradient(p, nullptr); }};

TEST(CudaAttention, BackwardHasTheBitsOfTheDefinition) {
  in_turns([](const Case& t) { expect_backward(t, "chosen", kChosenBackward); });
}

TEST(SlowCudaAttention, EveryOrderOfThreadsGivesTheBitsOfTheDefinition) {
  for (const Case& t : cases())
    in_every_order([&] {
      expect_forward(t, "chosen", kChosenForward);
      expect_backward(t, "chosen", kChosenBackward);
    });
}

/// Latent attention: one key head, sizes beyond what a block of the narrower instantiations holds.
TEST(SlowCudaAttention, EveryInstantiationHasTheBitsOfTheDefinition) {
  std::vector<Case> wide;
  wide.emplace_back(HeadSizes{3, 1, 150, 130}, std::vector<UnitLengths>{{18, {1, 14}}}, 11);
  wide.emplace_back(HeadSizes{5, 1, 600, 520}, std::vector<UnitLengths>{{17, {2}}}, 12);
  const std::vector<Forward> forward{[](const auto& p) { cuda::attention_64(p, nullptr); },
                                     [](const auto& p) { cuda::attention_128(p, nullptr); },
                                     [](const auto& p) { cuda::attention_256(p, nullptr); },
                                     [](const auto& p) { cuda::attention_512(p, nullptr); }};
  const std::vector<Backward> backward{
      {[](const auto& p) { cuda::attention_query_gradient_64(p, nullptr); },
       [](const auto& p) { cuda::attention_page_gradient_64(p, nullptr); }},
      {[](const auto& p) { cuda::attention_query_gradient_128(p, nullptr); },
       [](const auto& p) { cuda::attention_page_gradient_128(p, nullptr); }},
      {[](const auto& p) { cuda::attention_query_gradient_256(p, nullptr); },
       [](const auto& p) { cuda::attention_page_gradient_256(p, nullptr); }},
      {[](const auto& p) { cuda::attention_query_gradient_576(p, nullptr); },
       [](const auto& p) { cuda::attention_page_gradient_576(p, nullptr); }}};
  for (const Case& t : wide)
    for (size_t i = 0; i < forward.size(); ++i)
      in_one_order([&] {
        expect_forward(t, "instantiation " + std::to_string(i), forward[i]);
        expect_backward(t, "instantiation " + std::to_string(i), backward[i]);
      });
}

TEST(CudaAttention, WritesEveryPlaceOfARowAndNothingElse) {
  in_turns([](const Case& t) {
    Floats k_pages(t.k_pages.size(), NAN), v_pages(t.v_pages.size(), NAN);
    cuda::write_pages({.k = heads(t.k),
                       .v = heads(t.v),
                       .k_pages = k_pages.data(),
                       .v_pages = v_pages.data(),
                       .k_page = t.keys().k_page,
                       .v_page = t.keys().v_page,
                       .key_heads = t.c.J,
                       .key_size = t.c.Dk,
                       .value_size = t.c.Dv,
                       .writes = t.layout.writes,
                       .num_writes = t.layout.num_writes},
                      nullptr);
    EXPECT_TRUE(same_bits(k_pages, t.k_pages));
    EXPECT_TRUE(same_bits(v_pages, t.v_pages));
  });
}

TEST(CudaAttention, NoRowsAndNoSegmentsAreFine) {
  const Case t(HeadSizes{2, 1, 8, 8}, std::vector<UnitLengths>{{0, {0}}}, 1);
  in_one_order([&] {
    expect_forward(t, "no rows", kChosenForward);
    expect_backward(t, "no rows", kChosenBackward);
  });
}

TEST(CudaAttentionPlan, PagesOfAUnitAreSeenBySegmentsAscending) {
  const Case t(HeadSizes{1, 1, 4, 4}, std::vector<UnitLengths>{{20, {3, 5}}, {0, {2}}}, 14);
  const cuda::AttentionPlan plan = cuda::plan_attention_backward(t.layout, 1);
  ASSERT_EQ(plan.pages.size() + 1, plan.sighting_begin.size());
  int shared = 0;
  for (size_t g = 0; g < plan.pages.size(); ++g) {
    for (int i = plan.sighting_begin[g]; i < plan.sighting_begin[g + 1]; ++i) {
      const cuda::PageSighting& s = plan.sightings[size_t(i)];
      EXPECT_EQ(t.layout.pages(s.segment)[s.block], plan.pages[g]);
      if (i > plan.sighting_begin[g]) {
        EXPECT_LT(plan.sightings[size_t(i) - 1].segment, s.segment);
        ++shared;
      }
    }
  }
  EXPECT_EQ(shared, 2);  // the prompt's first page, by it and two completions
  EXPECT_EQ(plan.slot_begin.size(), size_t(t.c.T) + 1);
  EXPECT_EQ(plan.slot_begin[20] - plan.slot_begin[19], 3);  // the prompt's last row: its page and two copies
}

TEST(CudaAttentionPlantedError, ASumInAnotherOrderIsNoticed) {
  Case planted(HeadSizes{1, 1, 20, 17}, std::vector<UnitLengths>{{0, {70}}}, 15);
  planted.c.planted_error = true;
  planted.c.forward();
  const Case& t = planted;
  const Plan plan(cuda::plan_attention(t.layout, 1));
  Matrix out = t.rows(1, 17);
  in_one_order([&] {
    cuda::attention({.sizes = t.sizes(),
                     .keys = t.keys(),
                     .tiles = tiles_of(plan),
                     .q = heads(t.q),
                     .out = heads(out),
                     .lse = {}},
                    nullptr);
  });
  EXPECT_FALSE(same_rows(out, t.c.out));
}

}  // namespace
}  // namespace hone
