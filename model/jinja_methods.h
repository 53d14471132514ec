// Methods of Python's str, dict, list, tuple and numbers that a sandboxed template may call. Those that would
// change a list or dict are there but cannot be used, as in Jinja's immutable sandbox.
#pragma once

#include <string_view>

#include "model/jinja_run.h"

namespace hone {

/// text.name as a function, or nothing if str has no such method.
std::optional<JinjaValue> jinja_text_method(JinjaRun& run, const JinjaValue& text, std::string_view name);
/// The same for lists, tuples, dicts and numbers.
std::optional<JinjaValue> jinja_data_attribute(JinjaRun& run, const JinjaValue& value, std::string_view name);

/// text.split(separator, maxsplit); an empty optional splits at blanks. `from_right` is rsplit.
std::vector<JinjaValue> jinja_split(JinjaRun& run, const JinjaText& text,
                                    const std::optional<std::string>& separator, int64_t limit,
                                    bool from_right);
JinjaValue jinja_replace(JinjaRun& run, std::string_view text, std::string_view from, std::string_view to,
                         int64_t count, bool markup);
/// `elements` as texts with `separator` between them; `strict` fails for what is no string, as str.join does.
JinjaValue jinja_join(JinjaRun& run, const JinjaText& separator, const JinjaNext& elements, bool strict);
JinjaValue jinja_pad(JinjaRun& run, const JinjaText& text, int64_t width, char side, std::string_view fill);

}  // namespace hone
