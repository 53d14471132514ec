// The `native` rule: a rule in a shared library that a user compiles against rewards/hone_reward_v1.h alone.
//   {"rule": "native", "library": "my_rule.so", "options": {"limit": 100}}
// The library's path is relative to the file that names it, or else to the current folder.
#include <cmath>
#include <optional>

#include "core/document.h"
#include "rewards/native_library.h"
#include "rewards/native_probe.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr double kLoadSeconds = 60;

int32_t finish_reason(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return HONE_REWARD_STOP;
    case FinishReason::kLength:
      return HONE_REWARD_LENGTH;
    case FinishReason::kCancelled:
      return HONE_REWARD_CANCELLED;
  }
  return HONE_REWARD_CANCELLED;
}

hone_reward_text text_of(std::string_view text) { return {text.data(), text.size()}; }

/// A RuleInput as the interface shows it, for one call.
struct NativeInput {
  explicit NativeInput(const RuleInput& input) : row(input.problem.row) {
    for (const Rollout& r : input.group)
      members.push_back({sizeof(hone_reward_completion), text_of(r.text), r.ids.data(), r.ids.size(),
                         finish_reason(r.finish_reason)});
    for (const NamedReward& e : input.earlier)
      rewards.push_back({sizeof(hone_reward_earlier), text_of(e.name), e.value});
    for (const hone_reward_completion& member : members) group.push_back(&member);
    for (const hone_reward_earlier& reward : rewards) earlier.push_back(&reward);
    abi.struct_size = sizeof(abi);
    abi.problem = input.problem.id;
    abi.prompt = text_of(input.prompt);
    abi.row = row.abi();
    abi.group = group.data(), abi.group_size = group.size();
    abi.index = size_t(&input.rollout - input.group.data());
    abi.earlier = earlier.data(), abi.num_earlier = earlier.size();
    abi.context = &input.stop;
    abi.stop_requested = [](const hone_reward_input* asked) {
      return int(static_cast<const std::stop_token*>(asked->context)->stop_requested());
    };
  }
  NativeInput(const NativeInput&) = delete;
  NativeInput& operator=(const NativeInput&) = delete;

  NativeObject row;
  std::vector<hone_reward_completion> members;       // [G]
  std::vector<const hone_reward_completion*> group;  // [G]
  std::vector<hone_reward_earlier> rewards;          // [earlier rules]
  std::vector<const hone_reward_earlier*> earlier;   // [earlier rules]
  hone_reward_input abi{};
};

class NativeRule : public Rule {
 public:
  NativeRule(const std::filesystem::path& library, const Json& options)
      : library_(library.string()), handle_(library, options) {}

  Reward score(const RuleInput& input) const override {
    const NativeInput native(input);
    NativeOutput output;
    int result = HONE_REWARD_FAILED;
    try {
      result = handle_.score(native.abi, output.abi);
    } catch (const Error& e) {  // only adds whose it is
      throw Error(library_ + ": " + e.what());
    }
    const std::string message = output.message.empty() ? "no reason given" : output.message;
    if (result == HONE_REWARD_NO_VERDICT) return {0.0, {}, message};
    check(result != HONE_REWARD_FAILED, library_, ": ", message);
    check(result == HONE_REWARD_OK, library_, ": its score() returned ", result, ", expected 0, 1 or 2");
    check(std::isfinite(output.abi.value), library_, ": the value is ", output.abi.value,
          ", expected a finite number");
    Reward reward{output.abi.value, {}};
    if (!output.detail.empty()) {
      std::optional<Json> detail = parse_value(output.detail);
      check(detail.has_value(), library_, ": its detail is no JSON: ", excerpt(output.detail));
      reward.detail = std::move(*detail);
    }
    return reward;
  }

 private:
  std::string library_;
  NativeRuleHandle handle_;
};

}  // namespace

std::unique_ptr<Rule> make_native_rule(Fields fields) {
  const auto name = fields.require<std::string>("library");
  const std::filesystem::path beside = fields.folder() / name;
  const std::filesystem::path library =
      std::filesystem::exists(beside) ? beside : std::filesystem::path(name);
  if (!std::filesystem::is_regular_file(library)) throw fields.error("library", "no file " + beside.string());
  const Json options = fields.get("options", Json::object());
  if (!options.is_object()) throw fields.error("options", "got " + options.dump() + ", expected an object");
  const std::string problem = probe_native_rule(library, options, kLoadSeconds);
  if (!problem.empty()) throw fields.error("library", library.string() + ": " + problem);
  return std::make_unique<NativeRule>(library, options);
}

}  // namespace hone
