// Families numbered by an integer: "x = \frac{\pi}{6} + 2k\pi, k \in \mathbb{Z}". The parameter's name does not count, nor does where
// an arithmetic progression is begun; the declaration may be left out on one side.
#include <array>
#include <cmath>

#include "rewards/math_judge.h"
#include "rewards/math_parser.h"

namespace hone {
namespace {

constexpr std::array<std::string_view, 5> kUsualNames = {"k", "n", "m", "t", "l"};

bool is_integers(std::string_view set) { return set == "Z" || set == "N" || set.starts_with("Z"); }

bool mentions(const Expression& e, NodeId id, std::string_view name) {
  if (e[id].op == Op::kSymbol && e[id].text == name) return true;
  for (const NodeId child : e.children(id)) {
    if (mentions(e, child, name)) return true;
  }
  return false;
}

/// A copy of the tree with a number in the symbol's place.
NodeId substituted(Expression& e, NodeId id, std::string_view name, int64_t value) {
  Node node = e[id];
  if (node.op == Op::kSymbol && node.text == name) {
    node = {Op::kInteger};
    node.value = value;
    node.digits = value == 0 ? 0 : 1;
    return e.add(node);
  }
  std::vector<NodeId> children;
  for (int i = 0; i < node.count; ++i) children.push_back(substituted(e, e.child(id, i), name, value));
  return e.add(node, children);
}

NodeId difference_of(Expression& e, NodeId left, NodeId right) {
  const NodeId parts[] = {left, e.add({Op::kNegate}, {&right, 1})};
  return e.add({Op::kSum}, parts);
}

struct Progression {
  NodeId start = -1, step = -1;
};

/// Start and step of an arithmetic progression of constants.
bool progression(Expression& e, NodeId id, std::string_view name, Progression& out) {
  const NodeId first = substituted(e, id, name, 0), second = substituted(e, id, name, 1),
               third = substituted(e, id, name, 2);
  if (traits_of(e, first).symbols) return false;
  out = {first, difference_of(e, second, first)};
  return compare_scalars({e, out.step}, {e, difference_of(e, third, second)}, {0}) == Equality::kEqual;
}

}  // namespace

bool MathJudge::rename(Expression& e, std::string_view from, std::string_view to) {
  if (mentions(e, e.root, to)) return false;
  for (Node& node : e.nodes) {
    if (node.op != Op::kSymbol || node.text != from) continue;
    node.text = to;
    node.value = hash_name(to);
  }
  return true;
}

/// Splits a list into the members of a family and the declaration of its one parameter; false if there is none.
bool MathJudge::family_of(const Expression& e, NodeId id, Family& out) {
  bool known = true;
  const auto walk = [&](const auto& self, NodeId list) -> void {
    for (const NodeId child : e.children(list)) {
      const Node& node = e[child];
      const bool declares = node.op == Op::kRelation && node.count == 2 &&
                            relation_of(node, 0) == Relation::kIn && e[e.child(child, 0)].op == Op::kSymbol &&
                            e[e.child(child, 1)].op == Op::kSymbol && is_integers(e[e.child(child, 1)].text);
      if (node.op == Op::kList) {
        self(self, child);
      } else if (declares) {
        known = known && out.name.empty();
        out.name = e[e.child(child, 0)].text;
        out.domain = e[e.child(child, 1)].text;
      } else {
        out.members.push_back(child);
      }
    }
  };
  if (e[id].op == Op::kList) walk(walk, id);
  if (known && !out.name.empty() && !out.members.empty()) return true;
  out = {{}, {}, {id}};
  return false;
}

bool MathJudge::families(const Family& x, Item g, const Family& y, Item a) {
  if (!x.name.empty() && !y.name.empty() && x.domain != y.domain) return false;
  const std::string_view name = x.name.empty() ? y.name : x.name;
  Expression& other = x.name.empty() ? gold_ : answer_;
  std::string_view other_name = x.name.empty() ? x.name : y.name;
  if (other_name.empty() && mentions(other, other.root, name)) other_name = name;
  for (size_t i = 0; i < kUsualNames.size() && other_name.empty(); ++i) {
    if (mentions(other, other.root, kUsualNames[i])) other_name = kUsualNames[i];
  }
  if (other_name.empty() || (other_name != name && !rename(other, other_name, name))) return false;
  if (x.domain == "Z" || y.domain == "Z") parameter_ = name;
  const auto members = [](Expression& e, const Family& family) {
    if (family.members.size() == 1) return family.members[0];
    Node list = e[e.root];
    list.flags &= static_cast<uint8_t>(~kGrouped);
    return e.add(list, family.members);
  };
  g.id = members(gold_, x);
  a.id = members(answer_, y);
  return equal(g, a);
}

/// The same numbers, counted from another one or backwards.
bool MathJudge::same_progression(Item g, Item a) {
  if (g.signs != 0 || a.signs != 0) return false;
  Progression x, y;
  if (!progression(gold_, g.id, parameter_, x) || !progression(answer_, a.id, parameter_, y)) return false;
  const NodeId back = gold_.add({Op::kNegate}, {&x.step, 1});
  if (compare_scalars({gold_, x.step}, {answer_, y.step}, {0}) != Equality::kEqual &&
      compare_scalars({gold_, back}, {answer_, y.step}, {0}) != Equality::kEqual)
    return false;
  const auto start = approximate({gold_, x.start}), other = approximate({answer_, y.start}),
             step = approximate({gold_, x.step});
  if (!start || !other || !step || *step == 0.0) return false;
  const double times = std::round((*other - *start) / *step);
  if (!(std::abs(times) < 1e6)) return false;
  Node count{Op::kInteger};
  count.value = static_cast<int64_t>(std::abs(times));
  for (int64_t rest = count.value; rest != 0; rest /= 10) ++count.digits;
  const NodeId factors[] = {gold_.add(count), times < 0 ? back : x.step};
  const NodeId terms[] = {x.start, gold_.add({Op::kProduct}, factors)};
  return compare_scalars({gold_, gold_.add({Op::kSum}, terms)}, {answer_, y.start}, {0}) == Equality::kEqual;
}

}  // namespace hone
