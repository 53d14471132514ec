#include "rewards/repetition.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/error.h"
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

}  // namespace

double repetition(std::string_view text, int n) {
  check(n >= 1, "repetition: n is ", n, ", expected >= 1");
  const std::string lowered = lower_case(text);
  const std::vector<uint32_t> words = word_ids(lowered);
  if (words.size() < static_cast<size_t>(n)) return 0.0;
  // grams[i] numbers the k-gram that begins at word i; a (k+1)-gram is the pair of a k-gram and a word. Exact, no hash is trusted.
  std::vector<uint32_t> grams = words;
  size_t different = 0;
  for (int k = 1; k <= n; ++k) {
    const size_t count = words.size() - static_cast<size_t>(k) + 1;
    std::unordered_map<uint64_t, uint32_t> known;
    known.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t pair =
          k == 1 ? words[i] : uint64_t{grams[i]} << 32 | words[i + static_cast<size_t>(k) - 1];
      grams[i] = known.try_emplace(pair, static_cast<uint32_t>(known.size())).first->second;
    }
    different = known.size();
  }
  const size_t all = words.size() - static_cast<size_t>(n) + 1;
  return 1.0 - static_cast<double>(different) / static_cast<double>(all);
}

}  // namespace hone
