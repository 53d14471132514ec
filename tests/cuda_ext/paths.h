// What operator tests share: every instruction set times 1, 2 and 3 threads as a fixture, random tensors, comparison of bits.
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
#include <tuple>
#include <type_traits>
#include <vector>

#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/parallel.h"

namespace hone {

/// Runs with one instruction set and one thread count, and puts back what was there.
class Paths : public ::testing::TestWithParam<std::tuple<cpu::Isa, int>> {
 protected:
  void SetUp() override {
    const auto [isa, threads] = GetParam();
    if (!cpu::isa_available(isa)) {
      std::cerr << "SKIPPED: this CPU has no " << cpu::to_string(isa) << "\n";
      GTEST_SKIP() << "this CPU has no " << cpu::to_string(isa);
    }
    isa_before_ = cpu::isa();
    threads_before_ = num_threads();
    cpu::force_isa(isa);
    set_num_threads(threads);
  }
  void TearDown() override {
    if (threads_before_ == 0) return;
    cpu::force_isa(isa_before_);
    set_num_threads(threads_before_);
  }

 private:
  cpu::Isa isa_before_ = cpu::Isa::portable;
  int threads_before_ = 0;
};

inline std::string path_name(const ::testing::TestParamInfo<std::tuple<cpu::Isa, int>>& info) {
  return std::string(cpu::to_string(std::get<0>(info.param))) + "_" + std::to_string(std::get<1>(info.param)) + "_threads";
}

inline auto all_paths() {
  return ::testing::Combine(::testing::Values(cpu::Isa::portable, cpu::Isa::avx2, cpu::Isa::avx512), ::testing::Values(1, 2, 3));
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
  if (got.size() != wanted.size()) return ::testing::AssertionFailure() << got.size() << " values against " << wanted.size();
  for (size_t i = 0; i < got.size(); ++i)
    if (std::bit_cast<uint32_t>(got[i]) != std::bit_cast<uint32_t>(wanted[i]) && !(std::isnan(got[i]) && std::isnan(wanted[i])))
      return ::testing::AssertionFailure() << "element " << i << " of " << got.size() << ": " << got[i] << " against " << wanted[i];
  return ::testing::AssertionSuccess();
}

inline ::testing::AssertionResult same_bits(const at::Tensor& got, const at::Tensor& wanted) {
  if (got.sizes() != wanted.sizes()) return ::testing::AssertionFailure() << got.sizes() << " against " << wanted.sizes();
  return same_bits(values<float>(got), values<float>(wanted));
}

}  // namespace hone
