// Finding the program in a completion: fenced blocks (``` or ~~~), read as Markdown does, outside of the
// thinking.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fields.h"
#include "rewards/rule.h"
#include "rewards/tags.h"

namespace hone {

enum class Language { kPython, kCpp };
const char* to_string(Language language);  // "python", "cpp"

/// From a fence's info string ("python", "Py3", "c++17 title=x") or an option; nothing for other languages
/// and none.
std::optional<Language> language_named(std::string_view info);

struct FencedBlock {
  std::string_view info;  // what stands behind the opening fence, trimmed
  std::string_view text;  // the lines between the fences; views of the text that was searched
};

/// In order. A block whose closing fence is missing is none: it may have been cut off.
std::vector<FencedBlock> fenced_blocks(std::string_view text);

struct ProgramOptions {
  bool from_answer = false;  // look in the last answer block: a fenced block in it, else all of it
  std::optional<Language>
      language;               // of blocks that don't say; others are passed over. None: blocks must say
  bool only_one = false;      // several different programs are none ("several": "none"), else the last one
  bool in_reasoning = false;  // also look inside the thinking
  bool truncated = false;     // also look in completions that ran into the token limit
  Tags tags;

  /// "program_from", "language", "several", "in_reasoning", "truncated", and the tags.
  static ProgramOptions read(Fields& options);
};

struct FoundProgram {
  std::string_view text;  // empty with `missing`; a view of the completion
  Language language = Language::kPython;
  std::string missing;  // why there is none
};

FoundProgram find_program(const RuleInput& input, const ProgramOptions& options);

}  // namespace hone
