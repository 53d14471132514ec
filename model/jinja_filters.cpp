// Finding filters and tests by name.
#include "model/jinja_filters.h"

#include <charconv>
#include <map>

#include "core/document.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_tests.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

using Table = std::map<std::string_view, JinjaFilter>;

const Table& filters() {
  static const Table table = [] {
    Table all;
    for (const JinjaFilterTable& part :
         {jinja_text_filters(), jinja_layout_filters(), jinja_number_filters(), jinja_markup_filters(),
          jinja_sequence_filters(), jinja_choice_filters(), jinja_order_filters()})
      for (const JinjaFilterEntry& entry : part) all[entry.name] = entry.filter;
    return all;
  }();
  return table;
}

const Table& tests() {
  static const Table table = [] {
    Table all;
    for (const JinjaFilterEntry& entry : jinja_tests()) all[entry.name] = entry.filter;
    return all;
  }();
  return table;
}

JinjaFilter find(const Table& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> result;
  for (const auto& entry : table) result.emplace_back(entry.first);
  return result;
}

}  // namespace

JinjaFilter find_jinja_filter(std::string_view name) { return find(filters(), name); }
JinjaFilter find_jinja_test(std::string_view name) { return find(tests(), name); }
std::vector<std::string> jinja_filter_names() { return names(filters()); }
std::vector<std::string> jinja_test_names() { return names(tests()); }

std::string jinja_unknown(std::string_view what, std::string_view name,
                          const std::vector<std::string>& known) {
  const std::string near = nearest_name(name, known);
  return concat("No ", what, " named '", name, "' found",
                near.empty() ? "" : concat("; did you mean '", near, "'?"));
}

JinjaValue call_jinja_filter(JinjaRun& run, const std::string& name, const JinjaValue& value,
                             const JinjaArgs& args) {
  const JinjaFilter filter = find_jinja_filter(name);
  if (!filter) run.fail(jinja_unknown("filter", name, jinja_filter_names()));
  return filter(run, value, args);
}

JinjaValue call_jinja_test(JinjaRun& run, const std::string& name, const JinjaValue& value,
                           const JinjaArgs& args) {
  const JinjaFilter test = find_jinja_test(name);
  if (!test) run.fail(jinja_unknown("test", name, jinja_test_names()));
  return test(run, value, args);
}

JinjaPath::JinjaPath(JinjaRun& run, const JinjaValue& attribute) {
  if (attribute.is_none()) return;
  if (!attribute.text()) {
    parts_.push_back(attribute);
    return;
  }
  std::string_view rest = attribute.text()->text;
  for (bool more = true; more;) {
    const size_t dot = rest.find('.');
    more = dot != std::string_view::npos;
    const std::string_view part = rest.substr(0, dot);
    int64_t index = 0;
    const auto parsed = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool is_index = jinja_all(part, JinjaCharClass::kDigit) && parsed.ec == std::errc() &&
                          parsed.ptr == part.data() + part.size();
    parts_.push_back(is_index ? JinjaValue(index) : run.text(std::string(part)));
    if (more) rest.remove_prefix(dot + 1);
  }
}

JinjaValue JinjaPath::read(JinjaRun& run, JinjaValue value, const JinjaValue* fallback) const {
  for (const JinjaValue& part : parts_) {
    value = jinja_item(run, value, part);
    if (fallback && value.is_undefined()) value = *fallback;
  }
  return value;
}

JinjaValue jinja_ignore_case(JinjaRun& run, const JinjaValue& value) {
  return value.text() ? run.text(jinja_lower(value.text()->text)) : value;
}

JinjaValue jinja_soft_text(JinjaRun& run, const JinjaValue& value) {
  return value.text() ? value : run.text(jinja_str(run, value));
}

}  // namespace hone
