// What a template finds without being given it, and the objects that statements make.
#pragma once

#include <optional>
#include <string_view>

#include "model/jinja_interpreter.h"

namespace hone {

/// range, dict, namespace, cycler, joiner, lipsum, raise_exception and strftime_now.
std::optional<JinjaValue> jinja_global(JinjaRun& run, std::string_view name);

/// A macro that can be called; it remembers the scope where it was defined.
JinjaValue jinja_macro(JinjaInterpreter& interpreter, JinjaRun& run, const JinjaStatement& macro,
                       JinjaScopePtr scope);

}  // namespace hone
