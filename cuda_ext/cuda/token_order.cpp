#include "cuda_ext/cuda/token_order.h"

#include <algorithm>
#include <numeric>

namespace hone::cuda {

TokensById sort_tokens(std::span<const int32_t> ids) {
  TokensById sorted;
  sorted.tokens.resize(ids.size());
  std::iota(sorted.tokens.begin(), sorted.tokens.end(), 0);
  std::stable_sort(sorted.tokens.begin(), sorted.tokens.end(),
                   [&](int32_t a, int32_t b) { return ids[size_t(a)] < ids[size_t(b)]; });
  for (size_t i = 0; i < sorted.tokens.size(); ++i) {
    const int32_t id = ids[size_t(sorted.tokens[i])];
    if (!sorted.ids.empty() && sorted.ids.back() == id) continue;
    sorted.ids.push_back(id);
    sorted.begin.push_back(int32_t(i));
  }
  sorted.begin.push_back(int32_t(ids.size()));
  return sorted;
}

}  // namespace hone::cuda
