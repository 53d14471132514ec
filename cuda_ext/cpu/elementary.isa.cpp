// simd.h's exp, log, sigmoid and sum over arrays.
#include "cuda_ext/cpu/elementary.h"

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

template <class F>
void map(float* y, const float* x, int64_t n, F f) {
  for (int64_t i = 0; i < n; i += kLanes) {
    const int left = n - i < kLanes ? int(n - i) : kLanes;
    store_n(y + i, f(load_n(x + i, left)), left);
  }
}

}  // namespace

template <>
void exp_values<kIsa>(float* y, const float* x, int64_t n) {
  map(y, x, n, [](F16 a) { return exp(a); });
}

template <>
void log_values<kIsa>(float* y, const float* x, int64_t n) {
  map(y, x, n, [](F16 a) { return log(a); });
}

template <>
void sigmoid_values<kIsa>(float* y, const float* x, int64_t n) {
  map(y, x, n, [](F16 a) { return sigmoid(a); });
}

template <>
void sum_values<kIsa>(float* y, const float* x, int64_t n) {
  F16 partial = zero();
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) partial = partial + load(x + i);
  if (i < n) partial = select(first_n(int(n - i)), partial + load_n(x + i, int(n - i)), partial);
  *y = sum(partial);
}

}  // namespace hone::cpu
