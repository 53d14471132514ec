// Any bytes: up to the first zero a tokenizer.json, after it a text. A file that is accepted encodes any text to ids that it has, and
// decodes them the same way at once and as a stream.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.h"
#include "core/utf8.h"
#include "model/tokenizer.h"

namespace {

void check_text(const hone::Tokenizer& tokenizer, std::string_view text, bool special) {
  const auto ids = tokenizer.encode(text, special);
  if (tokenizer.encode(text, special) != ids) std::abort();  // now out of the cache
  for (const hone::TokenId id : ids) {
    if (id < 0 || id >= tokenizer.vocab_size()) std::abort();
  }
  const std::string decoded = tokenizer.decode(ids, special);
  if (hone::first_invalid_utf8(decoded)) std::abort();
  hone::DecodeStream stream(tokenizer, special);
  std::string streamed;
  for (const hone::TokenId id : ids) {
    const std::string part = stream.push(id);
    if (hone::first_invalid_utf8(part)) std::abort();
    streamed += part;
  }
  if (streamed + stream.finish() != decoded) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t zero = bytes.find('\0');
  const std::string_view text = zero == std::string_view::npos ? std::string_view() : bytes.substr(zero + 1);
  try {
    const auto tokenizer = hone::Tokenizer::from_json(bytes.substr(0, zero), "t.json");
    check_text(tokenizer, text, false);
    check_text(tokenizer, text, true);
  } catch (const hone::InputError& error) {
    if (std::string(error.what()).rfind("t.json: ", 0) != 0) std::abort();
  } catch (const hone::Error&
               error) {  // an expression that backtracks without end; an unknown token that is missing
    const std::string what = error.what();
    if (what.rfind("regular expression ", 0) != 0 && what.rfind("tokenizer: ", 0) != 0) std::abort();
  }
  return 0;
}
