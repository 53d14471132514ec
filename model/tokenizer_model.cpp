#include "model/tokenizer_model.h"

#include "model/tokenizer_bpe.h"
#include "model/tokenizer_unigram.h"

namespace hone {

void TokenModel::encode(std::string_view piece, ModelWorkspace& workspace, std::vector<TokenId>* ids) const {
  if (piece.empty()) return;
  if (piece.size() > PieceCache::kMaxBytes) return encode_piece(piece, workspace, ids);
  const PieceCache::Key key = PieceCache::key_of(piece);
  if (workspace.cache.find(key, piece, ids)) return;
  const size_t first = ids->size();
  encode_piece(piece, workspace, ids);
  workspace.cache.put(key, piece, ids->data() + first, ids->size() - first);
}

std::optional<TokenId> TokenModel::id_of(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

void TokenModel::resize(size_t num_ids, size_t num_tokens) {
  tokens_.resize(num_ids);
  known_.resize(num_ids);
  ids_.reserve(num_tokens);
}

void TokenModel::set(TokenId id, std::string token) {
  tokens_[size_t(id)] = std::move(token);
  known_[size_t(id)] = true;
  ids_.insert_or_assign(tokens_[size_t(id)], id);
  ++num_tokens_;
}

std::unique_ptr<TokenModel> make_token_model(const TokenizerJson& json, bool bytes) {
  const std::string type = json.has("type") ? json.type() : json.has("merges") ? "BPE" : "Unigram";
  if (type == "BPE") return std::make_unique<Bpe>(json, bytes);
  if (type == "Unigram") return std::make_unique<Unigram>(json, bytes);
  const bool known = type == "WordPiece" || type == "WordLevel";
  json.check(false, "the type ", type, known ? " is not supported" : " is not known",
             ", expected BPE or Unigram");
  return nullptr;
}

}  // namespace hone
