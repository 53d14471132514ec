#include "rewards/language.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/error.h"
#include "rewards/latin_labels.h"
#include "rewards/text.h"
#include "rewards/words.h"

namespace hone {
namespace {

struct ByScript {
  std::string_view name;
  Script script;
};
/// Languages that their script tells apart. Japanese and Chinese share one: see HanReader.
constexpr std::array kByScript = {
    ByScript{"zh", Script::kHan},      ByScript{"ja", Script::kKana},   ByScript{"ko", Script::kHangul},
    ByScript{"ru", Script::kCyrillic}, ByScript{"ar", Script::kArabic}, ByScript{"hi", Script::kDevanagari},
    ByScript{"th", Script::kThai},     ByScript{"el", Script::kGreek},  ByScript{"he", Script::kHebrew}};

// Margins of the target over the likeliest other language. The target has the benefit of the doubt: "no" is English where English
// is wanted.
constexpr int32_t kWanted = -1 * kBit;  // from here on it is the target's
constexpr int32_t kOther = -4 * kBit;   // up to here another's

constexpr int64_t kHanPerKana = 8;  // so many Han characters to one kana are still Japanese
constexpr int64_t kLongestKanjiTerm =
    6;  // Han characters of a sentence without kana that may be a Japanese term

std::vector<TextWord> latin_of(const std::vector<TextWord>& words) {
  std::vector<TextWord> latin;
  std::copy_if(words.begin(), words.end(), std::back_inserter(latin),
               [](const TextWord& word) { return word.script == Script::kLatin; });
  return latin;
}

/// Characters of Chinese function words that Japanese does not use.
constexpr std::array<char32_t, 28> kChineseOnly = {0x8FD9, 0x4EEC, 0x5417, 0x5462, 0x4E48, 0x4F60, 0x5F88,
                                                   0x6CA1, 0x8FD8, 0x8BF4, 0x4E3A, 0x8FC7, 0x8BA9, 0x7ED9,
                                                   0x4ECE, 0x5427, 0x554A, 0x8C01, 0x9019, 0x5011, 0x55CE,
                                                   0x9EBC, 0x59B3, 0x9084, 0x8AAA, 0x8B93, 0x5979, 0x5B83};

bool has_chinese_only(std::string_view text) {
  for (size_t pos = 0; pos < text.size();) {
    const CodePoint c = decode(text, pos);
    if (std::find(kChineseOnly.begin(), kChineseOnly.end(), c.value) != kChineseOnly.end()) return true;
    pos += static_cast<size_t>(c.length);
  }
  return false;
}

/// What the Han characters of each sentence are.
enum class Han { kChinese, kJapanese, kEither };

std::vector<Han> read_han(const std::vector<TextWord>& words) {
  struct Sentence {
    int64_t han = 0, kana = 0;
    bool chinese = false;
  };
  std::vector<Sentence> sentences(words.empty() ? 0 : words.back().sentence + 1);
  for (const TextWord& word : words) {
    Sentence& sentence = sentences[word.sentence];
    if (word.script == Script::kKana) sentence.kana += word.count;
    if (word.script != Script::kHan) continue;
    sentence.han += word.count;
    sentence.chinese = sentence.chinese || has_chinese_only(word.text);
  }
  std::vector<Han> out;
  for (const auto& [han, kana, chinese] : sentences) {
    out.push_back(kana > 0 && han <= kana * kHanPerKana               ? Han::kJapanese
                  : kana == 0 && han <= kLongestKanjiTerm && !chinese ? Han::kEither
                                                                      : Han::kChinese);
  }
  return out;
}

int32_t best_rival(const Evidence& label, size_t language) {
  int32_t rival = kWeakest * 100;
  for (size_t l = 0; l < kNumLatin; ++l) {
    if (l != language) rival = std::max(rival, label[l]);
  }
  return rival;
}

void count_latin(const std::vector<TextWord>& words, size_t language, LanguageCounts& counts_) {
  const std::vector<TextWord> latin = latin_of(words);
  const std::vector<bool> names = find_names(latin);
  const std::vector<Evidence> labels = label_latin(latin, names);
  const size_t german = latin_index("de");  // writes all its nouns with a capital
  for (size_t i = 0; i < latin.size(); ++i) {
    const bool name = names[i] && best_rival(labels[i], german) == 0;
    if (name) {
      ++counts_.neutral;
    } else if (language == kNumLatin) {
      ++counts_.other;
    } else {
      const int32_t margin = labels[i][language] - best_rival(labels[i], language);
      ++(margin >= kWanted ? counts_.wanted : margin <= kOther ? counts_.other : counts_.neutral);
    }
  }
}

}  // namespace

double LanguageCounts::share(double empty) const {
  return wanted + other == 0 ? empty : static_cast<double>(wanted) / static_cast<double>(wanted + other);
}

LanguageCounts count_language(std::string_view text, std::string_view language) {
  check(is_known_language(language), "language: got \"", language, "\", which is not known");
  const std::vector<TextWord> words = split_words(text);
  LanguageCounts counts;
  count_latin(words, latin_index(language), counts);
  const auto by_script = std::find_if(kByScript.begin(), kByScript.end(),
                                      [&](const ByScript& one) { return one.name == language; });
  const Script script = by_script == kByScript.end() ? Script::kLatin : by_script->script;
  const std::vector<Han> han = read_han(words);
  for (const TextWord& word : words) {
    if (word.script == Script::kLatin) continue;
    bool wanted = word.script == script;
    if (word.script == Script::kHan) {
      const Han reading = han[word.sentence];
      wanted =
          (language == "zh" && reading != Han::kJapanese) || (language == "ja" && reading != Han::kChinese);
    }
    (wanted ? counts.wanted : counts.other) += word.count;
  }
  return counts;
}

bool is_known_language(std::string_view language) {
  return latin_index(language) < kNumLatin ||
         std::any_of(kByScript.begin(), kByScript.end(),
                     [&](const ByScript& one) { return one.name == language; });
}

std::vector<std::string> known_languages() {
  std::vector<std::string> names;
  for (const std::string_view name : kLatinLanguages) names.emplace_back(name);
  for (const ByScript& one : kByScript) names.emplace_back(one.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string detect_language(std::string_view text) {
  const std::vector<TextWord> words = split_words(text);
  const WordCounts counts = count_words(words);
  const auto of = [&](Script script) { return counts[static_cast<size_t>(script)]; };
  if (of(Script::kKana) > 0 && of(Script::kKana) * kHanPerKana >= of(Script::kHan) &&
      of(Script::kKana) * kHanPerKana >= of(Script::kLatin))
    return "ja";
  const auto most = std::max_element(counts.begin(), counts.end());
  if (*most == 0) return "";
  const auto script = static_cast<Script>(most - counts.begin());
  for (const ByScript& one : kByScript) {
    if (one.script == script) return std::string(one.name);
  }
  if (script != Script::kLatin) return "";
  std::array<int64_t, kNumLatin> votes{};
  const std::vector<TextWord> latin = latin_of(words);
  for (const Evidence& label : label_latin(latin, find_names(latin)))
    for (size_t l = 0; l < kNumLatin; ++l) votes[l] += label[l];
  const size_t english = latin_index("en");  // if nothing tells them apart
  const auto best = std::max_element(votes.begin(), votes.end());
  return std::string(
      kLatinLanguages[votes[english] == *best ? english : static_cast<size_t>(best - votes.begin())]);
}

}  // namespace hone
