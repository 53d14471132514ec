#include "rewards/math_judge.h"

#include <algorithm>

namespace hone {
namespace {

constexpr int kMaxJudgeDepth = 64;

/// 1 and -1 for the infinities, else 0.
int infinity_sign(const Expression& e, NodeId id) {
  int sign = 1;
  while (e[id].op == Op::kNegate) id = e.child(id), sign = -sign;
  return e[id].op == Op::kInfinity ? sign : 0;
}

/// Digits of a numeral, leading zeros and separators gone, letters large.
std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '0' && out.empty()) continue;
    if ((c >= '0' && c <= '9') || c == '.') out += c;
    if ((c | 32) >= 'a' && (c | 32) <= 'z') out += static_cast<char>(c & ~32);
  }
  const bool fraction = out.find('.') != std::string::npos;
  while (fraction && (out.ends_with('0') || out.ends_with('.'))) {
    const bool point = out.ends_with('.');
    out.pop_back();
    if (point) break;
  }
  return out;
}

/// C(10, 3) and P(10, 3), which look like a letter times a point, as numbers; -1 for everything else.
NodeId as_count(Expression& e, NodeId id) {
  const Node node = e[id];
  if (node.op != Op::kProduct || node.count != 2) return -1;
  const NodeId letter = e.child(id, 0), pair = e.child(id, 1);
  const std::string_view name = e[letter].op == Op::kSymbol ? e[letter].text : std::string_view();
  if ((name != "C" && name != "P") || e[pair].op != Op::kTuple || e[pair].count != 2) return -1;
  const NodeId arguments[] = {e.child(pair, 0), e.child(pair, 1)};
  const NodeId subsets = e.add({Op::kBinomial}, arguments);
  if (name == "C") return subsets;
  const NodeId orders = e.add({Op::kFactorial}, {&arguments[1], 1});
  const NodeId factors[] = {subsets, orders};
  return e.add({Op::kProduct}, factors);
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

bool MathJudge::equal() {
  name_sets(gold_);
  name_sets(answer_);
  group_labels(gold_);
  group_labels(answer_);
  const Item g{gold_.root}, a{answer_.root};
  if (gold(g).op == Op::kList || answer(a).op == Op::kList) {
    Family x, y;
    const bool left = family_of(gold_, g.id, x), right = family_of(answer_, a.id, y);
    if (left || right) return families(x, g, y, a);
  }
  return equal(g, a);
}

bool MathJudge::equal(Item g, Item a) {
  constexpr int64_t kStep = 16, kTextByte = 16, kUnitByte = 40;  // any comparison, beside what scalars cost
  const auto bytes = [](const Node& node) {
    return (node.op == Op::kUnit ? kUnitByte : kTextByte) * static_cast<int64_t>(node.text.size());
  };
  spent_ += kStep + bytes(gold_[g.id]) + bytes(answer_[a.id]);
  if (depth_ >= kMaxJudgeDepth || spent_ > kMostWork) {
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
  if (x == Op::kUnit || y == Op::kUnit) return below_units(g, a);
  if (is_scalar(x) && is_scalar(y)) {
    const bool single = (g.expanded || gold_.num_signs == 0) && (a.expanded || answer_.num_signs == 0);
    return single ? scalars(g, a) : lists(g, a);
  }
  const auto is_any = [&](auto... ops) { return ((x == ops || y == ops) || ...); };
  if (is_any(Op::kList, Op::kRelation)) {
    std::vector<Label> left, right;
    if (!labelled(gold_, g.id, left)) left.clear();
    if (!labelled(answer_, a.id, right)) right.clear();
    if (!left.empty() || !right.empty()) return labels(left, g, right, a);
  }
  if (is_any(Op::kRelation)) return relations(g, a);
  if (is_any(Op::kUnion, Op::kWithout, Op::kReals, Op::kIntersection)) return real_sets(g, a);
  if (is_any(Op::kList, Op::kSet)) return lists(g, a) || (is_any(Op::kTuple) && real_sets(g, a));
  if (is_any(Op::kMatrix)) return matrices(g, a);
  if (is_any(Op::kTuple)) {
    const bool signs = (!g.expanded && has_signs(gold_, g.id)) || (!a.expanded && has_signs(answer_, a.id));
    return signs ? lists(g, a) : x == y ? tuples(g, a) : unit_vectors(g, a);
  }
  if (is_any(Op::kRatio)) return ratios(g, a);
  if (is_any(Op::kText)) return words(g, a);
  return x == y;  // the empty set
}

bool MathJudge::scalars(Item g, Item a) {
  const Node x = gold(g), y = answer(a);
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
  if (const int x_far = infinity_sign(gold_, g.id), y_far = infinity_sign(answer_, a.id);
      x_far != 0 || y_far != 0)
    return x_far == y_far;
  if (const NodeId count = as_count(answer_, a.id); count >= 0 && traits_of(gold_, g.id).scalar)
    return equal(g, {count, a.signs});
  if (const NodeId count = as_count(gold_, g.id); count >= 0 && traits_of(answer_, a.id).scalar)
    return equal({count, g.signs}, a);
  if (is_angle(gold_, g.id) != is_angle(answer_, a.id)) return angles(g, a);
  // Something such as 2 * (1, 2): matrices take part in products.
  if (x.op == Op::kProduct || y.op == Op::kProduct) {
    std::vector<NodeId> cells;
    int64_t columns = 0;
    if (as_matrix(gold_, g.id, columns, cells)) return matrices(g, a);
  }
  switch (compare_scalars({gold_, g.id, g.signs}, {answer_, a.id, a.signs}, options_.scalar, &spent_)) {
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
  if (!parameter_.empty() && same_progression(g, a)) return true;
  if ((x.flags & kFromWord) || (y.flags & kFromWord)) return words(g, a);
  return unit_letters(g, a);
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

bool MathJudge::words(Item g, Item a) const {
  const auto text = [](const Expression& e, NodeId id) -> std::string {
    const Node& node = e[id];
    if (node.op == Op::kInteger && node.digits <= 18) return std::to_string(node.value);
    if (node.op == Op::kEmptySet) return "empty set";
    if (node.op == Op::kReals) return "all real numbers";
    if (node.op == Op::kInfinity) return "infinity";
    if (node.op == Op::kUnit && node.count == 1) {
      const Node& number = e[e.child(id)];
      return number.op == Op::kInteger ? normal_words(std::string(number.text) + " " + std::string(node.text))
                                       : "";
    }
    const bool words = node.op == Op::kText || node.op == Op::kSymbol || (node.flags & kFromWord);
    return words ? normal_words(node.text) : "";
  };
  const auto negative = [](const Expression& e, NodeId id) {
    return e[id].op == Op::kNegate && e[e.child(id)].op == Op::kInfinity;
  };
  const std::string left = negative(gold_, g.id) ? "negative infinity" : text(gold_, g.id);
  return !left.empty() &&
         same_words(left, negative(answer_, a.id) ? "negative infinity" : text(answer_, a.id));
}

}  // namespace hone
