// Any bytes: up to the first zero a template, after it a JSON object as its context. A template either cannot
// be parsed, or renders to UTF-8 within its limits with spans that lie in it, or is refused; it does the same
// when it is asked again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.h"
#include "core/utf8.h"
#include "model/jinja.h"

namespace {

using OrderedJson = nlohmann::ordered_json;

/// The context that the corpus's templates are written for, or what follows the zero.
OrderedJson context_of(std::string_view text) {
  OrderedJson context = {
      {"x", "X"},
      {"s", "Hello World"},
      {"u", "a\u00e9\u65e5z"},
      {"l", {1, 2, 3, 4}},
      {"d", {{"a", 1}, {"b", 2.5}}},
      {"messages", {{{"role", "user"}, {"content", " hi "}}, {{"role", "assistant"}, {"content", "yo"}}}},
      {"tools",
       {{{"type", "function"}, {"function", {{"name", "f"}, {"parameters", OrderedJson::object()}}}}}}};
  OrderedJson given = OrderedJson::parse(text, nullptr, false);
  if (given.is_object()) context = std::move(given);
  return context;
}

std::string outcome(const hone::JinjaTemplate& parsed, const OrderedJson& context) {
  const hone::JinjaOptions options{
      .limits = {.steps = 20'000, .value_bytes = 4 << 20, .output_bytes = 1 << 20}};
  try {
    const hone::JinjaRendered rendered = parsed.render(context, options);
    if (hone::first_invalid_utf8(rendered.text)) std::abort();
    for (const auto& span : rendered.generated)
      if (span.begin > span.end || (!rendered.generation_misplaced && span.end > rendered.text.size()))
        std::abort();
    return rendered.text;
  } catch (const hone::InputError& error) {
    if (std::string_view(error.what()).substr(0, 2) != "t:") std::abort();
    return error.what();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t zero = bytes.find('\0');
  const OrderedJson context =
      context_of(zero == std::string_view::npos ? std::string_view() : bytes.substr(zero + 1));
  try {
    const auto parsed = hone::JinjaTemplate::parse("t", bytes.substr(0, zero));
    if (outcome(parsed, context) != outcome(parsed, context)) std::abort();
  } catch (const hone::InputError& error) {
    if (std::string_view(error.what()).substr(0, 2) != "t:") std::abort();
  }
  return 0;
}
