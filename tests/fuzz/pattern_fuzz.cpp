// Any options for the `pattern` rule: refused with an InputError that names the place, or a rule that judges any completion, twice
// the same.
#include <memory>
#include <string>

#include "core/document.h"
#include "core/error.h"
#include "rewards/rules.h"
#include "tests/fuzz/rule_input.h"

namespace hone {
namespace {

std::unique_ptr<Rule> load(const std::string& options) {
  try {
    const Document document = parse_document("fuzz", options);
    const Fields fields(document);
    std::unique_ptr<Rule> rule = make_pattern_rule(fields);
    fields.finish();
    return rule;
  } catch (const InputError& e) {
    require(std::string(e.what()).find("fuzz") == 0);
    return nullptr;
  }
}

void check_one(const std::string& options, const std::string& prompt, const std::string& completion) {
  const std::unique_ptr<Rule> rule = load(options);
  if (!rule) return;
  const Problem problem{1, prompt, {{"answer", "a"}, {"city", "New York"}, {"meta", {{"zip", 1}}}}};
  Rollout rollout;
  rollout.text = completion;
  const RuleInput input{problem, prompt, rollout, {&rollout, 1}};
  try {
    const Reward first = rule->score(input);
    require(first.value == rule->score(input).value);
    first.detail.dump();  // well-formed UTF-8
  } catch (const InputError&) {
    return;  // a field that the row does not have
  }
}

}  // namespace
}  // namespace hone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hone::FuzzTexts in(data, size);
  const std::string options = in.text(), prompt = in.text();
  hone::check_one(options, prompt, in.rest());
  return 0;
}
