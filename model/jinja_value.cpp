// Truth, equality and hashes of values, and dicts.
#include "model/jinja_value.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "model/jinja_object.h"

namespace hone {
namespace {

constexpr size_t kLinearSearch = 8;  // dicts of up to so many keys are searched one by one

size_t mix_hash(size_t a, size_t b) { return a ^ (b + 0x9E3779B97F4A7C15ull + (a << 6) + (a >> 2)); }

bool equal_sequences(const JinjaSequence& a, const JinjaSequence& b) {
  if (a.is_tuple != b.is_tuple || a.items.size() != b.items.size()) return false;
  for (size_t i = 0; i < a.items.size(); ++i)
    if (!a.items[i].same_as(b.items[i]) && !jinja_equal(a.items[i], b.items[i])) return false;
  return true;
}

bool equal_dicts(const JinjaDict& a, const JinjaDict& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a.items()) {
    const JinjaValue* other = b.find(key);
    if (!other || (!value.same_as(*other) && !jinja_equal(value, *other))) return false;
  }
  return true;
}

/// int == float without rounding the integer.
bool equal_mixed(int64_t a, double b) {
  return std::fabs(b) < 0x1p63 && b == std::floor(b) && int64_t(b) == a;
}

}  // namespace

bool JinjaValue::truth() const {
  if (boolean()) return *boolean();
  if (integer()) return *integer() != 0;
  if (real()) return *real() != 0;
  if (text()) return !text()->text.empty();
  if (sequence()) return !sequence()->items.empty();
  if (dict()) return dict()->size() > 0;
  if (object()) return object()->length().value_or(1) != 0;
  return false;
}

int JinjaValue::depth() const {
  if (sequence()) return sequence()->depth;
  return dict() ? dict()->depth() : 0;
}

int64_t JinjaValue::weight() const {
  if (sequence()) return sequence()->weight;
  return dict() ? dict()->weight() : 1;
}

std::string JinjaValue::type_name() const {
  if (is_none()) return "NoneType";
  if (is_undefined()) return "Undefined";
  if (boolean()) return "bool";
  if (integer()) return "int";
  if (real()) return "float";
  if (text()) return text()->markup ? "Markup" : "str";
  if (sequence()) return sequence()->is_group ? "_GroupTuple" : sequence()->is_tuple ? "tuple" : "list";
  return dict() ? "dict" : object()->type_name();
}

bool JinjaValue::same_as(const JinjaValue& other) const {
  if (kind_ != other.kind_) return false;
  if (real()) return *real() == *other.real();
  if (object()) return object() == other.object();
  if (text()) return text()->text == other.text()->text;
  if (tuple() && tuple()->items.empty()) return other.tuple() && other.tuple()->items.empty();
  return integer_ == other.integer_ && shared_ == other.shared_;
}

bool jinja_equal(const JinjaValue& a, const JinjaValue& b) {
  if (a.text() || b.text()) return a.text() && b.text() && a.text()->text == b.text()->text;
  if (a.sequence() || b.sequence())
    return a.sequence() && b.sequence() && equal_sequences(*a.sequence(), *b.sequence());
  if (a.dict() || b.dict()) return a.dict() && b.dict() && equal_dicts(*a.dict(), *b.dict());
  const auto i = a.as_integer(), j = b.as_integer();
  if (i && j) return *i == *j;
  if (i && b.real()) return equal_mixed(*i, *b.real());
  if (j && a.real()) return equal_mixed(*j, *a.real());
  if (a.real() || b.real()) return a.real() && b.real() && *a.real() == *b.real();
  if (a.object() || b.object()) return a.object() && b.object() && a.object()->equals(*b.object());
  return a.is_none() == b.is_none() && a.is_undefined() == b.is_undefined() && !i && !j;
}

bool jinja_hashable(const JinjaValue& value) {
  if (value.list() || value.dict()) return false;
  if (!value.tuple()) return true;
  return std::all_of(value.tuple()->items.begin(), value.tuple()->items.end(), jinja_hashable);
}

size_t jinja_hash(const JinjaValue& value) {
  if (value.text()) return std::hash<std::string>()(value.text()->text);
  if (const auto i = value.as_integer()) return std::hash<int64_t>()(*i);
  if (value.real()) {
    const double r = *value.real();
    return std::fabs(r) < 0x1p63 && r == std::floor(r) ? std::hash<int64_t>()(int64_t(r))
                                                       : std::hash<double>()(r);
  }
  if (value.object())
    return value.object()->equals_by_identity() ? std::hash<JinjaObject*>()(value.object()) : 3;
  if (!value.tuple()) return value.is_none() ? 1 : 2;
  size_t hash = value.tuple()->items.size();
  for (const JinjaValue& item : value.tuple()->items) hash = mix_hash(hash, jinja_hash(item));
  return hash;
}

void JinjaDict::set(JinjaValue key, JinjaValue value) {
  depth_ = std::max(depth_, 1 + std::max(key.depth(), value.depth()));
  weight_ += key.weight() + value.weight();
  if (const JinjaValue* old = find(key)) {
    const_cast<JinjaValue&>(*old) = std::move(value);
    return;
  }
  if (items_.size() == kLinearSearch)
    for (size_t i = 0; i < items_.size(); ++i) places_.emplace(jinja_hash(items_[i].first), i);
  if (items_.size() >= kLinearSearch) places_.emplace(jinja_hash(key), items_.size());
  items_.emplace_back(std::move(key), std::move(value));
}

const JinjaValue* JinjaDict::find_hashed(size_t hash, const JinjaValue& key) const {
  const auto [begin, end] = places_.equal_range(hash);
  for (auto i = begin; i != end; ++i) {
    const auto& item = items_[i->second];
    if (item.first.same_as(key) || jinja_equal(item.first, key)) return &item.second;
  }
  return nullptr;
}

const JinjaValue* JinjaDict::find(const JinjaValue& key) const {
  if (key.text()) return find(std::string_view(key.text()->text));
  if (items_.size() > kLinearSearch) return find_hashed(jinja_hash(key), key);
  for (const auto& item : items_)
    if (item.first.same_as(key) || jinja_equal(item.first, key)) return &item.second;
  return nullptr;
}

const JinjaValue* JinjaDict::find(std::string_view key) const {
  if (items_.size() > kLinearSearch) {
    const auto [begin, end] = places_.equal_range(std::hash<std::string_view>()(key));
    for (auto i = begin; i != end; ++i) {
      const JinjaText* text = items_[i->second].first.text();
      if (text && text->text == key) return &items_[i->second].second;
    }
    return nullptr;
  }
  for (const auto& item : items_)
    if (item.first.text() && item.first.text()->text == key) return &item.second;
  return nullptr;
}

}  // namespace hone
