// What transformers does to messages before a template sees them, and to the text afterwards when the last
// message stays open.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hone {

/// `messages` without keys that are null, and with reasoning under the names that templates read. InputError
/// unless it is an array of at least one object. `file` is for messages.
nlohmann::ordered_json plain_messages(const std::string& file, const nlohmann::ordered_json& messages);

/// Marks the end of the last message's `field` (text, or the last text of a list of parts). Returns the text
/// that is to go on. InputError if the message has none, or if the template (its source) does not read the
/// field.
std::string open_last_message(const std::string& file, nlohmann::ordered_json& messages_,
                              const std::string& field, const std::string& source);

/// `rendered` up to the mark. InputError if the template dropped or changed `open`, the message that was to
/// go on.
std::string cut_at_open_end(const std::string& file, const std::string& rendered, const std::string& open);

}  // namespace hone
