#include "rewards/math_numeral.h"

#include <algorithm>

#include "rewards/math_parser.h"
#include "rewards/text.h"

namespace hone {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_space(std::string_view& text) {
  for (const std::string_view space : {" ", "\\,", "\\ ", "\\;", "\\:", "\\!", "~"}) {
    if (take(text, space)) return true;
  }
  return false;
}

bool take_font(std::string_view& text) {
  for (const std::string_view font : {"\\text{", "\\mathrm{", "\\mathtt{", "\\mathbf{", "\\textbf{",
                                      "\\texttt{", "\\textrm{", "\\mathit{", "\\mathsf{"}) {
    if (take(text, font)) return true;
  }
  return false;
}

/// Behind the digits: "_{11}", "_\text{eleven}", "base 11", "(base 11)". 0 if it is no base.
int64_t base_of(std::string_view rest) {
  while (take_space(rest)) {
  }
  if (rest.size() > 40) return 0;
  const bool subscript = take(rest, "_");
  const size_t word = rest.find("base");
  if (!subscript && word == std::string_view::npos) return 0;
  for (size_t i = 0; i < rest.size(); ++i) {  // nothing but the base and what sets it
    if (std::string_view("+-*/=^<>").find(rest[i]) != std::string_view::npos) return 0;
  }
  if (!subscript) {
    const std::string_view before = rest.substr(0, word);
    for (const char c : before) {
      if (std::string_view(" ({\\text,in}").find(c) == std::string_view::npos) return 0;
    }
  }
  const std::string_view figures = rest.substr(std::min(rest.find_first_of("0123456789"), rest.size()));
  const size_t end = std::min(figures.find_first_not_of("0123456789"), figures.size());
  if (figures.substr(end).find_first_not_of("}) .") != std::string_view::npos) return 0;
  const int64_t radix = radix_of(rest);
  return radix >= 2 && radix <= 36 ? radix : 0;
}

/// The digits, as large letters, up to the base; whether they were more than plain ones.
std::string digits_of(std::string_view& text, bool& fancy) {
  std::string out;
  int open = 0;
  while (!text.empty()) {
    const char c = text[0];
    const bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    if ((c == 'b' || c == 'i') && (text.starts_with("base") || text.starts_with("in base"))) break;
    if (is_digit(c) || letter) {
      fancy = fancy || (c >= 'a' && c <= 'z');
      out += letter ? static_cast<char>(c & ~32) : c;
      text.remove_prefix(1);
    } else if (take_space(text) || take_font(text)) {
      if (text.data()[-1] == '{') ++open;
      fancy = true;
    } else if (c == '}' && open > 0) {
      --open;
      text.remove_prefix(1);
    } else {
      break;
    }
  }
  return out;
}

}  // namespace

bool rewrite_numeral(std::string_view text, std::string& out) {
  if (text.size() > 200) return false;
  if (text.find('_') == std::string_view::npos && text.find("base") == std::string_view::npos) return false;
  const bool negative = take(text, "-");
  bool fancy = text.find("base") != std::string_view::npos;
  std::string_view rest = text;
  const std::string digits = digits_of(rest, fancy);
  const bool letters = std::none_of(digits.begin(), digits.end(), is_digit);
  if (!fancy || digits.empty() ||
      (letters && (digits.size() < 2 || text.find(digits) == std::string_view::npos)))
    return false;  // "ab_{12}" is a product
  const int64_t base = base_of(rest);
  if (base == 0) return false;
  const bool fits = std::all_of(digits.begin(), digits.end(),
                                [&](char c) { return (is_digit(c) ? c - '0' : c - 'A' + 10) < base; });
  if (!fits) return false;
  const bool figures = std::all_of(digits.begin(), digits.end(), is_digit);
  out = (negative ? "-" : "") + (figures ? digits : "\\text{" + digits + "}") + "_{" + std::to_string(base) +
        "}";
  return true;
}

}  // namespace hone
