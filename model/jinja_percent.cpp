// "%-5s|%03d" % values.
#include <cmath>

#include "model/jinja_format.h"
#include "model/jinja_methods.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

struct Conversion {
  bool left = false, zero = false;
  int64_t width = 0;
  JinjaNumberFormat number;
};

class PercentFormatter {
 public:
  PercentFormatter(JinjaRun& run, const JinjaText& text, const JinjaValue& values)
      : run_(run), format_(text.text), markup_(text.markup), values_(values) {}

  std::string format() {
    while (at_ < format_.size()) {
      if (format_[at_] != '%')
        result_ += format_[at_++];
      else
        convert();
      run_.reserve(int64_t(result_.size()));
    }
    const bool is_mapping =
        values_.dict() || values_.list() || (values_.object() && !values_.object()->is_callable());
    if (!keyed_ && values_.tuple() && next_ < values_.tuple()->items.size()) fail_unused();
    if (!keyed_ && !values_.tuple() && next_ == 0 && !is_mapping) fail_unused();
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail_unused() { run_.fail("not all arguments converted during string formatting"); }

  char peek() {
    if (at_ == format_.size()) run_.fail("incomplete format");
    return format_[at_];
  }

  JinjaValue next_value() {
    if (keyed_) return key_value_;
    if (!values_.tuple() && next_++ == 0) return values_;
    if (values_.tuple() && next_ < values_.tuple()->items.size()) return values_.tuple()->items[next_++];
    run_.fail("not enough arguments for format string");
  }

  void read_key() {
    if (peek() != '(') return;
    if (!values_.dict()) run_.fail("format requires a mapping");
    int depth = 1;
    const size_t begin = ++at_;
    for (; depth > 0; ++at_) depth += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
    const std::string key(format_.substr(begin, at_ - 1 - begin));
    const JinjaValue* found = values_.dict()->find(key);
    if (!found) run_.fail("KeyError: ", jinja_quote(key));
    key_value_ = *found;
    keyed_ = true;
  }

  /// Digits or "*".
  int64_t read_size() {
    if (peek() == '*') {
      ++at_;
      const JinjaValue value = next_value();
      if (!value.as_integer()) run_.fail("* wants int");
      return *value.as_integer();
    }
    int64_t size = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at_)
      if ((size = size * 10 + (peek() - '0')) > INT32_MAX) run_.fail("width or precision too big");
    return size;
  }

  void convert() {
    ++at_;
    Conversion c;
    read_key();
    for (bool flag = true; flag;) {
      switch (peek()) {
        case '-':
          c.left = true;
          break;
        case '0':
          c.zero = true;
          break;
        case '+':
          c.number.sign = '+';
          break;
        case ' ':
          c.number.sign = c.number.sign == '+' ? '+' : ' ';
          break;
        case '#':
          c.number.alternate = true;
          break;
        default:
          flag = false;
      }
      at_ += flag;
    }
    c.width = read_size();
    if (c.width < 0) c.left = true, c.width = std::min(-c.width, int64_t{INT32_MAX});
    if (peek() == '.') {
      ++at_;
      c.number.precision = int(std::clamp<int64_t>(read_size(), 0, INT32_MAX));
    }
    if (peek() == 'l' || peek() == 'h' || peek() == 'L') ++at_;
    const char type = peek();
    ++at_;
    if (type == '%') {
      result_ += '%';
      return;
    }
    write(c, type, next_value());
  }

  void write(Conversion c, char type, const JinjaValue& value) {
    static constexpr std::string_view kReals = "eEfFgG", kIntegers = "diuoxX";
    if (type == 's' || type == 'r' || type == 'a') return write_text(c, type, value);
    if (type == 'c') return write_character(c, value);
    if (kReals.find(type) == std::string_view::npos && kIntegers.find(type) == std::string_view::npos)
      run_.fail("unsupported format character '", type, "'");
    run_.check_defined(value);
    if (!value.as_real()) run_.fail("%", type, " format: a number is required, not ", value.type_name());
    c.number.type = type == 'i' || type == 'u' ? 'd' : type;
    if (c.number.precision > 10000) run_.fail("precision too big");
    if (kReals.find(type) != std::string_view::npos)
      return write_number(c, jinja_format_real(run_, *value.as_real(), c.number));
    if (value.real() && type != 'd' && type != 'i' && type != 'u')
      run_.fail("%", type, " format: an integer is required, not float");
    const double real = *value.as_real();
    if (value.real() && !(std::fabs(real) < 0x1p63))
      run_.fail("cannot convert float ", jinja_float(real), " to integer");
    write_number(c, jinja_format_integer(value.real() ? int64_t(real) : *value.as_integer(), c.number));
  }

  void write_number(const Conversion& c, const std::pair<std::string, std::string>& number) {
    const auto& [prefix, digits] = number;
    const auto length = int64_t(prefix.size() + digits.size());
    run_.reserve(c.width);
    const size_t fill = size_t(std::max<int64_t>(c.width - length, 0));
    run_.charge(fill);
    if (c.left)
      result_ += prefix + digits + std::string(fill, ' ');
    else if (c.zero)
      result_ += prefix + std::string(fill, '0') + digits;
    else
      result_ += std::string(fill, ' ') + prefix + digits;
  }

  void write_text(const Conversion& c, char type, const JinjaValue& value) {
    std::string text = type == 's' ? jinja_str(run_, value) : jinja_repr(run_, value);
    if (markup_ && !(value.text() && value.text()->markup)) text = jinja_escape(text);
    if (c.number.precision >= 0) text = text.substr(0, jinja_byte_of(text, size_t(c.number.precision)));
    const size_t length = jinja_count_chars(text);
    result_ += jinja_pad(run_, JinjaText{text, length}, c.width, c.left ? '<' : '>', " ").text()->text;
  }

  void write_character(const Conversion& c, const JinjaValue& value) {
    std::string text;
    const auto code = value.as_integer();
    if (value.text() && value.text()->length == 1)
      text = value.text()->text;
    else if (code && *code >= 0 && *code < 0x110000 && (*code < 0xD800 || *code > 0xDFFF))
      jinja_append_char(text, char32_t(*code));
    else
      run_.fail("%c requires int or char");
    result_ += jinja_pad(run_, JinjaText{text, 1}, c.width, c.left ? '<' : '>', " ").text()->text;
  }

  JinjaRun& run_;
  std::string_view format_;
  bool markup_;
  const JinjaValue& values_;
  std::string result_;
  size_t at_ = 0, next_ = 0;
  bool keyed_ = false;
  JinjaValue key_value_;
};

}  // namespace

JinjaValue jinja_percent(JinjaRun& run, const JinjaValue& text, const JinjaValue& values) {
  return run.text(PercentFormatter(run, *text.text(), values).format(), text.text()->markup);
}

}  // namespace hone
