// The "model" of tokenizer.json: options, vocabulary, merges.
#include <algorithm>
#include <cstdio>

#include "model/tokenizer_bpe.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

using Json = nlohmann::json;
constexpr uint32_t kLowCharacters = 0x10000;

/// The two parts of "a b" or ["a", "b"].
std::pair<std::string, std::string> parts_of(const TokenizerJson& model, const Json& merge, size_t rank) {
  if (merge.is_string()) {
    const std::string text = merge.get<std::string>();
    const auto space = text.find(' ');
    model.check(space != std::string::npos && text.find(' ', space + 1) == std::string::npos, "merges[", rank,
                "]: got ", merge, ", expected two parts with one space between");
    return {text.substr(0, space), text.substr(space + 1)};
  }
  model.check(merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string(),
              "merges[", rank, "]: got ", merge, ", expected two strings");
  return {merge[0].get<std::string>(), merge[1].get<std::string>()};
}

/// The bytes that `token` spells in GPT-2's alphabet; nothing if one of its characters is not in it.
std::optional<std::string> raw_bytes_of(std::string_view token) {
  std::string out;
  for (size_t at = 0; at < token.size();) {
    const int byte = byte_of(next_code_point(token, &at));
    if (byte < 0) return std::nullopt;
    out += char(byte);
  }
  return out;
}

}  // namespace

Bpe::Bpe(const TokenizerJson& model, bool bytes) : bytes_(bytes) {
  model.only({"type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
              "byte_fallback", "ignore_merges", "vocab", "merges"});
  model.check(!model.has("dropout") || model.json()["dropout"] == 0.0, "dropout: got ",
              model.json().value("dropout", Json()), ", expected 0 or null: it would draw a text's ids at random");
  if (model.has("continuing_subword_prefix")) prefix_ = model.text("continuing_subword_prefix");
  if (model.has("end_of_word_suffix")) suffix_ = model.text("end_of_word_suffix");
  fuse_unknown_ = model.flag("fuse_unk", false);
  byte_fallback_ = model.flag("byte_fallback", false);
  ignore_merges_ = model.flag("ignore_merges", false);
  read_vocab(model);
  if (model.has("unk_token")) unknown_token_ = model.text("unk_token");
  unknown_ = id_of(unknown_token_).value_or(-1);  // an error only for a text that needs it
  read_merges(model);
  index_characters();
}

void Bpe::read_vocab(const TokenizerJson& model) {
  model.check(model.json().contains("vocab") && model.json()["vocab"].is_object(),
              "vocab: expected an object of tokens and ids");
  const Json& vocab = model.json()["vocab"];
  int64_t size = 0;
  for (const auto& [token, id] : vocab.items()) {
    model.check(id.is_number_unsigned() && id.get<uint64_t>() < uint64_t(kMaxIds), "vocab ", "\"", token,
                "\"", ": got ", id, ", expected an id from 0 to ", kMaxIds - 1);
    size = std::max(size, id.get<int64_t>() + 1);
  }
  resize(size_t(size), vocab.size());
  for (const auto& [token, json_id] : vocab.items()) {
    const auto id = json_id.get<TokenId>();
    model.check(!has(id), "vocab: the id ", id, " belongs to ", "\"", tokens()[size_t(id)], "\"", " and to ",
                "\"", token, "\"");
    set(id, token);
  }
}

void Bpe::read_merges(const TokenizerJson& model) {
  model.check(model.json().contains("merges") && model.json()["merges"].is_array(),
              "merges: expected an array");
  const Json& merges = model.json()["merges"];
  merges_.reserve(merges.size());
  std::vector<std::pair<uint32_t, uint32_t>> joints;
  size_t rank = 0;
  for (const Json& merge : merges) {
    if (merge.is_string() && merge.get_ref<const std::string&>().starts_with("#version")) continue;
    const auto [left, right] = parts_of(model, merge, rank);
    const auto id = [&](const std::string& token) {
      const auto found = id_of(token);
      model.check(found.has_value(), "merges[", rank, "] ", merge, ": ", "\"", token, "\"",
                  " is not in the vocabulary");
      return *found;
    };
    model.check(!left.empty() && !right.empty(), "merges[", rank, "] ", merge, ": an empty part");
    model.check(right.size() >= prefix_.size(), "merges[", rank, "] ", merge,
                ": the second part is shorter than \"", prefix_, "\"");
    merges_.set(id(left), id(right), uint32_t(rank), id(left + right.substr(prefix_.size())));
    joints.emplace_back(last_code_point(left), first_code_point(right));
    ++rank;
  }
  std::sort(joints.begin(), joints.end());
  joints.erase(std::unique(joints.begin(), joints.end()), joints.end());
  joints_.reserve(joints.size());
  for (const auto& [left, right] : joints) joints_.set(TokenId(left), TokenId(right), 0, 0);
}

void Bpe::index_characters() {
  low_characters_.assign(bytes_ ? 0 : kLowCharacters, -1);
  byte_tokens_.fill(-1), raw_bytes_.fill(-1);
  for (size_t id = 0; id < tokens().size(); ++id) {
    const std::string& token = tokens()[id];
    if (token.empty()) continue;
    if (bytes_ && ignore_merges_) {
      if (auto raw = raw_bytes_of(token)) words_.emplace(std::move(*raw), TokenId(id));
    }
    if (token.size() != utf8_length(token[0])) continue;
    const uint32_t c = first_code_point(token);
    if (byte_of(c) >= 0) raw_bytes_[size_t(byte_of(c))] = TokenId(id);
    if (c < low_characters_.size()) {
      low_characters_[c] = TokenId(id);
    } else if (!bytes_) {
      high_characters_.emplace(c, TokenId(id));
    }
  }
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", unsigned(byte));
    byte_tokens_[size_t(byte)] = id_of(name).value_or(-1);
  }
}

}  // namespace hone
