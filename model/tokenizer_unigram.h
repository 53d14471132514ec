// The Unigram model of SentencePiece: of all ways to write a piece as tokens, the one whose scores add up to the
// most. A character that no token covers counts as unknown; runs of unknown characters are one token, or bytes.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/tokenizer_model.h"
#include "model/tokenizer_pair_table.h"

namespace hone {

struct UnigramWorkspace : ModelWorkspace {
  /// The best path to a place in the piece.
  struct Best {
    double score = 0;
    int64_t begin = -1;  // of its last token; -1: no path yet
    TokenId id = -1;     // of that token
  };
  bool is_large() const override { return best.capacity() > 1 << 16; }

  std::vector<Best> best;                        // [bytes + 1]
  std::vector<std::pair<size_t, size_t>> parts;  // of the piece, from the last to the first
};

class Unigram : public TokenModel {
 public:
  /// bytes: pieces come as raw bytes, which the vocabulary spells in GPT-2's alphabet.
  Unigram(const TokenizerJson& model, bool bytes);
  std::unique_ptr<ModelWorkspace> make_workspace() const override {
    return std::make_unique<UnigramWorkspace>();
  }

 private:
  void encode_piece(std::string_view piece, ModelWorkspace& w, std::vector<TokenId>* ids) const override;
  void read_vocab(const TokenizerJson& model);
  void build_trie();
  void find_best_path(std::string_view piece, std::vector<UnigramWorkspace::Best>& best) const;
  void append_part(std::string_view part, std::vector<TokenId>* ids) const;

  const bool bytes_;
  bool byte_fallback_ = false;
  TokenId unknown_ = -1;
  double unknown_score_ = 0;
  std::vector<double> scores_;  // [V]
  PairTable trie_;              // (node, byte) -> id of the token that ends there or kNoToken, next node
  std::array<TokenId, 256> byte_tokens_;  // "<0x00>".."<0xFF>", -1
};

/// `value` as `tokenizers` reads it from its shortest decimal form: its parser rounds more than once, and where
/// scores are equal the last bit decides.
double as_read_by_peer(double value);

}  // namespace hone
