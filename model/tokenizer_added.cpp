#include "model/tokenizer_added.h"

#include <algorithm>

#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr size_t kMaxContentBytes = 1024;
constexpr int64_t kMaxIds = 1 << 24;

/// The last code point before text[at].
uint32_t before(std::string_view text, size_t at) { return last_code_point(text.substr(0, at)); }

uint32_t after(std::string_view text, size_t at) { return first_code_point(text.substr(at)); }

}  // namespace

std::vector<AddedToken> parse_added_tokens(const TokenizerJson& tokenizer) {
  std::vector<AddedToken> out;
  if (!tokenizer.has("added_tokens")) return out;
  for (const TokenizerJson& json : tokenizer.children("added_tokens")) {
    json.only({"id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"});
    AddedToken token{.content = json.text("content")};
    json.check(json.integer("id") < kMaxIds, "id: got ", json.integer("id"), ", expected at most ",
               kMaxIds - 1);
    json.check(!token.content.empty() && token.content.size() <= kMaxContentBytes, "content: got ",
               token.content.size(), " bytes, expected 1 to ", kMaxContentBytes);
    token.id = TokenId(json.integer("id"));
    token.special = json.flag("special", false);
    token.normalized = json.flag("normalized", !token.special);
    token.lstrip = json.flag("lstrip", false);
    token.rstrip = json.flag("rstrip", false);
    token.single_word = json.flag("single_word", false);
    out.push_back(std::move(token));
  }
  return out;
}

void AddedTokenFinder::add(const AddedToken& token, const std::string& content) {
  if (content.empty()) return;
  starts_[uint8_t(content[0])] = true;
  int node = 0;
  for (const char c : content) {
    const auto [edge, fresh] = nodes_[size_t(node)].next.try_emplace(uint8_t(c), int(nodes_.size()));
    node = edge->second;
    if (fresh) nodes_.emplace_back();
  }
  if (nodes_[size_t(node)].token < 0) nodes_[size_t(node)].token = int(tokens_.size());
  tokens_.push_back(token);
}

bool AddedTokenFinder::find_at(std::string_view text, size_t at, size_t done, Match* match) const {
  int found = -1;
  int node = 0;
  for (size_t i = at; i < text.size(); ++i) {
    const auto edge = nodes_[size_t(node)].next.find(uint8_t(text[i]));
    if (edge == nodes_[size_t(node)].next.end()) break;
    node = edge->second;
    if (nodes_[size_t(node)].token < 0) continue;
    found = nodes_[size_t(node)].token;
    match->end = i + 1;
  }
  if (found < 0) return false;
  const AddedToken& token = tokens_[size_t(found)];
  match->id = token.id;
  match->begin = at, match->stop = match->end;
  if (token.single_word) {
    if (at > 0 && is_word(before(text, at))) return false;
    if (match->end < text.size() && is_word(after(text, match->end))) return false;
  }
  if (token.lstrip) {
    while (match->begin > 0 && is_white_space(before(text, match->begin))) {
      --match->begin;
      while ((uint8_t(text[match->begin]) & 0xC0) == 0x80) --match->begin;
    }
    match->begin = std::max(match->begin, done);
  }
  if (token.rstrip) {
    while (match->stop < text.size() && is_white_space(after(text, match->stop)))
      match->stop += utf8_length(text[match->stop]);
  }
  return true;
}

}  // namespace hone
