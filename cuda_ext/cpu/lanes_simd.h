// Rows whose length is not a multiple of sixteen: the last lanes are masked, whole vectors pay nothing for
// it. As simd.h, only for x.isa.cpp files.
#pragma once

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

/// f(i, lanes) for the vectors of [0, n); lanes is a constant for all but the last.
template <class F>
inline void for_lanes(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) f(i, kLanes);
  if (i < n) f(i, int(n - i));
}

inline F16 load_part(const float* p, int lanes) { return lanes == kLanes ? load(p) : load_n(p, lanes); }
inline void store_part(float* p, F16 a, int lanes) { lanes == kLanes ? store(p, a) : store_n(p, a, lanes); }
/// `a` in the first lanes, `b` in the others.
inline F16 first_lanes(int lanes, F16 a, F16 b) { return lanes == kLanes ? a : select(first_n(lanes), a, b); }

}  // namespace
}  // namespace hone::cpu
