// Conversations as a model expects them: the chat template of its folder, rendered as transformers'
// apply_chat_template renders it. Which template, which variables, and what is done to messages before and
// after is here; the language is model/jinja.h.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "model/jinja.h"

namespace hone {

/// What is to be rendered. Objects keep the order of their keys: tools are printed in it.
struct ChatRequest {
  nlohmann::ordered_json
      messages;                  // array of {"role", "content", ...}; keys that are null are as if not there
  nlohmann::ordered_json tools;  // array of JSON schemas, or null
  nlohmann::ordered_json documents;  // array of {"title", "text"}, or null
  bool add_generation_prompt = false;
  std::string
      continue_field;  // "content": leave the last message open, for the model to go on with; "": do not
  nlohmann::ordered_json variables;  // object of further variables, such as enable_thinking; null for none
  std::chrono::system_clock::time_point now = {};  // what strftime_now() says
};

/// A conversation and the bytes of it that the assistant wrote.
struct ChatText {
  std::string text;
  std::vector<JinjaSpan> assistant;
  int unplaced_turns = 0;  // turns of the assistant whose bytes could not be told
};

/// The folder in a model's folder for templates besides the default one, as transformers names it.
inline constexpr const char* kMoreChatTemplates = "additional_chat_templates";

class ChatTemplate {
 public:
  /// chat_template.jinja and additional_chat_templates/*.jinja, else "chat_template" of tokenizer_config.json, which is
  /// one or a list of named ones. bos_token and the like come from tokenizer_config.json and
  /// special_tokens_map.json. InputError if there is no template.
  static ChatTemplate load(const std::filesystem::path& folder);
  /// From the template's text; `file` is for messages.
  static ChatTemplate from_text(std::string_view text, const std::string& file,
                                nlohmann::ordered_json special_tokens = nlohmann::ordered_json::object());

  /// The text of a conversation. What the template refuses is an InputError that names its file, line and
  /// cause.
  std::string render(const ChatRequest& request) const;

  /// The same with the assistant's bytes: what {% generation %} blocks put out, if the template has them.
  /// Otherwise a turn is what rendering up to it adds to rendering up to the one before with the generation
  /// prompt; where the one is no beginning of the other, or not of the whole (templates that drop the
  /// reasoning of earlier turns), the turn is counted as unplaced.
  ChatText render_for_training(const ChatRequest& request) const;

 private:
  struct Named {
    std::string source;
    JinjaTemplate compiled;
  };
  ChatTemplate() = default;
  void add(const std::string& name, const std::string& file, std::string_view text);
  const Named& choose(const ChatRequest& request) const;
  JinjaRendered render_with(const Named& chosen, const ChatRequest& request,
                            nlohmann::ordered_json messages) const;
  /// The text of the first `count` messages, or nothing if the template refuses them.
  std::optional<std::string> beginning(const Named& chosen, const ChatRequest& request,
                                       const nlohmann::ordered_json& messages, size_t count) const;
  ChatText by_prefixes(const Named& chosen, const ChatRequest& request, std::string text) const;

  std::string file_;                        // of the folder or template, for messages
  std::map<std::string, Named> templates_;  // by name; "default" is the usual one
  nlohmann::ordered_json special_tokens_;
};

}  // namespace hone
