// Values as text: what {{ value }} prints, Python's repr, floats as Python writes them.
#pragma once

#include <string>
#include <string_view>

#include "model/jinja_run.h"

namespace hone {

/// str(value): what {{ value }} prints.
std::string jinja_str(JinjaRun& run, const JinjaValue& value);
/// repr(value): how it is printed inside a list.
std::string jinja_repr(JinjaRun& run, const JinjaValue& value);
std::string jinja_quote(std::string_view text);  // repr of a string

/// The shortest digits that read back as `value`, laid out as Python's repr of a float: "1.0", "1e+16",
/// "nan".
std::string jinja_float(double value);

/// HTML's four escapes and the single quote's, as markupsafe writes them.
std::string jinja_escape(std::string_view text);

}  // namespace hone
