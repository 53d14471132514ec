// Language-model head kernels: scores, draws and gradients of blocks of logits.
#include "cuda_ext/cpu/lm_head.h"

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

/// f(i, lanes) over the vectors of [0, n).
template <class F>
void for_lanes(int64_t n, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) f(i, kLanes);
  if (i < n) f(i, int(n - i));
}

/// Adds one block of at most kHeadBlock ids to the chain.
template <bool with_entropy>
void add_block(HeadSum& sum_, const float* logits, int64_t n, F16 scale) {
  F16 largest = set1(kMinusInfinity);
  for_lanes(n, [&](int64_t i, int left) {
    largest = select(first_n(left), max(largest, load_n(logits + i, left) * scale), largest);
  });
  const float m = max(largest);
  if (m == kMinusInfinity) return;
  const F16 shift = set1(m);
  F16 sums = zero(), weights = zero();
  for_lanes(n, [&](int64_t i, int left) {
    const F16 d = load_n(logits + i, left) * scale - shift, e = exp(d);
    sums = select(first_n(left), sums + e, sums);
    if (with_entropy) weights = select(first_n(left), fma(e, d, weights), weights);
  });
  const float s = sum(sums), w = with_entropy ? sum(weights) : 0.0f;
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

inline constexpr int kNoise = 64;  // ids of sixteen counters

/// noise[i] = g of id first_id + i, i < 64; first_id a multiple of 4.
void gumbel64(float* noise, const HeadDraw& draw, int64_t first_id) {
  I16 word[4];
  philox_words(word, draw, int32_t(first_id / 4));
  alignas(64) float by_word[4][kLanes];
  for (int w = 0; w < 4; ++w) {
    const F16 u = (to_float(shift_right<9>(word[w])) + set1(0.5f)) * set1(0x1p-23f);
    store(by_word[w], zero() - log(zero() - log(u)));
  }
  for (int j = 0; j < kLanes; ++j)
    for (int w = 0; w < 4; ++w) noise[4 * j + w] = by_word[w][j];
}

/// Moves the draw to the best id of one block; ids ascend and only a greater value replaces, so ties stay with the lower id.
void draw_block(HeadDraw& draw_, const float* logits, int64_t n, int64_t first_id, F16 scale) {
  alignas(64) float noise[kNoise] = {};
  F16 best = set1(kMinusInfinity);
  I16 best_id = set1i(0);
  for (int64_t begin = 0; begin < n; begin += kNoise) {
    const int64_t here = n - begin < kNoise ? n - begin : kNoise;
    if (!draw_.greedy) gumbel64(noise, draw_, first_id + begin);
    for_lanes(here, [&](int64_t i, int left) {
      const F16 value = load_n(logits + begin + i, left) * scale + load(noise + i);
      const M16 better = mask_of(bits(best < value) & bits(first_n(left)));
      best = select(better, value, best);
      best_id = select(better, set1i(int32_t(begin + i)) + iota(), best_id);
    });
  }
  alignas(64) float values[kLanes];
  alignas(64) int32_t ids[kLanes];
  store(values, best);
  storei(ids, best_id);
  int lane = 0;
  for (int i = 1; i < kLanes; ++i)
    if (values[i] > values[lane] || (values[i] == values[lane] && ids[i] < ids[lane])) lane = i;
  if (values[lane] > draw_.best) {
    draw_.best = values[lane];
    draw_.id = int32_t(first_id + ids[lane]);
    draw_.z = logits[ids[lane]] * draw_.scale;
  }
}

}  // namespace

template <>
void head_score<kIsa>(const HeadScoreParams& p, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; ++r) {
    const float* logits = p.logits + r * p.stride;
    for (int64_t v = 0; v < p.num_ids; v += kHeadBlock)
      add_block<true>(p.sums[r], logits + v, p.num_ids - v < kHeadBlock ? p.num_ids - v : kHeadBlock, set1(p.scale));
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
      const F16 probability = exp(load_n(logits + i, left) * scale - lse);
      const F16 wanted = select(equal(set1i(int32_t(i)) + iota(), target), set1(1.0f), zero());
      store_n(logits + i, c * (wanted - probability), left);
    });
  }
}

template <>
void head_sample<kIsa>(const HeadSampleParams& p, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; ++r) {
    const F16 scale = set1(p.draws[r].scale);
    for (int64_t v = 0; v < p.num_ids; v += kHeadBlock) {
      const float* logits = p.logits + r * p.stride + v;
      const int64_t n = p.num_ids - v < kHeadBlock ? p.num_ids - v : kHeadBlock;
      add_block<false>(p.sums[r], logits, n, scale);
      draw_block(p.draws[r], logits, n, p.first_id + v, scale);
    }
  }
}

template <>
void gumbel_values<kIsa>(float* noise, const HeadDraw& draw, int64_t first_id, int64_t n) {
  alignas(64) float block[kNoise];
  for (int64_t begin = 0; begin < n; begin += kNoise) {
    gumbel64(block, draw, first_id + begin);
    for (int64_t i = begin; i < n && i < begin + kNoise; ++i) noise[i] = block[i - begin];
  }
}

}  // namespace hone::cpu
