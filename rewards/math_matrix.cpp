// Environments with rows and columns: matrices, determinants, systems of equations, functions by cases; and \binom's relatives.
#include "rewards/math_parser.h"

namespace hone {
namespace {

bool is_system(std::string_view name) {
  return name == "cases" || name == "dcases" || name == "rcases" || name.starts_with("align") ||
         name.starts_with("gather") || name == "split";
}

bool is_determinant(std::string_view name) { return name == "vmatrix" || name == "Vmatrix"; }

}  // namespace

/// Reads "\begin{array}{cc}" up to the first cell; the name of the environment.
std::string_view MathParser::environment() {
  advance();
  if (!is_mark('{')) return fail("\\begin without a name"), std::string_view{};
  const size_t close = lexer_.text().find('}', token_.end);
  if (close == std::string_view::npos) return fail("\\begin without a name"), std::string_view{};
  std::string_view name = slice(token_.end, close);
  if (name.ends_with('*')) name.remove_suffix(1);
  reread(close + 1);
  if (name == "array" && is_mark('{')) {
    const size_t columns = lexer_.text().find('}', token_.begin);
    if (columns == std::string_view::npos) return fail("an array without its columns"), std::string_view{};
    reread(columns + 1);
  }
  return name;
}

/// Any environment with rows and columns; the token is \begin. `system`: a brace on the left makes an array a system.
NodeId MathParser::matrix(bool system) {
  const std::string_view name = environment();
  if (failed_) return 0;
  system = system || is_system(name);
  const bool bars = in_bars_, set = in_set_, outer = in_system_;
  in_bars_ = in_set_ = false;
  in_system_ = system;
  ++rows_;
  const size_t from = pending_.size();
  const int64_t columns = rows();
  --rows_;
  in_bars_ = bars, in_set_ = set, in_system_ = outer;
  if (failed_) return 0;
  const size_t end = lexer_.text().find('}', token_.end);
  if (end == std::string_view::npos) return fail("\\end without a name");
  reread(end + 1);
  if (system) return system_of(from, columns);
  const NodeId id = nary(Op::kMatrix, from, 0, columns);
  return is_determinant(name) ? determinant(id) : id;
}

/// The cells become pending; the number of columns.
int64_t MathParser::rows() {
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
      next_row();
    else if (!is_command(Command::kEnd))
      return fail("a matrix that is not closed");
  }
  return !failed_ && columns == 0 ? fail("an empty matrix") : columns;
}

/// Past the end of a row and the extra space that may be asked for: "\\[1ex]".
void MathParser::next_row() {
  advance();
  if (!is_mark('[')) return;
  const std::string_view text = lexer_.text();
  size_t end = token_.end;
  while (end < text.size() &&
         ((text[end] >= '0' && text[end] <= '9') || text[end] == '.' || text[end] == '-'))
    ++end;
  const std::string_view unit = text.substr(end, 3);
  for (const std::string_view known : {"ex]", "em]", "pt]", "mm]", "cm]", "in]"}) {
    if (end > token_.end && unit == known) return reread(end + 3);
  }
}

/// One column: a list of equations. Two: pieces of a function, each with its condition.
NodeId MathParser::system_of(size_t from, int64_t columns) {
  if (columns == 1) return pending_.size() == from + 1 ? take_pending() : nary(Op::kList, from);
  std::vector<NodeId> cells(pending_.begin() + static_cast<std::ptrdiff_t>(from), pending_.end());
  pending_.resize(from);
  for (size_t i = 0; i < cells.size(); i += static_cast<size_t>(columns)) {
    const size_t row = pending_.size();
    for (size_t j = 0; j < static_cast<size_t>(columns); ++j) pending_.push_back(cells[i + j]);
    const NodeId tuple = nary(Op::kTuple, row, kAngled);
    if (failed_) return 0;
    pending_.push_back(tuple);
  }
  const NodeId id = nary(Op::kList, from);
  out_.nodes[static_cast<size_t>(id)].flags |= kGrouped;
  return id;
}

NodeId MathParser::take_pending() {
  const NodeId only = pending_.back();
  pending_.pop_back();
  return only;
}

/// By the first row; of at most four.
NodeId MathParser::determinant(NodeId matrix) {
  const Node& node = out_[matrix];
  const auto n = static_cast<size_t>(node.value);
  if (static_cast<size_t>(node.count) != n * n || n > 4)
    return fail("a determinant that is not of 1 to 4 rows");
  const auto children = out_.children(matrix);
  const std::vector<NodeId> cells(children.begin(), children.end());
  return minor_of(cells, n);
}

NodeId MathParser::minor_of(const std::vector<NodeId>& cells, size_t n) {
  if (n == 1) return cells[0];
  const size_t from = pending_.size();
  for (size_t column = 0; column < n && !failed_; ++column) {
    std::vector<NodeId> rest;
    for (size_t i = n; i < n * n; ++i) {
      if (i % n != column) rest.push_back(cells[i]);
    }
    const NodeId term = binary(Op::kProduct, cells[column], minor_of(rest, n - 1));
    pending_.push_back(column % 2 ? unary(Op::kNegate, term) : term);
  }
  return failed_ ? 0 : nary(Op::kSum, from);
}

/// (1 2)^T, for matrices and for tuples, which are rows.
NodeId MathParser::transposed(NodeId id) {
  const Node node = out_[id];
  const int64_t columns = node.op == Op::kMatrix ? node.value : node.count;
  const int64_t rows = node.count / columns;
  const size_t from = pending_.size();
  for (int64_t column = 0; column < columns; ++column) {
    for (int64_t row = 0; row < rows; ++row)
      pending_.push_back(out_.child(id, static_cast<int>(row * columns + column)));
  }
  return nary(Op::kMatrix, from, 0, rows);
}

}  // namespace hone
