// Statements.
#include "model/jinja_interpreter.h"

#include <algorithm>

#include "model/jinja_filters.h"
#include "model/jinja_globals.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"

namespace hone {

using Kind = JinjaStatementKind;

JinjaRendered JinjaInterpreter::render(const OrderedJson& context) {
  for (size_t i = 0; i < program_.names.size(); ++i) {
    const std::string& name = program_.names[i];
    if (const auto found = context.find(name); found != context.end())
      set_variable(int(i), jinja_from_json(run_, *found));
    else if (auto global = jinja_global(run_, name))
      set_variable(int(i), *global);
  }
  run_body(program_.body);
  return std::move(rendered_);
}

const JinjaValue* JinjaInterpreter::find_variable(int name) const {
  for (const JinjaScope* scope = scope_.get(); scope; scope = scope->parent.get())
    for (const auto& variable : scope->variables)
      if (variable.first == name) return &variable.second;
  return nullptr;
}

void JinjaInterpreter::set_variable(int name, JinjaValue value) {
  for (auto& variable : scope_->variables)
    if (variable.first == name) {
      variable.second = std::move(value);
      return;
    }
  run_.charge(sizeof(JinjaValue));
  scope_->variables.emplace_back(name, std::move(value));
}

void JinjaInterpreter::set_named(std::string_view name, const JinjaValue& value) {
  const auto found = std::find(program_.names.begin(), program_.names.end(), name);
  if (found != program_.names.end()) set_variable(int(found - program_.names.begin()), value);
}

void JinjaInterpreter::put(std::string_view text) {
  if (int64_t(out_->size() + text.size()) > run_.limits().output_bytes)
    run_.fail("more than ", run_.limits().output_bytes, " bytes of output");
  out_->append(text);
}

void JinjaInterpreter::print(const JinjaValue& value) {
  const JinjaText* text = value.text();
  if (autoescape_ && !(text && text->markup))
    put(jinja_escape(jinja_str(run_, value)));
  else if (text)
    put(text->text);
  else
    put(jinja_str(run_, value));
}

std::string JinjaInterpreter::capture(const JinjaBody& body) {
  std::string text;
  const Inside inside(*this, inner_scope(), &text);
  run_body(body);
  run_.charge(text.size());
  return text;
}

JinjaInterpreter::Flow JinjaInterpreter::run_body(const JinjaBody& body) {
  for (const JinjaStatement& statement : body)
    if (const Flow flow = run_statement(statement); flow != Flow::kNext) return flow;
  return Flow::kNext;
}

JinjaInterpreter::Flow JinjaInterpreter::run_statement(const JinjaStatement& statement) {
  run_.at(statement.line, statement.column);
  run_.step();
  switch (statement.kind) {
    case Kind::kData:
      put(statement.text);
      break;
    case Kind::kPrint:
      for (const JinjaExprPtr& expr : statement.exprs) print(eval(*expr));
      break;
    case Kind::kIf:
      return run_if(statement);
    case Kind::kFor: {
      const JinjaValue iterable = eval(*statement.exprs[1]);
      if (statement.flag)
        print(loop_again(statement, scope_, iterable, 0));
      else
        run_loop(statement, iterable, 0);
      break;
    }
    case Kind::kSet:
      run_set(statement);
      break;
    case Kind::kSetBlock:
      run_set_block(statement);
      break;
    case Kind::kMacro:
      set_variable(statement.name, jinja_macro(*this, run_, statement, scope_));
      break;
    case Kind::kCall:
      run_call(statement);
      break;
    case Kind::kFilterBlock:
      run_filter_block(statement);
      break;
    case Kind::kWith:
      run_with(statement);
      break;
    case Kind::kBlock:
      run_block(statement);
      break;
    case Kind::kGeneration:
      run_generation(statement);
      break;
    case Kind::kAutoescape:
      run_autoescape(statement);
      break;
    case Kind::kBreak:
      return Flow::kBreak;
    case Kind::kContinue:
      return Flow::kContinue;
    case Kind::kUnloadable:
      run_.fail("{% ", statement.text, " %} needs another template, and a chat template has none");
  }
  return Flow::kNext;
}

JinjaInterpreter::Flow JinjaInterpreter::run_if(const JinjaStatement& statement) {
  for (size_t i = 0; i < statement.exprs.size(); ++i)
    if (eval(*statement.exprs[i]).truth()) return run_body(statement.bodies[i]);
  return statement.bodies.size() > statement.exprs.size() ? run_body(statement.bodies.back()) : Flow::kNext;
}

void JinjaInterpreter::check_namespaces(const JinjaExpr& target) {
  for (const JinjaExprPtr& child : target.children) check_namespaces(*child);
  if (target.kind != JinjaExprKind::kNamespaceAttribute) return;
  at(target);
  const JinjaValue* holder = find_variable(target.name);
  if (!holder || !dynamic_cast<JinjaNamespace*>(holder->object()))
    run_.fail("cannot assign attribute on non-namespace object");
}

void JinjaInterpreter::assign(const JinjaExpr& target, const JinjaValue& value) {
  if (target.kind == JinjaExprKind::kName) return set_variable(target.name, value);
  at(target);
  if (target.kind == JinjaExprKind::kNamespaceAttribute) {
    const JinjaValue* holder = find_variable(target.name);
    auto* space = holder ? dynamic_cast<JinjaNamespace*>(holder->object()) : nullptr;
    if (!space) run_.fail("cannot assign attribute on non-namespace object");
    return space->set(run_, run_.text(target.text), value);
  }
  run_.check_defined(value);
  if (!jinja_iterable(run_, value)) run_.fail("cannot unpack non-iterable ", value.type_name(), " object");
  const std::vector<JinjaValue> values = jinja_elements(run_, value);
  if (values.size() < target.children.size())
    run_.fail("not enough values to unpack (expected ", target.children.size(), ", got ", values.size(), ")");
  if (values.size() > target.children.size())
    run_.fail("too many values to unpack (expected ", target.children.size(), ")");
  for (size_t i = 0; i < values.size(); ++i) assign(*target.children[i], values[i]);
}

void JinjaInterpreter::run_set(const JinjaStatement& statement) {
  check_namespaces(*statement.exprs[0]);
  assign(*statement.exprs[0], eval(*statement.exprs[1]));
}

void JinjaInterpreter::run_set_block(const JinjaStatement& statement) {
  JinjaValue value = run_.text(capture(statement.bodies[0]), autoescape_);
  if (statement.exprs[1]) value = eval_filter(*statement.exprs[1], &value);
  check_namespaces(*statement.exprs[0]);
  assign(*statement.exprs[0], value);
}

void JinjaInterpreter::run_filter_block(const JinjaStatement& statement) {
  const JinjaValue text = run_.text(capture(statement.bodies[0]), autoescape_);
  const JinjaValue filtered = eval_filter(*statement.exprs[0], &text);
  if (!filtered.text()) run_.fail("the filter of a block gave ", filtered.type_name(), ", expected str");
  print(filtered);
}

void JinjaInterpreter::run_with(const JinjaStatement& statement) {
  const JinjaScopePtr outer = scope_;
  const Inside inside(*this, inner_scope());
  for (size_t i = 0; i < statement.exprs.size(); i += 2) {
    JinjaScopePtr inner = std::exchange(scope_, outer);  // values do not see each other
    const JinjaValue value = eval(*statement.exprs[i + 1]);
    scope_ = std::move(inner);
    assign(*statement.exprs[i], value);
  }
  run_body(statement.bodies[0]);
}

void JinjaInterpreter::run_block(const JinjaStatement& statement) {
  const JinjaScopePtr parent = statement.flag ? scope_ : root_;
  const Inside inside(*this, std::make_shared<JinjaScope>(JinjaScope{parent, {}}));
  run_body(statement.bodies[0]);
}

void JinjaInterpreter::run_generation(const JinjaStatement& statement) {
  const std::string text = capture(statement.bodies[0]);
  if (captures_ > 0) rendered_.generation_misplaced = true;
  const size_t begin = rendered_.text.size();
  rendered_.generated.push_back({begin, begin + text.size()});
  put(text);
}

void JinjaInterpreter::run_autoescape(const JinjaStatement& statement) {
  const bool outer = std::exchange(autoescape_, eval(*statement.exprs[0]).truth());
  const Inside inside(*this, inner_scope());
  run_body(statement.bodies[0]);
  autoescape_ = outer;
}

}  // namespace hone
