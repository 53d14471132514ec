// Rules about how long a completion is, in tokens: `overlong` (DAPO, arXiv 2503.14476, eq. 13), `length` (Kimi k1.5's and the
// cosine one), and `repetition`.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "rewards/repetition.h"
#include "rewards/rules.h"

namespace hone {
namespace {

struct OverlongOptions {
  int64_t max_length = 0;    // tokens, L_max: from here on -1
  int64_t cache_length = 0;  // tokens, L_cache: the penalty grows linearly over the last L_cache before L_max
};

/// 0 up to L_max - L_cache, then (L_max - L_cache - length) / L_cache, then -1.
class OverlongRule : public Rule {
 public:
  explicit OverlongRule(OverlongOptions options) : options_(options) {}
  Reward score(const RuleInput& input) const override {
    const auto length = static_cast<int64_t>(input.rollout.ids.size());
    check(length > 0 || input.rollout.text.empty(), "overlong counts tokens, and this completion has no ids");
    Reward reward;
    reward.detail["length"] = length;
    const int64_t free = options_.max_length - options_.cache_length;
    if (length > options_.max_length) {
      reward.value = -1.0;
    } else if (length > free) {
      reward.value = static_cast<double>(free - length) / static_cast<double>(options_.cache_length);
    }
    return reward;
  }

 private:
  OverlongOptions options_;
};

/// cos(pi * x) for x in [0, 1], by its series: libm's last bit depends on the machine.
double cos_pi(double x) {
  if (x > 0.5) return -cos_pi(1.0 - x);
  const double square = std::numbers::pi * x * std::numbers::pi * x;
  double sum = 0.0;
  for (int k = 20; k >= 2; k -= 2) sum = (1.0 + sum) * -square / (k * (k - 1));
  return 1.0 + sum;
}

struct LengthOptions {
  std::string type = "kimi";   // "kimi": relative to the group; "cosine": absolute
  std::string correct;         // name of the earlier rule that says whether it is right; default: the first
  double correct_above = 0.0;  // it is right if that rule's value is above this
  int64_t max_length = 0;      // tokens, for cosine
  double min_correct = 0.5,
         max_correct = 1.0;  // cosine, right: max_correct when short, min_correct at max_length
  double min_wrong = -1.0, max_wrong = -0.5;  // cosine, wrong: min_wrong when short, max_wrong at max_length
};

class LengthRule : public Rule {
 public:
  explicit LengthRule(LengthOptions options) : options_(std::move(options)) {}

  Reward score(const RuleInput& input) const override {
    const bool right = is_right(input);
    Reward reward;
    reward.value = options_.type == "kimi" ? relative(input, right) : cosine(input, right);
    reward.detail = {{"length", length(input.rollout)}, {"correct", right}};
    return reward;
  }

 private:
  static double length(const Rollout& rollout) {
    return static_cast<double>(rollout.ids.empty() ? rollout.text.size() : rollout.ids.size());
  }

  bool is_right(const RuleInput& input) const {
    if (options_.correct.empty() && !input.earlier.empty())
      return input.earlier[0].value > options_.correct_above;
    for (const NamedReward& earlier : input.earlier) {
      if (earlier.name == options_.correct) return earlier.value > options_.correct_above;
    }
    throw Error("length: no earlier rule is called \"" + options_.correct +
                "\"; list the rule that judges before it");
  }

  /// Kimi k1.5: 0.5 - (length - shortest) / (longest - shortest); a wrong one gets no more than 0; 0 if all are equally long.
  static double relative(const RuleInput& input, bool right) {
    double shortest = length(input.rollout), longest = shortest;
    for (const Rollout& other : input.group) {
      shortest = std::min(shortest, length(other));
      longest = std::max(longest, length(other));
    }
    if (shortest == longest) return 0.0;
    const double lambda = 0.5 - (length(input.rollout) - shortest) / (longest - shortest);
    return right ? lambda : std::min(0.0, lambda);
  }

  /// min + (max - min) / 2 * (1 + cos(pi * length / max_length)); the ends change places for wrong ones, which may go on thinking.
  double cosine(const RuleInput& input, bool right) const {
    const double low = right ? options_.min_correct : options_.max_wrong;
    const double high = right ? options_.max_correct : options_.min_wrong;
    const double progress = std::min(1.0, length(input.rollout) / static_cast<double>(options_.max_length));
    return low + 0.5 * (high - low) * (1.0 + cos_pi(progress));
  }

  LengthOptions options_;
};

struct RepetitionOptions {
  int64_t n = 3;              // words a gram
  double max_penalty = -1.0;  // value when everything is repeated; <= 0
};

class RepetitionRule : public Rule {
 public:
  explicit RepetitionRule(RepetitionOptions options) : options_(options) {}
  Reward score(const RuleInput& input) const override {
    const double share = repetition(input.rollout.text, static_cast<int>(options_.n));
    return {share * options_.max_penalty, {{"repeated", share}}};
  }

 private:
  RepetitionOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_overlong_rule(Fields fields) {
  OverlongOptions options;
  options.max_length = fields.require<int64_t>("max_length", at_least(1));
  options.cache_length =
      fields.require<int64_t>("cache_length", between(1, static_cast<double>(options.max_length)));
  return std::make_unique<OverlongRule>(options);
}

std::unique_ptr<Rule> make_length_rule(Fields fields) {
  LengthOptions options;
  options.type = fields.one_of("type", options.type, {"kimi", "cosine"});
  options.correct = fields.get("correct", options.correct);
  options.correct_above = fields.get("correct_above", options.correct_above);
  if (options.type == "cosine") {
    options.max_length = fields.require<int64_t>("max_length", at_least(1));
    options.min_correct = fields.get("min_correct", options.min_correct);
    options.max_correct = fields.get("max_correct", options.max_correct);
    options.min_wrong = fields.get("min_wrong", options.min_wrong);
    options.max_wrong = fields.get("max_wrong", options.max_wrong);
  }
  return std::make_unique<LengthRule>(std::move(options));
}

std::unique_ptr<Rule> make_repetition_rule(Fields fields) {
  RepetitionOptions options;
  options.n = fields.get("n", options.n, between(1, 64));
  options.max_penalty = fields.get("max_penalty", options.max_penalty, {-INFINITY, 0});
  return std::make_unique<RepetitionRule>(options);
}

}  // namespace hone
