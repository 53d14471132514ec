// How often the languages are told apart, on sentences that the profiles were not made from (tests/rewards/language_*.txt). Prints
// the figures; the bounds are what they were when this was written, rounded down.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <sstream>

#include "core/files.h"
#include "rewards/language.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

using Sentences = std::map<std::string, std::vector<std::string>>;  // by language

Sentences read_sentences(const std::string& name) {
  std::istringstream in(read_file(source_dir().string() + "/tests/rewards/" + name));
  Sentences all;
  std::string language;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("= "))
      language = line.substr(2);
    else if (!line.empty() && line[0] != '#')
      all[language].push_back(line);
  }
  return all;
}

TEST(LanguageAccuracy, SentencesAreDetected) {
  for (const char* file : {"language_sentences.txt", "language_scripts.txt"}) {
    for (const auto& [language, sentences] : read_sentences(file)) {
      size_t right = 0;
      ASSERT_GE(sentences.size(), 40u) << language;
      for (const std::string& sentence : sentences) {
        const std::string detected = detect_language(sentence);
        right += detected == language;
        if (detected != language) std::cout << language << " as " << detected << ": " << sentence << "\n";
      }
      std::cout << language << ": " << right << " of " << sentences.size() << " sentences\n";
      EXPECT_GE(right * 100, sentences.size() * 95) << language;
    }
  }
}

TEST(LanguageAccuracy, AWholeTextIsInItsLanguageAndInNoOther) {
  Sentences all = read_sentences("language_sentences.txt");
  all.merge(read_sentences("language_scripts.txt"));
  for (const auto& [language, sentences] : all) {
    std::string text;
    for (const std::string& sentence : sentences) text += sentence + " ";
    for (const auto& [other, unused] : all) {
      const double share = count_language(text, other).share(1.0);
      if (other == language) {
        std::cout << language << ": share " << share << "\n";
        EXPECT_GE(share, 0.99) << language;
      } else {
        EXPECT_LE(share, 0.06) << language << " for " << other;
      }
    }
  }
}

TEST(LanguageAccuracy, ASentenceAloneIsInItsLanguageAndInNoOther) {
  const Sentences all = read_sentences("language_sentences.txt");
  for (const auto& [language, sentences] : all) {
    double own = 0, others = 0;
    for (const std::string& sentence : sentences) {
      own += count_language(sentence, language).share(1.0);
      for (const auto& [other, unused] : all) {
        if (other != language) others += count_language(sentence, other).share(0.0);
      }
    }
    const auto n = static_cast<double>(sentences.size());
    std::cout << language << ": own share " << own / n << ", other languages' "
              << others / n / static_cast<double>(all.size() - 1) << "\n";
    EXPECT_GE(own / n, 0.98) << language;
    EXPECT_LE(others / n / static_cast<double>(all.size() - 1), 0.03) << language;
  }
}

/// Sentences of two languages in turn: the share of the first is that of its words.
TEST(LanguageAccuracy, AMixedTextHasNearlyItsTrueShare) {
  Sentences all = read_sentences("language_sentences.txt");
  all.merge(read_sentences("language_scripts.txt"));
  double worst = 0, sum = 0;
  size_t pairs = 0;
  for (const auto& [first, ours] : all) {
    for (const auto& [second, theirs] : all) {
      if (first == second) continue;
      std::string mixed, own;
      for (size_t i = 0; i < 40; ++i) {
        mixed += ours[i] + " " + (i % 3 == 0 ? theirs[i] + "\n" : "");
        own += ours[i] + " ";
      }
      const LanguageCounts counts = count_language(mixed, first);
      const LanguageCounts alone = count_language(own, first);
      const double expected =
          static_cast<double>(alone.wanted) /
          static_cast<double>(counts.wanted + counts.other + counts.neutral - alone.neutral);
      const double error = std::abs(counts.share(1.0) - expected);
      worst = std::max(worst, error), sum += error, ++pairs;
      EXPECT_LE(error, 0.05) << first << " with " << second;
    }
  }
  std::cout << "mixed by sentences: mean error " << sum / static_cast<double>(pairs) << ", worst " << worst
            << "\n";
}

struct Mixed {
  const char* text;
  const char* language;
  double share;  // counted by hand
};

TEST(LanguageAccuracy, PhrasesOfAnotherLanguageInASentenceCount) {
  const Mixed cases[] = {
      {"First we add the numbers, und dann teilen wir durch drei.", "en", 5.0 / 11},
      {"First we add the numbers, und dann teilen wir durch drei.", "de", 6.0 / 11},
      {"So the answer is, je pense que oui, exactly twelve.", "en", 6.0 / 11},
      {"Le r\u00E9sultat est correct because the remainder is zero.", "fr", 4.0 / 9},
      {"Entonces tenemos que dividir, and then we check the result again.", "es", 4.0 / 11},
      {"Quindi il numero deve essere even, not odd, in questo caso.", "it", 8.0 / 11},
      {"Ent\u00E3o n\u00F3s precisamos verificar whether this is really true.", "pt", 4.0 / 9},
      {"V\u1EADy ta c\u1EA7n t\u00ECm the smallest number l\u1EDBn h\u01A1n m\u01B0\u1EDDi.", "vi", 7.0 / 10},
      {"Wir brauchen die Summe of all the numbers.", "de", 4.0 / 8},
  };
  double sum = 0;
  for (const Mixed& one : cases) {
    const double got = count_language(one.text, one.language).share(1.0);
    sum += std::abs(got - one.share);
    EXPECT_NEAR(got, one.share, 0.15) << one.text << " for " << one.language;
  }
  std::cout << "mixed inside sentences: mean error " << sum / std::size(cases) << "\n";
}

TEST(LanguageAccuracy, AWrongLabelWouldShow) {  // what the bounds above can see
  const Sentences all = read_sentences("language_sentences.txt");
  std::string text;
  for (const std::string& sentence : all.at("pt")) text += sentence + " ";
  EXPECT_LT(count_language(text, "es").share(1.0), 0.05);
  EXPECT_GT(count_language(text, "pt").share(1.0), 0.95);
}

}  // namespace
}  // namespace hone
