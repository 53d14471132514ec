// A rule judges one completion. Rules are made from one object of a recipe's "rewards" list: {"rule":
// "countdown", ...}. Weights, gates and clips belong to the list, not to the rule: reward_set.h.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/fields.h"
#include "core/types.h"

namespace hone {

/// A reward that an earlier rule of the same list gave to the same completion.
struct NamedReward {
  std::string_view name;
  double value = 0;  // after its clip and gate, before its weight
};

/// What a rule may look at. Everything is borrowed for the length of the call.
struct RuleInput {
  const Problem& problem;
  std::string_view prompt;  // as the model saw it, template and all
  const Rollout& rollout;
  std::span<const Rollout> group;             // [G] all completions of the prompt, `rollout` among them
  std::span<const NamedReward> earlier = {};  // [rules before this one]
  std::stop_token stop = {};  // a rule that takes its time throws Interrupted when asked to stop
};

class Rule {
 public:
  virtual ~Rule() = default;
  /// Const and thread-safe. The work is bounded by the sizes of the input, never by a clock: the same verdict
  /// everywhere. A bad answer is a value with a detail; throwing means that the rule or the row is broken and
  /// stops the step.
  virtual Reward score(const RuleInput& input) const = 0;

  /// True for a rule that is better asked about many completions in one call, because it waits for others to
  /// do the work: it gets all of a step through score_all(), from one thread, so that no core of the pool is
  /// spent on waiting. The others are asked one by one on all cores.
  virtual bool batched() const { return false; }
  /// rewards[i] is of inputs[i]; by default score() in a loop.
  virtual std::vector<Reward> score_all(std::span<const RuleInput> inputs) const;

  /// The earlier rule of the list that this one goes by ("" for the first of them), from its key "correct".
  virtual std::optional<std::string> goes_by() const { return std::nullopt; }

  /// InputError where a row lacks what score() needs: a data set is looked through before a run.
  virtual void check_row(const Json& row) const;
  /// Why the gold answer of a row can't be understood, so that nothing but its very text pays; "" if it can, or if there is none.
  virtual std::string gold_problem(const Json& row) const;
};

/// A reward's detail as records show it: with "error" where there is no verdict.
Json shown_detail(const Reward& reward);

/// Reads "rule" and that rule's options; the caller reads the rest and calls options.finish().
std::unique_ptr<Rule> make_rule(Fields options);

/// Names that "rule" may have.
std::vector<std::string> rule_names();

/// A verdict on an answer, as `detail["verdict"]` spells it.
enum class Verdict {
  kCorrect,
  kWrong,
  kNoAnswer,
  kAnswerUnparsable,
  kGoldUnparsable,
  kBudgetExceeded,
  kUndecided,
};
const char* to_string(Verdict verdict);  // "correct", "wrong", "no_answer", "answer_unparsable", ...

}  // namespace hone
