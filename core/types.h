// The nouns of a step, from a problem to a scored group, and the dimension letters.
//   P prompts, G rollouts a prompt, L tokens a sample, S samples a pack, T packed tokens, V vocabulary
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hone {

using Json = nlohmann::json;
using TokenId = int32_t;

/// A prompt that is a conversation, as a chat template takes it: objects keep the order of their keys, which
/// templates print.
struct Conversation {
  nlohmann::ordered_json messages;  // array of {"role", "content", ...}; null: there is none
  nlohmann::ordered_json tools;     // array of JSON schemas, or null
  nlohmann::ordered_json
      variables;  // of this row alone: an object such as {"enable_thinking": false}, or null
};

/// A row of a dataset: what is asked, and everything a rule may need to judge an answer.
struct Problem {
  uint64_t id = 0;   // position in its dataset, or its index in a procedural task
  std::string text;  // the question, before a template is applied; of a conversation, the last user's turn
  Json row;          // fields as the dataset has them: "answer", "numbers", "language", ...
  Conversation chat = {};  // where the prompt is a conversation
};

/// A problem rendered by a template and tokenised.
struct Prompt {
  Problem problem;
  std::string text;
  std::vector<TokenId> ids;  // [Lp]
};

enum class FinishReason { kStop, kLength, kCancelled };
const char* to_string(FinishReason reason);  // "stop", "length", "cancelled"

/// One sampled completion. logprobs[i] is that of ids[i] under the distribution that it was really drawn from.
struct Rollout {
  std::vector<TokenId> ids;     // [L] with the stop token, if one ended it
  std::vector<float> logprobs;  // [L]
  std::string text;             // without the stop token
  FinishReason finish_reason = FinishReason::kStop;
  uint64_t policy_version = 0;  // optimizer steps behind the weights that sampled it
};

/// All completions of one prompt.
struct RolloutGroup {
  Prompt prompt;
  std::vector<Rollout> rollouts;  // [G]
};

/// A rule's verdict on one completion, or the lack of one.
struct Reward {
  double value = 0;
  Json detail;  // why, for people
  std::string error =
      {};  // not empty: no verdict could be had, for reasons that are not the completion's; `value` is 0 then
};

/// A group with its rewards. by_rule[r][g] is rule r's verdict on rollout g.
struct ScoredGroup {
  RolloutGroup group;
  std::vector<std::string> rules;            // [R] names
  std::vector<std::vector<Reward>> by_rule;  // [R][G]
  std::vector<double> rewards;               // [G] weighted sums
  std::vector<std::string> errors =
      {};  // [G] why a rollout has no reward, "" where it has one; empty: all have

  std::vector<std::string> gold_problems =
      {};  // [R] why the row's gold answer is of no use to rule r, "" where it is; empty: to all

  /// Whether rollout g has a reward. One without is left out of whatever is computed from rewards.
  bool has_reward(size_t g) const { return errors.empty() || errors[g].empty(); }
};

}  // namespace hone
