// AdamW and sums of squares in CUDA have the bits of the CPU's.
#include "cuda_ext/cuda/optimizer.h"

#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

struct State {
  Floats weights, moment1, moment2;
};
State state(int64_t n) {
  State s{normal_floats(n, 1), normal_floats(n, 2, 0.1f), normal_floats(n, 3, 0.1f)};
  for (float& v : s.moment2) v = v * v;
  return s;
}
cpu::AdamWParams params(State& s, const Floats& gradient) {
  return {.beta1 = 0.9f,
          .one_minus_beta1 = 0.1f,
          .beta2 = 0.999f,
          .one_minus_beta2 = 0.001f,
          .decay = 0.9999f,
          .step_size = 3e-3f,
          .root_correction2 = 0.05f,
          .epsilon = 1e-8f,
          .gradient_scale = 0.7f,
          .weights = s.weights.data(),
          .moment1 = s.moment1.data(),
          .moment2 = s.moment2.data(),
          .gradient = gradient.data()};
}

TEST(CudaOptimizer, AdamWHasTheBitsOfTheCpu) {
  for (const int64_t n : {0, 1, 7, 1024, 5000}) {
    const Floats gradient = normal_floats(n, 4);
    State wanted = state(n);
    cpu::dispatch([&](auto i) { cpu::adamw<i>(params(wanted, gradient), 0, n); });
    in_every_order([&] {
      State s = state(n);
      cuda::adamw(params(s, gradient), n, nullptr);
      EXPECT_TRUE(same_bits(s.weights, wanted.weights)) << n;
      EXPECT_TRUE(same_bits(s.moment1, wanted.moment1)) << n;
      EXPECT_TRUE(same_bits(s.moment2, wanted.moment2)) << n;
    });
  }
}

TEST(CudaOptimizer, SumOfSquaresHasTheBitsOfTheCpu) {
  for (const int64_t n : {0, 1, 4096, 4097, 300'001}) {
    const Floats x = normal_floats(n, 4);
    const size_t blocks = size_t((n + 4095) / 4096);
    Floats wanted(blocks, NAN);
    cpu::dispatch([&](auto i) {
      cpu::sum_of_squares<i>({.x = x.data(), .n = n, .sums = wanted.data()}, 0, int64_t(blocks));
    });
    double wanted_total = 0.25;
    for (const float sum : wanted) wanted_total += double(sum);
    in_every_order([&] {
      Floats sums(blocks, NAN);
      cuda::sum_of_squares({.x = x.data(), .n = n, .sums = sums.data()}, nullptr);
      EXPECT_TRUE(same_bits(sums, wanted)) << n;
      Array<double> total{0.25};
      cuda::add_sums({.sums = sums.data(), .n = int64_t(blocks), .total = total.data()}, nullptr);
      EXPECT_EQ(total[0], wanted_total) << n;
    });
  }
}

}  // namespace
}  // namespace hone
