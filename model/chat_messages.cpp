#include "model/chat_messages.h"

#include <algorithm>

#include "core/error.h"
#include "model/jinja_unicode.h"

namespace hone {

using OrderedJson = nlohmann::ordered_json;

namespace {

constexpr const char* kReasoningFields[] = {"reasoning_content", "thinking", "reasoning"};
constexpr std::string_view kOpenEnd = "CONTINUE_FINAL_MESSAGE_TAG ";

/// Older names of reasoning_content are read, and gpt-oss's templates find it as "thinking".
OrderedJson with_reasoning(const OrderedJson& message) {
  for (const char* field : kReasoningFields) {
    if (!message.contains(field)) continue;
    OrderedJson result = {{"thinking", message[field]}};
    for (const auto& item : message.items()) result[item.key()] = item.value();
    result["reasoning_content"] = message[field];
    return result;
  }
  return message;
}

std::string_view trimmed(std::string_view text) { return jinja_lstrip(jinja_rstrip(text)); }

}  // namespace

OrderedJson plain_messages(const std::string& file, const OrderedJson& messages) {
  check_input(messages.is_array() && !messages.empty(), file,
              ": messages: expected an array of at least one message, got ",
              messages.is_array() ? "none" : messages.type_name());
  OrderedJson result = OrderedJson::array();
  for (size_t i = 0; i < messages.size(); ++i) {
    check_input(messages[i].is_object(), file, ": messages[", i, "]: got ", messages[i].type_name(),
                ", expected an object");
    OrderedJson message = OrderedJson::object();
    for (const auto& item : messages[i].items())
      if (!item.value().is_null()) message[item.key()] = item.value();
    result.push_back(with_reasoning(message));
  }
  return result;
}

std::string open_last_message(const std::string& file, OrderedJson& messages_, const std::string& field,
                              const std::string& source) {
  OrderedJson& last = messages_.back();
  check_input(last.contains(field), file, ": the last message has no \"", field, "\" to go on with");
  std::vector<std::string> fields = {field};
  const bool is_reasoning = std::find(std::begin(kReasoningFields), std::end(kReasoningFields), field) !=
                            std::end(kReasoningFields);
  if (is_reasoning) {
    fields.clear();
    for (const char* name : kReasoningFields)
      if (last.contains(name) && last[name] == last[field]) fields.emplace_back(name);
  }
  const bool is_read = std::any_of(fields.begin(), fields.end(),
                                   [&](const std::string& f) { return source.find(f) != std::string::npos; });
  check_input(is_read, file, ": this chat template does not read \"", field, "\", so it cannot go on");
  if (last[field].is_array()) {
    for (auto part = last[field].rbegin(); part != last[field].rend(); ++part) {
      if (!part->is_object() || !part->contains("text") || !(*part)["text"].is_string()) continue;
      const std::string text = (*part)["text"];
      (*part)["text"] = text + std::string(kOpenEnd);
      return text;
    }
    throw InputError(concat(file, ": the last message's \"", field, "\" has no text to go on with"));
  }
  check_input(last[field].is_string(), file, ": the last message's \"", field, "\" is a ",
              last[field].type_name(), ", expected text to go on with");
  const std::string text = last[field];
  for (const std::string& name : fields) last[name] = text + std::string(kOpenEnd);
  return text;
}

std::string cut_at_open_end(const std::string& file, const std::string& rendered, const std::string& open) {
  const std::string_view mark = trimmed(kOpenEnd);
  const size_t at = rendered.rfind(mark);
  check_input(at != std::string::npos && rendered.find(trimmed(open)) != std::string::npos, file,
              ": the last message cannot go on: the chat template drops or changes it");
  // A template that strips the message has also taken the blank after the mark.
  if (rendered.compare(at, kOpenEnd.size(), kOpenEnd) == 0) return rendered.substr(0, at);
  return std::string(jinja_rstrip(std::string_view(rendered).substr(0, at)));
}

}  // namespace hone
