// Normal forms of words and of whole answers, for comparing them letter by letter.
#include <array>

#include "rewards/math_judge.h"
#include "rewards/math_lexer.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct Synonym {
  std::string_view from, to;
};
constexpr std::array kSynonyms = {
    Synonym{"zero", "0"},
    Synonym{"one", "1"},
    Synonym{"two", "2"},
    Synonym{"three", "3"},
    Synonym{"four", "4"},
    Synonym{"five", "5"},
    Synonym{"six", "6"},
    Synonym{"seven", "7"},
    Synonym{"eight", "8"},
    Synonym{"nine", "9"},
    Synonym{"ten", "10"},
    Synonym{"eleven", "11"},
    Synonym{"twelve", "12"},
    Synonym{"real numbers", "all real numbers"},
    Synonym{"all reals", "all real numbers"},
    Synonym{"none", "empty set"},
    Synonym{"no solution", "empty set"},
    Synonym{"no solutions", "empty set"},
    Synonym{"no real solutions", "empty set"},
    Synonym{"no real solution", "empty set"},
};

}  // namespace

std::string normal_words(std::string_view text) {
  std::string out;
  const std::string lowered = lower_case(text);
  bool space = false;
  for (size_t pos = 0; pos < lowered.size(); ++pos) {
    const char c = lowered[pos];
    if (c == '\\') {  // a command such as \text; its braces vanish below
      while (pos + 1 < lowered.size() && lowered[pos + 1] >= 'a' && lowered[pos + 1] <= 'z') ++pos;
      space = true;
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      if (space && !out.empty()) out += ' ';
      space = false;
      out += c;
    } else if (c != '.' && c != '\'') {
      space = true;
    }
  }
  for (const std::string_view article :
       {std::string_view("the "), std::string_view("a "), std::string_view("an ")}) {
    if (out.starts_with(article)) {
      out.erase(0, article.size());
      break;
    }
  }
  for (const Synonym& synonym : kSynonyms) {
    if (out == synonym.from) return std::string(synonym.to);
  }
  return out;
}

std::string normal_text(std::string_view text) {
  std::string out;
  Lexer lexer(text);
  for (Token token = lexer.next(true); token.kind != TokenKind::kEnd; token = lexer.next(true)) {
    std::string_view piece = text.substr(token.begin, token.end - token.begin);
    if (piece == "\\dfrac" || piece == "\\tfrac") piece = "\\frac";
    out += piece;
  }
  while (out.ends_with('.')) out.pop_back();
  return out;
}

}  // namespace hone
