// Making values within the limits, binding arguments, going through values.
#include "model/jinja_run.h"

#include <algorithm>

#include "model/jinja_unicode.h"

namespace hone {

JinjaValue JinjaRun::text(std::string text, bool markup) {
  charge(text.size() + 16);
  const size_t length = jinja_count_chars(text);
  return std::make_shared<const JinjaText>(JinjaText{std::move(text), length, markup});
}

void JinjaRun::check_size(int depth, int64_t weight) const {
  if (depth > limits_.data_depth) fail("lists and dicts nested more than ", limits_.data_depth, " deep");
  if (weight > limits_.data_weight) fail("more than ", limits_.data_weight, " values within one");
}

JinjaValue JinjaRun::sequence(JinjaSequence sequence) {
  charge(sequence.items.size() * sizeof(JinjaValue) + 16);
  for (const JinjaValue& item : sequence.items) {
    sequence.depth = std::max(sequence.depth, item.depth() + 1);
    sequence.weight += item.weight();
    check_size(sequence.depth, sequence.weight);
  }
  return std::make_shared<const JinjaSequence>(std::move(sequence));
}

JinjaValue JinjaRun::list(std::vector<JinjaValue> items) { return sequence({.items = std::move(items)}); }

JinjaValue JinjaRun::tuple(std::vector<JinjaValue> items) {
  return sequence({.items = std::move(items), .is_tuple = true});
}

JinjaValue JinjaRun::group(JinjaValue grouper, JinjaValue list) {
  return sequence({.items = {std::move(grouper), std::move(list)}, .is_tuple = true, .is_group = true});
}

JinjaValue JinjaRun::dict(JinjaDict dict) {
  charge(dict.size() * 2 * sizeof(JinjaValue) + 16);
  check_size(dict.depth(), dict.weight());
  return std::make_shared<const JinjaDict>(std::move(dict));
}

void JinjaRun::set(JinjaDict& dict_, JinjaValue key, JinjaValue value) {
  if (!jinja_hashable(key)) fail("unhashable type: '", key.type_name(), "'");
  step();
  dict_.set(std::move(key), std::move(value));
  check_size(dict_.depth(), dict_.weight());
}

JinjaBound jinja_bind(const JinjaRun& run, std::string_view function, const JinjaArgs& args,
                      std::initializer_list<std::string_view> names, size_t required) {
  JinjaBound bound(names.size());
  if (args.positional.size() > names.size())
    run.fail(function, "() takes at most ", names.size(), " arguments (", args.positional.size(), " given)");
  for (size_t i = 0; i < args.positional.size(); ++i) bound[i] = args.positional[i];
  for (const auto& [name, value] : args.named) {
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end() || name.starts_with('/'))
      run.fail(function, "() got an unexpected keyword argument '", name, "'");
    auto& slot = bound[size_t(found - names.begin())];
    if (slot) run.fail(function, "() got multiple values for argument '", name, "'");
    slot = value;
  }
  for (size_t i = 0; i < required; ++i) {
    if (bound[i]) continue;
    const std::string_view name = names.begin()[i];
    run.fail(function, "() missing a required argument: '", name.substr(name.starts_with('/')), "'");
  }
  return bound;
}

int64_t jinja_integer(const JinjaRun& run, std::string_view what, const JinjaValue& value) {
  run.check_defined(value);
  const auto integer = value.as_integer();
  if (!integer) run.fail(what, ": '", value.type_name(), "' object cannot be interpreted as an integer");
  return *integer;
}

const std::string& jinja_string(const JinjaRun& run, std::string_view what, const JinjaValue& value) {
  run.check_defined(value);
  if (!value.text()) run.fail(what, ": got ", value.type_name(), ", expected a string");
  return value.text()->text;
}

namespace {

/// Goes through a text by characters. `value` keeps it alive.
JinjaNext iterate_text(JinjaRun& run, const JinjaValue& value) {
  return [&run, value, at = size_t{0}](JinjaValue& value_) mutable {
    const std::string& text = value.text()->text;
    if (at == text.size()) return false;
    const size_t length = jinja_char_length(std::string_view(text).substr(at));
    value_ = run.text(text.substr(at, length));
    at += length;
    return true;
  };
}

}  // namespace

JinjaNext jinja_iterate(JinjaRun& run, const JinjaValue& value) {
  if (value.text()) return iterate_text(run, value);
  if (value.sequence())
    return [items = value.sequence_ptr(), i = size_t{0}](JinjaValue& value_) mutable {
      if (i == items->items.size()) return false;
      value_ = items->items[i++];
      return true;
    };
  if (value.dict())
    return [dict = value.dict_ptr(), i = size_t{0}](JinjaValue& value_) mutable {
      if (i == dict->size()) return false;
      value_ = dict->items()[i++].first;
      return true;
    };
  if (value.is_undefined()) return [](JinjaValue&) { return false; };
  JinjaNext next = value.object() ? value.object()->iterate(run) : nullptr;
  if (!next) run.fail("'", value.type_name(), "' object is not iterable");
  return next;
}

bool jinja_iterable(JinjaRun& run, const JinjaValue& value) {
  if (value.object()) return value.object()->iterate(run) != nullptr;
  return value.text() || value.sequence() || value.dict() || value.is_undefined();
}

std::vector<JinjaValue> jinja_elements(JinjaRun& run, const JinjaValue& value) {
  std::vector<JinjaValue> elements;
  const JinjaNext next = jinja_iterate(run, value);
  for (JinjaValue element; next(element);) {
    run.step();
    run.charge(sizeof(JinjaValue));
    elements.push_back(std::move(element));
  }
  return elements;
}

std::optional<int64_t> jinja_length(const JinjaValue& value) {
  if (value.text()) return int64_t(value.text()->length);
  if (value.sequence()) return int64_t(value.sequence()->items.size());
  if (value.dict()) return int64_t(value.dict()->size());
  if (value.is_undefined()) return 0;
  return value.object() ? value.object()->length() : std::nullopt;
}

}  // namespace hone
