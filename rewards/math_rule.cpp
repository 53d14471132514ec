// The `math` rule: 1 if the answer that is found is equal to the row's, else 0; every verdict in the detail.
#include "rewards/answer.h"
#include "rewards/math_equal.h"
#include "rewards/row_field.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct MathRuleOptions {
  std::string field = "answer";  // of the row: a string, a number, or an array of accepted ones
  double wrong = 0.0;            // paid for an answer that is found but not right
  MathOptions math;
  AnswerOptions answer;
};

class MathRule : public Rule {
 public:
  explicit MathRule(MathRuleOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const Json& gold = gold_of(input.problem.row);
    Reward reward;
    const Extraction found = find_answer(input, options_.answer);
    describe(found, input.rollout.text, reward.detail);
    if (!found.answer) {
      reward.detail["verdict"] = to_string(Verdict::kNoAnswer);
      return reward;
    }
    const MathVerdict verdict = judge(gold, found.answer->text);
    reward.value = verdict.verdict == Verdict::kCorrect ? 1.0
                   : verdict.verdict == Verdict::kWrong ? options_.wrong
                                                        : 0.0;
    reward.detail["verdict"] = to_string(verdict.verdict);
    if (!verdict.reason.empty()) reward.detail["reason"] = verdict.reason;
    return reward;
  }

  void check_row(const Json& row) const override { (void)gold_of(row); }
  std::string gold_problem(const Json& row) const override {
    const auto gold = row.find(options_.field);
    return gold == row.end() || gold->is_null() ? "" : problem_of(*gold);
  }

 private:
  const Json& gold_of(const Json& row) const { return require_field(row, options_.field, "math"); }

  /// Of several accepted answers, the first that can't be understood.
  static std::string problem_of(const Json& gold) {
    if (!gold.is_array()) {
      const std::string text = text_of(gold), problem = hone::gold_problem(text);
      return problem.empty() ? "" : concat('"', excerpt(text, 60), "\": ", problem);
    }
    if (gold.empty()) return "the row's array of answers is empty";
    for (const Json& one : gold) {
      std::string problem = one.is_array() ? "an array within the array of answers" : problem_of(one);
      if (!problem.empty()) return problem;
    }
    return "";
  }

  MathVerdict judge(const Json& gold, std::string_view answer) const {
    if (!gold.is_array()) return compare_math(text_of(gold), answer, options_.math);
    MathVerdict first{Verdict::kGoldUnparsable, "the row's array of answers is empty"};
    for (size_t i = 0; i < gold.size(); ++i) {
      MathVerdict verdict{Verdict::kGoldUnparsable, "an array within the array of answers"};
      if (!gold[i].is_array()) verdict = judge(gold[i], answer);
      if (verdict.verdict == Verdict::kCorrect) return verdict;
      if (i == 0) first = std::move(verdict);
    }
    return first;
  }

  /// GSM8K keeps its answers behind "#### " at the end of the solution.
  static std::string text_of(const Json& gold) {
    if (!gold.is_string()) return gold.dump();
    const auto& text = gold.get_ref<const std::string&>();
    const size_t mark = text.rfind("#### ");
    return mark == std::string::npos ? text : text.substr(mark + 5);
  }

  MathRuleOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_math_rule(Fields fields) {
  MathRuleOptions options;
  options.field = fields.get("field", options.field);
  options.wrong = fields.get("wrong", options.wrong);
  MathOptions& math = options.math;
  math.scalar.rounded_digits =
      static_cast<int>(fields.get<int64_t>("rounded_digits", math.scalar.rounded_digits, between(0, 18)));
  const std::string units = fields.one_of("units", "compatible", {"compatible", "ignore", "require"});
  math.units = units == "ignore"    ? UnitPolicy::kIgnore
               : units == "require" ? UnitPolicy::kRequire
                                    : UnitPolicy::kCompatible;
  math.percent_is_fraction = fields.get("percent_is_fraction", math.percent_is_fraction);
  math.unordered_tuples = fields.get("unordered_tuples", math.unordered_tuples);
  math.base_required = fields.get("base_required", math.base_required);
  options.answer = AnswerOptions::read(fields);
  return std::make_unique<MathRule>(std::move(options));
}

}  // namespace hone
