// Quantities: numbers with units, angles in degrees and radians, times of day.
#include <algorithm>
#include <utility>

#include "rewards/math_judge.h"
#include "rewards/math_units.h"

namespace hone {
namespace {

/// 1 for a.m., 2 for p.m., else 0.
int clock_half(std::string_view unit) {
  std::string letters;
  for (const char c : unit) {
    if ((c | 32) >= 'a' && (c | 32) <= 'z') letters += static_cast<char>(c | 32);
  }
  if (letters.starts_with("text")) letters.erase(0, 4);
  return letters == "am" ? 1 : letters == "pm" ? 2 : 0;
}

/// The 7 of "\\pmod{7}" and "(mod 7)".
std::string modulus(std::string_view unit) {
  const size_t mod = unit.find("mod");
  std::string out;
  for (const char c : unit.substr(std::min(mod == std::string_view::npos ? mod : mod + 3, unit.size()))) {
    if (c != ' ' && c != '{' && c != '}' && c != '(' && c != ')') out += c;
  }
  return out;
}

/// A number with what it is of, if that is known.
struct Amount {
  NodeId value = -1;
  std::optional<Measure> measure;
  std::string_view unit = {};
};

/// "m", "m^2": the letter of a unit, with its exponent; empty if it is none.
std::string letter_unit(const Expression& e, NodeId id) {
  const bool power = e[id].op == Op::kPower && e[e.child(id, 1)].op == Op::kInteger;
  const Node& letter = power ? e[e.child(id)] : e[id];
  if (letter.op != Op::kSymbol || !find_unit(letter.text)) return "";
  return std::string(letter.text) + (power ? "^" + std::to_string(e[e.child(id, 1)].value) : "");
}

/// "5 m", "5 m^2" and "5 \frac{m}{s}", which are read as products.
bool letter_amount(const Expression& e, NodeId id, Amount& out) {
  const Node& node = e[id];
  if (node.op != Op::kProduct || node.count != 2 || traits_of(e, e.child(id, 0)).symbols) return false;
  const NodeId last = e.child(id, 1);
  std::string text = letter_unit(e, e[last].op == Op::kQuotient ? e.child(last) : last);
  if (e[last].op == Op::kQuotient && !text.empty()) {
    const std::string below = letter_unit(e, e.child(last, 1));
    text = below.empty() ? "" : text + "/" + below;
  }
  if (text.empty()) return false;
  out = {e.child(id, 0), measure_of(text)};
  return out.measure.has_value();
}

Amount amount_of(const Expression& e, NodeId id) {
  const Node& node = e[id];
  Amount out{id, {}};
  if (node.op == Op::kUnit) return {e.child(id), measure_of(node.text), node.text};
  if (node.op == Op::kDegree) out.measure = measure_of("degrees");
  if (!letter_amount(e, id, out)) out.value = id;
  return out;
}

bool mentions(const Expression& e, NodeId id, bool functions) {
  const Node& node = e[id];
  const auto f = static_cast<Function>(node.aux);
  if (node.op == Op::kPi) return true;
  if (functions && node.op == Op::kFunction && f >= Function::kArcsin && f <= Function::kArccsc) return true;
  for (const NodeId child : e.children(id)) {
    if (mentions(e, child, functions)) return true;
  }
  return false;
}

/// Whether one unit is the other with more to it, as "dollars per ticket and hour" is of "dollars": a part is missing, none is another.
bool lacks_part(const Measure& x, const Measure& y) {
  const auto within = [](const Measure& part, const Measure& whole) {
    for (size_t i = 0; i < part.dimensions.size(); ++i) {
      if (part.dimensions[i] != 0 && part.dimensions[i] != whole.dimensions[i]) return false;
    }
    return true;
  };
  return (x.partial || y.partial) && (within(x, y) || within(y, x));
}

bool is_temperature(const Measure& measure) {
  return measure.dimensions[static_cast<size_t>(Dimension::kCelsius)] == 1 ||
         measure.dimensions[static_cast<size_t>(Dimension::kFahrenheit)] == 1;
}

/// Pounds are money beside money, a mass otherwise.
void settle_pounds(Amount& one, Amount& other) {
  for (const auto& [pounds, beside] : {std::pair{&one, &other}, std::pair{&other, &one}}) {
    if (!pounds->measure || !beside->measure || !pounds->measure->pounds) continue;
    const auto money = measure_of(pounds->unit, nullptr, Pounds::kMoney);
    if (money && money->same_dimensions(*beside->measure)) pounds->measure = money;
  }
}

NodeId integer(Expression& e, __int128 value) {
  Node node{Op::kInteger};
  node.value = static_cast<int64_t>(value);
  for (int64_t rest = node.value; rest != 0; rest /= 10) ++node.digits;
  return e.add(node);
}

NodeId binary(Expression& e, Op op, NodeId x, NodeId y) {
  const NodeId children[] = {x, y};
  return e.add({op}, children);
}

/// "8 shi", "8 dian": an hour without its half of the day.
bool is_chinese_hour(const Node& node) {
  return node.op == Op::kUnit && (node.text == "\xE6\x97\xB6" || node.text == "\xE7\x82\xB9");
}

/// Seconds since midnight of "17:00", or of "5:00" and "5" with a half of the day; -1 if it is no time.
int64_t seconds_of(const Expression& e, NodeId id, int half) {
  const NodeId value = e[id].op == Op::kUnit ? e.child(id) : id;
  const Node& node = e[value];
  if (node.op != Op::kInteger && node.op != Op::kRatio) return -1;
  if (node.op == Op::kInteger && half == 0 && !is_chinese_hour(e[id])) return -1;
  int64_t seconds = 0, unit = 3600;
  for (int i = 0; i < std::max(node.count, 1); ++i, unit /= 60) {
    const Node& part = node.op == Op::kRatio ? e[e.child(value, i)] : node;
    if (part.op != Op::kInteger || part.value > 59 || unit == 0) return -1;
    seconds += unit * (half != 0 && i == 0 ? part.value % 12 : part.value);
  }
  return half == 2 ? seconds + 12 * 3600 : seconds;
}

}  // namespace

/// Nothing unless one of them says a.m. or p.m. Without one, 5:00 may be either, and 17:00 is 5 p.m.
std::optional<bool> MathJudge::times_of_day(Item g, Item a) const {
  const auto half = [](const Node& node) { return node.op == Op::kUnit ? clock_half(node.text) : 0; };
  const int x = half(gold(g)), y = half(answer(a));
  if (x == 0 && y == 0) return std::nullopt;
  const int64_t left = seconds_of(gold_, g.id, x), right = seconds_of(answer_, a.id, y);
  if (left < 0 || right < 0) return std::nullopt;
  if (left == right) return true;
  constexpr int64_t kHalf = 12 * 3600;
  if (x != 0 && y != 0) return false;
  const int64_t bare = x == 0 ? left : right;
  return bare <= kHalf + 3599 && left % kHalf == right % kHalf;
}

/// Whether the values are equal once the answer is in the gold's unit.
bool MathJudge::converted(Item g, const Measure& x, Item a, const Measure& y) {
  if (x.factor == y.factor && x.pi == y.pi) return equal(g, a);
  const auto ratio = quotient(y.factor, x.factor);
  if (!ratio || ratio->numerator > INT64_MAX || ratio->denominator > INT64_MAX) return false;
  NodeId value = binary(answer_, Op::kProduct, a.id, integer(answer_, ratio->numerator));
  value = binary(answer_, Op::kQuotient, value, integer(answer_, ratio->denominator));
  for (int i = x.pi; i < y.pi; ++i) value = binary(answer_, Op::kProduct, value, answer_.add({Op::kPi}));
  for (int i = y.pi; i < x.pi; ++i) value = binary(answer_, Op::kQuotient, value, answer_.add({Op::kPi}));
  return equal(g, {value, a.signs, a.expanded});
}

bool MathJudge::below_units(Item g, Item a) {
  ++units_;
  const bool same = with_units(g, a);
  --units_;
  return same;
}

bool MathJudge::with_units(Item g, Item a) {
  const Node x = gold(g), y = answer(a);
  const bool both = x.op == Op::kUnit && y.op == Op::kUnit;
  if (x.op == Op::kText || y.op == Op::kText) return words(g, a);  // "2 lines" for "two lines"
  if (const auto same_time = times_of_day(g, a)) return *same_time;
  if (both && modulus(x.text) != modulus(y.text) && !modulus(x.text).empty() && !modulus(y.text).empty())
    return false;
  Amount left = amount_of(gold_, g.id), right = amount_of(answer_, a.id);
  settle_pounds(left, right);
  const Item inner_g{left.value, g.signs, g.expanded}, inner_a{right.value, a.signs, a.expanded};
  if (options_.units == UnitPolicy::kIgnore) return equal(inner_g, inner_a);
  if (options_.units == UnitPolicy::kRequire && x.op == Op::kUnit) {
    if (left.measure ? !right.measure || !left.measure->same_dimensions(*right.measure) : !both) return false;
  }
  if (left.measure && right.measure) {
    if (left.measure->same_dimensions(*right.measure)) {
      return converted(inner_g, *left.measure, inner_a, *right.measure);
    }
    const bool degrees = left.measure->is_angle()
                             ? is_temperature(*right.measure)
                             : right.measure->is_angle() && is_temperature(*left.measure);
    return (degrees || lacks_part(*left.measure, *right.measure)) && equal(inner_g, inner_a);
  }
  // "45 degrees" for \pi/4
  const bool angle =
      (left.measure && left.measure->is_angle()) || (right.measure && right.measure->is_angle());
  return angle && x.op != y.op ? angles(g, a) : equal(inner_g, inner_a);
}

/// "5 m" is read as a product; here as metres, if the gold is a number without a unit and no other unit stands behind the letter.
bool MathJudge::unit_letters(Item g, Item a) {
  Amount amount;
  if (units_ > 0 || options_.units == UnitPolicy::kRequire || traits_of(gold_, g.id).symbols) return false;
  const bool same = letter_amount(answer_, a.id, amount) && equal(g, {amount.value, a.signs});
  letter_as_unit = letter_as_unit || same;
  return same;
}

bool MathJudge::is_angle(const Expression& e, NodeId id) {
  while (e[id].op == Op::kNegate) id = e.child(id);
  return e[id].op == Op::kDegree;
}

/// Degrees against a number: the sign may be missing; or the number is in radians, if it looks like it.
bool MathJudge::angles(Item g, Item a) {
  const bool gold_first = is_angle(gold_, g.id) || gold(g).op == Op::kUnit;
  Expression& e = gold_first ? gold_ : answer_;
  const Expression& other = gold_first ? answer_ : gold_;
  const NodeId other_id = gold_first ? a.id : g.id;
  Item& item = gold_first ? g : a;
  while (e[item.id].op == Op::kDegree || e[item.id].op == Op::kUnit) item.id = e.child(item.id);
  if (e[item.id].op == Op::kNegate && e[e.child(item.id)].op == Op::kDegree) {
    const NodeId inner = e.child(e.child(item.id));
    item.id = e.add({Op::kNegate}, {&inner, 1});
  }
  const bool radians = mentions(other, other_id, true);
  if (!(radians && mentions(e, item.id, false)) && equal(g, a)) return true;
  if (!radians) return false;
  item.id = binary(e, Op::kQuotient, binary(e, Op::kProduct, item.id, e.add({Op::kPi})), integer(e, 180));
  return equal(g, a);
}

}  // namespace hone
