// NFC, NFD, NFKC and NFKD by utf8proc's pieces, in time n log n.
#include <utf8proc.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "model/tokenizer_normalizer.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

/// Whether every character is known to stay as it is in NFC, whatever stands beside it: most texts need no
/// more than this.
bool surely_nfc(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const uint32_t c = next_code_point(text, &at);
    const bool inert = c < 0x300 || (c >= 0x3400 && c < 0x9FF0) || (c >= 0x2010 && c < 0x2028) ||
                       (c >= 0x3000 && c < 0x302A) || (c >= 0x3041 && c < 0x3097) ||
                       (c >= 0x30A1 && c < 0x30FF) || (c >= 0xFF00 && c < 0xFFF0) ||
                       (c >= 0x410 && c < 0x450);
    if (!inert) return false;
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return uint8_t(c) < 0x80; });
}

/// A character of a text that is being normalised. What is inert has class 0 and takes part in nothing.
struct Character {
  utf8proc_int32_t code_point;
  int combining_class;
  bool inert;
};

/// Appends the parts of a character.
void decompose(uint32_t c, bool compatible, std::vector<Character>& out) {
  if (is_inert(c)) return out.push_back({utf8proc_int32_t(c), 0, true});
  utf8proc_int32_t parts[32];  // Unicode's longest decomposition is 18
  const auto options = utf8proc_option_t(UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0));
  const auto count = utf8proc_decompose_char(utf8proc_int32_t(c), parts, std::size(parts), options, nullptr);
  for (int i = 0; i < int(count); ++i)
    out.push_back({parts[i], utf8proc_get_property(parts[i])->combining_class, false});
}

/// Orders each run of combining marks by class. utf8proc's own ordering takes quadratic time, hence its
/// pieces are used one by one.
void order_marks(std::vector<Character>& text) {
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && text[end].combining_class != 0) ++end;
    std::stable_sort(
        text.begin() + ptrdiff_t(begin), text.begin() + ptrdiff_t(end),
        [](const Character& a, const Character& b) { return a.combining_class < b.combining_class; });
    begin = end + 1;
  }
}

/// Appends the code points between inert characters, composed if asked for, and those characters.
void append_characters(const std::vector<Character>& text, bool compose, std::string* out) {
  std::vector<utf8proc_int32_t> part;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && !text[at].inert) {
      part.push_back(text[at].code_point);
      continue;
    }
    auto length = utf8proc_ssize_t(part.size());
    if (compose && length > 0) {
      length = utf8proc_normalize_utf32(part.data(), length,
                                        utf8proc_option_t(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
    }
    for (utf8proc_ssize_t i = 0; i < length; ++i) append_code_point(*out, uint32_t(part[size_t(i)]));
    if (at < text.size()) append_code_point(*out, uint32_t(text[at].code_point));
    part.clear();
  }
}

}  // namespace

void normalize_unicode(std::string* text, UnicodeForm form) {
  if (form == UnicodeForm::kNfc ? surely_nfc(*text) : is_ascii(*text)) return;
  const bool compatible = form == UnicodeForm::kNfkc || form == UnicodeForm::kNfkd;
  const bool compose = form == UnicodeForm::kNfc || form == UnicodeForm::kNfkc;
  std::vector<Character> characters;
  characters.reserve(text->size());
  for (size_t at = 0; at < text->size();) decompose(next_code_point(*text, &at), compatible, characters);
  order_marks(characters);
  text->clear();
  append_characters(characters, compose, text);
}

}  // namespace hone
