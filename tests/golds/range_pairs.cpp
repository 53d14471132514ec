// Pairs of intervals and their unions, half-open intervals and inequalities.
#include <re2/re2.h>

#include "tests/golds/math_pairs.h"
#include "tests/golds/text_edits.h"

namespace hone {
namespace {

/// The first bracket of that kind turned into the other.
std::string with_bracket(std::string text, char from, char to) {
  const size_t at = text.find(from);
  if (at != std::string::npos) text[at] = to;
  return text;
}

void intervals(PairMaker& m) {
  const std::string& x = m.x;
  m.same("interval-plain", replaced(replaced(x, "\\infty", "inf"), "\\cup", "U"));
  m.same("interval-sign", replaced(replaced(x, "\\infty", "\u221E"), "\\cup", "\u222A"));
  if (x.find('[') != std::string::npos) m.near("interval-open-for-closed", with_bracket(x, '[', '('));
  if (x.find(']') != std::string::npos) m.near("interval-open-for-closed", with_bracket(x, ']', ')'));
  std::string closed = x, raised = x;
  if (RE2::Replace(&closed, R"(\(\s*(-?\d+)\s*,)", R"([\1,)")) m.near("interval-closed-for-open", closed);
  if (RE2::Replace(&raised, R"(,\s*(-?\d+)\s*([)\]]))", R"(,\1+1\2)")) m.near("interval-end+1", raised);
  std::vector<std::string> parts = split(x, "\\cup");
  if (parts.size() < 2) return;
  m.same("union-reversed", join(reversed(parts), " \\cup "));
  m.same("union-or", join(parts, "\\text{ or }"));
  m.same("union-twice", x + " \\cup " + parts[0]);
  m.near("union-dropped", parts[0]);
  m.near("union-for-intersection", join(parts, " \\cap "));
  m.near("union-last-dropped", [&] { return parts.pop_back(), join(parts, "\\cup"); }());
}

void half_open(PairMaker& m) {
  std::string left, low, high, right;
  if (!RE2::FullMatch(m.x, "([\\[(])(.*),(.*)([\\])])", &left, &low, &high, &right)) return;
  low = trimmed(low), high = trimmed(high);
  const std::string less = left == "[" ? " \\le " : " < ", less_right = right == "]" ? " \\le " : " < ";
  m.same("half-open-spaces", left + " " + low + " , " + high + " " + right);
  m.same("half-open-left-right", "\\left" + left + low + "," + high + "\\right" + right);
  m.same("half-open-in", "x \\in " + m.x);
  if (!RE2::PartialMatch(m.x, "[a-z]\\b") || m.x.find('\\') != std::string::npos)
    m.same("half-open-inequality", low + less + "x" + less_right + high);
  m.near("half-open-left-end", (left == "[" ? "(" : "[") + low + "," + high + right);
  m.near("half-open-right-end", left + low + "," + high + (right == "]" ? ")" : "]"));
  m.near("half-open+1", left + low + "," + high + "+1" + right);
  m.near("half-open-left+1", left + low + "-1," + high + right);
  m.near("half-open-tuple", "(" + low + "," + high + ")");
  m.near("half-open-swapped", left + high + "," + low + right);
}

void inequalities(PairMaker& m) {
  const std::string& x = m.x;
  std::string low, high;
  if (RE2::FullMatch(x, R"(.*\\in\s*\[(.*),(.*)\])", &low, &high)) {
    m.same("inequality-interval", "[" + low + "," + high + "]");
    m.near("inequality-strict", "(" + low + "," + high + "]");
    return;
  }
  static const std::vector<std::pair<std::string, std::string>> kFlips = {
      {"\\leq", "\\geq"}, {"\\le", "\\ge"}, {"<", ">"}, {"\\geq", "\\leq"}, {"\\ge", "\\le"}, {">", "<"}};
  std::string left, relation, right;
  if (!RE2::FullMatch(x, R"(([^<>]*?)\s*(<|>|\\leq?|\\geq?)\s+([^<>\\]*|\\frac[{}\d]*))", &left, &relation,
                      &right) ||
      RE2::PartialMatch(left, "[<>]|\\\\[lg]e")) {
    m.same("inequality-words", replaced(replaced(x, "\\leq", "\\le"), "\\le", "\\leqslant"));
    m.near("inequality-strict", x.find("\\le") != std::string::npos
                                    ? replaced(replaced(x, "\\leq", "\\le"), "\\le", "<")
                                : x.find('(') != std::string::npos ? replaced(x, "(", "[")
                                                                   : replaced(x, "<", "\\le "));
    return;
  }
  std::string flip, strict = relation == "<"               ? "\\le"
                             : relation == ">"             ? "\\ge"
                             : relation.starts_with("\\l") ? "<"
                                                           : ">";
  for (const auto& [from, to] : kFlips)
    if (relation == from) flip = to;
  m.same("inequality-turned", right + " " + flip + " " + left);
  m.same("inequality-doubled", "2(" + left + ") " + relation + " 2(" + right + ")");
  m.same("inequality-moved", left + " - (" + right + ") " + relation + " 0");
  m.near("inequality-direction", left + " " + flip + " " + right);
  m.near("inequality-strict", left + " " + strict + " " + right);
  m.near("inequality+1", left + " " + relation + " " + right + "+1");
  m.near("inequality-equation", left + " = " + right);
  m.near("inequality-bound", right);
}

}  // namespace

void add_ranges(PairMaker& m) {
  if (m.shape == "interval") intervals(m);
  if (m.shape == "half-open") half_open(m);
  if (m.shape == "inequality") inequalities(m);
}

}  // namespace hone
