// `exact_match`: the answer is the row's, letter for letter. `accuracy`: the rule that the row's kind asks for.
#include <array>

#include "rewards/answer.h"
#include "rewards/row_field.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct ExactMatchOptions {
  std::string field = "answer";  // of the row: a string, a number or an array of accepted ones
  bool ignore_case = false;
  bool ignore_punctuation = false;  // Unicode's P*, wherever it stands
  std::string white_space =
      "collapse";  // runs are one space and the ends do not count; "ignore": none counts; "exact"
  AnswerOptions answer;
};

class ExactMatchRule : public Rule {
 public:
  explicit ExactMatchRule(ExactMatchOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const Json& gold = gold_of(input.problem.row);
    Reward reward;
    const Extraction found = find_answer(input, options_.answer);
    describe(found, input.rollout.text, reward.detail);
    Verdict verdict = Verdict::kNoAnswer;
    if (found.answer)
      verdict = is_gold(normal(found.answer->text), gold) ? Verdict::kCorrect : Verdict::kWrong;
    reward.value = verdict == Verdict::kCorrect ? 1.0 : 0.0;
    reward.detail["verdict"] = to_string(verdict);
    return reward;
  }

  void check_row(const Json& row) const override { (void)gold_of(row); }

 private:
  const Json& gold_of(const Json& row) const { return require_field(row, options_.field, "exact_match"); }

  /// What is compared: canonically composed, so that one letter has one spelling.
  std::string normal(std::string_view text) const {
    std::string out = composed(text);
    if (options_.ignore_punctuation || options_.white_space == "ignore") {
      std::string kept;
      for (size_t pos = 0; pos < out.size();) {
        const CodePoint c = decode(out, pos);
        const bool dropped = (options_.ignore_punctuation && is_punctuation(c.value)) ||
                             (options_.white_space == "ignore" && is_space(c.value));
        if (!dropped) kept.append(out, pos, c.length);
        pos += c.length;
      }
      out = std::move(kept);
    }
    if (options_.white_space == "collapse") out = collapse_space(out);
    return options_.ignore_case ? lower_case(out) : out;
  }

  bool is_gold(const std::string& answer, const Json& gold) const {
    if (gold.is_array()) {
      for (const Json& one : gold) {
        if (!one.is_array() && is_gold(answer, one)) return true;
      }
      return false;
    }
    return answer == normal(gold.is_string() ? gold.get<std::string>() : gold.dump());
  }

  ExactMatchOptions options_;
};

/// Rows of the task "countdown", or with a target and no answer, go to the countdown rule; rows of other tasks of hone, whose
/// answers have one spelling, to exact_match; all other rows to math.
class AccuracyRule : public Rule {
 public:
  explicit AccuracyRule(const Fields& fields)
      : countdown_(make_countdown_rule(fields)),
        exact_match_(make_exact_match_rule(fields)),
        math_(make_math_rule(fields)) {}

  Reward score(const RuleInput& input) const override { return rule_for(input.problem.row).score(input); }
  void check_row(const Json& row) const override { rule_for(row).check_row(row); }
  std::string gold_problem(const Json& row) const override { return rule_for(row).gold_problem(row); }

 private:
  const Rule& rule_for(const Json& row) const {
    const auto task = row.find("task");
    const bool named = task != row.end() && task->is_string();
    if (named ? *task == "countdown" : row.contains("target") && !row.contains("answer")) return *countdown_;
    return named ? *exact_match_ : *math_;
  }

  std::unique_ptr<Rule> countdown_, exact_match_, math_;
};

}  // namespace

std::unique_ptr<Rule> make_exact_match_rule(Fields fields) {
  ExactMatchOptions options;
  options.field = fields.get("field", options.field);
  options.ignore_case = fields.get("ignore_case", options.ignore_case);
  options.ignore_punctuation = fields.get("ignore_punctuation", options.ignore_punctuation);
  options.white_space = fields.one_of("white_space", options.white_space, {"collapse", "ignore", "exact"});
  options.answer = AnswerOptions::read(fields);
  return std::make_unique<ExactMatchRule>(std::move(options));
}

std::unique_ptr<Rule> make_accuracy_rule(Fields fields) { return std::make_unique<AccuracyRule>(fields); }

}  // namespace hone
