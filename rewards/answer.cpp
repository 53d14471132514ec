#include "rewards/answer.h"

#include <algorithm>

#include "rewards/answer_merge.h"
#include "rewards/answer_scan.h"
#include "rewards/text.h"
#include "rewards/text_search.h"

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

namespace {

bool is_enabled(const AnswerOptions& options, AnswerSource source) {
  return std::find(options.sources.begin(), options.sources.end(), source) != options.sources.end();
}

/// What the finds of one source say together; nothing if they contradict each other.
std::optional<std::string_view> settled(std::string_view text, const std::vector<std::string_view>& found,
                                        AnswerSource source, bool take_last) {
  const bool boxes = source == AnswerSource::kBoxed && found.size() > 1;
  if (boxes && !take_last && !all_agree(found)) {
    if (const auto list = joined_boxes(text, found)) return list;
  }
  if (take_last || found.size() == 1 || all_agree(found)) return found.back();
  return std::nullopt;
}

/// The answer tag may hold a box, or a sentence that says what the answer is: then that is meant. Structured text stays whole.
std::optional<std::string_view> inside_tag(std::string_view block, const AnswerOptions& options) {
  if (block.starts_with('{') || block.starts_with('[')) return block;
  for (const AnswerSource source : {AnswerSource::kBoxed, AnswerSource::kPhrase}) {
    if (!is_enabled(options, source)) continue;
    const std::vector<std::string_view> found = scan(block, source, options.tags);
    if (!found.empty()) return settled(block, found, source, options.take_last);
  }
  return block;
}

}  // namespace

Extraction find_answer(const RuleInput& input, const AnswerOptions& options) {
  if (input.rollout.finish_reason != FinishReason::kStop && !options.truncated) {
    return {{}, concat("the completion was cut off (", to_string(input.rollout.finish_reason), ")")};
  }
  const Parts parts = split_reasoning(input.rollout.text, input.prompt, options.tags);
  const std::string_view text =
      without_end(options.in_reasoning ? std::string_view(input.rollout.text) : parts.final, end_texts());
  for (const AnswerSource source : options.sources) {
    std::vector<std::string_view> found = scan(text, source, options.tags);
    if (source == AnswerSource::kTag && trim(input.prompt).ends_with(options.tags.answer_open)) {
      // The prompt has opened the tag: the answer comes first.
      if (const size_t close = find_text(text, options.tags.answer_close); close != std::string_view::npos) {
        const std::string_view first = trim(text.substr(0, close));
        if (!first.empty() && find_text(first, options.tags.answer_open) == std::string_view::npos)
          found.insert(found.begin(), first);
      }
    }
    if (found.empty()) continue;
    std::optional<std::string_view> answer = settled(text, found, source, options.take_last);
    if (answer && source == AnswerSource::kTag) answer = inside_tag(*answer, options);
    if (!answer) return {{}, concat("several different answers (", to_string(source), ")")};
    return {FoundAnswer{*answer, source}, ""};
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
