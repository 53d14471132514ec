// Each way of deciding equality by itself, against values that are known, and with errors planted that it must see.
#include <gtest/gtest.h>

#include "rewards/math_ball.h"
#include "rewards/math_modular.h"
#include "rewards/math_parser.h"
#include "rewards/math_scalar.h"
#include "rewards/math_surd.h"

namespace hone {
namespace {

std::string rational(const std::string& text) {
  const Expression e = parse_math(text);
  const RationalValue value = to_rational(e, e.root);
  switch (value.outcome) {
    case Outcome::kOk:
      return to_string(value.value);
    case Outcome::kNotRational:
      return "not rational";
    case Outcome::kOverflow:
      return "overflow";
    case Outcome::kUndefined:
      return "undefined";
  }
  return "?";
}

TEST(ToRational, EvaluatesExactly) {
  EXPECT_EQ(rational("\\frac{1}{3}+\\frac16"), "1/2");
  EXPECT_EQ(rational("0.1+0.2"), "3/10");
  EXPECT_EQ(rational("1.5e3"), "1500");
  EXPECT_EQ(rational("2^{-3}"), "1/8");
  EXPECT_EQ(rational("20!"), "2432902008176640000");
  EXPECT_EQ(rational("\\binom{52}{5}"), "2598960");
  EXPECT_EQ(rational("12.5\\%"), "1/8");
  EXPECT_EQ(rational("\\lfloor -2.5 \\rfloor"), "-3");
  EXPECT_EQ(rational("\\lceil -2.5 \\rceil"), "-2");
  EXPECT_EQ(rational("|-\\frac23|"), "2/3");
  EXPECT_EQ(rational("\\max(1,3,2)"), "3");
  EXPECT_EQ(rational("\\gcd(12,18)"), "6");
  EXPECT_EQ(rational("\\frac{1}{0}"), "undefined");
  EXPECT_EQ(rational("0^{-1}"), "undefined");
  EXPECT_EQ(rational("2^{200}"), "overflow");
  EXPECT_EQ(rational("\\sqrt2"), "not rational");
}

TEST(BigRationalTest, HasNoSizeButTheBudget) {
  bool over = false;
  const auto value = [&](const std::string& text) {
    const Expression e = parse_math(text);
    return BigRational::evaluate(e, e.root, 0, &over);
  };
  const auto left = value("2^{4950}+1"), right = value("4^{2475}+1"), other = value("4^{2475}");
  ASSERT_TRUE(left && right && other);
  EXPECT_TRUE(*left == *right);
  EXPECT_FALSE(*left == *other);
  EXPECT_TRUE(*value("\\frac{100!}{98!}") == *value("9900"));
  EXPECT_TRUE(*value("0.00000000000000000000000000000000000001") == *value("10^{-38}"));
  EXPECT_FALSE(over);
  EXPECT_FALSE(value("9^{9^9}"));
  EXPECT_TRUE(over);
}

std::string surds(const std::string& a, const std::string& b) {
  const Expression x = parse_math(a), y = parse_math(b);
  const auto left = SurdSum::evaluate(x, x.root, 0), right = SurdSum::evaluate(y, y.root, 0);
  return !left || !right ? "none" : *left == *right ? "equal" : "different";
}

TEST(SurdSumTest, IsANormalForm) {
  EXPECT_EQ(surds("\\frac{1}{\\sqrt3}", "\\frac{\\sqrt3}{3}"), "equal");
  EXPECT_EQ(surds("\\sqrt{12}", "2\\sqrt3"), "equal");
  EXPECT_EQ(surds("\\sqrt{\\frac{2}{3}}", "\\frac{\\sqrt6}{3}"), "equal");
  EXPECT_EQ(surds("\\frac{1}{2+\\sqrt3}", "2-\\sqrt3"), "equal");
  EXPECT_EQ(surds("(1+\\sqrt2)^3", "7+5\\sqrt2"), "equal");
  EXPECT_EQ(surds("\\frac{5}{2-i}", "2+i"), "equal");
  EXPECT_EQ(surds("\\sqrt{-4}", "2i"), "equal");
  EXPECT_EQ(surds("\\frac{9}{\\pi^2}(\\sqrt3+3)", "\\frac{9\\sqrt3+27}{\\pi^2}"), "equal");
  EXPECT_EQ(surds("4^{3/2}", "8"), "equal");
  EXPECT_EQ(surds("\\sqrt2+\\sqrt3", "\\sqrt5"), "different");
  EXPECT_EQ(surds("2\\pi", "2e"), "different");
  EXPECT_EQ(surds("\\sqrt{1000003^2}", "1000003"), "equal");
  EXPECT_EQ(surds("\\sqrt{2+\\sqrt3}", "1"), "none");
}

std::string residues(const std::string& a, const std::string& b) {
  const Expression x = parse_math(a), y = parse_math(b);
  const auto left = fingerprint(x, x.root, 0, 5), right = fingerprint(y, y.root, 0, 5);
  return !left || !right ? "none" : *left == *right ? "equal" : "different";
}

TEST(FingerprintTest, SeparatesRationalFunctions) {
  EXPECT_EQ(residues("(x+y)^{20}", "(x^2+2xy+y^2)^{10}"), "equal");
  EXPECT_EQ(residues("\\frac{x^2-1}{x-1}", "x+1"), "equal");
  EXPECT_EQ(residues("x^{-2}", "\\frac{1}{x^2}"), "equal");
  EXPECT_EQ(residues("(x+i)(x-i)", "x^2+1"), "equal");
  EXPECT_EQ(residues("0.5x", "\\frac{x}{2}"), "equal");
  EXPECT_EQ(residues("(x+y)^{20}", "(x^2+2xy+y^2)^{10}+1"), "different");
  EXPECT_EQ(residues("x+10^{-200}", "x"), "different");
  EXPECT_EQ(residues("x_1", "x_2"), "different");
  EXPECT_EQ(residues("\\sqrt x", "x"), "none");
}

std::string balls(const std::string& a, const std::string& b, bool symbols = false) {
  const Expression x = parse_math(a), y = parse_math(b);
  switch (compare_balls({x, x.root}, {y, y.root}, symbols, 5)) {
    case BallVerdict::kEqual:
      return "equal";
    case BallVerdict::kDifferent:
      return "different";
    case BallVerdict::kUndecided:
      return "undecided";
  }
  return "?";
}

TEST(CompareBalls, ProvesEqualityOfAlgebraicNumbers) {
  EXPECT_EQ(balls("\\sqrt{3+2\\sqrt2}", "1+\\sqrt2"), "equal");
  EXPECT_EQ(balls("\\sqrt[3]{16}", "2\\sqrt[3]{2}"), "equal");
  EXPECT_EQ(balls("\\cos 36^\\circ", "\\frac{1+\\sqrt5}{4}"), "equal");
  EXPECT_EQ(balls("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5+2\\sqrt6}"), "equal");
  EXPECT_EQ(balls("\\sqrt[3]{-8}", "-2"), "equal");
  EXPECT_EQ(balls("\\sqrt2+10^{-60}", "\\sqrt2"), "different");
  // Agree to 19 digits.
  EXPECT_EQ(balls("\\sqrt{1000000000000000001}", "\\frac{1000000000000000001}{\\sqrt{1000000000000000002}}"),
            "different");
}

TEST(CompareBalls, SeparatesTranscendentalsAndFunctions) {
  EXPECT_EQ(balls("e^{i\\pi}", "-1"), "equal");
  EXPECT_EQ(balls("\\ln 6", "\\ln 2+\\ln 3"), "equal");
  EXPECT_EQ(balls("\\ln 6", "\\ln 2+\\ln 3+10^{-70}"), "different");
  EXPECT_EQ(balls("\\sin^2 x+\\cos^2 x", "1", true), "equal");
  EXPECT_EQ(balls("\\sin 2x", "2\\sin x\\cos x", true), "equal");
  EXPECT_EQ(balls("\\sqrt{x^2}", "x", true), "equal");
  EXPECT_EQ(balls("\\sqrt{(x-1)^2}", "x-1", true), "different");
  EXPECT_EQ(balls("\\sin x", "\\sin x+10^{-100}", true), "different");
  EXPECT_EQ(balls("(x+1)!", "(x+1)x!", true), "equal");
  EXPECT_EQ(balls("9^{9^{9^{9}}}", "1"), "undecided");
}

TEST(SeparationBits, GrowWithTheDegree) {
  const auto bits = [](const std::string& text) {
    const Expression x = parse_math(text), one = parse_math("1");
    return separation_bits({x, x.root}, {one, one.root});
  };
  ASSERT_TRUE(bits("\\sqrt2"));
  EXPECT_GT(*bits("\\sqrt2+\\sqrt3"), *bits("\\sqrt2"));
  EXPECT_TRUE(bits("\\cos\\frac{\\pi}{7}"));
  EXPECT_FALSE(bits("\\pi"));
  EXPECT_FALSE(bits("\\ln 2"));
  EXPECT_FALSE(bits("\\sin 1"));
}

TEST(CompareScalars, UndefinedAndInfiniteValuesAreNoNumbers) {
  const auto compare = [](const std::string& a, const std::string& b) {
    const Expression x = parse_math(a), y = parse_math(b);
    return compare_scalars({x, x.root}, {y, y.root}, {});
  };
  EXPECT_EQ(compare("\\frac10", "5"), Equality::kUndecided);
  EXPECT_EQ(compare("\\infty", "5"), Equality::kUndecided);
  EXPECT_EQ(compare("x", "5"), Equality::kDifferent);
}

}  // namespace
}  // namespace hone
