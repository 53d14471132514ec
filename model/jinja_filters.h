// Filters (value | name(arguments)) and tests (value is name(arguments)): all of Jinja 3.1's, with
// transformers' tojson. `random` is refused, since a prompt must not depend on chance, and so is `urlize`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/jinja_run.h"

namespace hone {

using JinjaFilter = JinjaValue (*)(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args);

JinjaFilter find_jinja_filter(std::string_view name);  // null if there is none
JinjaFilter find_jinja_test(std::string_view name);
std::vector<std::string> jinja_filter_names();
std::vector<std::string> jinja_test_names();

/// "No filter named 'x' found; did you mean 'y'?"
std::string jinja_unknown(std::string_view what, std::string_view name,
                          const std::vector<std::string>& known);
/// Calls by name; an unknown one fails with the nearest name.
JinjaValue call_jinja_filter(JinjaRun& run, const std::string& name, const JinjaValue& value,
                             const JinjaArgs& args);
JinjaValue call_jinja_test(JinjaRun& run, const std::string& name, const JinjaValue& value,
                           const JinjaArgs& args);

struct JinjaFilterEntry {
  std::string_view name;
  JinjaFilter filter;
};
using JinjaFilterTable = std::vector<JinjaFilterEntry>;
JinjaFilterTable jinja_text_filters();      // of texts
JinjaFilterTable jinja_layout_filters();    // that break, pad and shorten texts
JinjaFilterTable jinja_number_filters();    // of numbers
JinjaFilterTable jinja_markup_filters();    // for HTML and URLs
JinjaFilterTable jinja_sequence_filters();  // of lists and dicts
JinjaFilterTable jinja_choice_filters();    // map, select and their kin
JinjaFilterTable jinja_order_filters();     // sort, unique, min, max, groupby

/// Reads "a.b.0" of an element, as filters with an attribute do.
class JinjaPath {
 public:
  JinjaPath(JinjaRun& run, const JinjaValue& attribute);
  JinjaValue read(JinjaRun& run, JinjaValue value, const JinjaValue* fallback = nullptr) const;

 private:
  std::vector<JinjaValue> parts_;
};

/// Strings in lower case, everything else as it is.
JinjaValue jinja_ignore_case(JinjaRun& run, const JinjaValue& value);
/// As the filter `string`: escaped text stays escaped.
JinjaValue jinja_soft_text(JinjaRun& run, const JinjaValue& value);

}  // namespace hone
