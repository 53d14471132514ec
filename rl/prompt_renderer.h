// From problems to prompts: a stage's template, applied and tokenised. Texts go into a text with {prompt}; conversations, and texts as a
// user's turn under "template": "chat", go through the chat template of the policy's folder.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/types.h"
#include "datasets/task.h"
#include "model/chat_template.h"
#include "model/tokenizer.h"

namespace hone {

struct TemplateOptions {
  /// "plain": a text as it is, a conversation by the chat template (as TRL does); "chat": both by the chat template; "r1_zero", or a
  /// text with {prompt}.
  std::string name = "plain";
  std::string system_prompt;        // before conversations that have no system turn of their own; "" = none
  Json variables = Json::object();  // "chat_template_kwargs": further variables of the chat template
};

class PromptRenderer {
 public:
  /// The chat template is read from `folder` when the first problem needs it; InputError if it is not there. `tokenizer` is borrowed.
  /// `now` is what strftime_now() of a template says.
  PromptRenderer(TemplateOptions options, const Tokenizer& tokenizer, std::filesystem::path folder,
                 std::chrono::system_clock::time_point now);

  /// Rendered and tokenised. A chat template writes every special token itself (a beginning-of-text token too), so none is added.
  Prompt render(Problem problem) const;

  /// As render(), of the text alone.
  std::string text_of(const Problem& problem) const;

  /// The text of a whole conversation, with the bytes that the assistant wrote.
  ChatText render_for_training(const Conversation& whole) const;

  const Tokenizer& tokenizer() const { return tokenizer_; }

 private:
  bool by_chat_template(const Problem& problem) const;
  ChatRequest request_of(const Conversation& chat) const;
  const ChatTemplate& chat() const;

  TemplateOptions options_;
  const Tokenizer& tokenizer_;
  std::filesystem::path folder_;
  std::chrono::system_clock::time_point now_;
  mutable std::optional<ChatTemplate> chat_;  // read when first needed
};

}  // namespace hone
