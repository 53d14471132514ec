// Walks a program. Variables live in scopes: the template's own, and one more for each pass of a loop, call
// of a macro, and block that captures its output; `set` writes the innermost one.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/jinja.h"
#include "model/jinja_ast.h"
#include "model/jinja_json.h"
#include "model/jinja_run.h"

namespace hone {

struct JinjaScope {
  std::shared_ptr<JinjaScope> parent;
  std::vector<std::pair<int, JinjaValue>> variables;  // by name's index
};
using JinjaScopePtr = std::shared_ptr<JinjaScope>;

class JinjaInterpreter {
 public:
  /// Both must outlive this.
  JinjaInterpreter(const JinjaProgram& program, JinjaRun& run) : program_(program), run_(run) {}

  JinjaRendered render(const OrderedJson& context);

  /// The text of a macro, or of the body of a call block, called with these arguments in the scope where it
  /// stands.
  JinjaValue call_macro(const JinjaStatement& macro, const JinjaScopePtr& scope, const JinjaArgs& args);
  /// The text of a recursive loop over `iterable`.
  JinjaValue loop_again(const JinjaStatement& loop, const JinjaScopePtr& scope, const JinjaValue& iterable,
                        int64_t depth);
  std::vector<std::string> parameter_names(const JinjaStatement& macro) const;

 private:
  enum class Flow { kNext, kBreak, kContinue };

  // Statements: jinja_interpreter.cpp, loops: jinja_loop.cpp, macros: jinja_macro.cpp
  Flow run_body(const JinjaBody& body);
  Flow run_statement(const JinjaStatement& statement);
  Flow run_if(const JinjaStatement& statement);
  void run_set(const JinjaStatement& statement);
  void run_set_block(const JinjaStatement& statement);
  void run_filter_block(const JinjaStatement& statement);
  void run_with(const JinjaStatement& statement);
  void run_block(const JinjaStatement& statement);
  void run_generation(const JinjaStatement& statement);
  void run_autoescape(const JinjaStatement& statement);
  void run_call(const JinjaStatement& statement);
  void run_loop(const JinjaStatement& loop, const JinjaValue& iterable, int64_t depth);
  JinjaNext filtered(const JinjaStatement& loop, const JinjaValue& iterable);
  void bind_parameters(const JinjaStatement& macro, const JinjaArgs& args);
  void print(const JinjaValue& value);
  void put(std::string_view text);
  /// What `body` prints, in a scope of its own.
  std::string capture(const JinjaBody& body);
  void assign(const JinjaExpr& target, const JinjaValue& value);
  void check_namespaces(const JinjaExpr& target);
  void set_variable(int name, JinjaValue value);
  const JinjaValue* find_variable(int name) const;
  void set_named(std::string_view name, const JinjaValue& value);

  // Expressions: jinja_eval.cpp
  JinjaValue eval(const JinjaExpr& expr);
  JinjaValue eval_kind(const JinjaExpr& expr);
  JinjaValue eval_name(const JinjaExpr& expr);
  std::vector<JinjaValue> eval_all(const std::vector<JinjaExprPtr>& exprs);
  JinjaValue eval_dict(const JinjaExpr& expr);
  JinjaValue eval_concat(const JinjaExpr& expr);
  JinjaValue eval_compare(const JinjaExpr& expr);
  JinjaValue eval_condition(const JinjaExpr& expr);
  JinjaValue eval_item(const JinjaExpr& expr);
  JinjaValue eval_call(const JinjaExpr& expr, const JinjaValue* caller);
  JinjaValue eval_filter(const JinjaExpr& expr, const JinjaValue* value);
  JinjaValue eval_filter_input(const JinjaExpr& expr, const JinjaValue* value);
  JinjaValue eval_test(const JinjaExpr& expr);
  JinjaArgs eval_arguments(const JinjaArguments& arguments);
  void at(const JinjaExpr& expr) { run_.at(expr.line, expr.column); }

  /// Another scope (and, with a text, another place to print to) while it lives.
  class Inside {
   public:
    Inside(JinjaInterpreter& interpreter, JinjaScopePtr scope, std::string* out = nullptr)
        : interpreter_(interpreter),
          scope_(std::exchange(interpreter.scope_, std::move(scope))),
          out_(interpreter.out_) {
      if (out) interpreter_.out_ = out, ++interpreter_.captures_;
      captured_ = out != nullptr;
    }
    ~Inside() {
      interpreter_.scope_ = std::move(scope_);
      interpreter_.out_ = out_;
      interpreter_.captures_ -= captured_;
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    JinjaInterpreter& interpreter_;
    JinjaScopePtr scope_;
    std::string* out_;
    bool captured_;
  };
  JinjaScopePtr inner_scope() const { return std::make_shared<JinjaScope>(JinjaScope{scope_, {}}); }

  const JinjaProgram& program_;
  JinjaRun& run_;
  JinjaScopePtr root_ = std::make_shared<JinjaScope>(), scope_ = root_;
  JinjaRendered rendered_;
  std::string* out_ = &rendered_.text;
  int captures_ = 0;         // texts that are being captured
  bool autoescape_ = false;  // within {% autoescape true %}
};

}  // namespace hone
