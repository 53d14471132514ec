#include "rewards/repetition.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/error.h"
#include "rewards/key_numbers.h"
#include "rewards/script.h"
#include "rewards/text.h"

namespace hone {
namespace {

/// Words as numbers, equal words equal numbers.
std::vector<uint32_t> word_ids(std::string_view lowered) {
  std::unordered_map<std::string_view, uint32_t> known;
  std::vector<uint32_t> ids;
  const auto add = [&](size_t begin, size_t end) {
    if (begin == end) return;
    ids.push_back(known.try_emplace(lowered.substr(begin, end - begin), static_cast<uint32_t>(known.size()))
                      .first->second);
  };
  size_t begin = 0, pos = 0;
  while (pos < lowered.size()) {
    const CodePoint c = decode(lowered, pos);
    const size_t next = pos + c.length;
    const Script script = letter_class(c.value).script;
    const bool own = script == Script::kHan || script == Script::kKana;
    if (own || is_space(c.value)) {
      add(begin, pos);
      if (own) add(pos, next);
      begin = next;
    }
    pos = next;
  }
  add(begin, lowered.size());
  return ids;
}

/// Of grams side by side: what begins at i is first[i], then second[i + length of a first one].
std::vector<uint32_t> joined(const std::vector<uint32_t>& first, const std::vector<uint32_t>& second,
                             size_t offset, size_t& different_) {
  const size_t count = second.size() - offset;
  KeyNumbers numbers(count);
  std::vector<uint32_t> out(count);
  for (size_t i = 0; i < count; ++i) out[i] = numbers.number(uint64_t{first[i]} << 32 | second[i + offset]);
  different_ = numbers.size();
  return out;
}

}  // namespace

double repetition(std::string_view text, int n) {
  check(n >= 1, "repetition: n is ", n, ", expected >= 1");
  const std::string lowered = lower_case(text);
  // Grams of 1, 2, 4, ... words as numbers, equal grams equal numbers: exact, no hash is trusted. n is put together of them.
  std::vector<uint32_t> power = word_ids(lowered);
  const size_t size = static_cast<size_t>(n), words = power.size();
  if (words < size) return 0.0;
  std::vector<uint32_t> grams;
  size_t length = 0, different = 0;
  for (size_t bit = 1; bit <= size; bit *= 2) {
    if (bit > 1) power = joined(power, power, bit / 2, different);
    if ((size & bit) == 0) continue;
    grams = length == 0 ? power : joined(grams, power, length, different);
    length += bit;
  }
  if (size == 1) different = *std::max_element(grams.begin(), grams.end()) + size_t{1};
  const size_t all = words - size + 1;
  return 1.0 - static_cast<double>(different) / static_cast<double>(all);
}

}  // namespace hone
