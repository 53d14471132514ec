// A tokenizer's parts and the order in which a text passes through them. Private to tokenizer*.cpp.
#pragma once

#include <mutex>
#include <unordered_map>

#include "model/tokenizer.h"
#include "model/tokenizer_added.h"
#include "model/tokenizer_decoder.h"
#include "model/tokenizer_model.h"
#include "model/tokenizer_normalizer.h"
#include "model/tokenizer_pretokenizer.h"
#include "model/tokenizer_template.h"

namespace hone {

struct Tokenizer::Impl {
  explicit Impl(const TokenizerJson& json);

  /// What one call of encode() writes to. Kept for the next call, so that its cache is warm; a call at the
  /// same time makes its own.
  struct Workspace {
    RegexWorkspace regex;
    std::unique_ptr<ModelWorkspace> model;
  };
  std::unique_ptr<Workspace> borrow() const;
  void give_back(std::unique_ptr<Workspace> workspace) const;

  void add_tokens(const TokenizerJson& json);
  void encode_stretch(std::string_view text, bool at_start, Workspace& w, std::vector<TokenId>* ids) const;

  PreTokenizerChain pre_tokenizers;
  std::unique_ptr<TokenModel> model;
  std::unique_ptr<Normalizer> normalizer;  // may be null
  TokenTemplate token_template;
  TokenDecoder decoder;
  AddedTokenFinder raw_tokens, normalized_tokens;  // looked for before and after normalisation

  std::vector<std::string> tokens;    // [V] as tokenizer.json writes them
  std::vector<bool> known;            // [V] others are gaps in the vocabulary
  std::vector<std::string> prepared;  // [V] for the decoder
  std::vector<bool> special;          // [V]
  std::vector<bool> skipped;          // [V] by decode() when it skips special tokens
  std::unordered_map<std::string, TokenId> added_ids;
  std::vector<TokenId> special_ids, stop_ids;
  std::optional<TokenId> eos_id, bos_id, pad_id;

  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<Workspace>> idle;  // under mutex
};

}  // namespace hone
