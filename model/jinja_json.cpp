#include "model/jinja_json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

class JsonWriter {
 public:
  JsonWriter(JinjaRun& run, const JinjaBound& options) : run_(run) {
    ascii_ = options[0] && options[0]->truth();
    if (options[1] && !options[1]->is_none()) read_indent(*options[1]);
    if (options[2] && !options[2]->is_none()) read_separators(*options[2]);
    sort_ = options[3] && options[3]->truth();
  }

  std::string write(const JinjaValue& value) {
    append(value, 0);
    return std::move(text_);
  }

 private:
  void read_indent(const JinjaValue& indent) {
    indented_ = true;
    item_separator_.assign(1, ',');  // GCC 12 warns of an overlap in = ","
    if (indent.text()) {
      indent_ = indent.text()->text;
      return;
    }
    const int64_t width = std::max<int64_t>(jinja_integer(run_, "tojson(): indent", indent), 0);
    run_.reserve(width);
    indent_ = std::string(size_t(width), ' ');
  }

  void read_separators(const JinjaValue& separators) {
    const std::vector<JinjaValue> two = jinja_elements(run_, separators);
    if (two.size() != 2) run_.fail("tojson(): separators: got ", two.size(), " of them, expected 2");
    item_separator_ = jinja_string(run_, "tojson(): separators", two[0]);
    key_separator_ = jinja_string(run_, "tojson(): separators", two[1]);
  }

  void new_line(int level) {
    if (!indented_) return;
    run_.reserve(level * int64_t(indent_.size()));
    text_ += '\n';
    for (int i = 0; i < level; ++i) text_ += indent_;
  }

  void append(const JinjaValue& value, int level) {
    const JinjaRun::Deeper deeper(run_);
    run_.step();
    run_.reserve(int64_t(text_.size()));
    if (value.text())
      append_text(value.text()->text);
    else if (value.sequence())
      append_sequence(*value.sequence(), level);
    else if (value.dict())
      append_dict(*value.dict(), level);
    else
      append_scalar(value);
  }

  void append_scalar(const JinjaValue& value) {
    if (value.is_none())
      text_ += "null";
    else if (value.boolean())
      text_ += *value.boolean() ? "true" : "false";
    else if (value.integer())
      text_ += std::to_string(*value.integer());
    else if (value.real())
      append_real(*value.real());
    else
      run_.fail("Object of type ", value.type_name(), " is not JSON serializable");
  }

  void append_real(double real) {
    text_ += std::isnan(real)   ? "NaN"
             : std::isinf(real) ? (real < 0 ? "-Infinity" : "Infinity")
                                : jinja_float(real);
  }

  void append_escape(char32_t unit) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", unsigned(unit & 0xFFFF));
    text_ += escape;
  }

  void append_text(std::string_view text) {
    static constexpr std::string_view kFrom = "\"\\\n\r\t\f\b", kTo = "\"\\nrtfb";
    text_ += '"';
    for (size_t at = 0; at < text.size();) {
      const char32_t c = jinja_next_char(text, at);
      const size_t known = c < 0x80 ? kFrom.find(char(c)) : std::string_view::npos;
      if (known != std::string_view::npos) {
        text_ += {'\\', kTo[known]};
      } else if (c < 0x20 || (ascii_ && c >= 0x7F && c < 0x10000 && c != 0x7F)) {
        append_escape(c);
      } else if (ascii_ && c >= 0x10000) {
        append_escape(0xD800 + ((c - 0x10000) >> 10));
        append_escape(0xDC00 + ((c - 0x10000) & 0x3FF));
      } else {
        jinja_append_char(text_, c);
      }
    }
    text_ += '"';
  }

  void append_sequence(const JinjaSequence& sequence, int level) {
    if (sequence.items.empty()) {
      text_ += "[]";
      return;
    }
    text_ += '[';
    for (size_t i = 0; i < sequence.items.size(); ++i) {
      if (i) text_ += item_separator_;
      new_line(level + 1);
      append(sequence.items[i], level + 1);
    }
    new_line(level);
    text_ += ']';
  }

  void append_key(const JinjaValue& key) {
    if (key.text()) return append_text(key.text()->text);
    if (!key.is_none() && !key.as_real())
      run_.fail("keys must be str, int, float, bool or None, not ", key.type_name());
    text_ += '"';
    append_scalar(key);
    text_ += '"';
  }

  void append_dict(const JinjaDict& dict, int level) {
    if (dict.size() == 0) {
      text_ += "{}";
      return;
    }
    std::vector<size_t> order(dict.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (sort_)
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return jinja_ordered(run_, "<", dict.items()[a].first, dict.items()[b].first);
      });
    text_ += '{';
    for (size_t i = 0; i < order.size(); ++i) {
      if (i) text_ += item_separator_;
      new_line(level + 1);
      append_key(dict.items()[order[i]].first);
      text_ += key_separator_;
      append(dict.items()[order[i]].second, level + 1);
    }
    new_line(level);
    text_ += '}';
  }

  JinjaRun& run_;
  bool ascii_ = false, sort_ = false, indented_ = false;
  std::string indent_, item_separator_ = ", ", key_separator_ = ": ", text_;
};

}  // namespace

JinjaValue jinja_from_json(JinjaRun& run, const OrderedJson& json) {
  const JinjaRun::Deeper deeper(run);
  switch (json.type()) {
    case OrderedJson::value_t::boolean:
      return json.get<bool>();
    case OrderedJson::value_t::number_integer:
      return json.get<int64_t>();
    case OrderedJson::value_t::number_unsigned:
      if (json.get<uint64_t>() > uint64_t(INT64_MAX))
        run.fail("the context's integer ", json.dump(), " does not fit 64 bits");
      return json.get<int64_t>();
    case OrderedJson::value_t::number_float:
      return json.get<double>();
    case OrderedJson::value_t::string:
      return run.text(json.get<std::string>());
    case OrderedJson::value_t::array: {
      std::vector<JinjaValue> items;
      for (const OrderedJson& item : json) items.push_back(jinja_from_json(run, item));
      return run.list(std::move(items));
    }
    case OrderedJson::value_t::object: {
      JinjaDict dict;
      for (const auto& item : json.items())
        run.set(dict, run.text(item.key()), jinja_from_json(run, item.value()));
      return run.dict(std::move(dict));
    }
    default:
      return {};
  }
}

JinjaValue jinja_to_json(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound =
      jinja_bind(run, "tojson", args, {"ensure_ascii", "indent", "separators", "sort_keys"}, 0);
  return run.text(JsonWriter(run, bound).write(value));
}

}  // namespace hone
