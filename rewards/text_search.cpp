#include "rewards/text_search.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace hone {

size_t find_text(std::string_view text, std::string_view what, size_t from) {
  if (from >= text.size()) return std::string_view::npos;
  const void* at = memmem(text.data() + from, text.size() - from, what.data(), what.size());
  return at ? static_cast<size_t>(static_cast<const char*>(at) - text.data()) : std::string_view::npos;
}

size_t find_last_text(std::string_view text, std::string_view what) { return nth_last_text(text, what, 1); }

size_t nth_last_text(std::string_view text, std::string_view what, size_t n) {
  constexpr size_t kChunk = 16384;  // begins of words that are looked for in one go, from the end of the text
  std::vector<size_t> places;
  for (size_t end = text.size(); end > 0;) {
    const size_t begin = end - std::min(end, kChunk);
    const std::string_view chunk = text.substr(begin, end - begin + what.size() - 1);
    places.clear();
    for (size_t at = find_text(chunk, what); at != std::string_view::npos;
         at = find_text(chunk, what, at + 1))
      places.push_back(begin + at);
    if (places.size() >= n) return places[places.size() - n];
    n -= places.size();
    end = begin;
  }
  return std::string_view::npos;
}

}  // namespace hone
