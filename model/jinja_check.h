// What is looked at once, right after parsing: filters and tests that do not exist, and which macros use
// caller, kwargs and varargs.
#pragma once

#include "model/jinja_ast.h"

namespace hone {

/// An unknown filter or test is an InputError with the nearest name, but right inside an `if` or "x if y",
/// where Jinja waits until it is used. Fills in uses_caller, uses_kwargs and uses_varargs.
void check_jinja(JinjaProgram& program_);

}  // namespace hone
