// Pairs of money, degrees, percents, numbers with a unit, and ratios.
#include <re2/re2.h>

#include "tests/golds/math_pairs.h"
#include "tests/golds/text_edits.h"

namespace hone {
namespace {

/// A decimal or an integer of at most 15 digits, one more in its last place.
std::string next(const std::string& number) {
  std::string digits = replaced(number, ".", "");
  const size_t size = digits.size();
  digits = std::to_string(std::stoll(digits) + 1);
  if (digits.size() < size) digits.insert(0, size - digits.size(), '0');
  const size_t point = number.find('.');
  return point == std::string::npos ? digits
                                    : digits.insert(digits.size() - (number.size() - 1 - point), ".");
}

void money(PairMaker& m) {
  std::string n = m.x;
  RE2::GlobalReplace(&n, "[^\\d.]", "");
  for (const std::string& v : {n, n + " dollars", n + "\\text{ dollars}", "$" + n, "\\$ " + n, n + " USD"})
    m.same("money", v);
  m.near("money-sign", "-" + n);
  m.near("money+1", "\\$" + next(n));
  m.near("money-cents", n + "\\text{ cents}");
  m.near("money-ten-times", "\\$" + (n.find('.') == std::string::npos ? n + "0" : "1" + n));
}

void degrees(PairMaker& m) {
  std::string n;
  if (!RE2::FullMatch(m.x, "(-?[\\d.]+)\\^\\{?\\\\circ\\}?", &n)) return;
  for (const std::string& v :
       {n, n + " degrees", n + "\u00B0", n + "^{\\circ}", n + "\\text{ degrees}", n + "^o"})
    m.same("degrees", v);
  m.near("degrees+1", next(n) + "^\\circ");
  m.near("degrees-sign", "-" + n + "^\\circ");
  m.near("degrees-percent", n + "\\%");
  m.near("degrees-inexact", n + ".01^\\circ");
}

void percents(PairMaker& m) {
  std::string n;
  if (!RE2::FullMatch(replaced(m.x, " ", ""), "([\\d.]+)\\\\%", &n)) return;
  for (const std::string& v : {n + " percent", n + "%", n + "\\text{ percent}", n + " \\%", frac(n, "100")})
    m.same("percent", v);
  m.near("percent-bare", n);
  m.near("percent+1", next(n) + "\\%");
  m.near("percent-sign", "-" + n + "\\%");
  m.near("percent-inverted", frac("100", n));
}

void units(PairMaker& m) {
  std::string n, unit, power;
  if (!RE2::FullMatch(m.x, R"((-?[\d.]+)\s*\\?\s*\\(?:text|mbox|textnormal)\{\s*([^}]*?)\.?\s*\}(\^\d)?)", &n,
                      &unit, &power))
    return;
  m.same("unit-bare", n);
  m.same("unit-plain", n + " " + unit + power);
  m.same("unit-text", n + "\\text{ " + unit + "}" + power);
  m.same("unit-roman", n + "\\,\\mathrm{" + unit + "}" + power);
  if (!power.empty() && RE2::FullMatch(unit, "cm|inches|feet|miles|km|m"))
    m.near("unit-exponent", n + "\\text{ " + unit + "}");
  m.near("unit-sign", "-" + n);
  m.near("unit+1", next(n) + "\\text{ " + unit + "}");
  m.near("unit-percent", n + "\\%");
  if (RE2::FullMatch(unit, "cm|inches|feet|miles|km"))
    m.near("unit-other", n + "\\text{ " + (unit == "feet" ? "inches" : "feet") + "}");
  if (RE2::FullMatch(unit, "days|hours|min|minutes")) m.near("unit-other", n + "\\text{ seconds}");
}

void ratios(PairMaker& m) {
  std::string a, b;
  if (!RE2::FullMatch(replaced(m.x, " ", ""), "(\\d+):(\\d+)", &a, &b)) return;
  m.same("ratio-spaces", a + " : " + b);
  m.same("ratio-colon", a + "\\!:\\!" + b);
  m.same("ratio-text", "\\text{" + a + ":" + b + "}");
  m.same("ratio-fraction", frac(a, b));
  if (a != b) m.near("ratio-swapped", b + ":" + a);
  m.near("ratio+1", next(a) + ":" + b);
  m.near("ratio-second+1", a + ":" + next(b));
  if (b != "1") m.near("ratio-dropped", a);
}

}  // namespace

void add_quantities(PairMaker& m) {
  if (m.shape == "money") money(m);
  if (m.shape == "degrees") degrees(m);
  if (m.shape == "percent") percents(m);
  if (m.shape == "unit") units(m);
  if (m.shape == "ratio") ratios(m);
}

}  // namespace hone
