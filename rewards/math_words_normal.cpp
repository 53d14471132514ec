// Normal forms of words and of whole answers, for comparing them letter by letter.
#include <algorithm>
#include <array>
#include <vector>

#include "rewards/math_judge.h"
#include "rewards/math_lexer.h"
#include "rewards/math_prose.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct Synonym {
  std::string_view from, to;
};

/// Single words.
constexpr auto kWordForms = std::to_array<Synonym>({
    {"zero", "0"},        {"one", "1"},          {"two", "2"},         {"three", "3"},
    {"four", "4"},        {"five", "5"},         {"six", "6"},         {"seven", "7"},
    {"eight", "8"},       {"nine", "9"},         {"ten", "10"},        {"eleven", "11"},
    {"twelve", "12"},     {"first", "1"},        {"third", "3"},       {"fourth", "4"},
    {"fifth", "5"},       {"jan", "january"},    {"feb", "february"},  {"mar", "march"},
    {"apr", "april"},     {"jun", "june"},       {"jul", "july"},      {"aug", "august"},
    {"sep", "september"}, {"sept", "september"}, {"oct", "october"},   {"nov", "november"},
    {"dec", "december"},  {"mon", "monday"},     {"tue", "tuesday"},   {"tues", "tuesday"},
    {"wed", "wednesday"}, {"thu", "thursday"},   {"thur", "thursday"}, {"thurs", "thursday"},
    {"fri", "friday"},    {"sat", "saturday"},   {"sun", "sunday"},
});
constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

/// Whole answers. A yes to a question and the truth of a statement are one, as are the ways to say that nothing solves it.
constexpr auto kSynonyms = std::to_array<Synonym>({
    {"none", "empty set"},
    {"null set", "empty set"},
    {"dne", "does not exist"},
    {"doesnt exist", "does not exist"},
    {"do not exist", "does not exist"},
    {"infinite", "infinity"},
    {"infinitely many", "infinity"},
    {"infinitely many solutions", "infinity"},
    {"infinite solutions", "infinity"},
    {"infinite number of solutions", "infinity"},
    {"inf", "infinity"},
    {"not defined", "undefined"},
    {"not possible", "impossible"},
    {"cannot be done", "impossible"},
    {"neither even nor odd", "neither"},
    {"neither odd nor even", "neither"},
    {"yes", "true"},
    {"correct", "true"},
    {"t", "true"},
    {"no", "false"},
    {"incorrect", "false"},
    {"f", "false"},
    {"minus infinity", "negative infinity"},
    {"positive infinity", "infinity"},
    {"plus infinity", "infinity"},
    // Chinese: wu jie, kong ji, fang cheng wu jie, wu shi shu jie; bu cun zai; wu qiong duo, wu shu; bu ke neng.
    {"\xE6\x97\xA0\xE8\xA7\xA3", "empty set"},
    {"\xE7\xA9\xBA\xE9\x9B\x86", "empty set"},
    {"\xE6\x96\xB9\xE7\xA8\x8B\xE6\x97\xA0\xE8\xA7\xA3", "empty set"},
    {"\xE6\x97\xA0\xE5\xAE\x9E\xE6\x95\xB0\xE8\xA7\xA3", "empty set"},
    {"\xE4\xB8\x8D\xE5\xAD\x98\xE5\x9C\xA8", "does not exist"},
    {"\xE6\x97\xA0\xE7\xA9\xB7\xE5\xA4\x9A", "infinity"},
    {"\xE6\x97\xA0\xE6\x95\xB0", "infinity"},
    {"\xE4\xB8\x8D\xE5\x8F\xAF\xE8\x83\xBD", "impossible"},
    // zheng que, dui, shi; cuo wu, cuo, fou, bu shi, bu dui, bu zheng que.
    {"\xE6\xAD\xA3\xE7\xA1\xAE", "true"},
    {"\xE5\xAF\xB9", "true"},
    {"\xE6\x98\xAF", "true"},
    {"\xE9\x94\x99\xE8\xAF\xAF", "false"},
    {"\xE9\x94\x99", "false"},
    {"\xE5\x90\xA6", "false"},
    {"\xE4\xB8\x8D\xE6\x98\xAF", "false"},
    {"\xE4\xB8\x8D\xE5\xAF\xB9", "false"},
    {"\xE4\xB8\x8D\xE6\xAD\xA3\xE7\xA1\xAE", "false"},
    // Japanese: kai nashi. Korean: hae eopseum.
    {"\xE8\xA7\xA3\xE3\x81\xAA\xE3\x81\x97", "empty set"},
    {"\xED\x95\xB4 \xEC\x97\x86\xEC\x9D\x8C", "empty set"},
});

/// Nouns that say what kind of thing has the property that is asked for: an odd function is odd.
constexpr std::array<std::string_view, 6> kKinds = {" function",
                                                    " triangle",
                                                    " number",
                                                    " numbers",
                                                    "\xE6\x9D\xA1\xE4\xBB\xB6",   // zh: tiao jian, condition
                                                    "\xE5\x87\xBD\xE6\x95\xB0"};  // zh: han shu, function

/// zh: xing qi yi .. ri, zhou yi .. ri: the days of the week.
std::string_view chinese_day(std::string_view word) {
  constexpr Synonym kDays[] = {{"\xE4\xB8\x80", "monday"},    {"\xE4\xBA\x8C", "tuesday"},
                               {"\xE4\xB8\x89", "wednesday"}, {"\xE5\x9B\x9B", "thursday"},
                               {"\xE4\xBA\x94", "friday"},    {"\xE5\x85\xAD", "saturday"},
                               {"\xE6\x97\xA5", "sunday"},    {"\xE5\xA4\xA9", "sunday"}};
  for (const std::string_view week :
       {"\xE6\x98\x9F\xE6\x9C\x9F", "\xE5\x91\xA8", "\xE7\xA4\xBC\xE6\x8B\x9C"}) {
    if (!word.starts_with(week)) continue;
    for (const Synonym& day : kDays) {
      if (word.substr(week.size()) == day.from) return day.to;
    }
  }
  return word;
}

std::string_view word_form(std::string_view word) {
  if (static_cast<unsigned char>(word[0]) >= 0x80) return chinese_day(word);
  if (word[0] >= '0' && word[0] <= '9') {  // "30th"
    const size_t end = word.find_first_not_of("0123456789");
    const std::string_view mark = end == std::string_view::npos ? "" : word.substr(end);
    return mark == "th" || mark == "st" || mark == "nd" || mark == "rd" ? word.substr(0, end) : word;
  }
  for (const Synonym& form : kWordForms) {
    if (word == form.from) return form.to;
  }
  return word;
}

/// Small letters and digits, one space between words.
std::string bare_words(std::string_view text) {
  std::string out;
  const std::string lowered = lower_case(text);
  bool space = false;
  for (size_t pos = 0; pos < lowered.size(); ++pos) {
    const char c = lowered[pos];
    if (c == '\\') {  // a command such as \text; its braces vanish below
      size_t end = pos + 1;
      while (end < lowered.size() && lowered[end] >= 'a' && lowered[end] <= 'z') ++end;
      const std::string_view name = std::string_view(lowered).substr(pos + 1, end - pos - 1);
      space = true;
      if (name == "triangle" || name == "angle") continue;
      pos = end - 1;
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      if (space && !out.empty()) out += ' ';
      space = false;
      out += c;
    } else if (c != '.' && c != '\'') {
      space = true;
    }
  }
  return out;
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// "no solution exists", "has no real roots", "no such number".
bool says_nothing_solves(const std::vector<std::string_view>& words) {
  const auto no = std::find(words.begin(), words.end(), "no");
  if (no == words.end() || words.size() > 8) return false;
  const auto end = words.end() - no > 4 ? no + 4 : words.end();
  return std::any_of(no + 1, end, [](std::string_view word) {
    return word == "solution" || word == "solutions" || word == "root" || word == "roots" || word == "such";
  });
}

}  // namespace

std::string normal_words(std::string_view text) {
  const std::string bare = bare_words(text);
  std::vector<std::string_view> words = split_words(bare);
  size_t lead = 0;
  while (lead + 1 < words.size() &&
         (is_lead_word(words[lead]) || (words[lead] == "a" && words[lead + 1].size() > 2)))
    ++lead;
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(lead));
  if (says_nothing_solves(words)) return "empty set";
  for (std::string_view& word : words) word = word_form(word);
  const bool day_first = words.size() >= 2 && words[0].size() <= 2 && words[0][0] <= '9' &&
                         std::find(kMonths.begin(), kMonths.end(), words[1]) != kMonths.end();
  if (day_first) std::swap(words[0], words[1]);
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
  for (const Synonym& synonym : kSynonyms) {
    if (out == synonym.from) return std::string(synonym.to);
  }
  return out;
}

bool same_words(std::string_view a, std::string_view b) {
  if (a == b) return !a.empty();
  const std::string_view shorter = a.size() < b.size() ? a : b, longer = a.size() < b.size() ? b : a;
  if (shorter.empty() || !longer.starts_with(shorter)) return false;
  return std::find(kKinds.begin(), kKinds.end(), longer.substr(shorter.size())) != kKinds.end();
}

std::string normal_text(std::string_view text) {
  std::string out;
  Lexer lexer(text);
  for (Token token = lexer.next(Commas::kDivide); token.kind != TokenKind::kEnd;
       token = lexer.next(Commas::kDivide)) {
    std::string_view piece = text.substr(token.begin, token.end - token.begin);
    if (piece == "\\dfrac" || piece == "\\tfrac") piece = "\\frac";
    if (token.kind == TokenKind::kNumber && token.space_before && !out.empty() && out.back() >= '0' &&
        out.back() <= '9')
      out += ' ';  // "4 2" is not 42
    out += piece;
  }
  while (out.ends_with('.')) out.pop_back();
  return out;
}

}  // namespace hone
