// Macros, call blocks, and how arguments reach their parameters.
#include <algorithm>

#include "model/jinja_globals.h"
#include "model/jinja_interpreter.h"
#include "model/jinja_print.h"

namespace hone {
namespace {

class Macro : public JinjaObject {
 public:
  Macro(JinjaInterpreter& interpreter, const JinjaStatement& macro, JinjaScopePtr scope,
        std::vector<std::string> names)
      : interpreter_(interpreter), macro_(macro), scope_(std::move(scope)), names_(std::move(names)) {}
  std::string type_name() const override { return "Macro"; }
  std::string repr(JinjaRun&) const override {
    return macro_.kind == JinjaStatementKind::kMacro ? concat("<Macro ", jinja_quote(macro_.text), ">")
                                                     : "<Macro anonymous>";
  }
  bool is_callable() const override { return true; }
  JinjaValue call(JinjaRun&, const JinjaArgs& args) override {
    return interpreter_.call_macro(macro_, scope_, args);
  }
  std::optional<JinjaValue> attribute(JinjaRun& run, std::string_view name) override {
    if (name == "name")
      return macro_.kind == JinjaStatementKind::kMacro ? run.text(macro_.text) : JinjaValue();
    if (name == "caller") return macro_.uses_caller;
    if (name == "catch_kwargs") return macro_.uses_kwargs;
    if (name == "catch_varargs") return macro_.uses_varargs;
    if (name != "arguments") return std::nullopt;
    std::vector<JinjaValue> names;
    for (const std::string& parameter : names_) names.push_back(run.text(parameter));
    return run.tuple(std::move(names));
  }

 private:
  JinjaInterpreter& interpreter_;
  const JinjaStatement& macro_;
  JinjaScopePtr scope_;
  std::vector<std::string> names_;  // of its parameters
};

/// Takes an argument out of args_ by name; nothing if it is not there.
std::optional<JinjaValue> take_named(JinjaArgs& args_, std::string_view name) {
  const auto found =
      std::find_if(args_.named.begin(), args_.named.end(), [&](const auto& a) { return a.first == name; });
  if (found == args_.named.end()) return std::nullopt;
  JinjaValue value = std::move(found->second);
  args_.named.erase(found);
  return value;
}

}  // namespace

JinjaValue jinja_macro(JinjaInterpreter& interpreter, JinjaRun& run, const JinjaStatement& macro,
                       JinjaScopePtr scope) {
  return static_cast<JinjaObject*>(
      run.make<Macro>(interpreter, macro, std::move(scope), interpreter.parameter_names(macro)));
}

std::vector<std::string> JinjaInterpreter::parameter_names(const JinjaStatement& macro) const {
  std::vector<std::string> names;
  for (const JinjaParameter& parameter : macro.parameters)
    names.push_back(program_.names[size_t(parameter.name)]);
  return names;
}

void JinjaInterpreter::bind_parameters(const JinjaStatement& macro, const JinjaArgs& args) {
  JinjaArgs rest = args;
  const std::string what = macro.text.empty() ? "None" : jinja_quote(macro.text);
  const std::vector<std::string> names = parameter_names(macro);
  const size_t given = std::min(args.positional.size(), names.size());
  std::vector<std::optional<JinjaValue>> values(names.size());
  for (size_t i = 0; i < names.size(); ++i)
    values[i] = i < given ? args.positional[i] : take_named(rest, names[i]);
  const bool own_caller = std::find(names.begin(), names.end(), "caller") != names.end();
  if (macro.uses_caller && !own_caller)
    set_named("caller", take_named(rest, "caller").value_or(run_.undefined("No caller defined")));
  if (macro.uses_kwargs) {
    JinjaDict named;
    for (auto& [name, value] : rest.named) run_.set(named, run_.text(name), value);
    if (std::find(names.begin(), names.end(), "kwargs") == names.end())
      set_named("kwargs", run_.dict(std::move(named)));
  } else if (!rest.named.empty()) {
    if (std::any_of(rest.named.begin(), rest.named.end(), [](const auto& a) { return a.first == "caller"; }))
      run_.fail("macro ", what, " was invoked with a caller, which it does not use");
    run_.fail("macro ", what, " takes no keyword argument ", jinja_quote(rest.named[0].first));
  }
  if (macro.uses_varargs) {
    const std::vector<JinjaValue> more(args.positional.begin() + int64_t(given), args.positional.end());
    if (std::find(names.begin(), names.end(), "varargs") == names.end())
      set_named("varargs", run_.tuple(more));
  } else if (args.positional.size() > names.size()) {
    run_.fail("macro ", what, " takes not more than ", names.size(), " argument(s)");
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const JinjaExprPtr& fallback = macro.parameters[i].default_value;
    if (!values[i])
      values[i] = fallback ? eval(*fallback)
                           : run_.undefined("parameter ", jinja_quote(names[i]), " was not provided");
    set_variable(macro.parameters[i].name, *values[i]);
  }
}

JinjaValue JinjaInterpreter::call_macro(const JinjaStatement& macro, const JinjaScopePtr& scope,
                                        const JinjaArgs& args) {
  const JinjaRun::Deeper deeper(run_);
  std::string text;
  const Inside inside(*this, std::make_shared<JinjaScope>(JinjaScope{scope, {}}), &text);
  bind_parameters(macro, args);
  run_body(macro.bodies[0]);
  return run_.text(std::move(text), autoescape_);
}

void JinjaInterpreter::run_call(const JinjaStatement& statement) {
  const JinjaValue caller = jinja_macro(*this, run_, statement, scope_);
  print(eval_call(*statement.exprs[0], &caller));
}

}  // namespace hone
