#include "rewards/math_clock.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "rewards/math_number_words.h"
#include "rewards/math_prose.h"
#include "rewards/text.h"

namespace hone {
namespace {

enum class Half { kUnknown, kMorning, kAfternoon };

std::string clock(int hour, int minute, Half half) {
  std::string out = std::to_string(hour) + ":" + (minute < 10 ? "0" : "") + std::to_string(minute);
  if (half == Half::kMorning) out += "\\text{ a.m.}";
  if (half == Half::kAfternoon) out += "\\text{ p.m.}";
  return out;
}

/// A whole number in figures or in words; -1 if it is none.
int number_of(std::string_view text) {
  std::string figures(text);
  if (text.empty() || text[0] > '9') {
    if (!rewrite_number_words(text, figures)) return -1;
  }
  if (figures.empty() || figures.size() > 2 || figures.find_first_not_of("0123456789") != std::string::npos)
    return -1;
  return std::stoi(figures);
}

/// "a.m.", "in the evening", "at night"; nothing if it is none of these.
std::optional<Half> half_of(const std::string& words, int hour) {
  if (words.empty()) return Half::kUnknown;
  if (words == "am" || words == "in the morning") return Half::kMorning;
  if (words == "pm" || words == "in the afternoon" || words == "in the evening") return Half::kAfternoon;
  if (words == "at night") return hour >= 6 && hour < 12 ? Half::kAfternoon : Half::kMorning;
  return std::nullopt;
}

bool english(std::string_view text, std::string& out) {
  static const RE2 noon("(?:(?:at|12|12:00) ?)?(noon|midday|midnight)");
  static const RE2 past(
      "(half|quarter|a quarter|[a-z0-9-]+)( minutes?)? (past|after|to|before|till) ([a-z]+|[0-9]+)"
      "( o'clock)?(?: (am|pm|in the [a-z]+|at night))?");
  static const RE2 hours("([a-z]+|[0-9]+)(?::([0-9][0-9]))?( o'clock)?(?: (am|pm|in the [a-z]+|at night))?");
  std::string plain = lower_case(without_text(text));
  for (const std::string_view dotted : {"a.m.", "p.m.", "a.m", "p.m"}) {
    if (const size_t at = plain.find(dotted); at != std::string::npos)
      plain.replace(at, dotted.size(), {dotted[0], 'm'});
  }
  plain = collapse_space(plain);
  std::string first, minutes, link, hour, half, clock_word, minute;
  if (RE2::FullMatch(plain, noon, &first)) {
    out = clock(12, 0, first == "midnight" ? Half::kMorning : Half::kAfternoon);
    return true;
  }
  if (RE2::FullMatch(plain, past, &first, &minutes, &link, &hour, &clock_word, &half)) {
    const bool said = first == "half" || first.ends_with("quarter") || link == "past" || !minutes.empty() ||
                      !clock_word.empty() || !half.empty();
    if (!said) return false;  // "3 to 5" is a ratio
    int h = number_of(hour), m = first == "half" ? 30 : first.ends_with("quarter") ? 15 : number_of(first);
    const auto which = half_of(half, h);
    if (h < 1 || h > 12 || m < 0 || m > 59 || !which) return false;
    if (link != "past" && link != "after") m = 60 - m, h = h == 1 ? 12 : h - 1;
    out = clock(h, m, *which);
    return true;
  }
  if (!RE2::FullMatch(plain, hours, &hour, &minute, &clock_word, &half)) return false;
  if (clock_word.empty() && (half.empty() || half.size() == 2)) return false;  // "4:30 pm": figures
  const int h = number_of(hour), m = minute.empty() ? 0 : std::stoi(minute);
  const auto which = half_of(half, h);
  if (h < 0 || h > 24 || m > 59 || !which) return false;
  out = clock(h, m, *which);
  return true;
}

struct Daypart {
  std::string_view words;
  bool afternoon;
};
// shang wu, zao shang, zao chen, qing chen, ling chen; xia wu, wan shang, bang wan, zhong wu, ye li.
constexpr auto kDayparts = std::to_array<Daypart>({{"\xE4\xB8\x8A\xE5\x8D\x88", false},
                                                   {"\xE6\x97\xA9\xE4\xB8\x8A", false},
                                                   {"\xE6\x97\xA9\xE6\x99\xA8", false},
                                                   {"\xE6\xB8\x85\xE6\x99\xA8", false},
                                                   {"\xE5\x87\x8C\xE6\x99\xA8", false},
                                                   {"\xE4\xB8\x8B\xE5\x8D\x88", true},
                                                   {"\xE6\x99\x9A\xE4\xB8\x8A", true},
                                                   {"\xE5\x82\x8D\xE6\x99\x9A", true},
                                                   {"\xE4\xB8\xAD\xE5\x8D\x88", true},
                                                   {"\xE5\xA4\x9C\xE9\x87\x8C", true}});

/// "xia wu 3 shi 30 fen", "shang wu 8 dian ban", "wan shang 8:15".
bool chinese(std::string_view text, std::string& out) {
  const auto part = std::find_if(kDayparts.begin(), kDayparts.end(),
                                 [&](const Daypart& d) { return text.starts_with(d.words); });
  if (part == kDayparts.end()) return false;
  static const RE2 time(
      "([0-9]+)(?:\xE6\x97\xB6|\xE7\x82\xB9|:|\xEF\xBC\x9A)(?:\xE9\x92\x9F|\xE6\x95\xB4)?"
      "([0-9]+)?(\xE5\x8D\x8A|\xE5\x88\x86)?");
  std::string hour, minute, mark;
  if (!RE2::FullMatch(collapse_space(text.substr(part->words.size())), time, &hour, &minute, &mark))
    return false;
  if (hour.size() > 2 || minute.size() > 2) return false;
  const bool half = mark == "\xE5\x8D\x8A";
  int h = std::stoi(hour);
  const int m = half ? 30 : minute.empty() ? 0 : std::stoi(minute);
  if (h > 24 || m > 59 || (half && !minute.empty())) return false;
  const bool night = h == 12 && part->words == "\xE6\x99\x9A\xE4\xB8\x8A";  // midnight
  const bool before_noon = part->words == "\xE4\xB8\xAD\xE5\x8D\x88" && h == 11;
  out = clock(h, m, part->afternoon && !night && !before_noon ? Half::kAfternoon : Half::kMorning);
  return true;
}

}  // namespace

bool rewrite_clock(std::string_view text, std::string& out) {
  if (text.size() > 80 || text.empty()) return false;
  if (static_cast<unsigned char>(text[0]) >= 0x80) return chinese(text, out);
  if (!has_words(text)) return false;
  for (const std::string_view word :
       {"oon", "mid", "Mid", "clock", "past", "after", "before", "quarter", "till", "in the", "at night"}) {
    if (text.find(word) != std::string_view::npos) return english(text, out);
  }
  return text.find(" to ") != std::string_view::npos && english(text, out);
}

}  // namespace hone
