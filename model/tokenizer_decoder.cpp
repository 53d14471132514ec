// Reading a decoder: steps that look at one token alone, as long as there are no others before them, are done
// ahead of time.
#include "model/tokenizer_decoder.h"

#include "model/tokenizer_decoder_sinks.h"
#include "model/tokenizer_normalizer.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

/// The bytes that a token spells in GPT-2's alphabet. A token with any other character stands for itself.
std::string spelled_bytes(std::string_view token) {
  std::string out;
  for (size_t at = 0; at < token.size();) {
    const int byte = byte_of(next_code_point(token, &at));
    if (byte < 0) return std::string(token);
    out += char(byte);
  }
  return out;
}

std::string single_character(const TokenizerJson& json, const char* key) {
  const std::string text = json.text(key);
  json.check(!text.empty() && text.size() == utf8_length(text[0]), key, ": got \"", text,
             "\", expected one character");
  return text;
}

/// Applies a map to each token on its way.
class MapSink : public TokenSink {
 public:
  MapSink(const std::function<std::string(std::string_view)>& map, TokenSink& next)
      : map_(map), next_(next) {}
  void push(std::string_view token) override { next_.push(map_(token)); }
  void finish() override { next_.finish(); }

 private:
  const std::function<std::string(std::string_view)>& map_;
  TokenSink& next_;
};

}  // namespace

TokenDecoder::TokenDecoder() { add_sink(make_space_sink); }

TokenDecoder::TokenDecoder(const TokenizerJson& json) { add(json); }

void TokenDecoder::add_map(Map map) {
  if (sinks_.empty()) return maps_.push_back(std::move(map));
  add_sink([map = std::move(map)](TokenSink& next) { return std::make_unique<MapSink>(map, next); });
}

void TokenDecoder::add(const TokenizerJson& json) {
  const std::string type = json.type();
  if (type == "Sequence") {
    json.only({"type", "decoders"});
    for (const TokenizerJson& part : json.children("decoders")) add(part);
    return;
  }
  if (type == "Strip") {
    json.only({"type", "content", "start", "stop"});
    const std::string content = single_character(json, "content");
    const int64_t start = json.integer("start"), stop = json.integer("stop");
    const auto strip = [=](TokenSink& next) { return make_strip_sink(content, start, stop, next); };
    if (fused_) return add_sink(strip);
    return add_map([=](std::string_view token) {
      std::string out;
      const auto end = make_append_sink(&out), begin = make_strip_sink(content, start, stop, *end);
      begin->push(token), begin->finish();
      return out;
    });
  }
  if (fused_ && type != "Fuse") add_sink(make_gather_sink);  // the other steps want whole tokens
  fused_ = type == "Fuse" || type == "ByteLevel";
  if (type == "ByteLevel") {
    json.only({"type", "add_prefix_space", "trim_offsets", "use_regex"});
    add_map(spelled_bytes);
    add_sink(make_utf8_sink);
  } else if (type == "Replace") {
    json.only({"type", "pattern", "content"});
    const auto pattern = std::make_shared<TokenizerPattern>(json.child("pattern"));
    add_map([pattern, content = json.text("content")](std::string_view token) {
      std::string out(token);
      bool ignored = false;
      RegexWorkspace workspace;
      pattern->replace(&out, content, &ignored, workspace);
      return out;
    });
  } else if (type == "Metaspace") {
    json.only({"type", "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep"});
    const bool never = json.has("prepend_scheme") ? json.text("prepend_scheme") == "never"
                                                  : !json.flag("add_prefix_space", true);
    add_sink([replacement = single_character(json, "replacement"), never](TokenSink& next) {
      return make_metaspace_sink(replacement, !never, next);
    });
  } else if (type == "WordPiece") {
    json.only({"type", "prefix", "cleanup"});
    add_sink([prefix = json.text("prefix"), cleanup = json.flag("cleanup", true)](TokenSink& next) {
      return make_word_piece_sink(prefix, cleanup, next);
    });
  } else if (type == "BPEDecoder") {
    json.only({"type", "suffix"});
    add_sink([suffix = json.text("suffix")](TokenSink& next) { return make_suffix_sink(suffix, next); });
  } else if (type == "CTC") {
    json.only({"type", "pad_token", "word_delimiter_token", "cleanup"});
    add_sink([pad = json.text("pad_token"), delimiter = json.text("word_delimiter_token"),
              cleanup = json.flag("cleanup", true)](TokenSink& next) {
      return make_ctc_sink(pad, delimiter, cleanup, next);
    });
  } else if (type == "ByteFallback") {
    json.only({"type"});
    add_sink(make_byte_fallback_sink);
  } else if (type == "Fuse") {
    json.only({"type"});
  } else {
    json.check(false, "the decoder ", type,
               " is not known, expected BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, "
               "Sequence, "
               "Strip or WordPiece");
  }
}

std::string TokenDecoder::prepare(const std::string& token) const {
  std::string out = token;
  for (const Map& map : maps_) out = map(out);
  return out;
}

TokenDecoder::Stream TokenDecoder::open(std::string* out) const {
  Stream stream;
  stream.sinks_.push_back(make_append_sink(out));
  for (auto make = sinks_.rbegin(); make != sinks_.rend(); ++make)
    stream.sinks_.push_back((*make)(*stream.sinks_.back()));
  return stream;
}

}  // namespace hone
