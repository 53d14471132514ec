// What a Jinja expression can be: Python's plain data, immutable and shared (so no data can hold itself), and
// objects that have identity or state (namespaces, loops, macros, generators), which belong to the run that
// made them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hone {

class JinjaValue;
class JinjaDict;
class JinjaObject;
class JinjaRun;

struct JinjaText {
  std::string text;     // UTF-8
  size_t length = 0;    // characters
  bool markup = false;  // escaped by a filter: what is added to it is escaped too
  bool is_ascii() const { return length == text.size(); }
};

/// A name, key or attribute that is not there. It can be printed, tested and iterated; anything else fails
/// with its message.
struct JinjaUndefined {
  std::string message;
};

/// A list or a tuple.
struct JinjaSequence {
  std::vector<JinjaValue> items;
  bool is_tuple = false;
  bool is_group = false;  // of groupby: (grouper, list), also by these names
  int depth = 1;          // levels of lists and dicts, this one counted
  int64_t weight = 1;     // values in it all told: what printing or comparing it costs
};

using JinjaTextPtr = std::shared_ptr<const JinjaText>;
using JinjaUndefinedPtr = std::shared_ptr<const JinjaUndefined>;
using JinjaSequencePtr = std::shared_ptr<const JinjaSequence>;
using JinjaDictPtr = std::shared_ptr<const JinjaDict>;

class JinjaValue {
 public:
  JinjaValue() = default;  // none
  JinjaValue(bool value) : kind_(Kind::kBool), integer_(value) {}
  JinjaValue(int64_t value) : kind_(Kind::kInteger), integer_(value) {}
  JinjaValue(double value) : kind_(Kind::kReal), real_(value) {}
  JinjaValue(JinjaObject* value) : kind_(Kind::kObject), object_(value) {}
  JinjaValue(JinjaTextPtr value) : kind_(Kind::kText), shared_(std::move(value)) {}
  JinjaValue(JinjaUndefinedPtr value) : kind_(Kind::kUndefined), shared_(std::move(value)) {}
  JinjaValue(JinjaSequencePtr value) : kind_(Kind::kSequence), shared_(std::move(value)) {}
  JinjaValue(JinjaDictPtr value) : kind_(Kind::kDict), shared_(std::move(value)) {}
  JinjaValue(const char*) = delete;

  bool is_none() const { return kind_ == Kind::kNone; }
  bool is_undefined() const { return kind_ == Kind::kUndefined; }
  bool is_text() const { return kind_ == Kind::kText; }

  /// What is in it, or nothing.
  std::optional<bool> boolean() const {
    return kind_ == Kind::kBool ? std::optional(integer_ != 0) : std::nullopt;
  }
  const int64_t* integer() const { return kind_ == Kind::kInteger ? &integer_ : nullptr; }
  const double* real() const { return kind_ == Kind::kReal ? &real_ : nullptr; }
  JinjaObject* object() const { return kind_ == Kind::kObject ? object_ : nullptr; }
  const JinjaText* text() const { return get<JinjaText>(Kind::kText); }
  const JinjaUndefined* undefined() const { return get<JinjaUndefined>(Kind::kUndefined); }
  const JinjaSequence* sequence() const { return get<JinjaSequence>(Kind::kSequence); }
  const JinjaSequence* list() const { return sequence() && !sequence()->is_tuple ? sequence() : nullptr; }
  const JinjaSequence* tuple() const { return sequence() && sequence()->is_tuple ? sequence() : nullptr; }
  const JinjaDict* dict() const { return get<JinjaDict>(Kind::kDict); }
  /// Only for what is one.
  JinjaDictPtr dict_ptr() const { return std::static_pointer_cast<const JinjaDict>(shared_); }
  JinjaSequencePtr sequence_ptr() const { return std::static_pointer_cast<const JinjaSequence>(shared_); }

  /// A boolean or integer as Python's arithmetic takes it.
  std::optional<int64_t> as_integer() const {
    return kind_ == Kind::kInteger || kind_ == Kind::kBool ? std::optional(integer_) : std::nullopt;
  }
  /// Any number.
  std::optional<double> as_real() const {
    if (kind_ == Kind::kReal) return real_;
    const auto i = as_integer();
    return i ? std::optional(double(*i)) : std::nullopt;
  }

  bool truth() const;
  int depth() const;              // levels of lists and dicts in it; 0 for the rest
  int64_t weight() const;         // values in it, itself counted
  std::string type_name() const;  // Python's: "str", "NoneType", ...
  /// The same object (Python's `is`), as far as values have identity here: small ones are the same if they
  /// are equal.
  bool same_as(const JinjaValue& other) const;

 private:
  enum class Kind : uint8_t { kNone, kUndefined, kBool, kInteger, kReal, kText, kSequence, kDict, kObject };

  template <class T>
  const T* get(Kind kind) const {
    return kind_ == kind ? static_cast<const T*>(shared_.get()) : nullptr;
  }

  Kind kind_ = Kind::kNone;
  union {
    int64_t integer_ = 0;  // of a boolean, too
    double real_;
    JinjaObject* object_;
  };
  std::shared_ptr<const void> shared_;  // a text, undefined, sequence or dict, as kind_ says
};

/// Python's ==. Texts, numbers, lists, tuples and dicts by content, objects by identity.
bool jinja_equal(const JinjaValue& a, const JinjaValue& b);
/// Equal values have equal hashes. Only for values that jinja_hashable().
size_t jinja_hash(const JinjaValue& value);
bool jinja_hashable(const JinjaValue& value);

/// A dict in insertion order.
class JinjaDict {
 public:
  /// Sets a key that is hashable; an old one keeps its place.
  void set(JinjaValue key, JinjaValue value);
  const JinjaValue* find(const JinjaValue& key) const;  // null if it is not there
  const JinjaValue* find(std::string_view key) const;
  const std::vector<std::pair<JinjaValue, JinjaValue>>& items() const { return items_; }
  size_t size() const { return items_.size(); }
  int depth() const { return depth_; }
  int64_t weight() const { return weight_; }

 private:
  const JinjaValue* find_hashed(size_t hash, const JinjaValue& key) const;

  std::vector<std::pair<JinjaValue, JinjaValue>> items_;
  std::unordered_multimap<size_t, size_t> places_;  // by hash, once there are many
  int depth_ = 1;
  int64_t weight_ = 1;
};

}  // namespace hone
