// Encoding: symbols of a piece, cuts. The merges themselves are in tokenizer_merge.cpp, reading in
// tokenizer_bpe_json.cpp.
#include "model/tokenizer_bpe.h"

#include <algorithm>

#include "core/error.h"
#include "model/tokenizer_unicode.h"

namespace hone {

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
      : bpe_(bpe),
        piece_(piece),
        w_(w),
        ids_(ids),
        cut_(piece.size() > PieceCache::kMaxBytes && !bpe.has_affixes()) {}

  void run() {
    w_.run.clear();
    for (size_t at = 0; at < piece_.size();) {
      const size_t begin = at;
      const uint32_t c = bpe_.bytes_ ? byte_alphabet()[uint8_t(piece_[at++])] : next_code_point(piece_, &at);
      const TokenId id = bpe_.has_affixes() ? bpe_.id_of(affixed(c, begin, at)).value_or(-1)
                         : bpe_.bytes_      ? bpe_.raw_bytes_[uint8_t(piece_[begin])]
                                            : bpe_.character_id(c);
      if (id < 0) {
        missing(affixed(c, begin, at), begin, at);
      } else {
        flush_unknown();
        add({id, begin, at, c, c, true});
      }
    }
    flush_unknown();
    bpe_.finish_run(piece_, w_, ids_);
  }

 private:
  /// The character at piece_[begin, end) as the vocabulary spells it there.
  std::string affixed(uint32_t c, size_t begin, size_t end) const {
    std::string out = begin > 0 ? bpe_.prefix_ : std::string();
    append_code_point(out, c);
    return end == piece_.size() ? out += bpe_.suffix_ : out;
  }

  void add(const BpeWorkspace::Symbol& symbol) {
    if (cut_ && !w_.run.empty() &&
        bpe_.joints_.find(TokenId(w_.run.back().last), TokenId(symbol.first)) == PairTable::kNone) {
      bpe_.finish_run(piece_, w_, ids_);
    }
    w_.run.push_back(symbol);
  }

  /// A character that the vocabulary does not have. Without byte tokens and an unknown token it vanishes, as
  /// in `tokenizers`.
  void missing(const std::string& bytes, size_t begin, size_t end) {
    if (bpe_.byte_fallback_) {
      const auto token = [&](char byte) { return bpe_.byte_tokens_[uint8_t(byte)]; };
      if (std::all_of(bytes.begin(), bytes.end(), [&](char byte) { return token(byte) >= 0; })) {
        for (const char byte : bytes) add({token(byte), begin, end, '<', '>', false});
        return;  // an unknown token that waits comes behind these bytes, as in `tokenizers`
      }
    }
    if (bpe_.unknown_token_.empty()) return;
    check(bpe_.unknown_ >= 0, "tokenizer: the text needs unk_token \"", bpe_.unknown_token_,
          "\", which is not in the vocabulary");
    if (!bpe_.fuse_unknown_) flush_unknown();
    if (!unknown_waits_) unknown_begin_ = begin;
    unknown_waits_ = true;
    unknown_end_ = end;
  }

  void flush_unknown() {
    if (!unknown_waits_) return;
    const std::string& token = bpe_.tokens()[size_t(bpe_.unknown_)];
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

void Bpe::encode_piece(std::string_view piece, ModelWorkspace& workspace, std::vector<TokenId>* ids) const {
  if (const TokenId whole = whole_word(piece); whole >= 0) return ids->push_back(whole);
  Symbols(*this, piece, static_cast<BpeWorkspace&>(workspace), ids).run();
}

void Bpe::finish_run(std::string_view piece, BpeWorkspace& w, std::vector<TokenId>* ids) const {
  if (w.run.empty()) return;
  // A run of a long piece is encoded as that text alone would be, so the cache may know it. (TokenModel sees
  // to short pieces.)
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
