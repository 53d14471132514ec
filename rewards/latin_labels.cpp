#include "rewards/latin_labels.h"

#include <algorithm>
#include <unordered_map>

namespace hone {
namespace {

constexpr int32_t kSwitchInside = 7 * kBit;   // price of another language within a sentence
constexpr int32_t kSwitchBetween = 4 * kBit;  // from one sentence to the next
constexpr size_t kFewWords = 4;               // a sentence of fewer is not taken to be in capitals

int32_t best_of(const Evidence& scores) { return *std::max_element(scores.begin(), scores.end()); }

/// The best that can be had when the language may change for a price.
Evidence carried(const Evidence& scores, int32_t price) {
  Evidence out = scores;
  const int32_t changed = best_of(scores) - price;
  for (int32_t& one : out) one = std::max(one, changed);
  return out;
}

void add(Evidence& to_, const Evidence& more) {
  for (size_t l = 0; l < kNumLatin; ++l) to_[l] += more[l];
}

void lift(Evidence& scores_) {  // the best to 0: sums stay small however long the text is
  const int32_t best = best_of(scores_);
  for (int32_t& one : scores_) one -= best;
}

int32_t price(const TextWord& before, const TextWord& after) {
  return before.sentence == after.sentence ? kSwitchInside : kSwitchBetween;
}

}  // namespace

std::vector<Evidence> label_latin(std::span<const TextWord> words, const std::vector<bool>& names) {
  const LatinProfile& profile = LatinProfile::get();
  std::unordered_map<std::string_view, Evidence> known;
  std::vector<Evidence> own(words.size()), best(words.size());
  for (size_t i = 0; i < words.size(); ++i) {
    if (names[i]) continue;
    const auto [entry, fresh] = known.try_emplace(words[i].text);
    if (fresh) entry->second = profile.evidence(words[i].text);
    own[i] = entry->second;
  }
  Evidence carry{};
  for (size_t i = 0; i < words.size(); ++i) {  // forwards, the word's own included
    if (i > 0) carry = carried(best[i - 1], price(words[i - 1], words[i]));
    best[i] = carry;
    add(best[i], own[i]);
    lift(best[i]);
  }
  carry = {};
  for (size_t i = words.size(); i-- > 0;) {  // backwards, the word's own left out
    add(best[i], carry);
    lift(best[i]);
    add(carry, own[i]);
    lift(carry);
    if (i > 0) carry = carried(carry, price(words[i - 1], words[i]));
  }
  return best;
}

std::vector<bool> find_names(std::span<const TextWord> words) {
  const LatinProfile& profile = LatinProfile::get();
  std::vector<bool> names(words.size());
  for (size_t begin = 0, end = 0; begin < words.size(); begin = end) {
    size_t capitals = 0;
    for (end = begin; end < words.size() && words[end].sentence == words[begin].sentence; ++end)
      capitals += words[end].capital;
    if (end - begin >= kFewWords && capitals * 10 > (end - begin) * 6) continue;
    for (size_t i = begin; i < end; ++i)
      names[i] = words[i].capital && !words[i].opens_sentence && !profile.is_frequent(words[i].text);
  }
  return names;
}

}  // namespace hone
