#include "rewards/text_search.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "rewards/byte_block.h"

namespace hone {

constexpr size_t kNone = std::string_view::npos;

/// Where three bytes of `what` have the right distances is looked at more closely. The C library's memmem needs several times as long
/// on texts made for it.
size_t find_text(std::string_view text, std::string_view what, size_t from) {
  if (from >= text.size() || what.size() > text.size() - from) return kNone;
  const size_t last = what.size() - 1, middle = last / 2;
  const size_t end = text.size() - last;  // of the places where it may begin
  const char first_byte = what.front(), middle_byte = what[middle], last_byte = what.back();
  const auto is_here = [&](size_t at) {
    return text[at] == first_byte && std::memcmp(text.data() + at, what.data(), what.size()) == 0;
  };
  size_t pos = from;
  for (; pos + sizeof(ByteBlock) <= end; pos += sizeof(ByteBlock)) {
    const char* at = text.data() + pos;
    const ByteBlock found = equals(load_bytes(at), first_byte) &
                            equals(load_bytes(at + middle), middle_byte) &
                            equals(load_bytes(at + last), last_byte);
    for (ByteMask places(found); !places.empty(); places.pop_front()) {
      if (is_here(pos + places.front())) return pos + places.front();
    }
  }
  for (; pos < end; ++pos) {
    if (is_here(pos)) return pos;
  }
  return kNone;
}

size_t find_any(std::string_view text, std::string_view bytes, size_t from) {
  size_t pos = from;
  for (; pos + sizeof(ByteBlock) <= text.size(); pos += sizeof(ByteBlock)) {
    const ByteBlock block = load_bytes(text.data() + pos);
    ByteBlock found{};
    for (const char c : bytes) found |= equals(block, c);
    if (const ByteMask places(found); !places.empty()) return pos + places.front();
  }
  for (; pos < text.size(); ++pos) {
    for (const char c : bytes) {
      if (text[pos] == c) return pos;
    }
  }
  return kNone;
}

size_t find_last_text(std::string_view text, std::string_view what) { return nth_last_text(text, what, 1); }

size_t nth_last_text(std::string_view text, std::string_view what, size_t n) {
  constexpr size_t kChunk = 16384;  // begins of words that are looked for in one go, from the end of the text
  std::vector<size_t> places;
  for (size_t end = text.size(); end > 0;) {
    const size_t begin = end - std::min(end, kChunk);
    const std::string_view chunk = text.substr(begin, end - begin + what.size() - 1);
    places.clear();
    for (size_t at = find_text(chunk, what); at != kNone; at = find_text(chunk, what, at + 1))
      places.push_back(begin + at);
    if (places.size() >= n) return places[places.size() - n];
    n -= places.size();
    end = begin;
  }
  return kNone;
}

}  // namespace hone
