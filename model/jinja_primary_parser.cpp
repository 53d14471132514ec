// Names, literals, brackets, subscripts, calls, filters and tests.
#include <algorithm>

#include "model/jinja_expr_parser.h"

namespace hone {

JinjaExprPtr JinjaExprParser::primary(bool with_namespace) {
  const JinjaToken token = current();
  switch (token.kind) {
    case JinjaTokenKind::kName:
      return name_or_constant(with_namespace);
    case JinjaTokenKind::kString:
      return strings();
    case JinjaTokenKind::kInteger:
    case JinjaTokenKind::kFloat: {
      next();
      JinjaExprPtr number = make(JinjaExprKind::kConstant, token);
      number->constant =
          token.kind == JinjaTokenKind::kInteger ? JinjaValue(token.integer) : JinjaValue(token.number);
      return number;
    }
    default:
      break;
  }
  if (is_operator("[")) return list();
  if (is_operator("{")) return dict();
  if (!skip_operator("(")) fail(token, "unexpected '", describe(token), "'");
  JinjaExprPtr inner = tuple(TupleMode::kParentheses);
  expect_operator(")");
  return inner;
}

JinjaExprPtr JinjaExprParser::name_or_constant(bool with_namespace) {
  const JinjaToken token = next();
  const std::string& text = token.text;
  JinjaExprPtr constant = make(JinjaExprKind::kConstant, token, text);
  if (text == "none" || text == "None") return constant;
  if (text == "true" || text == "True" || text == "false" || text == "False") {
    constant->constant = text == "true" || text == "True";
    return constant;
  }
  JinjaExprPtr name = std::move(constant);
  name->kind = JinjaExprKind::kName;
  name->name = name_id(text);
  if (with_namespace && skip_operator(".")) {
    name->kind = JinjaExprKind::kNamespaceAttribute;
    name->text = expect(JinjaTokenKind::kName, "name").text;
  }
  return name;
}

JinjaExprPtr JinjaExprParser::strings() {
  const JinjaToken token = current();
  std::string text;
  while (is(JinjaTokenKind::kString)) text += next().text;
  JinjaExprPtr constant = make(JinjaExprKind::kConstant, token);
  const auto shared = std::make_shared<JinjaText>();
  for (const char c : text) shared->length += (c & 0xC0) != 0x80;
  shared->text = std::move(text);
  constant->constant = JinjaTextPtr(shared);
  return constant;
}

JinjaExprPtr JinjaExprParser::list() {
  const JinjaToken token = next();
  JinjaExprPtr result = make(JinjaExprKind::kList, token);
  while (!is_operator("]")) {
    if (!result->children.empty()) expect_operator(",");
    if (is_operator("]")) break;
    result->children.push_back(expression());
  }
  expect_operator("]");
  return finish(std::move(result), token);
}

JinjaExprPtr JinjaExprParser::dict() {
  const JinjaToken token = next();
  JinjaExprPtr result = make(JinjaExprKind::kDict, token);
  while (!is_operator("}")) {
    if (!result->children.empty()) expect_operator(",");
    if (is_operator("}")) break;
    result->children.push_back(expression());
    expect_operator(":");
    result->children.push_back(expression());
  }
  expect_operator("}");
  return finish(std::move(result), token);
}

bool JinjaExprParser::at_tuple_end(std::string_view end) const {
  return is(JinjaTokenKind::kVariableEnd) || is(JinjaTokenKind::kBlockEnd) || is_operator(")") ||
         (!end.empty() && is_name(end));
}

JinjaExprPtr JinjaExprParser::tuple(TupleMode mode, std::string_view end) {
  const JinjaToken token = current();
  const bool targets = mode == TupleMode::kTargets || mode == TupleMode::kNamespaceTargets;
  JinjaExprPtr result = make(JinjaExprKind::kTuple, token);
  bool is_tuple = false;
  deepen(token);
  while (true) {
    if (!result->children.empty()) expect_operator(",");
    if (at_tuple_end(end)) break;
    result->children.push_back(targets ? primary(mode == TupleMode::kNamespaceTargets)
                                       : expression(mode != TupleMode::kNoCondition));
    if (!is_operator(",")) break;
    is_tuple = true;
  }
  --nesting_;
  if (!is_tuple && !result->children.empty()) return std::move(result->children[0]);
  if (!is_tuple && mode != TupleMode::kParentheses)
    fail(current(), "Expected an expression, got '", describe(current()), "'");
  return finish(std::move(result), token);
}

void JinjaExprParser::check_target(const JinjaExpr& expr, const JinjaToken& token) const {
  if (expr.kind == JinjaExprKind::kNamespaceAttribute) return;
  if (expr.kind == JinjaExprKind::kName) return;
  if (expr.kind != JinjaExprKind::kTuple)
    fail(token, "can't assign to this; expected a name, names with commas between them, or namespace.name");
  for (const JinjaExprPtr& child : expr.children) check_target(*child, token);
}

JinjaExprPtr JinjaExprParser::postfix(JinjaExprPtr value) {
  while (true) {
    if (is_operator(".") || is_operator("["))
      value = subscript(std::move(value));
    else if (is_operator("("))
      value = call(std::move(value));
    else
      return value;
  }
}

JinjaExprPtr JinjaExprParser::filter_expr(JinjaExprPtr value) {
  while (true) {
    if (is_operator("|"))
      value = filters(std::move(value), false);
    else if (is_name("is"))
      value = test(std::move(value));
    else if (is_operator("("))
      value = call(std::move(value));
    else
      return value;
  }
}

JinjaExprPtr JinjaExprParser::subscript(JinjaExprPtr value) {
  const JinjaToken token = next();
  if (token.text == ".") {
    const JinjaToken name = next();
    JinjaExprPtr result;
    if (name.kind == JinjaTokenKind::kName)
      return make_of(JinjaExprKind::kAttribute, token, name.text, std::move(value));
    if (name.kind != JinjaTokenKind::kInteger) fail(name, "expected name or number");
    JinjaExprPtr index = make(JinjaExprKind::kConstant, name);
    index->constant = name.integer;
    return make_of(JinjaExprKind::kItem, token, "", std::move(value), std::move(index));
  }
  std::vector<JinjaExprPtr> keys;
  while (!is_operator("]")) {
    if (!keys.empty()) expect_operator(",");
    keys.push_back(subscribed());
  }
  expect_operator("]");
  if (keys.size() == 1) return make_of(JinjaExprKind::kItem, token, "", std::move(value), std::move(keys[0]));
  JinjaExprPtr key = make(JinjaExprKind::kTuple, token);
  for (const JinjaExprPtr& part : keys)
    if (part->kind == JinjaExprKind::kSlice) fail(token, "several slices in one subscript are not supported");
  key->children = std::move(keys);
  key = finish(std::move(key), token);
  return make_of(JinjaExprKind::kItem, token, "", std::move(value), std::move(key));
}

JinjaExprPtr JinjaExprParser::subscribed() {
  const JinjaToken token = current();
  JinjaExprPtr start = is_operator(":") ? nullptr : expression();
  if (!skip_operator(":")) return start;
  const auto bound = [&] {
    return is_operator(":") || is_operator("]") || is_operator(",") ? nullptr : expression();
  };
  JinjaExprPtr stop = bound();
  JinjaExprPtr step = skip_operator(":") ? bound() : nullptr;
  return make_of(JinjaExprKind::kSlice, token, "", std::move(start), std::move(stop), std::move(step));
}

JinjaArguments JinjaExprParser::call_arguments() {
  const JinjaToken token = current();
  expect_operator("(");
  JinjaArguments result;
  const auto ensure = [&](bool ok) {
    if (!ok) fail(token, "invalid syntax for function call expression");
  };
  bool first = true;
  for (; !is_operator(")"); first = false) {
    if (!first) {
      expect_operator(",");
      if (is_operator(")")) break;
    }
    if (skip_operator("*")) {
      ensure(!result.all_positional && !result.all_named);
      result.all_positional = expression();
    } else if (skip_operator("**")) {
      ensure(!result.all_named);
      result.all_named = expression();
    } else if (is(JinjaTokenKind::kName) && look().kind == JinjaTokenKind::kOperator && look().text == "=") {
      ensure(!result.all_named);
      const std::string name = next().text;
      next();
      for (const auto& given : result.named)
        if (given.first == name) fail(token, "keyword argument repeated: ", name);
      result.named.emplace_back(name, expression());
    } else {
      ensure(!result.all_positional && !result.all_named && result.named.empty());
      result.positional.push_back(expression());
    }
  }
  expect_operator(")");
  return result;
}

JinjaExprPtr JinjaExprParser::call(JinjaExprPtr value) {
  const JinjaToken token = current();
  JinjaExprPtr result = make(JinjaExprKind::kCall, token);
  result->children.push_back(std::move(value));
  result->arguments = call_arguments();
  return finish(std::move(result), token);
}

std::string JinjaExprParser::dotted_name() {
  std::string name = expect(JinjaTokenKind::kName, "name").text;
  while (skip_operator(".")) name += "." + expect(JinjaTokenKind::kName, "name").text;
  return name;
}

JinjaExprPtr JinjaExprParser::filters(JinjaExprPtr value, bool start_inline) {
  while (start_inline || skip_operator("|")) {
    start_inline = false;
    const JinjaToken token = current();
    JinjaExprPtr filter = make(JinjaExprKind::kFilter, token, dotted_name());
    filter->children.push_back(std::move(value));
    if (is_operator("(")) filter->arguments = call_arguments();
    value = finish(std::move(filter), token);
  }
  return value;
}

JinjaExprPtr JinjaExprParser::test(JinjaExprPtr value) {
  const JinjaToken token = next();
  const bool negated = skip_name("not");
  JinjaExprPtr result = make(JinjaExprKind::kTest, token, dotted_name());
  result->children.push_back(std::move(value));
  const bool is_argument = is(JinjaTokenKind::kName) || is(JinjaTokenKind::kString) ||
                           is(JinjaTokenKind::kInteger) || is(JinjaTokenKind::kFloat) || is_operator("[") ||
                           is_operator("{");
  if (is_operator("(")) {
    result->arguments = call_arguments();
  } else if (is_argument && !is_name("else") && !is_name("or") && !is_name("and")) {
    if (is_name("is")) fail(current(), "You cannot chain multiple tests with is");
    result->arguments.positional.push_back(postfix(primary(false)));
  }
  result = finish(std::move(result), token);
  return negated ? make_of(JinjaExprKind::kNot, token, "", std::move(result)) : std::move(result);
}

}  // namespace hone
