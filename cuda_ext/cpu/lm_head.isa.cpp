// Language-model head kernels: scores, draws and gradients of blocks of logits.
#include "cuda_ext/cpu/lm_head.h"

#include "cuda_ext/cpu/lanes_simd.h"

namespace hone::cpu {
namespace {

/// Adds one block of at most kHeadBlock ids to the chain and returns its maximum; weights (may be null) get
/// exp(z - maximum).
template <bool with_entropy>
float add_block(HeadSum& sum_, float* weights, const float* logits, int64_t n, F16 scale) {
  F16 largest = set1(kMinusInfinity);
  for_lanes(n, [&](int64_t i, int left) {
    largest = first_lanes(left, max(largest, load_part(logits + i, left) * scale), largest);
  });
  const float m = max(largest);
  if (m == kMinusInfinity) return m;
  const F16 shift = set1(m);
  F16 sums = zero(), weighted = zero();
  for_lanes(n, [&](int64_t i, int left) {
    const F16 d = load_part(logits + i, left) * scale - shift, e = exp(d);
    sums = first_lanes(left, sums + e, sums);
    if (with_entropy) weighted = first_lanes(left, fma(e, d, weighted), weighted);
    if (weights) store_part(weights + i, e, left);
  });
  const float s = sum(sums), w = with_entropy ? sum(weighted) : 0.0f;
  if (sum_.max == kMinusInfinity) {
    sum_ = {m, s, w};
  } else if (m <= sum_.max) {
    const float d = m - sum_.max, c = exp1(d);
    sum_.sum = sum_.sum + s * c;
    if (with_entropy) sum_.weighted = sum_.weighted + (w + s * d) * c;
  } else {
    const float d = sum_.max - m, c = exp1(d);
    if (with_entropy) sum_.weighted = (sum_.weighted + sum_.sum * d) * c + w;
    sum_.sum = sum_.sum * c + s;
    sum_.max = m;
  }
  return m;
}

/// Sixteen Philox counters at once: lane j holds counter first_counter + j; word[w] their words w.
void philox_words(I16 word[4], const HeadDraw& draw, int32_t first_counter) {
  const I16 a = set1i(int32_t(0xD2511F53u)), b = set1i(int32_t(0xCD9E8D57u));
  uint32_t lo = draw.key_lo, hi = draw.key_hi;
  I16 c0 = set1i(first_counter) + iota(), c1 = set1i(int32_t(draw.position)), c2 = set1i(0), c3 = set1i(0);
  for (int round = 0; round < 10; ++round) {
    const I16 a_hi = mul_hi(a, c0), a_lo = mul_lo(a, c0), b_hi = mul_hi(b, c2), b_lo = mul_lo(b, c2);
    c0 = b_hi ^ c1 ^ set1i(int32_t(lo)), c1 = b_lo, c2 = a_hi ^ c3 ^ set1i(int32_t(hi)), c3 = a_lo;
    lo += 0x9E3779B9u, hi += 0xBB67AE85u;
  }
  word[0] = c0, word[1] = c1, word[2] = c2, word[3] = c3;
}

inline constexpr int kUniforms = 64;  // ids of sixteen counters

/// u[i] of id first_id + i, i < 64; first_id a multiple of 4.
void uniforms(float* u, const HeadDraw& draw, int64_t first_id) {
  I16 word[4];
  philox_words(word, draw, int32_t(first_id / 4));
  alignas(64) float by_word[4][kLanes];
  for (int w = 0; w < 4; ++w)
    store(by_word[w], (to_float(shift_right<9>(word[w])) + set1(0.5f)) * set1(0x1p-23f));
  for (int j = 0; j < kLanes; ++j)
    for (int w = 0; w < 4; ++w) u[4 * j + w] = by_word[w][j];
}

F16 gumbel(F16 u) { return zero() - log(zero() - log(u)); }

/// Moves the draw to the best of sixteen ids if it beats what came before; the lowest lane wins a tie.
void offer(HeadDraw& draw_, F16 value, const float* logits, int64_t first_id) {
  const float best = max(value);
  if (!(best > draw_.best)) return;
  const int lane = __builtin_ctz(bits(value == set1(best)));
  draw_.best = best;
  draw_.id = int32_t(first_id + lane);
  draw_.z = logits[lane] * draw_.scale;
}

void greedy_block(HeadDraw& draw_, const float* logits, int64_t n, int64_t first_id, F16 scale) {
  for_lanes(n, [&](int64_t i, int left) {
    const F16 z = first_lanes(left, load_part(logits + i, left) * scale, set1(kMinusInfinity));
    if (bits(set1(draw_.best) < z)) offer(draw_, z, logits + i, first_id + i);
  });
}

/// exp(m - best), a little more: an id with 1 - u >= exp(z - m) * reach can't beat `best`, for z + g > best
/// means 1 - u <= -log(u) = exp(-g) < exp(z - best). What is added to the exponent is far more than all
/// roundings on the way.
float reach(float m, float best) { return exp1(m - best + (1e-3f + 1e-6f * (best < 0 ? -best : best))); }

/// The argmax of z + g, computing g only where it could matter: a few ids a row. weights: exp(z - m) of the
/// block.
void draw_block(HeadDraw& draw_, const float* weights, float m, const float* logits, int64_t n,
                int64_t first_id, F16 scale) {
  const float floor = m - 2.9f;  // g > -2.82, so the id that has the maximum gets there
  alignas(64) float u[kUniforms];
  F16 limit = set1(reach(m, floor > draw_.best ? floor : draw_.best));
  for (int64_t begin = 0; begin < n; begin += kUniforms) {
    uniforms(u, draw_, first_id + begin);
    for_lanes(n - begin < kUniforms ? n - begin : kUniforms, [&](int64_t i, int left) {
      const F16 rest = set1(1.0f) - load(u + i);
      const M16 hopeless =
          load_part(weights + begin + i, left) * limit <= rest;  // lanes past the end have weight 0
      if (bits(hopeless) == 0xFFFF) return;
      const float* here = logits + begin + i;
      const F16 value = load_part(here, left) * scale + gumbel(load(u + i));
      const float before = draw_.best;
      offer(draw_, first_lanes(left, value, set1(kMinusInfinity)), here, first_id + begin + i);
      if (draw_.best > before && draw_.best > floor) limit = set1(reach(m, draw_.best));
    });
  }
}

}  // namespace

template <>
void head_score<kIsa>(const HeadScoreParams& p, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; ++r) {
    const float* logits = p.logits + r * p.stride;
    for (int64_t v = 0; v < p.num_ids; v += kHeadBlock)
      add_block<true>(p.sums[r], nullptr, logits + v, p.num_ids - v < kHeadBlock ? p.num_ids - v : kHeadBlock,
                      set1(p.scale));
    const int64_t target = p.targets[r] - p.first_id;
    if (target >= 0 && target < p.num_ids) p.z[r] = logits[target] * p.scale;
  }
}

template <>
void head_finish<kIsa>(const HeadFinishParams& p, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; ++r) {
    const float log_sum = log1(p.sums[r].sum), lse = p.sums[r].max + log_sum;
    p.logprobs[r] = p.z[r] - lse;
    if (p.lse) p.lse[r] = lse;
    if (p.entropy) p.entropy[r] = log_sum - p.sums[r].weighted / p.sums[r].sum;
  }
}

template <>
void head_gradient<kIsa>(const HeadGradientParams& p, int64_t begin, int64_t end) {
  const F16 scale = set1(p.scale);
  for (int64_t r = begin; r < end; ++r) {
    float* logits = p.logits_ + r * p.stride;
    const F16 lse = set1(p.lse[r]), c = set1(p.dlogprobs[r] * p.scale);
    const I16 target = set1i(p.targets[r] - int32_t(p.first_id));
    for_lanes(p.num_ids, [&](int64_t i, int left) {
      const F16 probability = exp(load_part(logits + i, left) * scale - lse);
      const F16 wanted = select(equal(set1i(int32_t(i)) + iota(), target), set1(1.0f), zero());
      store_part(logits + i, c * (wanted - probability), left);
    });
  }
}

template <>
void head_sample<kIsa>(const HeadSampleParams& p, int64_t begin, int64_t end) {
  alignas(64) float weights[kHeadBlock];
  for (int64_t r = begin; r < end; ++r) {
    HeadDraw& draw = p.draws[r];
    if (draw.skip) continue;
    const F16 scale = set1(draw.scale);
    for (int64_t v = 0; v < p.num_ids; v += kHeadBlock) {
      const float* logits = p.logits + r * p.stride + v;
      const int64_t n = p.num_ids - v < kHeadBlock ? p.num_ids - v : kHeadBlock;
      const float m = add_block<false>(p.sums[r], draw.greedy ? nullptr : weights, logits, n, scale);
      if (m == kMinusInfinity) continue;
      if (draw.greedy) {
        greedy_block(draw, logits, n, p.first_id + v, scale);
      } else {
        draw_block(draw, weights, m, logits, n, p.first_id + v, scale);
      }
    }
  }
}

template <>
void gumbel_values<kIsa>(float* noise, const HeadDraw& draw, int64_t first_id, int64_t n) {
  alignas(64) float u[kUniforms];
  for (int64_t begin = 0; begin < n; begin += kUniforms) {
    uniforms(u, draw, first_id + begin);
    const int64_t here = n - begin < kUniforms ? n - begin : kUniforms;
    for_lanes(here, [&](int64_t i, int left) { store_part(noise + begin + i, gumbel(load(u + i)), left); });
  }
}

}  // namespace hone::cpu
