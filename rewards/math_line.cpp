#include "rewards/math_line.h"

#include <algorithm>
#include <cmath>

namespace hone {
namespace {

/// 1 and -1 for the infinities, else 0.
int infinity_sign(const Expression& e, NodeId id) {
  int sign = 1;
  while (e[id].op == Op::kNegate) id = e.child(id), sign = -sign;
  return e[id].op == Op::kInfinity ? sign : 0;
}

bool is_variable(const Expression& e, NodeId id) { return e[id].op == Op::kSymbol; }
bool is_absolute(const Expression& e, NodeId id) {
  return e[id].op == Op::kAbsolute && is_variable(e, e.child(id));
}
bool is_reals(const Expression& e, NodeId id) {
  return e[id].op == Op::kReals || (e[id].op == Op::kSymbol && e[id].text == "R");
}

Relation turned(Relation relation) {
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

Signs signs_below(const Expression& e, NodeId id) {
  Signs used = e[id].op == Op::kPlusMinus && e[id].value < 31 ? Signs{1} << e[id].value : 0;
  for (const NodeId child : e.children(id)) used |= signs_below(e, child);
  return used;
}

}  // namespace

std::optional<bool> RealLine::equal(NodeId gold, NodeId answer) {
  if (!add_ends(0, gold) || !add_ends(1, answer) || !place_ends()) return std::nullopt;
  const auto x = cells(0, gold), y = x ? cells(1, answer) : std::nullopt;
  if (!x || !y) return std::nullopt;
  const bool names = bound_[0] || bound_[1] || variables_[0].empty() || variables_[1].empty() ||
                     variables_[0] == variables_[1];
  return names && *x == *y;
}

/// Gathers the ends below a set; false if it is none.
bool RealLine::add_ends(int side, NodeId id) {
  const Expression& e = *sides_[side];
  const Node& node = e[id];
  switch (node.op) {
    case Op::kReals:
    case Op::kEmptySet:
      return true;
    case Op::kRelation:
      return add_relation_ends(side, id);
    case Op::kTuple:
      if (node.count != 2 || (node.aux & kAngled)) return false;
      [[fallthrough]];
    case Op::kList:
    case Op::kSet:
    case Op::kUnion:
    case Op::kIntersection:
    case Op::kWithout: {
      const bool bound = node.flags & kBound;
      if (bound) bound_[side] = true;
      for (const NodeId child : e.children(id)) {
        if (!add_ends(side, child)) return false;
      }
      return true;
    }
    default:
      return is_scalar(node.op) && (infinity_sign(e, id) != 0 || add_end(side, id));
  }
}

bool RealLine::add_relation_ends(int side, NodeId id) {
  const Expression& e = *sides_[side];
  const Node& node = e[id];
  if (node.flags & kBound) bound_[side] = true;
  bool absolute = false, variable = false;
  for (const NodeId child : e.children(id)) absolute = absolute || is_absolute(e, child);
  for (int i = 0; i < node.count; ++i) {
    const NodeId child = e.child(id, i);
    const bool member =
        i > 0 && (relation_of(node, i - 1) == Relation::kIn || relation_of(node, i - 1) == Relation::kNotIn);
    if (member && is_reals(e, child)) continue;
    if (is_variable(e, child) || is_absolute(e, child)) {
      if (variable) return false;
      variable = true;
      const std::string_view name = e[is_variable(e, child) ? child : e.child(child)].text;
      if (!variables_[side].empty() && variables_[side] != name) return false;
      variables_[side] = name;
    } else if (is_scalar(e[child].op)) {
      if (infinity_sign(e, child) == 0 && !add_end(side, child, absolute)) return false;
    } else if (!member || !add_ends(side, child)) {
      return false;
    }
  }
  return variable;
}

bool RealLine::add_end(int side, NodeId id, bool mirrored) {
  const Expression& e = *sides_[side];
  if (traits_of(e, id).symbols) return false;
  const Signs used = e.num_signs > 0 ? signs_below(e, id) : 0;
  for (Signs signs = used;; signs = (signs - 1) & used) {
    const auto value = approximate({e, id, signs});
    if (!value || ends_.size() + 2 > 2 * kMaxPoints) return false;
    ends_.push_back({side, id, signs, false, *value});
    if (mirrored) ends_.push_back({side, id, signs, true, -*value});
    if (signs == 0) return true;
  }
}

/// Equal exactly on one side; between the sides, as scalars are.
bool RealLine::same(const End& a, const End& b) const {
  if (std::abs(a.value - b.value) > 0.01 * (std::abs(a.value) + std::abs(b.value)) + 1e-9) return false;
  const End &g = a.side <= b.side ? a : b, &x = a.side <= b.side ? b : a;
  Expression &left = *sides_[g.side], &right = *sides_[x.side];
  const auto id = [](Expression& e, const End& end) {
    return end.negated ? e.add({Op::kNegate}, {&end.id, 1}) : end.id;
  };
  const NodeId first = id(left, g), second = id(right, x);
  const ScalarOptions exact{0};
  return compare_scalars({left, first, g.signs}, {right, second, x.signs},
                         g.side == x.side ? exact : options_) == Equality::kEqual;
}

/// Numbers the different ones in their order. False if some are too near to tell apart.
bool RealLine::place_ends() {
  std::stable_sort(ends_.begin(), ends_.end(), [](const End& a, const End& b) { return a.value < b.value; });
  for (size_t i = 0; i < ends_.size(); ++i) {
    if (i > 0 && same(ends_[i - 1], ends_[i])) {
      ends_[i].point = ends_[i - 1].point;
      continue;
    }
    if (i > 0 && ends_[i].value - ends_[i - 1].value <= 1e-12 * std::abs(ends_[i].value)) return false;
    ends_[i].point = num_points_++;
  }
  return num_points_ <= kMaxPoints;
}

RealLine::Cells RealLine::all() const { return Cells{}.set() >> (Cells{}.size() - (2 * num_points_ + 1)); }

RealLine::Cells RealLine::below(size_t point, bool inclusive) const {
  return Cells{}.set() >> (Cells{}.size() - (2 * point + (inclusive ? 2 : 1)));
}

/// The points that a scalar stands for, one for each of its signs.
RealLine::Cells RealLine::points(int side, NodeId id, bool mirrored) const {
  Cells out;
  for (const End& end : ends_) {
    if (end.side == side && end.id == id && (mirrored || !end.negated)) out.set(2 * end.point + 1);
  }
  return out;
}

std::optional<RealLine::Cells> RealLine::cells(int side, NodeId id) const {
  const Expression& e = *sides_[side];
  const Node& node = e[id];
  switch (node.op) {
    case Op::kReals:
      return all();
    case Op::kEmptySet:
      return Cells{};
    case Op::kRelation:
      return relation(side, id);
    case Op::kTuple:
      return interval(side, id);
    case Op::kList:
    case Op::kSet:
      return list(side, id);
    case Op::kUnion:
    case Op::kIntersection:
    case Op::kWithout: {
      const auto left = cells(side, e.child(id, 0)), right = cells(side, e.child(id, 1));
      if (!left || !right) return std::nullopt;
      if (node.op == Op::kUnion) return *left | *right;
      return node.op == Op::kIntersection ? *left & *right : *left & ~*right;
    }
    default:
      if (infinity_sign(e, id) != 0) return std::nullopt;
      return points(side, id);
  }
}

/// A list is the union of its elements; but inequalities that hold together, "x > 1, x < 3", are meant as both, unless "or" stands
/// between them.
std::optional<RealLine::Cells> RealLine::list(int side, NodeId id) const {
  const Expression& e = *sides_[side];
  Cells any, both = all();
  bool relations = e[id].op == Op::kList, excluding = false;
  for (const NodeId child : e.children(id)) {
    auto part = cells(side, child);
    if (!part) return std::nullopt;
    const bool is_relation = e[child].op == Op::kRelation;
    if (is_relation) excluding = e[child].count == 2 && relation_of(e[child], 0) == Relation::kNotEqual;
    if (!is_relation && excluding && is_scalar(e[child].op)) {
      part = all() & ~*part;  // "x \ne 1, 2"
    } else {
      relations = relations && is_relation;
    }
    any |= *part;
    both &= *part;
  }
  return relations && !(e[id].aux & kLinkOr) && both.any() ? both : any;
}

std::optional<RealLine::Cells> RealLine::relation(int side, NodeId id) const {
  const Expression& e = *sides_[side];
  const Node& node = e[id];
  Cells out = all();
  for (int i = 0; i + 1 < node.count; ++i) {
    const NodeId left = e.child(id, i), right = e.child(id, i + 1);
    const Relation which = relation_of(node, i);
    const bool left_variable = is_variable(e, left) || is_absolute(e, left);
    std::optional<Cells> part;
    if (which == Relation::kIn || which == Relation::kNotIn) {
      part = is_reals(e, right) ? all() : cells(side, right);
      if (part && which == Relation::kNotIn) part = all() & ~*part;
    } else if (left_variable) {
      part = comparison(side, right, which, is_absolute(e, left));
    } else if (is_variable(e, right) || is_absolute(e, right)) {
      part = comparison(side, left, turned(which), is_absolute(e, right));
    }
    if (!part) return std::nullopt;
    out &= *part;
  }
  return out;
}

/// { x : x R bound } or { x : |x| R bound }.
std::optional<RealLine::Cells> RealLine::comparison(int side, NodeId bound, Relation relation,
                                                    bool absolute) const {
  const Expression& e = *sides_[side];
  const Cells at = points(side, bound, absolute);
  if (relation == Relation::kEqual) return at.any() ? std::optional(at) : std::nullopt;
  if (relation == Relation::kNotEqual) return at.any() ? std::optional(all() & ~at) : std::nullopt;
  const bool inclusive = relation == Relation::kLessEqual || relation == Relation::kGreaterEqual;
  const bool less = relation == Relation::kLess || relation == Relation::kLessEqual;
  if (!less && relation != Relation::kGreater && relation != Relation::kGreaterEqual) return std::nullopt;
  if (const int sign = infinity_sign(e, bound); sign != 0)
    return inclusive || (sign > 0) != less ? std::nullopt : std::optional(all());
  const End *high = nullptr, *low = nullptr;
  for (const End& end : ends_) {
    if (end.side != side || end.id != bound) continue;
    if (end.signs != 0) return std::nullopt;
    (end.negated ? low : high) = &end;
  }
  if (!high) return std::nullopt;
  Cells out = below(high->point, inclusive == less);
  if (absolute) {
    if (high->value < 0 || !low) return std::nullopt;
    out &= ~below(low->point, inclusive != less);
  }
  return less ? out : all() & ~out;
}

std::optional<RealLine::Cells> RealLine::interval(int side, NodeId id) const {
  const Expression& e = *sides_[side];
  const Node& node = e[id];
  const bool low_open = node.aux & kOpenLeft, high_open = node.aux & kOpenRight;
  const auto end_of = [&](NodeId end) {
    return std::find_if(ends_.begin(), ends_.end(),
                        [&](const End& one) { return one.side == side && one.id == end && one.signs == 0; });
  };
  Cells out = all();
  const int low_far = infinity_sign(e, e.child(id, 0)), high_far = infinity_sign(e, e.child(id, 1));
  const auto low = end_of(e.child(id, 0)), high = end_of(e.child(id, 1));
  if (low_far != 0 ? low_far > 0 || !low_open : low == ends_.end()) return std::nullopt;
  if (high_far != 0 ? high_far < 0 || !high_open : high == ends_.end()) return std::nullopt;
  if (e.num_signs > 0 && (signs_below(e, e.child(id, 0)) | signs_below(e, e.child(id, 1))) != 0)
    return std::nullopt;
  if (!low_far && !high_far && low->point >= high->point) return std::nullopt;
  if (!high_far) out &= below(high->point, !high_open);
  if (!low_far) out &= ~below(low->point, low_open);
  return out;
}

}  // namespace hone
