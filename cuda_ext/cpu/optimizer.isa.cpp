// AdamW in one pass over memory, and the blocks of a sum of squares.
#include "cuda_ext/cpu/optimizer.h"

#include "cuda_ext/cpu/lanes_simd.h"

namespace hone::cpu {

template <>
void adamw<kIsa>(const AdamWParams& p, int64_t begin, int64_t end) {
  for_lanes(end - begin, [&](int64_t offset, int left) {
    const int64_t i = begin + offset;
    const F16 g = load_part(p.gradient + i, left) * set1(p.gradient_scale);
    const F16 m = fma(set1(p.beta1), load_part(p.moment1 + i, left), set1(p.one_minus_beta1) * g);
    const F16 v = fma(set1(p.beta2), load_part(p.moment2 + i, left), (set1(p.one_minus_beta2) * g) * g);
    const F16 divisor = sqrt(v) / set1(p.root_correction2) + set1(p.epsilon);
    const F16 w = fma(set1(-p.step_size), m / divisor, load_part(p.weights + i, left) * set1(p.decay));
    store_part(p.moment1 + i, m, left);
    store_part(p.moment2 + i, v, left);
    store_part(p.weights + i, w, left);
  });
}

template <>
void sum_of_squares<kIsa>(const SquaresParams& p, int64_t begin, int64_t end) {
  for (int64_t b = begin; b < end; ++b) {
    const int64_t first = b * kSquaresBlock, last = first + kSquaresBlock < p.n ? first + kSquaresBlock : p.n;
    F16 partial = zero();
    for_lanes(last - first, [&](int64_t i, int left) {
      const F16 x = load_part(p.x + first + i, left);
      partial = fma(x, x, partial);  // a lane past the end adds +0 to a sum of squares: no change
    });
    p.sums[b] = sum(partial);
  }
}

}  // namespace hone::cpu
