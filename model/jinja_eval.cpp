// Expressions.
#include "model/jinja_filters.h"
#include "model/jinja_interpreter.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"

namespace hone {

JinjaValue JinjaInterpreter::eval(const JinjaExpr& expr) {
  const JinjaRun::Deeper deeper(run_);
  run_.step();
  return eval_kind(expr);
}

JinjaValue JinjaInterpreter::eval_kind(const JinjaExpr& expr) {
  const auto& children = expr.children;
  switch (expr.kind) {
    case JinjaExprKind::kConstant:
      return expr.constant;
    case JinjaExprKind::kName:
      return eval_name(expr);
    case JinjaExprKind::kTuple:
      return run_.tuple(eval_all(children));
    case JinjaExprKind::kList:
      return run_.list(eval_all(children));
    case JinjaExprKind::kDict:
      return eval_dict(expr);
    case JinjaExprKind::kBinary: {
      const JinjaValue left = eval(*children[0]), right = eval(*children[1]);
      at(expr);
      return jinja_binary(run_, expr.text, left, right);
    }
    case JinjaExprKind::kConcat:
      return eval_concat(expr);
    case JinjaExprKind::kCompare:
      return eval_compare(expr);
    case JinjaExprKind::kAnd: {
      JinjaValue left = eval(*children[0]);
      return left.truth() ? eval(*children[1]) : left;
    }
    case JinjaExprKind::kOr: {
      JinjaValue left = eval(*children[0]);
      return left.truth() ? left : eval(*children[1]);
    }
    case JinjaExprKind::kNot:
      return !eval(*children[0]).truth();
    case JinjaExprKind::kNegate:
    case JinjaExprKind::kPlus: {
      const JinjaValue value = eval(*children[0]);
      at(expr);
      return expr.kind == JinjaExprKind::kNegate ? jinja_negate(run_, value) : jinja_plus(run_, value);
    }
    case JinjaExprKind::kCondition:
      return eval_condition(expr);
    case JinjaExprKind::kAttribute: {
      const JinjaValue value = eval(*children[0]);
      at(expr);
      return jinja_attribute(run_, value, expr.text);
    }
    case JinjaExprKind::kItem:
      return eval_item(expr);
    case JinjaExprKind::kCall:
      return eval_call(expr, nullptr);
    case JinjaExprKind::kFilter:
      return eval_filter(expr, nullptr);
    case JinjaExprKind::kTest:
      return eval_test(expr);
    case JinjaExprKind::kSlice:
    case JinjaExprKind::kNamespaceAttribute:
      break;  // never on their own
  }
  run_.fail("this cannot be evaluated");
}

JinjaValue JinjaInterpreter::eval_name(const JinjaExpr& expr) {
  if (const JinjaValue* found = find_variable(expr.name)) return *found;
  return run_.undefined("'", program_.names[size_t(expr.name)], "' is undefined");
}

std::vector<JinjaValue> JinjaInterpreter::eval_all(const std::vector<JinjaExprPtr>& exprs) {
  std::vector<JinjaValue> values;
  values.reserve(exprs.size());
  for (const JinjaExprPtr& expr : exprs) values.push_back(eval(*expr));
  return values;
}

JinjaValue JinjaInterpreter::eval_dict(const JinjaExpr& expr) {
  JinjaDict dict;
  for (size_t i = 0; i < expr.children.size(); i += 2) {
    JinjaValue key = eval(*expr.children[i]), value = eval(*expr.children[i + 1]);
    at(expr);
    run_.set(dict, std::move(key), std::move(value));
  }
  return run_.dict(std::move(dict));
}

JinjaValue JinjaInterpreter::eval_concat(const JinjaExpr& expr) {
  std::string text;
  for (const JinjaExprPtr& child : expr.children) {
    const JinjaValue value = eval(*child);
    at(expr);
    run_.reserve(int64_t(text.size()));
    if (value.text())
      text += value.text()->text;
    else
      text += jinja_str(run_, value);
  }
  return run_.text(std::move(text));
}

JinjaValue JinjaInterpreter::eval_compare(const JinjaExpr& expr) {
  JinjaValue left = eval(*expr.children[0]);
  for (size_t i = 0; i < expr.operators.size(); ++i) {
    const std::string& op = expr.operators[i];
    JinjaValue right = eval(*expr.children[i + 1]);
    at(expr);
    const bool result = op == "=="       ? jinja_equals(run_, left, right)
                        : op == "!="     ? !jinja_equals(run_, left, right)
                        : op == "in"     ? jinja_contains(run_, right, left)
                        : op == "not in" ? !jinja_contains(run_, right, left)
                                         : jinja_ordered(run_, op, left, right);
    if (!result) return false;
    left = std::move(right);
  }
  return true;
}

JinjaValue JinjaInterpreter::eval_condition(const JinjaExpr& expr) {
  if (eval(*expr.children[0]).truth()) return eval(*expr.children[1]);
  if (expr.children[2]) return eval(*expr.children[2]);
  return run_.undefined("the inline if-expression on line ", expr.line,
                        " evaluated to false and no else section was defined.");
}

JinjaValue JinjaInterpreter::eval_item(const JinjaExpr& expr) {
  const JinjaValue value = eval(*expr.children[0]);
  const JinjaExpr& key = *expr.children[1];
  if (key.kind != JinjaExprKind::kSlice) {
    const JinjaValue index = eval(key);
    at(expr);
    return jinja_item(run_, value, index);
  }
  const auto bound = [&](size_t i) { return key.children[i] ? eval(*key.children[i]) : JinjaValue(); };
  const JinjaValue start = bound(0), stop = bound(1), step = bound(2);
  at(expr);
  return jinja_slice(run_, value, start, stop, step);
}

JinjaArgs JinjaInterpreter::eval_arguments(const JinjaArguments& arguments) {
  JinjaArgs args;
  args.positional = eval_all(arguments.positional);
  for (const auto& [name, expr] : arguments.named) args.named.emplace_back(name, eval(*expr));
  if (arguments.all_positional) {
    const std::vector<JinjaValue> more = jinja_elements(run_, eval(*arguments.all_positional));
    args.positional.insert(args.positional.end(), more.begin(), more.end());
  }
  if (arguments.all_named) {
    const JinjaValue more = eval(*arguments.all_named);
    run_.check_defined(more);
    if (!more.dict()) run_.fail("argument after ** must be a mapping, not ", more.type_name());
    for (const auto& [key, value] : more.dict()->items()) {
      const std::string& name = jinja_string(run_, "keywords", key);
      for (const auto& given : args.named)
        if (given.first == name) run_.fail("got multiple values for keyword argument '", name, "'");
      args.named.emplace_back(name, value);
    }
  }
  return args;
}

JinjaValue JinjaInterpreter::eval_call(const JinjaExpr& expr, const JinjaValue* caller) {
  const JinjaValue callee = eval(*expr.children[0]);
  JinjaArgs args = eval_arguments(expr.arguments);
  if (caller) args.named.emplace_back("caller", *caller);
  at(expr);
  run_.check_defined(callee);
  if (!callee.object()) run_.fail("'", callee.type_name(), "' object is not callable");
  return callee.object()->call(run_, args);
}

JinjaValue JinjaInterpreter::eval_filter(const JinjaExpr& expr, const JinjaValue* value) {
  const JinjaValue input = expr.children[0] ? eval_filter_input(*expr.children[0], value) : *value;
  const JinjaArgs args = eval_arguments(expr.arguments);
  at(expr);
  return call_jinja_filter(run_, expr.text, input, args);
}

/// In a filter block the innermost of a chain of filters has no value of its own: it takes the block's text.
JinjaValue JinjaInterpreter::eval_filter_input(const JinjaExpr& expr, const JinjaValue* value) {
  if (!value || expr.kind != JinjaExprKind::kFilter) return eval(expr);
  const JinjaRun::Deeper deeper(run_);
  return eval_filter(expr, value);
}

JinjaValue JinjaInterpreter::eval_test(const JinjaExpr& expr) {
  const JinjaValue value = eval(*expr.children[0]);
  const JinjaArgs args = eval_arguments(expr.arguments);
  at(expr);
  return call_jinja_test(run_, expr.text, value, args);
}

}  // namespace hone
