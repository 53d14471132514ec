// A paragraph broken into lines, as Python's textwrap.wrap does it with expand_tabs and replace_whitespace
// off.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

struct JinjaWrapOptions {
  int64_t width = 79;
  bool break_long_words = true;
  bool break_on_hyphens = true;
};

/// `line` without line ends, in lines of at most `width` characters where that can be had.
std::vector<std::string> jinja_wrap(std::string_view line, const JinjaWrapOptions& options);

}  // namespace hone
