// The `language_consistency` rule (DeepSeek-R1): the share of the reasoning's words that are in the language of the prompt.
// A reasoning without any words is consistent (1, option "empty"): with nothing mixed there is nothing to mend; whether it thinks at
// all is the format rule's business.
#include "rewards/language.h"
#include "rewards/rules.h"
#include "rewards/tags.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct LanguageOptions {
  std::string language;  // "en", ...; empty: the row's "language", else what the problem's text is in
  std::string field = "language";   // where the row has it
  std::string scope = "reasoning";  // "reasoning" (all of it if there is no thinking block) or "completion"
  double empty = 1.0;               // value without words
  Tags tags;
};

class LanguageRule : public Rule {
 public:
  explicit LanguageRule(LanguageOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const std::string language = target(input);
    const Parts parts = split_reasoning(input.rollout.text, input.prompt, options_.tags);
    const bool whole = options_.scope == "completion" || !parts.has_reasoning;
    LanguageCounts words;
    if (!language.empty())
      words = count_language(whole ? std::string_view(input.rollout.text) : parts.reasoning, language);
    return {words.share(options_.empty),
            {{"language", language},
             {"words", words.wanted + words.other},
             {"other", words.other},
             {"neutral", words.neutral}}};
  }

  void check_row(const Json& row) const override { (void)named_target(row); }

 private:
  /// The language that the recipe or the row names, or "".
  std::string named_target(const Json& row) const {
    if (!options_.language.empty()) return options_.language;
    const auto member = row.find(options_.field);
    if (member == row.end() || !member->is_string()) return "";
    const auto& language = member->get_ref<const std::string&>();
    check_input(is_known_language(language), "the row's \"", options_.field, "\" is \"", language,
                "\", which is no language that hone knows (en, zh, ja, ...)");
    return language;
  }

  std::string target(const RuleInput& input) const {
    const std::string named = named_target(input.problem.row);
    if (!named.empty()) return named;
    return detect_language(input.problem.text.empty() ? input.prompt : std::string_view(input.problem.text));
  }

  LanguageOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_language_consistency_rule(Fields fields) {
  LanguageOptions options;
  if (fields.has("language")) options.language = fields.one_of("language", "", known_languages());
  options.field = fields.get("field", options.field);
  options.scope = fields.one_of("scope", options.scope, {"reasoning", "completion"});
  options.empty = fields.get("empty", options.empty, between(0, 1));
  options.tags = read_tags(fields);
  return std::make_unique<LanguageRule>(std::move(options));
}

}  // namespace hone
