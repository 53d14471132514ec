// Decoders: tokens to text. The steps take tokens as they come, so that decoding a list and decoding a stream
// are one program.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/tokenizer_json.h"

namespace hone {

/// A place to which tokens go, one by one. After finish() it starts afresh.
class TokenSink {
 public:
  virtual ~TokenSink() = default;
  virtual void push(std::string_view token) = 0;
  virtual void finish() = 0;
};

class TokenDecoder {
 public:
  /// Without a decoder: spaces between tokens.
  TokenDecoder();
  /// The "decoder" of tokenizer.json.
  explicit TokenDecoder(const TokenizerJson& json);

  /// The first steps, as far as they look at a token alone: done once for each token of the vocabulary.
  std::string prepare(const std::string& token) const;

  /// A stream of prepared tokens into *out. The decoder and *out must outlive it.
  class Stream {
   public:
    void push(std::string_view prepared) { sinks_.back()->push(prepared); }
    void finish() { sinks_.back()->finish(); }

   private:
    friend class TokenDecoder;
    std::vector<std::unique_ptr<TokenSink>>
        sinks_;  // from the last step to the first; each pushes into the one before
  };
  Stream open(std::string* out) const;

 private:
  using Map = std::function<std::string(std::string_view)>;
  using MakeSink = std::function<std::unique_ptr<TokenSink>(TokenSink& next)>;
  void add(const TokenizerJson& json);
  void add_map(Map map);
  void add_sink(MakeSink make) { sinks_.push_back(std::move(make)); }

  std::vector<Map> maps_;        // of prepare()
  std::vector<MakeSink> sinks_;  // the steps after them
  bool fused_ = false;           // while reading: what comes are parts of a single token
};

}  // namespace hone
