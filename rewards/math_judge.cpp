#include "rewards/math_judge.h"

#include <algorithm>

#include "rewards/math_units.h"

namespace hone {
namespace {

constexpr size_t kMaxItems = 64;
constexpr int kMaxJudgeDepth = 64;

bool is_collection(Op op) { return op == Op::kList || op == Op::kSet; }
/// Signs below a node: a bit each; `tied` if a \mp is among them, so that all move together.
void find_signs(const Expression& e, NodeId id, Signs& used, bool& tied) {
  const Node& node = e[id];
  if (node.op == Op::kPlusMinus && node.value < 31) {
    used |= Signs{1} << node.value;
    tied = tied || node.aux == 1;
  }
  for (const NodeId child : e.children(id)) find_signs(e, child, used, tied);
}

/// Digits of a numeral, leading zeros and separators gone, letters large.
std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '0' && out.empty()) continue;
    if (c >= '0' && c <= '9') out += c;
    if ((c | 32) >= 'a' && (c | 32) <= 'z') out += static_cast<char>(c & ~32);
  }
  return out;
}

}  // namespace

/// "all real numbers" and "no solution" are sets.
void MathJudge::name_sets(Expression& e) {
  Node& root = e.nodes[static_cast<size_t>(e.root)];
  if (root.op != Op::kText) return;
  const std::string words = normal_words(root.text);
  if (words == "all real numbers") root.op = Op::kReals;
  if (words == "empty set") root.op = Op::kEmptySet;
}

bool MathJudge::equal(Item g, Item a) {
  if (depth_ >= kMaxJudgeDepth) {
    over_budget = true;
    return false;
  }
  ++depth_;
  const bool out = equal_kinds(g, a);
  --depth_;
  return out;
}

bool MathJudge::equal_kinds(Item g, Item a) {
  const Op x = gold(g).op, y = answer(a).op;
  if (x == Op::kUnit || y == Op::kUnit) return with_units(g, a);
  if (is_scalar(x) && is_scalar(y)) {
    const bool single = (g.expanded || gold_.num_signs == 0) && (a.expanded || answer_.num_signs == 0);
    return single ? scalars(g, a) : lists(g, a);
  }
  if (x == Op::kRelation || y == Op::kRelation) return relations(g, a);
  if (x == Op::kUnion || y == Op::kUnion || x == Op::kWithout || y == Op::kWithout || x == Op::kReals ||
      y == Op::kReals || x == Op::kIntersection || y == Op::kIntersection) {
    return real_sets(g, a);
  }
  if (is_collection(x) || is_collection(y)) return lists(g, a);
  if (x == Op::kMatrix || y == Op::kMatrix) return matrices(g, a);
  if (x == Op::kTuple || y == Op::kTuple) return tuples(g, a);
  if (x == Op::kRatio || y == Op::kRatio) return ratios(g, a);
  if (x == Op::kText || y == Op::kText) return words(g, a);
  if (x == Op::kEmptySet || y == Op::kEmptySet) return x == y;
  return false;
}

bool MathJudge::scalars(Item g, Item a) {
  const Node &x = gold(g), &y = answer(a);
  if (x.op == Op::kInteger && y.op == Op::kInteger && x.digits <= 18 && y.digits <= 18)
    return x.value == y.value;
  if (x.op == Op::kBased || y.op == Op::kBased ||
      (x.op == Op::kNegate && gold_[gold_.child(g.id)].op == Op::kBased) ||
      (y.op == Op::kNegate && answer_[answer_.child(a.id)].op == Op::kBased)) {
    return numerals(g, a);
  }
  if (!options_.percent_is_fraction && (x.op == Op::kPercent || y.op == Op::kPercent)) {
    const Item inner_g{x.op == Op::kPercent ? gold_.child(g.id) : g.id, g.signs};
    const Item inner_a{y.op == Op::kPercent ? answer_.child(a.id) : a.id, a.signs};
    return equal(inner_g, inner_a);
  }
  if (infinities(g, a)) return true;
  // Something such as 2 * (1, 2): matrices take part in products.
  if (x.op == Op::kProduct || y.op == Op::kProduct) {
    std::vector<NodeId> cells;
    int64_t columns = 0;
    if (as_matrix(gold_, g.id, columns, cells)) return matrices(g, a);
  }
  switch (compare_scalars({gold_, g.id, g.signs}, {answer_, a.id, a.signs}, options_.scalar)) {
    case Equality::kEqual:
      return true;
    case Equality::kDifferent:
      break;
    case Equality::kUndecided:
      undecided = true;
      break;
    case Equality::kOverBudget:
      over_budget = true;
      break;
  }
  if ((x.flags & kFromWord) || (y.flags & kFromWord)) return words(g, a);
  return unit_letters(g, a);
}

bool MathJudge::infinities(Item g, Item a) {
  const auto sign = [](const Expression& e, NodeId id) {
    int out = 1;
    while (e[id].op == Op::kNegate) id = e.child(id), out = -out;
    return e[id].op == Op::kInfinity ? out : 0;
  };
  const int x = sign(gold_, g.id);
  return x != 0 && x == sign(answer_, a.id);
}

bool MathJudge::numerals(Item g, Item a) const {
  NodeId x = g.id, y = a.id;
  int sign = 1;
  while (gold_[x].op == Op::kNegate) x = gold_.child(x), sign = -sign;
  while (answer_[y].op == Op::kNegate) y = answer_.child(y), sign = -sign;
  const Node &n = gold_[x], &m = answer_[y];
  const auto base = [](const Node& node) { return node.op == Op::kBased ? node.value : 10; };
  const bool numbers =
      (n.op == Op::kBased || n.op == Op::kInteger) && (m.op == Op::kBased || m.op == Op::kInteger);
  const bool bases =
      base(n) == base(m) || (!options_.base_required && (n.op == Op::kInteger || m.op == Op::kInteger));
  return numbers && bases && sign == 1 && digits_of(n.text) == digits_of(m.text);
}

/// "5 m" is read as a product; here as metres, if the other side is a number with that unit or with none.
bool MathJudge::unit_letters(Item g, Item a) {
  const auto quantity = [](const Expression& e, NodeId id, std::string_view& unit) -> NodeId {
    const Node& node = e[id];
    if (node.op != Op::kProduct || node.count != 2) return -1;
    const Node& last = e[e.child(id, 1)];
    if (last.op != Op::kSymbol || !find_unit(last.text) || traits_of(e, e.child(id, 0)).symbols) return -1;
    unit = last.text;
    return e.child(id, 0);
  };
  std::string_view unit;
  if (options_.units == UnitPolicy::kRequire) return false;
  if (const NodeId number = quantity(answer_, a.id, unit); number >= 0 && !traits_of(gold_, g.id).symbols) {
    return equal(g, {number, a.signs});
  }
  return false;
}

bool MathJudge::with_units(Item g, Item a) {
  const Node &x = gold(g), &y = answer(a);
  const bool both = x.op == Op::kUnit && y.op == Op::kUnit;
  if (options_.units != UnitPolicy::kIgnore && both && units_contradict(x.text, y.text)) return false;
  Item inner_g = g, inner_a = a;
  if (x.op == Op::kUnit) inner_g.id = gold_.child(g.id);
  if (y.op == Op::kUnit) inner_a.id = answer_.child(a.id);
  // "5 m" without \text is read as a product.
  const auto letter = [](const Expression& e, const Node& node, const Unit* unit) {
    return unit && node.op == Op::kProduct && node.count == 2 &&
           e[e.kids[static_cast<size_t>(node.first) + 1]].text == unit->symbol;
  };
  const Unit *wanted = x.op == Op::kUnit ? unit_in(x.text) : nullptr,
             *got = y.op == Op::kUnit ? unit_in(y.text) : nullptr;
  if (letter(answer_, y, wanted)) {
    inner_a.id = answer_.child(a.id, 0);
  } else if (letter(gold_, x, got)) {
    inner_g.id = gold_.child(g.id, 0);
  } else if (options_.units == UnitPolicy::kRequire && x.op == Op::kUnit) {
    if (wanted ? !got || got->symbol != wanted->symbol : !both) return false;
  }
  return equal(inner_g, inner_a);
}

void MathJudge::expand_signs(const Expression& e, NodeId id, std::vector<Item>& out) {
  Signs used = 0;
  bool tied = false;
  if (e.num_signs > 0) find_signs(e, id, used, tied);
  if (used == 0) {
    out.push_back({id, 0, true});
    return;
  }
  if (tied) {
    out.push_back({id, 0, true});
    out.push_back({id, used, true});
    return;
  }
  for (Signs signs = used;; signs = (signs - 1) & used) {  // all subsets
    if (out.size() > kMaxItems) return;
    out.push_back({id, signs, true});
    if (signs == 0) break;
  }
}

/// The elements of a list, a set, or of a single value with plus-minus signs.
void MathJudge::collect(const Expression& e, NodeId id, std::vector<Item>& out) {
  const Node& node = e[id];
  if (!is_collection(node.op)) return expand_signs(e, id, out);
  for (const NodeId child : e.children(id)) {
    if (out.size() > kMaxItems) return;
    is_collection(e[child].op) && node.op == Op::kList ? collect(e, child, out) : expand_signs(e, child, out);
  }
}

/// Same elements. What the gold names twice has to be there twice, unless it is a set.
bool MathJudge::lists(Item g, Item a) {
  std::vector<Item> x, y;
  g.expanded ? x.push_back(g) : collect(gold_, g.id, x);
  a.expanded ? y.push_back(a) : collect(answer_, a.id, y);
  if (x.size() > kMaxItems || y.size() > kMaxItems) {
    over_budget = true;
    return false;
  }
  if (x.size() == 1 && y.size() == 1)
    return !(is_collection(gold(x[0]).op) && is_collection(answer(y[0]).op)) && equal(x[0], y[0]);
  const bool multiple = gold(g).op == Op::kList;
  if (y.size() < x.size() && multiple) return false;
  std::vector<int> first_match(x.size(), -1);
  std::vector<int> matches(x.size(), 0);
  std::vector<bool> matched(y.size(), false);
  for (size_t i = 0; i < x.size(); ++i) {
    for (size_t j = 0; j < y.size(); ++j) {
      if (!equal(x[i], y[j])) continue;
      if (first_match[i] < 0) first_match[i] = static_cast<int>(j);
      ++matches[i];
      matched[j] = true;
    }
    if (first_match[i] < 0) return false;
  }
  for (size_t i = 0; i < x.size() && multiple; ++i) {
    if (std::count(first_match.begin(), first_match.end(), first_match[i]) > matches[i]) return false;
  }
  return std::all_of(matched.begin(), matched.end(), [](bool m) { return m; });
}

bool MathJudge::tuples(Item g, Item a) {
  const Node &x = gold(g), &y = answer(a);
  if (x.op != y.op || x.count != y.count) return false;
  const auto ends = [](const Node& node) {
    return node.aux & kAngled ? kOpenLeft | kOpenRight : node.aux & 3;
  };
  if (x.count == 2 && ends(x) != ends(y)) return false;
  std::vector<bool> taken(static_cast<size_t>(x.count), false);
  for (int i = 0; i < x.count; ++i) {
    bool found = false;
    for (int j = options_.unordered_tuples ? 0 : i;
         j < (options_.unordered_tuples ? x.count : i + 1) && !found; ++j) {
      if (taken[static_cast<size_t>(j)]) continue;
      found = equal({gold_.child(g.id, i), g.signs}, {answer_.child(a.id, j), a.signs});
      if (found) taken[static_cast<size_t>(j)] = true;
    }
    if (!found) return false;
  }
  return true;
}

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
  if (!as_matrix(gold_, g.id, columns, x) || !as_matrix(answer_, a.id, other, y) || x.size() != y.size())
    return false;
  const bool tuple =
      gold(g).op == Op::kTuple || answer(a).op == Op::kTuple;  // a tuple is a row as well as a column
  const auto is_vector = [&](int64_t n) { return n == 1 || n == static_cast<int64_t>(x.size()); };
  if (columns != other && !(tuple && is_vector(columns) && is_vector(other))) return false;
  for (size_t i = 0; i < x.size(); ++i) {
    if (!equal({x[i], g.signs}, {y[i], a.signs})) return false;
  }
  return true;
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
    if (gold(g).op != answer(a).op || gold(g).count != answer(a).count) return false;
    for (int i = 0; i < gold(g).count; ++i) {
      if (!equal({gold_.child(g.id, i), 0}, {answer_.child(a.id, i), 0})) return false;
    }
    return true;
  }
  if (x == y) return true;
  const Node& last = gold(g).op == Op::kRatio ? gold_[gold_.child(g.id, gold(g).count - 1)] : gold(g);
  if (x.size() > 2 || last.text.starts_with('0')) return false;
  for (size_t i = 1; i < x.size(); ++i) {
    const auto left = product(x[i], y[0]), right = product(y[i], x[0]);
    if (!left || !right || !(*left == *right)) return false;
  }
  return true;
}

bool MathJudge::words(Item g, Item a) const {
  const Node &x = gold(g), &y = answer(a);
  const auto text = [](const Node& node) -> std::string {
    if (node.op == Op::kInteger && node.digits <= 18) return std::to_string(node.value);
    if (node.op == Op::kEmptySet) return "empty set";
    if (node.op == Op::kReals) return "all real numbers";
    const bool words = node.op == Op::kText || node.op == Op::kSymbol || (node.flags & kFromWord);
    return words ? normal_words(node.text) : "";
  };
  const std::string left = text(x);
  return !left.empty() && left == text(y);
}

}  // namespace hone
