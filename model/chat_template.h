// One user message as a chat model expects it, for models whose chat template is ChatML (Qwen and many others):
//   <|im_start|>system\n{default}<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n
// The template's default system prompt is taken over. There is no Jinja interpreter: another kind of template is an error.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hone {

class ChatTemplate {
 public:
  /// From chat_template.jinja or tokenizer_config.json of a model's folder. InputError if there is none or it is not ChatML.
  static ChatTemplate load(const std::filesystem::path& folder);
  /// From the template's text; `file` is for messages.
  static ChatTemplate from_text(std::string_view text, const std::string& file);

  /// The prompt of a conversation's first turn, up to where the assistant begins.
  std::string render(std::string_view user_text) const;

 private:
  std::string system_;  // the rendered system message, or ""
};

}  // namespace hone
