// Byte-pair encoding of one piece of text: its characters (or bytes), then the merge of lowest rank, leftmost
// first, until none applies. What makes it fast, without changing a result: the cache of short pieces, cuts
// where no merge can join the two sides, and a heap for long stretches, so that time stays n log n.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/types.h"
#include "model/tokenizer_json.h"

namespace hone {

/// Pairs of ids -> rank and result of their merge. Open addressing, built once.
class MergeTable {
 public:
  static constexpr uint64_t kNone = ~uint64_t{0};
  void reserve(size_t count);
  /// A pair that comes again gets its later rank.
  void set(TokenId left, TokenId right, uint32_t rank, TokenId result);
  /// rank << 32 | result, or kNone: the smaller, the earlier to be merged.
  uint64_t find(TokenId left, TokenId right) const {
    const uint64_t key = key_of(left, right);
    for (size_t i = slot_of(key);; i = (i + 1) & mask_) {
      if (slots_[i].key == key) return slots_[i].value;
      if (slots_[i].key == kNone) return kNone;
    }
  }

 private:
  struct Slot {
    uint64_t key = kNone, value = kNone;
  };
  static uint64_t key_of(TokenId left, TokenId right) {
    return uint64_t(uint32_t(left)) << 32 | uint32_t(right);
  }
  size_t slot_of(uint64_t key) const { return size_t((key * 0x9E3779B97F4A7C15ull) >> shift_); }
  std::vector<Slot> slots_ = std::vector<Slot>(2);
  size_t mask_ = 1;
  int shift_ = 63;
};

/// Results of short pieces, direct-mapped: 64 bytes an entry, 1 MiB in all, the newer one wins.
class PieceCache {
 public:
  static constexpr size_t kMaxBytes = 24, kMaxIds = 9;
  struct Key {
    uint64_t words[3] = {0, 0, 0};
    size_t slot = 0;
  };
  static Key key_of(std::string_view piece);
  /// Appends what is known of `piece` to *ids.
  bool find(const Key& key, std::string_view piece, std::vector<TokenId>* ids) const;
  void put(const Key& key, std::string_view piece, const TokenId* ids, size_t count);

 private:
  static constexpr int kLogSlots = 14;
  struct alignas(64) Slot {
    uint64_t words[3];
    uint8_t num_bytes, num_ids;  // num_bytes 0: empty
    TokenId ids[kMaxIds];
  };
  std::vector<Slot> slots_ = std::vector<Slot>(size_t{1} << kLogSlots);
};

/// What encoding writes to; one a thread.
struct BpeWorkspace {
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
  PieceCache cache;
};

class Bpe {
 public:
  /// `model` of tokenizer.json. bytes: pieces come as raw bytes, which the vocabulary spells in GPT-2's
  /// alphabet.
  Bpe(const TokenizerJson& model, bool bytes);
  Bpe(Bpe&&) = default;

  /// Appends the ids of `piece`. A character that the vocabulary does not have becomes byte tokens, the
  /// unknown token, or nothing.
  void encode(std::string_view piece, BpeWorkspace& w, std::vector<TokenId>* ids) const;

  const std::vector<std::string>& tokens() const { return tokens_; }  // [V] by id; "" where there is none
  std::optional<TokenId> id_of(std::string_view token) const;

 private:
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
  TokenId unknown_ = -1;
  std::vector<std::string> tokens_;                        // [V]
  std::unordered_map<std::string_view, TokenId> ids_;      // token -> id; views of tokens_
  std::unordered_map<std::string, TokenId> words_;         // with ignore_merges and bytes: raw bytes -> id
  std::vector<TokenId> low_characters_;                    // [65536] id of the character, -1 if there is none
  std::unordered_map<uint32_t, TokenId> high_characters_;  // the rest
  std::array<TokenId, 256> byte_tokens_;                   // "<0x00>".."<0xFF>", -1
  std::array<TokenId, 256> raw_bytes_;                     // in GPT-2's alphabet, -1
  MergeTable merges_;
  MergeTable joints_;  // (last code point of a merge's left, first of its right): merges can cross there and
                       // nowhere else
};

}  // namespace hone
