#include "model/jinja_check.h"

#include <algorithm>

#include "core/document.h"
#include "core/error.h"
#include "model/jinja_filters.h"

namespace hone {
namespace {

using Kind = JinjaStatementKind;

class Checker {
 public:
  explicit Checker(JinjaProgram& program) : program_(program) {}

  void check_body(JinjaBody& body_, bool soft) {
    for (JinjaStatement& statement : body_) check_statement(statement, soft);
  }

 private:
  void check_statement(JinjaStatement& statement_, bool soft) {
    if (statement_.kind == Kind::kIf) soft = true;
    if (is_function(statement_)) find_uses(statement_);
    const bool own_frame = statement_.kind == Kind::kSetBlock || statement_.kind == Kind::kFilterBlock;
    for (size_t i = 0; i < statement_.exprs.size(); ++i) {
      const bool filter_of_block = own_frame && i + 1 == statement_.exprs.size();
      if (statement_.exprs[i]) check_expr(*statement_.exprs[i], soft && !filter_of_block);
    }
    for (const JinjaParameter& parameter : statement_.parameters)
      if (parameter.default_value) check_expr(*parameter.default_value, false);
    for (JinjaBody& body : statement_.bodies) check_body(body, statement_.kind == Kind::kIf);
  }

  void check_expr(const JinjaExpr& expr, bool soft) {
    if (expr.kind == JinjaExprKind::kCondition) soft = true;
    if (expr.kind == JinjaExprKind::kFilter && !soft && !find_jinja_filter(expr.text))
      fail(expr, "filter", jinja_filter_names());
    if (expr.kind == JinjaExprKind::kTest && !soft && !find_jinja_test(expr.text))
      fail(expr, "test", jinja_test_names());
    each_child(expr, [&](const JinjaExpr& child) { check_expr(child, soft); });
  }

  [[noreturn]] void fail(const JinjaExpr& expr, std::string_view what,
                         const std::vector<std::string>& known) const {
    throw InputError(
        concat(program_.file, ':', expr.line, ':', expr.column, ": ", jinja_unknown(what, expr.text, known)));
  }

  template <class Visit>
  static void each_child(const JinjaExpr& expr, const Visit& visit) {
    const auto visit_if = [&](const JinjaExprPtr& child) {
      if (child) visit(*child);
    };
    for (const JinjaExprPtr& child : expr.children) visit_if(child);
    for (const JinjaExprPtr& child : expr.arguments.positional) visit_if(child);
    for (const auto& named : expr.arguments.named) visit_if(named.second);
    visit_if(expr.arguments.all_positional);
    visit_if(expr.arguments.all_named);
  }

  static bool is_function(const JinjaStatement& statement) {
    return statement.kind == Kind::kMacro || statement.kind == Kind::kCall ||
           statement.kind == Kind::kGeneration;
  }

  void find_uses(JinjaStatement& statement_) {
    for (const JinjaBody& body : statement_.bodies) mark_body(body, statement_);
  }

  /// Marks what names in `body` make macro_ use. Macros within have theirs of their own, but what they use is
  /// used here too.
  void mark_body(const JinjaBody& body, JinjaStatement& macro_) {
    for (const JinjaStatement& statement : body) {
      for (const JinjaExprPtr& expr : statement.exprs)
        if (expr) mark_expr(*expr, macro_);
      for (const JinjaParameter& parameter : statement.parameters)
        if (parameter.default_value) mark_expr(*parameter.default_value, macro_);
      for (const JinjaBody& inner : statement.bodies) mark_body(inner, macro_);
    }
  }

  void mark_expr(const JinjaExpr& expr, JinjaStatement& macro_) {
    if (expr.kind == JinjaExprKind::kName) {
      const std::string& name = program_.names[size_t(expr.name)];
      macro_.uses_caller = macro_.uses_caller || name == "caller";
      macro_.uses_kwargs = macro_.uses_kwargs || name == "kwargs";
      macro_.uses_varargs = macro_.uses_varargs || name == "varargs";
    }
    each_child(expr, [&](const JinjaExpr& child) { mark_expr(child, macro_); });
  }

  JinjaProgram& program_;
};

}  // namespace

void check_jinja(JinjaProgram& program_) { Checker(program_).check_body(program_.body, false); }

}  // namespace hone
