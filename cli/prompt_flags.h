// The flags of `sample` and `eval` that say how prompts are rendered and where completions end.
#pragma once

#include <string>
#include <vector>

#include "rl/prompt_renderer.h"

namespace hone {

struct PromptFlags {
  bool chat = false;                 // render texts by the chat template, too
  std::string system_prompt;         // "" = none
  std::string chat_template_kwargs;  // a JSON object of variables; "" = none
  std::vector<std::string> stop;     // texts that end a completion
};

/// `options` as the flags change them. InputError where a flag does not fit.
TemplateOptions with_flags(TemplateOptions options, const PromptFlags& flags);

/// A model's prompts, on this day.
PromptRenderer make_renderer(TemplateOptions options, const PromptFlags& flags, const Tokenizer& tokenizer,
                             const std::string& model);

}  // namespace hone
