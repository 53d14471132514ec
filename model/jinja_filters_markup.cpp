// Filters for HTML and URLs. No chat template needs them, some use `safe` and `escape` all the same.
#include "model/jinja_filters.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

JinjaValue safe(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "safe", args, {}, 0);
  return run.text(jinja_str(run, value), true);
}

JinjaValue escape(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "escape", args, {}, 0);
  if (value.text() && value.text()->markup) return value;
  return run.text(jinja_escape(jinja_str(run, value)), true);
}

JinjaValue force_escape(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "forceescape", args, {}, 0);
  return run.text(jinja_escape(jinja_str(run, value)), true);
}

/// The five entities that escape() writes, and &nbsp;.
std::string unescape(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&amp;", "&"},  {"&lt;", "<"},    {"&gt;", ">"},       {"&#39;", "'"},
      {"&#34;", "\""}, {"&quot;", "\""}, {"&nbsp;", "\u00a0"}};
  std::string result;
  while (!text.empty()) {
    std::string_view taken = text.substr(0, 1), put = taken;
    for (const auto& [entity, character] : kEntities)
      if (text.starts_with(entity)) taken = entity, put = character;
    result += put;
    text.remove_prefix(taken.size());
  }
  return result;
}

JinjaValue strip_tags(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "striptags", args, {}, 0);
  std::string text = jinja_str(run, value);
  const auto remove = [&](std::string_view open, std::string_view close) {
    std::string kept;
    size_t at = 0;
    while (true) {
      const size_t begin = text.find(open, at);
      const size_t end = begin == std::string::npos ? begin : text.find(close, begin);
      if (end == std::string::npos) break;
      kept += text.substr(at, begin - at);
      at = end + close.size();
    }
    text = kept + text.substr(at);
  };
  remove("<!--", "-->");
  remove("<", ">");
  std::string result;
  std::string_view rest = text;
  for (rest = jinja_lstrip(rest); !rest.empty(); rest = jinja_lstrip(rest)) {
    size_t end = 0;
    while (end < rest.size() && !jinja_space_length(rest.substr(end)))
      end += jinja_char_length(rest.substr(end));
    if (!result.empty()) result += ' ';
    result += rest.substr(0, end);
    rest.remove_prefix(end);
  }
  return run.text(unescape(result));
}

std::string quote_url(std::string_view text, bool for_query) {
  static constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~";
  std::string result;
  for (const char c : text) {
    if (kSafe.find(c) != std::string_view::npos || (c == '/' && !for_query)) {
      result += c;
    } else if (c == ' ' && for_query) {
      result += '+';
    } else {
      static constexpr std::string_view kHex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return result;
}

JinjaValue url_encode(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "urlencode", args, {}, 0);
  if (value.text() || !jinja_iterable(run, value)) return run.text(quote_url(jinja_str(run, value), false));
  std::string result;
  const auto add = [&](const JinjaValue& key, const JinjaValue& item) {
    result += concat(result.empty() ? "" : "&", quote_url(jinja_str(run, key), true), '=',
                     quote_url(jinja_str(run, item), true));
  };
  if (value.dict()) {
    for (const auto& [key, item] : value.dict()->items()) add(key, item);
    return run.text(std::move(result));
  }
  for (const JinjaValue& pair : jinja_elements(run, value)) {
    const std::vector<JinjaValue> two = jinja_elements(run, pair);
    if (two.size() != 2) run.fail("urlencode: got ", two.size(), " values, expected pairs");
    add(two[0], two[1]);
  }
  return run.text(std::move(result));
}

JinjaValue xml_attributes(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "xmlattr", args, {"autospace"}, 0);
  run.check_defined(value);
  if (!value.dict()) run.fail("'", value.type_name(), "' object has no attribute 'items'");
  std::string result;
  for (const auto& [key, item] : value.dict()->items()) {
    if (item.is_none() || item.is_undefined()) continue;
    const std::string& name = jinja_string(run, "xmlattr()", key);
    if (name.find_first_of(" \t\n\v\f\r/>=") != std::string::npos)
      run.fail("Invalid character in attribute name: ", jinja_quote(name));
    const bool escaped = item.text() && item.text()->markup;
    const std::string text = jinja_str(run, item);
    result += concat(result.empty() ? "" : " ", jinja_escape(name), "=\"",
                     escaped ? text : jinja_escape(text), '"');
  }
  const bool space = (!bound[0] || bound[0]->truth()) && !result.empty();
  return run.text((space ? " " : "") + result);
}

JinjaValue refused(JinjaRun& run, const JinjaValue&, const JinjaArgs&) {
  run.fail("the filters urlize and random are not supported in chat templates");
}

}  // namespace

JinjaFilterTable jinja_markup_filters() {
  return {{"safe", safe},
          {"e", escape},
          {"escape", escape},
          {"forceescape", force_escape},
          {"striptags", strip_tags},
          {"urlencode", url_encode},
          {"xmlattr", xml_attributes},
          {"urlize", refused},
          {"random", refused}};
}

}  // namespace hone
