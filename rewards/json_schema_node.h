// A schema as it is checked: one node an object of the schema, sub-schemas by index. Filled by json_schema_load.cpp, read by
// json_schema.cpp.
#pragma once

#include <re2/re2.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "rewards/json_canonical.h"
#include "rewards/json_schema.h"

namespace hone {

using SchemaIndex = size_t;
using OptionalSchema = std::optional<SchemaIndex>;

/// Bits of a set of JSON types; "number" includes integers.
enum JsonType : unsigned {
  kNull = 1,
  kBoolean = 2,
  kObject = 4,
  kArray = 8,
  kNumber = 16,
  kString = 32,
  kInteger = 64
};

struct SchemaNode {
  bool never = false;  // the schema `false`
  unsigned types = 0;  // 0: any
  std::string type_text;
  std::vector<std::unordered_set<std::string>> among;  // canonical texts: enum's, const's

  std::map<std::string, SchemaIndex> properties;
  std::vector<std::pair<std::unique_ptr<RE2>, SchemaIndex>> pattern_properties;
  OptionalSchema additional_properties, property_names;
  std::vector<std::string> required;
  std::map<std::string, std::vector<std::string>> dependent_required;
  std::map<std::string, SchemaIndex> dependent_schemas;

  std::vector<SchemaIndex> prefix_items;
  OptionalSchema items, contains;  // items: of those behind prefix_items
  bool unique_items = false;

  std::unique_ptr<RE2> pattern;
  std::optional<Decimal> multiple_of;

  /// A number's bounds, as numbers of the schema.
  std::optional<Json> minimum, maximum, exclusive_minimum, exclusive_maximum;
  /// Bounds of counts. contains counts for min_contains and max_contains.
  std::optional<uint64_t> min_length, max_length, min_items, max_items, min_properties, max_properties,
      max_contains;
  uint64_t min_contains = 1;

  std::vector<SchemaIndex> all_of, any_of, one_of;  // all_of: $ref's too
  OptionalSchema negated, if_schema, then_schema, else_schema;
};

struct JsonSchema::Nodes {
  std::vector<SchemaNode> all;  // all[0] is the root
};

/// Throws InputError.
std::vector<SchemaNode> load_schema(const Json& schema);

}  // namespace hone
