// simd.h's exp, log, sigmoid and sum over arrays.
#include "cuda_ext/cpu/elementary.h"

#include "cuda_ext/cpu/lanes_simd.h"

namespace hone::cpu {
namespace {

template <class F>
void map(float* y, const float* x, int64_t n, F f) {
  for_lanes(n, [&](int64_t i, int left) { store_part(y + i, f(load_part(x + i, left)), left); });
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
  for_lanes(n, [&](int64_t i, int left) {
    partial = first_lanes(left, partial + load_part(x + i, left), partial);
  });
  *y = sum(partial);
}

}  // namespace hone::cpu
