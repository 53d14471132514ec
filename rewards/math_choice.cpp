#include "rewards/math_choice.h"

#include <array>

#include "rewards/text.h"

namespace hone {
namespace {

constexpr char kLast = 'J';

/// Past white space, "\ ", "~", "$" and the like.
std::string_view skip_space(std::string_view text) {
  while (!text.empty()) {
    const char c = text[0], next = text.size() > 1 ? text[1] : '\0';
    if (c == ' ' || c == '~' || c == '$' || c == '\n') {
      text.remove_prefix(1);
    } else if (c == '\\' && (next == ' ' || next == ',' || next == ';' || next == ':')) {
      text.remove_prefix(2);
    } else if (c == '\\' && next == 'q' && text.starts_with("\\quad")) {
      text.remove_prefix(5);
    } else {
      break;
    }
  }
  return text;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_font(std::string_view& text) {
  if (text.size() < 4 || text[0] != '\\' || (text[1] != 't' && text[1] != 'm' && text[1] != 'b'))
    return false;
  for (const std::string_view font :
       {"\\text{", "\\textbf{", "\\mathrm{", "\\mathbf{", "\\textit{", "\\mbox{", "\\bf{"}) {
    if (take(text, font)) return true;
  }
  return false;
}

/// "Option", "choice", and the Chinese for "choose" and "option".
bool take_word(std::string_view& text) {
  if (text.empty() || std::string_view("OoCcAa\xE9\xE6").find(text[0]) == std::string_view::npos)
    return false;
  for (const std::string_view word :
       {"Option ", "option ", "Choice ", "choice ", "Answer ", "answer ", "\xE9\x80\x89\xE9\xA1\xB9",
        "\xE6\x95\x85\xE9\x80\x89", "\xE9\x80\x89"}) {
    if (take(text, word)) return true;
  }
  return false;
}

/// What follows an unmarked letter when a reason or a description does.
bool explains(std::string_view rest) {
  for (const std::string_view word : {"because ", "since ", "as ", "- "}) {
    if (rest.starts_with(word) && rest.size() > word.size() && (word != "- " || rest[2] >= 'A')) return true;
  }
  return false;
}

/// Whether another answer follows: "or (C)", ", C", "(C)".
bool goes_on(std::string_view rest) {
  rest = skip_space(rest);
  take_font(rest);
  rest = skip_space(rest);
  for (const std::string_view link : {"or ", "and ", ",", "&", ";", "/"}) {
    if (rest.starts_with(link)) return true;
  }
  return rest.size() >= 3 && rest[0] == '(' && rest[1] >= 'A' && rest[1] <= kLast && rest[2] == ')';
}

}  // namespace

std::optional<Choice> parse_choice(std::string_view text) {
  Choice out;
  text = skip_space(text);
  bool font = take_font(text);
  text = skip_space(text);
  out.marked = take_word(text);
  text = skip_space(text);
  if (!font) font = take_font(text);
  text = skip_space(text);
  const char open = text.empty() ? '\0' : text[0];
  const bool bracket = open == '(' || open == '[';
  if (bracket) text = skip_space(text.substr(1));
  if (text.empty()) return std::nullopt;
  out.small_letter = text[0] >= 'a' && text[0] <= 'a' + (kLast - 'A');
  out.letter = static_cast<char>(text[0] & ~0x20);
  if (out.letter < 'A' || out.letter > kLast || (text[0] & 0x40) == 0) return std::nullopt;
  text.remove_prefix(1);
  if (bracket) {
    text = skip_space(text);
    if (!take(text, open == '(' ? ")" : "]")) return std::nullopt;
    out.marked = true;
  } else if (take(text, ")")) {
    out.marked = true;
  }
  text = skip_space(text);
  if (font && take(text, "}")) font = false;
  const bool delimiter = take(text, ".") || take(text, ":");
  out.marked = out.marked || delimiter;
  if (font && text.ends_with('}')) text.remove_suffix(1), font = false;
  if (font) return std::nullopt;
  out.text = trim(skip_space(text));
  if (!out.text.empty() && !out.marked && !explains(out.text)) return std::nullopt;
  if (goes_on(out.text)) return std::nullopt;
  if (out.small_letter && !(bracket || out.marked)) return std::nullopt;
  return out;
}

std::optional<ChoiceSet> read_choice_set(std::string_view text) {
  if (text.size() > 80) return std::nullopt;
  ChoiceSet out;
  int count = 0;
  char last = '\0';
  bool gap = false;
  while (!text.empty()) {
    const char c = text[0];
    if (c >= 'A' && c <= kLast) {
      const unsigned bit = 1u << (c - 'A');
      if ((out.letters & bit) || (!gap && c < last)) return std::nullopt;
      out.separated = out.separated || (gap && count > 0);
      out.letters |= bit;
      last = c, gap = false, ++count;
      text.remove_prefix(1);
    } else if (c == '\\' && (take_font(text) || take(text, "\\{") || take(text, "\\}"))) {
    } else if ((c == 'a' && take(text, "and")) || c == ',' || c == ';' || c == '&' || c == ' ') {
      gap = true;
      if (c != 'a') text.remove_prefix(1);
    } else if (c == '(' && text.size() > 2 && text[1] >= 'A' && text[1] <= kLast && text[2] == ')') {
      text.remove_prefix(1);
    } else if ((c == ')' && last != '\0') || c == '{' || c == '}' || c == '$' || c == '\\') {
      text.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  if (count < 2) return std::nullopt;
  return out;
}

ChoiceVerdict compare_choices(std::string_view gold, std::string_view answer, std::string_view& gold_text,
                              std::string_view& answer_text) {
  gold_text = gold, answer_text = answer;
  if (gold.size() > 4096 || answer.size() > 4096) return ChoiceVerdict::kNoChoice;
  const auto x = parse_choice(gold);
  const auto y = parse_choice(answer);
  const bool choice = x && !x->small_letter && (x->text.empty() || x->marked);
  if (choice && y) {
    if (x->letter != y->letter)
      return x->marked && y->marked ? ChoiceVerdict::kDifferent : ChoiceVerdict::kNoChoice;
    if (x->text.empty() || y->text.empty()) return ChoiceVerdict::kSame;
    gold_text = x->text, answer_text = y->text;
    return ChoiceVerdict::kCompareTexts;
  }
  if (choice && !x->text.empty()) {
    gold_text = x->text;
    return ChoiceVerdict::kCompareTexts;
  }
  if (choice) return ChoiceVerdict::kNoChoice;
  const auto letters = read_choice_set(gold);
  const auto other = letters ? read_choice_set(answer) : std::nullopt;
  if (other && (letters->separated || other->separated))
    return letters->letters == other->letters ? ChoiceVerdict::kSame : ChoiceVerdict::kDifferent;
  if (!letters && y && y->marked && !y->text.empty())
    answer_text = y->text;  // the text of the option may be the gold
  return ChoiceVerdict::kNoChoice;
}

}  // namespace hone
