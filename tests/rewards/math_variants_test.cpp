// Every gold of the shared data sets is equal to itself; generated variants of it are accepted, generated near misses rejected.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <set>

#include "rewards/math_equal.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

std::filesystem::path data() { return std::filesystem::path(HONE_SOURCE_DIR) / ".." / "shared" / "data"; }

void add_answer(const Json& row, std::vector<std::string>& golds) {
  if (!row.contains("answer") || row["answer"].is_null()) return;
  std::string answer = row["answer"].is_string() ? row["answer"].get<std::string>() : row["answer"].dump();
  if (const size_t mark = answer.rfind("#### "); mark != std::string::npos) answer = answer.substr(mark + 5);
  if (answer.find_first_not_of(" \n") != std::string::npos) golds.push_back(answer);
}

std::vector<std::string> golds_of(const std::string& file) {
  std::vector<std::string> golds;
  std::ifstream in(data() / file);
  if (file.ends_with(".json")) {
    for (const Json& row : Json::parse(in)) add_answer(row, golds);
  } else {
    for (std::string line; std::getline(in, line);) add_answer(Json::parse(line), golds);
  }
  return golds;
}

const std::vector<std::string> kFiles = {"math500/math500.json", "math_train/math_train.json",
                                         "gsm8k/test.jsonl",     "gsm8k/train.jsonl",
                                         "cmath/test.jsonl",     "mgsm_zh/mgsm_zh.jsonl"};

struct Variant {
  std::string kind;
  bool accept;
  std::string answer;
};
using Variants = std::vector<Variant>;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t pos = 0; (pos = text.find(from, pos)) != std::string::npos; pos += to.size())
    text.replace(pos, from.size(), to);
  return text;
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end; (end = text.find(by, begin)) != std::string::npos; begin = end + by.size())
    parts.push_back(text.substr(begin, end - begin));
  parts.push_back(text.substr(begin));
  return parts;
}

std::string join(const std::vector<std::string>& parts, const std::string& by) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i ? by : "") + parts[i];
  return out;
}

template <class T>
std::vector<T> reversed(std::vector<T> v) {
  return {v.rbegin(), v.rend()};
}

std::string with_commas(std::string digits, const std::string& comma) {
  for (int pos = static_cast<int>(digits.size()) - 3; pos > (digits[0] == '-' ? 1 : 0); pos -= 3)
    digits.insert(static_cast<size_t>(pos), comma);
  return digits;
}

void wrappings(const std::string& x, Variants& out) {
  if (x.find("\\$") == std::string::npos) out.push_back({"wrap-dollar", true, "$" + x + "$"});
  out.push_back({"wrap-boxed", true, "\\boxed{" + x + "}"});
  out.push_back({"wrap-round", true, "\\(" + x + "\\)"});
  out.push_back({"wrap-bold", true, "**" + x + "**"});
  out.push_back({"wrap-stop", true, x + "."});
  if (x.find("dfrac") == std::string::npos) out.push_back({"dfrac", true, replaced(x, "\\frac", "\\dfrac")});
}

void integers(const std::string& x, Variants& out) {
  if (!RE2::FullMatch(x, "-?\\d{1,15}")) return;
  const int64_t n = std::stoll(x);
  const auto text = [](int64_t value) { return std::to_string(value); };
  for (const char* unit : {"\\text{ cm}", " inches", " apples", "^\\circ", " degrees", ".0", "\u4E2A"})
    out.push_back({"int" + std::string(unit), true, x + unit});
  for (const char* before : {"x = ", "\\$", "$"})
    out.push_back({std::string(before) + "int", true, before + x});
  out.push_back({"int-sum", true, text(n - 1) + "+1"});
  out.push_back({"int-fraction", true, "\\frac{" + text(3 * n) + "}{3}"});
  out.push_back({"int-text", true, "\\text{" + x + "}"});
  out.push_back({"int-scientific", true, x + " \\times 10^0"});
  out.push_back({"int+1", false, text(n + 1)});
  out.push_back({"int-near", false, x + ".001"});
  if (n != 0) {
    out.push_back({"int-sign", false, text(-n)});
    out.push_back({"int-percent", false, x + "\\%"});
    out.push_back({"int-ten-times", false, x + "0"});
  }
  if (n <= -1000 || n >= 1000) {
    for (const char* comma : {",", "{,}", "\\,", ",\\!", " "})
      out.push_back({"thousands" + std::string(comma), true, with_commas(x, comma)});
  }
}

void fractions(const std::string& x, Variants& out) {
  std::string sign, a, b;
  if (!RE2::FullMatch(x, "(-?)\\\\[dt]?frac\\{?(\\d{1,9}?)\\}?\\{?(\\d{1,9})\\}?", &sign, &a, &b)) return;
  if (x.find('{') == std::string::npos && a.size() + b.size() != 2) return;
  const auto frac = [](const std::string& top, const std::string& bottom) {
    return "\\frac{" + top + "}{" + bottom + "}";
  };
  const int64_t n = std::stoll(a), d = std::stoll(b);
  out.push_back({"frac-unreduced", true, sign + frac(std::to_string(2 * n), std::to_string(2 * d))});
  out.push_back({"frac-slash", true, sign + a + "/" + b});
  out.push_back({"frac-signs", true, sign.empty() ? frac("-" + a, "-" + b) : frac("-" + a, b)});
  char decimal[64];
  std::snprintf(decimal, sizeof decimal, "%s%.12f", sign.c_str(),
                static_cast<double>(n) / static_cast<double>(d));
  out.push_back({"frac-decimal", true, decimal});
  if (n > d && n % d)
    out.push_back({"frac-mixed", true, sign + std::to_string(n / d) + frac(std::to_string(n % d), b)});
  if (n > d && n % d)
    out.push_back(
        {"frac-mixed-plain", true, sign + std::to_string(n / d) + " " + std::to_string(n % d) + "/" + b});
  out.push_back({"frac+1", false, sign + frac(std::to_string(n + 1), b)});
  if (n != d && n != 0) out.push_back({"frac-inverted", false, sign + frac(b, a)});
  if (n != 0) out.push_back({"frac-sign", false, (sign.empty() ? "-" : "") + frac(a, b)});
}

void quantities(const std::string& x, Variants& out) {
  std::string n, base, unit;
  if (RE2::FullMatch(x, "\\\\\\$\\s*([\\d.]+)", &n)) {
    for (const std::string& v : {n, n + " dollars", n + "\\text{ dollars}", "$" + n})
      out.push_back({"money", true, v});
    out.push_back({"money-sign", false, "-" + n});
  }
  if (RE2::FullMatch(x, "([\\d.]+)\\^\\\\circ", &n)) {
    for (const std::string& v : {n, n + " degrees", n + "\u00B0", n + "^{\\circ}"})
      out.push_back({"degrees", true, v});
  }
  if (RE2::FullMatch(x, "([\\d.]+)\\\\%", &n)) {
    for (const std::string& v : {n + " percent", n + "%", "\\frac{" + n + "}{100}"})
      out.push_back({"percent", true, v});
    out.push_back({"percent-bare", false, n});
  }
  if (RE2::FullMatch(x, "(\\d+)_\\{?(\\d+)\\}?", &n, &base)) {
    out.push_back({"base-braces", true, n + "_{" + base + "}"});
    out.push_back({"base-brackets", true, "(" + n + ")_{" + base + "}"});
    out.push_back({"base-wrong", false, n + "_" + std::to_string(std::stoi(base) + 1)});
    if (base != "10") out.push_back({"base-dropped", false, n});
  }
  if (RE2::FullMatch(x, "([\\d.]+)\\s*\\\\(?:text|mbox)\\{\\s*([^}]*)\\}(?:\\^\\d)?\\.?", &n, &unit)) {
    out.push_back({"unit-bare", true, n});
    out.push_back({"unit-plain", true, n + " " + unit});
    out.push_back({"unit-sign", false, "-" + n});
  }
  if (RE2::FullMatch(x, "-?\\d*\\.\\d+")) {
    out.push_back({"decimal-zero", true, x + "0"});
    out.push_back({"decimal-digit", false, x + "1"});
    out.push_back({"decimal-sign", false, x[0] == '-' ? x.substr(1) : "-" + x});
  }
}

void tuples(const std::string& raw, Variants& out) {
  const std::string x = replaced(replaced(raw, "\\left", ""), "\\right", "");
  std::string inside;
  if (!RE2::FullMatch(x, "\\(([^()\\[\\]]*,[^()\\[\\]]*)\\)", &inside) ||
      x.find("infty") != std::string::npos)
    return;
  std::vector<std::string> parts = split(replaced(inside, " ", ""), ",");
  out.push_back({"tuple-spaces", true, "( " + join(parts, " , ") + " )"});
  if (reversed(parts) != parts) out.push_back({"tuple-order", false, "(" + join(reversed(parts), ",") + ")"});
  out.push_back({"tuple-set", false, "\\{" + inside + "\\}"});
  if (parts.size() == 2) {
    out.push_back({"interval-closed", false, "[" + inside + "]"});
    out.push_back({"interval-half", false, "(" + inside + "]"});
  } else {
    out.push_back({"tuple-vector", true, "\\langle " + inside + "\\rangle"});
    out.push_back({"tuple-column", true, "\\begin{pmatrix}" + join(parts, "\\\\") + "\\end{pmatrix}"});
  }
  parts[0] += "+1";
  out.push_back({"tuple+1", false, "(" + join(parts, ",") + ")"});
  parts.pop_back();
  out.push_back({"tuple-dropped", false, "(" + join(parts, ",") + ")"});
}

void intervals(const std::string& x, Variants& out) {
  if (x.find("\\infty") == std::string::npos || x.find(',') == std::string::npos) return;
  out.push_back({"interval-plain", true,
                 replaced(replaced(replaced(replaced(x, "\\infty", "inf"), "\\cup", "U"), "\\left", ""),
                          "\\right", "")});
  if (x.find('[') != std::string::npos)
    out.push_back({"interval-open-for-closed", false, replaced(x, "[", "(")});
  const std::vector<std::string> parts = split(x, "\\cup");
  if (parts.size() < 2) return;
  out.push_back({"union-reversed", true, join(reversed(parts), " \\cup ")});
  out.push_back({"union-or", true, join(parts, "\\text{ or }")});
  out.push_back({"union-dropped", false, parts[0]});
}

void lists(const std::string& x, Variants& out) {
  if (!RE2::FullMatch(x, "[^()\\[\\]{}\\\\=]*(,[^()\\[\\]{}\\\\=]*)+") ||
      RE2::FullMatch(x, "-?\\d{1,3}(,\\d{3})+(\\.\\d+)?"))
    return;
  std::vector<std::string> parts = split(x, ",");
  out.push_back({"list-reversed", true, join(reversed(parts), ", ")});
  out.push_back({"list-set", true, "\\{" + x + "\\}"});
  out.push_back({"list-or", true, join(parts, "\\text{ or }")});
  out.push_back({"list-extra", false, x + ",77777"});
  out.push_back({"list-tuple", false, "(" + x + ")"});
  parts.pop_back();
  out.push_back({"list-dropped", false, join(parts, ",")});
}

void formulas(const std::string& x, Variants& out) {
  const bool structure = RE2::PartialMatch(
      x, "[,=\\[_<>:]|\\\\(text|mbox|begin|pm|triangle|tan|le|in|infty|%|\\$|\\{)|\\^\\\\circ|\\(\\\\");
  const bool formula =
      RE2::PartialMatch(x, "sqrt|\\\\pi|[a-z]\\b|\\d[a-z]") && !RE2::PartialMatch(x, "\\b[a-zA-Z]{3,}\\b");
  if (structure || !(formula || RE2::PartialMatch(x, "\\\\sqrt|\\\\pi"))) return;
  if (x.find("text") != std::string::npos || RE2::FullMatch(x, "[A-Za-z]+")) return;
  out.push_back({"formula-twice-half", true, "\\frac{2(" + x + ")}{2}"});
  out.push_back({"formula-signs", true, "-(-(" + x + "))"});
  out.push_back({"formula-zero", true, "(" + x + ")+k-k"});
  out.push_back({"formula-sign", false, "-(" + x + ")"});
  out.push_back({"formula+1", false, "(" + x + ")+1"});
  out.push_back({"formula-double", false, "2(" + x + ")"});
}

void matrices(const std::string& x, Variants& out) {
  std::string inside;
  if (!RE2::FullMatch(x, "\\s*\\\\begin\\{pmatrix\\}(.*)\\\\end\\{pmatrix\\}\\s*", &inside)) return;
  const std::vector<std::string> rows = split(inside, "\\\\");
  out.push_back({"matrix-brackets", true, replaced(x, "pmatrix", "bmatrix")});
  if (reversed(rows) != rows)
    out.push_back(
        {"matrix-rows", false, "\\begin{pmatrix}" + join(reversed(rows), "\\\\") + "\\end{pmatrix}"});
  if (inside.find('&') == std::string::npos)
    out.push_back({"matrix-tuple", true, "(" + join(rows, ",") + ")"});
}

void words(const std::string& x, Variants& out) {
  std::string word;
  if (RE2::FullMatch(x, "\\\\text\\{\\(?([A-H])\\)?\\}", &word)) {
    for (const std::string& v : {word, "(" + word + ")", "\\text{" + word + "}", "\\textbf{(" + word + ")}"})
      out.push_back({"choice", true, v});
    out.push_back({"choice-wrong", false, std::string(1, static_cast<char>(word[0] + 1))});
  }
  if (RE2::FullMatch(x, "\\\\(?:text|mbox)\\{([a-zA-Z ]{3,})\\}", &word)) {
    out.push_back({"word", true, word});
    out.push_back({"word-wrong", false, "banana"});
    out.push_back({"word-cut", false, word.substr(0, word.size() - 1)});
  }
}

void equations(const std::string& x, Variants& out) {
  const std::vector<std::string> sides = split(x, "=");
  if (sides.size() != 2 || RE2::PartialMatch(x, "tan|AB|%")) return;
  out.push_back({"equation-swapped", true, sides[1] + "=" + sides[0]});
  out.push_back({"equation-moved", true, sides[0] + "-(" + sides[1] + ")=0"});
  out.push_back({"equation-doubled", true, "2(" + sides[0] + ")=2(" + sides[1] + ")"});
  out.push_back({"equation-wrong", false, sides[0] + "=" + sides[1] + "+1"});
}

TEST(GoldenMathData, EveryGoldIsParsedAndEqualToItself) {
  if (!std::filesystem::exists(data()))
    GTEST_SKIP() << data() << " is missing: golds of the data sets are not checked";
  for (const std::string& file : kFiles) {
    size_t parsed = 0, equal = 0;
    const std::vector<std::string> golds = golds_of(file);
    ASSERT_GT(golds.size(), 100u) << file;
    for (const std::string& gold : golds) {
      parsed += gold_problem(gold).empty() ? 1 : 0;
      equal += compare_math(gold, gold, {}).verdict == Verdict::kCorrect ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(parsed), 0.998 * static_cast<double>(golds.size())) << file;
    EXPECT_EQ(equal, golds.size()) << file;
  }
}

TEST(GoldenMathData, VariantsAreAcceptedAndNearMissesRejected) {
  if (!std::filesystem::exists(data()))
    GTEST_SKIP() << data() << " is missing: variants of its golds are not checked";
  std::set<std::string> golds;
  for (const std::string& file : kFiles) {
    for (const std::string& gold : golds_of(file)) golds.insert(gold);
  }
  struct Tally {
    size_t all = 0, wrong = 0;
    bool accept = true;
    std::string example;
  };
  std::map<std::string, Tally> tallies;
  size_t pairs = 0;
  for (const std::string& gold : golds) {
    Variants variants;
    for (const auto& make : {wrappings, integers, fractions, quantities, tuples, intervals, lists, formulas,
                             matrices, words, equations})
      make(gold, variants);
    for (const Variant& variant : variants) {
      Tally& tally = tallies[variant.kind];
      tally.accept = variant.accept;
      ++tally.all;
      ++pairs;
      if ((compare_math(gold, variant.answer, {}).verdict == Verdict::kCorrect) == variant.accept) continue;
      ++tally.wrong;
      tally.example = gold + "   " + variant.answer;
    }
  }
  EXPECT_GT(pairs, 40000u);
  for (const auto& [kind, tally] : tallies) {
    const double allowed = tally.accept ? 0.005 * static_cast<double>(tally.all) : 0.0;
    EXPECT_LE(static_cast<double>(tally.wrong), allowed)
        << kind << ": " << tally.wrong << " of " << tally.all << ", such as " << tally.example;
  }
}

}  // namespace
}  // namespace hone
