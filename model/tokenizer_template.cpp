#include "model/tokenizer_template.h"

#include <limits>

namespace hone {
namespace {

using Json = nlohmann::json;

/// special_tokens[name].ids
std::vector<TokenId> ids_of(const TokenizerJson& json, const std::string& name) {
  const TokenizerJson tokens = json.child("special_tokens");
  tokens.check(tokens.json().contains(name), "no ", name, ", which the template names");
  const TokenizerJson token = tokens.child(name.c_str());
  token.only({"id", "ids", "tokens"});
  token.check(token.json().contains("ids") && token.json()["ids"].is_array(), "ids: expected an array");
  std::vector<TokenId> out;
  for (const Json& id : token.json()["ids"]) {
    token.check(
        id.is_number_unsigned() && id.get<uint64_t>() <= uint64_t(std::numeric_limits<TokenId>::max()),
        "ids: got ", id, ", expected ids");
    out.push_back(id.get<TokenId>());
  }
  return out;
}

TokenTemplate parse_single(const TokenizerJson& json) {
  json.only({"type", "single", "pair", "special_tokens"});
  TokenTemplate out;
  bool seen = false;
  for (const TokenizerJson& piece : json.children("single")) {
    piece.only({"SpecialToken", "Sequence"});
    if (piece.has("Sequence")) {
      const std::string id = piece.child("Sequence").text("id");
      piece.check(id == "A" && !seen, "got the sequence ", id, ", expected A, once");
      seen = true;
    } else {
      const std::vector<TokenId> ids = ids_of(json, piece.child("SpecialToken").text("id"));
      std::vector<TokenId>& side = seen ? out.suffix : out.prefix;
      side.insert(side.end(), ids.begin(), ids.end());
    }
  }
  json.check(seen, "single: the sequence A is not in it");
  return out;
}

/// ["[SEP]", 102]
TokenId numbered_token(const TokenizerJson& json, const char* key) {
  json.check(json.has(key), "no ", key);
  const Json& pair = json.json()[key];
  json.check(pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_number_unsigned() &&
                 pair[1].get<uint64_t>() <= uint64_t(std::numeric_limits<TokenId>::max()),
             key, ": got ", pair.dump().substr(0, 80), ", expected [token, id]");
  return pair[1].get<TokenId>();
}

}  // namespace

TokenTemplate parse_token_template(const TokenizerJson& json) {
  const std::string type = json.type();
  TokenTemplate out;
  if (type == "Sequence") {
    json.only({"type", "processors"});
    for (const TokenizerJson& part : json.children("processors")) {
      TokenTemplate outer = parse_token_template(part);  // each goes around what the ones before made
      outer.prefix.insert(outer.prefix.end(), out.prefix.begin(), out.prefix.end());
      out.suffix.insert(out.suffix.end(), outer.suffix.begin(), outer.suffix.end());
      out.prefix = std::move(outer.prefix);
    }
  } else if (type == "TemplateProcessing") {
    out = parse_single(json);
  } else if (type == "BertProcessing" || type == "RobertaProcessing") {
    json.only({"type", "sep", "cls", "trim_offsets", "add_prefix_space"});
    out = {{numbered_token(json, "cls")}, {numbered_token(json, "sep")}};
  } else if (type == "ByteLevel") {
    json.only({"type", "add_prefix_space", "trim_offsets", "use_regex"});
  } else {
    json.check(false, "the post-processor ", type,
               " is not known, expected BertProcessing, ByteLevel, RobertaProcessing, Sequence or "
               "TemplateProcessing");
  }
  return out;
}

}  // namespace hone
