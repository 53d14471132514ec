// What Fields knows of one object: the keys that were asked for, the values that they came to, and its
// children.
#include "core/fields.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <type_traits>

namespace hone {

struct Fields::State {
  const Document* document;
  std::string pointer;
  const Json* object;                   // as written; kNothing if absent
  std::set<std::string> known;          // keys that were asked for
  Json values = Json::object();         // what they came to
  std::map<std::string, Fields> child;  // by key
  std::map<std::string, std::vector<Fields>> children;
};

namespace {

const Json kNothing = Json::object();
constexpr size_t kShownLength = 60;

std::string pointer_of(const std::string& parent, const std::string& key) {
  return (Json::json_pointer(parent) / key).to_string();
}

std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  if (text.size() > kShownLength) text = text.substr(0, kShownLength) + "...";
  return text;
}

/// `got "ten" (string)`; a number speaks for itself.
std::string got(const Json& value) {
  return "got " + shown(value) + (value.is_number() ? "" : concat(" (", value.type_name(), ")"));
}

std::string number(double value) {
  std::ostringstream out;
  out.precision(std::numeric_limits<double>::max_digits10);
  if (value == std::floor(value) && std::abs(value) < 1e15)
    out << int64_t(value);
  else
    out.precision(12), out << value;
  return std::move(out).str();
}

bool inside(double value, const Range& range) {
  return (range.low_open ? value > range.low : value >= range.low) && value <= range.high;
}

template <class T>
std::string expected(Range range) {
  if constexpr (std::is_same_v<T, bool>) return "expected true or false";
  if constexpr (std::is_same_v<T, std::string>) return "expected a string";
  if constexpr (std::is_same_v<T, Json>) return "expected a value";
  if constexpr (std::is_same_v<T, std::vector<std::string>>) return "expected an array of strings";
  if constexpr (std::is_same_v<T, std::vector<double>>) return "expected an array of numbers";
  if constexpr (std::is_same_v<T, std::vector<int64_t>>) return "expected an array of integers";
  if constexpr (std::is_unsigned_v<T>) range.low = std::max(range.low, 0.0);
  const std::string bounds = range.text();
  return concat("expected ", std::is_integral_v<T> ? "an integer" : "a number", bounds.empty() ? "" : " ",
                bounds);
}

/// The value as a T inside the range, if it is one.
template <class T>
std::optional<T> convert(const Json& value, const Range& range) {
  if constexpr (std::is_same_v<T, Json>) {
    return value;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (value.is_boolean()) return value.get<bool>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (value.is_string()) return value.get<std::string>();
  } else if constexpr (std::is_same_v<T, double>) {
    if (value.is_number() && inside(value.get<double>(), range)) return value.get<double>();
  } else {
    if (!value.is_number_integer() || !inside(value.get<double>(), range)) return std::nullopt;
    if (value.is_number_unsigned()) {
      const auto wide = value.get<uint64_t>();
      if (wide <= uint64_t(std::numeric_limits<T>::max())) return T(wide);
    } else if (const auto wide = value.get<int64_t>(); wide >= 0 || std::is_signed_v<T>) {
      return T(wide);
    }
  }
  return std::nullopt;
}

template <class T>
T read(const Document& document, const std::string& pointer, const Json& value, const Range& range) {
  if (auto converted = convert<T>(value, range)) return *std::move(converted);
  throw InputError(document.where(pointer) + ": " + got(value) + ", " + expected<T>(range));
}

template <class T>
requires(!std::is_arithmetic_v<T> && !std::is_same_v<T, std::string> && !std::is_same_v<T, Json>) T
    read(const Document& document, const std::string& pointer, const Json& value, const Range& range) {
  check_input(value.is_array(), document.where(pointer), ": ", got(value), ", ", expected<T>(range));
  T out;
  for (size_t i = 0; i < value.size(); ++i) {
    out.push_back(read<typename T::value_type>(document, concat(pointer, "/", i), value[i], range));
  }
  return out;
}

}  // namespace

std::string Range::text() const {
  if (low == -INFINITY && high == INFINITY) return "";
  if (low == -INFINITY) return "<= " + number(high);
  const std::string from = (low_open ? "> " : ">= ") + number(low);
  if (high == INFINITY) return from;
  return low_open ? from + " and <= " + number(high) : "from " + number(low) + " to " + number(high);
}

Fields::Fields(const Document& document, std::string pointer)
    : state_(std::make_shared<State>(
          State{&document, std::move(pointer), &kNothing, {}, Json::object(), {}, {}})) {
  const Json::json_pointer at(state_->pointer);
  if (!document.root.contains(at)) {
    check_input(!state_->pointer.empty(), document.where(""), ": empty, expected an object");
    return;
  }
  const Json& value = document.root.at(at);
  if (value.is_null() && !state_->pointer.empty()) return;
  check_input(value.is_object(), where(), ": ", got(value), ", expected an object");
  state_->object = &value;
}

bool Fields::has(const std::string& key) const {
  state_->known.insert(key);
  const auto member = state_->object->find(key);
  return member != state_->object->end() && !member->is_null();
}

template <class T>
T Fields::get(const std::string& key, T fallback, Range range) {
  if (has(key)) fallback = require<T>(key, range);
  state_->values[key] = fallback;
  return fallback;
}

template <class T>
T Fields::require(const std::string& key, Range range) {
  if (!has(key)) {
    std::vector<std::string>
        strangers;  // keys that nothing has asked for yet: one may be this one, misspelled
    for (const auto& [name, value] : state_->object->items()) {
      if (!state_->known.contains(name)) strangers.push_back(name);
    }
    const std::string near = nearest_name(key, strangers);
    throw error(key,
                concat("missing, ", expected<T>(range), near.empty() ? "" : "; is it written " + near + "?"));
  }
  T value = read<T>(*state_->document, pointer_of(state_->pointer, key), state_->object->at(key), range);
  state_->values[key] = value;
  return value;
}

std::string Fields::one_of(const std::string& key, const std::string& fallback,
                           const std::vector<std::string>& allowed) {
  const std::string value = get<std::string>(key, fallback);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  std::string list;
  for (const std::string& name : allowed) list += (list.empty() ? "" : ", ") + name;
  const std::string near = nearest_name(value, allowed);
  throw error(key, concat("got ", shown(value), ", expected one of ", list,
                          near.empty() ? "" : "; did you mean " + near + "?"));
}

Fields Fields::child(const std::string& key) {
  state_->known.insert(key);
  const auto known = state_->child.find(key);
  if (known != state_->child.end()) return known->second;
  return state_->child.emplace(key, Fields(*state_->document, pointer_of(state_->pointer, key)))
      .first->second;
}

std::vector<Fields> Fields::children(const std::string& key) {
  const auto known = state_->children.find(key);
  if (known != state_->children.end()) return known->second;
  std::vector<Fields> out;
  if (has(key)) {
    const Json& array = state_->object->at(key);
    if (!array.is_array()) throw error(key, got(array) + ", expected an array of objects");
    for (size_t i = 0; i < array.size(); ++i) {
      const std::string pointer = concat(pointer_of(state_->pointer, key), "/", i);
      check_input(array[i].is_object(), state_->document->where(pointer), ": ", got(array[i]),
                  ", expected an object");
      out.emplace_back(*state_->document, pointer);
    }
  }
  return state_->children.emplace(key, std::move(out)).first->second;
}

void Fields::finish() const {
  const std::vector<std::string> known(state_->known.begin(), state_->known.end());
  for (const auto& [key, value] : state_->object->items()) {
    if (state_->known.contains(key)) continue;
    const std::string near = nearest_name(key, known);
    throw error(key, near.empty() ? "unknown key" : "unknown key; did you mean " + near + "?");
  }
  for (const auto& [key, child] : state_->child) child.finish();
  for (const auto& [key, children] : state_->children) {
    for (const Fields& child : children) child.finish();
  }
}

InputError Fields::error(const std::string& key, const std::string& what) const {
  return InputError(state_->document->where(pointer_of(state_->pointer, key)) + ": " + what);
}

Json Fields::resolved() const {
  Json out = state_->values;
  for (const auto& [key, child] : state_->child) out[key] = child.resolved();
  for (const auto& [key, children] : state_->children) {
    out[key] = Json::array();
    for (const Fields& child : children) out[key].push_back(child.resolved());
  }
  return out;
}

const Json& Fields::json() const { return *state_->object; }

std::filesystem::path Fields::folder() const {
  return std::filesystem::path(state_->document->file).parent_path();
}

std::string Fields::where() const { return state_->document->where(state_->pointer); }

template bool Fields::get(const std::string&, bool, Range);
template int64_t Fields::get(const std::string&, int64_t, Range);
template uint64_t Fields::get(const std::string&, uint64_t, Range);
template double Fields::get(const std::string&, double, Range);
template std::string Fields::get(const std::string&, std::string, Range);
template Json Fields::get(const std::string&, Json, Range);
template std::vector<std::string> Fields::get(const std::string&, std::vector<std::string>, Range);
template std::vector<double> Fields::get(const std::string&, std::vector<double>, Range);
template std::vector<int64_t> Fields::get(const std::string&, std::vector<int64_t>, Range);
template bool Fields::require(const std::string&, Range);
template int64_t Fields::require(const std::string&, Range);
template uint64_t Fields::require(const std::string&, Range);
template double Fields::require(const std::string&, Range);
template std::string Fields::require(const std::string&, Range);
template Json Fields::require(const std::string&, Range);
template std::vector<std::string> Fields::require(const std::string&, Range);
template std::vector<double> Fields::require(const std::string&, Range);
template std::vector<int64_t> Fields::require(const std::string&, Range);

}  // namespace hone
