// Makes one-line work of "this rule, this row, this completion" in the tests of rules.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "rewards/reward_set.h"

namespace hone {

inline RewardSet reward_set(const std::string& rules) {
  const Document document = parse_document("test.json", "{\"rewards\": " + rules + "}");
  Fields fields(document);
  return RewardSet(fields.children("rewards"));
}

struct Sample {
  std::string completion;
  Json row = Json::object();
  std::string prompt = "";
  FinishReason finish_reason = FinishReason::kStop;
  size_t num_ids = 0;
};

inline Rollout rollout_of(const Sample& sample) {
  Rollout rollout;
  rollout.text = sample.completion;
  rollout.finish_reason = sample.finish_reason;
  rollout.ids.resize(sample.num_ids);
  return rollout;
}

/// The verdicts of a list of rules.
inline std::vector<Reward> score_all(const std::string& rules, const Sample& sample) {
  const Rollout rollout = rollout_of(sample);
  const Problem problem{7, sample.prompt, sample.row};
  return reward_set(rules).score_one({problem, sample.prompt, rollout, {&rollout, 1}});
}

/// The verdict of one rule, given as its object.
inline Reward score(const std::string& rule, const Sample& sample) {
  return score_all("[" + rule + "]", sample).front();
}

}  // namespace hone
