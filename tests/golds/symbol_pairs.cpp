// Pairs of surds, multiples of pi, polynomials and other formulas with letters, complex numbers, trigonometry and logarithms.
// The edits are textual and made only where they are sure to keep, or to change, the value.
#include <re2/re2.h>

#include "tests/golds/math_pairs.h"
#include "tests/golds/text_edits.h"

namespace hone {
namespace {

/// The terms of a sum, with their signs, split at the top level; empty if the text is not plainly a sum.
std::vector<std::string> terms(const std::string& text) {
  if (RE2::PartialMatch(text, "\\\\pm|\\\\mp|[=<>,]|^\\s*$")) return {};
  std::vector<std::string> parts(1);
  int depth = 0;
  char before = 0;  // the last character that is no space
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if ((c == '+' || c == '-') && depth == 0 && before &&
        std::string("^_*/+-").find(before) == std::string::npos)
      parts.emplace_back();
    parts.back() += c;
    if (c != ' ') before = c;
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

std::string flipped(const std::string& term) {
  return term[0] == '-' ? "+" + term.substr(1) : "-" + (term[0] == '+' ? term.substr(1) : term);
}

std::string sum_of(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (part[0] == '-' || part[0] == '+' ? " " : " + ") + part;
  text = trimmed(text);
  return trimmed(text[0] == '+' ? text.substr(1) : text);
}

void sums(PairMaker& m) {
  std::vector<std::string> parts = terms(m.x);
  if (parts.size() < 2) return;
  m.same("sum-reversed", sum_of(reversed(parts)));
  std::vector<std::string> other = parts;
  other.back() = flipped(other.back());
  m.near("sum-sign-within", sum_of(other));
  other.pop_back();
  m.near("sum-term-dropped", sum_of(other));
  m.same("sum-no-spaces",
         replaced(m.x, " ", "").find("\\") == std::string::npos ? replaced(m.x, " ", "") : m.x);
}

void surds(PairMaker& m) {
  std::string radicand;
  const std::string& x = m.x;
  if (!RE2::PartialMatch(x, "\\\\sqrt\\{(\\d+)\\}", &radicand)) return;
  std::string plain = x, power = x;
  RE2::GlobalReplace(&plain, "\\\\sqrt\\{(\\d+)\\}", "\\\\sqrt[2]{\\1}");
  RE2::GlobalReplace(&power, "\\\\sqrt\\{(\\d+)\\}", "(\\1)^{1/2}");
  m.same("surd-index", plain);
  m.same("surd-power", power);
  m.same("surd-word", replaced(x, "\\sqrt{" + radicand + "}", " sqrt(" + radicand + ")"));
  m.same("surd-square-root-sign", replaced(x, "\\sqrt{" + radicand + "}", "\u221A{" + radicand + "}"));
  const int64_t r = std::stoll(radicand);
  m.same("surd-times-two",
         replaced(x, "\\sqrt{" + radicand + "}", "\\frac{\\sqrt{" + std::to_string(4 * r) + "}}{2}"));
  m.same("surd-rationalised",
         replaced(x, "\\sqrt{" + radicand + "}", "\\frac{" + radicand + "}{\\sqrt{" + radicand + "}}"));
  if (x.find("sqrt") == x.rfind("sqrt")) {
    m.near("surd-radicand+1",
           replaced(x, "\\sqrt{" + radicand + "}", "\\sqrt{" + std::to_string(r + 1) + "}"));
    m.near("surd-cube-root", replaced(x, "\\sqrt{", "\\sqrt[3]{"));
    m.near("surd-dropped", replaced(x, "\\sqrt{" + radicand + "}", "{" + radicand + "}"));
  }
}

void multiples_of_pi(PairMaker& m) {
  const std::string& x = m.x;
  if (x.find("\\frac\\pi") != std::string::npos) return;
  m.same("pi-sign", replaced(x, "\\pi", "\u03C0 "));
  m.same("pi-braces", replaced(x, "\\pi", "{\\pi}"));
  m.near("pi-three", replaced(x, "\\pi", "{(3)}"));
  m.near("pi-22/7", replaced(x, "\\pi", "(\\frac{22}{7})"));
  m.near("pi-squared", replaced(x, "\\pi", "(\\pi)^2"));
  m.near("pi-e", replaced(x, "\\pi", "{e}"));
}

void letters(PairMaker& m) {
  std::string letter, exponent;
  const std::string& x = m.x;
  if (!RE2::PartialMatch(replaced(x, "\\", "\\ "), "(?:^|[^\\\\ a-zA-Z])([a-hj-z])(?:$|[^a-zA-Z])", &letter))
    return;
  if (RE2::PartialMatch(x, "\\^(\\d|\\{\\d+\\})", &exponent)) {
    m.same("symbolic-braces",
           replaced(x, "^" + exponent, exponent[0] == '{' ? "^" + exponent : "^{" + exponent + "}"));
    m.same("symbolic-stars",
           replaced(x, "^" + exponent, "**" + replaced(replaced(exponent, "{", "("), "}", ")")));
    m.near(
        "symbolic-exponent+1",
        replaced(x, "^" + exponent, "^{" + std::to_string(std::stoi(replaced(exponent, "{", "")) + 1) + "}"));
  }
  if (!RE2::PartialMatch(x, "\\\\[a-zA-Z]*" + letter))
    m.near("symbolic-renamed", replaced(x, letter, letter == "w" ? "u" : "w"));
}

void complex_numbers(PairMaker& m) {
  const std::string& x = m.x;
  if (RE2::PartialMatch(x, "\\\\[a-z]*i")) return;  // commands with an i: edits by letter are not safe
  m.same("complex-roman", replaced(x, "i", "\\mathrm{i}"));
  m.same("complex-factor", replaced(x, "i", " \\cdot i"));
  if (x[0] == 'i' || RE2::PartialMatch(x, "[-+({]\\s*i")) m.pairs.pop_back();
  m.near("complex-conjugate", replaced(x, "i", "(-i)"));
  m.near("complex-real", replaced(x, "i", "(1)"));
  m.near("complex-times-i", "i(" + x + ")");
}

void functions(PairMaker& m) {
  const std::string& x = m.x;
  m.same("function-minus", "0-(-1)(" + x + ")");
  if (x.find("\\sin") != std::string::npos) m.near("function-sin-cos", replaced(x, "\\sin", "\\cos"));
  if (x.find("\\cos") != std::string::npos) m.near("function-cos-sin", replaced(x, "\\cos", "\\sin"));
  if (x.find("\\tan") != std::string::npos) m.near("function-tan-cot", replaced(x, "\\tan", "\\cot"));
  if (x.find("\\tan") != std::string::npos && x.find("\\tan^") == std::string::npos) {
    std::string quotient = x;
    if (RE2::Replace(&quotient, R"(\\tan\s*([a-z]|\d+\^\\circ|\\frac\{[^{}]*\}\{[^{}]*\})$)",
                     R"(\\frac{\\sin{\1}}{\\cos{\1}})"))
      m.same("function-quotient", quotient);
  }
  if (RE2::PartialMatch(x, "\\\\ln")) m.near("function-ln-log", replaced(x, "\\ln", "\\log_{10}"));
  if (RE2::PartialMatch(x, "\\\\ln")) m.same("function-log-e", replaced(x, "\\ln", "\\log_{e}"));
  m.near("function-inverted", frac("1", x));
}

}  // namespace

void add_symbols(PairMaker& m) {
  if (m.shape == "surd" || m.shape == "pi" || m.shape == "symbolic" || m.shape == "complex") sums(m);
  if (m.shape == "surd") surds(m);
  if (m.shape == "pi") multiples_of_pi(m);
  if (m.shape == "symbolic") letters(m);
  if (m.shape == "complex") complex_numbers(m);
  if (m.shape == "trig-log") functions(m);
}

}  // namespace hone
