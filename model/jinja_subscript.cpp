// value.name, value[key] and value[a:b:c], with what a missing one says.
#include <algorithm>

#include "model/jinja_methods.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

/// Where a slice's bounds lie in a sequence of `length` elements, as slice.indices() says.
struct SliceBounds {
  int64_t start, stop, step, count;
};

int64_t clamp_index(int64_t index, int64_t length, int64_t step) {
  if (index < 0) index = std::max<int64_t>(index + length, step < 0 ? -1 : 0);
  return std::min(index, step < 0 ? length - 1 : length);
}

SliceBounds slice_bounds(JinjaRun& run, int64_t length, const JinjaValue& start, const JinjaValue& stop,
                         const JinjaValue& step) {
  const auto integer = [&](const JinjaValue& v) {
    run.check_defined(v);
    const auto i = v.as_integer();
    if (!i) run.fail("slice indices must be integers or None, got ", v.type_name());
    return *i;
  };
  SliceBounds b{};
  b.step = step.is_none() ? 1 : std::clamp<int64_t>(integer(step), -INT64_MAX, INT64_MAX);
  if (b.step == 0) run.fail("slice step cannot be zero");
  b.start = start.is_none() ? (b.step < 0 ? length - 1 : 0) : clamp_index(integer(start), length, b.step);
  b.stop = stop.is_none() ? (b.step < 0 ? -1 : length) : clamp_index(integer(stop), length, b.step);
  if (b.step > 0)
    b.count = b.start < b.stop ? (b.stop - b.start - 1) / b.step + 1 : 0;
  else
    b.count = b.stop < b.start ? (b.start - b.stop - 1) / -b.step + 1 : 0;
  return b;
}

JinjaValue slice_text(JinjaRun& run, const JinjaText& text, const SliceBounds& b) {
  run.step(b.count / 64);
  if (b.step == 1 && b.count > 0) {
    const std::string_view all = text.text;
    const size_t begin = text.is_ascii() ? size_t(b.start) : jinja_byte_of(all, size_t(b.start));
    const std::string_view rest = all.substr(begin);
    const size_t length = text.is_ascii() ? size_t(b.count) : jinja_byte_of(rest, size_t(b.count));
    return run.text(std::string(rest.substr(0, length)), text.markup);
  }
  std::string result;
  const std::vector<std::string_view> chars = jinja_chars(text.text);
  for (int64_t i = 0; i < b.count; ++i) result += chars[size_t(b.start + i * b.step)];
  return run.text(std::move(result), text.markup);
}

/// value[index] of a text, list or tuple; nothing if it is out of range.
std::optional<JinjaValue> element(JinjaRun& run, const JinjaValue& value, int64_t index) {
  const int64_t length = *jinja_length(value);
  if (index < 0) index += length;
  if (index < 0 || index >= length) return std::nullopt;
  if (value.sequence()) return value.sequence()->items[size_t(index)];
  const JinjaText& text = *value.text();
  const size_t at = text.is_ascii() ? size_t(index) : jinja_byte_of(text.text, size_t(index));
  const size_t size = jinja_char_length(std::string_view(text.text).substr(at));
  return run.text(text.text.substr(at, size), text.markup);
}

/// value[key] as Python has it, or nothing.
std::optional<JinjaValue> find_item(JinjaRun& run, const JinjaValue& value, const JinjaValue& key) {
  if (value.dict()) {
    const JinjaValue* found = jinja_hashable(key) ? value.dict()->find(key) : nullptr;
    return found ? std::optional(*found) : std::nullopt;
  }
  if (value.object()) return value.object()->item(run, key);
  const auto index = key.as_integer();
  return index && (value.text() || value.sequence()) ? element(run, value, *index) : std::nullopt;
}

std::string describe(const JinjaValue& value) {
  return value.is_none() ? "None" : concat(value.type_name(), " object");
}

}  // namespace

JinjaValue jinja_missing(JinjaRun& run, const JinjaValue& value, const JinjaValue& key) {
  if (!key.text()) return run.undefined(describe(value), " has no element ", jinja_repr(run, key));
  return run.undefined("'", describe(value), "' has no attribute ", jinja_quote(key.text()->text));
}

JinjaValue jinja_attribute(JinjaRun& run, const JinjaValue& value, std::string_view name) {
  run.check_defined(value);
  if (auto own = jinja_own_attribute(run, value, name)) return *own;
  if (value.dict()) {
    if (const JinjaValue* item = value.dict()->find(name)) return *item;
  } else if (value.object()) {
    if (auto item = value.object()->item(run, run.text(std::string(name)))) return *item;
  }
  return jinja_missing(run, value, run.text(std::string(name)));
}

JinjaValue jinja_item(JinjaRun& run, const JinjaValue& value, const JinjaValue& key) {
  run.check_defined(value);
  if (auto item = find_item(run, value, key)) return *item;
  if (key.text())
    if (auto own = jinja_own_attribute(run, value, key.text()->text)) return *own;
  return jinja_missing(run, value, key);
}

JinjaValue jinja_slice(JinjaRun& run, const JinjaValue& value, const JinjaValue& start,
                       const JinjaValue& stop, const JinjaValue& step) {
  run.check_defined(value);
  auto* range = dynamic_cast<JinjaRange*>(value.object());
  if (!value.text() && !value.sequence() && !range)
    run.fail(value.dict() ? "unhashable type: 'slice'"
                          : concat("'", value.type_name(), "' object is not subscriptable"));
  const SliceBounds b = slice_bounds(run, *jinja_length(value), start, stop, step);
  if (range) return static_cast<JinjaObject*>(range->slice(run, b.start, b.stop, b.step));
  if (value.text()) return slice_text(run, *value.text(), b);
  run.step(b.count);
  std::vector<JinjaValue> items;
  for (int64_t i = 0; i < b.count; ++i)
    items.push_back(value.sequence()->items[size_t(b.start + i * b.step)]);
  return value.tuple() ? run.tuple(std::move(items)) : run.list(std::move(items));
}

}  // namespace hone
