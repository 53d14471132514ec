// "{0.name:>5}".format(values) and format specifications.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "model/jinja_format.h"
#include "model/jinja_methods.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

struct FormatSpec {
  std::string fill = " ";
  char align = 0;
  bool zero = false;
  int64_t width = 0;
  JinjaNumberFormat number{.type = 0};
};

FormatSpec parse_spec(JinjaRun& run, std::string_view text) {
  FormatSpec spec;
  const auto is_align = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  const size_t first = jinja_char_length(text);
  if (first < text.size() && is_align(text[first])) {
    spec.fill = text.substr(0, first), spec.align = text[first];
    text.remove_prefix(first + 1);
  } else if (!text.empty() && is_align(text[0])) {
    spec.align = text[0];
    text.remove_prefix(1);
  }
  const auto take = [&](std::string_view any) {
    if (text.empty() || any.find(text[0]) == std::string_view::npos) return '\0';
    const char c = text[0];
    text.remove_prefix(1);
    return c;
  };
  const auto number = [&](int64_t& value_) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value_);
    if (result.ec == std::errc::result_out_of_range || value_ > INT32_MAX)
      run.fail("Too many decimal digits in format string");
    const bool found = result.ec == std::errc();
    text.remove_prefix(size_t(result.ptr - text.data()));
    return found;
  };
  if (const char sign = take("+- ")) spec.number.sign = sign;
  spec.number.alternate = take("#") != 0;
  if (take("0")) {
    spec.zero = true;
    if (!spec.align) spec.fill = "0", spec.align = '=';
  }
  number(spec.width);
  spec.number.grouping = take(",_");
  if (take(".")) {
    int64_t precision = 0;
    if (!number(precision)) run.fail("Format specifier missing precision");
    spec.number.precision = int(precision);
  }
  spec.number.type = take("bcdeEfFgGnosxX%");
  if (!text.empty()) run.fail("Invalid format specifier: ", jinja_quote(text));
  return spec;
}

std::string lay_out(JinjaRun& run, const FormatSpec& spec, const std::string& prefix, const std::string& body,
                    char align) {
  if (spec.align) align = spec.align;
  const auto length = int64_t(jinja_count_chars(prefix) + jinja_count_chars(body));
  if (align == '=') {
    const int64_t width = spec.width - int64_t(jinja_count_chars(prefix));
    return prefix +
           jinja_pad(run, JinjaText{body, jinja_count_chars(body)}, width, '>', spec.fill).text()->text;
  }
  if (align != '^')
    return jinja_pad(run, JinjaText{prefix + body, size_t(length)}, spec.width, align, spec.fill)
        .text()
        ->text;
  // format() puts the odd one right, unlike str.center().
  const int64_t missing = std::max<int64_t>(spec.width - length, 0);
  const JinjaValue left = jinja_pad(run, JinjaText{"", 0}, missing / 2, '<', spec.fill);
  const JinjaValue right = jinja_pad(run, JinjaText{"", 0}, missing - missing / 2, '<', spec.fill);
  return left.text()->text + prefix + body + right.text()->text;
}

[[noreturn]] void fail_type(JinjaRun& run, const FormatSpec& spec, const JinjaValue& value) {
  run.fail("Unknown format code '", spec.number.type, "' for object of type '", value.type_name(), "'");
}

std::string format_integer(JinjaRun& run, FormatSpec spec, const JinjaValue& value) {
  if (spec.number.type == 's') fail_type(run, spec, value);
  if (std::string_view("eEfFgG%").find(spec.number.type) != std::string_view::npos && spec.number.type) {
    const auto [prefix, digits] = jinja_format_real(run, *value.as_real(), spec.number);
    return lay_out(run, spec, prefix, digits, '>');
  }
  if (spec.number.precision >= 0) run.fail("Precision not allowed in integer format specifier");
  if (spec.number.type == 'c') {
    const int64_t code = *value.as_integer();
    if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
      run.fail("%c arg not in range(0x110000)");
    std::string text;
    jinja_append_char(text, char32_t(code));
    return lay_out(run, spec, "", text, '<');
  }
  if (!spec.number.type || spec.number.type == 'n') spec.number.type = 'd';
  const auto [prefix, digits] = jinja_format_integer(*value.as_integer(), spec.number);
  return lay_out(run, spec, prefix, digits, '>');
}

std::string format_real(JinjaRun& run, FormatSpec spec, const JinjaValue& value) {
  if (spec.number.type && std::string_view("eEfFgGn%").find(spec.number.type) == std::string_view::npos)
    fail_type(run, spec, value);
  const double real = *value.real();
  if (!spec.number.type && spec.number.precision < 0) {
    std::string digits = jinja_float(std::fabs(real));
    const std::string prefix = std::signbit(real)        ? "-"
                               : spec.number.sign == '-' ? ""
                                                         : std::string(1, spec.number.sign);
    return lay_out(run, spec, prefix, digits, '>');
  }
  if (!spec.number.type || spec.number.type == 'n') spec.number.type = 'g';
  const auto [prefix, digits] = jinja_format_real(run, real, spec.number);
  return lay_out(run, spec, prefix, digits, '>');
}

/// One call of str.format: walks the format string and puts fields in.
class BraceFormatter {
 public:
  BraceFormatter(JinjaRun& run, const JinjaArgs& args, const JinjaDict* map)
      : run_(run), args_(args), map_(map) {}

  std::string format(std::string_view text, int depth) {
    if (depth > 2) run_.fail("Max string recursion exceeded");
    std::string result;
    for (size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (c != '{' && c != '}') {
        result += text[at++];
      } else if (at + 1 < text.size() && text[at + 1] == c) {
        result += c;
        at += 2;
      } else if (c == '}') {
        run_.fail("Single '}' encountered in format string");
      } else {
        const size_t end = field_end(text, at);
        result += field(text.substr(at + 1, end - at - 1), depth);
        at = end + 1;
      }
      run_.reserve(int64_t(result.size()));
    }
    return result;
  }

 private:
  size_t field_end(std::string_view text, size_t begin) {
    int open = 0;
    for (size_t i = begin; i < text.size(); ++i) {
      open += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
      if (open == 0) return i;
    }
    run_.fail("expected '}' before end of string");
  }

  std::string field(std::string_view text, int depth) {
    run_.step();
    const size_t name_end = std::min({text.find('!'), text.find(':'), text.size()});
    JinjaValue value = lookup(text.substr(0, name_end));
    text.remove_prefix(name_end);
    if (text.starts_with('!')) {
      if (text.size() < 2 || (text.size() > 2 && text[2] != ':'))
        run_.fail("expected ':' after conversion specifier");
      if (text[1] != 'r' && text[1] != 's' && text[1] != 'a')
        run_.fail("Unknown conversion specifier '", text[1], "'");
      value = run_.text(text[1] == 's' ? jinja_str(run_, value) : jinja_repr(run_, value));
      text.remove_prefix(2);
    }
    const std::string spec = text.empty() ? "" : format(text.substr(1), depth + 1);
    return jinja_format_value(run_, value, spec);
  }

  /// The value of "name.attribute[item]...".
  JinjaValue lookup(std::string_view name) {
    const size_t first_end = std::min({name.find('.'), name.find('['), name.size()});
    JinjaValue value = first(name.substr(0, first_end), first_end == name.size());
    for (size_t at = first_end; at < name.size();) {
      const bool item = name[at] == '[';
      const size_t end =
          item ? name.find(']', at) : std::min({name.find('.', at + 1), name.find('[', at), name.size()});
      if (end == std::string_view::npos) run_.fail("Missing ']' in format string");
      const std::string_view part = name.substr(at + 1, end - at - 1);
      if (part.empty()) run_.fail("Empty attribute in format string");
      const auto index = item ? whole_number(part) : std::nullopt;
      value = item ? jinja_item(run_, value, index ? JinjaValue(*index) : run_.text(std::string(part)))
                   : jinja_attribute(run_, value, part);
      at = end + (item ? 1 : 0);
      if (item && at < name.size() && name[at] != '.' && name[at] != '[')
        run_.fail("Only '.' or '[' may follow ']' in format field specifier");
    }
    return value;
  }

  static std::optional<int64_t> whole_number(std::string_view text) {
    int64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole =
        result.ec == std::errc() && result.ptr == text.data() + text.size() && !text.starts_with('-');
    return whole ? std::optional(value) : std::nullopt;
  }

  /// The argument that a field begins with; only a field that is nothing else is numbered automatically.
  JinjaValue first(std::string_view name, bool alone) {
    const auto index = name.empty() && alone ? std::optional(next_) : whole_number(name);
    if (index) {
      if (alone && (name.empty() ? next_ < 0 : next_ > 0))
        run_.fail("cannot switch between automatic field numbering and manual field specification");
      if (alone) next_ = name.empty() ? next_ + 1 : -1;
      if (size_t(*index) >= args_.positional.size())
        run_.fail("Replacement index ", *index, " out of range for positional args tuple");
      return args_.positional[size_t(*index)];
    }
    if (map_)
      if (const JinjaValue* found = map_->find(name)) return *found;
    for (const auto& [key, value] : args_.named)
      if (key == name) return value;
    run_.fail("KeyError: ", jinja_quote(name));
  }

  JinjaRun& run_;
  const JinjaArgs& args_;
  const JinjaDict* map_;
  int64_t next_ = 0;  // of automatic numbering; -1 once a field was numbered by hand
};

}  // namespace

std::string jinja_format_value(JinjaRun& run, const JinjaValue& value, std::string_view spec_text) {
  if (spec_text.empty()) return jinja_str(run, value);
  if (value.integer() || value.boolean()) return format_integer(run, parse_spec(run, spec_text), value);
  if (value.real()) return format_real(run, parse_spec(run, spec_text), value);
  if (!value.text()) run.fail("unsupported format string passed to ", value.type_name(), ".__format__");
  const FormatSpec spec = parse_spec(run, spec_text);
  if (spec.number.type && spec.number.type != 's') fail_type(run, spec, value);
  if (spec.align == '=' && !spec.zero) run.fail("'=' alignment not allowed in string format specifier");
  if (spec.number.sign != '-' || spec.number.alternate || spec.number.grouping)
    run.fail("Sign, '#' and grouping are not allowed in string format specifier");
  std::string text = value.text()->text;
  if (spec.number.precision >= 0) text = text.substr(0, jinja_byte_of(text, size_t(spec.number.precision)));
  FormatSpec layout = spec;
  if (layout.align == '=') layout.align = '<';
  return lay_out(run, layout, "", text, '<');
}

JinjaValue jinja_text_format(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  return run.text(BraceFormatter(run, args, nullptr).format(text.text, 0), text.markup);
}

JinjaValue jinja_text_format_map(JinjaRun& run, const JinjaText& text, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "format_map", args, {"/mapping"}, 1);
  if (!bound[0]->dict()) run.fail("format_map(): got ", bound[0]->type_name(), ", expected a dict");
  return run.text(BraceFormatter(run, {}, bound[0]->dict()).format(text.text, 0), text.markup);
}

}  // namespace hone
