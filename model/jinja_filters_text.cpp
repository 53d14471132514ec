// Filters of texts: cases, trimming, replacing, joining, formatting, tojson.
#include <algorithm>

#include "model/jinja_filters.h"
#include "model/jinja_format.h"
#include "model/jinja_json.h"
#include "model/jinja_methods.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

template <std::string (*kChange)(std::string_view)>
JinjaValue change(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "this filter", args, {}, 0);
  const JinjaValue text = jinja_soft_text(run, value);
  return run.text(kChange(text.text()->text), text.text()->markup);
}

/// Words begin after blanks, "-" and opening brackets, unlike in str.title().
std::string title(std::string_view text) {
  const auto is_separator = [](std::string_view c) {
    return jinja_space_length(c) || c == "-" || c == "(" || c == "{" || c == "[" || c == "<";
  };
  std::string result, word;
  const auto flush = [&] {
    const size_t first = jinja_char_length(word);
    result += jinja_upper(std::string_view(word).substr(0, first)) +
              jinja_lower(std::string_view(word).substr(first));
    word.clear();
  };
  for (const std::string_view c : jinja_chars(text)) {
    if (is_separator(c)) {
      flush();
      result += c;
    } else {
      word += c;
    }
  }
  flush();
  return result;
}

JinjaValue trim(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "trim", args, {"chars"}, 0);
  const JinjaValue text = jinja_soft_text(run, value);
  const std::string_view all = text.text()->text;
  const std::string_view kept = bound[0] && !bound[0]->is_none()
                                    ? jinja_strip(all, jinja_string(run, "trim()", *bound[0]), true, true)
                                    : jinja_lstrip(jinja_rstrip(all));
  return run.text(std::string(kept), text.text()->markup);
}

JinjaValue replace(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "replace", args, {"old", "new", "count"}, 2);
  const int64_t count = bound[2] && !bound[2]->is_none() ? jinja_integer(run, "replace()", *bound[2]) : -1;
  return jinja_replace(run, jinja_str(run, value), jinja_str(run, *bound[0]), jinja_str(run, *bound[1]),
                       count, false);
}

JinjaValue join(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "join", args, {"d", "attribute"}, 0);
  const std::string separator = bound[0] ? jinja_str(run, *bound[0]) : "";
  JinjaNext next = jinja_iterate(run, value);
  if (bound[1] && !bound[1]->is_none())
    next = [&run, inner = std::move(next), path = JinjaPath(run, *bound[1])](JinjaValue& value_) {
      if (!inner(value_)) return false;
      value_ = path.read(run, value_);
      return true;
    };
  return jinja_join(run, JinjaText{separator, jinja_count_chars(separator)}, next, false);
}

JinjaValue format(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  if (!args.positional.empty() && !args.named.empty())
    run.fail("can't handle positional and keyword arguments at the same time");
  const JinjaValue text = jinja_soft_text(run, value);
  if (args.named.empty()) return jinja_percent(run, text, run.tuple(args.positional));
  JinjaDict named;
  for (const auto& [name, argument] : args.named) run.set(named, run.text(name), argument);
  return jinja_percent(run, text, run.dict(std::move(named)));
}

JinjaValue string(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "string", args, {}, 0);
  return jinja_soft_text(run, value);
}

JinjaValue word_count(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "wordcount", args, {}, 0);
  const JinjaValue text = jinja_soft_text(run, value);
  int64_t words = 0;
  bool in_word = false;
  for (const std::string_view c : jinja_chars(text.text()->text)) {
    const bool is_word = jinja_word_length(c) > 0;
    words += is_word && !in_word;
    in_word = is_word;
  }
  return words;
}

/// `value` with its dicts in the order of their keys, as pprint has them.
JinjaValue with_sorted_keys(JinjaRun& run, const JinjaValue& value) {
  const JinjaRun::Deeper deeper(run);
  if (value.sequence()) {
    std::vector<JinjaValue> items;
    for (const JinjaValue& item : value.sequence()->items) items.push_back(with_sorted_keys(run, item));
    return value.tuple() ? run.tuple(std::move(items)) : run.list(std::move(items));
  }
  if (!value.dict()) return value;
  auto items = value.dict()->items();
  std::stable_sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
    const bool both = a.first.text() && b.first.text();
    return both ? a.first.text()->text < b.first.text()->text
                : jinja_repr(run, a.first) < jinja_repr(run, b.first);
  });
  JinjaDict sorted;
  for (const auto& [key, item] : items) run.set(sorted, key, with_sorted_keys(run, item));
  return run.dict(std::move(sorted));
}

JinjaValue pretty_print(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "pprint", args, {}, 0);
  const std::string text = jinja_repr(run, with_sorted_keys(run, value));
  const bool breaks = (value.sequence() || value.dict() || value.text()) && jinja_count_chars(text) > 80;
  if (breaks)
    run.fail("pprint: values of more than one line of 80 characters are not supported; use tojson(indent=2)");
  return run.text(text);
}

}  // namespace

JinjaFilterTable jinja_text_filters() {
  return {{"upper", change<jinja_upper>},
          {"lower", change<jinja_lower>},
          {"capitalize", change<jinja_capitalize>},
          {"title", change<title>},
          {"trim", trim},
          {"replace", replace},
          {"join", join},
          {"format", format},
          {"string", string},
          {"wordcount", word_count},
          {"tojson", jinja_to_json},
          {"pprint", pretty_print}};
}

}  // namespace hone
