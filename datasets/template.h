// Prompt templates: from a problem to the text that the policy continues. Chat templates belong to a model's
// tokenizer and are not here.
#pragma once

#include <string>
#include <string_view>

#include "core/types.h"

namespace hone {

/// `name_or_text` is "r1_zero" (DeepSeek-R1-Zero's: a conversation whose assistant thinks, then answers, in
/// tags), "plain" (the problem alone) or a text with {prompt}. "chat" is not one of them (rl/prompt_renderer.h). Any other {placeholder} is an InputError;
/// braces around anything but a lower-case name are text.
std::string render(std::string_view name_or_text, const Problem& problem);

/// Throws what render() would, before there is a problem.
void check_template(std::string_view name_or_text);

}  // namespace hone
