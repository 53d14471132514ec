// Latex and plain text as one stream of tokens. Spacing, \left, \right, $ and the like are not tokens. Numbers come with their
// thousands separators taken in.
#pragma once

#include <cstdint>
#include <string_view>

namespace hone {

enum class TokenKind : uint8_t {
  kEnd,
  kNumber,   // digits, with a decimal point or separators
  kLetters,  // a run of ASCII letters
  kForeign,  // a run of letters beyond ASCII
  kCommand,  // \name; `command` says which
  kMark,     // one character, in `mark`
  kRowEnd,   // two backslashes
};

enum class Command : uint8_t {
  kUnknown,
  kFrac,
  kBinom,
  kSqrt,
  kText,
  kMathFont,
  kBegin,
  kEnd,
  kTimes,
  kDivide,
  kOver,    // {a \over b}
  kChoose,  // {n \choose k}
  kPlusMinus,
  kMinusPlus,
  kOpenBrace,
  kCloseBrace,
  kOpenAngle,
  kCloseAngle,
  kBar,
  kFloorOpen,
  kFloorClose,
  kCeilOpen,
  kCeilClose,
  kFunction,
  kCall,  // floor(x): aux is its Op
  kSum,
  kProd,
  kSymbol,
  kPi,
  kInfinity,
  kRelation,
  kCup,
  kCap,
  kSetminus,
  kEmptySet,
  kReals,
  kPercent,
  kPermille,
  kDollar,
  kCirc,
  kDecoration,
  kOverline,
  kDots,
  kColon,
  kAnd,
  kOr,
  kComma,
  kPrime,
  kMod,
  kNot,
  kUnitName,
  kSkipArgument,
  kShape,  // \\triangle, \\angle
  kDeterminant,
};

struct CommandInfo {
  std::string_view name;
  Command command = Command::kUnknown;
  uint8_t aux = 0;  // Function, Relation
};
/// What a command's name, without the backslash, means.
CommandInfo find_command(std::string_view name);

struct Number {
  int64_t mantissa = 0;  // the digits without point and separators, if there are at most 18
  int32_t digits = 0;    // without leading zeros
  int32_t scale = 0;     // digits after the point, less the exponent of 1.5e9
  bool has_point = false;
  bool leading_zero = false;
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  char mark = 0;
  Command command = Command::kUnknown;
  uint8_t aux = 0;
  bool space_before = false;
  size_t begin = 0, end = 0;  // in the text
  Number number = {};
};

/// What a plain comma between digits is. Two readings are tried only when the usual ones fail (math_equal.cpp).
enum class Commas : uint8_t {
  kGroup,    // divides thousands before three digits, else a list
  kDivide,   // always divides a list
  kDecimal,  // the decimal mark: 3,14
  kIndian,   // groups of two before the last of three: 12,34,567
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next(Commas commas);
  /// One letter, digit or command, as the argument of a latex command: the 1 of \frac12.
  Token next_argument();

  size_t position() const { return pos_; }
  void seek(size_t position) { pos_ = position; }
  std::string_view text() const { return text_; }
  bool ambiguous_comma() const { return ambiguous_comma_; }

 private:
  bool skip_spacing();
  Token number(Token token, Commas commas);
  Token command(Token token);
  bool read_groups(Number& number, Commas commas, size_t group);
  void read_fraction(Number& number, Commas commas);
  void read_exponent(Number& number);
  void read_digit(Number& number);
  size_t separator(Commas commas, size_t group);
  bool digits_at(size_t position, size_t count) const;
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  std::string_view text_;
  size_t pos_ = 0;
  size_t checked_until_ = 0;   // plain commas before this position may divide thousands
  size_t rejected_until_ = 0;  // plain commas before this position do not
  bool ambiguous_comma_ = false;
};

}  // namespace hone
