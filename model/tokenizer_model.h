// The model of a tokenizer: a piece of text to ids, and the vocabulary. BPE and Unigram.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/types.h"
#include "model/tokenizer_json.h"
#include "model/tokenizer_piece_cache.h"

namespace hone {

/// What encoding writes to; one a thread.
struct ModelWorkspace {
  virtual ~ModelWorkspace() = default;
  virtual bool is_large() const = 0;  // a long piece has made it so

  PieceCache cache;
};

class TokenModel {
 public:
  static constexpr int64_t kMaxIds = 1 << 24;
  virtual ~TokenModel() = default;

  virtual std::unique_ptr<ModelWorkspace> make_workspace() const = 0;
  /// Appends the ids of `piece`. The workspace is of make_workspace().
  void encode(std::string_view piece, ModelWorkspace& workspace, std::vector<TokenId>* ids) const;

  const std::vector<std::string>& tokens() const { return tokens_; }  // [V] by id
  bool has(TokenId id) const { return known_[size_t(id)]; }  // else the id is a gap in the vocabulary
  int64_t num_tokens() const { return num_tokens_; }         // without gaps
  std::optional<TokenId> id_of(std::string_view token) const;

 protected:
  virtual void encode_piece(std::string_view piece, ModelWorkspace& workspace,
                            std::vector<TokenId>* ids) const = 0;
  void resize(size_t num_ids, size_t num_tokens);
  void set(TokenId id, std::string token);  // of a text that comes again, the later id counts

 private:
  std::vector<std::string> tokens_;                    // [V]
  std::vector<bool> known_;                            // [V]
  std::unordered_map<std::string_view, TokenId> ids_;  // views of tokens_
  int64_t num_tokens_ = 0;
};

/// "model" of tokenizer.json. bytes: pieces come as raw bytes, which the vocabulary spells in GPT-2's alphabet.
std::unique_ptr<TokenModel> make_token_model(const TokenizerJson& json, bool bytes);

}  // namespace hone
