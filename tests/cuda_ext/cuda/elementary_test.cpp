// The scalar exp, log and sigmoid of the CUDA kernels have the bits of the CPU's lanes, over all exponents.
#include "cuda_ext/cpu/elementary.h"

#include "tests/cuda_ext/cuda/elementary_kernels.h"
#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

using cuda::Elementary;

/// Floats of all signs and exponents, and the borders of the functions' cases.
Floats all_kinds() {
  Floats x{0.0f,   -0.0f, INFINITY, -INFINITY, NAN,      88.72f, 88.73f,
           88.74f, 88.8f, 89.0f,    -103.97f,  -103.98f, -104.0f};
  std::mt19937 generator = random_generator(5);
  for (int i = 0; i < 200'000; ++i) x.push_back(std::bit_cast<float>(uint32_t(generator())));
  for (int i = 0; i < 200'000; ++i) x.push_back(float(int32_t(generator())) * 0x1p-24f);
  return x;
}

Floats run(Elementary function, const Floats& x) {
  Floats y(x.size(), NAN);
  in_one_order([&] { cuda::elementary(function, {x.data(), y.data(), int64_t(x.size())}, nullptr); });
  return y;
}

TEST(CudaElementary, ExpAndSigmoidHaveTheBitsOfTheCpu) {
  const Floats x = all_kinds();
  const int64_t n = int64_t(x.size());
  Floats wanted(x.size());
  cpu::dispatch([&](auto i) { cpu::exp_values<i>(wanted.data(), x.data(), n); });
  EXPECT_TRUE(same_bits(run(Elementary::exp, x), wanted));
  cpu::dispatch([&](auto i) { cpu::sigmoid_values<i>(wanted.data(), x.data(), n); });
  EXPECT_TRUE(same_bits(run(Elementary::sigmoid, x), wanted));
}

TEST(CudaElementary, LogHasTheBitsOfTheCpu) {
  Floats x;
  for (const float v : all_kinds())
    if (std::isnormal(v)) x.push_back(std::fabs(v));
  Floats wanted(x.size());
  cpu::dispatch([&](auto i) { cpu::log_values<i>(wanted.data(), x.data(), int64_t(x.size())); });
  EXPECT_TRUE(same_bits(run(Elementary::log, x), wanted));
}

TEST(CudaElementaryPlantedError, AnFmaTakenApartIsNoticed) {
  Floats x = normal_floats(10'000, 1, 0.1f);
  for (float& v : x) v = std::fmin(std::fabs(v), 0.3f);
  Floats wanted(x.size());
  cpu::dispatch([&](auto i) { cpu::exp_values<i>(wanted.data(), x.data(), int64_t(x.size())); });
  const Floats planted = run(Elementary::exp_unfused, x);
  EXPECT_FALSE(same_bits(planted, wanted));
  for (size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(planted[i], wanted[i], 1e-6f);
}

}  // namespace
}  // namespace hone
