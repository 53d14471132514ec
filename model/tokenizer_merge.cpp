// The merge loop, for a few symbols and for many.
#include <algorithm>
#include <functional>

#include "core/error.h"
#include "model/tokenizer_bpe.h"

namespace hone {
namespace {

constexpr size_t kMaxShort = 48;  // up to here looking through all pairs is faster than a heap

TokenId result_of(uint64_t pair) { return TokenId(uint32_t(pair)); }

}  // namespace

void Bpe::merge(BpeWorkspace& w) const {
  if (w.ids.size() < 2) return;
  if (w.ids.size() <= kMaxShort) return merge_short(w);
  merge_long(w);
}

void Bpe::merge_short(BpeWorkspace& w) const {
  std::vector<TokenId>& ids = w.ids;
  std::vector<uint64_t>& pairs = w.pairs;  // pairs[i]: ids[i] with ids[i + 1]
  pairs.resize(ids.size() - 1);
  for (size_t i = 0; i + 1 < ids.size(); ++i) pairs[i] = merges_.find(ids[i], ids[i + 1]);
  while (!pairs.empty()) {
    const auto best = std::min_element(pairs.begin(), pairs.end());  // the first of equal ranks
    if (*best == PairTable::kNone) return;
    const auto at = size_t(best - pairs.begin());
    ids[at] = result_of(*best);
    ids.erase(ids.begin() + ptrdiff_t(at) + 1);
    pairs.erase(best);
    if (at < pairs.size()) pairs[at] = merges_.find(ids[at], ids[at + 1]);
    if (at > 0) pairs[at - 1] = merges_.find(ids[at - 1], ids[at]);
  }
}

void Bpe::merge_long(BpeWorkspace& w) const {
  const size_t n = w.ids.size();
  check(n < size_t{1} << 31, "tokenizer: a piece of ", n, " characters, the limit is 2^31");
  w.previous.resize(n), w.next.resize(n), w.pairs.resize(n), w.heap.clear();
  // Heap entries are rank << 32 | position; one is stale when the pair there has changed since.
  const auto look_up = [&](size_t i) {
    w.pairs[i] = w.next[i] < 0 ? PairTable::kNone : merges_.find(w.ids[i], w.ids[size_t(w.next[i])]);
    if (w.pairs[i] != PairTable::kNone) w.heap.push_back(w.pairs[i] >> 32 << 32 | i);
    return w.pairs[i] != PairTable::kNone;
  };
  for (size_t i = 0; i < n; ++i) {
    w.previous[i] = int32_t(i) - 1;
    w.next[i] = i + 1 < n ? int32_t(i + 1) : -1;
    look_up(i);
  }
  std::make_heap(w.heap.begin(), w.heap.end(), std::greater<>());
  while (!w.heap.empty()) {
    std::pop_heap(w.heap.begin(), w.heap.end(), std::greater<>());
    const uint64_t entry = w.heap.back();
    w.heap.pop_back();
    const size_t i = uint32_t(entry);
    if (w.pairs[i] == PairTable::kNone || w.pairs[i] >> 32 != entry >> 32) continue;
    const auto right = size_t(w.next[i]);
    w.ids[i] = result_of(w.pairs[i]);
    w.next[i] = w.next[right];
    if (w.next[i] >= 0) w.previous[size_t(w.next[i])] = int32_t(i);
    w.ids[right] = -1;
    w.pairs[right] = PairTable::kNone;
    if (look_up(i)) std::push_heap(w.heap.begin(), w.heap.end(), std::greater<>());
    const int32_t left = w.previous[i];
    if (left >= 0 && look_up(size_t(left))) std::push_heap(w.heap.begin(), w.heap.end(), std::greater<>());
  }
  w.ids.erase(std::remove(w.ids.begin(), w.ids.end(), -1), w.ids.end());
}

}  // namespace hone
