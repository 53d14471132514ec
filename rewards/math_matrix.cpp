// Environments with rows and columns: matrices, determinants, systems of equations, functions by cases.
#include "rewards/math_parser.h"

namespace hone {

/// Any environment with rows and columns; the token is \begin.
NodeId MathParser::matrix() {
  advance();
  if (!is_mark('{')) return fail("\\begin without a name");
  advance();
  const bool array = token_.kind == TokenKind::kLetters && letters() == "array";
  const size_t close = lexer_.text().find('}', token_.begin);
  if (close == std::string_view::npos) return fail("\\begin without a name");
  reread(close + 1);
  if (array && is_mark('{')) {
    const size_t columns = lexer_.text().find('}', token_.begin);
    if (columns == std::string_view::npos) return fail("an array without its columns");
    reread(columns + 1);
  }
  const bool bars = in_bars_, set = in_set_;
  in_bars_ = in_set_ = false;
  const size_t from = pending_.size();
  int64_t columns = 0, in_row = 0;
  while (!failed_) {
    if (is_command(Command::kEnd)) {
      if (in_row != 0) return fail("a row that ends in &");
      break;
    }
    const NodeId cell = list();
    if (failed_) return 0;
    if (cell < 0) return fail("an empty cell");
    pending_.push_back(cell);
    ++in_row;
    if (is_mark('&')) {
      advance();
      continue;
    }
    if (columns == 0) columns = in_row;
    if (in_row != columns) return fail("rows of different lengths");
    in_row = 0;
    if (token_.kind == TokenKind::kRowEnd)
      advance();
    else if (!is_command(Command::kEnd))
      return fail("a matrix that is not closed");
  }
  in_bars_ = bars, in_set_ = set;
  if (failed_) return 0;
  if (columns == 0) return fail("an empty matrix");
  const size_t end = lexer_.text().find('}', token_.end);
  if (end == std::string_view::npos) return fail("\\end without a name");
  reread(end + 1);
  return nary(Op::kMatrix, from, 0, columns);
}

}  // namespace hone
