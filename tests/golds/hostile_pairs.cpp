#include "tests/golds/hostile_pairs.h"

#include <functional>

#include "tests/golds/text_edits.h"

namespace hone {
namespace {

constexpr size_t kMegabyte = 1'000'000;

std::string repeated(const std::string& text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string filled(const std::string& text, size_t bytes) { return repeated(text, bytes / text.size()); }

std::string box(const std::string& text) { return "\\boxed{" + text + "}"; }

/// f(0) by f(1) by ... f(n - 1).
std::string series(int n, const std::string& by, const std::function<std::string(int)>& f) {
  std::vector<std::string> parts;
  for (int i = 0; i < n; ++i) parts.push_back(f(i));
  return join(parts, by);
}

std::string number(int64_t value) { return std::to_string(value); }

class Inputs {
 public:
  /// Both in a box.
  void add(const std::string& name, const std::string& gold, const std::string& answer,
           Expected expected = Expected::kDifferent) {
    all.push_back({name, gold, box(answer), expected});
  }
  /// A whole completion.
  void text(const std::string& name, const std::string& completion) {
    all.push_back({name, "42", completion});
  }

  std::vector<HostileInput> all;
};

void long_texts(Inputs& in) {
  for (const char* c : {"(",       "[",      "{",        "\\{", "\\left(", "\\frac",  "\\frac{1}{",
                        "\\sqrt{", "\\sqrt", "\\boxed{", "^",   "^{",      "_",       "-",
                        "!",       "|",      "\\pm",     ",",   "1,",      "\\text{", "\\begin{pmatrix}",
                        "$",       "\\(",    "x",        "\\",  "**",      "9",       "0.",
                        "\u4E00",  "\u5341"}) {
    in.add("1 MB of " + std::string(c), "42", filled(c, kMegabyte));
    in.add("16 kB of " + std::string(c), "42", filled(c, 16000));
    in.add("2 kB of " + std::string(c), "42", filled(c, 2000));
  }
  const std::string digits = filled("1234567890", kMegabyte);
  in.add("1 MB of digits against 1 MB of digits", digits, digits + "1");
  in.add("16 kB of digits against one more", filled("1234567890", 16000) + "1",
         filled("1234567890", 16000) + "2");
  in.add("10^6 nested brackets, closed", "42", repeated("(", kMegabyte) + "43" + repeated(")", kMegabyte));
  in.add("10^6 nested braces, closed", "42", repeated("{", kMegabyte) + "43" + repeated("}", kMegabyte));
  in.add("NUL bytes", "42", std::string(kMegabyte, '\0'));
  in.add("a NUL byte behind the answer", "42", std::string("42\0 1", 5));
  in.add("broken UTF-8", "42", filled("\xff\xfe\xc0\x80", kMegabyte));
  in.add("broken UTF-8, 4 kB", "42", filled("\xe4\xb8\xf0\x9f", 4000));
  in.text("10,000 boxes", repeated("\\boxed{42} and ", 10000) + "\\boxed{43}");
  in.text("10,000 equal boxes", repeated("\\boxed{43} ", 10000));
  in.text("10^5 open boxes", repeated("\\boxed{1 ", 100000));
  in.text("boxes in boxes", repeated("\\boxed{", 100000) + "43" + repeated("}", 100000));
  in.text("10^5 answer tags", repeated("<answer>", 100000));
  in.text("10^5 answers: yes", repeated("Answer: 41\n", 90000) + "Answer: 43");
  in.text("10^5 hashes", repeated("#### ", 200000));
  in.text("thoughts without an end", repeated("<think>", 140000));
  in.text("for regular expressions",
          repeated("a", kMegabyte) + "! The final answer is" + repeated(" ", 100000) + repeated("$", 1000));
  in.text("the answer is, 40,000 times", repeated("the answer is ", 40000) + "43");
}

/// Whole completions made of what an answer begins with, and of answers that are equal but dear to compare.
void dense_texts(Inputs& in) {
  for (const char* piece : {"\u7B54\u6848\u662F1\u3002",
                            "\u89E3\u7B54",
                            "\u3002",
                            "answer, ",
                            "answe ",
                            "ans",
                            "answer is is ",
                            "\n",
                            "Answer: 1\n",
                            "answer: a b, c. d ",
                            "answer: $$",
                            "a. ",
                            "### Answer\n",
                            "\\boxed\\frac{",
                            "\\boxed{1} ",
                            "}\\boxed{",
                            "\\boxe",
                            "{}",
                            "<answer>1</answer>",
                            "</think>",
                            "</s>",
                            "<",
                            "#### 1\n"})
    in.text("1 MB of " + std::string(piece), filled(piece, kMegabyte));
  const auto boxes = [](int n, const std::function<std::string(int)>& f) {
    return series(n, " ", [&](int i) { return box(f(i)); });
  };
  in.text("60 spellings of a sum of sines",
          boxes(60, [](int i) { return "\\sin 1+\\sin 2+\\sin 3+" + number(i) + "-" + number(i); }));
  in.text("60 spellings of a function", boxes(60, [](int i) {
            return "\\sin(x+y)+\\sqrt{x^2+1}+\\ln(x+" + number(i) + ")-\\ln(x+" + number(i) + ")";
          }));
  in.text("60 spellings of a list", boxes(60, [](int i) {
            return series(40, ",", [=](int k) { return "\\sqrt[3]{" + number(k + i) + "}"; });
          }));
  in.text("60 long boxes", boxes(60, [](int i) { return filled("1", 15000) + "+" + number(i); }));
}

void large_numbers(Inputs& in) {
  in.add("tower of powers", "5^{5^{5^{5}}}", "5^{5^{5^{6}}}");
  in.add("tower of powers in brackets", "5^(5^(5^(5^5)))", "5^(5^(5^(5^6)))");
  in.add("tower of twenty", series(20, "^", [](int) { return "9"; }),
         series(21, "^", [](int) { return "9"; }));
  in.add("a number against a tower", "42", "9^{9^{9^{9^9}}}");
  in.add("factorial of a million", "1000000!", "1000000!+1");
  in.add("factorials of factorials", "((((9!)!)!)!)!", "((((9!)!)!)!)!+1");
  in.add("factorial of 10^9", "42", "(10^9)!");
  in.add("factorial of 20,000 against itself + 1", "20000!", "20000!+1");
  in.add("binomial of 10^9", "42", "\\binom{1000000000}{500000000}");
  in.add("binomial of 10,000", "\\binom{10000}{5000}", "\\binom{10000}{4999}");
  in.add("two to 10^9", "2^{1000000000}", "2^{1000000000}+1");
  in.add("three to 100,000", "3^{100000}", "3^{100000}+1");
  in.add("powers of powers", "((7^{99})^{99})^{99}", "((7^{99})^{99})^{98}");
  in.add("negative powers", "10^{-100000}", "10^{-100001}");
  in.add("1e10000", "1e9999", "1e9998");
  in.add("a numeral of 16,000 digits in base 36", filled("1A", 15000) + "_{36}",
         filled("1B", 15000) + "_{36}");
  in.add("10,000 decimals of a third", "\\frac{1}{3}", "0." + filled("3", 10000), Expected::kUnknown);
  in.add("0.999...9", "1", "0." + filled("9", 15000), Expected::kUnknown);
  in.add("a tiny difference", "\\pi", "\\pi+10^{-5000}");
  in.add("roots of a large index", "2^{1/1000000}", "2^{1/1000001}");
  in.add("root with a huge index", "\\sqrt[1000000007]{3}", "\\sqrt[1000000009]{3}");
  in.add("a huge radicand", "\\sqrt{" + filled("7", 8000) + "}", "\\sqrt{" + filled("7", 7999) + "8}");
  in.add("gcd of long numbers", "1", "\\gcd(" + filled("6", 7000) + "," + filled("9", 7000) + ")");
  in.add("sine of 10^100000", "\\sin(10^{100000})", "\\sin(10^{100000})+1");
  in.add("sine of a tower", "0", "\\sin(9^{9^{9^{9}}})");
  in.add("exponentials of exponentials", "e^{e^{e^{e^{e}}}}", "e^{e^{e^{e^{e}}}}+1");
  in.add("a logarithm of a tower", "\\ln(9^{9^{9^{9}}})", "9^{9^{9}}\\ln 9 + 1");
}

void long_sums(Inputs& in) {
  const auto surd = [](int i) { return "\\sqrt{" + number(i + 2) + "}"; };
  const auto surd_back = [](int i) { return "\\sqrt{" + number(301 - i) + "}"; };
  in.add("300 surds in another order", series(300, "+", surd), series(300, "+", surd_back),
         Expected::kUnknown);
  in.add("300 surds and a little", series(300, "+", surd), series(300, "+", surd) + "+10^{-50}");
  in.add("product of 40 sums of surds",
         series(40, "", [](int i) { return "(1+\\sqrt{" + number(i + 2) + "})"; }), "42");
  in.add("nested square roots", series(60, "", [](int) { return "\\sqrt{2+"; }) + "2" + repeated("}", 60),
         "2", Expected::kUnknown);
  in.add("nested square roots against others",
         series(60, "", [](int) { return "\\sqrt{2+"; }) + "3" + repeated("}", 60),
         series(61, "", [](int) { return "\\sqrt{2+"; }) + "3" + repeated("}", 61));
  in.add("a continued fraction", repeated("1+\\frac{1}{", 60) + "2" + repeated("}", 60),
         repeated("1+\\frac{1}{", 60) + "3" + repeated("}", 60));
  in.add("sum of 1,000 fractions", series(1000, "+", [](int i) { return frac("1", number(i + 1)); }), "42");
  in.add("sum of 200 large fractions",
         series(200, "+", [](int i) { return frac("1", number(1000000007 + 2 * i)); }),
         series(200, "+", [](int i) { return frac("1", number(1000000409 - 2 * i)); }));
  in.add("cubic roots", series(100, "+", [](int i) { return "\\sqrt[3]{" + number(i + 2) + "}"; }),
         series(100, "+", [](int i) { return "\\sqrt[3]{" + number(102 - i) + "}"; }));
  in.add("sines of many angles", series(200, "+", [](int i) { return "\\sin " + number(i + 1) + "^\\circ"; }),
         "42");
  in.add("sines of sines", repeated("\\sin(", 60) + "1" + repeated(")", 60),
         repeated("\\sin(", 59) + "1" + repeated(")", 59));
  in.add("many letters to the 50th", "(x+y+z+w+a+b)^{50}", "(x+y+z+w+a+b)^{50}+1");
  in.add("many letters to the 10^6th", "(x+y+z+w+a+b)^{1000000}", "(x+y+z+w+a+b)^{1000001}");
  in.add("a polynomial to the 10^18th", "(x+1)^{1000000000000000000}", "(x+1)^{1000000000000000000}+1");
  in.add(
      "26 letters, 100 factors",
      series(100, "", [](int i) { return "(" + std::string(1, char('j' + i % 17)) + "+" + number(i) + ")"; }),
      "x");
  in.add("a tower of letters", "x^{x^{x^{x^{x}}}}", "x^{x^{x^{x^{x+1}}}}");
  in.add("functions of letters", repeated("\\sin(", 50) + "x" + repeated(")", 50),
         repeated("\\cos(", 50) + "x" + repeated(")", 50));
  in.add("sum of 300 sines of letters",
         series(300, "+", [](int i) { return "\\sin(" + number(i + 1) + "x)"; }),
         series(300, "+", [](int i) { return "\\sin(" + number(300 - i) + "x)"; }), Expected::kUnknown);
  in.add("square roots of letters", series(100, "+", [](int i) { return "\\sqrt{x+" + number(i) + "}"; }),
         series(100, "+", [](int i) { return "\\sqrt{x+" + number(99 - i) + "}"; }), Expected::kUnknown);
}

void long_structures(Inputs& in) {
  const auto term = [](int i) { return number(i) + "+\\sqrt{2}"; };
  const auto back = [](int i) { return number(400 - i) + "+\\sqrt{2}"; };
  in.add("2,000 numbers in another order", series(2000, ", ", [](int i) { return number(i); }),
         series(2000, ", ", [](int i) { return number(2000 - i); }));
  in.add("400 surds as a list in another order", series(400, ",", term), series(400, ",", back));
  in.add("300 functions as a list", series(300, ",", [](int i) { return "\\sin(" + number(i) + "x)"; }),
         series(300, ",", [](int i) { return "\\sin(" + number(300 - i) + "x)"; }));
  in.add("300 sines of numbers as a list", series(300, ",", [](int i) { return "\\sin " + number(i); }),
         series(300, ",", [](int i) { return "\\sin " + number(300 - i); }));
  in.add("60 cube roots as a list",
         series(60, ",", [](int i) { return number(i) + "+\\sqrt[3]{2}+\\sqrt[3]{3}"; }),
         series(60, ",", [](int i) { return number(60 - i) + "+\\sqrt[3]{2}+\\sqrt[3]{3}"; }));
  const auto waves = [](int i) { return "\\sin(" + number(i + 1) + "x)+\\ln(x+" + number(i) + ")"; };
  in.add("60 functions in another order", series(60, ",", waves),
         series(60, ",", [&](int i) { return waves(59 - i); }), Expected::kUnknown);
  in.add("60 sums of sines in another order",
         series(60, ",", [](int i) { return "\\sin 1+\\sin " + number(i + 2); }),
         series(60, ",", [](int i) { return "\\sin 1+\\sin " + number(61 - i); }), Expected::kUnknown);
  in.add("six signs in a sum of functions",
         series(6, "\\pm ", [](int i) { return "\\sin(" + number(i + 1) + "x)"; }) + " > e^x",
         series(6, "\\pm ", [](int i) { return "\\sin(" + number(6 - i) + "x)"; }) + " > e^x",
         Expected::kUnknown);
  const auto set_of = [](int r) {
    return "\\{" + series(50, ",", [=](int i) { return number(50 * r + i); }) + "\\}";
  };
  in.add("60 sets of 50 in another order", series(60, ",", set_of),
         series(60, ",", [&](int r) { return set_of(59 - r); }), Expected::kUnknown);
  in.add("signs in lists in unions", "p6III,5H\\pm II\\cup6II\\pm 3II\\cup6x\\pm 6x\\pm 6x\\pm 66666666",
         "p6III,5H\\pm II\\cup6II\\pm 3II\\cup6x\\pm 6x\\pm 6x\\pm 66666667");
  const std::string signs =
      "p6III,5H\x82I\\setminus-\xE5I\x88/\xFF\x8F\xB4"
      "3\xCF\xC2\xB1"
      "6\xCF\xC2\xB1"
      "666\xC9"
      "6\xCF\xC2\xB1"
      "6\xCF\xC2\xB1"
      "6\xE7\xCF\xC2\xB1"
      "66666666";
  in.add("signs in broken text", signs, signs, Expected::kUnknown);
  in.add("signs on both sides of an inequality",
         "9e^{xp}, -> HI\\pm IAI\\pm III\\pm cup6D\\pm 66+\\log_{630}ye^x",
         "9e^{xp}, > HI\\pm IAI\\pm III\\pm cup6D\\pm 66+\\log_{630}ye^x", Expected::kUnknown);
  in.add("a list of one number, 4,000 times", series(2000, ",", [](int) { return "1"; }),
         series(2000, ",", [](int) { return "\\frac22"; }), Expected::kUnknown);
  in.add("a matrix of 50 x 50",
         "\\begin{pmatrix}" +
             series(50, "\\\\", [](int r) { return series(50, "&", [=](int c) { return number(r * c); }); }) +
             "\\end{pmatrix}",
         "\\begin{pmatrix}" + series(50, "\\\\", [](int r) {
           return series(50, "&", [=](int c) { return number(r * c + (c == 49)); });
         }) + "\\end{pmatrix}");
  in.add("a matrix of sines",
         "\\begin{pmatrix}" +
             series(20, "\\\\",
                    [](int r) { return series(20, "&", [=](int c) { return "\\sin " + number(r + c); }); }) +
             "\\end{pmatrix}",
         "\\begin{pmatrix}" +
             series(20, "\\\\",
                    [](int r) {
                      return series(20, "&", [=](int c) { return "\\sin(" + number(r + c) + "+0)"; });
                    }) +
             "\\end{pmatrix}",
         Expected::kUnknown);
  for (const int n : {4, 12, 40})
    in.add(number(n) + " plus-minus signs",
           series(n, "\\pm ", [](int i) { return "\\sqrt{" + number(i + 2) + "}"; }),
           series(n, "\\pm ", [](int i) { return "\\sqrt{" + number(i + 3) + "}"; }));
  in.add("a union of 800 intervals",
         series(800, "\\cup", [](int i) { return "(" + number(2 * i) + "," + number(2 * i + 1) + ")"; }),
         series(800, "\\cup",
                [](int i) { return "(" + number(1600 - 2 * i) + "," + number(1601 - 2 * i) + ")"; }));
  in.add("a union of intervals with surds",
         series(150, "\\cup",
                [](int i) { return "(\\sqrt{" + number(2 * i) + "},\\sqrt{" + number(2 * i + 1) + "})"; }),
         series(150, "\\cup", [](int i) {
           return "(\\sqrt{" + number(300 - 2 * i) + "},\\sqrt{" + number(301 - 2 * i) + "})";
         }));
  in.add("tuples of tuples", repeated("(1,", 80) + "2" + repeated(")", 80),
         repeated("(1,", 80) + "3" + repeated(")", 80));
  in.add("equations with large powers", "(x+y)^{60}=(x-y)^{60}", "(x+y)^{60}=(x-y)^{61}");
  in.add("a list of equations",
         series(200, ",", [](int i) { return "x_{" + number(i) + "}=\\sin " + number(i); }),
         series(200, ",", [](int i) { return "x_{" + number(200 - i) + "}=\\sin " + number(200 - i); }));
  in.add("commas that may divide thousands", series(2000, ",", [](int i) { return number(100 + i % 900); }),
         series(2000, ",", [](int i) { return number(101 + i % 899); }));
  in.add("inequalities in a chain", series(500, " < ", [](int i) { return "x_{" + number(i) + "}"; }),
         series(500, " < ", [](int i) { return "x_{" + number(499 - i) + "}"; }));
  in.add("a ratio of 1,000", series(1000, ":", [](int i) { return number(i + 1); }),
         series(1000, ":", [](int i) { return number(2 * i + 1); }));
}

std::string determinant(int n, const std::function<std::string(int, int)>& cell) {
  const auto row = [&](int r) { return series(n, "&", [&](int c) { return cell(r, c); }); };
  return "\\begin{vmatrix}" + series(n, "\\\\", row) + "\\end{vmatrix}";
}

void powers_and_chains(Inputs& in) {
  const auto factor = [](int i) { return "(x+" + number(i) + ")"; };
  in.add("a sum to the 500th", "(x+y+z)^{500}", "(x+y+z)^{500}+1");
  in.add("200 factors in another order", series(200, "", factor),
         series(200, "", [&](int i) { return factor(199 - i); }), Expected::kUnknown);
  in.add("60 quotients in another order", series(60, "+", [&](int i) { return frac("1", factor(i)); }),
         series(60, "+", [&](int i) { return frac("1", factor(59 - i)); }), Expected::kUnknown);
  for (const int n : {4, 6, 30}) {
    const auto digit = [](int r, int c) { return number((7 * r * r + 3 * c) % 10); };
    const auto letter = [](int r, int c) { return "a_{" + number(r) + number(c) + "}"; };
    in.add("a determinant of " + number(n) + " rows", determinant(n, digit), "42.5");
    in.add("a determinant of letters, " + number(n) + " rows", determinant(n, letter),
           determinant(n, [&](int r, int c) { return letter(c, r) + "+1"; }), Expected::kUnknown);
  }
  in.add("a determinant of square roots",
         determinant(5, [](int r, int c) { return "\\sqrt{" + number(2 + 5 * r + c) + "}"; }), "42");
  in.add(
      "sums of square roots in another order",
      series(58, ",", [](int i) { return "\\sqrt{" + number(i + 2) + "}+\\sqrt{" + number(i + 3) + "}"; }),
      series(58, ",", [](int i) { return "\\sqrt{" + number(60 - i) + "}+\\sqrt{" + number(61 - i) + "}"; }),
      Expected::kUnknown);
  const auto words = [](int i) { return "\\text{" + filled(number(i) + " of them ", 200) + "}"; };
  const auto amount = [](int i) { return number(i) + filled("\u5B57", 60); };
  const auto power = [](int i) { return "3^{" + number(200 + i) + "}"; };
  for (const auto& [name, item] :
       std::initializer_list<std::pair<const char*, std::function<std::string(int)>>>{
           {"long texts", words}, {"amounts", amount}, {"powers", power}})
    in.add("60 " + std::string(name) + " in another order", series(60, ",", item),
           series(60, ",", [&](int i) { return item(59 - i); }), Expected::kUnknown);
  in.add("sums of sums", "\\sum_{i=1}^{50}\\sum_{j=1}^{50}\\sum_{k=1}^{50} ijk", "42");
  in.add("a sum of a million", "\\sum_{k=1}^{1000000} k", "42");
  for (const char* link : {"!", "\\%", "^\\circ", "'", "\\text{ m}", "\\frac{1}{2}", "\u0301", "\u5143"})
    in.add("5 and 2,000 times " + std::string(link), "42", "5" + repeated(link, 2000));
  for (const char* lead : {"-", "x=", "=", "Area: ", "x=1 \\Rightarrow ", "one hundred and ", "twenty-"})
    in.add("1,000 times " + std::string(lead), "42", repeated(lead, 1000) + "5");
}

}  // namespace

std::vector<HostileInput> hostile_inputs() {
  Inputs in;
  long_texts(in);
  dense_texts(in);
  large_numbers(in);
  long_sums(in);
  long_structures(in);
  powers_and_chains(in);
  return std::move(in.all);
}

}  // namespace hone
