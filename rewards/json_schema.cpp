// Checks a value against the nodes of a schema.
#include "rewards/json_schema.h"

#include <algorithm>
#include <unordered_set>

#include "core/error.h"
#include "rewards/json_schema_node.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kMaxSteps = 2'000'000;  // a step is a sub-schema, a member, or 16 bytes that are looked at
constexpr size_t kMaxDepth = 1000;       // sub-schemas inside each other

unsigned type_bits(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return kNull;
    case Json::value_t::boolean:
      return kBoolean;
    case Json::value_t::object:
      return kObject;
    case Json::value_t::array:
      return kArray;
    case Json::value_t::string:
      return kString;
    default:
      return is_integral(value) ? kNumber | kInteger : kNumber;
  }
}

bool matches(const RE2& pattern, const std::string& text) {
  return pattern.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

/// One value against one schema. Once the budget is spent every answer is "no", all the way up.
class Checker {
 public:
  explicit Checker(const std::vector<SchemaNode>& nodes) : nodes_(nodes) {}

  SchemaVerdict run(const Json& value) {
    const bool valid = fits(0, value);
    if (spent_) return {SchemaVerdict::kBudgetExceeded, "more steps than are allowed"};
    return {valid ? SchemaVerdict::kValid : SchemaVerdict::kInvalid, reason_};
  }

 private:
  bool fits(SchemaIndex index, const Json& value) {
    const SchemaNode& node = nodes_[index];
    if (!spend(1) || depth_ >= kMaxDepth) return spent_ = true, false;
    ++depth_;
    const bool all = fits_itself(node, value) && fits_object(node, value) && fits_array(node, value) &&
                     fits_number(node, value) && fits_string(node, value) && fits_combined(node, value);
    --depth_;
    return all && !spent_;
  }

  bool fits_itself(const SchemaNode& node, const Json& value) {
    if (node.never) return no("nothing is allowed here");
    if (node.types != 0 && (node.types & type_bits(value)) == 0)
      return no("got ", value.type_name(), ", expected ", node.type_text);
    if (node.among.empty()) return true;
    const std::string text = canonical(value);
    for (const auto& allowed : node.among) {
      if (!allowed.contains(text))
        return no("got ", excerpt(text, 60), ", which is not among the allowed values");
    }
    return !spent_;
  }

  bool fits_object(const SchemaNode& node, const Json& value) {
    if (!value.is_object()) return true;
    if (node.min_properties && value.size() < *node.min_properties)
      return no("has ", value.size(), " members, expected at least ", *node.min_properties);
    if (node.max_properties && value.size() > *node.max_properties)
      return no("has ", value.size(), " members, expected at most ", *node.max_properties);
    for (const std::string& name : node.required) {
      if (!spend(1) || !value.contains(name)) return no("\"", excerpt(name, 60), "\" is missing");
    }
    for (const auto& [name, needed] : node.dependent_required) {
      if (!value.contains(name)) continue;
      for (const std::string& other : needed) {
        if (!spend(1) || !value.contains(other))
          return no("\"", excerpt(other, 60), "\" is missing, which \"", excerpt(name, 60), "\" needs");
      }
    }
    for (const auto& [name, schema] : node.dependent_schemas) {
      if (value.contains(name) && !fits(schema, value)) return false;
    }
    if (node.properties.empty() && node.pattern_properties.empty() && !node.additional_properties &&
        !node.property_names)
      return true;
    for (auto member = value.begin(); member != value.end(); ++member) {
      if (!fits_member(node, member.key(), member.value())) return false;
    }
    return true;
  }

  bool fits_member(const SchemaNode& node, const std::string& name, const Json& value) {
    if (!spend(1 + name.size() / 16 * (1 + node.pattern_properties.size()))) return false;
    if (node.property_names && !fits(*node.property_names, Json(name))) return false;
    const Step step(*this, &name, 0);
    bool named = false;
    if (const auto property = node.properties.find(name); property != node.properties.end()) {
      named = true;
      if (!fits(property->second, value)) return false;
    }
    for (const auto& [pattern, schema] : node.pattern_properties) {
      if (!spend(1) || !matches(*pattern, name)) continue;
      named = true;
      if (!fits(schema, value)) return false;
    }
    return named || !node.additional_properties || fits(*node.additional_properties, value);
  }

  bool fits_array(const SchemaNode& node, const Json& value) {
    if (!value.is_array()) return true;
    if (node.min_items && value.size() < *node.min_items)
      return no("has ", value.size(), " items, expected at least ", *node.min_items);
    if (node.max_items && value.size() > *node.max_items)
      return no("has ", value.size(), " items, expected at most ", *node.max_items);
    const size_t end = node.items ? value.size() : std::min(value.size(), node.prefix_items.size());
    for (size_t i = 0; i < end; ++i) {
      const Step step(*this, nullptr, i);
      if (!fits(i < node.prefix_items.size() ? node.prefix_items[i] : *node.items, value[i])) return false;
    }
    return fits_contains(node, value) && (!node.unique_items || are_unique(value));
  }

  bool fits_contains(const SchemaNode& node, const Json& value) {
    if (!node.contains) return true;
    uint64_t found = 0;
    for (const Json& item : value) found += quietly(*node.contains, item);
    if (found < node.min_contains)
      return no("contains ", found, " items of the kind, expected at least ", node.min_contains);
    if (node.max_contains && found > *node.max_contains)
      return no("contains ", found, " items of the kind, expected at most ", *node.max_contains);
    return true;
  }

  bool are_unique(const Json& value) {
    std::unordered_set<std::string> seen;
    for (const Json& item : value) {
      if (!seen.insert(canonical(item)).second) return no("has equal items");
      if (spent_) return false;
    }
    return true;
  }

  bool fits_number(const SchemaNode& node, const Json& value) {
    if (!value.is_number()) return true;
    if (node.minimum && compare_numbers(value, *node.minimum) < 0)
      return no("got ", value.dump(), ", expected at least ", node.minimum->dump());
    if (node.maximum && compare_numbers(value, *node.maximum) > 0)
      return no("got ", value.dump(), ", expected at most ", node.maximum->dump());
    if (node.exclusive_minimum && compare_numbers(value, *node.exclusive_minimum) <= 0)
      return no("got ", value.dump(), ", expected more than ", node.exclusive_minimum->dump());
    if (node.exclusive_maximum && compare_numbers(value, *node.exclusive_maximum) >= 0)
      return no("got ", value.dump(), ", expected less than ", node.exclusive_maximum->dump());
    if (node.multiple_of && !is_multiple(value, *node.multiple_of))
      return no("got ", value.dump(), ", not a multiple");
    return true;
  }

  bool fits_string(const SchemaNode& node, const Json& value) {
    if (!value.is_string()) return true;
    const auto& text = value.get_ref<const std::string&>();
    if (node.min_length || node.max_length) {
      if (!spend(text.size() / 16)) return false;
      const auto length = static_cast<uint64_t>(count_code_points(text));
      if (node.min_length && length < *node.min_length)
        return no("has ", length, " characters, expected at least ", *node.min_length);
      if (node.max_length && length > *node.max_length)
        return no("has ", length, " characters, expected at most ", *node.max_length);
    }
    if (!node.pattern) return true;
    if (!spend(text.size() / 16)) return false;
    return matches(*node.pattern, text) || no("does not match ", excerpt(node.pattern->pattern(), 60));
  }

  bool fits_combined(const SchemaNode& node, const Json& value) {
    for (const SchemaIndex schema : node.all_of) {
      if (!fits(schema, value)) return false;
    }
    if (!node.any_of.empty()) {
      bool any = false;
      for (size_t i = 0; i < node.any_of.size() && !any; ++i) any = quietly(node.any_of[i], value);
      if (!any) return no("fits none of anyOf");
    }
    size_t fitting = 0;
    for (size_t i = 0; i < node.one_of.size() && fitting < 2; ++i) fitting += quietly(node.one_of[i], value);
    if (!node.one_of.empty() && fitting != 1)
      return no("fits ", fitting == 0 ? "none" : "more than one", " of oneOf");
    if (node.negated && quietly(*node.negated, value)) return no("fits what \"not\" forbids");
    if (!node.if_schema) return true;
    const OptionalSchema& then = quietly(*node.if_schema, value) ? node.then_schema : node.else_schema;
    return !then || fits(*then, value);
  }

  /// Without a reason if it does not fit.
  bool quietly(SchemaIndex schema, const Json& value) {
    ++quiet_;
    const bool does = fits(schema, value);
    --quiet_;
    return does;
  }

  std::string canonical(const Json& value) {
    std::string text = canonical_json(value);
    spend(text.size() / 16);
    return text;
  }

  bool spend(size_t steps) {
    steps_ += steps;
    if (steps_ > kMaxSteps) spent_ = true;
    return !spent_;
  }

  /// Always false; the first reason that is not quiet is kept. Not inlined: its streams would make every frame of fits() large.
  template <class... Parts>
  [[gnu::noinline]] bool no(const Parts&... parts) {
    if (quiet_ > 0 || !reason_.empty() || spent_) return false;
    std::string place;
    for (const auto& [name, index] : path_)
      place += "/" + (name ? excerpt(*name, 60) : std::to_string(index));
    reason_ = concat(place.empty() ? "the value" : excerpt(place, 300), ": ", parts...);
    return false;
  }

  /// A step down in the value while it lives.
  class Step {
   public:
    Step(Checker& checker, const std::string* name, size_t index) : checker_(checker) {
      checker.path_.emplace_back(name, index);
    }
    ~Step() { checker_.path_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Checker& checker_;
  };

  const std::vector<SchemaNode>& nodes_;
  std::vector<std::pair<const std::string*, size_t>> path_;  // a member's name, or an item's index
  std::string reason_;
  size_t steps_ = 0, depth_ = 0;
  int quiet_ = 0;
  bool spent_ = false;
};

}  // namespace

JsonSchema::JsonSchema(const Json& schema)
    : nodes_(std::make_unique<const Nodes>(Nodes{load_schema(schema)})) {}
JsonSchema::~JsonSchema() = default;
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;

SchemaVerdict JsonSchema::check(const Json& value) const { return Checker(nodes_->all).run(value); }

}  // namespace hone
