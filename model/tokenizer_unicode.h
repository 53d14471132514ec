// Unicode as the tokenizers need it: code points in valid UTF-8, character classes, the byte alphabet, and
// repair of what is not UTF-8. Whatever the installed libraries' Unicode version, the classes are those of
// version 16, as in `tokenizers` 0.23. (More classes: tokenizer_tables.h.)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hone {

/// The code point at text[*at], which is moved behind it. `text` is valid UTF-8.
inline uint32_t next_code_point(std::string_view text, size_t* at) {
  const auto byte = [&](size_t i) { return uint32_t(uint8_t(text[*at + i])); };
  const uint32_t first = byte(0);
  if (first < 0x80) return *at += 1, first;
  uint32_t code_point;
  if (first < 0xE0) return code_point = (first & 0x1F) << 6 | (byte(1) & 0x3F), *at += 2, code_point;
  code_point = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  if (first < 0xF0) return *at += 3, code_point;
  code_point = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  return *at += 4, code_point;
}

/// Bytes of the sequence that begins with `first`.
inline size_t utf8_length(char first) {
  const auto byte = uint8_t(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// 0 for an empty text.
uint32_t first_code_point(std::string_view text);
uint32_t last_code_point(std::string_view text);

void append_code_point(std::string& text, uint32_t code_point);

bool is_white_space(uint32_t code_point);
bool is_word(uint32_t code_point);  // Alphabetic, M*, Nd, Pc, joiners

/// Appends the lower case of a character, by itself: no final sigma.
void append_lower_case(std::string& text, uint32_t code_point);

/// Whether normal forms leave a character alone as if it were a letter: what Unicode added after version 9,
/// as in `tokenizers`.
bool is_inert(uint32_t code_point);

/// GPT-2's alphabet: each byte as a printable character.
const std::array<uint32_t, 256>& byte_alphabet();
/// The byte of a character of that alphabet, or -1.
int byte_of(uint32_t code_point);

/// Makes valid UTF-8 out of bytes that come piece by piece: U+FFFD for each maximal part of a broken
/// sequence.
class Utf8Repair {
 public:
  /// Appends to `out` all that is decided; the beginning of an unfinished character is kept.
  void push(std::string_view bytes, std::string& out);
  void finish(std::string& out);

 private:
  std::string rest_;  // at most 3 bytes
};

}  // namespace hone
