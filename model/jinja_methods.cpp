// Which attributes data has, and the methods of lists, tuples, dicts and numbers.
#include "model/jinja_methods.h"

#include <algorithm>
#include <cmath>

#include "model/jinja_operators.h"
#include "model/jinja_print.h"

namespace hone {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Names that every Python object has and no template may use.
bool is_internal(std::string_view name) {
  return one_of(
      name, {"__class__",  "__doc__",     "__init__",     "__dict__", "__module__",      "__subclasshook__",
             "__eq__",     "__ne__",      "__hash__",     "__str__",  "__repr__",        "__len__",
             "__iter__",   "__getitem__", "__contains__", "__add__",  "__mul__",         "__format__",
             "__sizeof__", "__reduce__",  "__new__",      "__dir__",  "__getattribute__"});
}

JinjaValue unsafe(JinjaRun& run, const JinjaValue& value, std::string_view name) {
  return run.undefined("access to attribute '", name, "' of '", value.type_name(), "' object is unsafe.");
}

JinjaValue get(JinjaRun& run, const JinjaDict& dict, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "get", args, {"/key", "/default"}, 1);
  if (!jinja_hashable(*bound[0])) run.fail("unhashable type: '", bound[0]->type_name(), "'");
  const JinjaValue* found = dict.find(*bound[0]);
  return found ? *found : bound[1].value_or(JinjaValue());
}

std::optional<JinjaValue> dict_method(JinjaRun& run, const JinjaValue& value, std::string_view name) {
  if (one_of(name, {"clear", "pop", "popitem", "setdefault", "update"})) return unsafe(run, value, name);
  const JinjaDictPtr dict = value.dict_ptr();
  using Part = JinjaDictView::Part;
  if (one_of(name, {"keys", "values", "items"})) {
    const Part part = name == "keys" ? Part::kKeys : name == "values" ? Part::kValues : Part::kItems;
    return run.function(std::string(name), [dict, part](JinjaRun& r, const JinjaArgs& args) -> JinjaValue {
      jinja_bind(r, "keys, values or items", args, {}, 0);
      return static_cast<JinjaObject*>(r.make<JinjaDictView>(dict, part));
    });
  }
  if (name == "get")
    return run.function("get", [dict](JinjaRun& r, const JinjaArgs& args) { return get(r, *dict, args); });
  if (name == "copy")
    return run.function("copy", [dict](JinjaRun& r, const JinjaArgs& args) -> JinjaValue {
      jinja_bind(r, "copy", args, {}, 0);
      return r.dict(*dict);
    });
  return std::nullopt;
}

JinjaValue index_of(JinjaRun& run, const JinjaSequence& sequence, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "index", args, {"/value", "/start", "/stop"}, 1);
  const auto length = int64_t(sequence.items.size());
  const auto place = [&](size_t i, int64_t fallback) {
    int64_t at = bound[i] ? jinja_integer(run, "index()", *bound[i]) : fallback;
    if (at < 0) at = std::max<int64_t>(at + length, 0);
    return std::min(at, length);
  };
  const int64_t stop = place(2, length);
  for (int64_t i = place(1, 0); i < stop; ++i)
    if (jinja_equals(run, sequence.items[size_t(i)], *bound[0])) return i;
  run.fail(jinja_repr(run, *bound[0]), " is not in ", sequence.is_tuple ? "tuple" : "list");
}

std::optional<JinjaValue> sequence_method(JinjaRun& run, const JinjaValue& value, std::string_view name) {
  const JinjaSequencePtr sequence = value.sequence_ptr();
  if (sequence->is_group && name == "grouper") return sequence->items[0];
  if (sequence->is_group && name == "list") return sequence->items[1];
  if (name == "index")
    return run.function(
        "index", [sequence](JinjaRun& r, const JinjaArgs& args) { return index_of(r, *sequence, args); });
  if (name == "count")
    return run.function("count", [sequence](JinjaRun& r, const JinjaArgs& args) -> JinjaValue {
      const JinjaBound bound = jinja_bind(r, "count", args, {"/value"}, 1);
      return int64_t(std::count_if(sequence->items.begin(), sequence->items.end(),
                                   [&](const JinjaValue& item) { return jinja_equals(r, item, *bound[0]); }));
    });
  if (sequence->is_tuple) return std::nullopt;
  if (one_of(name, {"append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"}))
    return unsafe(run, value, name);
  if (name == "copy")
    return run.function("copy", [sequence](JinjaRun& r, const JinjaArgs& args) -> JinjaValue {
      jinja_bind(r, "copy", args, {}, 0);
      return r.list(sequence->items);
    });
  return std::nullopt;
}

int64_t bit_length(int64_t value) {
  uint64_t magnitude = value < 0 ? 0 - uint64_t(value) : uint64_t(value);
  int64_t bits = 0;
  for (; magnitude; magnitude >>= 1) ++bits;
  return bits;
}

std::optional<JinjaValue> number_attribute(JinjaRun& run, const JinjaValue& value, std::string_view name) {
  const auto integer = value.as_integer();
  if (name == "real" || (integer && name == "numerator")) return integer ? JinjaValue(*integer) : value;
  if (name == "imag") return integer ? JinjaValue(int64_t{0}) : JinjaValue(0.0);
  if (integer && name == "denominator") return int64_t{1};
  if (integer && name == "bit_length")
    return run.function("bit_length",
                        [i = *integer](JinjaRun&, const JinjaArgs&) -> JinjaValue { return bit_length(i); });
  if (name == "conjugate")
    return run.function("conjugate", [value](JinjaRun&, const JinjaArgs&) { return value; });
  if (!integer && name == "is_integer")
    return run.function("is_integer", [r = *value.real()](JinjaRun&, const JinjaArgs&) -> JinjaValue {
      return std::isfinite(r) && r == std::floor(r);
    });
  return std::nullopt;
}

}  // namespace

std::optional<JinjaValue> jinja_data_attribute(JinjaRun& run, const JinjaValue& value,
                                               std::string_view name) {
  if (value.dict()) return dict_method(run, value, name);
  if (value.sequence()) return sequence_method(run, value, name);
  return value.as_real() ? number_attribute(run, value, name) : std::nullopt;
}

std::optional<JinjaValue> jinja_own_attribute(JinjaRun& run, const JinjaValue& value, std::string_view name) {
  if (value.object()) return value.object()->attribute(run, name);
  if (name.starts_with("__"))
    return is_internal(name) ? std::optional(unsafe(run, value, name)) : std::nullopt;
  return value.text() ? jinja_text_method(run, value, name) : jinja_data_attribute(run, value, name);
}

}  // namespace hone
