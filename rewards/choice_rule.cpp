// The `choice` rule: 1 if the answer names the option that the row says is right.
//   row: "answer" ("B", an index, an option's text; an array or "AC": all of them), "options" or "choices": ["..", ..],
//   {"A": "..", ..} or {"label": [..], "text": [..]}; without options only letters are understood
#include <algorithm>
#include <cctype>

#include "rewards/answer.h"
#include "rewards/choice.h"
#include "rewards/row_field.h"
#include "rewards/rules.h"

namespace hone {
namespace {

struct ChoiceOptions {
  std::string field = "answer";  // of the row: which option is right
  std::string options_field;     // of the row; default: "options", else "choices"
  int64_t first_index = 0;       // what the first option is called when the row's answer is a number
  double wrong = 0.0;            // paid for an answer that names another option
  AnswerOptions answer;
};

class ChoiceRule : public Rule {
 public:
  explicit ChoiceRule(ChoiceOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const Choices choices = choices_of(input.problem.row);
    const std::vector<size_t> gold = gold_of(input.problem.row, choices);
    Reward reward;
    const Extraction found = find_answer(input, options_.answer);
    describe(found, input.rollout.text, reward.detail);
    Verdict verdict = Verdict::kNoAnswer;
    if (found.answer) {
      const ChoiceReading reading = read_choice(found.answer->text, choices);
      verdict = reading.chosen.empty()   ? Verdict::kAnswerUnparsable
                : reading.chosen == gold ? Verdict::kCorrect
                                         : Verdict::kWrong;
      for (const size_t index : reading.chosen) reward.detail["chosen"].push_back(choices.labels[index]);
      if (!reading.reason.empty()) reward.detail["reason"] = reading.reason;
    }
    reward.value = verdict == Verdict::kCorrect ? 1.0 : verdict == Verdict::kWrong ? options_.wrong : 0.0;
    reward.detail["verdict"] = to_string(verdict);
    return reward;
  }

  void check_row(const Json& row) const override { (void)gold_of(row, choices_of(row)); }

 private:
  Choices choices_of(const Json& row) const {
    auto field = row.find(options_.options_field.empty() ? "options" : options_.options_field);
    if (options_.options_field.empty() && field == row.end()) field = row.find("choices");
    check_input(field != row.end() || options_.options_field.empty(), "choice: the row has no \"",
                options_.options_field, "\"");
    if (field == row.end() || field->is_null()) return letters_only();
    Choices choices;
    if (field->is_array()) {
      for (const Json& text : *field) choices.texts.push_back(text_of(text));
      choices.labels = letters_only().labels;
      check_input(choices.texts.size() <= choices.labels.size(), "choice: the row has ", choices.texts.size(),
                  " options, expected at most ", choices.labels.size());
      choices.labels.resize(choices.texts.size());
    } else {
      check_input(field->is_object(), "choice: the row's options are ", field->type_name(),
                  ", expected an array or an object");
      labelled(*field, choices);
    }
    check_input(!choices.labels.empty(), "choice: the row's options are empty");
    return choices;
  }

  /// {"A": "..", ..}, or {"label": [..], "text": [..]} as in ARC.
  static void labelled(const Json& field, Choices& choices_) {
    const auto labels = field.find("label"), texts = field.find("text");
    const bool columns =
        labels != field.end() && texts != field.end() && labels->is_array() && texts->is_array();
    check_input(!columns || labels->size() == texts->size(), "choice: the row's options have ",
                columns ? labels->size() : 0, " labels and ", columns ? texts->size() : 0, " texts");
    for (size_t i = 0; columns && i < labels->size(); ++i) {
      choices_.labels.push_back(text_of((*labels)[i]));
      choices_.texts.push_back(text_of((*texts)[i]));
    }
    for (auto member = field.begin(); !columns && member != field.end(); ++member) {
      choices_.labels.push_back(member.key());
      choices_.texts.push_back(text_of(member.value()));
    }
    for (const std::string& label : choices_.labels) {
      check_input(label.size() == 1 && std::isalnum(static_cast<unsigned char>(label[0])),
                  "choice: a label of the row's options is \"", label, "\", expected one letter or digit");
    }
  }

  static std::string text_of(const Json& value) {
    check_input(!value.is_structured(), "choice: an option of the row is ", value.type_name(),
                ", expected a text");
    return value.is_string() ? value.get<std::string>() : value.dump();
  }

  std::vector<size_t> gold_of(const Json& row, const Choices& choices) const {
    const Json& gold = require_field(row, options_.field, "choice");
    std::vector<size_t> all;
    for (const Json& one : gold.is_array() ? gold : Json::array({gold})) {
      for (const size_t index : one_gold(one, choices)) all.push_back(index);
    }
    std::sort(all.begin(), all.end());
    check_input(!all.empty(), "choice: the row's \"", options_.field, "\" is empty");
    return all;
  }

  std::vector<size_t> one_gold(const Json& gold, const Choices& choices) const {
    const auto size = static_cast<int64_t>(choices.labels.size());
    if (gold.is_number_integer()) {
      const int64_t index = gold.get<int64_t>() - options_.first_index;
      check_input(index >= 0 && index < size, "choice: the row's \"", options_.field, "\" is ", gold.dump(),
                  ", expected ", options_.first_index, " to ", options_.first_index + size - 1);
      return {static_cast<size_t>(index)};
    }
    check_input(gold.is_string(), "choice: the row's \"", options_.field, "\" is ", gold.type_name(),
                ", expected a letter, a number or an option's text");
    const ChoiceReading reading = read_choice(gold.get<std::string>(), choices);
    check_input(!reading.chosen.empty(), "choice: the row's \"", options_.field, "\" is ", gold.dump(), ": ",
                reading.reason);
    return reading.chosen;
  }

  ChoiceOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_choice_rule(Fields fields) {
  ChoiceOptions options;
  options.field = fields.get("field", options.field);
  options.options_field = fields.get("options_field", options.options_field);
  options.first_index = fields.get("first_index", options.first_index, between(0, 1));
  options.wrong = fields.get("wrong", options.wrong);
  options.answer = AnswerOptions::read(fields);
  return std::make_unique<ChoiceRule>(std::move(options));
}

}  // namespace hone
