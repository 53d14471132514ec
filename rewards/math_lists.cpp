// Comparing lists, sets and tuples, plus-minus signs written out, and values with names: "x = 1, y = 2" is the point (1, 2).
#include <algorithm>
#include <utility>

#include "rewards/math_judge.h"
#include "rewards/math_parser.h"

namespace hone {
namespace {

constexpr size_t kMaxItems = 64;

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

bool names_value(const Expression& e, NodeId id) {
  const Node& node = e[id];
  return node.op == Op::kRelation && node.count == 2 && relation_of(node, 0) == Relation::kEqual &&
         (e[e.child(id)].op == Op::kSymbol || e[e.child(id)].op == Op::kTuple);
}

}  // namespace

bool MathJudge::has_signs(const Expression& e, NodeId id) {
  Signs used = 0;
  bool tied = false;
  if (e.num_signs > 0) find_signs(e, id, used, tied);
  return used != 0;
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

namespace {

/// For each element of one list those of another that it equals. Not always an equivalence: 0 equals 0 cents and 0 degrees.
using Partners = std::vector<std::vector<size_t>>;

/// Whether each element can have a partner of its own (augmenting paths, as Kuhn has them).
bool have_one_each(const Partners& partners, size_t num_others) {
  constexpr size_t kNobody = SIZE_MAX;
  std::vector<size_t> owner(num_others, kNobody), asked(num_others, kNobody);
  const auto find = [&](const auto& again, size_t element, size_t round) -> bool {
    for (const size_t partner : partners[element]) {
      if (owner[partner] == kNobody) return owner[partner] = element, true;
    }
    for (const size_t partner : partners[element]) {
      if (asked[partner] == round) continue;
      asked[partner] = round;
      if (again(again, owner[partner], round)) return owner[partner] = element, true;
    }
    return false;
  };
  for (size_t element = 0; element < partners.size(); ++element) {
    if (!find(find, element, element)) return false;
  }
  return true;
}

}  // namespace

/// Same elements. What the gold names twice has to be there twice, unless it is a set.
bool MathJudge::lists(Item g, Item a) {
  std::vector<Item> x, y;
  g.expanded && !is_collection(gold(g).op) ? x.push_back(g) : collect(gold_, g.id, x);
  a.expanded && !is_collection(answer(a).op) ? y.push_back(a) : collect(answer_, a.id, y);
  if (x.size() > kMaxItems || y.size() > kMaxItems) {
    over_budget = true;
    return false;
  }
  if (x.empty() || y.empty()) return false;
  if (x.size() == 1 && y.size() == 1) {
    const bool nested = is_collection(gold(x[0]).op) && is_collection(answer(y[0]).op);
    const bool empty =
        gold(x[0]).op == Op::kEmptySet || answer(y[0]).op == Op::kEmptySet;  // { {} } is not {}
    return !nested && !empty && equal(x[0], y[0]);
  }
  const bool multiple = gold(g).op == Op::kList;
  if (y.size() < x.size() && multiple) return false;
  Partners partners(x.size());
  std::vector<bool> matched(y.size(), false);
  for (size_t i = 0; i < x.size(); ++i) {
    for (size_t j = 0; j < y.size(); ++j) {
      if (!equal(x[i], y[j])) continue;
      partners[i].push_back(j);
      matched[j] = true;
    }
    if (partners[i].empty()) return false;
  }
  if (multiple && !have_one_each(partners, y.size())) return false;
  if (!std::all_of(matched.begin(), matched.end(), [](bool m) { return m; })) return false;
  repeated = repeated || y.size() > x.size();
  return true;
}

bool MathJudge::tuples(Item g, Item a) {
  const Node x = gold(g), y = answer(a);
  if (x.op != y.op || x.count != y.count) return false;
  const auto ends = [](const Node& node) {
    return node.aux & kAngled ? kOpenLeft | kOpenRight : node.aux & 3;
  };
  if (x.count == 2 && ends(x) != ends(y)) return false;
  const std::string_view parameter = std::exchange(parameter_, {});  // the components move together
  const bool same = components(g, a);
  parameter_ = parameter;
  return same;
}

bool MathJudge::components(Item g, Item a) {
  const Node x = gold(g);
  std::vector<bool> taken(static_cast<size_t>(x.count), false);
  for (int i = 0; i < x.count; ++i) {
    bool found = false;
    for (int j = options_.unordered_tuples ? 0 : i;
         j < (options_.unordered_tuples ? x.count : i + 1) && !found; ++j) {
      if (taken[static_cast<size_t>(j)]) continue;
      found =
          equal({gold_.child(g.id, i), g.signs, g.expanded}, {answer_.child(a.id, j), a.signs, a.expanded});
      if (found) taken[static_cast<size_t>(j)] = true;
    }
    if (!found) return false;
  }
  return true;
}

/// "x = 1, y = 2" and "(x, y) = (1, 2)": two names or more, x_1 and x_2 being one, each with its value. Single letters are put in
/// the order of the alphabet, which is that of the coordinates; other names stay as they are.
bool MathJudge::labelled(const Expression& e, NodeId id, std::vector<Label>& out) {
  const Node& node = e[id];
  if (node.op == Op::kRelation) {
    if (!names_value(e, id)) return false;
    const NodeId names = e.child(id, 0), values = e.child(id, 1);
    if (e[names].op != Op::kTuple || e[values].op != Op::kTuple || e[names].count != e[values].count)
      return false;
    for (int i = 0; i < e[names].count; ++i) out.push_back({e.child(names, i), e.child(values, i)});
  } else if (node.op == Op::kList && node.count >= 2 && static_cast<size_t>(node.count) <= kMaxItems) {
    for (const NodeId child : e.children(id)) {
      if (!names_value(e, child)) return false;
      out.push_back({e.child(child, 0), e.child(child, 1)});
    }
  }
  if (out.size() < 2) return false;
  bool letters = true, several = false;
  for (const Label& label : out) {
    const Node& name = e[label.name];
    if (name.op != Op::kSymbol) return false;
    letters = letters && name.text.size() == 1 && name.value == hash_name(name.text);
    several = several || name.text != e[out[0].name].text;
  }
  if (letters) {
    std::stable_sort(out.begin(), out.end(),
                     [&](const Label& a, const Label& b) { return e[a.name].text < e[b.name].text; });
  }
  return several;
}

/// Named values against named ones, or against a point or a list without names, whose order then counts.
bool MathJudge::labels(const std::vector<Label>& x, Item g, const std::vector<Label>& y, Item a) {
  if (!x.empty() && !y.empty()) {
    if (x.size() != y.size()) return false;
    std::vector<bool> taken(y.size(), false);
    for (const Label& one : x) {
      size_t j = 0;
      while (j < y.size() && (taken[j] || gold_[one.name].value != answer_[y[j].name].value ||
                              !equal({one.value}, {y[j].value})))
        ++j;
      if (j == y.size()) return false;
      taken[j] = true;
    }
    return true;
  }
  const Expression& other = x.empty() ? gold_ : answer_;
  const Item item = x.empty() ? g : a;
  const std::vector<Label>& named = x.empty() ? y : x;
  const Node node = other[item.id];
  const bool point = node.op == Op::kTuple && (node.count > 2 || (node.aux & 3) == 3 || (node.aux & kAngled));
  if (!(point || node.op == Op::kList || node.op == Op::kMatrix) ||
      static_cast<size_t>(node.count) != named.size())
    return false;
  for (int i = 0; i < node.count; ++i) {
    const Item part{other.child(item.id, i)}, value{named[static_cast<size_t>(i)].value};
    if (other[part.id].op == Op::kRelation || !(x.empty() ? equal(part, value) : equal(value, part)))
      return false;
  }
  return true;
}

/// "x = 1, y = 2 or x = 3, y = 4": names that come round again begin another point. The list becomes one of "(x, y) = (1, 2)".
void MathJudge::group_labels(Expression& e) {
  const NodeId root = e.root;
  if (e[root].op != Op::kList || e[root].count < 4 || static_cast<size_t>(e[root].count) > kMaxItems) return;
  const auto children = e.children(root);
  const std::vector<NodeId> elements(children.begin(), children.end());
  const auto name = [&](size_t i) { return e[e.child(elements[i])].value; };
  for (const NodeId id : elements) {
    if (!names_value(e, id) || e[e.child(id)].op != Op::kSymbol) return;
  }
  size_t length = 1;
  while (length < elements.size() && name(length) != name(0)) ++length;
  if (length < 2 || length == elements.size() || elements.size() % length != 0) return;
  for (size_t i = length; i < elements.size(); ++i) {
    if (name(i) != name(i - length)) return;
  }
  std::vector<NodeId> points;
  for (size_t begin = 0; begin < elements.size(); begin += length) {
    std::vector<NodeId> names, values;
    for (size_t i = begin; i < begin + length; ++i) {
      names.push_back(e.child(elements[i], 0));
      values.push_back(e.child(elements[i], 1));
    }
    const Node tuple{Op::kTuple, kOpenLeft | kOpenRight};
    const NodeId sides[] = {e.add(tuple, names), e.add(tuple, values)};
    points.push_back(e.add({Op::kRelation}, sides));
  }
  e.root = e.add({Op::kList}, points);
}

}  // namespace hone
