// The recursive-descent parser of answers; parse_math() below is all that others need. Bounded: at most kMaxMathBytes of text,
// kMaxMathDepth levels, kMaxMathNodes nodes. Nothing is evaluated here.
//
//   answer   := list                                        list: elements between , ; and or
//   element  := set (relation set)*  unit?
//   set      := ratio ((\cup | \cap | \setminus) ratio)*    ratio: sum (':' sum)*
//   sum      := sign? product (('+' | '-' | \pm) product)*
//   product  := power (('*' | '/' | nothing) power)*        a whole number before a proper fraction: a mixed number
//   power    := primary ('^' exponent | '_' subscript | '!' | '%' | degree)*
//   primary  := number | letter | command | text | brackets
#pragma once

#include <string_view>
#include <vector>

#include "rewards/math_expr.h"
#include "rewards/math_lexer.h"

namespace hone {

inline constexpr size_t kMaxMathBytes = 16384;
inline constexpr int kMaxMathDepth = 200;
inline constexpr size_t kMaxMathNodes = 2048;

/// How commas between digits are read: kUsual takes "1,250" for a number and "(1,250)" for a pair, kFlipped the other way round.
enum class CommaReading : uint8_t { kUsual, kFlipped, kDecimal, kIndian };

/// The tree of `text`, which must outlive it: nodes hold views.
Expression parse_math(std::string_view text, CommaReading commas = CommaReading::kUsual);

/// A 64-bit FNV-1a hash of a name; braces and spaces do not count.
int64_t hash_name(std::string_view name, int64_t seed = 0);

/// The number that a subscript is, in digits or in words; 0 if it is none.
int64_t radix_of(std::string_view subscript);

/// What a run of letters is, if it is not a product of variables: "sin", "pi", "sqrt", "inf", "and", ...
CommandInfo find_word(std::string_view letters);

/// A run of letters that is a word of a language rather than a product of variables.
bool is_prose(std::string_view run);

class MathParser {
 public:
  MathParser(std::string_view text, CommaReading commas) : lexer_(text), reading_(commas) {}
  Expression run();

 private:
  // Tokens.
  void advance() { token_ = lexer_.next(commas()); }
  Commas commas() const {
    if (reading_ == CommaReading::kDecimal) return Commas::kDecimal;
    if (reading_ == CommaReading::kIndian) return Commas::kIndian;
    return (brackets_ > 0) != (reading_ == CommaReading::kFlipped) ? Commas::kDivide : Commas::kGroup;
  }
  void reread(size_t position) { lexer_.seek(position), advance(); }
  bool is_mark(char c) const { return token_.kind == TokenKind::kMark && token_.mark == c; }
  bool is_command(Command c) const { return token_.kind == TokenKind::kCommand && token_.command == c; }
  bool is_power() const {  // ^ or **
    return is_mark('^') || (is_mark('*') && lexer_.text().substr(token_.end).starts_with('*'));
  }
  bool at_end() const { return token_.kind == TokenKind::kEnd; }
  std::string_view slice(size_t begin, size_t end) const { return lexer_.text().substr(begin, end - begin); }
  std::string_view letters() const { return slice(token_.begin, token_.end); }
  NodeId fail(const char* problem, bool over_budget = false);

  // Nodes.
  NodeId leaf(Node node);
  NodeId unary(Op op, NodeId child, uint8_t aux = 0, int64_t value = 0);
  NodeId binary(Op op, NodeId left, NodeId right);
  NodeId nary(Op op, size_t pending_from, uint8_t aux = 0, int64_t value = 0);
  NodeId take_pending();
  NodeId symbol(std::string_view name);
  NodeId integer(int64_t value);

  // Lists and relations (math_parser.cpp).
  NodeId list();
  NodeId element();
  NodeId relation_chain();
  NodeId set_expression();
  NodeId ratio();
  bool skip_separator();
  bool at_separator();
  static bool is_link_word(std::string_view word);
  bool at_ratio() const;
  bool at_list_end() const;
  bool relation(Relation& out) const;
  void skip_relation();

  // Arithmetic (math_arithmetic.cpp).
  NodeId sum();
  NodeId signed_product();
  NodeId product();
  bool letter_times() const;
  NodeId implicit_factor(size_t from);
  NodeId signed_power();
  NodeId power();
  bool starts_factor() const;

  // Behind an operand (math_postfix.cpp).
  NodeId postfix(NodeId base);
  NodeId raised(NodeId base);
  NodeId subscripted(NodeId base);
  void letters_to_numeral(Node& product) const;
  NodeId exponent();

  // Operands (math_primary.cpp).
  NodeId primary();
  NodeId command();
  NodeId shape();
  NodeId fraction(Op op);
  NodeId argument(size_t position);
  NodeId root();
  NodeId overlined();

  // Numbers (math_numbers.cpp).
  NodeId number();
  NodeId numeral();
  NodeId prefixed_numeral();
  NodeId repeating_decimal(NodeId decimal);
  std::string_view period(size_t& end) const;
  bool base_in_words(NodeId numeral);
  NodeId after_number(size_t from);
  NodeId scale_word();
  NodeId mixed_number(NodeId whole);
  bool is_proper(NodeId quotient) const;
  NodeId degrees(NodeId value);
  int count_primes(size_t& end) const;

  // Counting (math_counting.cpp).
  NodeId combination(char letter, NodeId n, NodeId k);
  NodeId counted_by_scripts(std::string_view letter, size_t begin, size_t end);
  NodeId scripts_before();
  NodeId count_before_letter();
  NodeId big_operator(bool product);
  NodeId copy_with(NodeId id, const Node& index, NodeId value);

  // Functions (math_functions.cpp).
  NodeId function(Function f);
  NodeId inverse_or_power(Function& f, NodeId power) const;
  NodeId function_argument();
  NodeId call(Op op);

  // Brackets (math_brackets.cpp) and environments (math_matrix.cpp).
  NodeId bracketed(uint8_t open);
  bool closes_interval() const;
  NodeId braces();
  NodeId set_braces();
  NodeId builder(NodeId head, NodeId condition);
  NodeId angled();
  NodeId bars();
  NodeId between(Command close, Op op);
  NodeId number_set(std::string_view name);
  NodeId real_set(std::string_view marks);
  std::string_view environment();
  NodeId matrix(bool system = false);
  int64_t rows();
  void next_row();
  NodeId system_of(size_t from, int64_t columns);
  NodeId determinant(NodeId matrix);
  NodeId minor_of(const std::vector<NodeId>& cells, size_t n);
  NodeId transposed(NodeId id);

  // Words (math_words.cpp).
  NodeId word();
  NodeId word_command(const CommandInfo& info);
  NodeId phrase();
  NodeId text_command();
  NodeId text_piece(size_t begin, size_t end);
  NodeId font_command();
  std::string_view text_content(size_t& end) const;
  bool is_phrase_token() const;
  bool words_follow() const;

  // Units and words behind a quantity (math_unit_words.cpp).
  bool at_unit(bool after_number) const;
  void unit();
  bool at_modulus() const;
  void skip_modulus();
  bool skip_degree_word();
  bool skip_blank_text();
  bool at_function_in_text() const;
  bool at_unit_quotient() const;
  bool at_unit_fraction() const;
  bool currency();
  NodeId with_more_units(NodeId first);
  bool text_currency(std::string_view content, size_t end);
  bool bracketed_unit();
  size_t next_amount(size_t begin, std::string_view unit) const;
  void go_on_with_amount();

  Lexer lexer_;
  CommaReading reading_;
  Token token_;
  Expression out_;
  std::vector<NodeId> conditions_;  // relations in brackets behind an element
  std::vector<NodeId> pending_;     // children of the n-ary nodes that are being read
  int depth_ = 0;
  int brackets_ = 0;            // brackets in which a plain comma divides
  bool in_bars_ = false;        // a '|' closes
  bool in_set_ = false;         // a '|' or ':' begins the condition
  bool in_angles_ = false;      // a '>' closes
  bool in_more_units_ = false;  // a letter behind a number is a unit: 30m of "2h 30m"
  bool in_system_ = false;      // an '&' before a relation is no column
  int rows_ = 0;                // environments around the token, in which '&' ends a cell
  uint8_t links_ = 0;           // kLinkAnd, kLinkOr: seen in the list that is being read
  bool failed_ = false;
  size_t split_until_ = 0;                // letters before this position are one variable each
  size_t unit_begin_ = 0, unit_end_ = 0;  // of the element that is being read
};

}  // namespace hone
