// Arithmetic, order and membership. Subscripts and slices are in jinja_subscript.cpp.
#include "model/jinja_operators.h"

#include <cmath>

#include "model/jinja_format.h"
#include "model/jinja_print.h"

namespace hone {
namespace {

[[noreturn]] void fail_operands(JinjaRun& run, std::string_view op, const JinjaValue& a,
                                const JinjaValue& b) {
  run.check_defined(a);
  run.check_defined(b);
  run.fail("unsupported operand type(s) for ", op, ": '", a.type_name(), "' and '", b.type_name(), "'");
}

/// What an overflow-checking builtin, such as __builtin_add_overflow, makes of a and b.
template <class Operation>
JinjaValue checked(JinjaRun& run, int64_t a, int64_t b, const Operation& overflows) {
  int64_t value = 0;
  if (overflows(a, b, &value)) run.fail("the result does not fit a 64-bit integer");
  return value;
}

JinjaValue subtract(JinjaRun& run, int64_t a, int64_t b) {
  return checked(run, a, b,
                 [](int64_t x, int64_t y, int64_t* value_) { return __builtin_sub_overflow(x, y, value_); });
}

JinjaValue multiply(JinjaRun& run, int64_t a, int64_t b) {
  return checked(run, a, b,
                 [](int64_t x, int64_t y, int64_t* value_) { return __builtin_mul_overflow(x, y, value_); });
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

JinjaValue divide_integers(JinjaRun& run, std::string_view op, int64_t a, int64_t b) {
  if (b == 0) run.fail(op == "/" ? "division by zero" : "integer division or modulo by zero");
  if (op == "/") return double(a) / double(b);
  if (b == -1) {  // the smallest integer has no negative
    return op == "%" ? JinjaValue(int64_t{0}) : subtract(run, 0, a);
  }
  if (op == "//") return floor_div(a, b);
  const int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

JinjaValue integers(JinjaRun& run, std::string_view op, int64_t a, int64_t b) {
  if (op == "+")
    return checked(run, a, b, [](int64_t x, int64_t y, int64_t* value_) {
      return __builtin_add_overflow(x, y, value_);
    });
  if (op == "-") return subtract(run, a, b);
  if (op == "*") return multiply(run, a, b);
  return divide_integers(run, op, a, b);
}

/// Python's float modulo: the sign is the divisor's.
double float_modulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest != 0) return (rest < 0) != (b < 0) ? rest + b : rest;
  return std::copysign(0.0, b);
}

double float_floor_div(double a, double b) {
  const double quotient = (a - float_modulo(a, b)) / b;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double floored = std::floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

JinjaValue reals(JinjaRun& run, std::string_view op, double a, double b) {
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (b == 0) run.fail(op == "/" ? "float division by zero" : "float floor division or modulo by zero");
  if (op == "/") return a / b;
  return op == "//" ? float_floor_div(a, b) : float_modulo(a, b);
}

JinjaValue repeat(JinjaRun& run, const JinjaValue& value, int64_t count) {
  count = std::max<int64_t>(count, 0);
  int64_t bytes = 0;
  const int64_t size = value.text() ? int64_t(value.text()->text.size())
                                    : int64_t(value.sequence()->items.size() * sizeof(JinjaValue));
  if (__builtin_mul_overflow(size, count, &bytes)) bytes = INT64_MAX;
  run.reserve(bytes);
  run.step(bytes / 64);
  if (size == 0) count = 0;
  if (value.text()) {
    std::string text;
    text.reserve(size_t(bytes));
    for (int64_t i = 0; i < count; ++i) text += value.text()->text;
    return run.text(std::move(text), value.text()->markup);
  }
  std::vector<JinjaValue> items;
  for (int64_t i = 0; i < count; ++i)
    items.insert(items.end(), value.sequence()->items.begin(), value.sequence()->items.end());
  return value.tuple() ? run.tuple(std::move(items)) : run.list(std::move(items));
}

/// Markup + text escapes the text.
JinjaValue add_texts(JinjaRun& run, const JinjaText& a, const JinjaText& b) {
  const bool markup = a.markup || b.markup;
  run.reserve(int64_t(a.text.size() + b.text.size()));
  if (!markup) return run.text(a.text + b.text);
  return run.text((a.markup ? a.text : jinja_escape(a.text)) + (b.markup ? b.text : jinja_escape(b.text)),
                  true);
}

/// -1, 0 or 1; 2 if a nan is between them.
int compare_reals(double a, double b) { return std::isnan(a) || std::isnan(b) ? 2 : a < b ? -1 : a > b; }

std::optional<int> compare(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);

std::optional<int> compare_sequences(JinjaRun& run, std::string_view op, const JinjaSequence& a,
                                     const JinjaSequence& b) {
  for (size_t i = 0; i < a.items.size() && i < b.items.size(); ++i) {
    run.step();
    if (a.items[i].same_as(b.items[i]) || jinja_equal(a.items[i], b.items[i])) continue;
    const auto order = compare(run, a.items[i], b.items[i]);
    if (!order)
      run.fail("'", op, "' not supported between instances of '", a.items[i].type_name(), "' and '",
               b.items[i].type_name(), "'");
    return order;
  }
  return a.items.size() < b.items.size() ? -1 : a.items.size() > b.items.size();
}

/// Nothing where Python has no order.
std::optional<int> compare(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  const auto i = a.as_integer(), j = b.as_integer();
  if (i && j) return *i < *j ? -1 : *i > *j;
  const auto x = a.as_real(), y = b.as_real();
  if (x && y) return compare_reals(*x, *y);
  if (a.text() && b.text()) {
    const int order = a.text()->text.compare(b.text()->text);
    return order < 0 ? -1 : order > 0;
  }
  if ((a.list() && b.list()) || (a.tuple() && b.tuple())) {
    const JinjaRun::Deeper deeper(run);
    return compare_sequences(run, "<", *a.sequence(), *b.sequence());
  }
  return std::nullopt;
}

}  // namespace

JinjaValue jinja_add(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  if (a.text() && b.text()) return add_texts(run, *a.text(), *b.text());
  if ((a.list() && b.list()) || (a.tuple() && b.tuple())) {
    std::vector<JinjaValue> items = a.sequence()->items;
    items.insert(items.end(), b.sequence()->items.begin(), b.sequence()->items.end());
    run.step(int64_t(items.size()));
    return a.tuple() ? run.tuple(std::move(items)) : run.list(std::move(items));
  }
  run.check_defined(a);
  run.check_defined(b);
  if (a.text()) run.fail("can only concatenate str (not \"", b.type_name(), "\") to str");
  if (a.sequence())
    run.fail("can only concatenate ", a.type_name(), " (not \"", b.type_name(), "\") to ", a.type_name());
  fail_operands(run, "+", a, b);
}

JinjaValue jinja_binary(JinjaRun& run, std::string_view op, const JinjaValue& a, const JinjaValue& b) {
  const auto i = a.as_integer(), j = b.as_integer();
  if (op == "**") return jinja_power(run, a, b);
  if (i && j) return integers(run, op, *i, *j);
  const auto x = a.as_real(), y = b.as_real();
  if (x && y) return reals(run, op, *x, *y);
  if (op == "+") return jinja_add(run, a, b);
  if (op == "%" && a.text()) return jinja_percent(run, a, b);
  if (op == "*" && (a.text() || a.sequence()) && j) return repeat(run, a, *j);
  if (op == "*" && (b.text() || b.sequence()) && i) return repeat(run, b, *i);
  fail_operands(run, op, a, b);
}

JinjaValue jinja_power(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  const auto i = a.as_integer(), j = b.as_integer();
  const auto x = a.as_real(), y = b.as_real();
  if (!x || !y) fail_operands(run, "** or pow()", a, b);
  if (*x == 0 && *y < 0) run.fail("0.0 cannot be raised to a negative power");
  if (!i || !j || *j < 0) {
    const double value = std::pow(*x, *y);
    if (std::isnan(value) && !std::isnan(*x) && !std::isnan(*y))
      run.fail("complex numbers are not supported");
    if (std::isinf(value) && !std::isinf(*x) && !std::isinf(*y)) run.fail("Numerical result out of range");
    return value;
  }
  int64_t value = 1, base = *i;
  for (int64_t e = *j; e > 0; e >>= 1) {
    if (e & 1) value = *multiply(run, value, base).integer();
    if (e > 1) base = *multiply(run, base, base).integer();
  }
  return value;
}

JinjaValue jinja_negate(JinjaRun& run, const JinjaValue& a) {
  if (a.real()) return -*a.real();
  run.check_defined(a);
  const auto i = a.as_integer();
  if (!i) run.fail("bad operand type for unary -: '", a.type_name(), "'");
  return integers(run, "-", 0, *i);
}

JinjaValue jinja_plus(JinjaRun& run, const JinjaValue& a) {
  if (a.real()) return a;
  run.check_defined(a);
  const auto i = a.as_integer();
  if (!i) run.fail("bad operand type for unary +: '", a.type_name(), "'");
  return *i;
}

bool jinja_ordered(JinjaRun& run, std::string_view op, const JinjaValue& a, const JinjaValue& b) {
  run.step(std::min(a.weight(), b.weight()));
  run.check_defined(a);
  run.check_defined(b);
  const auto order = compare(run, a, b);
  if (!order)
    run.fail("'", op, "' not supported between instances of '", a.type_name(), "' and '", b.type_name(), "'");
  if (*order == 2) return false;
  return op == "<" ? *order < 0 : op == "<=" ? *order <= 0 : op == ">" ? *order > 0 : *order >= 0;
}

bool jinja_equals(JinjaRun& run, const JinjaValue& a, const JinjaValue& b) {
  run.step(std::min(a.weight(), b.weight()));
  return jinja_equal(a, b);
}

bool jinja_contains(JinjaRun& run, const JinjaValue& container, const JinjaValue& value) {
  if (container.text()) {
    if (!value.text()) run.fail("'in <string>' requires string as left operand, not ", value.type_name());
    run.step(int64_t(container.text()->text.size() / 64));
    return container.text()->text.find(value.text()->text) != std::string::npos;
  }
  if (container.dict()) {
    if (!jinja_hashable(value)) run.fail("unhashable type: '", value.type_name(), "'");
    return container.dict()->find(value) != nullptr;
  }
  if (const auto* range = dynamic_cast<JinjaRange*>(container.object())) return range->contains(value);
  if (!jinja_iterable(run, container))
    run.fail("argument of type '", container.type_name(), "' is not iterable");
  const JinjaNext next = jinja_iterate(run, container);
  for (JinjaValue element; next(element);) {
    run.step();
    if (element.same_as(value) || jinja_equals(run, element, value)) return true;
  }
  return false;
}

}  // namespace hone
