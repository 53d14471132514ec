// Any schema and any value: the schema is refused with an InputError or decides within its budget, twice the same; what it says of
// "not", "allOf" and "enum" agrees with what it says without them.
#include <string>

#include "core/document.h"
#include "core/error.h"
#include "rewards/json_schema.h"
#include "tests/fuzz/rule_input.h"

namespace hone {
namespace {

void check_one(const std::string& schema_text, const std::string& value_text) {
  const std::optional<Json> schema = parse_value(schema_text), value = parse_value(value_text);
  if (!schema || !value) return;
  try {
    const JsonSchema loaded(*schema);
    const SchemaVerdict verdict = loaded.check(*value);
    require(verdict.kind == loaded.check(*value).kind);
    require((verdict.kind == SchemaVerdict::kValid) == verdict.reason.empty());
    Json(verdict.reason).dump();  // well-formed UTF-8
    if (verdict.kind == SchemaVerdict::kBudgetExceeded || schema->dump().find("$ref") != std::string::npos)
      return;
    const auto kind = [&](const Json& other) { return JsonSchema(other).check(*value).kind; };
    const bool valid = verdict.kind == SchemaVerdict::kValid;
    const Json wrapped = {{"not", *schema}}, twice = {{"allOf", {*schema, *schema}}},
               itself = {{"enum", {*value}}};
    if (schema->is_object() && schema->contains("$id")) return;  // is a note at the root only
    require(kind(wrapped) == SchemaVerdict::kBudgetExceeded ||
            (kind(wrapped) == SchemaVerdict::kValid) != valid);
    require(kind(twice) == SchemaVerdict::kBudgetExceeded || (kind(twice) == SchemaVerdict::kValid) == valid);
    require(kind(itself) != SchemaVerdict::kInvalid);
  } catch (const InputError& e) {
    require(std::string(e.what()).find("schema") == 0);
  }
}

}  // namespace
}  // namespace hone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  hone::FuzzTexts in(data, size);
  const std::string schema = in.text();
  hone::check_one(schema, in.rest());
  return 0;
}
