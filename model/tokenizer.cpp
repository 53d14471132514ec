#include "model/tokenizer.h"

#include "core/error.h"
#include "core/utf8.h"
#include "model/tokenizer_impl.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

/// Encodes each piece that it gets.
class ModelSink : public PieceSink {
 public:
  ModelSink(const TokenModel& model, ModelWorkspace& workspace, std::vector<TokenId>* ids)
      : model_(model), workspace_(workspace), ids_(ids) {}
  void take(const TextPiece& piece) override { model_.encode(piece.text, workspace_, ids_); }

 private:
  const TokenModel& model_;
  ModelWorkspace& workspace_;
  std::vector<TokenId>* ids_;
};

}  // namespace

Tokenizer::Tokenizer(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

std::unique_ptr<Tokenizer::Impl::Workspace> Tokenizer::Impl::borrow() const {
  {
    const std::lock_guard lock(mutex);
    if (!idle.empty()) {
      auto workspace = std::move(idle.back());
      idle.pop_back();
      return workspace;
    }
  }
  auto workspace = std::make_unique<Workspace>();
  workspace->model = model->make_workspace();
  return workspace;
}

void Tokenizer::Impl::give_back(std::unique_ptr<Workspace> workspace) const {
  if (workspace->model->is_large()) return;  // one very long word does not keep its memory
  const std::lock_guard lock(mutex);
  idle.push_back(std::move(workspace));
}

/// Text between added tokens that are looked for as they stand.
void Tokenizer::Impl::encode_stretch(std::string_view text, bool at_start, Workspace& w,
                                     std::vector<TokenId>* ids) const {
  std::string normalized;
  if (normalizer) {
    normalized = text;
    normalizer->apply(&normalized, &at_start, w.regex);
    text = normalized;
  }
  ModelSink sink(*model, *w.model, ids);
  normalized_tokens.split(text, [&](std::string_view part, TokenId id) {
    if (id >= 0) return ids->push_back(id);
    pre_tokenizers.cut({part, at_start && part.data() == text.data()}, w.regex, sink);
  });
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, bool add_special_tokens) const {
  const Impl& impl = *impl_;
  std::vector<TokenId> ids;
  ids.reserve(text.size() / 3 + 8);
  if (add_special_tokens) ids = impl.token_template.prefix;
  std::string repaired;
  if (first_invalid_utf8(text)) {
    Utf8Repair repair;
    repair.push(text, repaired);
    repair.finish(repaired);
    text = repaired;
  }
  auto workspace = impl.borrow();
  impl.raw_tokens.split(text, [&](std::string_view part, TokenId id) {
    if (id >= 0) return ids.push_back(id);
    impl.encode_stretch(part, part.data() == text.data(), *workspace, &ids);
  });
  impl.give_back(std::move(workspace));
  if (add_special_tokens)
    ids.insert(ids.end(), impl.token_template.suffix.begin(), impl.token_template.suffix.end());
  return ids;
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool skip_special_tokens) const {
  DecodeStream stream(*this, skip_special_tokens);
  std::string text;
  for (const TokenId id : ids) text += stream.push(id);
  return text += stream.finish();
}

int64_t Tokenizer::vocab_size() const { return int64_t(impl_->tokens.size()); }

std::optional<TokenId> Tokenizer::id_of(std::string_view token) const {
  const auto added = impl_->added_ids.find(std::string(token));
  return added != impl_->added_ids.end() ? std::optional(added->second) : impl_->model->id_of(token);
}

std::string_view Tokenizer::token_of(TokenId id) const {
  return id >= 0 && size_t(id) < impl_->tokens.size() ? std::string_view(impl_->tokens[size_t(id)])
                                                      : std::string_view();
}

std::optional<TokenId> Tokenizer::eos_id() const { return impl_->eos_id; }
std::optional<TokenId> Tokenizer::bos_id() const { return impl_->bos_id; }
std::optional<TokenId> Tokenizer::pad_id() const { return impl_->pad_id; }
const std::vector<TokenId>& Tokenizer::stop_ids() const { return impl_->stop_ids; }
const std::vector<TokenId>& Tokenizer::special_ids() const { return impl_->special_ids; }

bool Tokenizer::is_special(TokenId id) const {
  return id >= 0 && size_t(id) < impl_->special.size() && impl_->special[size_t(id)];
}

struct DecodeStream::Impl {
  Impl(const Tokenizer::Impl& parts, bool skip)
      : parts(parts), skip_special(skip), stream(parts.decoder.open(&text)) {}
  const Tokenizer::Impl& parts;
  const bool skip_special;
  std::string text;
  TokenDecoder::Stream stream;
};

DecodeStream::DecodeStream(const Tokenizer& tokenizer, bool skip_special_tokens)
    : impl_(std::make_unique<Impl>(*tokenizer.impl_, skip_special_tokens)) {}
DecodeStream::~DecodeStream() = default;
DecodeStream::DecodeStream(DecodeStream&&) noexcept = default;
DecodeStream& DecodeStream::operator=(DecodeStream&&) noexcept = default;

std::string DecodeStream::push(TokenId id) {
  check(id >= 0, "tokenizer: decode: got the id ", id, ", expected ids >= 0");
  const Tokenizer::Impl& parts = impl_->parts;
  const bool known = size_t(id) < parts.tokens.size() && parts.known[size_t(id)];
  if (known && !(impl_->skip_special && parts.skipped[size_t(id)]))
    impl_->stream.push(parts.prepared[size_t(id)]);
  return std::exchange(impl_->text, {});
}

std::string DecodeStream::finish() {
  impl_->stream.finish();
  return std::exchange(impl_->text, {});
}

}  // namespace hone
