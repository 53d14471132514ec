// Pairs of integers, thousands, fractions, mixed numbers, decimals, powers and numerals in a base.
#include <re2/re2.h>

#include <cstdio>

#include "tests/golds/math_pairs.h"
#include "tests/golds/text_edits.h"

namespace hone {
namespace {

std::string text(int64_t value) { return std::to_string(value); }

void integers(PairMaker& m) {
  const std::string& x = m.x;
  if (!RE2::FullMatch(x, "-?\\d{1,15}")) return;
  const int64_t n = std::stoll(x);
  for (const char* unit : {"\\text{ cm}", " inches", " apples", "^\\circ", " degrees", ".0", "\u4E2A"})
    m.same("int" + std::string(unit), x + unit);
  for (const char* before : {"x = ", "\\$", "$"}) m.same(std::string(before) + "int", before + x);
  m.same("int-sum", text(n - 1) + "+1");
  m.same("int-fraction", frac(text(3 * n), "3"));
  m.same("int-text", "\\text{" + x + "}");
  m.same("int-scientific", x + " \\times 10^0");
  m.near("int+1", text(n + 1));
  m.near("int-near", x + ".001");
  m.near("int-wrong-sum", text(n - 1) + "-1");
  if (n != 0) {
    m.near("int-sign", text(-n));
    m.near("int-percent", x + "\\%");
    m.near("int-ten-times", x + "0");
    m.near("int-times-ten", x + " \\times 10^1");
  }
  if (n <= -1000 || n >= 1000) {
    for (const char* comma : {",", "{,}", "\\,", ",\\!", " "})
      m.same("thousands" + std::string(comma), with_commas(x, comma));
  }
}

void thousands(PairMaker& m) {
  std::string digits = m.x;
  RE2::GlobalReplace(&digits, "[^-\\d]", "");
  if (digits.size() > 15) return;
  const int64_t n = std::stoll(digits);
  m.same("thousands-plain", digits);
  for (const char* comma : {",", "{,}", "\\,", ",\\!", " "})
    m.same("thousands" + std::string(comma), with_commas(digits, comma));
  m.same("thousands-dollar", "\\$" + m.x);
  m.near("thousands+1", with_commas(text(n + 1), ","));
  m.near("thousands-sign", "-" + m.x);
  m.near("thousands-group", digits.substr(0, digits.size() - 3));
}

void fractions(PairMaker& m) {
  std::string sign, a, b;
  const std::string &x = m.x, packed = replaced(x, " ", "");
  if (!RE2::FullMatch(packed, R"((-?)\\[dt]?frac\{(-?\d{1,9})\}\{(\d{1,9})\})", &sign, &a, &b) &&
      !RE2::FullMatch(packed, R"((-?)\\[dt]?frac(\d)\{?(\d{1,9})\}?)", &sign, &a, &b) &&
      !RE2::FullMatch(packed, R"((-?)(\d{1,9})/(\d{1,9}))", &sign, &a, &b)) {
    return;
  }
  if (RE2::FullMatch(packed, R"(.*frac\d\d\d+)")) return;
  if (a[0] == '-') sign = sign.empty() ? "-" : "", a = a.substr(1);
  const int64_t n = std::stoll(a), d = std::stoll(b);
  m.same("frac-unreduced", sign + frac(text(2 * n), text(2 * d)));
  m.same("frac-slash", sign + a + "/" + b);
  m.same("frac-signs", sign.empty() ? frac("-" + a, "-" + b) : frac("-" + a, b));
  m.same("frac-product", sign + a + " \\cdot " + frac("1", b));
  char decimal[64];
  std::snprintf(decimal, sizeof decimal, "%s%.12f", sign.c_str(),
                static_cast<double>(n) / static_cast<double>(d));
  m.same("frac-decimal", decimal);
  if (n > d && n % d) {
    m.same("frac-mixed", sign + text(n / d) + frac(text(n % d), b));
    m.same("frac-mixed-plain", sign + text(n / d) + " " + text(n % d) + "/" + b);
    m.near("frac-mixed+1", sign + text(n / d + 1) + frac(text(n % d), b));
  }
  m.near("frac+1", sign + frac(text(n + 1), b));
  m.near("frac-bottom+1", sign + frac(a, text(d + 1)));
  if (n != d && n != 0) m.near("frac-inverted", sign + frac(b, a));
  if (n != 0) m.near("frac-sign", (sign.empty() ? "-" : "") + frac(a, b));
}

void mixed_numbers(PairMaker& m) {
  std::string sign, whole, a, b;
  if (!RE2::FullMatch(replaced(m.x, " ", ""), R"((-?)(\d+)\\[dt]?frac\{?(\d+?)\}?\{?(\d+)\}?)", &sign, &whole,
                      &a, &b))
    return;
  const int64_t w = std::stoll(whole), n = std::stoll(a), d = std::stoll(b);
  m.same("mixed-improper", sign + frac(text(w * d + n), b));
  m.same("mixed-plain", sign + whole + " " + a + "/" + b);
  m.same("mixed-sum", sign + "(" + whole + "+" + frac(a, b) + ")");
  m.same("mixed-unreduced", sign + whole + frac(text(3 * n), text(3 * d)));
  m.near("mixed-product", sign + whole + " \\cdot " + frac(a, b));
  m.near("mixed-whole+1", sign + text(w + 1) + frac(a, b));
  m.near("mixed-inverted", sign + whole + "+" + frac(b, a));
  m.near("mixed-sign", (sign.empty() ? "-" : "") + whole + frac(a, b));
  m.near("mixed-dropped", sign + whole);
}

void decimals(PairMaker& m) {
  std::string sign, whole, part;
  if (!RE2::FullMatch(m.x, "(-?)(\\d*)\\.(\\d+)", &sign, &whole, &part)) return;
  const std::string& x = m.x;
  m.same("decimal-zero", x + "0");
  m.same("decimal-fraction", sign + frac(whole + part, "1" + std::string(part.size(), '0')));
  m.same("decimal-scientific", x + " \\times 10^{0}");
  m.same("decimal-shifted",
         sign + whole + part + " \\times 10^{-" + text(static_cast<int64_t>(part.size())) + "}");
  m.same("decimal-e", sign + whole + part + "e-" + text(static_cast<int64_t>(part.size())));
  if (whole.empty() || whole == "0") m.same("decimal-leading", sign + (whole.empty() ? "0." : ".") + part);
  m.near("decimal-digit", x + "1");
  m.near("decimal-sign", x[0] == '-' ? x.substr(1) : "-" + x);
  m.near("decimal-point", sign + whole + part.substr(0, 1) + "." + part.substr(1) + "0");
  m.near("decimal-percent", x + "\\%");
}

void powers(PairMaker& m) {
  std::string sign, base, exponent;
  if (!RE2::FullMatch(replaced(m.x, " ", ""), R"((-?)(\d+)\^\{?(\d+)\}?)", &sign, &base, &exponent)) return;
  const int64_t b = std::stoll(base), e = std::stoll(exponent);
  m.same("power-braces", sign + "(" + base + ")^{" + exponent + "}");
  m.same("power-stars", sign + base + "**" + exponent);
  m.same("power-split", sign + base + " \\cdot " + base + "^{" + text(e - 1) + "}");
  m.same("power-square", sign + text(b * b) + "^{" + exponent + "/2}");
  if (e < 15 && b <= 10) {
    int64_t value = 1;
    for (int64_t i = 0; i < e; ++i) value *= b;
    m.same("power-value", sign + text(value));
    m.near("power-value+1", sign + text(value + 1));
  }
  m.near("power-exponent+1", sign + base + "^{" + text(e + 1) + "}");
  m.near("power-base+1", sign + text(b + 1) + "^{" + exponent + "}");
  if (b != e && b * e != 8) m.near("power-swapped", sign + exponent + "^{" + base + "}");  // 2^4 is 4^2
}

void numerals(PairMaker& m) {
  std::string n, base;
  if (!RE2::FullMatch(m.x, R"((-?\d[\dA-F]*)_\{?(\d+)\}?)", &n, &base)) return;
  const int b = std::stoi(base);
  m.same("base-braces", n + "_{" + base + "}");
  m.same("base-brackets", "(" + n + ")_{" + base + "}");
  m.same("base-text", n + "_{\\text{" + base + "}}");
  m.near("base-wrong", n + "_" + text(b + 1));
  m.near("base-sign", n[0] == '-' ? n.substr(1) + "_" + base : "-" + n + "_" + base);
  if (n.size() > 2) m.near("base-digit-dropped", n.substr(0, n.size() - 1) + "_{" + base + "}");
  m.near("base-zero-added", n + "0_{" + base + "}");
  if (base == "10") return;
  m.near("base-dropped", n);
  m.near("base-ten", n + "_{10}");
}

}  // namespace

void add_numbers(PairMaker& m) {
  if (m.shape == "integer") integers(m);
  if (m.shape == "thousands") thousands(m);
  if (m.shape == "fraction") fractions(m);
  if (m.shape == "mixed") mixed_numbers(m);
  if (m.shape == "decimal") decimals(m);
  if (m.shape == "power") powers(m);
  if (m.shape == "base") numerals(m);
}

}  // namespace hone
