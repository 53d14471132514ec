// Expressions: precedence from "if else" down to subscripts, as Jinja's parser has it. The statement parser
// is built on it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.h"
#include "model/jinja_ast.h"
#include "model/jinja_lexer.h"

namespace hone {

class JinjaExprParser {
 public:
  JinjaExprParser(std::string file, std::vector<JinjaToken> tokens) : tokens_(std::move(tokens)) {
    program_.file = std::move(file);
  }

 protected:
  enum class TupleMode { kFull, kNoCondition, kTargets, kNamespaceTargets, kParentheses };

  template <class... Parts>
  [[noreturn]] void fail(const JinjaToken& token, const Parts&... parts) const {
    throw InputError(concat(program_.file, ':', token.line, ':', token.column, ": ", parts...));
  }
  const JinjaToken& current() const { return tokens_[at_]; }
  const JinjaToken& look() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  const JinjaToken& next() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool is(JinjaTokenKind kind) const { return current().kind == kind; }
  bool is_operator(std::string_view text) const {
    return is(JinjaTokenKind::kOperator) && current().text == text;
  }
  bool is_name(std::string_view text) const { return is(JinjaTokenKind::kName) && current().text == text; }
  bool skip_operator(std::string_view text);
  bool skip_name(std::string_view text);
  void expect_operator(std::string_view text);
  const JinjaToken& expect(JinjaTokenKind kind, std::string_view what);
  static std::string describe(const JinjaToken& token);

  int name_id(const std::string& name);
  /// Checks that the expression has not become too deep, and returns it.
  JinjaExprPtr finish(JinjaExprPtr expr, const JinjaToken& token);
  JinjaExprPtr make(JinjaExprKind kind, const JinjaToken& token, std::string text = "");
  template <class... Children>
  JinjaExprPtr make_of(JinjaExprKind kind, const JinjaToken& token, std::string text, Children... children) {
    JinjaExprPtr expr = make(kind, token, std::move(text));
    (expr->children.push_back(std::move(children)), ...);
    return finish(std::move(expr), token);
  }

  JinjaExprPtr expression(bool with_condition = true);
  /// An expression, or a tuple if there are commas; `end` is a name that may follow one ("in", "recursive").
  JinjaExprPtr tuple(TupleMode mode, std::string_view end = "");
  JinjaExprPtr filters(JinjaExprPtr value, bool start_inline);
  JinjaArguments call_arguments();
  /// Turns a parsed primary or tuple into what can be assigned to, or fails.
  void check_target(const JinjaExpr& expr, const JinjaToken& token) const;

  JinjaProgram program_;

 private:
  JinjaExprPtr condition();
  JinjaExprPtr or_expr();
  JinjaExprPtr and_expr();
  JinjaExprPtr not_expr();
  JinjaExprPtr compare();
  JinjaExprPtr sum();
  JinjaExprPtr concat_expr();
  JinjaExprPtr product();
  JinjaExprPtr power();
  JinjaExprPtr unary(bool with_filter);
  JinjaExprPtr primary(bool with_namespace);
  JinjaExprPtr name_or_constant(bool with_namespace);
  JinjaExprPtr strings();
  JinjaExprPtr list();
  JinjaExprPtr dict();
  JinjaExprPtr postfix(JinjaExprPtr value);
  JinjaExprPtr filter_expr(JinjaExprPtr value);
  JinjaExprPtr subscript(JinjaExprPtr value);
  JinjaExprPtr subscribed();
  JinjaExprPtr call(JinjaExprPtr value);
  JinjaExprPtr test(JinjaExprPtr value);
  std::string dotted_name();
  bool at_tuple_end(std::string_view end) const;
  void deepen(const JinjaToken& token);

  std::vector<JinjaToken> tokens_;
  size_t at_ = 0;
  int nesting_ = 0;  // of brackets, conditions, "not" and signs being parsed
  std::unordered_map<std::string, int> name_ids_;
};

}  // namespace hone
