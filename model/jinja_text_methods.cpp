// Methods of str. Each is a function from (text, arguments) in one table; results of escaped text are escaped
// text.
#include <algorithm>
#include <map>

#include "model/jinja_format.h"
#include "model/jinja_methods.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

using Method = JinjaValue (*)(JinjaRun& run, const JinjaText& text, const JinjaArgs& args);

template <std::string (*kChange)(std::string_view)>
JinjaValue change(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  jinja_bind(run, "this method of str", args, {}, 0);
  return run.text(kChange(text.text), text.markup);
}

template <JinjaCharClass kClass>
JinjaValue is_class(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  jinja_bind(run, "this method of str", args, {}, 0);
  return jinja_all(text.text, kClass);
}

template <bool kLeft, bool kRight>
JinjaValue strip(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "strip", args, {"/chars"}, 0);
  std::string_view result = text.text;
  if (bound[0] && !bound[0]->is_none()) {
    result = jinja_strip(result, jinja_string(run, "strip()", *bound[0]), kLeft, kRight);
  } else {
    if (kLeft) result = jinja_lstrip(result);
    if (kRight) result = jinja_rstrip(result);
  }
  return run.text(std::string(result), text.markup);
}

template <bool kFromRight>
JinjaValue split(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "split", args, {"sep", "maxsplit"}, 0);
  std::optional<std::string> separator;
  if (bound[0] && !bound[0]->is_none()) separator = jinja_string(run, "split()", *bound[0]);
  const int64_t limit = bound[1] ? jinja_integer(run, "split()", *bound[1]) : -1;
  return run.list(jinja_split(run, text, separator, limit, kFromRight));
}

JinjaValue splitlines(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "splitlines", args, {"keepends"}, 0);
  std::vector<JinjaValue> lines;
  for (const std::string_view line : jinja_lines(text.text, bound[0] && bound[0]->truth()))
    lines.push_back(run.text(std::string(line), text.markup));
  return run.list(std::move(lines));
}

template <bool kFromRight>
JinjaValue partition(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "partition", args, {"/sep"}, 1);
  const std::string& separator = jinja_string(run, "partition()", *bound[0]);
  if (separator.empty()) run.fail("empty separator");
  const size_t at = kFromRight ? text.text.rfind(separator) : text.text.find(separator);
  const JinjaValue whole = run.text(text.text, text.markup), empty = run.text("", text.markup);
  if (at == std::string::npos)
    return run.tuple(kFromRight ? std::vector{empty, empty, whole} : std::vector{whole, empty, empty});
  return run.tuple({run.text(text.text.substr(0, at), text.markup), *bound[0],
                    run.text(text.text.substr(at + separator.size()), text.markup)});
}

/// The part of `text` that [start, stop) in characters says, as a byte range; nothing where start is beyond
/// the end.
std::optional<std::pair<size_t, size_t>> byte_range(JinjaRun& run, const JinjaText& text,
                                                    const JinjaBound& bound) {
  const auto length = int64_t(text.length);
  const auto place = [&](size_t i, int64_t fallback) {
    int64_t at = bound[i] && !bound[i]->is_none() ? jinja_integer(run, "slice indices", *bound[i]) : fallback;
    return at < 0 ? std::max<int64_t>(at + length, 0) : at;
  };
  const int64_t start = place(1, 0), stop = std::min(place(2, length), length);
  if (start > length || start > stop) return std::nullopt;
  if (text.is_ascii()) return std::pair(size_t(start), size_t(stop));
  return std::pair(jinja_byte_of(text.text, size_t(start)), jinja_byte_of(text.text, size_t(stop)));
}

/// find, rfind, index and rindex.
template <bool kFromRight, bool kStrict>
JinjaValue find(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "find", args, {"/sub", "/start", "/end"}, 1);
  const std::string& sub = jinja_string(run, "find()", *bound[0]);
  run.step(int64_t(text.text.size() / 64));
  size_t at = std::string_view::npos;
  if (const auto range = byte_range(run, text, bound)) {
    const auto part = std::string_view(text.text).substr(range->first, range->second - range->first);
    at = kFromRight ? part.rfind(sub) : part.find(sub);
    if (at != std::string_view::npos) at += range->first;
  }
  if (kStrict && at == std::string_view::npos) run.fail("substring not found");
  if (at == std::string_view::npos) return int64_t{-1};
  return int64_t(jinja_count_chars(std::string_view(text.text).substr(0, at)));
}

JinjaValue count(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "count", args, {"/sub", "/start", "/end"}, 1);
  const std::string& sub = jinja_string(run, "count()", *bound[0]);
  run.step(int64_t(text.text.size() / 64));
  const auto range = byte_range(run, text, bound);
  if (!range) return int64_t{0};
  const auto part = std::string_view(text.text).substr(range->first, range->second - range->first);
  if (sub.empty()) return int64_t(jinja_count_chars(part) + 1);
  int64_t found = 0;
  for (size_t at = part.find(sub); at != std::string_view::npos; at = part.find(sub, at + sub.size()))
    ++found;
  return found;
}

template <bool kEnd>
JinjaValue starts_or_ends(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound =
      jinja_bind(run, kEnd ? "endswith" : "startswith", args, {"/prefix", "/start", "/end"}, 1);
  const auto range = byte_range(run, text, bound);
  const auto part = range ? std::string_view(text.text).substr(range->first, range->second - range->first)
                          : std::string_view();
  const auto matches = [&](const JinjaValue& value) {
    const std::string& affix = jinja_string(run, kEnd ? "endswith()" : "startswith()", value);
    return range && (kEnd ? part.ends_with(affix) : part.starts_with(affix));
  };
  if (!bound[0]->tuple()) return matches(*bound[0]);
  const auto& items = bound[0]->tuple()->items;
  return std::any_of(items.begin(), items.end(), matches);
}

JinjaValue replace(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "replace", args, {"/old", "/new", "/count"}, 2);
  const auto part = [&](const JinjaValue& value) {
    const std::string& plain = jinja_string(run, "replace()", value);
    return text.markup && !value.text()->markup ? jinja_escape(plain) : plain;
  };
  const int64_t limit = bound[2] ? jinja_integer(run, "replace()", *bound[2]) : -1;
  return jinja_replace(run, text.text, part(*bound[0]), part(*bound[1]), limit, text.markup);
}

JinjaValue join(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "join", args, {"/iterable"}, 1);
  return jinja_join(run, text, jinja_iterate(run, *bound[0]), true);
}

template <char kSide>
JinjaValue pad(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "center, ljust or rjust", args, {"/width", "/fillchar"}, 1);
  const std::string fill = bound[1] ? jinja_string(run, "fill character", *bound[1]) : " ";
  if (jinja_count_chars(fill) != 1) run.fail("The fill character must be exactly one character long");
  return jinja_pad(run, text, jinja_integer(run, "width", *bound[0]), kSide, fill);
}

JinjaValue zfill(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "zfill", args, {"/width"}, 1);
  const bool sign = text.text.starts_with('-') || text.text.starts_with('+');
  const std::string digits = text.text.substr(sign);
  const int64_t width = jinja_integer(run, "zfill()", *bound[0]) - sign;
  const JinjaValue padded =
      jinja_pad(run, JinjaText{digits, text.length - sign, text.markup}, width, '>', "0");
  return run.text(text.text.substr(0, sign) + padded.text()->text, text.markup);
}

template <bool kSuffix>
JinjaValue remove_affix(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, kSuffix ? "removesuffix" : "removeprefix", args, {"/affix"}, 1);
  const std::string& affix = jinja_string(run, kSuffix ? "removesuffix()" : "removeprefix()", *bound[0]);
  std::string_view result = text.text;
  if (kSuffix && result.ends_with(affix)) result.remove_suffix(affix.size());
  if (!kSuffix && result.starts_with(affix)) result.remove_prefix(affix.size());
  return run.text(std::string(result), text.markup);
}

JinjaValue expandtabs(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "expandtabs", args, {"tabsize"}, 0);
  const int64_t size = bound[0] ? jinja_integer(run, "expandtabs()", *bound[0]) : 8;
  std::string result;
  int64_t column = 0;
  for (const std::string_view c : jinja_chars(text.text)) {
    if (c == "\t") {
      const int64_t blanks = size > 0 ? size - column % size : 0;
      run.reserve(blanks);
      run.charge(size_t(blanks));
      result.append(size_t(blanks), ' ');
      column += blanks;
      continue;
    }
    result += c;
    column = c == "\n" || c == "\r" ? 0 : column + 1;
  }
  return run.text(std::move(result), text.markup);
}

bool is_identifier(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  while (const size_t length = jinja_word_length(text)) text.remove_prefix(length);
  return text.empty();
}

const std::map<std::string_view, Method>& methods() {
  using C = JinjaCharClass;
  static const std::map<std::string_view, Method> table = {
      {"upper", change<jinja_upper>},
      {"lower", change<jinja_lower>},
      {"title", change<jinja_title>},
      {"capitalize", change<jinja_capitalize>},
      {"swapcase", change<jinja_swapcase>},
      {"casefold", change<jinja_casefold>},
      {"isalpha", is_class<C::kAlpha>},
      {"isalnum", is_class<C::kAlnum>},
      {"isdecimal", is_class<C::kDecimal>},
      {"isdigit", is_class<C::kDigit>},
      {"isnumeric", is_class<C::kNumeric>},
      {"isspace", is_class<C::kSpace>},
      {"isprintable", is_class<C::kPrintable>},
      {"islower", is_class<C::kLower>},
      {"isupper", is_class<C::kUpper>},
      {"istitle", is_class<C::kTitle>},
      {"isascii", [](JinjaRun&, const JinjaText& t, const JinjaArgs&) -> JinjaValue { return t.is_ascii(); }},
      {"isidentifier",
       [](JinjaRun&, const JinjaText& t, const JinjaArgs&) -> JinjaValue { return is_identifier(t.text); }},
      {"strip", strip<true, true>},
      {"lstrip", strip<true, false>},
      {"rstrip", strip<false, true>},
      {"split", split<false>},
      {"rsplit", split<true>},
      {"splitlines", splitlines},
      {"partition", partition<false>},
      {"rpartition", partition<true>},
      {"find", find<false, false>},
      {"rfind", find<true, false>},
      {"index", find<false, true>},
      {"rindex", find<true, true>},
      {"count", count},
      {"startswith", starts_or_ends<false>},
      {"endswith", starts_or_ends<true>},
      {"replace", replace},
      {"join", join},
      {"center", pad<'^'>},
      {"ljust", pad<'<'>},
      {"rjust", pad<'>'>},
      {"zfill", zfill},
      {"removeprefix", remove_affix<false>},
      {"removesuffix", remove_affix<true>},
      {"expandtabs", expandtabs},
      {"format", jinja_text_format},
      {"format_map", jinja_text_format_map},
  };
  return table;
}

}  // namespace

std::optional<JinjaValue> jinja_text_method(JinjaRun& run, const JinjaValue& text, std::string_view name) {
  const auto found = methods().find(name);
  if (found == methods().end()) return std::nullopt;
  return run.function(std::string(name), [text, method = found->second](JinjaRun& r, const JinjaArgs& args) {
    return method(r, *text.text(), args);
  });
}

}  // namespace hone
