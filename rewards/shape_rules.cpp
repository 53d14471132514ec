// Rules about the shape of a completion that pay for parts of it: `tag_count` (which of the four tags are there, a quarter each)
// and `reasoning_steps` (does it go step by step). Both after open-r1, whose tag_count wants a line break beside every tag.
#include <re2/re2.h>

#include <algorithm>

#include "rewards/rules.h"
#include "rewards/tags.h"

namespace hone {
namespace {

struct TagCountOptions {
  Tags tags;
  Opened opened = Opened::kAuto;  // is the opening tag in the prompt
};

/// A quarter for each tag that is there exactly once. Where it stands is the format rule's business.
class TagCountRule : public Rule {
 public:
  explicit TagCountRule(TagCountOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const Tags& tags = options_.tags;
    const bool opened = is_opened(options_.opened, input.prompt, tags);
    Reward reward;
    for (const std::string* tag :
         {&tags.think_open, &tags.think_close, &tags.answer_open, &tags.answer_close}) {
      size_t n = count_of(input.rollout.text, *tag);
      if (tag == &tags.think_open && opened) ++n;  // the prompt's
      if (n == 1) reward.value += 0.25;
      reward.detail[*tag] = n;
    }
    return reward;
  }

 private:
  TagCountOptions options_;
};

struct ReasoningStepsOptions {
  int64_t steps = 3;  // so many pay 1, fewer pay their share
};

/// What begins a step: "Step 1:", a numbered or bulleted line, or a word that orders steps.
constexpr const char* kStep = R"((?m)Step \d+:|^\d+\.|^[-*]|First,|Second,|Next,|Finally,)";

/// min(1, steps found / steps): counting ends where nothing more is paid.
class ReasoningStepsRule : public Rule {
 public:
  explicit ReasoningStepsRule(ReasoningStepsOptions options) : options_(options), step_(kStep) {}

  Reward score(const RuleInput& input) const override {
    const std::string& text = input.rollout.text;
    const re2::StringPiece whole(text.data(), text.size());
    int64_t found = 0;
    re2::StringPiece step;
    for (size_t pos = 0;
         found < options_.steps && step_.Match(whole, pos, text.size(), RE2::UNANCHORED, &step, 1); ++found)
      pos = static_cast<size_t>(step.data() - text.data()) + step.size();
    return {static_cast<double>(found) / static_cast<double>(options_.steps), {{"steps", found}}};
  }

 private:
  ReasoningStepsOptions options_;
  RE2 step_;
};

}  // namespace

std::unique_ptr<Rule> make_tag_count_rule(Fields fields) {
  TagCountOptions options;
  options.tags = read_tags(fields);
  options.opened = read_opened(fields);
  return std::make_unique<TagCountRule>(std::move(options));
}

std::unique_ptr<Rule> make_reasoning_steps_rule(Fields fields) {
  ReasoningStepsOptions options;
  options.steps = fields.get("steps", options.steps, at_least(1));
  return std::make_unique<ReasoningStepsRule>(options);
}

}  // namespace hone
