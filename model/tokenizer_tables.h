// Classes of characters as `tokenizers` 0.23 has them, in tables of ranges (tokenizer_tables.cpp is generated).
#pragma once

#include <cstdint>

namespace hone {

bool is_numeric(uint32_t code_point);          // Digits
bool is_punctuation(uint32_t code_point);      // Punctuation, BertPreTokenizer: ASCII's symbols too
bool is_combining_mark(uint32_t code_point);   // StripAccents
bool is_nonspacing_mark(uint32_t code_point);  // what BertNormalizer strips
bool is_bert_control(
    uint32_t code_point);  // what BertNormalizer removes: control, format, private use, U+FFFD

/// A number for each script; 0: unassigned, goes with any. Hiragana and Katakana count as Han (UnicodeScripts).
int script_of(uint32_t code_point);

}  // namespace hone
