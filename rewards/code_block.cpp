#include "rewards/code_block.h"

#include <algorithm>
#include <array>

#include "rewards/answer_scan.h"
#include "rewards/text.h"

namespace hone {
namespace {

struct Fence {
  char mark = 0;  // 0: the line is no fence
  size_t length = 0;
  std::string_view info;
};

/// At most three spaces, then at least three backticks or tildes.
Fence fence_of(std::string_view line) {
  const size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos || begin > 3 || (line[begin] != '`' && line[begin] != '~')) return {};
  const char mark = line[begin];
  const size_t end = std::min(line.find_first_not_of(mark, begin), line.size());
  if (end - begin < 3) return {};
  const std::string_view info = trim(line.substr(end));
  // Backticks behind backticks are code within a line, not the start of a block.
  if (mark == '`' && info.find('`') != std::string_view::npos) return {};
  return {mark, end - begin, info};
}

bool closes(const Fence& line, const Fence& open) {
  return line.mark == open.mark && line.length >= open.length && line.info.empty();
}

std::vector<FoundProgram> eligible(std::string_view text, const std::optional<Language>& wanted) {
  std::vector<FoundProgram> found;
  for (const FencedBlock& block : fenced_blocks(text)) {
    const std::optional<Language> language = block.info.empty() ? wanted : language_named(block.info);
    if (language && (!wanted || *wanted == *language) && !trim(block.text).empty())
      found.push_back({block.text, *language, ""});
  }
  return found;
}

FoundProgram choose(const std::vector<FoundProgram>& found, bool only_one) {
  const auto differs = [&](const FoundProgram& one) { return trim(one.text) != trim(found.back().text); };
  if (only_one && std::any_of(found.begin(), found.end(), differs))
    return {.missing = "several different programs"};
  return found.back();
}

}  // namespace

const char* to_string(Language language) { return language == Language::kPython ? "python" : "cpp"; }

std::optional<Language> language_named(std::string_view info) {
  const size_t begin = info.find_first_not_of("{. \t");
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string word = lower_case(info.substr(begin, info.find_first_of(" \t,;:{}", begin) - begin));
  constexpr std::array kPython = {"python", "python3", "py", "py3"};
  if (std::find(kPython.begin(), kPython.end(), word) != kPython.end()) return Language::kPython;
  constexpr std::array kCpp = {"cpp",   "c++",   "cc",    "cxx",   "cpp11", "cpp14", "cpp17",
                               "cpp20", "cpp23", "c++11", "c++14", "c++17", "c++20", "c++23"};
  if (std::find(kCpp.begin(), kCpp.end(), word) != kCpp.end()) return Language::kCpp;
  return std::nullopt;
}

std::vector<FencedBlock> fenced_blocks(std::string_view text) {
  std::vector<FencedBlock> blocks;
  Fence open;
  size_t begin = 0;  // of the block's text
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find('\n', pos), text.size());
    const Fence line = fence_of(text.substr(pos, end - pos));
    if (!open.mark && line.mark) {
      open = line;
      begin = std::min(end + 1, text.size());
    } else if (open.mark && closes(line, open)) {
      blocks.push_back({open.info, text.substr(begin, pos - begin)});
      open = {};
    }
    pos = end + 1;
  }
  return blocks;
}

ProgramOptions ProgramOptions::read(Fields& fields) {
  ProgramOptions options;
  options.from_answer = fields.one_of("program_from", "fence", {"fence", "answer"}) == "answer";
  const std::string language = fields.one_of("language", "auto", {"auto", "python", "cpp"});
  if (language != "auto") options.language = language_named(language);
  options.only_one = fields.one_of("several", "last", {"last", "none"}) == "none";
  options.in_reasoning = fields.get("in_reasoning", options.in_reasoning);
  options.truncated = fields.get("truncated", options.truncated);
  options.tags = read_tags(fields);
  return options;
}

FoundProgram find_program(const RuleInput& input, const ProgramOptions& options) {
  const Rollout& rollout = input.rollout;
  if (rollout.finish_reason != FinishReason::kStop && !options.truncated)
    return {.missing = concat("the completion was cut off (", to_string(rollout.finish_reason), ")")};
  const Parts parts = split_reasoning(rollout.text, input.prompt, options.tags);
  std::string_view text = options.in_reasoning ? std::string_view(rollout.text) : parts.final;
  if (options.from_answer) {
    const auto answers = scan_blocks(text, options.tags.answer_open, options.tags.answer_close);
    if (answers.empty()) return {.missing = "no answer block"};
    text = answers.back();
  }
  const std::vector<FoundProgram> found = eligible(text, options.language);
  if (!found.empty()) return choose(found, options.only_one);
  if (options.from_answer && options.language && fenced_blocks(text).empty() && !trim(text).empty())
    return {text, *options.language, ""};
  if (trim(text).empty() && parts.has_reasoning) return {.missing = "nothing after the thinking"};
  return {.missing = concat("no closed block of ",
                            options.language ? to_string(*options.language) : "python or cpp")};
}

}  // namespace hone
