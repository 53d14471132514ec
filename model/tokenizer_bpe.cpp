// Encoding: symbols of a piece, cuts, cache. The merges themselves are in tokenizer_merge.cpp, reading in
// tokenizer_bpe_json.cpp.
#include "model/tokenizer_bpe.h"

#include <algorithm>
#include <cstring>

#include "model/tokenizer_unicode.h"

namespace hone {

PieceCache::Key PieceCache::key_of(std::string_view piece) {
  Key key;
  std::memcpy(key.words, piece.data(), piece.size());
  uint64_t hash = key.words[0] * 0x9E3779B97F4A7C15ull + piece.size();
  hash = (hash ^ hash >> 29 ^ key.words[1]) * 0xBF58476D1CE4E5B9ull;
  hash = (hash ^ hash >> 32 ^ key.words[2]) * 0x94D049BB133111EBull;
  key.slot = size_t(hash >> (64 - kLogSlots));
  return key;
}

bool PieceCache::find(const Key& key, std::string_view piece, std::vector<TokenId>* ids) const {
  const Slot& slot = slots_[key.slot];
  if (slot.num_bytes != piece.size() || std::memcmp(slot.words, key.words, sizeof key.words) != 0)
    return false;
  ids->insert(ids->end(), slot.ids, slot.ids + slot.num_ids);
  return true;
}

void PieceCache::put(const Key& key, std::string_view piece, const TokenId* ids, size_t count) {
  if (count > kMaxIds) return;
  Slot& slot = slots_[key.slot];
  std::memcpy(slot.words, key.words, sizeof key.words);
  slot.num_bytes = uint8_t(piece.size());
  slot.num_ids = uint8_t(count);
  std::copy(ids, ids + count, slot.ids);
}

std::optional<TokenId> Bpe::id_of(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

TokenId Bpe::character_id(uint32_t code_point) const {
  if (code_point < low_characters_.size()) return low_characters_[code_point];
  const auto found = high_characters_.find(code_point);
  return found == high_characters_.end() ? -1 : found->second;
}

TokenId Bpe::whole_word(std::string_view piece) const {
  if (!ignore_merges_) return -1;
  if (!bytes_) return id_of(piece).value_or(-1);
  const auto found = words_.find(std::string(piece));
  return found == words_.end() ? -1 : found->second;
}

/// Cuts a piece into symbols and hands on each run of symbols that merges could join.
class Bpe::Symbols {
 public:
  Symbols(const Bpe& bpe, std::string_view piece, BpeWorkspace& w, std::vector<TokenId>* ids)
      : bpe_(bpe), piece_(piece), w_(w), ids_(ids), cut_(piece.size() > PieceCache::kMaxBytes) {}

  void run() {
    w_.run.clear();
    for (size_t at = 0; at < piece_.size();) {
      const size_t begin = at;
      const uint32_t c = bpe_.bytes_ ? byte_alphabet()[uint8_t(piece_[at++])] : next_code_point(piece_, &at);
      const TokenId id = bpe_.bytes_ ? bpe_.raw_bytes_[uint8_t(piece_[begin])] : bpe_.character_id(c);
      if (id < 0) {
        missing(c, begin, at);
      } else {
        flush_unknown();
        add({id, begin, at, c, c, true});
      }
    }
    flush_unknown();
    bpe_.finish_run(piece_, w_, ids_);
  }

 private:
  void add(const BpeWorkspace::Symbol& symbol) {
    if (cut_ && !w_.run.empty() &&
        bpe_.joints_.find(TokenId(w_.run.back().last), TokenId(symbol.first)) == MergeTable::kNone) {
      bpe_.finish_run(piece_, w_, ids_);
    }
    w_.run.push_back(symbol);
  }

  /// A character that the vocabulary does not have. Without byte tokens and an unknown token it vanishes, as
  /// in `tokenizers`.
  void missing(uint32_t c, size_t begin, size_t end) {
    if (bpe_.byte_fallback_) {
      std::string bytes;
      append_code_point(bytes, c);
      const auto token = [&](char byte) { return bpe_.byte_tokens_[uint8_t(byte)]; };
      if (std::all_of(bytes.begin(), bytes.end(), [&](char byte) { return token(byte) >= 0; })) {
        for (const char byte : bytes) add({token(byte), begin, end, '<', '>', false});
        return;  // an unknown token that waits comes behind these bytes, as in `tokenizers`
      }
    }
    if (bpe_.unknown_ < 0) return;
    if (!bpe_.fuse_unknown_) flush_unknown();
    if (!unknown_waits_) unknown_begin_ = begin;
    unknown_waits_ = true;
    unknown_end_ = end;
  }

  void flush_unknown() {
    if (!unknown_waits_) return;
    const std::string& token = bpe_.tokens_[bpe_.unknown_];
    add({bpe_.unknown_, unknown_begin_, unknown_end_, first_code_point(token), last_code_point(token),
         false});
    unknown_waits_ = false;
  }

  const Bpe& bpe_;
  std::string_view piece_;
  BpeWorkspace& w_;
  std::vector<TokenId>* ids_;
  const bool cut_;
  bool unknown_waits_ = false;
  size_t unknown_begin_ = 0, unknown_end_ = 0;
};

void Bpe::encode(std::string_view piece, BpeWorkspace& w, std::vector<TokenId>* ids) const {
  if (piece.empty()) return;
  const bool cached = piece.size() <= PieceCache::kMaxBytes;
  const PieceCache::Key key = cached ? PieceCache::key_of(piece) : PieceCache::Key{};
  if (cached && w.cache.find(key, piece, ids)) return;
  const size_t first = ids->size();
  if (const TokenId whole = whole_word(piece); whole >= 0) {
    ids->push_back(whole);
  } else {
    Symbols(*this, piece, w, ids).run();
  }
  if (cached) w.cache.put(key, piece, ids->data() + first, ids->size() - first);
}

void Bpe::finish_run(std::string_view piece, BpeWorkspace& w, std::vector<TokenId>* ids) const {
  if (w.run.empty()) return;
  // A run of a long piece is encoded as that text alone would be, so the cache may know it. (encode() sees to
  // short pieces.)
  const std::string_view text = piece.substr(w.run.front().begin, w.run.back().end - w.run.front().begin);
  const bool cached =
      w.run.size() > 1 && text.size() <= PieceCache::kMaxBytes && text.size() < piece.size() &&
      !ignore_merges_ &&
      std::all_of(w.run.begin(), w.run.end(), [](const auto& symbol) { return symbol.plain; });
  const PieceCache::Key key = cached ? PieceCache::key_of(text) : PieceCache::Key{};
  if (!cached || !w.cache.find(key, text, ids)) {
    w.ids.clear();
    for (const BpeWorkspace::Symbol& symbol : w.run) w.ids.push_back(symbol.id);
    merge(w);
    ids->insert(ids->end(), w.ids.begin(), w.ids.end());
    if (cached) w.cache.put(key, text, w.ids.data(), w.ids.size());
  }
  w.run.clear();
}

}  // namespace hone
