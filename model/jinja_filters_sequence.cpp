// Filters of lists and dicts: length, first, last, reverse, slice, batch, items, sum, default, attr.
#include <algorithm>

#include "model/jinja_filters.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

JinjaValue length(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "length", args, {}, 0);
  const auto size = jinja_length(value);
  if (!size) run.fail("object of type '", value.type_name(), "' has no len()");
  return *size;
}

JinjaValue first(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "first", args, {}, 0);
  JinjaValue element;
  return jinja_iterate(run, value)(element) ? element : run.undefined("No first item, sequence was empty.");
}

/// reversed(value), or null for what Python cannot reverse.
JinjaNext reversed(JinjaRun& run, const JinjaValue& value) {
  if (value.is_undefined()) return [](JinjaValue&) { return false; };
  if (value.object()) return value.object()->reversed(run);
  if (!value.text() && !value.sequence() && !value.dict()) return nullptr;
  std::vector<JinjaValue> elements = jinja_elements(run, value);
  return [elements = std::move(elements), left = size_t{0}, begun = false](JinjaValue& value_) mutable {
    if (!std::exchange(begun, true)) left = elements.size();
    if (left == 0) return false;
    value_ = elements[--left];
    return true;
  };
}

JinjaValue last(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "last", args, {}, 0);
  const JinjaNext next = reversed(run, value);
  if (!next) run.fail("'", value.type_name(), "' object is not reversible");
  JinjaValue element;
  return next(element) ? element : run.undefined("No last item, sequence was empty.");
}

JinjaValue reverse(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "reverse", args, {}, 0);
  if (value.text()) {
    std::string text;
    const std::vector<std::string_view> chars = jinja_chars(value.text()->text);
    for (auto c = chars.rbegin(); c != chars.rend(); ++c) text += *c;
    return run.text(std::move(text), value.text()->markup);
  }
  if (JinjaNext next = reversed(run, value))
    return run.generator(std::move(next), value.list() ? "list_reverseiterator" : "reversed");
  if (!jinja_iterable(run, value)) run.fail("argument must be iterable");
  std::vector<JinjaValue> elements = jinja_elements(run, value);
  std::reverse(elements.begin(), elements.end());
  return run.list(std::move(elements));
}

JinjaValue list(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "list", args, {}, 0);
  return run.list(jinja_elements(run, value));
}

JinjaValue slice(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "slice", args, {"slices", "fill_with"}, 1);
  const int64_t slices = jinja_integer(run, "slice()", *bound[0]);
  if (slices == 0) run.fail("integer division or modulo by zero");
  return run.generator([&run, elements = jinja_elements(run, value), slices,
                        fill = bound[1].value_or(JinjaValue()), number = int64_t{0},
                        offset = int64_t{0}](JinjaValue& value_) mutable {
    if (number >= slices) return false;
    const auto size = int64_t(elements.size());
    const int64_t share = size / slices, with_extra = size % slices;
    const int64_t begin = offset + number * share;
    if (number < with_extra) ++offset;
    const int64_t end = offset + (number + 1) * share;
    std::vector<JinjaValue> part(elements.begin() + begin, elements.begin() + end);
    if (!fill.is_none() && number >= with_extra) part.push_back(fill);
    run.step();
    ++number;
    value_ = run.list(std::move(part));
    return true;
  });
}

JinjaValue batch(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "batch", args, {"linecount", "fill_with"}, 1);
  const int64_t count = jinja_integer(run, "batch()", *bound[0]);
  // What is over from the last batch is kept: a count of 0 or less never cuts, as in Jinja.
  return run.generator([&run, next = jinja_iterate(run, value), count, fill = bound[1].value_or(JinjaValue()),
                        held = std::optional<JinjaValue>(), begun = false](JinjaValue& value_) mutable {
    std::vector<JinjaValue> part;
    if (count == 0 && !std::exchange(begun, true)) {
      JinjaValue element;
      if (!next(element)) return false;
      held = element;
      value_ = run.list({});
      return true;
    }
    if (held) part.push_back(*std::exchange(held, std::nullopt));
    for (JinjaValue element; next(element);) {
      run.step();
      if (int64_t(part.size()) == count) {
        held = element;
        value_ = run.list(std::move(part));
        return true;
      }
      part.push_back(element);
    }
    if (part.empty()) return false;
    if (!fill.is_none() && int64_t(part.size()) < count) {
      run.reserve((count - int64_t(part.size())) / 2 * int64_t(sizeof(JinjaValue)));
      part.resize(size_t(count), fill);
    }
    value_ = run.list(std::move(part));
    return true;
  });
}

JinjaValue items(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "items", args, {}, 0);
  return run.generator([&run, value, i = size_t{0}](JinjaValue& value_) mutable {
    if (value.is_undefined()) return false;
    if (!value.dict()) run.fail("Can only get item pairs from a mapping.");
    if (i == value.dict()->size()) return false;
    const auto& [key, item] = value.dict()->items()[i++];
    value_ = run.tuple({key, item});
    return true;
  });
}

JinjaValue sum(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "sum", args, {"attribute", "start"}, 0);
  JinjaValue total = bound[1].value_or(JinjaValue(int64_t{0}));
  if (total.text()) run.fail("sum() can't sum strings [use ''.join(seq) instead]");
  const JinjaPath path(run, bound[0].value_or(JinjaValue()));
  const JinjaNext next = jinja_iterate(run, value);
  for (JinjaValue element; next(element);) {
    run.step();
    total = jinja_binary(run, "+", total, path.read(run, element));
  }
  return total;
}

JinjaValue default_value(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "default", args, {"default_value", "boolean"}, 0);
  const bool boolean = bound[1] && bound[1]->truth();
  if (!value.is_undefined() && !(boolean && !value.truth())) return value;
  return bound[0] ? *bound[0] : run.text("");
}

JinjaValue attribute(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "attr", args, {"name"}, 1);
  const std::string& name = jinja_string(run, "attr()", *bound[0]);
  run.check_defined(value);
  const auto own = jinja_own_attribute(run, value, name);
  return own ? *own : jinja_missing(run, value, *bound[0]);
}

}  // namespace

JinjaFilterTable jinja_sequence_filters() {
  return {{"length", length},   {"count", length}, {"first", first},           {"last", last},
          {"reverse", reverse}, {"list", list},    {"slice", slice},           {"batch", batch},
          {"items", items},     {"sum", sum},      {"default", default_value}, {"d", default_value},
          {"attr", attribute}};
}

}  // namespace hone
