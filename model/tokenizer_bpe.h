// Byte-pair encoding of one piece of text: its characters (or bytes), then the merge of lowest rank, leftmost
// first, until none applies. What makes it fast, without changing a result: the cache of short pieces, cuts
// where no merge can join the two sides, and a heap for long stretches, so that time stays n log n.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/tokenizer_model.h"
#include "model/tokenizer_pair_table.h"

namespace hone {

struct BpeWorkspace : ModelWorkspace {
  /// A character, a byte token or an unknown token, before any merge.
  struct Symbol {
    TokenId id;
    size_t begin, end;     // bytes of the piece
    uint32_t first, last;  // code points that the token's text begins and ends with
    bool plain;            // a character of the vocabulary
  };
  std::vector<Symbol> run;      // the symbols since the last cut
  std::vector<TokenId> ids;     // of the run
  std::vector<uint64_t> pairs;  // [ids] merge of each with the next one
  std::vector<uint64_t> heap;
  std::vector<int32_t> previous, next;
  bool is_large() const override { return run.capacity() > 1 << 16; }
};

class Bpe : public TokenModel {
 public:
  /// `model` of tokenizer.json. bytes: pieces come as raw bytes, which the vocabulary spells in GPT-2's
  /// alphabet.
  Bpe(const TokenizerJson& model, bool bytes);

  std::unique_ptr<ModelWorkspace> make_workspace() const override { return std::make_unique<BpeWorkspace>(); }

 private:
  /// A character that the vocabulary does not have becomes byte tokens, the unknown token, or nothing.
  void encode_piece(std::string_view piece, ModelWorkspace& w, std::vector<TokenId>* ids) const override;
  void read_vocab(const TokenizerJson& model);
  void read_merges(const TokenizerJson& model);
  void index_characters();
  TokenId character_id(uint32_t code_point) const;
  TokenId whole_word(std::string_view piece) const;  // -1 unless ignore_merges lets it stand

  class Symbols;
  void finish_run(std::string_view piece, BpeWorkspace& w, std::vector<TokenId>* ids) const;
  void merge(BpeWorkspace& w) const;
  void merge_short(BpeWorkspace& w) const;
  void merge_long(BpeWorkspace& w) const;

  bool bytes_ = false, byte_fallback_ = false, fuse_unknown_ = false, ignore_merges_ = false;
  bool has_affixes() const { return !prefix_.empty() || !suffix_.empty(); }

  std::string prefix_, suffix_;  // of characters that continue a word, of the last one
  std::string unknown_token_;    // empty: none
  TokenId unknown_ = -1;
  std::unordered_map<std::string, TokenId> words_;         // with ignore_merges and bytes: raw bytes -> id
  std::vector<TokenId> low_characters_;                    // [65536] id of the character, -1 if there is none
  std::unordered_map<uint32_t, TokenId> high_characters_;  // the rest
  std::array<TokenId, 256> byte_tokens_;                   // "<0x00>".."<0xFF>", -1
  std::array<TokenId, 256> raw_bytes_;                     // in GPT-2's alphabet, -1
  PairTable merges_;
  PairTable joints_;  // (last code point of a merge's left, first of its right): merges can cross there and
                      // nowhere else
};

}  // namespace hone
