// Row operators: bits of the definitions on every instruction set and thread count, invariances, tables
// against libm, gradients against finite differences in float64, planted errors.
#include "tests/reference/rows.h"

#include <ATen/ops/tensor.h>

#include <functional>
#include <limits>

#include "cuda_ext/ops.h"
#include "tests/cuda_ext/paths.h"

namespace hone {
namespace {

class Rows : public OnEveryPath {};

struct Shape {
  int64_t T, H, K;
};
const std::vector<Shape> kShapes{{0, 1, 8},   {1, 1, 1},    {3, 2, 17},  {5, 3, 16},
                                 {40, 4, 48}, {2, 1, 1030}, {700, 1, 64}};

TEST_F(Rows, RmsNormHasTheBitsOfTheDefinition) {
  for (const auto& [T, H, K] : kShapes) {
    const at::Tensor x = normal_tensor({T, H, K}, 1, 3.0f), weight = normal_tensor({K}, 2);
    at::Tensor y = with_strided_rows(at::full({T, H, K}, 5.0f)), rstd = at::full({T, H}, 5.0f);
    ops::rms_norm_(y, rstd, with_strided_rows(x), weight, 1e-6);
    const std::vector<float> from = values<float>(x), w = values<float>(weight);
    std::vector<float> wanted(from.size()), wanted_rstd(size_t(T * H));
    for (int64_t i = 0; i < T * H; ++i)
      wanted_rstd[i] = reference::rms_norm(wanted.data() + i * K, from.data() + i * K, w.data(), K, 1e-6f);
    EXPECT_TRUE(same_bits(values<float>(y), wanted)) << T << " " << H << " " << K;
    EXPECT_TRUE(same_bits(values<float>(rstd), wanted_rstd)) << T << " " << H << " " << K;
    if (H > 1) continue;
    at::Tensor flat = at::empty({T, K}), flat_rstd = at::empty({T});
    ops::rms_norm_(flat, flat_rstd, x.view({T, K}), weight, 1e-6);
    EXPECT_TRUE(same_bits(flat, y.view({T, K})));
  }
}

TEST_F(Rows, RmsNormBackwardHasTheBitsOfTheDefinition) {
  for (const auto& [T, H, K] : kShapes)
    for (const bool accumulate : {false, true}) {
      const at::Tensor x = normal_tensor({T, H, K}, 1, 3.0f), weight = normal_tensor({K}, 2),
                       dy = normal_tensor({T, H, K}, 3);
      at::Tensor y = at::empty({T, H, K}), rstd = at::empty({T, H});
      ops::rms_norm_(y, rstd, x, weight, 1e-6);
      at::Tensor dx = with_strided_rows(normal_tensor({T, H, K}, 4)), dweight = normal_tensor({K}, 5);
      std::vector<float> wanted = values<float>(dx), wanted_weight = values<float>(dweight);
      const std::vector<float> from = values<float>(x), w = values<float>(weight), d = values<float>(dy),
                               r = values<float>(rstd);
      for (int64_t i = 0; i < T * H; ++i)
        reference::rms_norm_backward(wanted.data() + i * K, wanted_weight.data(), d.data() + i * K,
                                     from.data() + i * K, w.data(), r[i], K, accumulate);
      ops::rms_norm_backward_(dx, dweight, with_strided_rows(dy), with_strided_rows(x), weight, rstd,
                              accumulate);
      EXPECT_TRUE(same_bits(values<float>(dx), wanted)) << T << " " << H << " " << K;
      EXPECT_TRUE(same_bits(values<float>(dweight), wanted_weight)) << T << " " << H << " " << K;
    }
}

TEST_F(Rows, RmsNormBackwardMayOverwriteItsGradient) {
  const at::Tensor x = normal_tensor({9, 70}, 1), weight = normal_tensor({70}, 2),
                   dy = normal_tensor({9, 70}, 3);
  at::Tensor y = at::empty({9, 70}), rstd = at::empty({9}), dx = at::empty({9, 70}),
             dweight = at::full({70}, 0.0f);
  ops::rms_norm_(y, rstd, x, weight, 1e-6);
  ops::rms_norm_backward_(dx, dweight, dy, x, weight, rstd, false);
  at::Tensor in_place = dy.clone(), dweight_in_place = at::full({70}, 0.0f);
  ops::rms_norm_backward_(in_place, dweight_in_place, in_place, x, weight, rstd, false);
  EXPECT_TRUE(same_bits(in_place, dx));
  EXPECT_TRUE(same_bits(dweight_in_place, dweight));
}

TEST_F(Rows, RmsNormInMicroBatchesGivesTheBitsOfTheWhole) {
  const at::Tensor x = normal_tensor({50, 48}, 1), weight = normal_tensor({48}, 2),
                   dy = normal_tensor({50, 48}, 3);
  at::Tensor y = at::empty({50, 48}), rstd = at::empty({50}), dx = at::empty({50, 48}),
             dweight = at::full({48}, 0.0f);
  ops::rms_norm_(y, rstd, x, weight, 1e-6);
  ops::rms_norm_backward_(dx, dweight, dy, x, weight, rstd, false);
  at::Tensor parts = at::full({48}, 0.0f);
  for (const auto& [begin, size] : {std::pair{0, 1}, {1, 19}, {20, 30}}) {
    at::Tensor part = at::empty({size, 48}), part_rstd = at::empty({size});
    ops::rms_norm_(part, part_rstd, x.narrow(0, begin, size), weight, 1e-6);
    EXPECT_TRUE(same_bits(part, y.narrow(0, begin, size)));
    ops::rms_norm_backward_(part, parts, dy.narrow(0, begin, size), x.narrow(0, begin, size), weight,
                            part_rstd, false);
    EXPECT_TRUE(same_bits(part, dx.narrow(0, begin, size)));
  }
  EXPECT_TRUE(same_bits(parts, dweight));
}

TEST_F(Rows, SwigluAndItsBackwardHaveTheBitsOfTheDefinition) {
  for (const auto& [T, H, K] : kShapes) {
    const at::Tensor gate_up = normal_tensor({T, 2 * K}, 1, 4.0f), dout = normal_tensor({T, K}, 2);
    at::Tensor out = with_strided_rows(at::full({T, K}, 5.0f)), d = gate_up.clone();
    ops::swiglu_(out, with_strided_rows(gate_up));
    ops::swiglu_backward_(d, with_strided_rows(dout), d);  // in place
    const std::vector<float> in = values<float>(gate_up), from = values<float>(dout);
    std::vector<float> wanted(size_t(T * K)), wanted_d(in.size());
    for (int64_t t = 0; t < T; ++t)
      for (int64_t k = 0; k < K; ++k) {
        const float gate = in[t * 2 * K + k], up = in[t * 2 * K + K + k];
        wanted[t * K + k] = reference::swiglu(gate, up);
        const auto g = reference::swiglu_backward(from[t * K + k], gate, up);
        wanted_d[t * 2 * K + k] = g.gate, wanted_d[t * 2 * K + K + k] = g.up;
      }
    EXPECT_TRUE(same_bits(values<float>(out), wanted)) << T << " " << K;
    EXPECT_TRUE(same_bits(values<float>(d), wanted_d)) << T << " " << K;
  }
}

at::Tensor int_tensor(const std::vector<int32_t>& x) { return at::tensor(x, at::kInt); }

TEST_F(Rows, RopeHasTheBitsOfTheDefinition) {
  for (const int64_t D : {2, 16, 24, 64, 130})
    for (const bool interleaved : {false, true})
      for (const bool inverse : {false, true}) {
        const ops::RopeTables tables = ops::rope_tables(ops::rope_inverse_frequencies(1e4, D), 300);
        const std::vector<float> c = values<float>(tables.cos), s = values<float>(tables.sin);
        const std::vector<int32_t> positions{0, 299, 17, 17, 1};
        const at::Tensor x = normal_tensor({5, 3, D}, 1);
        std::vector<float> wanted = values<float>(x);
        for (int64_t i = 0; i < 15; ++i)
          reference::rope(wanted.data() + i * D, c.data() + positions[i / 3] * (D / 2),
                          s.data() + positions[i / 3] * (D / 2), D, interleaved, inverse);
        at::Tensor rotated = with_strided_rows(x);
        ops::rope_(rotated, int_tensor(positions), tables, interleaved, inverse);
        EXPECT_TRUE(same_bits(values<float>(rotated), wanted)) << D << interleaved << inverse;
      }
}

TEST_F(Rows, EmbeddingCopiesAndItsBackwardAddsInOrder) {
  const at::Tensor weight = with_strided_rows(normal_tensor({11, 70}, 1));
  std::vector<int32_t> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(i * i % 11);
  const at::Tensor out = ops::embedding(weight, int_tensor(ids));
  EXPECT_TRUE(same_bits(out, weight.index_select(0, int_tensor(ids))));
  const at::Tensor dy = normal_tensor({300, 70}, 2);
  at::Tensor dweight = with_strided_rows(normal_tensor({11, 70}, 3));
  std::vector<float> wanted = values<float>(dweight);
  const std::vector<float> d = values<float>(dy);
  for (int64_t t = 0; t < 300; ++t)
    for (int64_t k = 0; k < 70; ++k) wanted[ids[t] * 70 + k] = wanted[ids[t] * 70 + k] + d[t * 70 + k];
  ops::embedding_backward_(dweight, with_strided_rows(dy), int_tensor(ids));
  EXPECT_TRUE(same_bits(values<float>(dweight), wanted));
  EXPECT_EQ(ops::embedding(weight, int_tensor({})).size(0), 0);
}

TEST_F(Rows, AddAdds) {
  const at::Tensor a = normal_tensor({33, 70}, 1), b = normal_tensor({33, 70}, 2);
  at::Tensor y = with_strided_rows(a);
  ops::add_(y, with_strided_rows(b));
  EXPECT_TRUE(same_bits(y, a.add(b)));
}

TEST(RowsPlantedError, ASumInAnotherOrderIsNoticed) {
  const at::Tensor x = normal_tensor({40, 48}, 1, 3.0f), weight = normal_tensor({48}, 2);
  at::Tensor y = at::empty({40, 48}), rstd = at::empty({40});
  ops::rms_norm_(y, rstd, x, weight, 1e-6);
  const std::vector<float> from = values<float>(x);
  std::vector<float> chain;
  for (int64_t t = 0; t < 40; ++t) {
    float sum = 0;
    for (int64_t k = 0; k < 48; ++k) sum = std::fma(from[t * 48 + k], from[t * 48 + k], sum);
    chain.push_back(1.0f / std::sqrt(sum / 48.0f + 1e-6f));
  }
  EXPECT_FALSE(same_bits(values<float>(rstd), chain));
}

// ---- rotary tables ----------------------------------------------------------------------------------------

TEST(RopeTables, AreCosAndSinOfFloatAnglesToTheLastBit) {
  for (const double theta : {1e4, 1e6}) {
    const at::Tensor frequencies = ops::rope_inverse_frequencies(theta, 64);
    const std::vector<float> f = values<float>(frequencies);
    const ops::RopeTables tables = ops::rope_tables(frequencies, 4096);
    const std::vector<float> c = values<float>(tables.cos), s = values<float>(tables.sin);
    for (int64_t i = 0; i < 32; ++i) {
      const float power = float(std::pow((long double)theta, (long double)(float(2 * i) / 64.0f)));
      ASSERT_EQ(f[i], 1.0f / power) << i;
      for (int64_t t = 0; t < 4096; ++t) {
        const long double angle = float(t) * f[i];
        ASSERT_EQ(c[t * 32 + i], float(std::cos(angle))) << t << " " << i;
        ASSERT_EQ(s[t * 32 + i], float(std::sin(angle))) << t << " " << i;
      }
    }
  }
}

TEST(RopeTables, AreScaled) {
  const at::Tensor frequencies = ops::rope_inverse_frequencies(1e4, 8);
  const ops::RopeTables plain = ops::rope_tables(frequencies, 50),
                        scaled = ops::rope_tables(frequencies, 50, 1.25);
  EXPECT_TRUE(same_bits(scaled.cos, plain.cos.mul(1.25f)));
  EXPECT_TRUE(same_bits(scaled.sin, plain.sin.mul(1.25f)));
}

// ---- gradients against finite differences in float64 ------------------------------------------------------

using Doubles = std::vector<double>;
Doubles doubles(const at::Tensor& t) {
  const std::vector<float> x = values<float>(t);
  return {x.begin(), x.end()};
}

/// d loss / d x by central differences.
Doubles differences(Doubles& x, const std::function<double()>& loss) {
  Doubles gradient;
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

double largest_difference(const at::Tensor& got, const Doubles& wanted) {
  const Doubles numbers = doubles(got);
  double largest = 0;
  for (size_t i = 0; i < wanted.size(); ++i) largest = std::max(largest, std::abs(numbers[i] - wanted[i]));
  return largest;
}
constexpr double kBound = 1.2e-7 * 32 * 16;  // eps * longest chain * largest term

TEST(RowsGradient, OfRmsNormIsThatOfFiniteDifferences) {
  const at::Tensor x = normal_tensor({4, 19}, 1), weight = normal_tensor({19}, 2),
                   dy = normal_tensor({4, 19}, 3);
  at::Tensor y = at::empty({4, 19}), rstd = at::empty({4}), dx = at::empty({4, 19}),
             dweight = at::full({19}, 0.0f);
  ops::rms_norm_(y, rstd, x, weight, 1e-6);
  ops::rms_norm_backward_(dx, dweight, dy, x, weight, rstd, false);
  Doubles xs = doubles(x), w = doubles(weight), out(19);
  const Doubles d = doubles(dy);
  const auto loss = [&] {
    double sum = 0;
    for (size_t t = 0; t < 4; ++t) {
      reference::rms_norm(out.data(), xs.data() + 19 * t, w.data(), 19, 1e-6);
      for (size_t k = 0; k < 19; ++k) sum += out[k] * d[19 * t + k];
    }
    return sum;
  };
  const Doubles wanted = differences(xs, loss);
  EXPECT_LT(largest_difference(dx, wanted), kBound);
  EXPECT_LT(largest_difference(dweight, differences(w, loss)), kBound);
  at::Tensor planted = dy.mul(rstd.unsqueeze(1)).mul(weight);  // forgets that rstd depends on x
  EXPECT_GT(largest_difference(planted, wanted), kBound);
}

TEST(RowsGradient, OfSwigluIsThatOfFiniteDifferences) {
  const at::Tensor gate_up = normal_tensor({4, 38}, 1, 2.0f), dout = normal_tensor({4, 19}, 3);
  at::Tensor d_gate_up = at::empty({4, 38});
  ops::swiglu_backward_(d_gate_up, dout, gate_up);
  Doubles in = doubles(gate_up);
  const Doubles d = doubles(dout);
  const Doubles wanted = differences(in, [&] {
    double sum = 0;
    for (size_t t = 0; t < 4; ++t)
      for (size_t k = 0; k < 19; ++k)
        sum += d[19 * t + k] * reference::swiglu(in[38 * t + k], in[38 * t + 19 + k]);
    return sum;
  });
  EXPECT_LT(largest_difference(d_gate_up, wanted), kBound);
  EXPECT_GT(largest_difference(d_gate_up.mul(1.001f), wanted), kBound);  // planted error
}

TEST(RowsGradient, OfRopeIsTheInverseRotation) {
  const ops::RopeTables tables = ops::rope_tables(ops::rope_inverse_frequencies(1e4, 8), 20);
  const at::Tensor positions = int_tensor({3, 19}), dy = normal_tensor({2, 2, 8}, 3);
  for (const bool interleaved : {false, true}) {
    at::Tensor dx = dy.clone(), planted = dy.clone();
    ops::rope_(dx, positions, tables, interleaved, true);
    ops::rope_(planted, positions, tables, interleaved, false);
    Doubles xs(32, 0.5);
    const Doubles d = doubles(dy), c = doubles(tables.cos), s = doubles(tables.sin);
    const Doubles wanted = differences(xs, [&] {
      Doubles x = xs;
      double sum = 0;
      for (size_t i = 0; i < 4; ++i) {
        const size_t at = (i < 2 ? 3 : 19) * 4;
        reference::rope(x.data() + 8 * i, c.data() + at, s.data() + at, 8, interleaved, false);
      }
      for (size_t i = 0; i < 32; ++i) sum += x[i] * d[i];
      return sum;
    });
    EXPECT_LT(largest_difference(dx, wanted), kBound);
    EXPECT_GT(largest_difference(planted, wanted), kBound);
  }
}

// ---- errors -----------------------------------------------------------------------------------------------

void expect_error(const std::function<void()>& f, const std::string& part) {
  try {
    f();
    FAIL() << "expected an error about " << part;
  } catch (const c10::Error& e) {
    EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
  }
}

TEST(RowsErrors, NameTheOffendingValue) {
  const at::Tensor x = normal_tensor({2, 8}, 1);
  at::Tensor y = at::empty({2, 8}), rstd = at::empty({2}), heads = at::empty({2, 1, 8}),
             dweight = at::empty({3, 8});
  expect_error([&] { ops::embedding(x, int_tensor({0, 2})); }, "ids[1]: got 2, expected 0 to 1");
  expect_error(
      [&] {
        ops::embedding_backward_(dweight, x, int_tensor({0, -1}));
      },
      "ids[1]: got -1, expected 0 to 2");
  expect_error([&] { ops::rms_norm_(y, rstd, x, normal_tensor({7}, 1), 1e-6); },
               "weight: got [7], expected [8]");
  expect_error([&] { ops::rms_norm_(y, rstd, x.t(), normal_tensor({2}, 1), 1e-6); },
               "rows have to be contiguous");
  expect_error([&] { ops::swiglu_(y, x); }, "out: got [2, 8] for gate_up [2, 8]");
  const ops::RopeTables tables = ops::rope_tables(ops::rope_inverse_frequencies(1e4, 8), 20);
  expect_error(
      [&] {
        ops::rope_(heads, int_tensor({1, 20}), tables, true, false);
      },
      "positions[1]: got 20, expected 0 to 19");
  expect_error([&] { ops::rope_inverse_frequencies(1e4, 7); }, "head_size: got 7");
}

}  // namespace
}  // namespace hone
