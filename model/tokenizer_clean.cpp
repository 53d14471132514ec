#include "model/tokenizer_clean.h"

#include "model/tokenizer_normalizer.h"
#include "model/tokenizer_tables.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr uint32_t kRemoved = ~uint32_t{0};

/// Each character becomes change(character), or nothing if that is kRemoved.
template <class Change>
void change_each(std::string* text, bool* at_start, Change change) {
  std::string out;
  out.reserve(text->size());
  for (size_t at = 0; at < text->size();) {
    const bool first = at == 0;
    const uint32_t changed = change(next_code_point(*text, &at));
    if (changed != kRemoved) {
      append_code_point(out, changed);
    } else if (first) {
      *at_start = false;
    }
  }
  *text = std::move(out);
}

bool is_nmt_control(uint32_t c) {
  return (c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
}

bool is_nmt_space(uint32_t c) {
  return c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
         c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
}

bool is_chinese(uint32_t c) {  // with the gap that BERT's own list has before U+2B920
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x2F800 && c <= 0x2FA1F);
}

}  // namespace

void lower_text(std::string* text, bool*) {
  std::string out;
  out.reserve(text->size());
  for (size_t at = 0; at < text->size();) append_lower_case(out, next_code_point(*text, &at));
  *text = std::move(out);
}

void strip_accents(std::string* text, bool* at_start) {
  change_each(text, at_start, [](uint32_t c) { return is_combining_mark(c) ? kRemoved : c; });
}

void clean_nmt_text(std::string* text, bool* at_start) {
  change_each(text, at_start, [](uint32_t c) {
    return is_nmt_control(c) ? kRemoved : is_nmt_space(c) ? ' ' : c;
  });
}

void spell_bytes(std::string* text, bool*) {
  std::string out;
  for (const char byte : *text) append_code_point(out, byte_alphabet()[uint8_t(byte)]);
  *text = std::move(out);
}

void strip_white_space(std::string* text, bool* at_start, bool left, bool right) {
  size_t begin = 0, end = text->size();
  for (size_t at = 0; left && at < end && is_white_space(next_code_point(*text, &at));) begin = at;
  while (right && end > begin &&
         is_white_space(last_code_point(std::string_view(*text).substr(begin, end - begin)))) {
    do --end;
    while ((uint8_t((*text)[end]) & 0xC0) == 0x80);
  }
  if (begin > 0) *at_start = false;
  *text = text->substr(begin, end - begin);
}

void clean_bert_text(std::string* text, bool* at_start) {
  change_each(text, at_start, [](uint32_t c) {
    return is_bert_control(c) ? kRemoved : is_white_space(c) ? ' ' : c;
  });
}

void put_spaces_around_chinese(std::string* text) {
  std::string out;
  out.reserve(text->size());
  for (size_t at = 0; at < text->size();) {
    const uint32_t c = next_code_point(*text, &at);
    if (is_chinese(c)) out += ' ';
    append_code_point(out, c);
    if (is_chinese(c)) out += ' ';
  }
  *text = std::move(out);
}

void strip_bert_accents(std::string* text, bool* at_start) {
  normalize_unicode(text, UnicodeForm::kNfd);
  change_each(text, at_start, [](uint32_t c) { return is_nonspacing_mark(c) ? kRemoved : c; });
}

}  // namespace hone
