// The `countdown` rule: 1 for an answer that makes the row's target out of the row's numbers, else 0.
//   row: "numbers" (or "nums"), "target"; optional "operators" ("+-*") and "use" ("all", "at_most_once"), which win over the options
#include "rewards/answer.h"
#include "rewards/countdown.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct CountdownOptions {
  std::string operators = "+-*/";  // what an answer may use
  std::string use = "all";         // every number exactly once, or "at_most_once"
  double wrong = 0.0;  // paid for an answer that parses but is wrong (TinyZero: 0.1; invites farming it)
  AnswerOptions answer;
};

const Json* field(const Json& row, const char* key) {
  const auto member = row.find(key);
  return member == row.end() || member->is_null() ? nullptr : &*member;
}

class CountdownRule : public Rule {
 public:
  explicit CountdownRule(CountdownOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const CountdownProblem problem = read(input.problem.row);
    Reward reward;
    const Extraction found = find_answer(input, options_.answer);
    describe(found, input.rollout.text, reward.detail);
    if (!found.answer) {
      reward.detail["verdict"] = to_string(Verdict::kNoAnswer);
      return reward;
    }
    const CountdownVerdict verdict = judge_countdown(found.answer->text, problem);
    reward.value = verdict.verdict == Verdict::kCorrect ? 1.0
                   : verdict.verdict == Verdict::kWrong ? options_.wrong
                                                        : 0.0;
    reward.detail["verdict"] = to_string(verdict.verdict);
    if (!verdict.reason.empty()) reward.detail["reason"] = verdict.reason;
    return reward;
  }

  void check_row(const Json& row) const override { (void)read(row); }

 private:
  CountdownProblem read(const Json& row) const {
    const Json* numbers = field(row, "numbers");
    if (!numbers) numbers = field(row, "nums");
    const Json* target = field(row, "target");
    check_input(numbers && numbers->is_array() && !numbers->empty(),
                "countdown: the row has no \"numbers\", expected an array");
    check_input(target && target->is_number_integer(), "countdown: the row has no integer \"target\"");
    CountdownProblem out;
    for (const Json& number : *numbers) {
      check_input(number.is_number_integer() && number.get<int64_t>() >= 0, "countdown: numbers hold ",
                  number.dump(), ", expected integers >= 0");
      out.numbers.push_back(number.get<int64_t>());
    }
    out.target = target->get<int64_t>();
    const Json* operators = field(row, "operators");
    out.operators = operators && operators->is_string() ? operators->get<std::string>() : options_.operators;
    const Json* use = field(row, "use");
    out.use_all = (use && use->is_string() ? use->get<std::string>() : options_.use) != "at_most_once";
    return out;
  }

  CountdownOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_countdown_rule(Fields fields) {
  CountdownOptions options;
  options.operators = fields.get("operators", options.operators);
  if (options.operators.empty() || options.operators.find_first_not_of("+-*/") != std::string::npos) {
    throw fields.error("operators", "got \"" + options.operators + "\", expected some of + - * /");
  }
  options.use = fields.one_of("use", options.use, {"all", "at_most_once"});
  options.wrong = fields.get("wrong", options.wrong);
  options.answer = AnswerOptions::read(fields);
  return std::make_unique<CountdownRule>(std::move(options));
}

}  // namespace hone
