// Operators, from the loosest to the tightest. Primaries and what hangs on them are in
// jinja_primary_parser.cpp.
#include "model/jinja_expr_parser.h"

#include <algorithm>

namespace hone {
namespace {

constexpr int kMaxDepth = 400;    // of an expression's tree, which long sums make deep
constexpr int kMaxNesting = 100;  // of brackets

}  // namespace

bool JinjaExprParser::skip_operator(std::string_view text) {
  if (!is_operator(text)) return false;
  next();
  return true;
}

bool JinjaExprParser::skip_name(std::string_view text) {
  if (!is_name(text)) return false;
  next();
  return true;
}

std::string JinjaExprParser::describe(const JinjaToken& token) {
  switch (token.kind) {
    case JinjaTokenKind::kData:
      return "template data / text";
    case JinjaTokenKind::kBlockBegin:
      return "begin of statement block";
    case JinjaTokenKind::kBlockEnd:
      return "end of statement block";
    case JinjaTokenKind::kVariableBegin:
      return "begin of print statement";
    case JinjaTokenKind::kVariableEnd:
      return "end of print statement";
    case JinjaTokenKind::kString:
      return "string";
    case JinjaTokenKind::kInteger:
      return "integer";
    case JinjaTokenKind::kFloat:
      return "float";
    case JinjaTokenKind::kEnd:
      return "end of template";
    default:
      return token.text;
  }
}

void JinjaExprParser::expect_operator(std::string_view text) {
  if (!skip_operator(text)) fail(current(), "expected token '", text, "', got '", describe(current()), "'");
}

const JinjaToken& JinjaExprParser::expect(JinjaTokenKind kind, std::string_view what) {
  if (!is(kind)) fail(current(), "expected token '", what, "', got '", describe(current()), "'");
  return next();
}

int JinjaExprParser::name_id(const std::string& name) {
  const auto [found, is_new] = name_ids_.emplace(name, int(program_.names.size()));
  if (is_new) program_.names.push_back(name);
  return found->second;
}

JinjaExprPtr JinjaExprParser::make(JinjaExprKind kind, const JinjaToken& token, std::string text) {
  auto expr = std::make_unique<JinjaExpr>();
  expr->kind = kind;
  expr->line = token.line, expr->column = token.column;
  expr->text = std::move(text);
  return expr;
}

JinjaExprPtr JinjaExprParser::finish(JinjaExprPtr expr, const JinjaToken& token) {
  const auto deepen = [&](const JinjaExprPtr& child) {
    if (child) expr->depth = std::max(expr->depth, child->depth + 1);
  };
  for (const JinjaExprPtr& child : expr->children) deepen(child);
  for (const JinjaExprPtr& child : expr->arguments.positional) deepen(child);
  for (const auto& [name, child] : expr->arguments.named) deepen(child);
  deepen(expr->arguments.all_positional);
  deepen(expr->arguments.all_named);
  if (expr->depth > kMaxDepth) fail(token, "this expression has more than ", kMaxDepth, " levels");
  return expr;
}

void JinjaExprParser::deepen(const JinjaToken& token) {
  if (++nesting_ > kMaxNesting) fail(token, "nested more than ", kMaxNesting, " deep");
}

JinjaExprPtr JinjaExprParser::expression(bool with_condition) {
  deepen(current());
  JinjaExprPtr result = with_condition ? condition() : or_expr();
  --nesting_;
  return result;
}

JinjaExprPtr JinjaExprParser::condition() {
  const JinjaToken token = current();
  JinjaExprPtr value = or_expr();
  while (skip_name("if")) {
    JinjaExprPtr test = or_expr();
    JinjaExprPtr other = skip_name("else") ? expression() : nullptr;
    value =
        make_of(JinjaExprKind::kCondition, token, "", std::move(test), std::move(value), std::move(other));
  }
  return value;
}

JinjaExprPtr JinjaExprParser::or_expr() {
  const JinjaToken token = current();
  JinjaExprPtr left = and_expr();
  while (skip_name("or")) left = make_of(JinjaExprKind::kOr, token, "", std::move(left), and_expr());
  return left;
}

JinjaExprPtr JinjaExprParser::and_expr() {
  const JinjaToken token = current();
  JinjaExprPtr left = not_expr();
  while (skip_name("and")) left = make_of(JinjaExprKind::kAnd, token, "", std::move(left), not_expr());
  return left;
}

JinjaExprPtr JinjaExprParser::not_expr() {
  if (!is_name("not")) return compare();
  const JinjaToken token = next();
  deepen(token);
  JinjaExprPtr result = make_of(JinjaExprKind::kNot, token, "", not_expr());
  --nesting_;
  return result;
}

JinjaExprPtr JinjaExprParser::compare() {
  static constexpr std::string_view kOperators[] = {"==", "!=", "<", "<=", ">", ">="};
  const JinjaToken token = current();
  JinjaExprPtr first = sum();
  JinjaExprPtr chain = make(JinjaExprKind::kCompare, token);
  while (true) {
    std::string op;
    if (is(JinjaTokenKind::kOperator) &&
        std::find(std::begin(kOperators), std::end(kOperators), current().text) != std::end(kOperators))
      op = next().text;
    else if (skip_name("in"))
      op = "in";
    else if (is_name("not") && look().kind == JinjaTokenKind::kName && look().text == "in")
      next(), next(), op = "not in";
    else
      break;
    chain->operators.push_back(op);
    if (chain->children.empty()) chain->children.push_back(std::move(first));
    chain->children.push_back(sum());
  }
  return chain->operators.empty() ? std::move(first) : finish(std::move(chain), token);
}

JinjaExprPtr JinjaExprParser::sum() {
  const JinjaToken token = current();
  JinjaExprPtr left = concat_expr();
  while (is_operator("+") || is_operator("-")) {
    std::string op = next().text;
    left = make_of(JinjaExprKind::kBinary, token, op, std::move(left), concat_expr());
  }
  return left;
}

JinjaExprPtr JinjaExprParser::concat_expr() {
  const JinjaToken token = current();
  JinjaExprPtr first = product();
  if (!is_operator("~")) return first;
  JinjaExprPtr parts = make(JinjaExprKind::kConcat, token);
  parts->children.push_back(std::move(first));
  while (skip_operator("~")) parts->children.push_back(product());
  return finish(std::move(parts), token);
}

JinjaExprPtr JinjaExprParser::product() {
  const JinjaToken token = current();
  JinjaExprPtr left = power();
  while (is_operator("*") || is_operator("/") || is_operator("//") || is_operator("%")) {
    std::string op = next().text;
    left = make_of(JinjaExprKind::kBinary, token, op, std::move(left), power());
  }
  return left;
}

JinjaExprPtr JinjaExprParser::power() {
  const JinjaToken token = current();
  JinjaExprPtr left = unary(true);
  while (skip_operator("**"))
    left = make_of(JinjaExprKind::kBinary, token, "**", std::move(left), unary(true));
  return left;
}

JinjaExprPtr JinjaExprParser::unary(bool with_filter) {
  const JinjaToken token = current();
  JinjaExprPtr value;
  if (is_operator("-") || is_operator("+")) {
    const JinjaExprKind kind = next().text == "-" ? JinjaExprKind::kNegate : JinjaExprKind::kPlus;
    deepen(token);
    value = make_of(kind, token, "", unary(false));
    --nesting_;
  } else {
    value = primary(false);
  }
  value = postfix(std::move(value));
  return with_filter ? filter_expr(std::move(value)) : std::move(value);
}

}  // namespace hone
