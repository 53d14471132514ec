#include "rewards/answer.h"

#include <algorithm>

#include "rewards/answer_scan.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr AnswerSource kSources[] = {AnswerSource::kTag,       AnswerSource::kBoxed,
                                     AnswerSource::kHash,      AnswerSource::kPhrase,
                                     AnswerSource::kLastLatex, AnswerSource::kLastNumber};

std::vector<std::string_view> scan(std::string_view text, AnswerSource source, const Tags& tags) {
  switch (source) {
    case AnswerSource::kTag:
      return scan_blocks(text, tags.answer_open, tags.answer_close);
    case AnswerSource::kBoxed:
      return scan_boxes(text);
    case AnswerSource::kHash:
      return scan_hashes(text);
    case AnswerSource::kPhrase:
      return scan_phrases(text);
    case AnswerSource::kLastLatex:
      return last_latex(text);
    case AnswerSource::kLastNumber:
      return last_number(text);
  }
  return {};
}

}  // namespace

const char* to_string(AnswerSource source) {
  switch (source) {
    case AnswerSource::kTag:
      return "tag";
    case AnswerSource::kBoxed:
      return "boxed";
    case AnswerSource::kHash:
      return "hash";
    case AnswerSource::kPhrase:
      return "phrase";
    case AnswerSource::kLastLatex:
      return "last_latex";
    case AnswerSource::kLastNumber:
      return "last_number";
  }
  return "?";
}

AnswerOptions AnswerOptions::read(Fields& fields) {
  AnswerOptions options;
  std::vector<std::string> names, known;
  for (const AnswerSource source : options.sources) names.emplace_back(to_string(source));
  for (const AnswerSource source : kSources) known.emplace_back(to_string(source));
  names = fields.get("answer_from", names);
  options.sources.clear();
  for (const std::string& name : names) {
    const auto at = std::find(known.begin(), known.end(), name);
    if (at == known.end()) {
      throw fields.error(
          "answer_from",
          "got \"" + name + "\", expected some of tag, boxed, hash, phrase, last_latex, last_number");
    }
    options.sources.push_back(kSources[at - known.begin()]);
  }
  if (options.sources.empty()) throw fields.error("answer_from", "is empty, expected at least one source");
  options.in_reasoning = fields.get("in_reasoning", options.in_reasoning);
  options.truncated = fields.get("truncated", options.truncated);
  options.take_last = fields.one_of("several", "none", {"none", "last"}) == "last";
  options.tags = read_tags(fields);
  return options;
}

Extraction find_answer(const RuleInput& input, const AnswerOptions& options) {
  if (input.rollout.finish_reason != FinishReason::kStop && !options.truncated) {
    return {{}, concat("the completion was cut off (", to_string(input.rollout.finish_reason), ")")};
  }
  const Parts parts = split_reasoning(input.rollout.text, input.prompt, options.tags);
  const std::string_view text = options.in_reasoning ? std::string_view(input.rollout.text) : parts.final;
  for (const AnswerSource source : options.sources) {
    const std::vector<std::string_view> found = scan(text, source, options.tags);
    if (found.empty()) continue;
    const bool agree = options.take_last ||
                       std::all_of(found.begin(), found.end() - 1,
                                   [&](std::string_view one) { return same_but_space(one, found.back()); });
    if (!agree) return {{}, concat("several different answers (", to_string(source), ")")};
    return {FoundAnswer{found.back(), source}, ""};
  }
  if (parts.has_reasoning && !options.in_reasoning && trim(parts.final).empty()) {
    return {{}, "nothing after the thinking"};
  }
  return {{}, "no answer found"};
}

void describe(const Extraction& extraction, std::string_view completion, Json& detail) {
  if (!extraction.answer) {
    detail["missing"] = extraction.missing;
    return;
  }
  const std::string_view text = extraction.answer->text;
  const auto begin = static_cast<size_t>(text.data() - completion.data());
  detail["answer"] = excerpt(text);
  detail["from"] = to_string(extraction.answer->source);
  detail["at"] = {begin, begin + text.size()};
}

}  // namespace hone
