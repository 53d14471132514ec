// Sets of real numbers as sorted disjoint intervals: unions, the reals without some points, and inequalities in one variable.
#include <algorithm>
#include <cmath>

#include "rewards/math_judge.h"

namespace hone {
namespace {

constexpr size_t kMaxIntervals = 32;

/// The operands of nested unions, say.
void pieces(const Expression& e, NodeId id, Op op, std::vector<NodeId>& out) {
  for (const NodeId child : e.children(id)) {
    if (e[child].op == op) {
      pieces(e, child, op, out);
    } else {
      out.push_back(child);
    }
  }
}

}  // namespace

/// Reads an inequality or a chain of them with the variable alone between constants: x > 3, -1 < x <= 2, x != 5.
bool MathJudge::relation_intervals(const Expression& e, NodeId id, Intervals& out) {
  const Node& node = e[id];
  if (node.op != Op::kRelation || node.count > 3) return false;
  int variable = -1;
  for (int i = 0; i < node.count; ++i) {
    if (!traits_of(e, e.child(id, i)).symbols) continue;
    if (variable >= 0) return false;
    variable = i;
  }
  if (variable < 0 || (node.count == 3 && variable != 1)) return false;
  const bool single = e[e.child(id, variable)].op == Op::kSymbol;
  if (node.count == 2 && !single) return false;
  Interval interval{-INFINITY, INFINITY};
  for (int i = 0; i < node.count; ++i) {
    if (i == variable) continue;
    const NodeId bound = e.child(id, i);
    const auto value = approximate({e, bound});
    if (!value) return false;
    const Relation relation = relation_of(node, std::min(i, variable));
    const bool before = i < variable;  // bound R variable
    switch (relation) {
      case Relation::kNotEqual:
        if (node.count != 2) return false;
        out.push_back({-INFINITY, *value, -1, bound, true, true});
        out.push_back({*value, INFINITY, bound, -1, true, true});
        return true;
      case Relation::kLess:
      case Relation::kLessEqual:
      case Relation::kGreater:
      case Relation::kGreaterEqual: {
        const bool open = relation == Relation::kLess || relation == Relation::kGreater;
        const bool less = relation == Relation::kLess || relation == Relation::kLessEqual;
        if (less == before) {
          interval.low = *value, interval.low_id = bound, interval.low_open = open;
        } else {
          interval.high = *value, interval.high_id = bound, interval.high_open = open;
        }
        break;
      }
      default:
        return false;
    }
  }
  if (node.count == 3 && (interval.low_id < 0 || interval.high_id < 0)) return false;
  out.push_back(interval);
  return true;
}

/// Takes points away: each must lie inside an interval.
bool MathJudge::remove_points(const Expression& e, NodeId points, Intervals& out) {
  std::vector<Item> items;
  collect(e, points, items);
  for (const Item& item : items) {
    const auto value = approximate({e, item.id, item.signs});
    if (!value || item.signs != 0 || out.size() > kMaxIntervals) return false;
    const auto holds = [&](const Interval& i) { return i.low < *value && *value < i.high; };
    const auto at = std::find_if(out.begin(), out.end(), holds);
    if (at == out.end()) return false;
    Interval upper = *at;
    at->high = *value, at->high_id = item.id, at->high_open = true;
    upper.low = *value, upper.low_id = item.id, upper.low_open = true;
    out.push_back(upper);
  }
  return true;
}

bool MathJudge::to_intervals(const Expression& e, NodeId id, Intervals& out) {
  const Node& node = e[id];
  if (out.size() > kMaxIntervals) return false;
  switch (node.op) {
    case Op::kReals:
      out.push_back({-INFINITY, INFINITY});
      return true;
    case Op::kEmptySet:
      return true;
    case Op::kRelation:
      if (node.count == 2 && relation_of(node, 0) == Relation::kIn)
        return to_intervals(e, e.child(id, 1), out);
      return relation_intervals(e, id, out);
    case Op::kUnion:
    case Op::kList:
      for (const NodeId child : e.children(id)) {
        if (!to_intervals(e, child, out)) return false;
      }
      return true;
    case Op::kWithout:
      return to_intervals(e, e.child(id, 0), out) && remove_points(e, e.child(id, 1), out);
    case Op::kSet:
      for (const NodeId child : e.children(id)) {
        const auto value = approximate({e, child});
        if (!value) return false;
        out.push_back({*value, *value, child, child, false, false});
      }
      return true;
    case Op::kTuple:
      break;
    default:
      return false;
  }
  if (node.count != 2 || (node.aux & kAngled)) return false;
  Interval interval{-INFINITY, INFINITY};
  interval.low_open = node.aux & kOpenLeft;
  interval.high_open = node.aux & kOpenRight;
  const auto bound = [&](NodeId end, double& value, NodeId& end_id) {
    const bool negative = e[end].op == Op::kNegate && e[e.child(end)].op == Op::kInfinity;
    if (e[end].op == Op::kInfinity || negative) return (value > 0) != negative;
    const auto number = approximate({e, end});
    if (!number) return false;
    value = *number;
    end_id = end;
    return true;
  };
  if (!bound(e.child(id, 0), interval.low, interval.low_id) ||
      !bound(e.child(id, 1), interval.high, interval.high_id))
    return false;
  if ((interval.low_id < 0 && !interval.low_open) || (interval.high_id < 0 && !interval.high_open))
    return false;  // [oo
  if (interval.low > interval.high) return false;
  out.push_back(interval);
  return true;
}

/// Sorted; intervals that touch become one. False if two ends are too near to tell apart.
bool MathJudge::normalise(const Expression& e, Intervals& set) {
  std::sort(set.begin(), set.end(), [](const Interval& a, const Interval& b) {
    return a.low < b.low || (a.low == b.low && a.high < b.high);
  });
  Intervals merged;
  const ScalarOptions exact{0};
  for (const Interval& next : set) {
    if (merged.empty()) {
      merged.push_back(next);
      continue;
    }
    Interval& last = merged.back();
    const bool touching = last.high_id >= 0 && next.low_id >= 0 &&
                          compare_scalars({e, last.high_id}, {e, next.low_id}, exact) == Equality::kEqual;
    if (!touching && std::abs(last.high - next.low) <= 1e-9 * (1 + std::abs(next.low)) &&
        std::isfinite(next.low))
      return false;
    const bool overlapping = touching ? !(last.high_open && next.low_open) : next.low < last.high;
    if (!overlapping) {
      merged.push_back(next);
    } else if (next.high > last.high || (touching && next.high_id == next.low_id)) {
      if (next.high > last.high)
        last.high = next.high, last.high_id = next.high_id, last.high_open = next.high_open;
      else
        last.high_open = false;
    } else if (next.high == last.high) {
      last.high_open = last.high_open && next.high_open;
    }
  }
  set = std::move(merged);
  return true;
}

bool MathJudge::real_sets(Item g, Item a) {
  if (words(g, a)) return true;
  Intervals x, y;
  if (!to_intervals(gold_, g.id, x) || !to_intervals(answer_, a.id, y)) return same_pieces(g, a);
  if (!normalise(gold_, x) || !normalise(answer_, y)) return same_pieces(g, a);
  if (x.size() != y.size()) return false;
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i].low_open != y[i].low_open || x[i].high_open != y[i].high_open) return false;
    if ((x[i].low_id < 0) != (y[i].low_id < 0) || (x[i].high_id < 0) != (y[i].high_id < 0)) return false;
    if (x[i].low_id >= 0 && !equal({x[i].low_id, 0}, {y[i].low_id, 0})) return false;
    if (x[i].high_id >= 0 && !equal({x[i].high_id, 0}, {y[i].high_id, 0})) return false;
  }
  return true;
}

/// Unions of what is not made of real intervals: the same pieces, in any order; of differences, in the same.
bool MathJudge::same_pieces(Item g, Item a) {
  const Op op = gold(g).op;
  if (op != answer(a).op || !(op == Op::kUnion || op == Op::kIntersection || op == Op::kWithout))
    return false;
  if (op == Op::kWithout) {
    return equal({gold_.child(g.id, 0)}, {answer_.child(a.id, 0)}) &&
           equal({gold_.child(g.id, 1)}, {answer_.child(a.id, 1)});
  }
  std::vector<NodeId> x, y;
  pieces(gold_, g.id, op, x);
  pieces(answer_, a.id, op, y);
  if (x.size() != y.size() || x.size() > kMaxIntervals) return false;
  std::vector<bool> taken(y.size(), false);
  for (const NodeId piece : x) {
    size_t j = 0;
    while (j < y.size() && (taken[j] || !equal({piece}, {y[j]}))) ++j;
    if (j == y.size()) return false;
    taken[j] = true;
  }
  return true;
}

}  // namespace hone
