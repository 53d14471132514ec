// Python's two ways to format: "%s" % values and "{}".format(values).
#pragma once

#include <string>
#include <string_view>

#include "model/jinja_run.h"

namespace hone {

/// text % values: a tuple holds one value for each conversion, a dict goes with %(name)s.
JinjaValue jinja_percent(JinjaRun& run, const JinjaValue& text, const JinjaValue& values);

/// str.format and str.format_map as methods.
JinjaValue jinja_text_format(JinjaRun& run, const JinjaText& text, const JinjaArgs& args);
JinjaValue jinja_text_format_map(JinjaRun& run, const JinjaText& text, const JinjaArgs& args);

/// format(value, spec): "{:spec}".
std::string jinja_format_value(JinjaRun& run, const JinjaValue& value, std::string_view spec);

/// How a number is laid out, in either language.
struct JinjaNumberFormat {
  char type = 'd';     // d b o x X c, or e E f F g G %
  int precision = -1;  // -1: the default
  bool alternate = false;
  char sign = '-';    // '+', ' ' or '-'
  char grouping = 0;  // ',' or '_' between groups of digits
};
/// Sign and prefix ("-0x"), then digits. An integer must not have a float's type and the other way round.
std::pair<std::string, std::string> jinja_format_integer(int64_t value, const JinjaNumberFormat& format);
std::pair<std::string, std::string> jinja_format_real(JinjaRun& run, double value,
                                                      const JinjaNumberFormat& format);

}  // namespace hone
