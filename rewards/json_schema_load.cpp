// From a schema's JSON to nodes. Sub-schemas are read from a queue, so that neither deep nor circular schemas use the stack.
#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <unordered_map>

#include "core/document.h"
#include "core/error.h"
#include "rewards/json_schema_node.h"

namespace hone {
namespace {

constexpr size_t kMaxNodes = 10000;
constexpr size_t kMaxPatterns = 1000;

constexpr std::array<const char*, 11> kNotes = {"title",    "description", "default",    "examples",
                                                "$comment", "deprecated",  "readOnly",   "writeOnly",
                                                "$schema",  "$defs",       "definitions"};

struct TypeName {
  const char* name;
  unsigned bits;
};
constexpr std::array kTypes = {
    TypeName{"null", kNull},      TypeName{"boolean", kBoolean},          TypeName{"object", kObject},
    TypeName{"array", kArray},    TypeName{"number", kNumber | kInteger}, TypeName{"string", kString},
    TypeName{"integer", kInteger}};

class Loader {
 public:
  explicit Loader(const Json& root) : root_(root) {}

  std::vector<SchemaNode> load() {
    node_of(root_, "");
    while (!waiting_.empty()) {
      const auto [schema, index] = waiting_.front();
      waiting_.pop_front();
      place_ = places_[index];
      SchemaNode node;
      read(*schema, node);
      nodes_[index] = std::move(node);
    }
    refuse_circles();
    return std::move(nodes_);
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    throw InputError("schema" + place_ + (key.empty() ? "" : "/" + key) + ": " + what);
  }

  /// The node of a sub-schema, made when it is first asked for.
  SchemaIndex node_of(const Json& schema, const std::string& place) {
    const auto [known, fresh] = index_.try_emplace(&schema, nodes_.size());
    if (fresh) {
      if (nodes_.size() == kMaxNodes) fail("", concat("over ", kMaxNodes, " sub-schemas"));
      nodes_.emplace_back();
      places_.push_back(place);
      waiting_.emplace_back(&schema, known->second);
    }
    return known->second;
  }
  SchemaIndex child(const Json& schema, const std::string& step) {
    return node_of(schema, place_ + "/" + step);
  }

  void read(const Json& schema, SchemaNode& node_) {
    if (schema.is_boolean()) {
      node_.never = !schema.get<bool>();
      return;
    }
    if (!schema.is_object())
      fail("", concat("got ", schema.type_name(), ", expected an object or a boolean"));
    static const std::vector<Keyword> kKeywords = keywords();
    for (const auto& [key, value] : schema.items()) {
      if (std::find(kNotes.begin(), kNotes.end(), key) != kNotes.end() || (key == "$id" && &schema == &root_))
        continue;
      const auto keyword = std::find_if(kKeywords.begin(), kKeywords.end(),
                                        [&, &name = key](const Keyword& one) { return one.name == name; });
      if (keyword == kKeywords.end()) unknown(key, kKeywords);
      keyword->read(*this, value, key, node_);
    }
    if (schema.contains("additionalItems") && !(schema.contains("items") && schema["items"].is_array()))
      fail("additionalItems", "needs an array of \"items\" beside it");
  }

  using Read = std::function<void(Loader&, const Json&, const std::string&, SchemaNode&)>;
  struct Keyword {
    std::string name;
    Read read;
  };
  struct Table;
  static std::vector<Keyword> keywords();

  [[noreturn]] void unknown(const std::string& key, const std::vector<Keyword>& keywords) const {
    std::vector<std::string> names;
    for (const Keyword& keyword : keywords) names.push_back(keyword.name);
    const std::string near = nearest_name(key, names);
    fail(key, "a keyword that is not checked" + (near.empty() ? "" : "; did you mean " + near + "?"));
  }

  void types(const Json& value, const std::string& key, SchemaNode& node_) {
    const auto add = [&](const Json& one) {
      const auto type =
          std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) { return one == t.name; });
      if (type == kTypes.end())
        fail(key, "got " + one.dump() + ", expected null, boolean, object, array, number, string or integer");
      node_.types |= type->bits;
      node_.type_text += (node_.type_text.empty() ? "" : " or ") + std::string(type->name);
    };
    if (!value.is_array()) return add(value);
    if (value.empty()) fail(key, "is empty");
    for (const Json& one : value) add(one);
  }

  uint64_t count(const Json& value, const std::string& key) const {
    if (!is_integral(value) || compare_numbers(value, 0) < 0)
      fail(key, "got " + value.dump() + ", expected an integer >= 0");
    return value.get<uint64_t>();
  }
  Json number(const Json& value, const std::string& key) const {
    if (!value.is_number()) fail(key, "got " + value.dump() + ", expected a number");
    return value;
  }
  std::vector<std::string> texts(const Json& value, const std::string& key) const {
    if (!value.is_array()) fail(key, "expected an array of strings");
    for (const Json& one : value) {
      if (!one.is_string()) fail(key, "got " + one.dump() + ", expected a string");
    }
    return value.get<std::vector<std::string>>();
  }

  std::unique_ptr<RE2> pattern(const std::string& source, const std::string& key) {
    if (++patterns_ > kMaxPatterns) fail(key, concat("over ", kMaxPatterns, " patterns"));
    RE2::Options flags;
    flags.set_log_errors(false);
    flags.set_max_mem(int64_t{1} << 20);
    auto compiled = std::make_unique<RE2>(source, flags);
    if (!compiled->ok()) fail(key, "not an RE2 pattern: " + compiled->error());
    return compiled;
  }

  std::vector<SchemaIndex> list(const Json& value, const std::string& key) {
    if (!value.is_array() || value.empty()) fail(key, "expected an array of schemas, at least one");
    std::vector<SchemaIndex> indices;
    for (size_t i = 0; i < value.size(); ++i) indices.push_back(child(value[i], concat(key, "/", i)));
    return indices;
  }
  std::map<std::string, SchemaIndex> map(const Json& value, const std::string& key) {
    if (!value.is_object()) fail(key, "expected an object of schemas");
    std::map<std::string, SchemaIndex> indices;
    for (const auto& [name, schema] : value.items()) indices[name] = child(schema, key + "/" + name);
    return indices;
  }

  void dependencies(const Json& value, const std::string& key,
                    SchemaNode& node_) {  // draft 7: both kinds in one
    if (!value.is_object()) fail(key, "expected an object");
    for (const auto& [name, one] : value.items()) {
      if (one.is_array())
        node_.dependent_required[name] = texts(one, key);
      else
        node_.dependent_schemas[name] = child(one, key + "/" + name);
    }
  }

  SchemaIndex reference(const Json& value, const std::string& key) {
    const std::string target = value.is_string() ? value.get<std::string>() : "";
    if (target.empty() || target[0] != '#')
      fail(key,
           "got " + value.dump() + ", expected \"#\" or \"#/...\": nothing outside the schema is fetched");
    const std::string pointer = unescaped(target.substr(1));
    try {
      const Json::json_pointer at(pointer);
      if (root_.contains(at)) return node_of(root_.at(at), pointer);
    } catch (const Json::exception&) {
      // Not a JSON pointer: the message below is about that too.
    }
    fail(key, "got " + value.dump() + ", which is not in the schema");
  }

  /// A reference is a URI: %25 is a percent sign.
  static std::string unescaped(const std::string& text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
      const bool hex = text[i] == '%' && i + 2 < text.size() &&
                       std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
                       std::isxdigit(static_cast<unsigned char>(text[i + 2]));
      if (!hex) {
        out += text[i];
        continue;
      }
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
    return out;
  }

  /// A schema that applies itself to the same value could never be decided.
  void refuse_circles() const {
    enum State : char { kNew, kOpen, kDone };
    std::vector<State> state(nodes_.size(), kNew);
    std::vector<std::pair<SchemaIndex, size_t>> path;  // node, next of its applied schemas
    for (SchemaIndex start = 0; start < nodes_.size(); ++start) {
      if (state[start] == kNew) path.emplace_back(start, 0), state[start] = kOpen;
      while (!path.empty()) {
        auto& [index, next] = path.back();
        const std::vector<SchemaIndex> applied = applied_to_same(nodes_[index]);
        if (next == applied.size()) {
          state[index] = kDone;
          path.pop_back();
        } else if (const SchemaIndex to = applied[next++]; state[to] == kOpen) {
          throw InputError("schema" + places_[to] + ": refers to itself without going down in the value");
        } else if (state[to] == kNew) {
          state[to] = kOpen;
          path.emplace_back(to, 0);
        }
      }
    }
  }

  static std::vector<SchemaIndex> applied_to_same(const SchemaNode& node) {
    std::vector<SchemaIndex> all = node.all_of;
    all.insert(all.end(), node.any_of.begin(), node.any_of.end());
    all.insert(all.end(), node.one_of.begin(), node.one_of.end());
    for (const auto& [name, index] : node.dependent_schemas) all.push_back(index);
    for (const OptionalSchema& one : {node.negated, node.if_schema, node.then_schema, node.else_schema}) {
      if (one) all.push_back(*one);
    }
    return all;
  }

  const Json& root_;
  std::vector<SchemaNode> nodes_;
  std::vector<std::string> places_;  // of each node, for messages
  std::unordered_map<const Json*, SchemaIndex> index_;
  std::deque<std::pair<const Json*, SchemaIndex>> waiting_;
  std::string place_;  // of the node that is being read
  size_t patterns_ = 0;
};

/// The table of keywords, by the kind of value that they speak of.
struct Loader::Table {
  using N = SchemaNode;
  std::vector<Keyword> all;

  void add(const char* name, Read read) { all.push_back({name, std::move(read)}); }
  template <class Member>
  void bound(const char* name, Member member) {
    add(name,
        [member](Loader& l, const Json& v, const std::string& k, N& n_) { n_.*member = l.number(v, k); });
  }
  template <class Member>
  void count(const char* name, Member member) {
    add(name,
        [member](Loader& l, const Json& v, const std::string& k, N& n_) { n_.*member = l.count(v, k); });
  }
  template <class Member>
  void schema(const char* name, Member member) {
    add(name,
        [member](Loader& l, const Json& v, const std::string& k, N& n_) { n_.*member = l.child(v, k); });
  }
  void schemas(const char* name, std::vector<SchemaIndex> N::*member) {
    add(name, [member](Loader& l, const Json& v, const std::string& k, N& n_) {
      const std::vector<SchemaIndex> more = l.list(v, k);
      (n_.*member).insert((n_.*member).end(), more.begin(), more.end());
    });
  }

  void any() {
    add("type", &Loader::types);
    add("enum", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      if (!v.is_array()) l.fail(k, "expected an array");
      n_.among.emplace_back();
      for (const Json& value : v) n_.among.back().insert(canonical_json(value));
    });
    add("const",
        [](Loader&, const Json& v, const std::string&, N& n_) { n_.among.push_back({canonical_json(v)}); });
    schemas("allOf", &N::all_of);
    schemas("anyOf", &N::any_of);
    schemas("oneOf", &N::one_of);
    schema("not", &N::negated);
    schema("if", &N::if_schema);
    schema("then", &N::then_schema);
    schema("else", &N::else_schema);
    add("$ref", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      n_.all_of.push_back(l.reference(v, k));
    });
  }

  void objects() {
    add("properties",
        [](Loader& l, const Json& v, const std::string& k, N& n_) { n_.properties = l.map(v, k); });
    add("patternProperties", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      for (const auto& [source, index] : l.map(v, k))
        n_.pattern_properties.emplace_back(l.pattern(source, k), index);
    });
    schema("additionalProperties", &N::additional_properties);
    schema("propertyNames", &N::property_names);
    add("required",
        [](Loader& l, const Json& v, const std::string& k, N& n_) { n_.required = l.texts(v, k); });
    add("dependentRequired", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      if (!v.is_object()) l.fail(k, "expected an object");
      for (const auto& [name, needed] : v.items()) n_.dependent_required[name] = l.texts(needed, k);
    });
    add("dependentSchemas",
        [](Loader& l, const Json& v, const std::string& k, N& n_) { n_.dependent_schemas = l.map(v, k); });
    add("dependencies", &Loader::dependencies);
    count("minProperties", &N::min_properties);
    count("maxProperties", &N::max_properties);
  }

  void arrays() {
    schemas("prefixItems", &N::prefix_items);
    add("items", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      if (!v.is_array()) {
        n_.items = l.child(v, k);
      } else if (!v.empty()) {
        n_.prefix_items = l.list(v, k);
      }
    });
    schema("additionalItems", &N::items);
    schema("contains", &N::contains);
    count("minContains", &N::min_contains);
    count("maxContains", &N::max_contains);
    count("minItems", &N::min_items);
    count("maxItems", &N::max_items);
    add("uniqueItems", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      if (!v.is_boolean()) l.fail(k, "got " + v.dump() + ", expected true or false");
      n_.unique_items = v.get<bool>();
    });
  }

  void numbers_and_strings() {
    bound("minimum", &N::minimum);
    bound("maximum", &N::maximum);
    bound("exclusiveMinimum", &N::exclusive_minimum);
    bound("exclusiveMaximum", &N::exclusive_maximum);
    add("multipleOf", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      if (!v.is_number() || compare_numbers(v, 0) <= 0)
        l.fail(k, "got " + v.dump() + ", expected a number > 0");
      n_.multiple_of = decimal_of(v);
    });
    count("minLength", &N::min_length);
    count("maxLength", &N::max_length);
    add("pattern", [](Loader& l, const Json& v, const std::string& k, N& n_) {
      if (!v.is_string()) l.fail(k, "got " + v.dump() + ", expected a string");
      n_.pattern = l.pattern(v.get<std::string>(), k);
    });
  }
};

std::vector<Loader::Keyword> Loader::keywords() {
  Table table;
  table.any();
  table.objects();
  table.arrays();
  table.numbers_and_strings();
  return std::move(table.all);
}

}  // namespace

std::vector<SchemaNode> load_schema(const Json& schema) { return Loader(schema).load(); }

}  // namespace hone
