// A JSON schema (draft 2020-12; draft 7's spellings too) that is checked against values that a model wrote: patterns are RE2's, references
// stay inside the schema, and the work is bounded by a budget of steps, whatever the schema and the value are.
//
// Understood: type, enum, const; properties, required, additionalProperties, patternProperties, propertyNames, minProperties,
// maxProperties, dependentRequired, dependentSchemas; items (draft 7's arrays and additionalItems too), prefixItems, contains,
// minContains, maxContains, minItems, maxItems, uniqueItems; minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf;
// minLength, maxLength, pattern; allOf, anyOf, oneOf, not, if, then, else; $ref to "#..", $defs, definitions. Notes such as title
// and description are passed over. Any other keyword is an error: a check that is not made must not look as if it were.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/types.h"

namespace hone {

struct SchemaVerdict {
  enum Kind { kValid, kInvalid, kBudgetExceeded } kind = kValid;
  std::string reason;  // "/items/0: got a string, expected integer"
};

class JsonSchema {
 public:
  /// Throws InputError with the place in the schema.
  explicit JsonSchema(const Json& schema);
  ~JsonSchema();
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;

  /// `value` is at most 256 levels deep (core/document.h's bound).
  SchemaVerdict check(const Json& value) const;

 private:
  struct Nodes;
  std::unique_ptr<const Nodes> nodes_;
};

}  // namespace hone
