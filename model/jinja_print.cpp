#include "model/jinja_print.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "model/jinja_unicode.h"

namespace hone {
namespace {

void append_repr(JinjaRun& run, std::string& text_, const JinjaValue& value);

void append_sequence(JinjaRun& run, std::string& text_, const JinjaSequence& sequence) {
  text_ += sequence.is_tuple ? '(' : '[';
  for (size_t i = 0; i < sequence.items.size(); ++i) {
    if (i) text_ += ", ";
    append_repr(run, text_, sequence.items[i]);
  }
  if (sequence.is_tuple && sequence.items.size() == 1) text_ += ',';
  text_ += sequence.is_tuple ? ')' : ']';
}

void append_dict(JinjaRun& run, std::string& text_, const JinjaDict& dict) {
  text_ += '{';
  for (size_t i = 0; i < dict.size(); ++i) {
    if (i) text_ += ", ";
    append_repr(run, text_, dict.items()[i].first);
    text_ += ": ";
    append_repr(run, text_, dict.items()[i].second);
  }
  text_ += '}';
}

void append_repr(JinjaRun& run, std::string& text_, const JinjaValue& value) {
  const JinjaRun::Deeper deeper(run);
  run.step();
  const size_t before = text_.size();
  if (value.sequence()) return append_sequence(run, text_, *value.sequence());
  if (value.dict()) return append_dict(run, text_, *value.dict());
  if (value.text()) {
    const std::string quoted = jinja_quote(value.text()->text);
    text_ += value.text()->markup ? concat("Markup(", quoted, ")") : quoted;
  } else if (value.is_undefined()) {
    text_ += "Undefined";
  } else {
    text_ += jinja_str(run, value);
  }
  run.charge(text_.size() - before);
}

}  // namespace

std::string jinja_float(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string digits(buffer, end);
  const bool negative = digits[0] == '-';
  const size_t e = digits.find('e');
  const int exponent = std::atoi(digits.c_str() + e + 1);
  digits = digits.substr(negative, e - negative);
  std::erase(digits, '.');
  std::string text = negative ? "-" : "";
  const int count = int(digits.size());
  if (exponent < -4 || exponent >= 16) {
    text += digits.substr(0, 1);
    if (count > 1) text += "." + digits.substr(1);
    char tail[16];
    std::snprintf(tail, sizeof tail, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return text + tail;
  }
  if (exponent < 0) return text + "0." + std::string(size_t(-exponent - 1), '0') + digits;
  if (count <= exponent + 1) return text + digits + std::string(size_t(exponent + 1 - count), '0') + ".0";
  return text + digits.substr(0, size_t(exponent) + 1) + "." + digits.substr(size_t(exponent) + 1);
}

std::string jinja_quote(std::string_view text) {
  const bool use_double =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = use_double ? '"' : '\'';
  std::string result(1, quote);
  for (size_t at = 0; at < text.size();) {
    const char32_t c = jinja_next_char(text, at);
    if (c == char32_t(quote) || c == '\\') {
      result += {'\\', char(c)};
    } else if (c == '\n' || c == '\r' || c == '\t') {
      result += {'\\', c == '\n' ? 'n' : c == '\r' ? 'r' : 't'};
    } else if (jinja_is(c, JinjaCharClass::kPrintable)) {
      jinja_append_char(result, c);
    } else {
      char escape[16];
      std::snprintf(escape, sizeof escape,
                    c < 0x100     ? "\\x%02x"
                    : c < 0x10000 ? "\\u%04x"
                                  : "\\U%08x",
                    unsigned(c));
      result += escape;
    }
  }
  return result + quote;
}

std::string jinja_str(JinjaRun& run, const JinjaValue& value) {
  if (value.text()) return value.text()->text;
  if (value.is_none()) return "None";
  if (value.is_undefined()) return "";
  if (value.boolean()) return *value.boolean() ? "True" : "False";
  if (value.integer()) return std::to_string(*value.integer());
  if (value.real()) return jinja_float(*value.real());
  if (value.object()) {
    const JinjaRun::Deeper deeper(run);
    return value.object()->repr(run);
  }
  return jinja_repr(run, value);
}

std::string jinja_repr(JinjaRun& run, const JinjaValue& value) {
  std::string text;
  append_repr(run, text, value);
  return text;
}

std::string jinja_escape(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '\'':
        result += "&#39;";
        break;
      case '"':
        result += "&#34;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace hone
