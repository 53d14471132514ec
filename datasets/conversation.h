// Rows that hold conversations, in the formats of TRL: "prompt" as a list of messages, "prompt" and "completion" as lists, or
// "messages" alone; with "tools" and "chat_template_kwargs" of the row. What a template makes of them is the model's affair.
#pragma once

#include <string>

#include "core/types.h"

namespace hone {

/// A list of messages, as opposed to a text.
inline bool is_conversation(const Json& value) { return value.is_array(); }

/// `row[field]`, checked: an array of at least one object with a "role" that is a text. InputError with `where`, field and index.
nlohmann::ordered_json messages_of(const std::string& where, const nlohmann::ordered_json& row,
                                   const std::string& field);

/// Messages with the row's "tools" and "chat_template_kwargs", which are a list and an object, or a text of one in JSON, as
/// columns of data sets have them.
Conversation conversation_of(const std::string& where, const nlohmann::ordered_json& row,
                             nlohmann::ordered_json messages);

/// What the last user's turn says: its text, or its parts that are text; "" where no user speaks.
std::string last_user_text(const nlohmann::ordered_json& messages);

/// The messages before the answer that ends a conversation: without the assistant's turns at its end.
nlohmann::ordered_json before_answer(const nlohmann::ordered_json& messages);

}  // namespace hone
