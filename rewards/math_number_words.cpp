#include "rewards/math_number_words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "rewards/math_measure.h"
#include "rewards/math_prose.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct Named {
  std::string_view word;
  int64_t value;
};

constexpr auto kSmall = std::to_array<Named>({
    {"zero", 0},     {"one", 1},      {"two", 2},        {"three", 3},     {"four", 4},
    {"five", 5},     {"six", 6},      {"seven", 7},      {"eight", 8},     {"nine", 9},
    {"ten", 10},     {"eleven", 11},  {"twelve", 12},    {"thirteen", 13}, {"fourteen", 14},
    {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19},
});
constexpr auto kTens = std::to_array<Named>({{"twenty", 20},
                                             {"thirty", 30},
                                             {"forty", 40},
                                             {"fourty", 40},
                                             {"fifty", 50},
                                             {"sixty", 60},
                                             {"seventy", 70},
                                             {"eighty", 80},
                                             {"ninety", 90}});
constexpr auto kScales = std::to_array<Named>(
    {{"thousand", 1000}, {"million", 1000000}, {"billion", 1000000000}, {"trillion", 1000000000000}});
constexpr auto kParts = std::to_array<Named>(
    {{"half", 2},       {"halves", 2},      {"third", 3},         {"fourth", 4},         {"quarter", 4},
     {"fifth", 5},      {"sixth", 6},       {"seventh", 7},       {"eighth", 8},         {"ninth", 9},
     {"tenth", 10},     {"eleventh", 11},   {"twelfth", 12},      {"thirteenth", 13},    {"fourteenth", 14},
     {"fifteenth", 15}, {"sixteenth", 16},  {"twentieth", 20},    {"thirtieth", 30},     {"fortieth", 40},
     {"fiftieth", 50},  {"hundredth", 100}, {"thousandth", 1000}, {"millionth", 1000000}});

template <size_t n>
int64_t value_of(const std::array<Named, n>& names, std::string_view word) {
  for (const Named& name : names) {
    if (name.word == word) return name.value;
  }
  return -1;
}

int64_t part_of(std::string_view word) {
  const int64_t value = value_of(kParts, word);
  return value < 0 && word.ends_with('s') ? value_of(kParts, word.substr(0, word.size() - 1)) : value;
}

struct Word {
  std::string_view text;
  size_t begin = 0, end = 0;
  bool comma_before = false;
};

class NumberReader {
 public:
  explicit NumberReader(std::string_view text) {
    bool comma = false;
    for (size_t pos = 0; pos < text.size() && words_.size() < kMostWords;) {
      const size_t begin = pos;
      while (pos < text.size() && text[pos] >= 'a' && text[pos] <= 'z') ++pos;
      if (pos > begin) {
        words_.push_back({text.substr(begin, pos - begin), begin, pos, comma});
        comma = false;
      } else {
        if (text[pos] != ' ' && text[pos] != '-' && text[pos] != ',') break;
        comma = comma || text[pos] == ',';
        ++pos;
      }
    }
  }

  /// One number; empty if none stands here. `end` is then behind it in the text.
  std::string number(size_t& end) {
    std::string sign;
    if (is("negative") || is("minus")) sign = "-", ++at_;
    std::string out = unsigned_number();
    if (out.empty()) return "";
    end = words_[at_ - 1].end;
    return sign + out;
  }

 private:
  static constexpr size_t kMostWords = 40;
  std::string_view peek(size_t ahead = 0) const {
    return at_ + ahead < words_.size() ? words_[at_ + ahead].text : std::string_view();
  }
  bool is(std::string_view word, size_t ahead = 0) const { return peek(ahead) == word; }

  std::string unsigned_number() {
    const bool article = is("a") || is("an");
    if (is("dozen")) return ++at_, "12";
    if (article || is("half") || is("quarter")) {  // a half, half, a dozen, a hundred
      if (const int64_t part = part_of(peek(article ? 1 : 0)); part > 0) {
        at_ += article ? 2 : 1;
        return fraction(1, part);
      }
    }
    if (article && is("dozen", 1)) return at_ += 2, "12";
    const auto whole = whole_number();
    if (!whole) return "";
    if (const int64_t part = part_of(peek()); part > 0 && *whole > 0) return ++at_, fraction(*whole, part);
    if (is("point") || is("decimal")) return decimal(*whole);
    if (is("and")) {
      if (const std::string part = fraction_behind_and(); !part.empty()) return std::to_string(*whole) + part;
    }
    return std::to_string(*whole);
  }

  static std::string fraction(int64_t top, int64_t bottom) {
    return "\\frac{" + std::to_string(top) + "}{" + std::to_string(bottom) + "}";
  }

  /// "and a half", "and two thirds"; empty, and nothing read, if something else follows.
  std::string fraction_behind_and() {
    const size_t start = at_++;
    std::optional<int64_t> top;
    if (is("a") || is("an")) {
      ++at_, top = 1;
    } else {
      top = whole_number();
    }
    const int64_t part = top ? part_of(peek()) : -1;
    if (part > 0 && *top > 0 && *top < part) return ++at_, fraction(*top, part);
    at_ = start;
    return "";
  }

  std::string decimal(int64_t whole) {
    const size_t start = at_++;
    std::string digits;
    for (int64_t digit; (digit = value_of(kSmall, peek())) >= 0 && digit < 10; ++at_)
      digits += std::to_string(digit);
    if (digits.empty()) at_ = start;
    return std::to_string(whole) + (digits.empty() ? "" : "." + digits);
  }

  /// Below a hundred: "seven", "forty-two".
  std::optional<int64_t> below_hundred() {
    if (const int64_t small = value_of(kSmall, peek()); small >= 0) return ++at_, small;
    const int64_t tens = value_of(kTens, peek());
    if (tens < 0) return std::nullopt;
    ++at_;
    const int64_t ones = value_of(kSmall, peek());
    if (ones > 0 && ones < 10 && !words_[at_].comma_before) return ++at_, tens + ones;
    return tens;
  }

  /// Below a thousand: "two hundred and five"; also "twelve hundred".
  std::optional<int64_t> below_thousand() {
    std::optional<int64_t> value;
    if ((is("a") && is("hundred", 1))) {
      ++at_, value = 1;
    } else {
      value = below_hundred();
    }
    if (!value || *value == 0 || !is("hundred")) return value;
    ++at_;
    value = *value * 100;
    const size_t start = at_;
    if (is("and")) ++at_;
    const auto rest = below_hundred();
    if (rest && *rest > 0 && part_of(peek()) < 0) return *value + *rest;
    at_ = start;
    return value;
  }

  /// "one million, two hundred thousand and five".
  std::optional<int64_t> whole_number() {
    int64_t total = 0, last = INT64_MAX;
    for (bool some = false;; some = true) {
      const size_t start = at_;
      if (some && is("and")) ++at_;
      std::optional<int64_t> group;
      if (is("a") && value_of(kScales, peek(1)) > 0) {
        ++at_, group = 1;
      } else {
        group = below_thousand();
      }
      const int64_t scale = group ? value_of(kScales, peek()) : -1;
      // Groups of scales that fall, the last of them ones.
      const bool fits = group && (scale > 0 ? scale < last : last > 1) && (!some || *group < last);
      if (!fits || (some && scale <= 0 && part_of(peek()) > 0)) {
        at_ = start;
        return some ? std::optional(total) : std::nullopt;
      }
      if (scale > 0) ++at_;
      total += *group * std::max<int64_t>(scale, 1);
      last = scale > 0 ? scale : 1;
      if (scale <= 0) return total;
    }
  }

  std::vector<Word> words_;
  size_t at_ = 0;
};

bool begins_with_number(std::string_view text) {
  const size_t end = std::min(text.find_first_of(" -,"), text.size());
  const std::string_view word = text.substr(0, end);
  return value_of(kSmall, word) >= 0 || value_of(kTens, word) >= 0 || part_of(word) == 2 ||
         word == "quarter" || word == "dozen" || word == "a" || word == "an" || word == "negative" ||
         word == "minus";
}

/// "apples", "people": one word, in the plural, that can only be what was counted.
bool is_counted(std::string_view rest) {
  if (rest.empty()) return false;
  if (rest == "people" || rest == "men" || rest == "women" || rest == "children") return true;
  const bool word = std::all_of(rest.begin(), rest.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (part_of(rest) > 0 || rest == "hundreds" || rest == "dozens") return false;
  return word && value_of(kScales, rest.substr(0, rest.size() - 1)) < 0 && rest.size() >= 4 &&
         rest.ends_with('s') && !rest.ends_with("ss") && rest != "times" && rest != "minus" &&
         rest != "plus" && rest != "less" && rest != "does";
}

bool may_follow(std::string_view rest) {
  if (is_counted(rest)) return true;
  if (rest.empty() || rest == "percent" || rest == "per cent" || rest == "\\%" || rest == "%") return true;
  const auto measure = measure_of(rest);
  return measure && !measure->partial;
}

}  // namespace

bool rewrite_number_words(std::string_view text, std::string& out) {
  if (text.size() > 400 || text.empty()) return false;
  const bool letter = (text[0] | 32) >= 'a' && (text[0] | 32) <= 'z';
  if (letter ? !begins_with_number(lower_case(text.substr(0, 16))) : !text.starts_with("\\text{"))
    return false;
  const std::string plain = lower_case(without_text(text));
  std::string_view rest = trim(plain);
  std::string numbers;
  for (int elements = 0; elements < 16; ++elements) {
    if (!begins_with_number(rest)) return false;
    size_t end = 0;
    const std::string number = NumberReader(rest).number(end);
    if (number.empty()) return false;
    numbers += number;
    rest = trim(rest.substr(end));
    std::string_view behind = rest;
    if (behind.starts_with(',')) behind = trim(behind.substr(1));
    for (const std::string_view link : {std::string_view("and "), std::string_view("or ")}) {
      if (!behind.starts_with(link)) continue;
      numbers += link == "or " ? " or " : "";
      behind = trim(behind.substr(link.size()));
      break;
    }
    if (behind.size() == rest.size()) {
      if (!may_follow(rest)) return false;
      out = numbers + (rest.empty() ? "" : " " + std::string(rest));
      return true;
    }
    if (!numbers.ends_with(" or ")) numbers += ", ";
    rest = behind;
  }
  return false;
}

}  // namespace hone
