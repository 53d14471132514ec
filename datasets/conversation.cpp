#include "datasets/conversation.h"

#include "core/error.h"

namespace hone {

using OrderedJson = nlohmann::ordered_json;

namespace {

bool has_role(const OrderedJson& message) {
  return message.is_object() && message.contains("role") && message["role"].is_string();
}

/// A list or object of a row; a text is read as JSON.
OrderedJson structure_of(const std::string& where, const OrderedJson& row, const char* field, bool list) {
  if (!row.contains(field) || row[field].is_null()) return nullptr;
  OrderedJson value = row[field];
  if (value.is_string())
    value = OrderedJson::parse(value.get_ref<const std::string&>(), nullptr, /*allow_exceptions=*/false);
  check_input(list ? value.is_array() : value.is_object(), where, ": field \"", field, "\" is ",
              row[field].dump(-1, ' ', false, OrderedJson::error_handler_t::replace).substr(0, 80),
              list ? ", expected a list of JSON schemas" : ", expected an object of variables");
  return value;
}

}  // namespace

OrderedJson messages_of(const std::string& where, const OrderedJson& row, const std::string& field) {
  const OrderedJson& messages = row.at(field);
  check_input(messages.is_array() && !messages.empty(), where, ": field \"", field, "\" is ",
              messages.is_array() ? "an empty list" : messages.type_name(),
              ", expected a list of {\"role\": ..., \"content\": ...}");
  for (size_t i = 0; i < messages.size(); ++i)
    check_input(has_role(messages[i]), where, ": ", field, "[", i, "]: got ",
                messages[i].dump(-1, ' ', false, OrderedJson::error_handler_t::replace).substr(0, 80),
                ", expected an object with \"role\" and \"content\"");
  return messages;
}

Conversation conversation_of(const std::string& where, const OrderedJson& row, OrderedJson messages) {
  return {.messages = std::move(messages),
          .tools = structure_of(where, row, "tools", true),
          .variables = structure_of(where, row, "chat_template_kwargs", false)};
}

std::string last_user_text(const OrderedJson& messages) {
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if ((*message)["role"] != "user" || !message->contains("content")) continue;
    const OrderedJson& content = (*message)["content"];
    if (content.is_string()) return content.get<std::string>();
    std::string text;
    for (const OrderedJson& part : content)
      if (part.is_object() && part.contains("text") && part["text"].is_string())
        text += part["text"].get<std::string>();
    return text;
  }
  return "";
}

OrderedJson before_answer(const OrderedJson& messages) {
  size_t count = messages.size();
  while (count > 0 && messages[count - 1]["role"] == "assistant") --count;
  OrderedJson result = OrderedJson::array();
  for (size_t i = 0; i < count; ++i) result.push_back(messages[i]);
  return result;
}

}  // namespace hone
