#include "rewards/countdown.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/error.h"
#include "rewards/text.h"

namespace hone {
namespace {

enum class Kind {
  kEnd,
  kNumber,
  kPlus,
  kMinus,
  kTimes,
  kDivide,
  kOpen,
  kClose,
  kBraceOpen,
  kBraceClose,
  kFrac,
  kEquals
};

struct Token {
  Kind kind = Kind::kEnd;
  int64_t number = 0;
};

/// What stops the parse; caught by no one outside judge_countdown.
struct Stop {
  Verdict verdict;
  std::string reason;
};

struct Spelling {
  std::string_view text;
  Kind kind;
};
constexpr std::array kSpellings = {
    Spelling{"+", Kind::kPlus},
    Spelling{"\xEF\xBC\x8B", Kind::kPlus},  // U+FF0B
    Spelling{"-", Kind::kMinus},
    Spelling{"\xE2\x88\x92", Kind::kMinus},  // U+2212
    Spelling{"\xE2\x80\x93", Kind::kMinus},  // U+2013
    Spelling{"*", Kind::kTimes},
    Spelling{"x", Kind::kTimes},
    Spelling{"X", Kind::kTimes},
    Spelling{"\xC3\x97", Kind::kTimes},  // U+00D7
    Spelling{"\xC2\xB7", Kind::kTimes},
    Spelling{"\xE2\x8B\x85", Kind::kTimes},  // U+00B7, U+22C5
    Spelling{"\\times", Kind::kTimes},
    Spelling{"\\cdot", Kind::kTimes},
    Spelling{"/", Kind::kDivide},
    Spelling{"\xC3\xB7", Kind::kDivide},  // U+00F7
    Spelling{"\\div", Kind::kDivide},
    Spelling{"=", Kind::kEquals},
    Spelling{"(", Kind::kOpen},
    Spelling{")", Kind::kClose},
    Spelling{"[", Kind::kOpen},
    Spelling{"]", Kind::kClose},
    Spelling{"\xEF\xBC\x88", Kind::kOpen},
    Spelling{"\xEF\xBC\x89", Kind::kClose},  // U+FF08, U+FF09
    Spelling{"{", Kind::kBraceOpen},
    Spelling{"}", Kind::kBraceClose},
    Spelling{"\\frac", Kind::kFrac},
    Spelling{"\\dfrac", Kind::kFrac},
    Spelling{"\\tfrac", Kind::kFrac},
};
constexpr std::array<std::string_view, 8> kIgnored = {"$",   "\\(",    "\\)",     "\\[",
                                                      "\\]", "\\left", "\\right", "\\,"};

constexpr size_t kMaxDigits = 18;

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  Token next() {
    skip();
    if (rest_.empty()) return {};
    if (rest_[0] >= '0' && rest_[0] <= '9') return number();
    for (const Spelling& spelling : kSpellings) {
      if (!rest_.starts_with(spelling.text)) continue;
      rest_.remove_prefix(spelling.text.size());
      return {spelling.kind};
    }
    throw Stop{Verdict::kAnswerUnparsable, "unexpected \"" + excerpt(rest_, 10) + "\""};
  }

 private:
  void skip() {
    for (bool moved = true; moved && !rest_.empty();) {
      moved = false;
      if (const CodePoint c = decode(rest_, 0); is_space(c.value))
        rest_.remove_prefix(c.length), moved = true;
      for (const std::string_view ignored : kIgnored) {
        if (rest_.starts_with(ignored)) rest_.remove_prefix(ignored.size()), moved = true;
      }
    }
  }

  Token number() {
    size_t length = 0;
    while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') ++length;
    const std::string_view digits = rest_.substr(0, length);
    if (length > kMaxDigits) {
      throw Stop{Verdict::kBudgetExceeded, concat("a number has ", length, " digits, at most ", kMaxDigits)};
    }
    if (length > 1 && digits[0] == '0') {
      throw Stop{Verdict::kAnswerUnparsable, concat("a number begins with 0: ", digits)};
    }
    rest_.remove_prefix(length);
    return {Kind::kNumber, std::stoll(std::string(digits))};
  }

  std::string_view rest_;
};

class Parser {
 public:
  Parser(std::string_view text, const CountdownProblem& problem) : problem_(problem), lexer_(text) {
    advance();
  }

  Rational answer() {
    const Rational value = sum();
    if (token_.kind == Kind::kEquals) {
      advance();
      const bool negative = token_.kind == Kind::kMinus;
      if (negative) advance();
      if (token_.kind != Kind::kNumber) throw Stop{Verdict::kAnswerUnparsable, "no number after \"=\""};
      claimed_ = negative ? -token_.number : token_.number;
      if (claimed_ != problem_.target) throw Stop{Verdict::kWrong, concat("claims to make ", claimed_)};
      advance();
    }
    if (token_.kind != Kind::kEnd) unexpected();
    return value;
  }

  const std::map<int64_t, int>& used() const { return used_; }

 private:
  void advance() { token_ = lexer_.next(); }
  [[noreturn]] void unexpected() const {
    static constexpr const char* kNames[] = {"the end", "a number", "+", "-", "*",      "/",
                                             "(",       ")",        "{", "}", "\\frac", "="};
    throw Stop{Verdict::kAnswerUnparsable, concat("unexpected ", kNames[static_cast<int>(token_.kind)])};
  }
  void expect(Kind kind) {
    if (token_.kind != kind) unexpected();
    advance();
  }
  void allow(char name) const {
    if (problem_.operators.find(name) == std::string::npos) {
      throw Stop{Verdict::kWrong, concat("uses ", name, ", allowed are ", problem_.operators)};
    }
  }
  Rational checked(const std::optional<Rational>& value) const {
    if (!value) throw Stop{Verdict::kBudgetExceeded, "a value needs more than 127 bits"};
    return *value;
  }

  Rational sum() {
    Rational value = term();
    while (token_.kind == Kind::kPlus || token_.kind == Kind::kMinus) {
      const bool plus = token_.kind == Kind::kPlus;
      allow(plus ? '+' : '-');
      advance();
      const Rational right = term();
      value = checked(plus ? hone::sum(value, right) : difference(value, right));
    }
    return value;
  }

  Rational term() {
    Rational value = factor();
    while (token_.kind == Kind::kTimes || token_.kind == Kind::kDivide) {
      const bool times = token_.kind == Kind::kTimes;
      allow(times ? '*' : '/');
      advance();
      const Rational right = factor();
      value = times ? checked(product(value, right)) : divided(value, right);
    }
    return value;
  }

  Rational divided(const Rational& value, const Rational& by) const {
    if (by.numerator == 0) throw Stop{Verdict::kWrong, "divides by zero"};
    return checked(quotient(value, by));
  }

  Rational factor() {
    if (++depth_ > kMaxCountdownDepth) {
      throw Stop{Verdict::kBudgetExceeded, concat("nested more than ", kMaxCountdownDepth, " deep")};
    }
    const Rational value = atom();
    --depth_;
    return value;
  }

  Rational atom() {
    const Token token = token_;
    advance();
    switch (token.kind) {
      case Kind::kNumber:
        ++used_[token.number];
        return {token.number, 1};
      case Kind::kMinus: {
        allow('-');
        const Rational value = factor();
        return {-value.numerator, value.denominator};
      }
      case Kind::kOpen: {
        const Rational value = sum();
        expect(Kind::kClose);
        return value;
      }
      case Kind::kFrac: {
        allow('/');
        const Rational top = braced();
        return divided(top, braced());
      }
      default:
        token_ = token;
        unexpected();
    }
  }

  Rational braced() {
    expect(Kind::kBraceOpen);
    const Rational value = sum();
    expect(Kind::kBraceClose);
    return value;
  }

  const CountdownProblem& problem_;
  Lexer lexer_;
  Token token_;
  int depth_ = 0;
  int64_t claimed_ = 0;
  std::map<int64_t, int> used_;
};

/// What is wrong with how often each number is used; "" if nothing.
std::string misuse(const std::map<int64_t, int>& used, const CountdownProblem& problem) {
  std::map<int64_t, int> given;
  for (const int64_t number : problem.numbers) ++given[number];
  for (const auto& [number, times] : used) {
    const auto entry = given.find(number);
    if (entry == given.end()) return concat(number, " is not among the numbers");
    if (times > entry->second) return concat(number, " is used ", times, " times, given ", entry->second);
  }
  if (!problem.use_all) return "";
  for (const auto& [number, times] : given) {
    const auto entry = used.find(number);
    const int count = entry == used.end() ? 0 : entry->second;
    if (count < times) return concat(number, " is used ", count, " times, given ", times);
  }
  return "";
}

}  // namespace

CountdownVerdict judge_countdown(std::string_view answer, const CountdownProblem& problem) {
  if (answer.size() > kMaxCountdownAnswer) {
    return {Verdict::kBudgetExceeded,
            concat("the answer has ", answer.size(), " bytes, at most ", kMaxCountdownAnswer)};
  }
  try {
    Parser parser(answer, problem);
    const Rational value = parser.answer();
    if (const std::string what = misuse(parser.used(), problem); !what.empty())
      return {Verdict::kWrong, what};
    if (value == Rational{problem.target, 1}) return {Verdict::kCorrect, ""};
    return {Verdict::kWrong, concat("the value is ", to_string(value), ", the target ", problem.target)};
  } catch (const Stop& stop) {
    return {stop.verdict, stop.reason};
  }
}

}  // namespace hone
