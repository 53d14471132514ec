// Finding the answer in a completion. Never inside the thinking, never in a completion that was cut off (unless asked), and
// never a guess between answers that contradict each other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fields.h"
#include "core/types.h"
#include "rewards/rule.h"
#include "rewards/tags.h"

namespace hone {

enum class AnswerSource { kTag, kBoxed, kHash, kPhrase, kLastLatex, kLastNumber };
const char* to_string(AnswerSource source);  // "tag", "boxed", "hash", "phrase", "last_latex", "last_number"

struct AnswerOptions {
  /// Tried in this order; the first that finds something decides. Add "last_latex", "last_number" for models that were not told
  /// how to answer; they take intermediate values for answers.
  std::vector<AnswerSource> sources = {AnswerSource::kTag, AnswerSource::kBoxed, AnswerSource::kHash,
                                       AnswerSource::kPhrase};
  bool in_reasoning = false;  // also look inside the thinking
  bool truncated = false;     // also look in completions that ran into the token limit
  bool take_last = false;     // several different answers: the last ("several": "last") instead of none
  Tags tags;

  /// "answer_from", "in_reasoning", "truncated", "several", and the tags.
  static AnswerOptions read(Fields& options);
};

struct FoundAnswer {
  std::string_view text;  // trimmed, a view of the completion
  AnswerSource source = AnswerSource::kTag;
};

struct Extraction {
  std::optional<FoundAnswer> answer;
  std::string missing;  // why there is none: "truncated", "thinking is not closed", "several answers", ...
};

Extraction find_answer(const RuleInput& input, const AnswerOptions& options);

/// Adds "answer", "from" and "at" (byte offsets in the completion), or "missing".
void describe(const Extraction& extraction, std::string_view completion, Json& detail);

}  // namespace hone
