// top_k, top_p and min_p of one row. Sorting is lazy: the order is a strict one, so selecting the first n and sorting them gives
// what sorting all of them would give.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "cuda_ext/cpu/elementary.h"
#include "cuda_ext/cpu/lm_head.h"

namespace hone::cpu {
namespace {

/// ids[0..wanted) become the first of the order, sorted; ids[0..sorted) already are.
void sort_prefix(std::vector<int32_t>& ids, size_t sorted, size_t wanted, const float* z) {
  const auto before = [z](int32_t a, int32_t b) { return z[a] > z[b] || (z[a] == z[b] && a < b); };
  const auto first = ids.begin() + ptrdiff_t(sorted), middle = ids.begin() + ptrdiff_t(wanted);
  if (wanted < ids.size()) std::nth_element(first, middle, ids.end(), before);
  std::sort(first, middle, before);
}

/// How many of the sorted ids reach top_p of the weight of all of them; sorts as far as it has to.
size_t nucleus_size(std::vector<int32_t>& ids, size_t sorted, const float* weight, const float* z, double top_p) {
  std::vector<int32_t> ascending = ids;
  if (sorted) std::sort(ascending.begin(), ascending.end());
  double total = 0, prefix = 0;
  for (const int32_t id : ascending) total += weight[id];
  size_t n = 0;
  while (n < ids.size()) {
    if (n == sorted) {
      const size_t wanted = std::min(std::max<size_t>(64, 8 * sorted), ids.size());
      sort_prefix(ids, sorted, wanted, z);
      sorted = wanted;
    }
    prefix += weight[ids[n++]];
    if (prefix >= top_p * total) break;
  }
  return n;
}

}  // namespace

void filter_row(float* z_, int64_t vocab_size, const HeadFilter& filter) {
  if (std::any_of(z_, z_ + vocab_size, [](float z) { return z != z; })) return;  // NaN has no order: it shows in the logprob
  const size_t n = size_t(vocab_size);
  const float largest = *std::max_element(z_, z_ + vocab_size);
  std::vector<float> weight(n);  // [V] exp(z - max)
  for (size_t v = 0; v < n; ++v) weight[v] = z_[v] - largest;
  dispatch([&](auto isa) { exp_values<isa>(weight.data(), weight.data(), vocab_size); });

  std::vector<int32_t> ids(n);  // what stays, sorted as far as `sorted`
  for (size_t v = 0; v < n; ++v) ids[v] = int32_t(v);
  size_t sorted = 0;
  if (filter.top_k > 0 && filter.top_k < vocab_size) {
    sorted = size_t(filter.top_k);
    sort_prefix(ids, 0, sorted, z_);
    ids.resize(sorted);
  }
  if (filter.top_p < 1) ids.resize(nucleus_size(ids, sorted, weight.data(), z_, double(filter.top_p)));
  if (filter.min_p > 0) std::erase_if(ids, [&](int32_t id) { return weight[size_t(id)] < filter.min_p; });

  std::vector<float> filtered(n, kMinusInfinity);  // [V]
  for (const int32_t id : ids) filtered[size_t(id)] = z_[id];
  std::copy(filtered.begin(), filtered.end(), z_);
}

}  // namespace hone::cpu
