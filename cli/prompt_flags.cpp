#include "cli/prompt_flags.h"

#include "core/document.h"
#include "core/error.h"
#include "datasets/template.h"

namespace hone {

TemplateOptions with_flags(TemplateOptions options, const PromptFlags& flags) {
  if (flags.chat) options.name = "chat";
  if (options.name != "chat") check_template(options.name);
  const bool chat = options.name == "chat" || options.name == "plain";
  check_input(chat || (flags.system_prompt.empty() && flags.chat_template_kwargs.empty()),
              flags.system_prompt.empty() ? "--chat-template-kwargs" : "--system-prompt",
              ": the template is \"", options.name, "\", expected --chat");
  if (!flags.system_prompt.empty()) options.system_prompt = flags.system_prompt;
  if (flags.chat_template_kwargs.empty()) return options;
  options.variables = parse_document("--chat-template-kwargs", flags.chat_template_kwargs).root;
  check_input(options.variables.is_object(), "--chat-template-kwargs: got ", flags.chat_template_kwargs,
              ", expected an object such as {\"enable_thinking\": false}");
  return options;
}

PromptRenderer make_renderer(TemplateOptions options, const PromptFlags& flags, const Tokenizer& tokenizer,
                             const std::string& model) {
  return {with_flags(std::move(options), flags), tokenizer, model, std::chrono::system_clock::now()};
}

}  // namespace hone
