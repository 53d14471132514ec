// Parsing with line numbers (nlohmann's SAX parser over an iterator that counts them), `--set`, and nearest
// names.
#include "core/document.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/error.h"
#include "core/files.h"
#include "core/utf8.h"

namespace hone {
namespace {

constexpr size_t kMaxDepth = 256;
constexpr size_t kMaxPath =
    4096;  // bytes of a pointer: every value has one, so a long key would be stored once a value

/// Where a parser is: `line` is that of the last character read.
struct LineCounter {
  int line = 1;
  bool at_newline = false;
};

/// Characters of a text, one at a time, counted.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, LineCounter* counter) : at_(at), counter_(counter) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    // A newline belongs to the line that it ends: the lexer reads one past a number.
    counter_->line += counter_->at_newline;
    counter_->at_newline = *at_ == '\n';
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  LineCounter* counter_;
};

std::string escape_pointer_token(std::string_view key) {
  std::string out;
  for (char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

/// "file:3:14" of the byte at `offset`; the column counts bytes, from 1.
std::string position_in(const std::string& file, std::string_view text, size_t offset, int first_line) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const size_t newline = before.rfind('\n');
  const size_t column = newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return concat(file, ":", first_line + std::count(before.begin(), before.end(), '\n'), ":", column);
}

/// Builds the values and notes the line of each one.
class Builder {
 public:
  /// `counter` is the one that the text is read through, still at its first line.
  Builder(Document& document, const LineCounter& counter, std::string_view text)
      : document_(document), counter_(counter), text_(text), first_line_(counter.line) {}

  bool null() { return place(nullptr); }
  bool boolean(bool value) { return place(value); }
  bool number_integer(int64_t value) { return place(value); }
  bool number_unsigned(uint64_t value) { return place(value); }
  bool number_float(double value, const std::string&) { return place(value); }
  bool string(std::string& value) { return place(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }  // no such thing in JSON text
  bool start_object(size_t) { return open(Json::object()); }
  bool start_array(size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Level& top = levels_.back();
    top.key = std::move(name);
    top.pointer.resize(top.parent_length);
    top.pointer += "/" + escape_pointer_token(top.key);
    check_input(top.pointer.size() <= kMaxPath, document_.file, ":", counter_.line, ": a key of ",
                top.key.size(), " bytes makes a path of over ", kMaxPath);
    if (top.value->contains(top.key)) {
      throw InputError(concat(document_.file, ":", counter_.line, ": duplicate key ", Json(top.key).dump(),
                              ", first on line ", document_.line_of[top.pointer]));
    }
    document_.line_of[top.pointer] = counter_.line;
    return true;
  }

  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception& e) {
    // "[json.exception...] parse error at line 1, column 2: what - why; expected x; last read: 'y'": keep
    // what and why.
    std::string what = e.what();
    const size_t parse = what.find(": ");
    if (what.find("parse error at") != std::string::npos && parse != std::string::npos)
      what.erase(0, parse + 2);
    else
      what.erase(0, what.find("] ") + 2);
    const size_t last = what.find("; last read: ");
    if (last != std::string::npos) {
      const size_t expected = what.find("; expected ", last);
      what.erase(last, expected == std::string::npos ? std::string::npos : expected - last);
    }
    throw InputError(position_in(document_.file, text_, position > 0 ? position - 1 : 0, first_line_) + ": " +
                     what);
  }

 private:
  struct Level {
    Json* value;           // the array or object being filled
    std::string pointer;   // of the member being read
    size_t parent_length;  // how much of `pointer` is the container's own
    std::string key;       // of the member being read
  };

  std::string next_pointer() {
    if (levels_.empty()) return "";
    Level& top = levels_.back();
    if (top.value->is_array()) {
      top.pointer.resize(top.parent_length);
      top.pointer += "/" + std::to_string(top.value->size());
    }
    return top.pointer;
  }

  Json& insert(Json&& value) {
    if (levels_.empty()) return document_.root = std::move(value);
    Level& top = levels_.back();
    if (top.value->is_array()) return top.value->emplace_back(std::move(value));
    return (*top.value)[top.key] = std::move(value);
  }

  bool place(Json&& value) {
    document_.line_of.try_emplace(next_pointer(), counter_.line);  // a member has its key's line already
    insert(std::move(value));
    return true;
  }

  bool open(Json&& container) {
    check_input(levels_.size() < kMaxDepth, document_.file, ":", counter_.line, ": nested over ", kMaxDepth,
                " levels deep");
    std::string pointer = next_pointer();
    document_.line_of.try_emplace(pointer, counter_.line);
    Json& value = insert(std::move(container));
    const size_t length = pointer.size();
    levels_.push_back({&value, std::move(pointer), length, ""});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  Document& document_;
  const LineCounter& counter_;
  std::string_view text_;
  int first_line_;
  std::vector<Level> levels_;
};

bool is_plain_name(std::string_view key) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
  return !key.empty() && std::all_of(key.begin(), key.end(), plain);
}

/// Of strict JSON; more may be said of what is none.
size_t nesting_of(std::string_view text) {
  size_t depth = 0, deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Document parse_document(std::string file, std::string_view text, int first_line) {
  Document document{std::move(file), nullptr, {}};
  if (const auto bad = first_invalid_utf8(text)) {
    throw InputError(concat(position_in(document.file, text, *bad, first_line), ": not UTF-8: byte 0x",
                            std::hex, int(static_cast<unsigned char>(text[*bad]))));
  }
  LineCounter counter{first_line};
  Builder builder(document, counter, text);
  const CountingIterator begin(text.data(), &counter), end(text.data() + text.size(), &counter);
  Json::sax_parse(begin, end, &builder, Json::input_format_t::json, /*strict=*/true,
                  /*ignore_comments=*/true);
  return document;
}

std::optional<Json> parse_value(std::string_view text) {
  if (nesting_of(text) > kMaxDepth) return std::nullopt;
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

Document load_document(const std::filesystem::path& path) {
  return parse_document(path.string(), read_file(path));
}

std::string Document::where(const std::string& pointer) const {
  std::vector<std::string> keys;
  for (Json::json_pointer rest(pointer); !rest.empty(); rest.pop_back()) keys.push_back(rest.back());
  std::string shown;
  const Json* at = &root;  // null once the path leaves the document
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    if (at && at->is_array())
      shown += "[" + *key + "]";
    else if (is_plain_name(*key))
      shown += (shown.empty() ? "" : ".") + *key;
    else
      shown += "[" + Json(*key).dump(-1, ' ', true, Json::error_handler_t::replace) + "]";
    const Json::json_pointer step = Json::json_pointer() / *key;
    at = at && at->contains(step) ? &at->at(step) : nullptr;
  }
  // What is missing is looked for on the line of what it is missing from.
  std::string known = pointer;
  auto line = line_of.find(known);
  while (line == line_of.end() && !known.empty()) {
    known.resize(known.rfind('/'));
    line = line_of.find(known);
  }
  std::string out = file;
  if (line != line_of.end()) out = line->second == kSetLine ? "--set" : concat(file, ":", line->second);
  return shown.empty() ? out : out + ": " + shown;
}

}  // namespace hone
