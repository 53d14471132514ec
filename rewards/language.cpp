#include "rewards/language.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"
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

struct Language {
  std::string_view name;
  std::vector<Script> scripts;
};

const std::vector<Language>& languages() {
  static const std::vector<Language> kLanguages = {
      {"en", {Script::kLatin}},      {"zh", {Script::kHan}},      {"ja", {Script::kKana, Script::kHan}},
      {"ko", {Script::kHangul}},     {"ru", {Script::kCyrillic}}, {"ar", {Script::kArabic}},
      {"hi", {Script::kDevanagari}}, {"th", {Script::kThai}},     {"el", {Script::kGreek}},
      {"he", {Script::kHebrew}},     {"fr", {Script::kLatin}},    {"de", {Script::kLatin}},
      {"es", {Script::kLatin}},      {"pt", {Script::kLatin}},    {"it", {Script::kLatin}},
      {"vi", {Script::kLatin}},
  };
  return kLanguages;
}

constexpr int64_t kThaiLettersPerWord = 4;

/// Where the neutral span that begins at text[pos] ends: a tag, latex, code; `pos` if none does. Each kind of closing mark is
/// looked for only as long as one can exist, so that text full of opening marks stays linear.
class Neutral {
 public:
  explicit Neutral(std::string_view text) : text_(text) {}

  size_t end(size_t pos) {
    switch (text_[pos]) {
      case '<':
        return tag(pos);
      case '\\':
        return command(pos);
      case '$':
        return text_.compare(pos, 2, "$$") == 0 ? to(pos, "$$", dollars_) : to(pos, "$", dollar_);
      case '`':
        return text_.compare(pos, 3, "```") == 0 ? to(pos, "```", fence_) : to(pos, "`", tick_);
      default:
        return pos;
    }
  }

 private:
  /// Past the next `mark`, of the same length as the opening one. `exhausted` remembers that there is none any more.
  size_t to(size_t pos, std::string_view mark, bool& exhausted) {
    if (exhausted) return pos;
    const size_t close = text_.find(mark, pos + mark.size());
    exhausted = close == std::string_view::npos;
    return exhausted ? pos : close + mark.size();
  }

  /// "<think>", "</answer>", "<|end|>": no white space inside, at most 32 bytes.
  size_t tag(size_t pos) const {
    for (size_t i = pos + 1; i < std::min(text_.size(), pos + 32); ++i) {
      const char c = text_[i];
      if (c == '>') return i > pos + 1 ? i + 1 : pos;
      if (c == ' ' || c == '<' || c == '\n' || static_cast<unsigned char>(c) >= 0x80) return pos;
    }
    return pos;
  }

  size_t command(size_t pos) {
    if (text_.compare(pos, 2, "\\(") == 0) return to(pos, "\\)", round_);
    if (text_.compare(pos, 2, "\\[") == 0) return to(pos, "\\]", square_);
    size_t end = pos + 1;
    while (end < text_.size() && is_letter(static_cast<unsigned char>(text_[end])) && text_[end] > 0) ++end;
    return std::min(std::max(end, pos + 2), text_.size());
  }

  std::string_view text_;
  bool dollar_ = false, dollars_ = false, tick_ = false, fence_ = false, round_ = false, square_ = false;
};

}  // namespace

Script script_of(char32_t c) {
  for (const Block& block : kBlocks) {
    if (c < block.first) break;
    if (c <= block.last) return block.script;
  }
  return Script::kOther;
}

int64_t WordCounts::total() const { return std::accumulate(of.begin(), of.end(), int64_t{0}); }

WordCounts count_words(std::string_view text) {
  WordCounts words;
  Neutral neutral(text);
  Script run = Script::kNone;
  int64_t letters = 0;
  const auto finish = [&] {
    int64_t count = letters > 0 ? 1 : 0;
    if (run == Script::kHan || run == Script::kKana) count = letters;
    if (run == Script::kThai) count = (letters + kThaiLettersPerWord - 1) / kThaiLettersPerWord;
    if ((run == Script::kLatin || run == Script::kGreek) && letters == 1) count = 0;
    words.of[static_cast<size_t>(run)] += count;
    run = Script::kNone;
    letters = 0;
  };
  for (size_t pos = 0; pos < text.size();) {
    if (const size_t end = neutral.end(pos); end > pos) {
      finish();
      pos = end;
      continue;
    }
    const CodePoint c = decode(text, pos);
    pos += c.length;
    if (is_letter(c.value)) {
      const Script script = script_of(c.value);
      if (script != run) finish();
      run = script;
      ++letters;
    } else if (!is_mark(c.value) && c.value != '\'' && c.value != 0x2019) {
      finish();
    }
  }
  finish();
  return words;
}

std::vector<Script> scripts_of(std::string_view language) {
  for (const Language& known : languages()) {
    if (known.name == language) return known.scripts;
  }
  return {};
}

std::vector<std::string> known_languages() {
  std::vector<std::string> names;
  for (const Language& known : languages()) names.emplace_back(known.name);
  return names;
}

std::string detect_language(std::string_view text) {
  const WordCounts words = count_words(text);
  if (words.total() == 0) return "";
  if (words.of[static_cast<size_t>(Script::kKana)] > 0 &&
      words.of[static_cast<size_t>(Script::kKana)] * 8 >= words.of[static_cast<size_t>(Script::kHan)]) {
    return "ja";
  }
  const auto most = std::max_element(words.of.begin(), words.of.end()) - words.of.begin();
  for (const Language& known : languages()) {
    if (known.scripts.front() == static_cast<Script>(most)) return std::string(known.name);
  }
  return "";
}

double language_share(const WordCounts& words, std::string_view language, double empty) {
  const std::vector<Script> scripts = scripts_of(language);
  check(!scripts.empty(), "language: got \"", language, "\", which is not known");
  const int64_t total = words.total();
  if (total == 0) return empty;
  int64_t wanted = 0;
  for (const Script script : scripts) wanted += words.of[static_cast<size_t>(script)];
  return static_cast<double>(wanted) / static_cast<double>(total);
}

}  // namespace hone
