// Attention over pages: bits of the definition on every instruction set and thread count, invariances by
// equality, gradients against finite differences in float64, planted errors, bad layouts.
#include "tests/cuda_ext/attention_case.h"

namespace hone {
namespace {

class Attention : public OnEveryPath {};

at::Tensor output_gradient(const AttentionCase& c) { return normal_tensor({c.T, c.H, c.Dv}, 99); }

/// Every kernel's corner: odd sizes, one number a row, many heads of one key head, a lone row, borders of
/// pages and tiles; windows of one key, of less and more than a page and of more than there is, with and
/// without sinks. With what the definition gives for them.
std::vector<AttentionCase> make_cases() {
  std::vector<AttentionCase> cases{
      make_attention_case({6, 3, 24, 40}, {{37, {5, 20, 0, 1}}, {0, {17}}, {16, {3, 16}}}, 1),
      make_attention_case({4, 1, 48, 32}, {{21, {40, 33}}, {0, {1, 15, 16}}}, 2),
      make_attention_case({1, 1, 1, 1}, {{0, {1}}, {0, {50}}}, 3),
      make_attention_case({14, 2, 20, 17}, {{0, {1, 2, 35}}, {64, {1, 1}}}, 4),
      make_attention_case({16, 1, 80, 64}, {{18, {1, 30}}}, 5),
      make_attention_case({33, 3, 5, 96}, {{3, {2, 2}}}, 6),
      make_attention_case({6, 3, 24, 40}, {{37, {5, 20, 0, 1}}, {0, {17}}, {16, {3, 16}}}, 7, 5),
      make_attention_case({4, 1, 48, 32}, {{21, {40, 33}}, {0, {1, 15, 16}}}, 8, 17, true),
      make_attention_case({1, 1, 20, 17}, {{0, {1, 35, 70}}, {64, {1, 1}}}, 9, 1),
      make_attention_case({14, 2, 20, 17}, {{0, {1, 2, 35}}, {64, {1, 1}}}, 10, 33, true),
      make_attention_case({3, 1, 16, 16}, {{18, {1, 30}}}, 11, 1000, true)};
  for (AttentionCase& c : cases) {
    c.forward();
    c.backward(values<float>(output_gradient(c)));
  }
  return cases;
}
const std::vector<AttentionCase>& cases() { return once(make_cases); }

TEST_F(Attention, ForwardHasTheBitsOfTheDefinition) {
  for (const AttentionCase& c : cases()) {
    const AttentionTensors t = run_attention(c);
    EXPECT_TRUE(same_bits(values<float>(t.out), c.out)) << "H " << c.H;
    EXPECT_TRUE(same_bits(values<float>(t.lse), c.lse)) << "H " << c.H;
  }
}

TEST_F(Attention, BackwardHasTheBitsOfTheDefinition) {
  for (const AttentionCase& c : cases()) {
    AttentionTensors t = run_attention(c);
    run_attention_backward(t, c, with_strided_rows(output_gradient(c)));
    EXPECT_TRUE(same_bits(values<float>(t.dq), c.dq)) << "H " << c.H;
    EXPECT_TRUE(same_bits(values<float>(t.dk), c.dk)) << "H " << c.H;
    EXPECT_TRUE(same_bits(values<float>(t.dv), c.dv)) << "H " << c.H;
    if (!c.sinks.empty()) {
      EXPECT_TRUE(same_bits(values<float>(t.dsinks), c.dsinks)) << "H " << c.H;
    }
  }
}

TEST_F(Attention, WritesEveryPlaceOfARowAndNothingElse) {
  for (const AttentionCase& c : cases()) {
    at::Tensor k_pages = at::full({512, c.J, c.Dk, 16}, NAN), v_pages = at::full({512, c.J, 16, c.Dv}, NAN);
    ops::write_pages_(k_pages, v_pages, with_strided_rows(float_tensor(c.k, {c.T, c.J, c.Dk})),
                      with_strided_rows(float_tensor(c.v, {c.T, c.J, c.Dv})), to_layout(c.layout));
    EXPECT_TRUE(same_bits(values<float>(k_pages), c.k_pages));
    EXPECT_TRUE(same_bits(values<float>(v_pages), c.v_pages));
  }
}

TEST_F(Attention, NoRowsAreFine) {
  AttentionCase c = make_attention_case({6, 3, 24, 40}, {{0, {0}}}, 1);
  AttentionTensors t = run_attention(c);
  run_attention_backward(t, c, at::empty({0, 6, 40}));
  EXPECT_EQ(t.out.numel() + t.dq.numel(), 0);
}

/// The case with rows [begin, end) of its segments only, each segment cut into chunks.
AttentionCase chunked(const AttentionCase& whole, int32_t chunk) {
  AttentionCase c = whole;
  reference::LayoutLists cut;
  for (size_t s = 0; s < whole.layout.first_position.size(); ++s)
    for (int32_t row = whole.layout.row_begin[s]; row < whole.layout.row_begin[s + 1]; row += chunk) {
      cut.row_begin.push_back(std::min(row + chunk, whole.layout.row_begin[s + 1]));
      cut.first_position.push_back(whole.layout.first_position[s] + row - whole.layout.row_begin[s]);
      cut.table.push_back(whole.layout.table[s]);
    }
  cut.unit_begin.push_back(int32_t(cut.first_position.size()));
  c.layout = cut;
  return c;
}

TEST_F(Attention, ChunksOfAnyLengthGiveTheBitsOfTheWhole) {
  for (const AttentionCase& c : cases()) {
    const AttentionTensors whole = run_attention(c);
    for (const int32_t chunk : {1, 2, 7, 64}) {
      const AttentionTensors t = run_attention(chunked(c, chunk));
      EXPECT_TRUE(same_bits(t.out, whole.out)) << "chunk " << chunk;
      EXPECT_TRUE(same_bits(t.lse, whole.lse)) << "chunk " << chunk;
    }
  }
}

/// Units in another order, or some of them: rows are moved along.
AttentionCase with_units(const AttentionCase& whole, const std::vector<size_t>& units,
                         std::vector<int32_t>* rows) {
  AttentionCase c = whole;
  reference::LayoutLists picked;
  std::vector<int32_t> moved(size_t(whole.T), -1);
  for (const size_t u : units) {
    for (int32_t s = whole.layout.unit_begin[u]; s < whole.layout.unit_begin[u + 1]; ++s) {
      for (int32_t row = whole.layout.row_begin[size_t(s)]; row < whole.layout.row_begin[size_t(s) + 1];
           ++row) {
        moved[size_t(row)] = int32_t(rows->size());
        rows->push_back(row);
      }
      picked.row_begin.push_back(int32_t(rows->size()));
      picked.first_position.push_back(whole.layout.first_position[size_t(s)]);
      picked.table.push_back(whole.layout.table[size_t(s)]);
    }
    picked.unit_begin.push_back(int32_t(picked.first_position.size()));
  }
  for (const auto& [row, page, slot] : whole.layout.writes)
    if (moved[size_t(row)] >= 0) picked.writes.push_back({moved[size_t(row)], page, slot});
  std::sort(picked.writes.begin(), picked.writes.end());
  c.layout = picked, c.T = int64_t(rows->size());
  const at::Tensor index = int_tensor(*rows);
  c.q = values<float>(float_tensor(whole.q, {whole.T, whole.H, whole.Dk}).index_select(0, index));
  return c;
}

TEST_F(Attention, ABatchsOtherUnitsAndTheirOrderDoNotShow) {
  for (const AttentionCase& c : cases()) {
    AttentionTensors whole = run_attention(c);
    const at::Tensor dout = output_gradient(c);
    run_attention_backward(whole, c, dout);
    const size_t units = c.layout.unit_begin.size() - 1;
    std::vector<std::vector<size_t>> choices{{}};
    for (size_t u = 0; u < units; ++u) choices.push_back({u}), choices[0].insert(choices[0].begin(), u);
    for (const auto& choice : choices) {
      std::vector<int32_t> rows;
      const AttentionCase part = with_units(c, choice, &rows);
      const at::Tensor index = int_tensor(rows);
      AttentionTensors t = run_attention(part);
      run_attention_backward(t, part, dout.index_select(0, index));
      EXPECT_TRUE(same_bits(t.out, whole.out.index_select(0, index)));
      EXPECT_TRUE(same_bits(t.dq, whole.dq.index_select(0, index)));
      EXPECT_TRUE(same_bits(t.dk, whole.dk.index_select(0, index)));
      EXPECT_TRUE(same_bits(t.dv, whole.dv.index_select(0, index)));
    }
  }
}

TEST_F(Attention, SharedPromptPagesGiveTheBitsOfOwnPages) {
  const HeadSizes z{4, 2, 24, 16};
  AttentionCase shared = make_attention_case(z, {{37, {5, 20}}}, 1),
                own = make_attention_case(z, {{0, {42, 57}}}, 7);
  const auto copy = [&](std::vector<float>& to, const std::vector<float>& from, int64_t width) {
    const auto rows = [&](int64_t to_row, int64_t from_row, int64_t n) {
      std::copy_n(from.begin() + from_row * width, n * width, to.begin() + to_row * width);
    };
    rows(0, 0, 37), rows(37, 37, 5);    // prompt and first completion
    rows(42, 0, 37), rows(79, 42, 20);  // prompt again and the second
  };
  copy(own.q, shared.q, z.H * z.Dk), copy(own.k, shared.k, z.J * z.Dk), copy(own.v, shared.v, z.J * z.Dv);
  own.write();
  const at::Tensor one = run_attention(shared).out, each = run_attention(own).out;
  EXPECT_TRUE(same_bits(one.narrow(0, 0, 42), each.narrow(0, 0, 42)));
  EXPECT_TRUE(same_bits(one.narrow(0, 42, 20), each.narrow(0, 79, 20)));
}

TEST_F(Attention, WhatALaterRowHoldsDoesNotShow) {
  const AttentionCase c = make_attention_case({4, 1, 24, 16}, {{0, {23}}}, 1);
  AttentionCase infinite = c;
  for (int64_t j = 0; j < c.Dv; ++j) infinite.v[size_t(22 * c.Dv + j)] = INFINITY;
  for (int64_t d = 0; d < c.Dk; ++d) infinite.k[size_t(22 * c.Dk + d)] = NAN;
  infinite.write();
  AttentionTensors t = run_attention(infinite), wanted = run_attention(c);
  run_attention_backward(t, infinite, output_gradient(c));
  run_attention_backward(wanted, c, output_gradient(c));
  EXPECT_TRUE(same_bits(t.out.narrow(0, 0, 22), wanted.out.narrow(0, 0, 22)));
  EXPECT_TRUE(same_bits(t.dq.narrow(0, 0, 22), wanted.dq.narrow(0, 0, 22)));
  EXPECT_FALSE(same_bits(t.out.narrow(0, 22, 1), wanted.out.narrow(0, 22, 1)));
}

TEST_F(Attention, WhatLiesBeforeTheWindowDoesNotShow) {
  const AttentionCase c = make_attention_case({4, 1, 24, 16}, {{0, {60}}}, 1, 9);
  AttentionCase infinite = c;
  for (int64_t i = 0; i < 30 * c.Dv; ++i) infinite.v[size_t(i)] = INFINITY;
  for (int64_t i = 0; i < 30 * c.Dk; ++i) infinite.k[size_t(i)] = NAN;
  infinite.write();
  for (const int32_t chunk : {1, 60}) {  // a lane a key, and a lane a pair
    const AttentionTensors t = run_attention(chunked(infinite, chunk)), wanted = run_attention(c);
    EXPECT_TRUE(same_bits(t.out.narrow(0, 38, 22), wanted.out.narrow(0, 38, 22))) << chunk;
    EXPECT_FALSE(same_bits(t.out.narrow(0, 37, 1), wanted.out.narrow(0, 37, 1))) << chunk;
  }
}

TEST_F(Attention, SinkGradientsOfMicroBatchesAddUpToTheWhole) {
  const AttentionCase& c = cases()[7];
  AttentionTensors t = run_attention(c);
  const at::Tensor dout = output_gradient(c), sinks = sinks_of(c);
  at::Tensor whole = at::full({c.H}, 0.5f), parts = at::full({c.H}, 0.5f);
  ops::attention_sinks_backward_(whole, dout, t.out, t.lse, sinks);
  for (const auto& [begin, size] : {std::pair<int64_t, int64_t>{0, 1}, {1, 40}, {41, c.T - 41}})
    ops::attention_sinks_backward_(parts, dout.narrow(0, begin, size), t.out.narrow(0, begin, size),
                                   t.lse.narrow(0, begin, size), sinks);
  EXPECT_TRUE(same_bits(parts, whole));
}

TEST_F(Attention, LogSumExpIsOptional) {
  const AttentionCase& c = cases()[0];
  AttentionTensors t = run_attention(c);
  at::Tensor out = at::empty({c.T, c.H, c.Dv}), none;
  ops::paged_attention_(out, none, t.q, t.k_pages, t.v_pages, to_layout(c.layout), c.scale);
  EXPECT_TRUE(same_bits(out, t.out));
}

TEST(AttentionPlantedError, ASumInAnotherOrderIsNoticed) {
  AttentionCase c = cases()[1];
  const AttentionTensors t = run_attention(c);
  c.planted_error = true;
  c.forward();
  EXPECT_FALSE(same_bits(values<float>(t.out), c.out));
}

// ---- gradients --------------------------------------------------------------------------------------------

using DoubleCase = reference::PagedAttention<double>;

DoubleCase to_double(const AttentionCase& c) {
  DoubleCase d{.T = c.T,
               .H = c.H,
               .J = c.J,
               .Dk = c.Dk,
               .Dv = c.Dv,
               .scale = c.scale,
               .layout = c.layout,
               .window = c.window};
  d.sinks.assign(c.sinks.begin(), c.sinks.end());
  d.q.assign(c.q.begin(), c.q.end()), d.k.assign(c.k.begin(), c.k.end()), d.v.assign(c.v.begin(), c.v.end());
  d.k_pages.assign(c.k_pages.size(), NAN), d.v_pages.assign(c.v_pages.size(), NAN);
  return d;
}

/// d (sum of dout * out) / d x by central differences; the truncation error is about 1e-9.
std::vector<double> differences(DoubleCase& c, std::vector<double>& x, const std::vector<float>& dout) {
  const auto loss = [&] {
    c.write();
    c.forward();
    double sum = 0;
    for (size_t i = 0; i < dout.size(); ++i) sum += dout[i] * c.out[i];
    return sum;
  };
  std::vector<double> gradient;
  for (double& number : x) {
    const double was = number, h = 1e-4;
    number = was + h;
    const double above = loss();
    number = was - h;
    gradient.push_back((above - loss()) / (2 * h));
    number = was;
  }
  return gradient;
}

/// Largest difference; the bound is float32's eps times the longest chain (keys * heads * rows here below
/// 256) times the largest term (below 32).
double largest_difference(const at::Tensor& got, const std::vector<double>& wanted) {
  const std::vector<float> numbers = values<float>(got);
  double largest = 0;
  for (size_t i = 0; i < wanted.size(); ++i)
    largest = std::max(largest, std::abs(double(numbers[i]) - wanted[i]));
  return largest;
}
constexpr double kBound = 1.2e-7 * 256 * 32;

TEST(AttentionGradient, IsThatOfFiniteDifferences) {
  const AttentionCase c = make_attention_case({4, 2, 5, 3}, {{19, {3, 2}}, {0, {4}}}, 8);
  const at::Tensor dout = output_gradient(c);
  AttentionTensors t = run_attention(c);
  run_attention_backward(t, c, dout);
  DoubleCase d = to_double(c);
  const std::vector<double> dq = differences(d, d.q, values<float>(dout)),
                            dk = differences(d, d.k, values<float>(dout)),
                            dv = differences(d, d.v, values<float>(dout));
  EXPECT_LT(largest_difference(t.dq, dq), kBound);
  EXPECT_LT(largest_difference(t.dk, dk), kBound);
  EXPECT_LT(largest_difference(t.dv, dv), kBound);
  t.out = at::full({c.T, c.H, c.Dv}, 0.0f);  // planted error: D = 0
  run_attention_backward(t, c, dout);
  EXPECT_GT(largest_difference(t.dq, dq), kBound);
  EXPECT_GT(largest_difference(t.dk, dk), kBound);
}

TEST(AttentionGradient, WithWindowAndSinksIsThatOfFiniteDifferences) {
  const AttentionCase c = make_attention_case({4, 2, 5, 3}, {{19, {3, 2}}, {0, {4}}}, 8, 6, true);
  const at::Tensor dout = output_gradient(c);
  AttentionTensors t = run_attention(c);
  run_attention_backward(t, c, dout);
  DoubleCase d = to_double(c);
  EXPECT_LT(largest_difference(t.dq, differences(d, d.q, values<float>(dout))), kBound);
  EXPECT_LT(largest_difference(t.dk, differences(d, d.k, values<float>(dout))), kBound);
  EXPECT_LT(largest_difference(t.dv, differences(d, d.v, values<float>(dout))), kBound);
  const std::vector<double> dsinks = differences(d, d.sinks, values<float>(dout));
  EXPECT_LT(largest_difference(t.dsinks, dsinks), kBound);
  t.dsinks.mul_(-1.0f);  // planted error
  EXPECT_GT(largest_difference(t.dsinks, dsinks), kBound);
}

// ---- bad layouts ------------------------------------------------------------------------------------------

void expect_error(const AttentionCase& c, const ops::AttentionLayout& layout, const std::string& part) {
  AttentionTensors t = run_attention(c);
  try {
    ops::paged_attention_(t.out, t.lse, t.q, t.k_pages, t.v_pages, layout, c.scale);
    FAIL() << "expected an error about " << part;
  } catch (const c10::Error& e) {
    EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
  }
}

TEST(AttentionLayoutErrors, NameTheOffendingValue) {
  const AttentionCase c = make_attention_case({4, 2, 24, 16}, {{0, {20}}}, 1);
  ops::AttentionLayout bad = to_layout(c.layout);
  bad.table = int_tensor({3, 512}).view({1, 2});
  expect_error(c, bad, "table[0][1]: got page 512, expected 0 to 511");
  bad = to_layout(c.layout);
  bad.first_position = int_tensor({13});
  expect_error(c, bad, "segment 0 sees 3 pages, table has 2");
  bad = to_layout(c.layout);
  bad.row_begin = int_tensor({0, 19});
  expect_error(c, bad, "row_begin: got 0 to 19, expected 0 to 20");
}

}  // namespace
}  // namespace hone
