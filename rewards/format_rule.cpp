// The `format` rule (DeepSeek-R1): exactly one thinking block, then exactly one answer block, neither empty, nothing but white
// space outside. Stricter on purpose than a pattern with DOTALL and MULTILINE: text after </answer>, a second block, a block in a
// block and empty blocks are not the format. More lenient in one thing: the text of an end-of-sequence token, which decoders that
// keep special tokens leave behind, is not text after the answer.
#include "rewards/rules.h"
#include "rewards/tags.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct FormatOptions {
  Tags tags;
  Opened opened = Opened::kAuto;  // is the opening tag in the prompt
  std::string answer =
      "block";  // "block": <answer>..</answer>; "text": any text after the thinking, without tags
  std::vector<std::string> eos = end_texts();  // taken off the end, with the white space around them
  double value = 1.0, otherwise = 0.0;
};

class FormatRule : public Rule {
 public:
  explicit FormatRule(FormatOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const std::string_view text = without_end(input.rollout.text, options_.eos);
    const std::string broken = defect(text, is_opened(options_.opened, input.prompt, options_.tags));
    Reward reward;
    reward.value = broken.empty() ? options_.value : options_.otherwise;
    reward.detail["verdict"] = broken.empty() ? "well_formed" : "malformed";
    if (!broken.empty()) reward.detail["reason"] = broken;
    return reward;
  }

 private:
  /// The first thing that is wrong, "" if nothing.
  std::string defect(std::string_view text, bool opened) const {
    const Tags& tags = options_.tags;
    const bool block = options_.answer == "block";
    struct Expected {
      const std::string& tag;
      size_t times;
    };
    const Expected expected[] = {{tags.think_open, opened ? 0u : 1u},
                                 {tags.think_close, 1},
                                 {tags.answer_open, block ? 1u : 0u},
                                 {tags.answer_close, block ? 1u : 0u}};
    for (const auto& [tag, times] : expected) {
      if (const size_t n = count_of(text, tag); n != times) {
        return concat(n, " x ", tag, ", expected ", times,
                      &tag == &tags.think_open && opened ? " (the prompt has it)" : "");
      }
    }
    const size_t think = opened ? 0 : text.find(tags.think_open);
    const size_t think_begin = opened ? 0 : think + tags.think_open.size();
    const size_t think_end = text.find(tags.think_close);
    if (think_end < think_begin) return tags.think_close + " before " + tags.think_open;
    if (!trim(text.substr(0, think)).empty()) return "text before " + tags.think_open;
    if (trim(text.substr(think_begin, think_end - think_begin)).empty()) return "the thinking is empty";
    const std::string_view rest = text.substr(think_end + tags.think_close.size());
    return block ? answer_defect(rest) : trim(rest).empty() ? "the answer is empty" : "";
  }

  std::string answer_defect(std::string_view rest) const {
    const Tags& tags = options_.tags;
    const size_t open = rest.find(tags.answer_open);
    if (open == std::string_view::npos) return tags.answer_open + " before " + tags.think_close;
    const size_t begin = open + tags.answer_open.size();
    const size_t end = rest.find(tags.answer_close);
    if (end == std::string_view::npos || end < begin)
      return tags.answer_close + " before " + tags.answer_open;
    if (!trim(rest.substr(0, open)).empty())
      return "text between " + tags.think_close + " and " + tags.answer_open;
    if (trim(rest.substr(begin, end - begin)).empty()) return "the answer is empty";
    if (!trim(rest.substr(end + tags.answer_close.size())).empty()) return "text after " + tags.answer_close;
    return "";
  }

  FormatOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_format_rule(Fields fields) {
  FormatOptions options;
  options.tags = read_tags(fields);
  options.opened = read_opened(fields);
  options.answer = fields.one_of("answer", options.answer, {"block", "text"});
  options.eos = fields.get("eos", options.eos);
  for (const std::string& end : options.eos) {
    if (trim(end).empty()) throw fields.error("eos", "holds an empty text");
  }
  options.value = fields.get("value", options.value);
  options.otherwise = fields.get("otherwise", options.otherwise);
  return std::make_unique<FormatRule>(std::move(options));
}

}  // namespace hone
