#include "model/chat_template.h"

#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "model/strict_json.h"

namespace hone {
namespace {

/// The text of a quoted Jinja literal with its escapes resolved.
std::string unescape(std::string_view literal) {
  std::string text;
  for (size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\' || i + 1 == literal.size()) {
      text += literal[i];
      continue;
    }
    const char escaped = literal[++i];
    text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
  }
  return text;
}

/// The first literal that is a whole system message: what the template says when a conversation brings none.
std::string default_system(std::string_view text) {
  constexpr std::string_view kBegin = "<|im_start|>system\\n", kEnd = "<|im_end|>\\n";
  for (size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
    if (at == 0 || (text[at - 1] != '\'' && text[at - 1] != '"')) continue;
    size_t end = at;
    while (end < text.size() && text[end] != text[at - 1]) end += text[end] == '\\' ? 2 : 1;
    const std::string_view literal = text.substr(at, std::min(end, text.size()) - at);
    if (literal.size() > kBegin.size() + kEnd.size() && literal.substr(literal.size() - kEnd.size()) == kEnd)
      return unescape(literal);
  }
  return "";
}

/// "chat_template" of tokenizer_config.json: a text, or a list of named ones of which "default" is meant.
std::string configured_template(const std::filesystem::path& file) {
  const nlohmann::json config = parse_strict_json(file.string(), read_file(file));
  if (!config.is_object() || !config.contains("chat_template")) return "";
  const nlohmann::json& value = config.at("chat_template");
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array())
    for (const nlohmann::json& named : value)
      if (named.is_object() && named.value("name", "") == "default") return named.value("template", "");
  return "";
}

}  // namespace

ChatTemplate ChatTemplate::load(const std::filesystem::path& folder) {
  const std::filesystem::path jinja = folder / "chat_template.jinja",
                              config = folder / "tokenizer_config.json";
  if (std::filesystem::exists(jinja)) return from_text(read_file(jinja), jinja.string());
  check_input(std::filesystem::exists(config), folder.string(),
              ": neither chat_template.jinja nor tokenizer_config.json is here, ",
              "so there is no chat template");
  return from_text(configured_template(config), config.string());
}

ChatTemplate ChatTemplate::from_text(std::string_view text, const std::string& file) {
  check_input(!text.empty(), file, ": no chat_template here; a base model takes plain prompts");
  check_input(text.find("<|im_start|>") != std::string_view::npos &&
                  text.find("<|im_end|>") != std::string_view::npos,
              file,
              ": this chat_template is not ChatML (<|im_start|> ... <|im_end|>), the only kind supported; "
              "render the prompt yourself");
  ChatTemplate result;
  result.system_ = default_system(text);
  return result;
}

std::string ChatTemplate::render(std::string_view user_text) const {
  return concat(system_, "<|im_start|>user\n", user_text, "<|im_end|>\n<|im_start|>assistant\n");
}

}  // namespace hone
