// Any completion, prompt and tags: the format rule decides as a slow reading of its definition does, and tag_count stays in 0 to 1.
#include <string>

#include "core/document.h"
#include "rewards/rules.h"
#include "rewards/tags.h"
#include "rewards/text.h"
#include "tests/fuzz/rule_input.h"

namespace hone {
namespace {

/// The definition: the text is white space, a thinking block, white space, an answer block, white space, and no tag stands elsewhere.
bool well_formed(std::string_view text, bool opened, const Tags& tags) {
  const auto blank = [](std::string_view part) { return trim(part).empty(); };
  const auto has_tag = [&](std::string_view part) {
    for (const std::string& tag : {tags.think_open, tags.think_close, tags.answer_open, tags.answer_close}) {
      if (part.find(tag) != std::string_view::npos) return true;
    }
    return false;
  };
  const size_t think = opened ? 0 : text.find(tags.think_open);
  if (think == std::string_view::npos || !blank(text.substr(0, think))) return false;
  text = text.substr(think + (opened ? 0 : tags.think_open.size()));
  const size_t think_end = text.find(tags.think_close);
  if (think_end == std::string_view::npos || blank(text.substr(0, think_end)) ||
      has_tag(text.substr(0, think_end)))
    return false;
  text = text.substr(think_end + tags.think_close.size());
  const size_t answer = text.find(tags.answer_open);
  if (answer == std::string_view::npos || !blank(text.substr(0, answer))) return false;
  text = text.substr(answer + tags.answer_open.size());
  const size_t end = text.find(tags.answer_close);
  if (end == std::string_view::npos || blank(text.substr(0, end)) || has_tag(text.substr(0, end)))
    return false;
  return blank(text.substr(end + tags.answer_close.size()));
}

using Factory = std::unique_ptr<Rule> (*)(Fields);
std::unique_ptr<Rule> rule(Factory make, const std::string& options) {
  const Document document = parse_document("rule", options);
  return make(Fields(document));
}

/// Bytes chosen among pieces of format, so that well-formed completions come up.
std::string assembled(const std::string& bytes) {
  const char* const kPieces[] = {"<think>", "</think>", "<answer>", "</answer>", " ",        "\n",
                                 "a",       "</s>",     "<",        "think>",    "\xC2\xA0", "<|im_end|>"};
  std::string text;
  for (const char c : bytes) {
    const auto i = static_cast<unsigned char>(c);
    if (i < 240)
      text += kPieces[i % std::size(kPieces)];
    else
      text += c;
  }
  return text;
}

void check_one(const std::string& completion, const std::string& prompt) {
  static const std::unique_ptr<Rule> format = rule(make_format_rule, "{}"),
                                     text = rule(make_format_rule, R"({"answer": "text"})"),
                                     count = rule(make_tag_count_rule, "{}"),
                                     steps = rule(make_reasoning_steps_rule, "{}");
  const Problem problem;
  Rollout rollout;
  rollout.text = completion;
  const RuleInput input{problem, prompt, rollout, {&rollout, 1}};
  const Reward reward = format->score(input);
  const Tags tags;
  require((reward.value == 1.0) ==
          well_formed(without_end(completion, end_texts()), opens_thinking(prompt, tags), tags));
  require((reward.value == 1.0) != reward.detail.contains("reason"));
  text->score(input);
  for (const Rule* one : {count.get(), steps.get()}) {
    const double value = one->score(input).value;
    require(value >= 0 && value <= 1);
  }
  const Parts parts = split_reasoning(completion, prompt, tags);
  require(parts.has_reasoning || parts.final.size() == completion.size());
}

}  // namespace
}  // namespace hone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hone::FuzzTexts in(data, size);
  const uint8_t how = in.byte();
  const std::string prompt = how & 1 ? "x <think>\n" : how & 2 ? in.text() : "";
  const std::string completion = in.rest();
  hone::check_one(how & 4 ? completion : hone::assembled(completion), prompt);
  return 0;
}
