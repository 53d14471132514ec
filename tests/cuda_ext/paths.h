// What operator tests share: a fixture that runs a test on every instruction set and thread count, random
// tensors, comparison of bits.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/parallel.h"

namespace hone {

/// A test of a fixture that derives from this runs its body once for each path: the widest instruction set of
/// this machine with 1, 2 and 3 threads, the narrower ones with 2, and last as the machine would by itself.
/// (One test, not one a path: a process that loads LibTorch takes longer to start than most of these take to
/// run.)
class OnEveryPath : public ::testing::Test {
 public:
  void TestBody() override = 0;

 protected:
  void SetUp() override {
    const cpu::Isa widest = cpu::isa();
    const int threads_before = num_threads();
    for (const cpu::Isa isa : {cpu::Isa::portable, cpu::Isa::avx2, cpu::Isa::avx512}) {
      if (!cpu::isa_available(isa)) {
        std::cerr << "SKIPPED: this CPU has no " << cpu::to_string(isa) << "\n";
        continue;
      }
      for (int threads = 1; threads <= 3; ++threads)
        if (isa == widest || threads == 2) run(isa, threads);
    }
    cpu::force_isa(widest);
    set_num_threads(threads_before);
  }

 private:
  void run(cpu::Isa isa, int threads) {
    cpu::force_isa(isa);
    set_num_threads(threads);
    SCOPED_TRACE(std::string(cpu::to_string(isa)) + ", " + std::to_string(threads) + " threads");
    TestBody();
  }
};

/// f(), computed once for each call site: what a definition gives is the same on every path.
template <class F>
const auto& once(F f) {
  static const auto result = f();
  return result;
}

/// Normal values times `scale`.
inline at::Tensor normal_tensor(at::IntArrayRef sizes, uint32_t seed, float scale = 1.0f) {
  at::Tensor t = at::empty(sizes, at::kFloat);
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  for (float *x = t.data_ptr<float>(), *end = x + t.numel(); x != end; ++x) *x = normal(generator) * scale;
  return t;
}

/// The same values as a view with wider rows and an offset.
inline at::Tensor with_strided_rows(const at::Tensor& t) {
  std::vector<int64_t> sizes = t.sizes().vec();
  sizes.back() += 7;
  at::Tensor view = at::full(sizes, 77.0f, at::kFloat).narrow(-1, 3, t.size(-1));
  view.copy_(t);
  return view;
}

template <class T>
std::vector<T> values(const at::Tensor& t) {
  const at::Tensor c = t.contiguous();
  return {c.const_data_ptr<T>(), c.const_data_ptr<T>() + c.numel()};
}

/// The first difference in bits, or none; a NaN equals a NaN.
inline ::testing::AssertionResult same_bits(const std::vector<float>& got, const std::vector<float>& wanted) {
  if (got.size() != wanted.size())
    return ::testing::AssertionFailure() << got.size() << " values against " << wanted.size();
  for (size_t i = 0; i < got.size(); ++i)
    if (std::bit_cast<uint32_t>(got[i]) != std::bit_cast<uint32_t>(wanted[i]) &&
        !(std::isnan(got[i]) && std::isnan(wanted[i])))
      return ::testing::AssertionFailure()
             << "element " << i << " of " << got.size() << ": " << got[i] << " against " << wanted[i];
  return ::testing::AssertionSuccess();
}

inline ::testing::AssertionResult same_bits(const at::Tensor& got, const at::Tensor& wanted) {
  if (got.sizes() != wanted.sizes())
    return ::testing::AssertionFailure() << got.sizes() << " against " << wanted.sizes();
  return same_bits(values<float>(got), values<float>(wanted));
}

}  // namespace hone
