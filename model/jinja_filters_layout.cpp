// Filters that lay a text out: indent, center, truncate, wordwrap.
#include <algorithm>

#include "model/jinja_filters.h"
#include "model/jinja_methods.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"
#include "model/jinja_wrap.h"

namespace hone {
namespace {

JinjaValue center(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "center", args, {"width"}, 0);
  const JinjaValue text = jinja_soft_text(run, value);
  return jinja_pad(run, *text.text(), bound[0] ? jinja_integer(run, "center()", *bound[0]) : 80, '^', " ");
}

JinjaValue indent(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "indent", args, {"width", "first", "blank"}, 0);
  std::string indention = "    ";
  if (bound[0] && bound[0]->text()) {
    indention = bound[0]->text()->text;
  } else if (bound[0]) {
    const int64_t width = std::max<int64_t>(jinja_integer(run, "indent()", *bound[0]), 0);
    run.reserve(width);
    indention = std::string(size_t(width), ' ');
  }
  const bool first = bound[1] && bound[1]->truth(), blank = bound[2] && bound[2]->truth();
  const std::string text =
      jinja_string(run, "indent()", value) + "\n";  // so that the last line, too, has an end
  std::string result;
  size_t index = 0;
  for (const std::string_view line : jinja_lines(text, false)) {
    if (index) result += '\n';
    if (index ? blank || !line.empty() : first) result += indention;
    result += line;
    ++index;
    run.step();
    run.reserve(int64_t(result.size() + indention.size()));
  }
  return run.text(std::move(result), value.text()->markup);
}

JinjaValue truncate(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "truncate", args, {"length", "killwords", "end", "leeway"}, 0);
  const int64_t length = bound[0] ? jinja_integer(run, "truncate()", *bound[0]) : 255;
  const bool kill_words = bound[1] && bound[1]->truth();
  const std::string end = bound[2] ? jinja_string(run, "truncate()", *bound[2]) : "...";
  const int64_t leeway = bound[3] && !bound[3]->is_none() ? jinja_integer(run, "truncate()", *bound[3]) : 5;
  const auto end_length = int64_t(jinja_count_chars(end));
  if (length < end_length) run.fail("expected length >= ", end_length, ", got ", length);
  if (leeway < 0) run.fail("expected leeway >= 0, got ", leeway);
  const auto elements = value.is_undefined() ? std::optional<int64_t>(0) : jinja_length(value);
  if (elements && *elements - leeway <= length) return value;  // lists, too
  const std::string& text = jinja_string(run, "truncate()", value);
  std::string kept = text.substr(0, jinja_byte_of(text, size_t(length - end_length)));
  if (const size_t blank = kept.rfind(' '); !kill_words && blank != std::string::npos) kept.resize(blank);
  return run.text(kept + end, value.text()->markup);
}

JinjaValue word_wrap(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound =
      jinja_bind(run, "wordwrap", args, {"width", "break_long_words", "wrapstring", "break_on_hyphens"}, 0);
  JinjaWrapOptions options;
  options.width = bound[0] ? jinja_integer(run, "wordwrap()", *bound[0]) : 79;
  if (options.width <= 0) run.fail("invalid width ", options.width, " (must be > 0)");
  options.break_long_words = !bound[1] || bound[1]->truth();
  options.break_on_hyphens = !bound[3] || bound[3]->truth();
  const std::string separator =
      bound[2] && !bound[2]->is_none() ? jinja_string(run, "wordwrap()", *bound[2]) : "\n";
  const std::string& text = jinja_string(run, "wordwrap()", value);
  std::string result;
  bool first = true;
  for (const std::string_view line : jinja_lines(text, false)) {
    if (!std::exchange(first, false)) result += separator;
    const std::vector<std::string> wrapped = jinja_wrap(line, options);
    for (size_t i = 0; i < wrapped.size(); ++i) {
      run.step();
      result += (i ? separator : "") + wrapped[i];
      run.reserve(int64_t(result.size()));
    }
  }
  return run.text(std::move(result));
}

}  // namespace

JinjaFilterTable jinja_layout_filters() {
  return {{"center", center}, {"indent", indent}, {"truncate", truncate}, {"wordwrap", word_wrap}};
}

}  // namespace hone
