// The `math` rule: 1 if the answer that is found is equal to the row's, else 0; every verdict in the detail.
#include "rewards/answer.h"
#include "rewards/math_equal.h"
#include "rewards/rules.h"

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
    const auto gold = input.problem.row.find(options_.field);
    check_input(gold != input.problem.row.end() && !gold->is_null(), "math: the row has no \"",
                options_.field, "\"");
    Reward reward;
    const Extraction found = find_answer(input, options_.answer);
    describe(found, input.rollout.text, reward.detail);
    if (!found.answer) {
      reward.detail["verdict"] = to_string(Verdict::kNoAnswer);
      return reward;
    }
    const MathVerdict verdict = judge(*gold, found.answer->text);
    reward.value = verdict.verdict == Verdict::kCorrect ? 1.0
                   : verdict.verdict == Verdict::kWrong ? options_.wrong
                                                        : 0.0;
    reward.detail["verdict"] = to_string(verdict.verdict);
    if (!verdict.reason.empty()) reward.detail["reason"] = verdict.reason;
    return reward;
  }

 private:
  MathVerdict judge(const Json& gold, std::string_view answer) const {
    if (!gold.is_array()) {
      return compare_math(gold.is_string() ? final_part(gold.get_ref<const std::string&>()) : gold.dump(),
                          answer, options_.math);
    }
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
  static std::string final_part(const std::string& gold) {
    const size_t mark = gold.rfind("#### ");
    return mark == std::string::npos ? gold : gold.substr(mark + 5);
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
