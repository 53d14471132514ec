// Normalizers that look at one character at a time: what they remove, replace and spell out. *at_start is cleared
// where the beginning is removed (see Normalizer::apply).
#pragma once

#include <string>

namespace hone {

void lower_text(std::string* text, bool* at_start);
void strip_accents(std::string* text, bool* at_start);   // removes combining marks
void clean_nmt_text(std::string* text, bool* at_start);  // removes controls; some white space becomes spaces
void spell_bytes(std::string* text, bool* at_start);     // bytes in GPT-2's alphabet
void strip_white_space(std::string* text, bool* at_start, bool left, bool right);

// The parts of BertNormalizer.
void clean_bert_text(std::string* text, bool* at_start);
void put_spaces_around_chinese(std::string* text);
void strip_bert_accents(std::string* text, bool* at_start);  // decomposes (NFD) and removes nonspacing marks

}  // namespace hone
