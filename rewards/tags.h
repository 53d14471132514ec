// Where the thinking ends and the answer begins. One place knows the tags, so that the format rule, the answer's extraction
// and the language rule read a completion alike, also when the template has already written the opening tag.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/fields.h"

namespace hone {

struct Tags {
  std::string think_open = "<think>", think_close = "</think>";
  std::string answer_open = "<answer>", answer_close = "</answer>";
};

/// Reads think_open, think_close, answer_open, answer_close; none may be empty.
Tags read_tags(Fields& options);

/// Views of a completion.
struct Parts {
  bool has_reasoning = false;
  std::string_view
      reasoning;  // of all thinking blocks together: from the first opening tag to the last closing one
  std::string_view final;  // after the thinking; empty while it is not closed; everything if there is none
};

/// The prompt may end with the opening tag: the completion then begins inside the thinking block.
Parts split_reasoning(std::string_view completion, std::string_view prompt, const Tags& tags);

/// Whether the prompt, white space at its end aside, ends with the opening tag.
bool opens_thinking(std::string_view prompt, const Tags& tags);

/// Whether the opening tag stands in the prompt: "opened": "auto" looks, "yes" and "no" know.
enum class Opened { kAuto, kYes, kNo };
Opened read_opened(Fields& options);
bool is_opened(Opened opened, std::string_view prompt, const Tags& tags);

/// How often `what` stands in the text, without overlaps.
size_t count_of(std::string_view text, std::string_view what);

/// So many texts that end a sequence are taken off; a decoder leaves one, padding a few more.
inline constexpr int kMostEnds = 1000;

/// The trimmed text without the `ends` that it ends with, at most kMostEnds or a few more.
std::string_view without_end(std::string_view text, const std::vector<std::string>& ends);

/// What tokenizers call the end of a sequence or of a turn: "</s>", "<|im_end|>", ...
const std::vector<std::string>& end_texts();

}  // namespace hone
