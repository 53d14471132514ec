// Comparing matrices, vectors in their many spellings, and ratios.
#include "rewards/math_judge.h"
#include "rewards/math_parser.h"

namespace hone {

/// A matrix, a multiple of one, a tuple of tuples, or a tuple as one column.
bool MathJudge::as_matrix(Expression& e, NodeId id, int64_t& columns, std::vector<NodeId>& cells) {
  const Node node = e[id];
  if (node.op == Op::kMatrix) {
    columns = node.value;
    const auto children = e.children(id);
    cells.assign(children.begin(), children.end());
    return true;
  }
  if (node.op == Op::kTuple) {
    const Node& first = e[e.child(id)];
    columns = first.op == Op::kTuple ? first.count : 1;
    for (int i = 0; i < node.count; ++i) {
      const NodeId row = e.child(id, i);
      if (first.op != Op::kTuple) {
        cells.push_back(row);
        continue;
      }
      if (e[row].op != Op::kTuple || e[row].count != columns) return false;
      const auto children = e.children(row);
      cells.insert(cells.end(), children.begin(), children.end());
    }
    return true;
  }
  if (node.op != Op::kProduct && node.op != Op::kNegate) return false;
  int matrix = -1;
  for (int i = 0; i < node.count; ++i) {
    if (e[e.child(id, i)].op == Op::kMatrix) {
      if (matrix >= 0) return false;
      matrix = i;
    }
  }
  if (matrix < 0 || !as_matrix(e, e.child(id, matrix), columns, cells)) return false;
  for (NodeId& cell : cells) {
    std::vector<NodeId> factors{cell};
    for (int i = 0; i < node.count; ++i) {
      if (i != matrix) factors.push_back(e.child(id, i));
    }
    cell = node.op == Op::kNegate ? e.add({Op::kNegate}, factors) : e.add({Op::kProduct}, factors);
  }
  return true;
}

bool MathJudge::matrices(Item g, Item a) {
  std::vector<NodeId> x, y;
  int64_t columns = 0, other = 0;
  if (answer(a).op == Op::kBinomial && gold(g).count == 2 &&
      gold(g).value == 1) {  // \binom{1}{2} for a column
    return equal({gold_.child(g.id, 0)}, {answer_.child(a.id, 0)}) &&
           equal({gold_.child(g.id, 1)}, {answer_.child(a.id, 1)});
  }
  if (!as_matrix(gold_, g.id, columns, x) || !as_matrix(answer_, a.id, other, y)) return unit_vectors(g, a);
  if (x.size() != y.size()) return false;
  const bool tuple =
      gold(g).op == Op::kTuple || answer(a).op == Op::kTuple;  // a tuple is a row as well as a column
  const auto is_vector = [&](int64_t n) { return n == 1 || n == static_cast<int64_t>(x.size()); };
  if (columns != other && !(tuple && is_vector(columns) && is_vector(other))) return false;
  for (size_t i = 0; i < x.size(); ++i) {
    if (!equal({x[i], g.signs, g.expanded}, {y[i], a.signs, a.expanded})) return false;
  }
  return true;
}

/// 3i - 4j, also with bold or decorated letters, against the vector (3, -4); "P(3, 4)" against (3, 4).
bool MathJudge::unit_vectors(Item g, Item a) {
  const auto is_vector = [](const Expression& e, NodeId id) {
    return e[id].op == Op::kTuple || e[id].op == Op::kMatrix;
  };
  const bool gold_vector = is_vector(gold_, g.id);
  if (gold_vector == is_vector(answer_, a.id)) return false;
  Expression& e = gold_vector ? gold_ : answer_;
  const Expression& other = gold_vector ? answer_ : gold_;
  const Item item = gold_vector ? a : g;
  const Node node = other[item.id];
  if (node.op == Op::kProduct && node.count == 2 && other[other.child(item.id, 0)].op == Op::kSymbol &&
      is_vector(other, other.child(item.id, 1))) {
    const Item point{other.child(item.id, 1)};
    return gold_vector ? equal(g, point) : equal(point, a);
  }
  std::vector<NodeId> cells;
  int64_t columns = 0;
  if (!is_scalar(node.op) || !as_matrix(e, gold_vector ? g.id : a.id, columns, cells) || cells.size() < 2 ||
      cells.size() > 3)
    return false;
  constexpr std::string_view kUnits[] = {"i", "j", "k"};
  std::vector<NodeId> terms;
  bool unit = false;
  for (const Node& any : other.nodes)
    unit = unit || (any.op == Op::kSymbol && (any.text == "j" || any.text == "k"));
  if (!unit) return false;
  for (size_t i = 0; i < cells.size(); ++i) {
    Node symbol{i == 0 ? Op::kImaginary : Op::kSymbol};
    symbol.text = kUnits[i];
    if (i > 0) symbol.value = hash_name(kUnits[i]);
    const NodeId factors[] = {cells[i], e.add(symbol)};
    terms.push_back(e.add({Op::kProduct}, factors));
  }
  const Item sum{e.add({Op::kSum}, terms)};
  return gold_vector ? equal(sum, a) : equal(g, sum);
}

/// 1 : \sqrt3 is \sqrt3 : 3, and \frac{1}{\sqrt3}.
bool MathJudge::proportional_parts(Item g, Item a) {
  const auto quotient = [](Expression& e, NodeId id) {
    if (e[id].op != Op::kRatio || e[id].count != 2) return is_scalar(e[id].op) ? id : NodeId{-1};
    const NodeId parts[] = {e.child(id, 0), e.child(id, 1)};
    return e.add({Op::kQuotient}, parts);
  };
  const NodeId x = quotient(gold_, g.id), y = quotient(answer_, a.id);
  return x >= 0 && y >= 0 && equal({x, g.signs}, {y, a.signs});
}

/// 3 : 5 is 6 : 10, and 3/5; but 09:24 is a time.
bool MathJudge::ratios(Item g, Item a) {
  const auto parts = [](const Expression& e, NodeId id, std::vector<Rational>& out) {
    const Node& node = e[id];
    if (node.op != Op::kRatio) {
      const RationalValue value = to_rational(e, id);
      if (value.outcome != Outcome::kOk) return false;
      out = {{value.value.numerator, 1}, {value.value.denominator, 1}};
      return true;
    }
    for (const NodeId child : e.children(id)) {
      const RationalValue value = to_rational(e, child);
      if (value.outcome != Outcome::kOk) return false;
      out.push_back(value.value);
    }
    return true;
  };
  std::vector<Rational> x, y;
  if (!parts(gold_, g.id, x) || !parts(answer_, a.id, y) || x.size() != y.size()) {
    const auto pair = [](const Node& node) { return node.op == Op::kRatio && node.count == 2; };
    if ((pair(gold(g)) || pair(answer(a))) && proportional_parts(g, a)) return true;
    if (gold(g).op != answer(a).op || gold(g).count != answer(a).count) return false;
    for (int i = 0; i < gold(g).count; ++i) {
      if (!equal({gold_.child(g.id, i), 0}, {answer_.child(a.id, i), 0})) return false;
    }
    return true;
  }
  if (x == y) return true;
  const auto is_time = [](const Expression& e, NodeId id) {
    return e[id].op == Op::kRatio && e[e.child(id, e[id].count - 1)].text.starts_with('0');
  };
  if (is_time(gold_, g.id) || is_time(answer_, a.id)) return false;
  for (size_t i = 1; i < x.size(); ++i) {
    const auto left = product(x[i], y[0]), right = product(y[i], x[0]);
    if (!left || !right || !(*left == *right)) return false;
  }
  return true;
}

}  // namespace hone
