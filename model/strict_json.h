// JSON as files of weights and tokenizers have it: no comments, no duplicate keys, UTF-8, bounded nesting.
// Recipes, which allow comments and remember lines, are read by core/document.h.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hone {

/// The document in `text`. What is wrong with it is an InputError that names `file` and the byte (or the key
/// that comes twice).
nlohmann::json parse_strict_json(const std::string& file, std::string_view text);

}  // namespace hone
