// Any bytes as a recipe, read through Fields over a schema with every kind of field; then as a `--set`. Whatever comes must be
// read or refused with an InputError, and what was read must read back as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/document.h"
#include "core/error.h"
#include "core/fields.h"

namespace hone {
namespace {

Json read(const Document& document) {
  Fields f(document);
  f.get("name", std::string("x"));
  f.get("seed", uint64_t{1});
  f.get("steps", int64_t{100}, at_least(1));
  f.get("rate", 3e-6, above(0));
  f.get("share", 0.5, between(0, 1));
  f.get("flag", true);
  f.get("words", std::vector<std::string>{"a"});
  f.get("numbers", std::vector<double>{1});
  f.get("counts", std::vector<int64_t>{1});
  f.get("any", Json());
  f.one_of("loss_type", "grpo", {"grpo", "dapo", "dr_grpo"});
  f.child("eval").get("samples", int64_t{4});
  for (Fields& stage : f.children("stages")) {
    stage.require<std::string>("name");
    stage.get("beta", 0.0);
  }
  f.finish();
  return f.resolved();
}

void check_reading(const Document& document) {
  const Json resolved = read(document);
  const Document again = parse_document("resolved", resolved.dump());
  if (read(again) != resolved) std::abort();
}

}  // namespace
}  // namespace hone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    hone::check_reading(hone::parse_document("fuzz.json", text));
  } catch (const hone::InputError&) {
  }
  try {
    hone::Document document =
        hone::parse_document("r.json", R"({"name": "x", "stages": [{"name": "zero"}]})");
    hone::set_value(document, text);
    hone::check_reading(document);
  } catch (const hone::InputError&) {
  }
  return 0;
}
