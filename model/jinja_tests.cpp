#include "model/jinja_tests.h"

#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

using Check = bool (*)(JinjaRun& run, const JinjaValue& value);

/// A test without arguments.
template <Check kCheck>
JinjaValue plain(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "this test", args, {}, 0);
  return kCheck(run, value);
}

bool is_undefined(JinjaRun&, const JinjaValue& v) { return v.is_undefined(); }
bool is_defined(JinjaRun&, const JinjaValue& v) { return !v.is_undefined(); }
bool is_none(JinjaRun&, const JinjaValue& v) { return v.is_none(); }
bool is_boolean(JinjaRun&, const JinjaValue& v) { return v.boolean().has_value(); }
bool is_true(JinjaRun&, const JinjaValue& v) { return v.boolean() && *v.boolean(); }
bool is_false(JinjaRun&, const JinjaValue& v) { return v.boolean() && !*v.boolean(); }
bool is_integer(JinjaRun&, const JinjaValue& v) { return v.integer() != nullptr; }
bool is_float(JinjaRun&, const JinjaValue& v) { return v.real() != nullptr; }
bool is_number(JinjaRun&, const JinjaValue& v) { return v.as_real().has_value(); }
bool is_string(JinjaRun&, const JinjaValue& v) { return v.is_text(); }
bool is_mapping(JinjaRun&, const JinjaValue& v) { return v.dict() != nullptr; }
bool is_escaped(JinjaRun&, const JinjaValue& v) { return v.text() && v.text()->markup; }
bool is_lower(JinjaRun& run, const JinjaValue& v) {
  return jinja_all(jinja_str(run, v), JinjaCharClass::kLower);
}
bool is_upper(JinjaRun& run, const JinjaValue& v) {
  return jinja_all(jinja_str(run, v), JinjaCharClass::kUpper);
}
bool is_iterable(JinjaRun& run, const JinjaValue& v) { return jinja_iterable(run, v); }
bool is_sequence(JinjaRun&, const JinjaValue& v) {
  return v.text() || v.sequence() || v.dict() || v.is_undefined() || dynamic_cast<JinjaRange*>(v.object());
}
/// An undefined value is, since it can be called to fail.
bool is_callable(JinjaRun&, const JinjaValue& v) {
  return v.is_undefined() || (v.object() && v.object()->is_callable());
}
bool is_filter(JinjaRun&, const JinjaValue& v) { return v.text() && find_jinja_filter(v.text()->text); }
bool is_test(JinjaRun&, const JinjaValue& v) { return v.text() && find_jinja_test(v.text()->text); }
bool is_odd(JinjaRun& run, const JinjaValue& v) {
  return jinja_equal(jinja_binary(run, "%", v, int64_t{2}), int64_t{1});
}
bool is_even(JinjaRun& run, const JinjaValue& v) {
  return jinja_equal(jinja_binary(run, "%", v, int64_t{2}), int64_t{0});
}

JinjaValue divisible_by(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "divisibleby", args, {"num"}, 1);
  return jinja_equal(jinja_binary(run, "%", value, *bound[0]), int64_t{0});
}

JinjaValue same_as(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  return value.same_as(*jinja_bind(run, "sameas", args, {"other"}, 1)[0]);
}

JinjaValue is_in(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  return jinja_contains(run, *jinja_bind(run, "in", args, {"seq"}, 1)[0], value);
}

template <bool kEqual>
JinjaValue equals(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  return jinja_equals(run, value, *jinja_bind(run, "eq", args, {"/b"}, 1)[0]) == kEqual;
}

enum class Order { kLess, kLessEqual, kGreater, kGreaterEqual };

template <Order kOrder>
JinjaValue ordered(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  constexpr std::string_view op = kOrder == Order::kLess        ? "<"
                                  : kOrder == Order::kLessEqual ? "<="
                                  : kOrder == Order::kGreater   ? ">"
                                                                : ">=";
  return jinja_ordered(run, op, value, *jinja_bind(run, op, args, {"/b"}, 1)[0]);
}

}  // namespace

JinjaFilterTable jinja_tests() {
  using O = Order;
  return {{"undefined", plain<is_undefined>},
          {"defined", plain<is_defined>},
          {"none", plain<is_none>},
          {"boolean", plain<is_boolean>},
          {"true", plain<is_true>},
          {"false", plain<is_false>},
          {"integer", plain<is_integer>},
          {"float", plain<is_float>},
          {"number", plain<is_number>},
          {"string", plain<is_string>},
          {"mapping", plain<is_mapping>},
          {"escaped", plain<is_escaped>},
          {"lower", plain<is_lower>},
          {"upper", plain<is_upper>},
          {"iterable", plain<is_iterable>},
          {"sequence", plain<is_sequence>},
          {"callable", plain<is_callable>},
          {"filter", plain<is_filter>},
          {"test", plain<is_test>},
          {"odd", plain<is_odd>},
          {"even", plain<is_even>},
          {"divisibleby", divisible_by},
          {"sameas", same_as},
          {"in", is_in},
          {"==", equals<true>},
          {"eq", equals<true>},
          {"equalto", equals<true>},
          {"!=", equals<false>},
          {"ne", equals<false>},
          {"<", ordered<O::kLess>},
          {"lt", ordered<O::kLess>},
          {"lessthan", ordered<O::kLess>},
          {"<=", ordered<O::kLessEqual>},
          {"le", ordered<O::kLessEqual>},
          {">", ordered<O::kGreater>},
          {"gt", ordered<O::kGreater>},
          {"greaterthan", ordered<O::kGreater>},
          {">=", ordered<O::kGreaterEqual>},
          {"ge", ordered<O::kGreaterEqual>}};
}

}  // namespace hone
