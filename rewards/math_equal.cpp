#include "rewards/math_equal.h"

#include "rewards/answer_scan.h"
#include "rewards/math_fold.h"
#include "rewards/math_judge.h"
#include "rewards/math_parser.h"
#include "rewards/text.h"

namespace hone {
namespace {

/// An answer as it is compared: trimmed, without decoration, in ASCII where it has a latex form.
class Prepared {
 public:
  explicit Prepared(std::string_view raw) {
    text_ = undecorated(raw);
    while (!text_.empty() && (text_.back() == ',' || text_.back() == ';'))
      text_ = undecorated(text_.substr(0, text_.size() - 1));
    if (text_.size() <= kMaxMathBytes && !is_ascii(text_)) {
      folded_ = fold_to_latex(text_);
      text_ = folded_;
    }
  }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  std::string_view text() const { return text_; }

 private:
  std::string folded_;
  std::string_view text_;
};

bool same_text(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.size() > kMaxMathBytes || b.size() > kMaxMathBytes) return false;
  const std::string left = normal_text(a);
  return !left.empty() && left == normal_text(b);
}

/// "B) 12 cm", "(B)", "B: because" for the gold B: the letter of a choice with its text.
bool is_choice(std::string_view gold, std::string_view answer) {
  if (gold.starts_with("\\text{") && gold.ends_with('}')) gold = gold.substr(6, gold.size() - 7);
  if (gold.size() == 3 && gold[0] == '(' && gold[2] == ')') gold = gold.substr(1, 1);
  if (gold.size() != 1 || gold[0] < 'A' || gold[0] > 'J') return false;
  if (answer.starts_with("\\text{")) answer.remove_prefix(6);
  const bool bracket = answer.starts_with('(');
  if (bracket) answer.remove_prefix(1);
  if (!answer.starts_with(gold)) return false;
  answer.remove_prefix(1);
  if (bracket) return answer.starts_with(')');
  return answer.starts_with(')') || answer.starts_with(". ") || answer.starts_with(": ");
}

MathVerdict compare_trees(Expression& gold, Expression& answer, const MathOptions& options) {
  MathJudge judge(gold, answer, options);
  if (judge.equal()) return {Verdict::kCorrect, ""};
  if (judge.over_budget) return {Verdict::kBudgetExceeded, "the numbers are too large"};
  if (judge.undecided) return {Verdict::kUndecided, "neither equal nor different within the budget"};
  return {Verdict::kWrong, ""};
}

/// Tries the other reading of commas that may divide thousands or lists, on the side (or both) that has some.
bool equal_with_other_commas(std::string_view gold, std::string_view answer, bool gold_has, bool answer_has,
                             const MathOptions& options) {
  for (int which = 1; which < 4; ++which) {
    const bool flip_gold = which & 1, flip_answer = which & 2;
    if ((flip_gold && !gold_has) || (flip_answer && !answer_has)) continue;
    Expression x = parse_math(gold, flip_gold), y = parse_math(answer, flip_answer);
    if (x.ok() && y.ok() && compare_trees(x, y, options).verdict == Verdict::kCorrect) return true;
  }
  return false;
}

}  // namespace

MathVerdict compare_math(std::string_view gold_text, std::string_view answer_text,
                         const MathOptions& options) {
  const Prepared gold(gold_text), answer(answer_text);
  Expression x = parse_math(gold.text());
  if (!x.ok()) {
    if (!gold.text().empty() && same_text(gold.text(), answer.text()))
      return {Verdict::kCorrect, "equal as text"};
    return {Verdict::kGoldUnparsable, "the gold is not mathematics: " + x.problem};
  }
  if (is_choice(gold.text(), answer.text())) return {Verdict::kCorrect, "the choice's letter"};
  Expression y = parse_math(answer.text());
  if (!y.ok()) {
    if (!answer.text().empty() && same_text(gold.text(), answer.text()))
      return {Verdict::kCorrect, "equal as text"};
    return {y.over_budget ? Verdict::kBudgetExceeded : Verdict::kAnswerUnparsable,
            "the answer is not mathematics: " + y.problem};
  }
  MathVerdict verdict = compare_trees(x, y, options);
  if (verdict.verdict != Verdict::kCorrect && (x.ambiguous_comma || y.ambiguous_comma) &&
      equal_with_other_commas(gold.text(), answer.text(), x.ambiguous_comma, y.ambiguous_comma, options)) {
    return {Verdict::kCorrect, "with commas read the other way"};
  }
  return verdict;
}

std::string gold_problem(std::string_view gold) {
  const Prepared prepared(gold);
  return parse_math(prepared.text()).problem;
}

}  // namespace hone
