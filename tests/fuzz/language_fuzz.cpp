// Any text: words are views of it in order, every word is counted once for every language, and the share is in 0 to 1. Repetition,
// which shares the notion of a word in Han, is in 0 to 1 too.
#include <string>

#include "rewards/language.h"
#include "rewards/repetition.h"
#include "rewards/text.h"
#include "rewards/words.h"
#include "tests/fuzz/rule_input.h"

namespace hone {
namespace {

/// Bytes among pieces of several scripts, so that words and sentences come up.
std::string assembled(const std::string& bytes) {
  const char* const kPieces[] = {"the ",
                                 "und ",
                                 "Que ",
                                 "per\xC3\xB2 ",
                                 "\xE6\x89\x80",
                                 "\xE3\x81\xAF",
                                 "\xEA\xB0\x80 ",
                                 "\xD0\xB4\xD0\xB0 ",
                                 "\xE0\xB8\xAA",
                                 ". ",
                                 "\n\n",
                                 "$",
                                 "`",
                                 "<t>",
                                 "\\(",
                                 "\\)",
                                 "'",
                                 "x",
                                 "Ann ",
                                 "https://a ",
                                 "\xCC\x81",
                                 "3 ",
                                 "\xE3\x80\x82"};
  std::string text;
  for (const char c : bytes) {
    const auto i = static_cast<unsigned char>(c);
    if (i < 230)
      text += kPieces[i % std::size(kPieces)];
    else
      text += c;
  }
  return text;
}

void check_one(const std::string& text, const std::string& language, int n) {
  int64_t all = 0;
  const char* end = text.data();
  for (const TextWord& word : split_words(text)) {
    require(word.text.data() >= end && word.text.data() + word.text.size() <= text.data() + text.size());
    require(!word.text.empty() && word.count > 0);
    end = word.text.data() + word.text.size();
    all += word.count;
  }
  const LanguageCounts counts = count_language(text, language);
  require(counts.wanted >= 0 && counts.other >= 0 && counts.neutral >= 0);
  require(counts.wanted + counts.other + counts.neutral == all);
  require(counts.share(0.5) >= 0 && counts.share(0.5) <= 1);
  const std::string detected = detect_language(text);
  require(detected.empty() || is_known_language(detected));
  require(all > 0 || detected.empty());
  const double repeated = repetition(text, n);
  require(repeated >= 0 && repeated < 1);
  require(collapse_space(collapse_space(text)) == collapse_space(text));
}

}  // namespace
}  // namespace hone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<std::string> kLanguages = hone::known_languages();
  hone::FuzzTexts in(data, size);
  const uint8_t how = in.byte();
  const std::string& language = kLanguages[in.byte() % kLanguages.size()];
  const std::string text = in.rest();
  hone::check_one(how & 1 ? text : hone::assembled(text), language, 1 + (how >> 1) % 5);
  return 0;
}
