// What a single word says about which of the languages in Latin script it is of: lists of frequent words, trigrams of letters, and
// letters that a language does not have. The profiles are rewards/profiles/*.txt: frequent words, "--", a text for the trigrams,
// "--", the letters beside a to z.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace hone {

inline constexpr std::array<std::string_view, 7> kLatinLanguages = {"de", "en", "es", "fr", "it", "pt", "vi"};
inline constexpr size_t kNumLatin = kLatinLanguages.size();
size_t latin_index(std::string_view language);  // kNumLatin if it is none of them

/// log2 of the likelihood of each language over the likeliest one's, in sixteenths; 0 for the likeliest, never below kWeakest.
/// Integers: the same on every machine.
using Evidence = std::array<int32_t, kNumLatin>;
inline constexpr int32_t kBit = 16;
inline constexpr int32_t kWeakest = -12 * kBit;

class LatinProfile {
 public:
  static const LatinProfile& get();  // made once, from the texts in the program
  ~LatinProfile();

  /// `word` has at least one letter; in any case, with apostrophes inside or at its ends.
  Evidence evidence(std::string_view word) const;
  /// Whether the word, in small letters, is in some language's list.
  bool is_frequent(std::string_view word) const;

 private:
  LatinProfile();
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace hone
