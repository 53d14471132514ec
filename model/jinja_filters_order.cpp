// sort, dictsort, unique, min, max and groupby. Strings are compared without their case unless asked.
#include <algorithm>

#include "model/jinja_filters.h"
#include "model/jinja_operators.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

struct Keyed {
  JinjaValue key, value;
};

/// Stable; `reverse` keeps equal ones in their order, as Python does.
void sort_keyed(JinjaRun& run, std::vector<Keyed>& elements_, bool reverse) {
  std::stable_sort(elements_.begin(), elements_.end(), [&](const Keyed& a, const Keyed& b) {
    run.step();
    return reverse ? jinja_ordered(run, "<", b.key, a.key) : jinja_ordered(run, "<", a.key, b.key);
  });
}

JinjaValue values_of(JinjaRun& run, const std::vector<Keyed>& elements) {
  std::vector<JinjaValue> values;
  for (const Keyed& element : elements) values.push_back(element.value);
  return run.list(std::move(values));
}

bool flag(const std::optional<JinjaValue>& value) { return value && value->truth(); }

/// Python's sorted() takes integers only, and looks at `reverse` even if there is nothing to sort.
bool reverse_flag(JinjaRun& run, const std::optional<JinjaValue>& value) {
  if (value && !value->as_integer()) run.fail("'", value->type_name(), "' object cannot be interpreted as an integer");
  return flag(value);
}

JinjaValue sort(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "sort", args, {"reverse", "case_sensitive", "attribute"}, 0);
  std::vector<JinjaPath> paths;  // "a,b.c" sorts by several
  if (bound[2] && bound[2]->text()) {
    std::string_view rest = bound[2]->text()->text;
    for (size_t comma = 0; comma != std::string_view::npos;) {
      comma = rest.find(',');
      paths.emplace_back(run, run.text(std::string(rest.substr(0, comma))));
      if (comma != std::string_view::npos) rest.remove_prefix(comma + 1);
    }
  } else {
    paths.emplace_back(run, bound[2].value_or(JinjaValue()));
  }
  std::vector<Keyed> elements;
  for (const JinjaValue& element : jinja_elements(run, value)) {
    std::vector<JinjaValue> keys;
    for (const JinjaPath& path : paths) {
      const JinjaValue key = path.read(run, element);
      keys.push_back(flag(bound[1]) ? key : jinja_ignore_case(run, key));
    }
    elements.push_back({run.list(std::move(keys)), element});
  }
  sort_keyed(run, elements, reverse_flag(run, bound[0]));
  return values_of(run, elements);
}

JinjaValue dict_sort(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "dictsort", args, {"case_sensitive", "by", "reverse"}, 0);
  const std::string by = bound[1] ? jinja_string(run, "dictsort()", *bound[1]) : "key";
  if (by != "key" && by != "value") run.fail("You can only sort by either \"key\" or \"value\"");
  run.check_defined(value);
  if (!value.dict()) run.fail("'", value.type_name(), "' object has no attribute 'items'");
  std::vector<Keyed> elements;
  for (const auto& [key, item] : value.dict()->items()) {
    const JinjaValue& seen = by == "key" ? key : item;
    elements.push_back({flag(bound[0]) ? seen : jinja_ignore_case(run, seen), run.tuple({key, item})});
  }
  sort_keyed(run, elements, reverse_flag(run, bound[2]));
  return values_of(run, elements);
}

JinjaValue unique(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "unique", args, {"case_sensitive", "attribute"}, 0);
  const bool exact = flag(bound[0]);
  return run.generator([&run, next = jinja_iterate(run, value),
                        path = JinjaPath(run, bound[1].value_or(JinjaValue())), exact,
                        seen = JinjaDict()](JinjaValue& value_) mutable {
    for (JinjaValue element; next(element);) {
      run.step();
      JinjaValue key = path.read(run, element);
      if (!exact) key = jinja_ignore_case(run, key);
      if (!jinja_hashable(key)) run.fail("unhashable type: '", key.type_name(), "'");
      if (seen.find(key)) continue;
      run.set(seen, key, JinjaValue());
      value_ = element;
      return true;
    }
    return false;
  });
}

template <bool kMax>
JinjaValue extreme(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, kMax ? "max" : "min", args, {"case_sensitive", "attribute"}, 0);
  const JinjaPath path(run, bound[1].value_or(JinjaValue()));
  const JinjaNext next = jinja_iterate(run, value);
  std::optional<Keyed> best;
  for (JinjaValue element; next(element);) {
    run.step();
    JinjaValue key = path.read(run, element);
    if (!flag(bound[0])) key = jinja_ignore_case(run, key);
    if (!best || jinja_ordered(run, kMax ? ">" : "<", key, best->key)) best = Keyed{key, element};
  }
  return best ? best->value : run.undefined("No aggregated item, sequence was empty.");
}

JinjaValue group_by(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "groupby", args, {"attribute", "default", "case_sensitive"}, 1);
  const JinjaPath path(run, *bound[0]);
  const JinjaValue* fallback = bound[1] && !bound[1]->is_none() ? &*bound[1] : nullptr;
  std::vector<Keyed> elements;
  for (const JinjaValue& element : jinja_elements(run, value)) {
    const JinjaValue key = path.read(run, element, fallback);
    elements.push_back({flag(bound[2]) ? key : jinja_ignore_case(run, key), element});
  }
  sort_keyed(run, elements, false);
  std::vector<JinjaValue> groups;
  for (size_t i = 0; i < elements.size();) {
    const JinjaValue key = elements[i].key;
    const JinjaValue shown = path.read(run, elements[i].value, fallback);
    std::vector<JinjaValue> members;
    for (; i < elements.size() && jinja_equals(run, elements[i].key, key); ++i)
      members.push_back(elements[i].value);
    if (members.empty()) members.push_back(elements[i++].value);  // a nan equals nothing, not even itself
    groups.push_back(run.group(shown, run.list(std::move(members))));
  }
  return run.list(std::move(groups));
}

}  // namespace

JinjaFilterTable jinja_order_filters() {
  return {{"sort", sort},          {"dictsort", dict_sort}, {"unique", unique},
          {"min", extreme<false>}, {"max", extreme<true>},  {"groupby", group_by}};
}

}  // namespace hone
