// Reading a tokenizer: tokenizer.json into its parts, then the ids that the other files of the folder name.
#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "model/strict_json.h"
#include "model/tokenizer_impl.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// The object in a file of `folder`; empty if the file is not there.
Json read_object(const fs::path& path) {
  if (!is_there(path)) return Json::object();
  Json json = parse_strict_json(path.string(), read_file(path));
  check_input(json.is_object(), path.string(), ": got ", json.type_name(), ", expected an object");
  return json;
}

/// eos_token and its like: a string or {"content": string}.
std::optional<TokenId> named_token(const Tokenizer& tokenizer, const fs::path& file, const Json& config,
                                   const char* key) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return std::nullopt;
  const Json& content = found->is_object() && found->contains("content") ? found->at("content") : *found;
  check_input(content.is_string(), file.string(), ": ", key, ": got ", *found, ", expected a token");
  const auto id = tokenizer.id_of(content.get_ref<const std::string&>());
  check_input(id.has_value(), file.string(), ": ", key, ": ", content, " is not in the vocabulary");
  return id;
}

/// eos_token_id and its like: an id or a list of ids.
std::vector<TokenId> numbered_tokens(const fs::path& file, const Json& config, const char* key) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return {};
  std::vector<TokenId> out;
  for (const Json& id : found->is_array() ? *found : Json::array({*found})) {
    check_input(id.is_number_unsigned() && id.get<uint64_t>() < (1u << 31), file.string(), ": ", key,
                ": got ", *found, ", expected an id or a list of ids");
    out.push_back(id.get<TokenId>());
  }
  return out;
}

}  // namespace

Tokenizer::Impl::Impl(const TokenizerJson& json)
    : pre_tokenizers(json.has("pre_tokenizer") ? PreTokenizerChain(json.child("pre_tokenizer"))
                                               : PreTokenizerChain()),
      model(make_token_model(json.child("model"), pre_tokenizers.gives_bytes())),
      normalizer(json.has("normalizer") ? make_normalizer(json.child("normalizer")) : nullptr),
      token_template(json.has("post_processor") ? parse_token_template(json.child("post_processor"))
                                                : TokenTemplate()),
      decoder(json.has("decoder") ? TokenDecoder(json.child("decoder")) : TokenDecoder()),
      tokens(model->tokens()) {
  json.only({"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
             "post_processor", "decoder", "model"});

  json.check(!json.has("version") || json.text("version") == "1.0", "version: got ",
             json.json().value("version", Json()), ", expected \"1.0\"");
  for (const char* key : {"truncation", "padding"})  // set for each call in the package: not applied here
    if (json.has(key)) json.child(key);
  special.resize(tokens.size());
  for (size_t id = 0; id < tokens.size(); ++id) known.push_back(model->has(TokenId(id)));
  add_tokens(json);
  for (const auto* side : {&token_template.prefix, &token_template.suffix}) {
    for (const TokenId id : *side) {
      json.check(size_t(id) < tokens.size(), "post_processor: the id ", id, " is not in the vocabulary of ",
                 tokens.size());
    }
  }
}

void Tokenizer::Impl::add_tokens(const TokenizerJson& json) {
  auto next = TokenId(model->num_tokens());
  RegexWorkspace workspace;
  std::unordered_map<TokenId, std::string> normal_forms;  // of normalized tokens
  for (const AddedToken& token : parse_added_tokens(json)) {
    const std::string who = concat("added_tokens: \"", token.content, "\": the id ", token.id);
    const std::optional<TokenId> in_vocabulary = model->id_of(token.content);
    const TokenId expected = in_vocabulary ? *in_vocabulary : next++;  // `tokenizers` numbers them itself
    json.check(token.id == expected, who, ", expected ", expected);
    json.check(added_ids.emplace(token.content, token.id).second, who, ": the token comes twice");
    if (size_t(token.id) >= tokens.size()) {
      for (auto* flags : {&special, &known}) flags->resize(size_t(token.id) + 1);
      tokens.resize(size_t(token.id) + 1);
    }
    json.check(!known[size_t(token.id)] || tokens[size_t(token.id)] == token.content, who, " belongs to ",
               "\"", tokens[size_t(token.id)], "\"");
    tokens[size_t(token.id)] = token.content;
    known[size_t(token.id)] = true;
    special[size_t(token.id)] = token.special;
    if (token.special) special_ids.push_back(token.id);
    std::string content = token.content;
    bool ignored = false;
    if (token.normalized && normalizer) {
      normalizer->apply(&content, &ignored, workspace);
      normal_forms[token.id] = content;
    }
    (token.normalized ? normalized_tokens : raw_tokens).add(token, content);
  }
  std::sort(special_ids.begin(), special_ids.end());
  // `tokenizers` decodes a normalized token to its normal form, and skips what reads like a special token.
  prepared.reserve(tokens.size());
  skipped.resize(tokens.size());
  for (size_t id = 0; id < tokens.size(); ++id) {
    const auto form = normal_forms.find(TokenId(id));
    const std::string& text = form == normal_forms.end() ? tokens[id] : form->second;
    const auto same = added_ids.find(text);
    skipped[id] = same != added_ids.end() && special[size_t(same->second)];
    prepared.push_back(decoder.prepare(text));
  }
}

Tokenizer Tokenizer::from_json(std::string_view text, const std::string& file) {
  const Json json = parse_strict_json(file, text);
  check_input(json.is_object(), file, ": got ", json.type_name(), ", expected an object");
  return Tokenizer(std::make_unique<const Impl>(TokenizerJson(file, json)));
}

Tokenizer Tokenizer::load(const fs::path& folder) {
  const fs::path main_file = folder / "tokenizer.json", config_file = folder / "tokenizer_config.json";
  const fs::path generation_file = folder / "generation_config.json", model_file = folder / "config.json";
  const Json json = parse_strict_json(main_file.string(), read_file(main_file));
  check_input(json.is_object(), main_file.string(), ": got ", json.type_name(), ", expected an object");
  auto impl = std::make_unique<Impl>(TokenizerJson(main_file.string(), json));
  Impl& parts = *impl;
  Tokenizer tokenizer(std::move(impl));
  const Json config = read_object(config_file), generation = read_object(generation_file),
             model = read_object(model_file);
  parts.eos_id = named_token(tokenizer, config_file, config, "eos_token");
  parts.bos_id = named_token(tokenizer, config_file, config, "bos_token");
  parts.pad_id = named_token(tokenizer, config_file, config, "pad_token");
  parts.stop_ids = numbered_tokens(generation_file, generation, "eos_token_id");
  const std::vector<TokenId> of_model = numbered_tokens(model_file, model, "eos_token_id");
  if (parts.stop_ids.empty())
    parts.stop_ids = of_model;  // what transformers takes where generation is not configured
  if (!parts.eos_id && !parts.stop_ids.empty()) parts.eos_id = parts.stop_ids.front();
  if (parts.eos_id) parts.stop_ids.push_back(*parts.eos_id);
  std::sort(parts.stop_ids.begin(), parts.stop_ids.end());
  parts.stop_ids.erase(std::unique(parts.stop_ids.begin(), parts.stop_ids.end()), parts.stop_ids.end());
  return tokenizer;
}

}  // namespace hone
