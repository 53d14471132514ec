#include "rewards/latin_profile.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/embedded.h"
#include "core/error.h"
#include "rewards/key_numbers.h"
#include "rewards/script.h"
#include "rewards/text.h"

namespace hone {

extern const EmbeddedText language_profiles[];  // rewards/profiles, sorted by name
extern const size_t language_profiles_size;

namespace {

constexpr int32_t kInList = 6 * kBit;          // for a word of a language's list
constexpr int32_t kForeignLetter = -6 * kBit;  // for each letter that a language does not have
constexpr int32_t kWeakestShape = -4 * kBit;   // letters alone say no more than this
constexpr uint64_t kSmoothing = 4;    // sixteenths of an occurrence that every trigram has beside its own
constexpr uint64_t kDistinct = 3000;  // trigrams that could occur
constexpr char32_t kEdge = 1;         // before and after a word

/// log2(n) in sixteenths, rounded down; n >= 1. By squaring: libm's last bit depends on the machine.
int32_t log2_sixteenths(uint64_t n) {
  int32_t whole = 0;
  while (n >> whole > 1) ++whole;
  unsigned __int128 mantissa = (static_cast<unsigned __int128>(n) << 62) >> whole;  // in [2^62, 2^63)
  int32_t log = whole;
  for (int bit = 0; bit < 4; ++bit) {
    mantissa = mantissa * mantissa >> 62;
    const bool carry = mantissa >> 63 != 0;
    if (carry) mantissa >>= 1;
    log = 2 * log + carry;
  }
  return log;
}

uint64_t trigram(char32_t a, char32_t b, char32_t c) { return uint64_t{a} << 42 | uint64_t{b} << 21 | c; }

/// Calls use(trigram) for each of the word's, its edges included.
template <class Use>
void each_trigram(std::string_view word, const Use& use) {
  char32_t before = kEdge, last = kEdge;
  for (size_t pos = 0; pos < word.size();) {
    const CodePoint c = decode(word, pos);
    pos += static_cast<size_t>(c.length);
    if (last != kEdge || before != kEdge) use(trigram(before, last, c.value));
    if (last == kEdge) use(trigram(kEdge, kEdge, c.value));
    before = last;
    last = c.value;
  }
  if (last != kEdge) use(trigram(before, last, kEdge));
}

/// Small letters, composed, apostrophes as ASCII has them and none at the ends.
std::string plain_word(std::string_view word) {
  std::string out;
  bool marks = false;
  for (size_t pos = 0; pos < word.size();) {
    const CodePoint c = decode(word, pos);
    marks = marks || letter_class(c.value).mark;
    if (c.value == 0x2019) {
      out += '\'';
    } else {
      out.append(word, pos, static_cast<size_t>(c.length));
    }
    pos += static_cast<size_t>(c.length);
  }
  out = lower_case(out);
  if (marks) out = composed(out);
  while (!out.empty() && out.back() == '\'') out.pop_back();
  out.erase(0, out.find_first_not_of('\''));
  return out;
}

struct Hash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

std::vector<std::string_view> spaced(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t pos = 0; (pos = text.find_first_not_of(" \n", pos)) != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(" \n", pos), text.size());
    words.push_back(text.substr(pos, end - pos));
    pos = end;
  }
  return words;
}

}  // namespace

struct LatinProfile::Tables {
  std::unordered_map<std::string, uint32_t, Hash, std::equal_to<>> lists;  // word -> languages, bit by bit
  KeyNumbers trigrams;
  std::vector<Evidence> shapes;                      // of each trigram: log2 of its probability
  Evidence unseen{};                                 // of a trigram that is in no profile
  std::unordered_map<char32_t, uint32_t> alphabets;  // letter beyond ASCII -> languages

  uint32_t languages_of(std::string_view word) const {
    const auto found = lists.find(word);
    return found == lists.end() ? 0 : found->second;
  }
};

namespace {

/// Trigrams of all the profiles.
class Counts {
 public:
  void add(size_t language, std::string_view word) {
    each_trigram(word, [&](uint64_t key) {
      ++counts_[key][language];
      ++total_[language];
    });
  }
  int32_t log(size_t language, uint64_t count) const {
    return log2_sixteenths(16 * count + kSmoothing) -
           log2_sixteenths(16 * total_[language] + kSmoothing * kDistinct);
  }
  const auto& all() const { return counts_; }

 private:
  std::unordered_map<uint64_t, std::array<uint64_t, kNumLatin>> counts_;
  std::array<uint64_t, kNumLatin> total_{};
};

/// Letters of a running word: what is around them goes.
std::string bare(std::string_view word) {
  std::string out;
  for (size_t pos = 0; pos < word.size();) {
    const CodePoint c = decode(word, pos);
    if (letter_class(c.value).letter || c.value == '\'') out.append(word, pos, static_cast<size_t>(c.length));
    pos += static_cast<size_t>(c.length);
  }
  return plain_word(out);
}

/// Calls use(part) for what stands between apostrophes.
template <class Use>
void each_part(std::string_view word, const Use& use) {
  for (size_t pos = 0; pos <= word.size();) {
    const size_t end = std::min(word.find('\'', pos), word.size());
    if (end > pos) use(word.substr(pos, end - pos));
    pos = end + 1;
  }
}

}  // namespace

LatinProfile::LatinProfile() {
  auto tables = std::make_unique<Tables>();
  Counts counts;
  check(language_profiles_size == kNumLatin, "language profiles: got ", language_profiles_size, ", expected ",
        kNumLatin);
  for (size_t language = 0; language < kNumLatin; ++language) {
    const auto& [name, text] = language_profiles[language];
    const size_t list_end = text.find("\n--\n"), text_end = text.rfind("\n--\n");
    check(name == kLatinLanguages[language] && list_end < text_end, "language profile ", name,
          ": expected that of ", kLatinLanguages[language], ", in three parts");
    for (const std::string_view word : spaced(text.substr(0, list_end))) {
      tables->lists[std::string(word)] |= 1u << language;
      each_part(word, [&](std::string_view part) { counts.add(language, part); });
    }
    for (const std::string_view word : spaced(text.substr(list_end + 4, text_end - list_end - 4)))
      each_part(bare(word), [&](std::string_view part) { counts.add(language, part); });
    const std::string_view letters = trim(text.substr(text_end + 4));
    for (size_t pos = 0; pos < letters.size();) {
      const CodePoint c = decode(letters, pos);
      tables->alphabets[c.value] |= 1u << language;
      pos += static_cast<size_t>(c.length);
    }
  }
  for (const auto& [key, by_language] : counts.all()) {
    tables->trigrams.number(key);
    Evidence& shape = tables->shapes.emplace_back();
    for (size_t l = 0; l < kNumLatin; ++l) shape[l] = counts.log(l, by_language[l]);
  }
  tables_ = std::move(tables);
}

LatinProfile::~LatinProfile() = default;

const LatinProfile& LatinProfile::get() {
  static const LatinProfile kProfile;
  return kProfile;
}

bool LatinProfile::is_frequent(std::string_view word) const {
  return tables_->languages_of(plain_word(word)) != 0;
}

Evidence LatinProfile::evidence(std::string_view word) const {
  const std::string text = plain_word(word);
  Evidence shape{}, sum{};
  each_part(text, [&](std::string_view part) {
    each_trigram(part, [&](uint64_t key) {
      const uint32_t found = tables_->trigrams.find(key);
      if (found == KeyNumbers::kUnknown) return;  // says nothing about any
      for (size_t l = 0; l < kNumLatin; ++l) shape[l] += tables_->shapes[found][l];
    });
    for (size_t pos = 0; pos < part.size();) {
      const CodePoint c = decode(part, pos);
      pos += static_cast<size_t>(c.length);
      if (c.value < 0x80) continue;
      const auto known = tables_->alphabets.find(c.value);
      for (size_t l = 0; l < kNumLatin && known != tables_->alphabets.end(); ++l) {
        if ((known->second >> l & 1) == 0) sum[l] += kForeignLetter;
      }
    }
  });
  uint32_t lists = tables_->languages_of(text);
  if (lists == 0 && text.find('\'') != std::string::npos)
    each_part(text, [&](std::string_view part) { lists |= tables_->languages_of(part); });
  const int32_t best_shape = *std::max_element(shape.begin(), shape.end());
  for (size_t l = 0; l < kNumLatin; ++l) {
    // A word that several languages list is no more one's than the other's, whatever it looks like.
    sum[l] += (lists >> l & 1) != 0 ? kInList : std::max(shape[l] - best_shape, kWeakestShape);
  }
  const int32_t best = *std::max_element(sum.begin(), sum.end());
  for (int32_t& one : sum) one = std::max(one - best, kWeakest);
  return sum;
}

size_t latin_index(std::string_view language) {
  return static_cast<size_t>(std::find(kLatinLanguages.begin(), kLatinLanguages.end(), language) -
                             kLatinLanguages.begin());
}

}  // namespace hone
