#include "rewards/rule.h"

#include <array>
#include <utility>

#include "rewards/rules.h"

namespace hone {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<Rule> (*make)(Fields);
};
constexpr std::array kRules = {
    Entry{"accuracy", make_accuracy_rule},
    Entry{"choice", make_choice_rule},
    Entry{"code", make_code_rule},
    Entry{"cosine", make_cosine_rule},
    Entry{"countdown", make_countdown_rule},
    Entry{"exact_match", make_exact_match_rule},
    Entry{"format", make_format_rule},
    Entry{"json_schema", make_json_schema_rule},
    Entry{"language_consistency", make_language_consistency_rule},
    Entry{"length", make_length_rule},
    Entry{"math", make_math_rule},
    Entry{"native", make_native_rule},
    Entry{"overlong", make_overlong_rule},
    Entry{"pattern", make_pattern_rule},
    Entry{"process", make_process_rule},
    Entry{"reasoning_steps", make_reasoning_steps_rule},
    Entry{"repetition", make_repetition_rule},
    Entry{"repetition_penalty", make_repetition_rule},      // open-r1's name
    Entry{"soft_overlong_punishment", make_overlong_rule},  // TRL's and open-r1's name
    Entry{"tag_count", make_tag_count_rule},
};

}  // namespace

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kRules) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Rule> make_rule(Fields options) {
  if (!options.has("rule")) throw options.error("rule", "missing, expected the name of a rule");
  const std::string name = options.one_of("rule", "", rule_names());
  for (const Entry& entry : kRules) {
    if (name == entry.name) return entry.make(std::move(options));
  }
  throw options.error("rule", "no rule is called " + name);
}

std::vector<Reward> Rule::score_all(std::span<const RuleInput> inputs) const {
  std::vector<Reward> rewards;
  for (const RuleInput& input : inputs) rewards.push_back(score(input));
  return rewards;
}

void Rule::check_row(const Json&) const {}

std::string Rule::gold_problem(const Json&) const { return ""; }

Json shown_detail(const Reward& reward) {
  if (reward.error.empty()) return reward.detail;
  Json detail = reward.detail.is_object() ? reward.detail : Json::object();
  if (!reward.detail.is_object() && !reward.detail.is_null()) detail["detail"] = reward.detail;
  detail["error"] = reward.error;
  return detail;
}

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kCorrect:
      return "correct";
    case Verdict::kWrong:
      return "wrong";
    case Verdict::kNoAnswer:
      return "no_answer";
    case Verdict::kAnswerUnparsable:
      return "answer_unparsable";
    case Verdict::kGoldUnparsable:
      return "gold_unparsable";
    case Verdict::kBudgetExceeded:
      return "budget_exceeded";
    case Verdict::kUndecided:
      return "undecided";
  }
  return "?";
}

}  // namespace hone
