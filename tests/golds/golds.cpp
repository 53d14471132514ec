#include "tests/golds/golds.h"

#include <re2/re2.h>

#include <fstream>
#include <set>

#include "core/error.h"
#include "core/types.h"

namespace hone {
namespace {

void add_answer(const Json& row, std::vector<std::string>& golds) {
  if (!row.contains("answer") || row["answer"].is_null()) return;
  std::string answer = row["answer"].is_string() ? row["answer"].get<std::string>() : row["answer"].dump();
  if (const size_t mark = answer.rfind("#### "); mark != std::string::npos) answer = answer.substr(mark + 5);
  if (answer.find_first_not_of(" \n") != std::string::npos) golds.push_back(answer);
}

/// Letters of variables that are left when commands are gone; "i" of a complex number is one.
std::string letters_of(std::string text) {
  RE2::GlobalReplace(&text, "\\\\(text|mbox|textnormal)\\{[^}]*\\}|\\\\[a-zA-Z]+", " ");
  RE2::GlobalReplace(&text, "[^a-zA-Z]", "");
  return text;
}

struct Pattern {
  const char* shape;
  const char*
      pattern;  // found anywhere in the gold, from which \left, \right, spaces and a full stop are gone
};

constexpr Pattern kStructures[] = {
    {"matrix", R"(\\begin\{)"},
    {"interval", R"(\\infty|\\cup)"},
    {"pm", R"(\\pm)"},
    {"set", R"(^\\\{)"},
    {"inequality", R"(\\(le|ge|leq|geq|ne|neq|in)(\b|[^a-z])|[<>])"},
    {"choice", R"(^\\text\{\(?[A-J]\)?\},?$|^\(?[A-J]\)?$)"},
    {"money", R"(^\\\$[\d.,\\!{}]+$)"},
    {"percent", R"(^[\d.]+\\%$)"},
    {"assignment", R"(^[a-zA-Z]=[^=a-zA-Z]*$|^[a-zA-Z]=-?\\[dt]?frac\{-?\d+\}\{\d+\}$)"},
    {"equation", R"(^[^=,]*[a-z][^=,]*=[^=,]*$)"},
    {"base", R"(^-?\d[\dA-F]*_\{?\d+\}?$)"},
    {"word", R"(^\\(text|mbox)\{[a-zA-Z]{3,}\}$|^[A-Z][a-z]{2,}$)"},
    {"unit", R"(^-?[\d.]+\\(text|mbox|textnormal)\{[a-z.]+\}(\^\d)?$)"},
    {"thousands", R"(^-?\d{1,3}((,|,\\!|\{,\}|\\,)\d{3})+$)"},
    {"ratio", R"(^\d+:\d+$)"},
    {"tuple", R"(^\([^()\[\]]*,[^()\[\]]*\)$)"},
    {"half-open", R"(^[\[(][^()\[\]]*,[^()\[\]]*[\])]$)"},
    {"list", R"(^[^()\[\]]*,[^()\[\]]*$)"},
};

constexpr Pattern kScalars[] = {
    {"trig-log", R"(\\(sin|cos|tan|cot|sec|csc|log|ln)(\b|[^a-z]))"},
    {"degrees", R"(^-?[\d.]+\^\{?\\circ\}?$)"},
    {"integer", R"(^-?\d+$)"},
    {"decimal", R"(^-?\d*\.\d+$)"},
    {"fraction", R"(^-?\\[dt]?frac(\{-?\d+\}|\d)(\{\d+\}|\d)$|^-?\d+/\d+$)"},
    {"mixed", R"(^-?\d+\\[dt]?frac(\{\d+\}|\d)(\{\d+\}|\d)$)"},
    {"pi", R"(\\pi)"},
    {"surd", R"(\\sqrt)"},
    {"power", R"(^-?\d+\^(\d|\{\d+\})([-+]\d+(\^(\d|\{\d+\}))?)?$)"},
};

const char* find_shape(std::span<const Pattern> patterns, const std::string& text) {
  for (const Pattern& p : patterns)
    if (RE2::PartialMatch(text, p.pattern)) return p.shape;
  return nullptr;
}

}  // namespace

const std::vector<std::string> kGoldFiles = {"math500/math500.json", "math_train/math_train.json",
                                             "gsm8k/test.jsonl",     "gsm8k/train.jsonl",
                                             "cmath/test.jsonl",     "mgsm_zh/mgsm_zh.jsonl"};

const std::vector<std::string> kShapes = {
    "matrix",     "interval", "pm",       "set",     "inequality", "choice",    "money",    "percent",
    "assignment", "equation", "base",     "word",    "unit",       "thousands", "ratio",    "tuple",
    "half-open",  "list",     "trig-log", "degrees", "integer",    "decimal",   "fraction", "mixed",
    "pi",         "complex",  "symbolic", "surd",    "power"};

const std::vector<std::string> kOwnGolds = {
    // plus-minus
    "2 \\pm \\sqrt{3}", "\\pm 7", "-1 \\pm 2i", "\\frac{1 \\pm \\sqrt{5}}{2}", "5 \\pm 2", "\\pm \\sqrt{11}",
    // sets
    "\\{1, 2, 3\\}", "\\{-4, 9\\}", "\\{0, \\frac{1}{2}, 7\\}", "\\{\\sqrt{2}, -3\\}", "\\{10, 20, 30, 40\\}",
    // inequalities
    "x > 3", "x \\le -2", "-1 < x \\le 5", "0 \\leq t < 7", "y \\geq \\frac{3}{4}", "n < 12", "2 < k < 9",
    "x \\in (1, 4]",
    // ratios and mixed numbers
    "2:7", "9:4", "12:35", "1:100", "8\\frac{5}{6}", "-2\\frac{1}{3}", "100\\frac{3}{8}",
    // functions
    "\\sin 20^\\circ", "\\cos \\frac{\\pi}{7}", "\\ln 5", "\\log_2 7", "2\\ln 3", "\\tan \\frac{\\pi}{5}",
    "\\log_{10} 3", "3\\sin x + 4\\cos x", "\\sin^2 x", "\\ln(x+1)", "e^{2x}", "\\sec \\theta",
    // powers
    "2^{10}", "3^{7}", "7^{100}", "10^{12}", "2^{64}-1", "3^5+2^7", "6^{50}", "2^{300}",
    // complex numbers, bases, equations, money
    "\\frac{3-4i}{5}", "12i", "-\\sqrt{2}i", "i\\sqrt{7}", "1F_{16}", "777_8", "3x+4y=12", "x^2+y^2=25",
    "y=\\frac{2}{3}x-5", "\\$1,250", "\\$0.05", "15\\text{ minutes}", "3.5\\text{ km}", "64\\text{ kg}"};

std::vector<std::string> read_golds(const std::filesystem::path& file) {
  std::vector<std::string> golds;
  std::ifstream in(file);
  check_input(in.good(), file.string(), " can't be read");
  if (file.extension() == ".json") {
    for (const Json& row : Json::parse(in)) add_answer(row, golds);
  } else {
    for (std::string line; std::getline(in, line);) add_answer(Json::parse(line), golds);
  }
  return golds;
}

std::vector<std::string> all_golds(const std::filesystem::path& data) {
  std::vector<std::string> golds;
  std::set<std::string> seen;
  const auto add = [&](const std::string& gold) {
    if (seen.insert(gold).second) golds.push_back(gold);
  };
  for (const std::string& file : kGoldFiles)
    for (const std::string& gold : read_golds(data / file)) add(gold);
  for (const std::string& gold : kOwnGolds) add(gold);
  return golds;
}

std::string shape_of(const std::string& gold) {
  std::string text = gold;
  RE2::GlobalReplace(&text, R"(\\left|\\right|[ \n]|\\ |\\;|^\\!)", "");
  RE2::Replace(&text, R"(\.$)", "");
  if (RE2::FullMatch(gold, R"(\d+, \d+)")) return "list";  // not thousands
  if (const char* shape = find_shape(kStructures, text)) return shape;
  const char* scalar = find_shape(kScalars, text);
  const std::string letters = letters_of(text);
  const bool brackets_text =
      text.find("\\text") != std::string::npos || text.find("\\mbox") != std::string::npos;
  if (!letters.empty() && !brackets_text && (!scalar || std::string(scalar) != "trig-log") &&
      !RE2::PartialMatch(text, "\\\\(triangle|approx|!)|[A-Z]{2,}|[=:%$]")) {
    return letters.find_first_not_of('i') == std::string::npos ? "complex" : "symbolic";
  }
  return scalar && !brackets_text ? scalar : "other";
}

}  // namespace hone
