// Splitting, joining, replacing and padding: what methods of str and filters share.
#include <algorithm>

#include "model/jinja_methods.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

std::vector<std::string_view> split_at_blanks(std::string_view text, int64_t limit) {
  std::vector<std::string_view> parts;
  for (text = jinja_lstrip(text); !text.empty(); text = jinja_lstrip(text)) {
    if (limit >= 0 && int64_t(parts.size()) == limit) {
      parts.push_back(text);
      break;
    }
    size_t end = 0;
    while (end < text.size() && !jinja_space_length(text.substr(end)))
      end += jinja_char_length(text.substr(end));
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

/// From the right, in order of the text.
std::vector<std::string_view> rsplit_at_blanks(std::string_view text, int64_t limit) {
  std::vector<std::string_view> parts;
  for (text = jinja_rstrip(text); !text.empty(); text = jinja_rstrip(text)) {
    if (limit >= 0 && int64_t(parts.size()) == limit) {
      parts.push_back(text);
      break;
    }
    size_t begin = text.size();
    while (begin > 0) {
      size_t previous = begin - 1;
      while (previous > 0 && (text[previous] & 0xC0) == 0x80) --previous;
      if (jinja_space_length(text.substr(previous))) break;
      begin = previous;
    }
    parts.push_back(text.substr(begin));
    text = text.substr(0, begin);
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view separator, int64_t limit) {
  std::vector<std::string_view> parts;
  while (limit < 0 || int64_t(parts.size()) < limit) {
    const size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(text);
  return parts;
}

std::vector<std::string_view> rsplit_at(std::string_view text, std::string_view separator, int64_t limit) {
  std::vector<std::string_view> parts;
  while (limit < 0 || int64_t(parts.size()) < limit) {
    const size_t at = text.rfind(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(at + separator.size()));
    text = text.substr(0, at);
  }
  parts.push_back(text);
  std::reverse(parts.begin(), parts.end());
  return parts;
}

}  // namespace

std::vector<JinjaValue> jinja_split(JinjaRun& run, const JinjaText& text,
                                    const std::optional<std::string>& separator, int64_t limit,
                                    bool from_right) {
  if (separator && separator->empty()) run.fail("empty separator");
  std::vector<std::string_view> parts;
  if (separator)
    parts = from_right ? rsplit_at(text.text, *separator, limit) : split_at(text.text, *separator, limit);
  else
    parts = from_right ? rsplit_at_blanks(text.text, limit) : split_at_blanks(text.text, limit);
  run.step(int64_t(parts.size() + text.text.size() / 64));
  std::vector<JinjaValue> values;
  for (const std::string_view part : parts) values.push_back(run.text(std::string(part), text.markup));
  return values;
}

JinjaValue jinja_replace(JinjaRun& run, std::string_view text, std::string_view from, std::string_view to,
                         int64_t count, bool markup) {
  std::string result;
  size_t at = 0;
  run.step(int64_t(text.size() / 64));
  for (int64_t done = 0; count < 0 || done < count; ++done) {
    // An empty `from` stands before every character and at the end.
    const size_t begin =
        from.empty() && done > 0 ? at + jinja_char_length(text.substr(at)) : text.find(from, at);
    if (begin == std::string_view::npos || (from.empty() && done > 0 && at == text.size())) break;
    result += text.substr(at, begin - at);
    result += to;
    run.step();
    run.reserve(int64_t(result.size()));
    at = begin + from.size();
  }
  result += text.substr(at);
  return run.text(std::move(result), markup);
}

JinjaValue jinja_join(JinjaRun& run, const JinjaText& separator, const JinjaNext& elements, bool strict) {
  std::string result;
  size_t index = 0;
  for (JinjaValue element; elements(element); ++index) {
    run.step();
    if (strict && !element.text())
      run.fail("sequence item ", index, ": expected str instance, ", element.type_name(), " found");
    if (index) result += separator.text;
    const std::string part = jinja_str(run, element);
    result += separator.markup && !(element.text() && element.text()->markup) ? jinja_escape(part) : part;
    run.reserve(int64_t(result.size()));
  }
  return run.text(std::move(result), separator.markup);
}

JinjaValue jinja_pad(JinjaRun& run, const JinjaText& text, int64_t width, char side, std::string_view fill) {
  const int64_t missing = std::max<int64_t>(width - int64_t(text.length), 0);
  run.reserve(missing);
  run.reserve(missing * int64_t(fill.size()));
  // str.center() puts the odd one left where the width is odd.
  const int64_t left = side == '<' ? 0 : side == '>' ? missing : missing / 2 + (missing & width & 1);
  std::string result;
  for (int64_t i = 0; i < left; ++i) result += fill;
  result += text.text;
  for (int64_t i = left; i < missing; ++i) result += fill;
  return run.text(std::move(result), text.markup);
}

}  // namespace hone
