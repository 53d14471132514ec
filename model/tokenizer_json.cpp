#include "model/tokenizer_json.h"

#include <algorithm>

namespace hone {
namespace {

/// A value as shown in a message.
std::string shown(const nlohmann::json& json) {
  std::string text = json.dump();
  return text.size() > 80 ? text.substr(0, 77) + "..." : text;
}

std::string join(const std::string& where, const std::string& key) {
  return where.empty() ? key : where + "." + key;
}

}  // namespace

TokenizerJson TokenizerJson::child(const char* key) const {
  check(json_.contains(key), "no ", key);
  TokenizerJson out(file_, json_.at(key), join(where_, key));
  if (!out.json_.is_object()) out.check(false, "got ", shown(out.json_), ", expected an object");
  return out;
}

std::vector<TokenizerJson> TokenizerJson::children(const char* key) const {
  check(json_.contains(key) && json_.at(key).is_array(), key, ": expected an array");
  std::vector<TokenizerJson> out;
  for (const Json& element : json_.at(key)) {
    out.emplace_back(file_, element, join(where_, concat(key, "[", out.size(), "]")));
    if (!element.is_object()) out.back().check(false, "got ", shown(element), ", expected an object");
  }
  return out;
}

std::string TokenizerJson::text(const char* key) const {
  check(json_.contains(key), "no ", key);
  if (!json_.at(key).is_string()) check(false, key, ": got ", shown(json_.at(key)), ", expected a string");
  return json_.at(key).get<std::string>();
}

bool TokenizerJson::flag(const char* key, bool fallback) const {
  if (!has(key)) return fallback;
  check(json_.at(key).is_boolean(), key, ": got ", shown(json_.at(key)), ", expected true or false");
  return json_.at(key).get<bool>();
}

int64_t TokenizerJson::integer(const char* key) const {
  check(json_.contains(key), "no ", key);
  const Json& value = json_.at(key);
  check(value.is_number_unsigned() && value.get<uint64_t>() < (uint64_t{1} << 62), key, ": got ",
        shown(value), ", expected an integer >= 0");
  return value.get<int64_t>();
}

void TokenizerJson::only(std::initializer_list<const char*> keys) const {
  for (const auto& [key, value] : json_.items()) {
    const bool known =
        std::any_of(keys.begin(), keys.end(), [&key = key](const char* other) { return key == other; });
    if (!known) check(false, "unknown key ", shown(Json(key)), " with value ", shown(value));
  }
}

}  // namespace hone
