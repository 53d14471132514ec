#include "rewards/math_parser.h"

#include <gtest/gtest.h>

#include "rewards/math_fold.h"

namespace hone {
namespace {

std::string tree(const std::string& text, bool flip_commas = false) {
  const std::string folded = is_ascii(text) ? text : fold_to_latex(text);
  const Expression e = parse_math(folded, flip_commas ? CommaReading::kFlipped : CommaReading::kUsual);
  return e.ok() ? to_string(e, e.root) : "!" + e.problem;
}

TEST(MathParser, ReadsNumbers) {
  EXPECT_EQ(tree("1,250"), "1250");
  EXPECT_EQ(tree("11,\\! 111,\\! 100"), "11111100");
  EXPECT_EQ(tree("1{,}008{,}016"), "1008016");
  EXPECT_EQ(tree("1 234 567"), "1234567");
  EXPECT_EQ(tree("1,2,10"), "list(1, 2, 10)");
  EXPECT_EQ(tree("100,20"), "list(100, 20)");
  EXPECT_EQ(tree("0,125"), "list(0, 125)");
  EXPECT_EQ(tree("1,250", true), "list(1, 250)");
  EXPECT_EQ(tree("(1,250)"), "tuple3(1, 250)");
  EXPECT_EQ(tree("(1,250)", true), "1250");
  EXPECT_EQ(tree(".5"), "5e-1");
  EXPECT_EQ(tree("5."), "5");
  EXPECT_EQ(tree("1.2e5"), "12e4");
  EXPECT_EQ(tree("1e-3"), "1e-3");
  EXPECT_EQ(tree("0.\\overline{36}"), "div(36, 99)");
}

TEST(MathParser, ReadsArithmeticAsPeopleWriteIt) {
  EXPECT_EQ(tree("\\frac12"), "div(1, 2)");
  EXPECT_EQ(tree("\\frac 74,7"), "list(div(7, 4), 7)");
  EXPECT_EQ(tree("\\frac1b"), "div(1, b)");
  EXPECT_EQ(tree("\\frac{270}7"), "div(270, 7)");
  EXPECT_EQ(tree("10\\frac{1}{12}"), "sum(10, div(1, 12))");
  EXPECT_EQ(tree("1 1/2"), "sum(1, div(1, 2))");
  EXPECT_EQ(tree("-15\\frac{3}{5}"), "neg(sum(15, div(3, 5)))");
  EXPECT_EQ(tree("5\\frac{3}{2}"), "product(5, div(3, 2))");
  EXPECT_EQ(tree("2\\frac{x}{3}"), "product(2, div(x, 3))");
  EXPECT_EQ(tree("1/2x"), "product(div(1, 2), x)");
  EXPECT_EQ(tree("2^3^2"), "pow(2, pow(3, 2))");
  EXPECT_EQ(tree("-2^2"), "neg(pow(2, 2))");
  EXPECT_EQ(tree("x^-1"), "pow(x, neg(1))");
  EXPECT_EQ(tree("xy^2"), "product(x, pow(y, 2))");
  EXPECT_EQ(tree("x^12"), "pow(x, 12)");
  EXPECT_EQ(tree("12\\sqrt 3"), "product(12, root(2, 3))");
  EXPECT_EQ(tree("\\sqrt[4]8"), "root(4, 8)");
  EXPECT_EQ(tree("5!"), "fact(5)");
  EXPECT_EQ(tree("|x-2|"), "abs(sum(x, neg(2)))");
  EXPECT_EQ(tree("C_5^2"), "binom(5, 2)");
}

TEST(MathParser, ReadsFunctions) {
  EXPECT_EQ(tree("2 \\sin 5x \\cos x"), "product(2, sin(product(5, x)), cos(x))");
  EXPECT_EQ(tree("sin x cos y"), "product(sin(x), cos(y))");
  EXPECT_EQ(tree("\\sin^2 t"), "pow(sin(t), 2)");
  EXPECT_EQ(tree("\\sin^{-1} x"), "arcsin(x)");
  EXPECT_EQ(tree("\\log_2 8"), "log(8, 2)");
  EXPECT_EQ(tree("\\lg 8"), "log(8, 10)");
  EXPECT_EQ(tree("\\tan 15^\\circ"), "tan(deg(15))");
  EXPECT_EQ(tree("\\gcd(12, 18)"), "gcd(12, 18)");
  EXPECT_EQ(tree("sqrt(3)/2"), "div(root(2, 3), 2)");
}

TEST(MathParser, ReadsWhatHoldsNumbers) {
  EXPECT_EQ(tree("(-\\infty, 2] \\cup [3, \\infty)"),
            "union(tuple1(neg(infinity()), 2), tuple2(3, infinity()))");
  EXPECT_EQ(tree("(-inf, 2) U (3, oo)"), "union(tuple3(neg(infinity()), 2), tuple3(3, infinity()))");
  EXPECT_EQ(tree("\\{1\\pm\\sqrt{5},-2\\}"), "set(sum(1, pm(root(2, 5))), neg(2))");
  EXPECT_EQ(tree("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}"), "matrix(1, 2; 3, 4)");
  EXPECT_EQ(tree("\\left[\\begin{array}{cc} 1 & 2 \\\\ 3 & 4 \\\\ \\end{array}\\right]"),
            "matrix(1, 2; 3, 4)");
  EXPECT_EQ(tree("\\langle 1, 2 \\rangle"), "tuple4(1, 2)");
  EXPECT_EQ(tree("-3 < x \\le 2"), "rel(neg(3) < x <= 2)");
  EXPECT_EQ(tree("x \\in [-2,7]"), "rel(x in tuple0(neg(2), 7))");
  EXPECT_EQ(tree("\\{x \\mid x > 3\\}"), "rel(x > 3)");
  EXPECT_EQ(tree("3:5"), "ratio(3, 5)");
  EXPECT_EQ(tree("x = 2 or x = 3"), "list(rel(x = 2), rel(x = 3))");
  EXPECT_EQ(tree("6, 8\\text{, and }10"), "list(6, 8, 10)");
}

TEST(MathParser, ReadsWordsUnitsAndNumerals) {
  EXPECT_EQ(tree("\\text{A, B}"), "list(A, B)");
  EXPECT_EQ(tree("\\text{(A)}"), "A");
  EXPECT_EQ(tree("\\text{two lines}"), "\"two lines\"");
  EXPECT_EQ(tree("no solution"), "\"no solution\"");
  EXPECT_EQ(tree("LQSX"), "LQSX");
  EXPECT_EQ(tree("15\\mbox{ cm}^2"), "unit[\\mbox{ cm}^2](15)");
  EXPECT_EQ(tree("50 miles per hour"), "unit[miles per hour](50)");
  EXPECT_EQ(tree("5 percent"), "percent(5)");
  EXPECT_EQ(tree("\\text{A5}_{11}"), "A5_11");
  EXPECT_EQ(tree("1A3_{16}"), "1A3_16");
  EXPECT_EQ(tree("1010_{\\text{two}}"), "1010_2");
}

TEST(MathParser, FoldsUnicodeAndChinese) {
  EXPECT_EQ(tree("x\u00B2+2x\u22123"), "sum(pow(x, 2), product(2, x), neg(3))");
  EXPECT_EQ(tree("\u221A3/2"), "div(root(2, 3), 2)");
  EXPECT_EQ(tree("\u4E09\u5206\u4E4B\u4E00"), "div(1, 3)");
  EXPECT_EQ(tree("5\u5206\u4E4B3"), "div(3, 5)");
  EXPECT_EQ(tree("\u767E\u5206\u4E4B\u4E94"), "percent(5)");
  EXPECT_EQ(tree("\u4E8C\u5341\u4E94"), "25");
  EXPECT_EQ(tree("\uFF13\uFF16"), "36");
  EXPECT_EQ(tree("3\u4E07"), "30000");
  EXPECT_EQ(tree("\u8FD8\u52699\u9875"), "unit[\u9875](9)");
}

TEST(MathParser, SaysWhatIsNotMathematics) {
  EXPECT_EQ(tree(""), "!empty");
  EXPECT_EQ(tree("3 +"), "!an operand is missing");
  EXPECT_EQ(tree("2//3"), "!two operators side by side at \"/3\"");
  EXPECT_EQ(tree("3 5"), "!two numbers side by side at \"5\"");
  EXPECT_EQ(tree("(1, 2"), "!a bracket that is not closed");
  EXPECT_EQ(tree("\\foo{3}"), "!a command that means nothing here at \"\\foo{3}\"");
  EXPECT_EQ(tree("\\begin{pmatrix} 1 & 2 \\\\ 3 \\end{pmatrix}"),
            "!rows of different lengths at \"\\end{pmatrix}\"");
}

TEST(MathParser, IsBounded) {
  EXPECT_TRUE(parse_math(std::string(kMaxMathBytes + 1, '1')).over_budget);
  EXPECT_TRUE(parse_math(std::string(1000, '(')).over_budget);
  std::string many = "1";
  for (int i = 0; i < 5000; ++i) many += "+1";
  EXPECT_TRUE(parse_math(many).over_budget);
  EXPECT_TRUE(parse_math(std::string(40, '(') + "1" + std::string(40, ')')).ok());
}

}  // namespace
}  // namespace hone
