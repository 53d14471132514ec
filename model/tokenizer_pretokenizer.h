// Pre-tokenizers: a text is cut into the pieces that byte-pair encoding sees, one step after the other.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/tokenizer_json.h"
#include "model/tokenizer_regex.h"

namespace hone {

/// A stretch of text on its way. Steps that rewrite it hand on text of their own, valid during the call.
struct TextPiece {
  std::string_view text;
  bool at_start = false;  // begins where the whole text began
};

class PieceSink {
 public:
  virtual ~PieceSink() = default;
  virtual void take(const TextPiece& piece) = 0;
};

class PreTokenizer {
 public:
  virtual ~PreTokenizer() = default;
  /// Hands the parts of `piece` to `sink`, in order.
  virtual void cut(const TextPiece& piece, RegexWorkspace& workspace, PieceSink& sink) const = 0;
};

/// All steps, sequences flattened. May be empty.
class PreTokenizerChain {
 public:
  PreTokenizerChain() = default;
  explicit PreTokenizerChain(const TokenizerJson& json);

  /// The last step is ByteLevel: pieces leave as raw bytes, and spelling them in GPT-2's alphabet is left to
  /// the vocabulary.
  bool gives_bytes() const { return gives_bytes_; }
  void cut(const TextPiece& piece, RegexWorkspace& workspace, PieceSink& sink) const;

 private:
  void add(const TokenizerJson& json, bool last);
  void cut_from(size_t step, const TextPiece& piece, RegexWorkspace& workspace, PieceSink& sink) const;

  std::vector<std::unique_ptr<PreTokenizer>> steps_;
  bool gives_bytes_ = false;
};

}  // namespace hone
