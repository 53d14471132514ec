#include "model/tokenizer_charsmap.h"

#include <utf8proc.h>

#include "core/utf8.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr size_t kWholeClusterBytes = 6;  // clusters of fewer bytes are looked up as a whole

std::optional<std::string> decode_base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | uint32_t(digit);
    if ((count += 6) >= 8) out += char(bits >> (count -= 8) & 0xFF);
  }
  return out;
}

uint32_t word_at(std::string_view bytes, size_t at) {
  uint32_t word = 0;
  for (size_t i = 0; i < 4; ++i) word |= uint32_t(uint8_t(bytes[at + i])) << 8 * i;
  return word;
}

// A unit of the trie: a byte as label, the distance to its children, and whether a value hangs on it.
constexpr uint32_t kValueUnit = 1u << 31;
uint32_t label_of(uint32_t unit) { return unit & (kValueUnit | 0xFF); }
uint32_t offset_of(uint32_t unit) { return unit >> 10 << ((unit & 1u << 9) >> 6); }
bool has_value(uint32_t unit) { return unit >> 8 & 1; }

/// End of the grapheme cluster that begins at text[begin].
size_t cluster_end(std::string_view text, size_t begin) {
  size_t at = begin;
  uint32_t left = next_code_point(text, &at);
  utf8proc_int32_t state = 0;
  while (at < text.size()) {
    size_t end = at;
    const uint32_t right = next_code_point(text, &end);
    const bool plain = left < 0x80 && right < 0x80 && left != '\r';
    if (plain || utf8proc_grapheme_break_stateful(utf8proc_int32_t(left), utf8proc_int32_t(right), &state))
      break;
    at = end, left = right;
  }
  return at;
}

}  // namespace

Charsmap::Charsmap(const TokenizerJson& json) {
  const std::optional<std::string> bytes = decode_base64(json.text("precompiled_charsmap"));
  json.check(bytes.has_value(), "precompiled_charsmap: expected base64");
  const size_t trie_bytes = bytes->size() < 4 ? 0 : word_at(*bytes, 0);
  json.check(bytes->size() >= 8 && trie_bytes >= 4 && trie_bytes % 4 == 0 && trie_bytes <= bytes->size() - 4,
             "precompiled_charsmap: ", bytes->size(), " bytes with a trie of ", trie_bytes,
             ", expected 4 bytes, the trie and texts");
  for (size_t at = 4; at < 4 + trie_bytes; at += 4) units_.push_back(word_at(*bytes, at));
  texts_ = bytes->substr(4 + trie_bytes);
  json.check(!first_invalid_utf8(texts_), "precompiled_charsmap: the texts are not UTF-8");
  for (size_t i = 0; i < units_.size(); ++i) {
    if (!has_value(units_[i]) || units_[i] & kValueUnit) continue;
    const size_t at = i ^ offset_of(units_[i]);
    const size_t value = at < units_.size() ? units_[at] & ~kValueUnit : texts_.size();
    json.check(value < texts_.size() && (uint8_t(texts_[value]) & 0xC0) != 0x80,
               "precompiled_charsmap: unit ", i, " of the trie has no text");
  }
}

std::optional<std::string_view> Charsmap::find(std::string_view part) const {
  size_t at = offset_of(units_[0]);
  for (const char c : part) {
    at ^= uint8_t(c);
    if (c == 0 || at >= units_.size() || label_of(units_[at]) != uint8_t(c)) return std::nullopt;
    const uint32_t unit = units_[at];
    at ^= offset_of(unit);
    if (has_value(unit)) return std::string_view(texts_.c_str() + (units_[at] & ~kValueUnit));
  }
  return std::nullopt;
}

void Charsmap::apply_to_cluster(std::string_view cluster, std::string& out) const {
  if (cluster.size() < kWholeClusterBytes) {
    if (const auto text = find(cluster)) return void(out += *text);
  }
  for (size_t at = 0; at < cluster.size();) {
    const std::string_view character = cluster.substr(at, utf8_length(cluster[at]));
    out += find(character).value_or(character);
    at += character.size();
  }
}

void Charsmap::apply(std::string* text) const {
  std::string out;
  out.reserve(text->size());
  for (size_t begin = 0, end; begin < text->size(); begin = end) {
    end = cluster_end(*text, begin);
    apply_to_cluster(std::string_view(*text).substr(begin, end - begin), out);
  }
  *text = std::move(out);
}

}  // namespace hone
