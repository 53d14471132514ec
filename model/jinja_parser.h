// From a template's text to its program, by the grammar of Jinja 3.1 with the extensions that transformers
// switches on: break and continue, and {% generation %}.
#pragma once

#include <string>
#include <string_view>

#include "model/jinja_ast.h"

namespace hone {

/// What is no template is an InputError with file:line:column; an unknown filter or test names the nearest
/// one.
JinjaProgram parse_jinja(const std::string& file, std::string_view source);

}  // namespace hone
