// Words: function names without a backslash, text in \text{}, units, and answers that are words.
#include <algorithm>
#include <array>

#include "rewards/math_parser.h"
#include "rewards/math_units.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr CommandInfo function(std::string_view name, Function f) {
  return {name, Command::kFunction, uint8_t(f)};
}

constexpr std::array kWords = {
    function("sin", Function::kSin),
    function("cos", Function::kCos),
    function("tan", Function::kTan),
    function("cot", Function::kCot),
    function("sec", Function::kSec),
    function("csc", Function::kCsc),
    function("arcsin", Function::kArcsin),
    function("arccos", Function::kArccos),
    function("arctan", Function::kArctan),
    function("asin", Function::kArcsin),
    function("acos", Function::kArccos),
    function("atan", Function::kArctan),
    function("sinh", Function::kSinh),
    function("cosh", Function::kCosh),
    function("tanh", Function::kTanh),
    function("ln", Function::kLn),
    function("log", Function::kLog),
    function("exp", Function::kExp),
    function("gcd", Function::kGcd),
    function("lcm", Function::kLcm),
    function("max", Function::kMax),
    function("min", Function::kMin),
    function("arccot", Function::kArccot),
    function("arcsec", Function::kArcsec),
    function("arccsc", Function::kArccsc),
    function("cis", Function::kCis),
    function("Re", Function::kRealPart),
    function("Im", Function::kImaginaryPart),
    CommandInfo{"abs", Command::kCall, uint8_t(Op::kAbsolute)},
    CommandInfo{"floor", Command::kCall, uint8_t(Op::kFloor)},
    CommandInfo{"ceil", Command::kCall, uint8_t(Op::kCeiling)},
    CommandInfo{"cbrt", Command::kCall, uint8_t(Op::kRoot)},
    CommandInfo{"frac", Command::kFrac},
    CommandInfo{"dfrac", Command::kFrac},
    CommandInfo{"tfrac", Command::kFrac},
    CommandInfo{"pi", Command::kPi},
    CommandInfo{"Pi", Command::kPi},
    CommandInfo{"sqrt", Command::kSqrt},
    CommandInfo{"inf", Command::kInfinity},
    CommandInfo{"infty", Command::kInfinity},
    CommandInfo{"infinity", Command::kInfinity},
    CommandInfo{"Infinity", Command::kInfinity},
    CommandInfo{"oo", Command::kInfinity},
    CommandInfo{"theta", Command::kSymbol},
    CommandInfo{"alpha", Command::kSymbol},
    CommandInfo{"beta", Command::kSymbol},
    CommandInfo{"gamma", Command::kSymbol},
    CommandInfo{"lambda", Command::kSymbol},
    CommandInfo{"omega", Command::kSymbol},
    CommandInfo{"phi", Command::kSymbol},
    CommandInfo{"and", Command::kAnd},
    CommandInfo{"or", Command::kOr},
};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name(std::string_view run) {
  return run.size() >= 2 && std::all_of(run.begin(), run.end(), is_upper);
}

}  // namespace

bool is_prose(std::string_view run) {
  if (run.size() >= 4) return true;
  const bool capital = is_upper(run[0]);
  const bool rest_small = std::none_of(run.begin() + 1, run.end(), is_upper);
  return run.size() >= 2 && capital && rest_small;
}

CommandInfo find_word(std::string_view letters) {
  if (letters.size() < 2) return {};
  for (const CommandInfo& word : kWords) {
    if (word.name == letters) return word;
  }
  return {};
}

NodeId MathParser::word_command(const CommandInfo& info) {
  switch (info.command) {
    case Command::kFunction:
      return function(static_cast<Function>(info.aux));
    case Command::kSqrt:
      return root();
    case Command::kFrac:
      return fraction(Op::kQuotient);
    case Command::kCall:
      return call(static_cast<Op>(info.aux));
    case Command::kPi:
      advance();
      return leaf({Op::kPi});
    case Command::kInfinity:
      advance();
      return leaf({Op::kInfinity});
    case Command::kSymbol:
      advance();
      return symbol(info.name);
    default:
      return fail("an operand is missing");
  }
}

NodeId MathParser::word() {
  const std::string_view run = letters();
  if (token_.begin >= split_until_ && run.size() > 1) {
    if (const CommandInfo info = find_word(run); !info.name.empty()) return word_command(info);
    if (const NodeId id = is_upper(run[0]) ? numeral() : -1; id >= 0) return id;
    if (currency()) return signed_power();
    if ((is_prose(run) && !is_name(run)) || words_follow()) return phrase();
    if (is_name(run)) {
      advance();
      return symbol(run);
    }
    split_until_ = token_.end;
  } else if (run == "a" && words_follow()) {
    return phrase();
  } else if (is_upper(run[0]) && run.size() == 1 &&
             is_digit(lexer_.position() < lexer_.text().size() ? lexer_.text()[lexer_.position()] : ' ')) {
    if (const NodeId id = numeral(); id >= 0) return id;
  }
  const size_t begin = token_.begin;
  reread(begin + 1);
  return symbol(slice(begin, begin + 1));
}

/// Whether a word of three letters or more stands behind the token and a space: "no solution", "a triangle".
bool MathParser::words_follow() const {
  const std::string_view text = lexer_.text();
  size_t begin = token_.end;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  size_t end = begin;
  while (end < text.size() && ((text[end] | 32) >= 'a' && (text[end] | 32) <= 'z')) ++end;
  return begin > token_.end && end >= begin + 3 && find_word(text.substr(begin, end - begin)).name.empty() &&
         !find_unit(text.substr(begin, end - begin));
}

bool MathParser::is_phrase_token() const {
  switch (token_.kind) {
    case TokenKind::kLetters:
      return letters() != "and" && letters() != "or";
    case TokenKind::kForeign:
    case TokenKind::kNumber:
      return true;
    case TokenKind::kMark:
      return token_.mark == '-' || token_.mark == '.' || token_.mark == '\'' || token_.mark == '/' ||
             token_.mark == '?' || token_.mark == '!' || token_.mark == '"' || token_.mark == '`';
    default:
      return false;
  }
}

/// Words, up to something that words do not hold. Words in a script without spaces before a number are its label.
NodeId MathParser::phrase() {
  const size_t begin = token_.begin;
  const bool foreign = token_.kind == TokenKind::kForeign;
  size_t end = begin;
  for (;;) {
    if (is_phrase_token() && !(foreign && token_.kind == TokenKind::kNumber)) {
      end = token_.end;
      advance();
    } else if (is_command(Command::kText) && !at_separator()) {
      size_t behind = 0;
      text_content(behind);
      if (behind == 0) return fail("text that is not closed");
      end = behind;
      reread(behind);
    } else {
      break;
    }
  }
  if (foreign &&
      (token_.kind == TokenKind::kNumber || is_command(Command::kFrac) || is_command(Command::kSqrt)))
    return sum();
  Node node{Op::kText};
  node.text = slice(begin, end);
  return leaf(node);
}

/// Between the braces after the command at the token, `end` behind them; empty, and end 0, if there are none.
std::string_view MathParser::text_content(size_t& end) const {
  const std::string_view text = lexer_.text();
  size_t begin = token_.end;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  end = 0;
  if (begin >= text.size() || text[begin] != '{') return {};
  int depth = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) {
      end = i + 1;
      return text.substr(begin + 1, i - begin - 1);
    }
  }
  return {};
}

/// \text{..} as an operand: words, a list of words, a letter, a number, "(A)".
NodeId MathParser::text_command() {
  size_t end = 0;
  const std::string_view content = text_content(end);
  if (end == 0) return fail("text that is not closed");
  if (text_currency(content, end)) return signed_power();
  if (const CommandInfo info = find_word(trim(content)); info.command == Command::kFunction ||
                                                         info.command == Command::kCall ||
                                                         info.command == Command::kInfinity) {
    token_.end = end;
    lexer_.seek(end);
    return word_command(info);
  }
  const auto offset = static_cast<size_t>(content.data() - lexer_.text().data());
  const size_t from = pending_.size();
  size_t begin = 0;
  while (begin <= content.size() && !failed_) {
    size_t stop = std::min(content.find(',', begin), content.size());
    for (const std::string_view link : {std::string_view(" and "), std::string_view(" or ")}) {
      stop = std::min(stop, content.find(link, begin));
    }
    if (!trim(content.substr(begin, stop - begin)).empty()) {
      pending_.push_back(text_piece(offset + begin, offset + stop));
    }
    begin = stop + 1;
    for (const std::string_view link : {std::string_view("and "), std::string_view("or ")}) {
      if (content.substr(std::min(begin, content.size())).starts_with(link)) begin += link.size();
    }
  }
  if (failed_) return 0;
  reread(end);
  if (pending_.size() == from) return fail("empty text");
  if (pending_.size() > from + 1) return nary(Op::kList, from);
  const NodeId only = pending_.back();
  pending_.pop_back();
  if (out_[only].op == Op::kText && (is_phrase_token() || is_command(Command::kText)) && !at_separator()) {
    const NodeId more = phrase();  // words go on behind the braces
    if (failed_ || out_[more].op != Op::kText) return more;
    Node& node = out_.nodes[static_cast<size_t>(only)];
    const size_t start = static_cast<size_t>(node.text.data() - lexer_.text().data());
    const std::string_view tail = out_[more].text;
    node.text = slice(start, static_cast<size_t>(tail.data() + tail.size() - lexer_.text().data()));
  }
  return only;
}

NodeId MathParser::text_piece(size_t begin, size_t end) {
  std::string_view piece = trim(slice(begin, end));
  if (piece.size() > 2 && piece.front() == '(' && piece.back() == ')')
    piece = trim(piece.substr(1, piece.size() - 2));
  if (piece.size() == 1 && !is_digit(piece[0])) return symbol(piece);
  const bool negative = piece.size() > 1 && piece[0] == '-';
  const std::string_view digits = piece.substr(negative ? 1 : 0);
  if (negative && find_word(trim(digits)).command == Command::kInfinity)
    return unary(Op::kNegate, leaf({Op::kInfinity}));
  if (digits.find_first_not_of("0123456789.") == std::string_view::npos && digits[0] != '.') {
    const size_t start = static_cast<size_t>(digits.data() - lexer_.text().data());
    reread(start);
    if (token_.kind == TokenKind::kNumber && token_.end == start + digits.size()) {
      return negative ? unary(Op::kNegate, this->number()) : this->number();
    }
  }
  if (is_digit(piece[0]) && piece.find(':') != std::string_view::npos &&
      piece.find_first_not_of("0123456789: ") == std::string_view::npos) {
    reread(static_cast<size_t>(piece.data() - lexer_.text().data()));
    return ratio();
  }
  Node node{Op::kText};
  node.text = piece;
  return leaf(node);
}

/// \mathbf{2340}, \mathbb{R}, \operatorname{lcm}, \mathrm{cm}.
NodeId MathParser::font_command() {
  size_t end = 0;
  const bool blackboard = letters() == "\\mathbb" || letters() == "\\Bbb";
  std::string_view content = trim(text_content(end));
  if (blackboard) {
    size_t letter_end = end;
    if (end == 0) {  // \mathbb R
      content = trim(lexer_.text().substr(token_.end)).substr(0, 1);
      letter_end = static_cast<size_t>(content.data() + content.size() - lexer_.text().data());
    }
    const Token command = token_;
    reread(letter_end);
    if (const NodeId set = number_set(content); set >= 0) return set;
    token_ = command;
    lexer_.seek(command.end);
  }
  if (end == 0) return argument(token_.end);
  const bool all_letters = std::all_of(content.begin(), content.end(),
                                       [](char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); });
  if (all_letters && content.size() > 1) {
    if (const CommandInfo info = find_word(content); !info.name.empty()) {
      token_.end = end;
      lexer_.seek(end);
      return word_command(info);
    }
    reread(end);
    if (is_prose(content) || !is_name(content)) {
      Node node{Op::kText};
      node.text = content;
      return leaf(node);
    }
    return symbol(content);
  }
  return argument(token_.end);
}

}  // namespace hone
