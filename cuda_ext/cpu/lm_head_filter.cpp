// top_k, top_p and min_p of one row, by selection: nothing is sorted, since neither a prefix of the order nor
// its exact weight depends on the order inside it.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <vector>

#include "cuda_ext/cpu/elementary.h"
#include "cuda_ext/cpu/lm_head.h"

namespace hone::cpu {
namespace {

/// A number that ascends as z descends, then as the id ascends.
uint64_t order_key(float z, uint32_t id) {
  const uint32_t bits = std::bit_cast<uint32_t>(z + 0.0f);  // -0 becomes 0
  const uint32_t ascending = bits >> 31 ? ~bits : bits | 0x80000000u;
  return uint64_t{~ascending} << 32 | id;
}

uint64_t units(float weight) { return uint64_t(weight * 0x1p40f); }

/// Keys partitioned so that the first n are the smallest prefix that reaches top_p of the weight of all;
/// returns n >= 1.
size_t nucleus_size(std::vector<uint64_t>& keys, const float* weight, double top_p) {
  const auto sum = [&](size_t begin, size_t end) {
    uint64_t total = 0;
    for (size_t i = begin; i < end; ++i) total += units(weight[uint32_t(keys[i])]);
    return total;
  };
  const double wanted = top_p * double(sum(0, keys.size()));
  size_t low = 0, high = keys.size();  // the first `high` reach it, the first `low` don't
  uint64_t before = 0;                 // weight of the first `low`
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    std::nth_element(keys.begin() + ptrdiff_t(low), keys.begin() + ptrdiff_t(middle),
                     keys.begin() + ptrdiff_t(high));
    const uint64_t through = before + sum(low, middle);
    if (double(through) >= wanted) {
      high = middle;
    } else {
      low = middle;
      before = through;
    }
  }
  return high;
}

}  // namespace

void filter_row(float* z_, int64_t vocab_size, const HeadFilter& filter) {
  if (std::any_of(z_, z_ + vocab_size, [](float z) { return z != z; })) return;
  const size_t n = size_t(vocab_size);
  const float largest = *std::max_element(z_, z_ + vocab_size);
  if (!std::isfinite(largest)) return;
  std::vector<float> weight(n);   // [V] exp(z - max)
  std::vector<uint64_t> keys(n);  // of what stays
  for (size_t v = 0; v < n; ++v) weight[v] = z_[v] - largest, keys[v] = order_key(z_[v], uint32_t(v));
  dispatch([&](auto isa) { exp_values<isa>(weight.data(), weight.data(), vocab_size); });
  if (filter.top_k > 0 && filter.top_k < vocab_size) {
    std::nth_element(keys.begin(), keys.begin() + filter.top_k, keys.end());
    keys.resize(size_t(filter.top_k));
  }
  if (filter.top_p < 1) keys.resize(nucleus_size(keys, weight.data(), double(filter.top_p)));
  if (filter.min_p > 0)
    std::erase_if(keys, [&](uint64_t key) { return weight[uint32_t(key)] < filter.min_p; });

  std::vector<float> filtered(n, kMinusInfinity);  // [V]
  for (const uint64_t key : keys) filtered[uint32_t(key)] = z_[uint32_t(key)];
  std::copy(filtered.begin(), filtered.end(), z_);
}

}  // namespace hone::cpu
