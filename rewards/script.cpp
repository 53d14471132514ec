#include "rewards/script.h"

#include <array>
#include <cstdint>

#include "rewards/text.h"

namespace hone {
namespace {

struct Block {
  char32_t first, last;
  Script script;
};
/// Letters by Unicode block, ascending; what lies between is kOther.
constexpr Block kBlocks[] = {
    {0x41, 0x24F, Script::kLatin},       {0x250, 0x2AF, Script::kLatin},
    {0x370, 0x3FF, Script::kGreek},      {0x400, 0x52F, Script::kCyrillic},
    {0x590, 0x5FF, Script::kHebrew},     {0x600, 0x77F, Script::kArabic},
    {0x8A0, 0x8FF, Script::kArabic},     {0x900, 0x97F, Script::kDevanagari},
    {0xE00, 0xE7F, Script::kThai},       {0x1100, 0x11FF, Script::kHangul},
    {0x1E00, 0x1EFF, Script::kLatin},    {0x1F00, 0x1FFF, Script::kGreek},
    {0x2C60, 0x2C7F, Script::kLatin},    {0x2DE0, 0x2DFF, Script::kCyrillic},
    {0x3005, 0x3007, Script::kHan},      {0x3041, 0x30FF, Script::kKana},
    {0x3130, 0x318F, Script::kHangul},   {0x31F0, 0x31FF, Script::kKana},
    {0x3400, 0x4DBF, Script::kHan},      {0x4E00, 0x9FFF, Script::kHan},
    {0xA640, 0xA69F, Script::kCyrillic}, {0xA720, 0xA7FF, Script::kLatin},
    {0xAC00, 0xD7FF, Script::kHangul},   {0xF900, 0xFAFF, Script::kHan},
    {0xFB50, 0xFDFF, Script::kArabic},   {0xFE70, 0xFEFF, Script::kArabic},
    {0xFF21, 0xFF5A, Script::kLatin},    {0xFF66, 0xFF9F, Script::kKana},
    {0x20000, 0x323AF, Script::kHan},
};

constexpr uint8_t kLetter = 0x40, kMark = 0x80, kScriptMask = 0x3F;
constexpr size_t kTableSize = 0x10000;  // the basic plane

uint8_t classify(char32_t c) {
  if (is_letter(c)) return static_cast<uint8_t>(kLetter | static_cast<uint8_t>(script_of(c)));
  return is_mark(c) ? kMark : 0;
}

LetterClass unpack(uint8_t packed) {
  return {static_cast<Script>(packed & kScriptMask), (packed & kLetter) != 0, (packed & kMark) != 0};
}

}  // namespace

Script script_of(char32_t c) {
  for (const Block& block : kBlocks) {
    if (c < block.first) break;
    if (c <= block.last) return block.script;
  }
  return Script::kOther;
}

LetterClass letter_class(char32_t c) {
  static const auto kTable = [] {
    std::array<uint8_t, kTableSize> table{};
    for (size_t i = 0; i < kTableSize; ++i) table[i] = classify(static_cast<char32_t>(i));
    return table;
  }();
  return unpack(c < kTableSize ? kTable[c] : classify(c));
}

}  // namespace hone
