// Assignments, equations and inequalities.
#include <algorithm>

#include "rewards/math_judge.h"
#include "rewards/math_modular.h"
#include "rewards/math_parser.h"

namespace hone {
namespace {

Relation flipped(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return Relation::kGreater;
    case Relation::kGreater:
      return Relation::kLess;
    case Relation::kLessEqual:
      return Relation::kGreaterEqual;
    case Relation::kGreaterEqual:
      return Relation::kLessEqual;
    default:
      return relation;
  }
}

bool only(const Expression& e, NodeId id, std::initializer_list<Relation> allowed) {
  for (int i = 0; i + 1 < e[id].count; ++i) {
    if (std::find(allowed.begin(), allowed.end(), relation_of(e[id], i)) == allowed.end()) return false;
  }
  return true;
}

/// A copy of a subtree in another expression; `elsewhere` gives its symbols other names.
NodeId copy(Expression& to, const Expression& from, NodeId id, bool elsewhere) {
  std::vector<NodeId> children;
  for (const NodeId child : from.children(id)) children.push_back(copy(to, from, child, elsewhere));
  Node node = from[id];
  if (node.op == Op::kSymbol && elsewhere) node.value = hash_name("'", node.value);
  return to.add(node, children);
}

}  // namespace

namespace {

bool is_ordinate(const Expression& e, NodeId id) { return e[id].op == Op::kSymbol && e[id].text == "y"; }

/// x and x_1: the numbers of roots say nothing.
bool is_numbered(const Expression& a, NodeId x, const Expression& b, NodeId y) {
  const Node &left = a[x], &right = b[y];
  const auto plain = [](const Node& node) { return node.value == hash_name(node.text); };
  return left.op == Op::kSymbol && right.op == Op::kSymbol && left.text.size() == 1 &&
         left.text == right.text && plain(left) != plain(right);
}

/// dy, of dy/dx.
bool is_differential(const Expression& e, NodeId id) {
  return e[id].op == Op::kProduct && e[id].count == 2 && e[e.child(id, 0)].op == Op::kSymbol &&
         e[e.child(id, 0)].text == "d" && e[e.child(id, 1)].op == Op::kSymbol;
}

/// f(x), f^{-1}(x): what y stands for in "y = 2x + 3".
bool is_function_of(const Expression& e, NodeId id) {
  if (e[id].op != Op::kProduct || e[id].count != 2) return false;
  const NodeId argument = e.child(id, 1);
  return (e[argument].flags & kGrouped) && e[argument].op == Op::kSymbol && e[argument].text == "x";
}

}  // namespace

/// x, AB, "Area", f(x): what a value is given to.
bool MathJudge::is_name(const Expression& e, NodeId id) {
  const Node& node = e[id];
  if (node.op == Op::kSymbol || node.op == Op::kText || node.op == Op::kUnit || (node.flags & kFromWord))
    return true;
  if (node.op == Op::kEuler || node.op == Op::kImaginary) return true;
  if (node.op == Op::kAbsolute) return e[e.child(id)].op == Op::kSymbol;
  if (node.op == Op::kQuotient)
    return is_differential(e, e.child(id, 0)) && is_differential(e, e.child(id, 1));
  // f(x), f(2): a letter before brackets. P(A), P(X > 2) and f^{-1}(x) as well.
  if (node.op != Op::kProduct || node.count != 2) return false;
  const NodeId head = e.child(id, 0), argument = e.child(id, 1);
  const bool inverse = e[head].op == Op::kPower && e[e.child(head, 0)].op == Op::kSymbol &&
                       e[e.child(head, 1)].op == Op::kNegate;
  return (e[head].op == Op::kSymbol || inverse) &&
         ((e[argument].flags & kGrouped) || e[argument].op == Op::kRelation);
}

/// What "x = 2/3", "x = 4/6 = 2/3", "2/3 \approx 0.67" and "5 = x" say the value is; -1 for other relations.
NodeId MathJudge::value_of(const Expression& e, NodeId id) {
  if (!only(e, id, {Relation::kEqual, Relation::kApprox})) return -1;
  const Node& node = e[id];
  const NodeId first = e.child(id, 0);
  const bool named = is_name(e, first);
  if (!named && traits_of(e, first).symbols) return -1;
  for (int i = 0; i + 1 < node.count; ++i) {
    if (relation_of(node, i) == Relation::kApprox && !(i == 0 && named)) return e.child(id, i);
  }
  const NodeId last = e.child(id, node.count - 1);
  return !named && is_name(e, last) && node.count == 2 ? first : last;
}

/// What the gold itself gives as the rounded value: 0.67 in "2/3 \approx 0.67"; -1 if it gives none.
NodeId MathJudge::rounded_value(const Expression& e, NodeId id) {
  const Node& node = e[id];
  if (node.count < 2 || relation_of(node, node.count - 2) != Relation::kApprox) return -1;
  const NodeId last = e.child(id, node.count - 1);
  return e[last].op == Op::kDecimal || e[last].op == Op::kUnit ? last : -1;
}

NodeId MathJudge::difference(Expression& e, NodeId relation) {
  const NodeId right[] = {e.child(relation, 1)};
  const NodeId parts[] = {e.child(relation, 0), e.add({Op::kNegate}, right)};
  return e.add({Op::kSum}, parts);
}

bool MathJudge::relations(Item g, Item a) {
  const Node x = gold(g), y = answer(a);
  if (x.op != Op::kRelation || y.op != Op::kRelation) return relation_with_value(g, a);
  if (x.count == 2 && y.count == 2) {
    const Relation r = relation_of(x, 0), s = relation_of(y, 0);
    if (r == Relation::kIn && s == Relation::kIn)
      return equal({gold_.child(g.id, 0)}, {answer_.child(a.id, 0)}) &&
             equal({gold_.child(g.id, 1)}, {answer_.child(a.id, 1)});
    const bool member =
        r == Relation::kIn ? s == Relation::kEqual : s == Relation::kIn && r == Relation::kEqual;
    if (member && is_name(gold_, gold_.child(g.id)) && equal({gold_.child(g.id)}, {answer_.child(a.id)}) &&
        equal({gold_.child(g.id, 1)}, {answer_.child(a.id, 1)}))
      return true;
    if (r == Relation::kEqual && s == Relation::kEqual && equations(g.id, a.id)) return true;
    if (r == Relation::kNotEqual && s == Relation::kNotEqual && proportional(g.id, a.id, false)) return true;
  }
  const NodeId left = value_of(gold_, g.id), right = value_of(answer_, a.id);
  if (left >= 0 && right >= 0) {
    const NodeId first = gold_.child(g.id, 0), other = answer_.child(a.id, 0);
    const bool names = is_name(gold_, first) && is_name(answer_, other);
    const bool same_name =
        !names || is_numbered(gold_, first, answer_, other) || equal({first, 0}, {other, 0});
    return same_name && equal({left, 0}, {right, 0});
  }
  return inequalities(g.id, a.id) || real_sets(g, a);
}

/// One side is a relation, the other is not.
bool MathJudge::relation_with_value(Item g, Item a) {
  if (gold(g).op == Op::kRelation) {
    if (gold(g).count == 2 && relation_of(gold(g), 0) == Relation::kIn)
      return equal({gold_.child(g.id, 1), 0}, a);
    if (const NodeId value = value_of(gold_, g.id); value >= 0 && equal({value, g.signs}, a)) return true;
    if (const NodeId rounded = rounded_value(gold_, g.id); rounded >= 0) return equal({rounded, g.signs}, a);
    if (value_of(gold_, g.id) >= 0) return false;
  } else {
    if (answer(a).count == 2 && relation_of(answer(a), 0) == Relation::kIn)
      return equal(g, {answer_.child(a.id, 1), 0});
    if (const NodeId value = value_of(answer_, a.id); value >= 0) return equal(g, {value, a.signs});
  }
  const Op op = gold(g).op == Op::kRelation ? answer(a).op : gold(g).op;
  if (op == Op::kList || op == Op::kSet) return real_sets(g, a) || lists(g, a);
  return real_sets(g, a);
}

bool MathJudge::equations(NodeId g, NodeId a) {
  const NodeId x = gold_.child(g, 0), y = answer_.child(a, 0);
  const auto same_values = [&] { return equal({gold_.child(g, 1), 0}, {answer_.child(a, 1), 0}); };
  if (is_name(gold_, x) && is_name(answer_, y) && equal({x, 0}, {y, 0}) && same_values()) return true;
  if (proportional(g, a, false)) return true;
  const bool curve = (is_ordinate(gold_, x) && is_function_of(answer_, y)) ||
                     (is_function_of(gold_, x) && is_ordinate(answer_, y));
  return curve && same_values();
}

bool MathJudge::inequalities(NodeId g, NodeId a) {
  const Node x = gold_[g], y = answer_[a];
  if (x.count != y.count) return false;
  const auto chain = [&](bool reverse) {
    for (int i = 0; i < x.count; ++i) {
      const int j = reverse ? x.count - 1 - i : i;
      if (i + 1 < x.count) {
        const Relation other = relation_of(y, reverse ? x.count - 2 - i : i);
        if (relation_of(x, i) != (reverse ? flipped(other) : other)) return false;
      }
      if (!equal({gold_.child(g, i), 0}, {answer_.child(a, j), 0})) return false;
    }
    return true;
  };
  if (chain(false) || chain(true)) return true;
  if (x.count != 2) return false;
  const Relation r = relation_of(x, 0), s = relation_of(y, 0);
  if (r == s) return proportional(g, a, true);
  if (r != flipped(s)) return false;
  // a < b against d > c: turn one of them round.
  const NodeId children[] = {answer_.child(a, 1), answer_.child(a, 0)};
  Node turned{Op::kRelation};
  turned.value = static_cast<int64_t>(r);
  return proportional(g, answer_.add(turned, children), true);
}

/// Whether x(s) y(t) = x(t) y(s) for all s and t: then x is a constant times y. Neither may be 0 everywhere.
bool MathJudge::same_quotient(NodeId g, NodeId a) {
  Expression both;
  const auto product = [&](bool elsewhere) {
    const NodeId factors[] = {copy(both, gold_, g, elsewhere), copy(both, answer_, a, !elsewhere)};
    return both.add({Op::kProduct}, factors);
  };
  const NodeId left = product(false), right = product(true), zero = both.add({Op::kInteger});
  const auto compare = [&](NodeId x, NodeId y) {
    return spent_ > kMostWork ? Equality::kOverBudget
                              : compare_scalars({both, x}, {both, y}, options_.scalar, &spent_);
  };
  return compare(left, right) == Equality::kEqual && compare(left, zero) == Equality::kDifferent;
}

bool MathJudge::is_formula(const Expression& e, NodeId relation) {
  const auto children = e.children(relation);
  return !has_signs(e, relation) &&
         std::all_of(children.begin(), children.end(), [&](NodeId id) { return traits_of(e, id).scalar; });
}

/// Whether left - right of one is a constant, not 0, times left - right of the other; a positive one for inequalities. Equations also
/// once their denominators are multiplied out: y = 6/x and xy = 6.
bool MathJudge::proportional(NodeId g, NodeId a, bool positive) {
  if (!traits_of(gold_, g).symbols && !traits_of(answer_, a).symbols) return false;
  if (!is_formula(gold_, g) || !is_formula(answer_, a)) return false;
  const NodeId x = difference(gold_, g), y = difference(answer_, a);
  if (constant_quotient(x, y, positive)) return true;
  if (positive) return false;
  const NodeId left = without_denominators(gold_, x), right = without_denominators(answer_, y);
  return (left != x || right != y) && constant_quotient(left, right, false);
}

/// Multiplied by its different denominators that have symbols; the same node if there are none, or too many.
NodeId MathJudge::without_denominators(Expression& e, NodeId sum) {
  constexpr size_t kMostDenominators = 8;
  std::vector<NodeId> factors{sum};
  const auto walk = [&](const auto& self, NodeId id) -> void {
    const Node node = e[id];
    if (node.op == Op::kQuotient && traits_of(e, e.child(id, 1)).symbols &&
        factors.size() <= kMostDenominators) {
      const NodeId below = e.child(id, 1);
      const bool known = std::any_of(factors.begin() + 1, factors.end(),
                                     [&](NodeId other) { return same_tree(e, below, e, other); });
      if (!known) factors.push_back(below);
    }
    for (int i = 0; i < node.count; ++i) self(self, e.child(id, i));
  };
  walk(walk, sum);
  return factors.size() == 1 ? sum : e.add({Op::kProduct}, factors);
}

bool MathJudge::constant_quotient(NodeId x, NodeId y, bool positive) {
  Fingerprint factor{};
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const auto left = fingerprint(gold_, x, 0, seed), right = fingerprint(answer_, y, 0, seed);
    if (!left || !right) {  // not rational
      if (!equal({x, 0}, {y, 0}) && !same_quotient(x, y)) return false;
      break;
    }
    for (int k = 0; k < 2; ++k) {
      const auto i = static_cast<size_t>(k);
      if ((*left)[i] == 0 || (*right)[i] == 0) return false;
      const uint64_t ratio = field_product(k, (*left)[i], field_inverse(k, (*right)[i]));
      if (seed > 1 && ratio != factor[i]) return false;
      factor[i] = ratio;
    }
  }
  if (!positive) return true;
  const auto first = sign_of({gold_, x}), second = sign_of({answer_, y});
  return first && second && *first == *second;
}

}  // namespace hone
