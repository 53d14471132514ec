// Combinations and permutations in their notations, sums and products over an index.
#include <algorithm>
#include <string>

#include "rewards/math_parser.h"

namespace hone {
namespace {

constexpr int64_t kMaxTerms = 200;

}  // namespace

/// C(n, k); P(n, k) and A(n, k) are k! times as many.
NodeId MathParser::combination(char letter, NodeId n, NodeId k) {
  const NodeId subsets = binary(Op::kBinomial, n, k);
  return letter == 'C' ? subsets : binary(Op::kProduct, subsets, unary(Op::kFactorial, k));
}

/// C_5^2, C_n^k, A_5^2: the letter at the token with the subscript in [begin, end) and an exponent behind it. -1, and nothing read,
/// if it is a variable.
NodeId MathParser::counted_by_scripts(std::string_view letter, size_t begin, size_t end) {
  if (letter != "C" && letter != "A" && letter != "P") return -1;
  const size_t next = lexer_.text().find_first_not_of(' ', end);
  if (next == std::string_view::npos || lexer_.text()[next] != '^') return -1;
  const Token start = token_;
  const NodeId n = argument(begin);
  if (failed_) return 0;
  advance();
  const NodeId k = exponent();
  if (failed_) return 0;
  const bool numbers = out_[n].op == Op::kInteger && out_[k].op == Op::kInteger;
  if (numbers ? out_[k].value <= out_[n].value : letter == "C") return combination(letter[0], n, k);
  token_ = start;
  lexer_.seek(start.end);
  return -1;
}

/// What the script at the token holds: of "_5C_2" the 5, which "5C" in base 2 is not.
NodeId MathParser::count_before_letter() {
  const std::string_view text = lexer_.text();
  const size_t begin = token_.end, end = std::min(text.find_first_not_of("0123456789", begin), text.size());
  const bool count =
      end > begin && end - begin <= 9 && end < text.size() && (text[end] == 'C' || text[end] == 'P');
  if (!count) return argument(begin);
  const NodeId n = integer(std::stoll(std::string(text.substr(begin, end - begin))));
  reread(end);
  return n;
}

/// {}_5C_2, ^5C_2, and 1/2 written as ^1/_2: scripts before what they belong to.
NodeId MathParser::scripts_before() {
  const bool low = is_mark('_');
  const NodeId n = count_before_letter();
  if (failed_) return 0;
  if (is_mark('/') && !low) {
    advance();
    if (!is_mark('_')) return fail("half a fraction");
    const NodeId bottom = argument(token_.end);
    return failed_ ? 0 : binary(Op::kQuotient, n, bottom);
  }
  NodeId symbol = -1;
  if (token_.kind == TokenKind::kLetters || is_command(Command::kMathFont) || is_command(Command::kText)) {
    const size_t until = lexer_.text().find('_', token_.begin);
    const std::string_view name = slice(token_.begin, until == std::string_view::npos ? token_.end : until);
    if (name.find('C') != std::string_view::npos) symbol = 'C';
    if (name.find('P') != std::string_view::npos) symbol = 'P';
    if (until == std::string_view::npos || name.size() > 12) symbol = -1;
    if (symbol > 0) reread(until);
  }
  if (symbol < 0) return fail("an operand is missing");
  const NodeId k = argument(token_.end);
  return failed_ ? 0 : combination(static_cast<char>(symbol), n, k);
}

/// A copy of a subtree with `value` in the place of the index.
NodeId MathParser::copy_with(NodeId id, const Node& index, NodeId value) {
  const Node node = out_[id];
  if (node.op == index.op && node.value == index.value && node.count == 0) return value;
  const size_t from = pending_.size();
  for (int i = 0; i < node.count; ++i) pending_.push_back(copy_with(out_.child(id, i), index, value));
  const NodeId copy = out_.nodes.size() < kMaxMathNodes
                          ? out_.add(node, {pending_.data() + from, pending_.size() - from})
                          : fail("more than 4096 nodes", true);
  pending_.resize(from);
  return copy;
}

/// \sum_{k=1}^{10} k^2 with bounds that are numbers: written out. The token is \sum or \prod.
NodeId MathParser::big_operator(bool product_of) {
  NodeId start = -1, last = -1;
  for (advance(); is_mark('_') || is_mark('^');) {
    if (is_mark('_')) {
      start = argument(token_.end);
    } else {
      advance();
      last = exponent();
    }
    if (failed_) return 0;
  }
  const bool bounds = start >= 0 && last >= 0 && out_[start].op == Op::kRelation && out_[start].count == 2 &&
                      out_[start].value == static_cast<int64_t>(Relation::kEqual) &&
                      out_[out_.child(start, 1)].op == Op::kInteger && out_[last].op == Op::kInteger;
  if (!bounds) return fail("a sum whose bounds are no numbers");
  const Node index = out_[out_.child(start)];
  const int64_t begin = out_[out_.child(start, 1)].value, end = out_[last].value;
  if (index.op != Op::kSymbol && index.op != Op::kImaginary) return fail("a sum without an index");
  if (end < begin || end - begin >= kMaxTerms || out_[last].digits > 9)
    return fail("a sum of too many terms", true);
  const NodeId body = product();
  if (failed_) return 0;
  const size_t from = pending_.size();
  for (int64_t k = begin; k <= end && !failed_; ++k) pending_.push_back(copy_with(body, index, integer(k)));
  return failed_ ? 0 : nary(product_of ? Op::kProduct : Op::kSum, from);
}

}  // namespace hone
