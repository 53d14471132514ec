// Attention over pages of bfloat16: its definition with the steps of tests/reference/bf16.h on a CPU, the same within
// the rounding of bfloat16 on a GPU, for every instantiation; a row's result does not depend on chunks, on other sequences, nor on
// what a page held before.
#include "cuda_ext/cuda/attention_bf16.h"

#include <functional>

#include "tests/cuda_ext/cuda/attention_inputs.h"
#include "tests/reference/attention_bf16.h"

namespace hone {
namespace {

using cuda::Bf16;

Array<Bf16> bf16(const Floats& x) {
  Array<Bf16> y;
  for (const float v : x) y.push_back({reference::bf16_bits(v)});
  return y;
}

/// Results beside the sizes of what they are made of.
struct Wanted {
  std::vector<float> values, sizes;
};
/// Equal on a CPU. On a GPU a step may round inside otherwise, and then a weight near the middle of two bfloat16
/// numbers becomes the other one: 2^-8 of what is added, twice.
::testing::AssertionResult as_defined(const Matrix& got, const Wanted& wanted) {
  if (!test_device::is_gpu()) return same_rows(got, wanted.values);
  const Floats x = AttentionInputs::packed(got);
  for (size_t i = 0; i < x.size(); ++i)
    if (!(std::abs(double(x[i]) - double(wanted.values[i])) <= 0x1p-7 * double(wanted.sizes[i])))
      return ::testing::AssertionFailure()
             << "element " << i << ": " << x[i] << " against " << wanted.values[i];
  return ::testing::AssertionSuccess();
}

struct Case : AttentionInputs {
  Array<Bf16> k_bf16, v_bf16;
  Floats out_array, lse_array;
  Wanted out, lse, dq, dk, dv, dsinks;

  template <class... Arguments>
  explicit Case(Arguments&&... arguments) : AttentionInputs(std::forward<Arguments>(arguments)...) {
    k_bf16 = bf16(k_pages), v_bf16 = bf16(v_pages);
    reference::Bf16Attention r{c};
    r.forward();
    r.backward(plain(packed(dout)));
    out = {c.out, r.out_size}, dq = {c.dq, r.dq_size}, dk = {c.dk, r.dk_size}, dv = {c.dv, r.dv_size};
    lse = {c.lse, std::vector<float>(c.lse.size(), 1.0f)};
    out_array = array_of(c.out), lse_array = array_of(c.lse);
  }
  cuda::AttentionKeysOf<Bf16> keys() const { return AttentionInputs::keys(k_bf16, v_bf16); }
};

std::vector<Case> make_cases() {
  using Units = std::vector<UnitLengths>;
  std::vector<Case> cases;
  cases.emplace_back(HeadSizes{6, 3, 24, 40}, Units{{37, {5, 20, 0, 1}}, {0, {17}}, {16, {3, 16}}}, 1);
  cases.emplace_back(HeadSizes{4, 1, 48, 32}, Units{{21, {40, 33}}, {0, {1, 15, 16}}}, 2, 0, false, 4);
  cases.emplace_back(HeadSizes{1, 1, 1, 1}, Units{{0, {1}}, {0, {50}}}, 3);
  cases.emplace_back(HeadSizes{14, 2, 20, 17}, Units{{0, {1, 2, 35}}, {64, {1, 1}}}, 4, 0, true, 1);
  cases.emplace_back(HeadSizes{33, 3, 5, 96}, Units{{3, {2, 2}}}, 5, 0, true);
  cases.emplace_back(HeadSizes{6, 3, 24, 40}, Units{{37, {5, 20, 0, 1}}, {0, {17}}, {16, {3, 16}}}, 6, 5);
  cases.emplace_back(HeadSizes{2, 1, 64, 64}, Units{{21, {60, 33}}, {0, {1, 90}}}, 7, 17, true);
  cases.emplace_back(HeadSizes{1, 1, 20, 17}, Units{{0, {1, 35, 70}}, {64, {1, 1}}}, 8, 1);
  cases.emplace_back(HeadSizes{16, 1, 80, 64}, Units{{0, {1}}, {18, {1}}}, 10);
  cases.emplace_back(HeadSizes{2, 1, 144, 136}, Units{{18, {1, 14}}}, 11);
  return cases;
}
const std::vector<Case>& cases() {
  static const std::vector<Case> all = make_cases();
  return all;
}
template <class F>
void in_turns(F f) {
  for (size_t i = 0; i < cases().size(); ++i) (i < 2 ? in_every_order : in_one_order)([&] { f(cases()[i]); });
}

using Forward = std::function<void(const cuda::Bf16AttentionParams&)>;
struct ForwardResult {
  Matrix out, lse;
};
ForwardResult run_forward(const Case& t, const Forward& run) {
  const PlanArrays plan(cuda::plan_attention(t.layout, t.c.H / t.c.J));
  ForwardResult r{t.rows(t.c.H, t.c.Dv), t.rows(t.c.H, 1)};
  run({.sizes = t.sizes(),
       .keys = t.keys(),
       .tiles = tiles_of(plan),
       .q = heads(t.q),
       .out = heads(r.out),
       .lse = heads(r.lse),
       .sinks = t.sinks.empty() ? nullptr : t.sinks.data()});
  return r;
}
const Forward kChosenForward = [](const cuda::Bf16AttentionParams& p) { cuda::attention(p, nullptr); };

void expect_forward(const Case& t, const std::string& name, const Forward& run) {
  const ForwardResult r = run_forward(t, run);
  EXPECT_TRUE(as_defined(r.out, t.out)) << name << ", " << t.label();
  EXPECT_TRUE(as_defined(r.lse, t.lse)) << name << ", " << t.label();
}

struct Backward {
  std::function<void(const cuda::Bf16QueryGradientParams&)> query;
  std::function<void(const cuda::Bf16PageGradientParams&)> page;
};
const Backward kChosenBackward{[](const auto& p) { cuda::attention_query_gradient(p, nullptr); },
                               [](const auto& p) { cuda::attention_page_gradient(p, nullptr); }};

struct BackwardResult {
  Matrix dq, dk, dv;
};
/// Consecutive rows of a case, and the layout of whole units that they are.
struct Part {
  int64_t begin, end;
  cpu::AttentionLayoutView layout;
};
template <class Rows>
Rows from_row(Rows x, int64_t row) {
  x.data += row * x.stride_t;
  return x;
}
/// By `run`; the definition's out and lse stand for the forward pass.
BackwardResult run_backward(const Case& t, const Backward& run, const Part& part) {
  const AttentionCase& c = t.c;
  const PlanArrays plan(cuda::plan_attention_backward(part.layout, c.H / c.J));
  const int64_t places = int64_t(plan.pages.size()), T = part.end - part.begin;
  Floats delta(size_t(T * c.H), NAN), by_key(size_t(places * c.J * 16 * c.Dk), NAN),
      by_value(size_t(places * c.J * 16 * c.Dv), NAN);
  const auto of_part = [&](const cpu::HeadRows& x) { return from_row(x, part.begin); };
  const cpu::HeadRows q = of_part(heads(t.q)), dout = of_part(heads(t.dout)),
                      out = of_part({t.out_array.data(), c.H * c.Dv, c.Dv}),
                      lse = of_part({t.lse_array.data(), c.H, 1});
  cuda::attention_delta(
      {.dout = dout, .out = out, .rows = T, .heads = c.H, .value_size = c.Dv, .delta = delta.data()},
      nullptr);
  BackwardResult r{empty_matrix(T, c.H, c.Dk, t.gap), empty_matrix(T, c.J, c.Dk, t.gap),
                   empty_matrix(T, c.J, c.Dv, t.gap)};
  cuda::AttentionKeysOf<Bf16> keys = t.keys();
  keys.row_begin = part.layout.row_begin, keys.first_position = part.layout.first_position,
  keys.table = part.layout.table;
  run.query({.sizes = t.sizes(),
             .keys = keys,
             .tiles = tiles_of(plan),
             .q = q,
             .dout = dout,
             .lse = lse,
             .delta = delta.data(),
             .dq = heads(r.dq)});
  run.page({.sizes = t.sizes(),
            .keys = keys,
            .q = q,
            .dout = dout,
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
                                       .rows = T,
                                       .key_heads = c.J,
                                       .size = c.Dk,
                                       .out = heads(r.dk)};
  cuda::attention_collect(collect, nullptr);
  collect.by_place = by_value.data(), collect.size = c.Dv, collect.out = heads(r.dv);
  cuda::attention_collect(collect, nullptr);
  return r;
}
BackwardResult run_backward(const Case& t, const Backward& run) {
  return run_backward(t, run, {0, t.c.T, t.layout});
}
void expect_backward(const Case& t, const std::string& name, const Backward& run) {
  const BackwardResult r = run_backward(t, run);
  EXPECT_TRUE(as_defined(r.dq, t.dq)) << "dq, " << name << ", " << t.label();
  EXPECT_TRUE(as_defined(r.dk, t.dk)) << "dk, " << name << ", " << t.label();
  EXPECT_TRUE(as_defined(r.dv, t.dv)) << "dv, " << name << ", " << t.label();
}

TEST(CudaAttentionBf16, ForwardIsAsDefined) {
  in_turns([](const Case& t) { expect_forward(t, "chosen", kChosenForward); });
}

TEST(CudaAttentionBf16, BackwardIsAsDefined) {
  in_turns([](const Case& t) { expect_backward(t, "chosen", kChosenBackward); });
}

TEST(SlowCudaAttentionBf16, EveryInstantiationIsAsDefined) {
  std::vector<Case> wide;
  wide.emplace_back(HeadSizes{3, 1, 150, 130}, std::vector<UnitLengths>{{18, {1, 14}}}, 11);
  wide.emplace_back(HeadSizes{5, 1, 600, 520}, std::vector<UnitLengths>{{17, {2}}}, 12);
  const std::vector<Forward> forward{[](const auto& p) { cuda::attention_bf16_64(p, nullptr); },
                                     [](const auto& p) { cuda::attention_bf16_128(p, nullptr); },
                                     [](const auto& p) { cuda::attention_bf16_256(p, nullptr); },
                                     [](const auto& p) { cuda::attention_bf16_512(p, nullptr); }};
  const std::vector<Backward> backward{
      {[](const auto& p) { cuda::attention_bf16_query_gradient_64(p, nullptr); },
       [](const auto& p) { cuda::attention_bf16_page_gradient_64(p, nullptr); }},
      {[](const auto& p) { cuda::attention_bf16_query_gradient_128(p, nullptr); },
       [](const auto& p) { cuda::attention_bf16_page_gradient_128(p, nullptr); }},
      {[](const auto& p) { cuda::attention_bf16_query_gradient_256(p, nullptr); },
       [](const auto& p) { cuda::attention_bf16_page_gradient_256(p, nullptr); }},
      {[](const auto& p) { cuda::attention_bf16_query_gradient_576(p, nullptr); },
       [](const auto& p) { cuda::attention_bf16_page_gradient_576(p, nullptr); }}};
  for (const Case& t : wide)
    for (size_t i = 0; i < forward.size(); ++i)
      in_one_order([&] {
        expect_forward(t, "instantiation " + std::to_string(i), forward[i]);
        expect_backward(t, "instantiation " + std::to_string(i), backward[i]);
      });
}

/// Rows [first, end) of a case's one segment in a call of their own, as decoding and chunks of a prompt have them.
Floats run_rows(const Case& t, int32_t first, int32_t end) {
  const Array<int32_t> row_begin{0, end - first}, position{first};
  cpu::AttentionLayoutView layout = t.layout;
  layout.row_begin = row_begin.data(), layout.first_position = position.data();
  const PlanArrays plan(cuda::plan_attention(layout, t.c.H / t.c.J));
  cuda::AttentionKeysOf<Bf16> keys = t.keys();
  keys.row_begin = row_begin.data(), keys.first_position = position.data();
  Floats out(size_t((end - first) * t.c.H * t.c.Dv), NAN);
  cpu::HeadRows q = heads(t.q);
  q.data += first * q.stride_t;
  in_one_order([&] {
    cuda::attention({.sizes = t.sizes(),
                     .keys = keys,
                     .tiles = tiles_of(plan),
                     .q = q,
                     .out = {out.data(), t.c.H * t.c.Dv, t.c.Dv},
                     .lse = {}},
                    nullptr);
  });
  return out;
}

TEST(CudaAttentionBf16, ChunksDoNotShow) {
  for (const int64_t window : {0, 21}) {
    const Case t(HeadSizes{6, 2, 40, 48}, std::vector<UnitLengths>{{0, {70}}}, 21, window);
    const Floats whole = run_rows(t, 0, 70);
    const int64_t row = t.c.H * t.c.Dv;
    for (const int32_t chunk : {1, 7, 16, 33}) {
      Floats parts;
      for (int32_t first = 0; first < 70; first += chunk) {
        const Floats part = run_rows(t, first, std::min(70, first + chunk));
        parts.insert(parts.end(), part.begin(), part.end());
      }
      EXPECT_EQ(int64_t(parts.size()), 70 * row);
      EXPECT_TRUE(same_bits(parts, whole)) << "chunks of " << chunk << ", window " << window;
    }
  }
}

/// Segments [1, 4), the second unit of a case, in a call of their own.
TEST(CudaAttentionBf16, OtherUnitsDoNotShowInGradients) {
  const Case t(HeadSizes{6, 2, 24, 40}, std::vector<UnitLengths>{{0, {9}}, {21, {20, 3}}, {16, {5}}}, 31);
  const int32_t begin = t.row_begin[1], end = t.row_begin[4];
  Array<int32_t> rows(t.row_begin.begin() + 1, t.row_begin.begin() + 5), writes;
  for (int32_t& row : rows) row -= begin;
  for (const auto& [row, page, slot] : t.c.layout.writes)
    if (begin <= row && row < end) writes.insert(writes.end(), {row - begin, page, slot});
  const Array<int32_t> positions(t.first_position.begin() + 1, t.first_position.begin() + 4),
      table(t.table.begin() + t.layout.max_pages, t.table.begin() + 4 * t.layout.max_pages), units{0, 3};
  const cpu::AttentionLayoutView layout{.row_begin = rows.data(),
                                        .first_position = positions.data(),
                                        .table = table.data(),
                                        .unit_begin = units.data(),
                                        .writes = writes.data(),
                                        .segments = 3,
                                        .max_pages = t.layout.max_pages,
                                        .units = 1,
                                        .num_writes = int64_t(writes.size()) / 3};
  in_one_order([&] {
    const BackwardResult all = run_backward(t, kChosenBackward),
                         alone = run_backward(t, kChosenBackward, {begin, end, layout});
    const auto same = [&](const Matrix& one, const Matrix& many) {
      const Floats x = AttentionInputs::packed(many);
      const int64_t row = many.H * many.K;
      return same_bits(AttentionInputs::packed(one), Floats(x.begin() + begin * row, x.begin() + end * row));
    };
    EXPECT_TRUE(same(alone.dq, all.dq));
    EXPECT_TRUE(same(alone.dk, all.dk));
    EXPECT_TRUE(same(alone.dv, all.dv));
  });
}

TEST(CudaAttentionBf16, WritesRoundedNumbersToEveryPlaceOfARow) {
  in_turns([](const Case& t) {
    Array<Bf16> k_pages = bf16(Floats(t.k_pages.size(), NAN)), v_pages = bf16(Floats(t.v_pages.size(), NAN));
    cuda::write_pages(cuda::WritePagesParamsOf<Bf16>{.k = heads(t.k),
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
    const auto same = [](const Array<Bf16>& a, const Array<Bf16>& b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                        [](const Bf16& x, const Bf16& y) { return x.bits == y.bits; });
    };
    EXPECT_TRUE(same(k_pages, t.k_bf16));
    EXPECT_TRUE(same(v_pages, t.v_bf16));
  });
}

TEST(CudaAttentionBf16, NoRowsAreFine) {
  const Case t(HeadSizes{2, 1, 8, 8}, std::vector<UnitLengths>{{0, {0}}}, 1);
  in_one_order([&] {
    expect_forward(t, "no rows", kChosenForward);
    expect_backward(t, "no rows", kChosenBackward);
  });
}

TEST(CudaAttentionBf16PlantedError, AWeightThatIsNotRoundedAndAHiddenKeyAreNoticed) {
  Case t(HeadSizes{1, 1, 20, 17}, std::vector<UnitLengths>{{0, {70}}}, 15);
  ForwardResult got{t.rows(1, 1), t.rows(1, 1)};
  in_one_order([&] { got = run_forward(t, kChosenForward); });
  EXPECT_TRUE(as_defined(got.out, t.out));
  reference::Bf16Attention unrounded{.c = t.c, .planted_error = true};
  unrounded.forward();
  if (!test_device::is_gpu()) {
    EXPECT_FALSE(as_defined(got.out, {t.c.out, unrounded.out_size}));
  }
  reference::Bf16Attention hidden{.c = t.c};
  t.c.window = 40;
  hidden.forward();
  EXPECT_FALSE(as_defined(got.out, {t.c.out, hidden.out_size}));
}

}  // namespace
}  // namespace hone
