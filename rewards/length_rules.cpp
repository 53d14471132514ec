// Rules about how long a completion is, in tokens: `overlong` (DAPO, arXiv 2503.14476, eq. 13), `length` (Kimi k1.5, arXiv
// 2501.12599, relative to the group) and `cosine` (arXiv 2502.03373, absolute).
#include <algorithm>
#include <cmath>
#include <numbers>

#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

enum class LengthUnit { kAuto, kTokens, kCharacters };

/// "auto": tokens, but characters where lines of a file came without "ids"; the detail says which.
LengthUnit read_unit(Fields& fields, const std::string& fallback) {
  const std::string unit = fields.one_of("unit", fallback, {"auto", "tokens", "characters"});
  return unit == "auto"     ? LengthUnit::kAuto
         : unit == "tokens" ? LengthUnit::kTokens
                            : LengthUnit::kCharacters;
}

bool has_ids(const Rollout& rollout) { return !rollout.ids.empty() || rollout.text.empty(); }

/// The unit for a group, never kAuto.
LengthUnit unit_for(const RuleInput& input, LengthUnit unit) {
  if (unit != LengthUnit::kAuto) return unit;
  const bool all = has_ids(input.rollout) && std::all_of(input.group.begin(), input.group.end(), has_ids);
  return all ? LengthUnit::kTokens : LengthUnit::kCharacters;
}

int64_t length_of(const Rollout& rollout, LengthUnit unit) {
  if (unit == LengthUnit::kCharacters) return count_code_points(rollout.text);
  check_input(
      has_ids(rollout),
      "the length is in tokens, and this completion has no \"ids\"; \"unit\": \"characters\" measures "
      "its text");
  return static_cast<int64_t>(rollout.ids.size());
}

const char* to_string(LengthUnit unit) { return unit == LengthUnit::kTokens ? "tokens" : "characters"; }

struct OverlongOptions {
  int64_t max_completion_len = 0;  // L_max: beyond it -1
  int64_t soft_punish_cache = 0;   // L_cache: the penalty grows linearly over the last L_cache before L_max
  LengthUnit unit =
      LengthUnit::kTokens;  // the bounds are of tokens: nothing else is measured unless asked for
};

/// 0 up to L_max - L_cache, then (L_max - L_cache - length) / L_cache, then -1.
class OverlongRule : public Rule {
 public:
  explicit OverlongRule(OverlongOptions options) : options_(options) {}
  Reward score(const RuleInput& input) const override {
    const LengthUnit unit = unit_for(input, options_.unit);
    const int64_t length = length_of(input.rollout, unit);
    Reward reward;
    reward.detail = {{"length", length}, {"unit", to_string(unit)}};
    const int64_t free = options_.max_completion_len - options_.soft_punish_cache;
    if (length > options_.max_completion_len) {
      reward.value = -1.0;
    } else if (length > free) {
      reward.value = static_cast<double>(free - length) / static_cast<double>(options_.soft_punish_cache);
    }
    return reward;
  }

 private:
  OverlongOptions options_;
};

/// Which earlier rule says whether a completion is right.
struct CorrectOptions {
  std::string correct;         // its name; default: the first of the list
  double correct_above = 0.0;  // right if its value is above this

  static CorrectOptions read(Fields& fields) {
    CorrectOptions options;
    options.correct = fields.get("correct", options.correct);
    options.correct_above = fields.get("correct_above", options.correct_above);
    return options;
  }

  bool is_right(const RuleInput& input) const {
    if (correct.empty() && !input.earlier.empty()) return input.earlier[0].value > correct_above;
    for (const NamedReward& earlier : input.earlier) {
      if (earlier.name == correct) return earlier.value > correct_above;
    }
    throw InputError("no earlier rule is called \"" + correct + "\"");
  }
};

struct LengthOptions {
  CorrectOptions right;
  LengthUnit unit = LengthUnit::kAuto;
};

/// lambda = 0.5 - (length - shortest) / (longest - shortest); a wrong one gets min(0, lambda); 0 if all are equally long.
class LengthRule : public Rule {
 public:
  explicit LengthRule(LengthOptions options) : options_(std::move(options)) {}

  std::optional<std::string> goes_by() const override { return options_.right.correct; }

  Reward score(const RuleInput& input) const override {
    const bool right = options_.right.is_right(input);
    const LengthUnit unit = unit_for(input, options_.unit);
    const int64_t length = length_of(input.rollout, unit);
    int64_t shortest = length, longest = length;
    for (const Rollout& other : input.group) {
      const int64_t its = length_of(other, unit);
      shortest = std::min(shortest, its);
      longest = std::max(longest, its);
    }
    Reward reward;
    if (shortest < longest) {
      const double lambda =
          0.5 - static_cast<double>(length - shortest) / static_cast<double>(longest - shortest);
      reward.value = right ? lambda : std::min(0.0, lambda);
    }
    reward.detail = {{"length", length},
                     {"unit", to_string(unit)},
                     {"shortest", shortest},
                     {"longest", longest},
                     {"correct", right}};
    return reward;
  }

 private:
  LengthOptions options_;
};

/// cos(pi * x) for x in [0, 1], by its series: libm's last bit depends on the machine.
double cos_pi(double x) {
  if (x > 0.5) return -cos_pi(1.0 - x);
  const double square = std::numbers::pi * x * std::numbers::pi * x;
  double sum = 0.0;
  for (int k = 20; k >= 2; k -= 2) sum = (1.0 + sum) * -square / (k * (k - 1));
  return 1.0 + sum;
}

struct CosineOptions {
  int64_t max_len = 1000;  // from here on the reward stays what it is here
  double min_value_correct = 0.5,
         max_value_correct = 1.0;  // right: the maximum when short, the minimum at max_len
  double min_value_wrong = -1.0,
         max_value_wrong = -0.5;  // wrong: the minimum when short, the maximum at max_len
  CorrectOptions right;
  LengthUnit unit = LengthUnit::kAuto;
};

/// end + (start - end) / 2 * (1 + cos(pi * length / max_len)). The ends change places for wrong ones, which may go on thinking.
class CosineRule : public Rule {
 public:
  explicit CosineRule(CosineOptions options) : options_(std::move(options)) {}

  std::optional<std::string> goes_by() const override { return options_.right.correct; }

  Reward score(const RuleInput& input) const override {
    const bool right = options_.right.is_right(input);
    const LengthUnit unit = unit_for(input, options_.unit);
    const int64_t length = length_of(input.rollout, unit);
    const double start = right ? options_.max_value_correct : options_.min_value_wrong;
    const double end = right ? options_.min_value_correct : options_.max_value_wrong;
    // Without the bound a completion of twice max_len would be paid like an empty one.
    const double progress =
        std::min(1.0, static_cast<double>(length) / static_cast<double>(options_.max_len));
    return {end + 0.5 * (start - end) * (1.0 + cos_pi(progress)),
            {{"length", length}, {"unit", to_string(unit)}, {"correct", right}}};
  }

 private:
  CosineOptions options_;
};

/// A length whose key has two spellings: TRL's, and ours of old.
int64_t require_length(Fields& fields, const std::string& key, const std::string& other, Range range) {
  if (!fields.has(other)) return fields.require<int64_t>(key, range);
  if (fields.has(key)) throw fields.error(other, "is another name of \"" + key + "\"; give one of them");
  return fields.require<int64_t>(other, range);
}

}  // namespace

std::unique_ptr<Rule> make_overlong_rule(Fields fields) {
  OverlongOptions options;
  options.max_completion_len = require_length(fields, "max_completion_len", "max_length", at_least(1));
  options.soft_punish_cache = require_length(fields, "soft_punish_cache", "cache_length",
                                             between(1, static_cast<double>(options.max_completion_len)));
  options.unit = read_unit(fields, "tokens");
  return std::make_unique<OverlongRule>(options);
}

std::unique_ptr<Rule> make_length_rule(Fields fields) {
  LengthOptions options;
  options.right = CorrectOptions::read(fields);
  options.unit = read_unit(fields, "auto");
  return std::make_unique<LengthRule>(std::move(options));
}

std::unique_ptr<Rule> make_cosine_rule(Fields fields) {
  CosineOptions options;
  options.max_len = fields.get("max_len", options.max_len, at_least(1));
  options.min_value_correct = fields.get("min_value_correct", options.min_value_correct);
  options.max_value_correct = fields.get("max_value_correct", options.max_value_correct);
  options.min_value_wrong = fields.get("min_value_wrong", options.min_value_wrong);
  options.max_value_wrong = fields.get("max_value_wrong", options.max_value_wrong);
  options.right = CorrectOptions::read(fields);
  options.unit = read_unit(fields, "auto");
  return std::make_unique<CosineRule>(std::move(options));
}

}  // namespace hone
