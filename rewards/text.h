// UTF-8 and white space in text that a model wrote: broken bytes are ordinary input here, never an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hone {

struct CodePoint {
  char32_t value = 0;
  int length = 1;  // bytes
};
inline constexpr char32_t kBroken = 0xFFFD;

/// The code point at text[pos], pos < text.size(). A byte that starts no well-formed sequence is kBroken, of length 1.
CodePoint decode(std::string_view text, size_t pos);

/// Without white space at both ends, Unicode's included.
std::string_view trim(std::string_view text);

/// Trimmed, every run of white space one space.
std::string collapse_space(std::string_view text);
/// Whether collapse_space() of both is the same; stops at the first difference.
bool same_but_space(std::string_view a, std::string_view b);

/// Well-formed UTF-8 for a detail or a message: broken bytes replaced, cut after about `limit` bytes.
std::string excerpt(std::string_view text, size_t limit = 200);

/// Code points, a broken byte as one.
int64_t count_code_points(std::string_view text);

/// Canonically composed (NFC): one spelling of what Unicode calls the same text. Text with broken bytes, or with
/// more marks behind a letter than any writing has, is left as it is.
std::string composed(std::string_view text);
/// NFKC: full-width and circled letters and the like as plain ones. Otherwise as above.
std::string compatible(std::string_view text);

bool is_space(char32_t c);
bool is_punctuation(char32_t c);  // Unicode P*
bool is_letter(char32_t c);       // Unicode L*
bool is_mark(char32_t c);         // Unicode M*: belongs to the letter before it
std::string lower_case(std::string_view text);

}  // namespace hone
