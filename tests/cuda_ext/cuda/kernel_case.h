// What the kernel tests share: random arrays, rows with gaps between them, comparison of bits, and the kernels
// of the CPU to compare with, each called on everything at once. What a kernel is given lies in Arrays
// (test_device.h), so that the same tests run on a CPU and on a GPU.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/cpu/rows.h"
#include "tests/cuda_ext/cuda/test_device.h"

namespace hone {

using test_device::in_every_order;
using test_device::in_one_order;
using Floats = Array<float>;

/// The generator of one input: every seed another one, in each run on a GPU.
inline std::mt19937 random_generator(uint32_t seed) { return std::mt19937(seed + 7919 * test_device::seed()); }

inline Floats normal_floats(int64_t n, uint32_t seed, float scale = 1.0f) {
  Floats x(static_cast<size_t>(n));
  std::mt19937 generator = random_generator(seed);
  std::normal_distribution<float> normal;
  for (float& v : x) v = normal(generator) * scale;
  return x;
}

/// n numbers from 0 to limit - 1.
inline Array<int32_t> random_ints(int64_t n, int32_t limit, uint32_t seed) {
  Array<int32_t> x(static_cast<size_t>(n));
  std::mt19937 generator = random_generator(seed);
  for (int32_t& v : x) v = int32_t(generator() % uint32_t(limit));
  return x;
}

/// A copy that kernels can be given.
template <class T>
Array<T> array_of(const std::vector<T>& x) {
  return {x.begin(), x.end()};
}

/// The first difference in bits, or none; a NaN equals a NaN.
inline ::testing::AssertionResult same_bits(const Floats& got, const Floats& wanted) {
  if (got.size() != wanted.size())
    return ::testing::AssertionFailure() << got.size() << " values against " << wanted.size();
  for (size_t i = 0; i < got.size(); ++i)
    if (std::bit_cast<uint32_t>(got[i]) != std::bit_cast<uint32_t>(wanted[i]) &&
        !(std::isnan(got[i]) && std::isnan(wanted[i])))
      return ::testing::AssertionFailure()
             << "element " << i << " of " << got.size() << ": " << got[i] << " against " << wanted[i];
  return ::testing::AssertionSuccess();
}

/// A matrix [T, H, K] in memory: rows `gap` numbers apart, from an address that is `shift` floats off 16
/// bytes. Numbers between rows are NaN: a comparison of all `data` shows what is written there.
struct Matrix {
  int64_t T, H, K;
  int64_t gap, shift;
  Floats data;

  int64_t stride_h() const { return K + gap; }
  int64_t stride_t() const { return H * stride_h(); }
  cpu::RowsOf<float> rows() { return {data.data() + shift, stride_t(), stride_h()}; }
  cpu::RowsOf<const float> rows() const { return {data.data() + shift, stride_t(), stride_h()}; }
  float* row(int64_t i) { return data.data() + shift + i * stride_h(); }
  const float* row(int64_t i) const { return data.data() + shift + i * stride_h(); }
};

/// Normal values. gap 0 and shift 0: contiguous and aligned.
inline Matrix normal_matrix(int64_t T, int64_t H, int64_t K, uint32_t seed, int64_t gap = 0,
                            int64_t shift = 0, float scale = 1.0f) {
  Matrix m{T, H, K, gap, shift, Floats(size_t(shift + T * H * (K + gap)), NAN)};
  const Floats x = normal_floats(T * H * K, seed, scale);
  for (int64_t i = 0; i < T * H; ++i) std::copy_n(x.data() + i * K, K, m.row(i));
  return m;
}
/// All NaN: what a kernel does not write shows.
inline Matrix empty_matrix(int64_t T, int64_t H, int64_t K, int64_t gap = 0, int64_t shift = 0) {
  return {T, H, K, gap, shift, Floats(size_t(shift + T * H * (K + gap)), NAN)};
}

}  // namespace hone
