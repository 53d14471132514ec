// Python's operators on values: arithmetic, order, membership, subscripts and slices.
#pragma once

#include <string_view>

#include "model/jinja_run.h"

namespace hone {

/// a + b, a - b, ...: `op` is + - * / // % or **. Integers are 64 bits; what does not fit fails.
JinjaValue jinja_binary(JinjaRun& run, std::string_view op, const JinjaValue& a, const JinjaValue& b);
JinjaValue jinja_power(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);
JinjaValue jinja_negate(JinjaRun& run, const JinjaValue& a);
JinjaValue jinja_plus(JinjaRun& run, const JinjaValue& a);

/// a < b as Python orders values; types without an order fail. `op` (< <= > >=) is for the message and
/// decides ties.
bool jinja_ordered(JinjaRun& run, std::string_view op, const JinjaValue& a, const JinjaValue& b);
bool jinja_equals(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);
bool jinja_contains(JinjaRun& run, const JinjaValue& container, const JinjaValue& value);

/// `a` repeated or joined within the limits.
JinjaValue jinja_add(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);

/// value.name: an attribute or method, else an item. value[key]: an item, else an attribute. Undefined if
/// there is neither.
JinjaValue jinja_attribute(JinjaRun& run, const JinjaValue& value, std::string_view name);
JinjaValue jinja_item(JinjaRun& run, const JinjaValue& value, const JinjaValue& key);
/// value[start:stop:step]; a bound that is none is left out.
JinjaValue jinja_slice(JinjaRun& run, const JinjaValue& value, const JinjaValue& start,
                       const JinjaValue& stop, const JinjaValue& step);

/// The attribute or method of a value, without its items; nothing if there is none.
std::optional<JinjaValue> jinja_own_attribute(JinjaRun& run, const JinjaValue& value, std::string_view name);
/// "'dict object' has no attribute 'x'", as an undefined value.
JinjaValue jinja_missing(JinjaRun& run, const JinjaValue& value, const JinjaValue& key);

}  // namespace hone
