#include "rewards/math_equal.h"

#include <algorithm>
#include <array>

#include "rewards/answer_scan.h"
#include "rewards/math_choice.h"
#include "rewards/math_clock.h"
#include "rewards/math_escapes.h"
#include "rewards/math_fold.h"
#include "rewards/math_judge.h"
#include "rewards/math_number_words.h"
#include "rewards/math_numeral.h"
#include "rewards/math_parser.h"
#include "rewards/math_prose.h"
#include "rewards/math_spellings.h"
#include "rewards/text.h"

namespace hone {
namespace {

/// "\\text{1,234}" and "\\textbf{\\$5}": the number inside.
std::string_view out_of_text(std::string_view text) {
  if (!text.starts_with("\\text") || !text.ends_with('}')) return text;
  const size_t open = text.find('{');
  if (open == std::string_view::npos || text.find('}') != text.size() - 1) return text;
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  const size_t first = inside.find_first_not_of(" -+");
  const bool number = first != std::string_view::npos && ((inside[first] >= '0' && inside[first] <= '9') ||
                                                          inside.substr(first).starts_with("\\$"));
  return number ? trim(inside) : text;
}

/// "$0.75", "-$5" and "US$5": a lone dollar sign before a number is money, no bracket of latex.
bool rewrite_money(std::string_view text, std::string& out) {
  const size_t sign = text.find('$');
  if (sign == std::string_view::npos || sign > 3 || text.find('$', sign + 1) != std::string_view::npos)
    return false;
  const std::string_view before = text.substr(0, sign), behind = text.substr(sign + 1);
  const size_t digit = behind.find_first_not_of(" -.");
  const bool number = digit != std::string_view::npos && behind[digit] >= '0' && behind[digit] <= '9';
  if (!number || !(before.empty() || before == "-" || before == "US" || before == "- ")) return false;
  out = std::string(before == "US" ? "" : before) + "\\$" + std::string(behind);
  return true;
}

/// An answer as it is compared: trimmed, without decoration, in ASCII where it has a latex form.
class Prepared {
 public:
  explicit Prepared(std::string_view raw) {
    text_ = undecorated(raw);
    if (text_.size() <= kMaxMathBytes && text_.find('\\') != std::string_view::npos)
      rewrite(rewrite_escapes), text_ = undecorated(text_);
    while (!text_.empty() && (text_.back() == ',' || text_.back() == ';')) {
      size_t end = text_.size();
      while (end > 0 && (text_[end - 1] == ',' || text_[end - 1] == ';')) --end;
      text_ = undecorated(text_.substr(0, end));
    }
    text_ = out_of_text(text_);
    // The dots of "0.333..." are no full stops.
    if (used_ == 0 && !text_.empty()) {
      const size_t end = static_cast<size_t>(text_.data() - raw.data()) + text_.size();
      if (raw.substr(std::min(end, raw.size())).starts_with("...")) text_ = {text_.data(), text_.size() + 3};
    }
    if (text_.size() > kMaxMathBytes) return;
    rewrite(rewrite_money);
    rewrite(rewrite_prose);
    rewrite(rewrite_spellings);
    rewrite(rewrite_clock);
    if (!is_ascii(text_)) {
      storage_[used_] = fold_to_latex(text_);
      text_ = without_lead(trim(storage_[used_++]));
    }
    rewrite(rewrite_number_words);
    rewrite(rewrite_numeral);
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  std::string_view text() const { return text_; }

 private:
  template <class Rewriting>
  void rewrite(Rewriting rewriting) {
    if (rewriting(text_, storage_[used_])) text_ = storage_[used_++];
  }

  std::array<std::string, 8> storage_;  // one for each rewriting
  size_t used_ = 0;
  std::string_view text_;
};

bool same_text(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.size() > kMaxMathBytes || b.size() > kMaxMathBytes) return false;
  const std::string left = normal_text(a);
  return !left.empty() && left == normal_text(b);
}

MathVerdict compare_trees(Expression& gold, Expression& answer, const MathOptions& options) {
  MathJudge judge(gold, answer, options);
  if (judge.equal()) {
    return {Verdict::kCorrect, judge.letter_as_unit ? "a letter taken for a unit"
                               : judge.repeated     ? "with an element named again"
                                                    : ""};
  }
  if (judge.over_budget) return {Verdict::kBudgetExceeded, "the numbers are too large"};
  if (judge.undecided) return {Verdict::kUndecided, "neither equal nor different within the budget"};
  return {Verdict::kWrong, ""};
}

int64_t count_brackets(const Expression& e) {
  return std::count_if(e.nodes.begin(), e.nodes.end(),
                       [](const Node& n) { return n.op == Op::kTuple || n.op == Op::kSet; });
}

/// Tries the other reading of commas that may divide thousands or lists, on the side (or both) that has some.
/// A reading that makes a number of a pair, "(100,101)", is none.
bool equal_with_other_commas(const Expression& gold, std::string_view gold_text, const Expression& answer,
                             std::string_view answer_text, const MathOptions& options) {
  const auto reading = [](bool flip) { return flip ? CommaReading::kFlipped : CommaReading::kUsual; };
  for (int which = 1; which < 4; ++which) {
    const bool flip_gold = which & 1, flip_answer = which & 2;
    if ((flip_gold && !gold.ambiguous_comma) || (flip_answer && !answer.ambiguous_comma)) continue;
    Expression x = parse_math(gold_text, reading(flip_gold)),
               y = parse_math(answer_text, reading(flip_answer));
    const bool same_brackets =
        count_brackets(x) == count_brackets(gold) && count_brackets(y) == count_brackets(answer);
    if (x.ok() && y.ok() && same_brackets && compare_trees(x, y, options).verdict == Verdict::kCorrect)
      return true;
  }
  return false;
}

/// Whether an answer that is read as a list of numbers, "3,14" or "12,34,567", is the gold's one number with a decimal comma or in
/// Indian groups. Never inside brackets, and never for the gold: a list of the gold must not shrink to a number.
bool equal_as_one_number(Expression& gold, const Expression& answer, std::string_view answer_text,
                         const MathOptions& options) {
  if (!is_scalar(gold[gold.root].op) && gold[gold.root].op != Op::kUnit) return false;
  const Node& list = answer[answer.root];
  if (list.op != Op::kList && list.op != Op::kUnit) return false;
  if (answer_text.find_first_of("([;") != std::string_view::npos) return false;
  const auto commas = std::count(answer_text.begin(), answer_text.end(), ',');
  if (commas == 0) return false;
  Expression other = parse_math(answer_text, commas == 1 ? CommaReading::kDecimal : CommaReading::kIndian);
  if (!other.ok() || !(is_scalar(other[other.root].op) || other[other.root].op == Op::kUnit)) return false;
  return compare_trees(gold, other, options).verdict == Verdict::kCorrect;
}

MathVerdict compare_prepared(std::string_view gold, std::string_view answer, const MathOptions& options) {
  Expression x = parse_math(gold);
  if (!x.ok()) {
    if (!gold.empty() && same_text(gold, answer)) return {Verdict::kCorrect, "equal as text"};
    return {Verdict::kGoldUnparsable, "the gold is not mathematics: " + x.problem};
  }
  Expression y = parse_math(answer);
  if (!y.ok()) {
    if (!answer.empty() && same_text(gold, answer)) return {Verdict::kCorrect, "equal as text"};
    return {y.over_budget ? Verdict::kBudgetExceeded : Verdict::kAnswerUnparsable,
            "the answer is not mathematics: " + y.problem};
  }
  MathVerdict verdict = compare_trees(x, y, options);
  if (verdict.verdict != Verdict::kCorrect && (x.ambiguous_comma || y.ambiguous_comma) &&
      equal_with_other_commas(x, gold, y, answer, options)) {
    return {Verdict::kCorrect, "with commas read the other way"};
  }
  if (verdict.verdict == Verdict::kWrong && equal_as_one_number(x, y, answer, options))
    return {Verdict::kCorrect, "as one number with a decimal comma or Indian groups"};
  if (verdict.verdict != Verdict::kCorrect && gold == answer) return {Verdict::kCorrect, "letter for letter"};
  return verdict;
}

}  // namespace

namespace {

/// "x^2 + c" for a gold "x^2 + C": the constant of integration has no letter of its own. Empty if it is not that.
std::string with_constant_of(std::string_view gold, std::string_view answer) {
  const auto is_letter = [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; };
  const auto ends = [](std::string_view text, char letter) {
    if (text.size() < 3 || text.back() != letter) return false;
    const std::string_view before = trim(text.substr(0, text.size() - 1));
    return before.size() > 1 && before.back() == '+';
  };
  if (!ends(gold, 'C') || !ends(answer, 'c')) return "";
  for (size_t i = 0; i + 1 < answer.size(); ++i) {  // another c or C is a variable
    if ((answer[i] | 32) == 'c' && !(i > 0 && is_letter(answer[i - 1])) && !is_letter(answer[i + 1]) &&
        !(i > 0 && answer[i - 1] == '\\'))
      return "";
  }
  return std::string(answer.substr(0, answer.size() - 1)) + "C";
}

}  // namespace

MathVerdict compare_math(std::string_view gold_text, std::string_view answer_text,
                         const MathOptions& options) {
  const Prepared gold(gold_text), answer(answer_text);
  if (const std::string constant = with_constant_of(gold.text(), answer.text()); !constant.empty())
    return compare_prepared(gold.text(), constant, options);
  std::string_view gold_part, answer_part;
  switch (compare_choices(gold.text(), answer.text(), gold_part, answer_part)) {
    case ChoiceVerdict::kSame:
      return {Verdict::kCorrect, "the choice's letter"};
    case ChoiceVerdict::kDifferent:
      return {Verdict::kWrong, "another choice"};
    case ChoiceVerdict::kCompareTexts:
      return compare_prepared(gold_part, answer_part, options);
    case ChoiceVerdict::kNoChoice:
      break;
  }
  MathVerdict verdict = compare_prepared(gold.text(), answer.text(), options);
  if (verdict.verdict == Verdict::kCorrect || answer_part.size() == answer.text().size()) return verdict;
  const MathVerdict option = compare_prepared(gold.text(), answer_part, options);
  if (option.verdict == Verdict::kCorrect) return {Verdict::kCorrect, "the text of the choice"};
  return verdict;
}

std::string gold_problem(std::string_view gold) {
  const Prepared prepared(gold);
  return parse_math(prepared.text()).problem;
}

}  // namespace hone
