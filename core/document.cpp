// Parsing with line numbers (nlohmann's SAX parser over an iterator that counts them), `--set`, and nearest
// names.
#include "core/document.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "core/error.h"
#include "core/files.h"
#include "core/utf8.h"

namespace hone {
namespace {

constexpr size_t kMaxDepth = 256;
constexpr size_t kMaxPath =
    4096;  // bytes of a pointer: every value has one, so a long key would be stored once a value
constexpr int kSetLine = 0;  // the "line" of a value that --set gave

/// Characters of a text, one at a time; `line` is that of the last character read.
struct LineCounter {
  int line = 1;
  bool at_newline = false;
};

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

std::string unescape_pointer_token(std::string_view token) {
  std::string out;
  for (size_t i = 0; i < token.size(); ++i) {
    const bool escaped = token[i] == '~' && i + 1 < token.size();
    out += !escaped ? token[i] : token[++i] == '1' ? '/' : '~';
  }
  return out;
}

/// "file:3:14" of the byte at `offset`; the column counts bytes, from 1.
std::string position_in(const std::string& file, std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const size_t newline = before.rfind('\n');
  const size_t column = newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return concat(file, ":", std::count(before.begin(), before.end(), '\n') + 1, ":", column);
}

/// Builds the values and notes the line of each one.
class Builder {
 public:
  Builder(Document& document, const LineCounter& counter, std::string_view text)
      : document_(document), counter_(counter), text_(text) {}

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
    check_input(!top.value->contains(top.key), document_.file, ":", counter_.line, ": duplicate key ",
                Json(top.key).dump(), ", first on line ", document_.line_of[top.pointer]);
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
    throw InputError(position_in(document_.file, text_, position > 0 ? position - 1 : 0) + ": " + what);
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
  std::vector<Level> levels_;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0;;) {
    const size_t end = text.find(separator, begin);
    parts.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

bool is_plain_name(std::string_view key) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
  return !key.empty() && std::all_of(key.begin(), key.end(), plain);
}

std::optional<size_t> array_index(const Json& array, std::string_view part) {
  size_t index = 0;
  const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (status == std::errc() && end == part.data() + part.size() && index < array.size()) return index;
  for (size_t i = 0; i < array.size(); ++i) {
    if (array[i].is_object() && array[i].contains("name") && array[i]["name"] == part) return i;
  }
  return std::nullopt;
}

std::vector<std::string> names_in(const Json& value) {
  std::vector<std::string> names;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) names.push_back(key);
  } else if (value.is_array()) {
    for (const Json& element : value) {
      if (element.is_object() && element.contains("name") && element["name"].is_string()) {
        names.push_back(element["name"]);
      }
    }
  }
  return names;
}

/// The member of `parent` that a part of a `--set` path names; null if there is none. Appends to `pointer`.
Json* step_into(Json& parent, const std::string& part, std::string& pointer) {
  if (parent.is_object()) {
    pointer += "/" + escape_pointer_token(part);
    const auto member = parent.find(part);
    return member == parent.end() ? nullptr : &*member;
  }
  const auto index = parent.is_array() ? array_index(parent, part) : std::nullopt;
  if (!index) return nullptr;
  pointer += "/" + std::to_string(*index);
  return &parent[*index];
}

/// As a value if it is JSON, else as a string.
Json value_of(std::string_view text) {
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false, /*ignore_comments=*/true);
  return value.is_discarded() ? Json(std::string(text)) : value;
}

size_t nesting_of(std::string_view text) {
  size_t depth = 0, deepest = 0;
  for (char c : text) {
    if (c == '[' || c == '{')
      deepest = std::max(deepest, ++depth);
    else if ((c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return deepest;
}

}  // namespace

Document parse_document(std::string file, std::string_view text) {
  Document document{std::move(file), nullptr, {}};
  if (const auto bad = first_invalid_utf8(text)) {
    throw InputError(concat(position_in(document.file, text, *bad), ": not UTF-8: byte 0x", std::hex,
                            int(static_cast<unsigned char>(text[*bad]))));
  }
  LineCounter counter;
  Builder builder(document, counter, text);
  const CountingIterator begin(text.data(), &counter), end(text.data() + text.size(), &counter);
  Json::sax_parse(begin, end, &builder, Json::input_format_t::json, /*strict=*/true,
                  /*ignore_comments=*/true);
  return document;
}

Document load_document(const std::filesystem::path& path) {
  return parse_document(path.string(), read_file(path));
}

std::string Document::where(const std::string& pointer) const {
  std::string shown;
  const Json* at = &root;
  if (!pointer.empty()) {
    for (const std::string& token : split(std::string_view(pointer).substr(1), '/')) {
      const std::string key = unescape_pointer_token(token);
      if (at && at->is_array())
        shown += "[" + key + "]";
      else if (is_plain_name(key))
        shown += (shown.empty() ? "" : ".") + key;
      else
        shown += "[" + Json(key).dump(-1, ' ', true, Json::error_handler_t::replace) + "]";
      size_t index = 0;
      std::from_chars(key.data(), key.data() + key.size(), index);
      if (at && at->is_object() && at->contains(key))
        at = &(*at)[key];
      else if (at && at->is_array() && index < at->size())
        at = &(*at)[index];
      else
        at = nullptr;
    }
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

void set_value(Document& document, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  check_input(!first_invalid_utf8(assignment), "--set: not UTF-8");
  check_input(equals != std::string_view::npos && equals > 0, "--set ", assignment,
              ": expected key.path=value");
  check_input(nesting_of(assignment) <= kMaxDepth, "--set ", assignment.substr(0, equals), ": nested over ",
              kMaxDepth, " levels deep");
  const std::vector<std::string> parts = split(assignment.substr(0, equals), '.');
  std::string pointer;
  Json* at = &document.root;
  for (size_t i = 0; i < parts.size(); ++i) {
    Json& parent = *at;
    at = step_into(parent, parts[i], pointer);
    if (!at && i + 1 == parts.size() && parent.is_object()) at = &(parent[parts[i]] = nullptr);
    if (at) continue;
    const std::string near = nearest_name(parts[i], names_in(parent));
    throw InputError(concat("--set ", assignment.substr(0, equals), ": there is no ", Json(parts[i]).dump(),
                            parent.is_structured() ? "" : concat(" in a ", parent.type_name()),
                            near.empty() ? "" : "; did you mean " + near + "?"));
  }
  *at = value_of(assignment.substr(equals + 1));
  std::erase_if(document.line_of, [&](const auto& entry) { return entry.first.starts_with(pointer + "/"); });
  document.line_of[pointer] = kSetLine;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(name.size() / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    const size_t longer = std::max(name.size(), candidate.size()),
                 shorter = std::min(name.size(), candidate.size());
    if (longer - shorter >= best_distance) continue;
    std::vector<size_t> row(candidate.size() +
                            1);  // Levenshtein distances of name[0, i) to the prefixes of candidate
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= name.size(); ++i) {
      size_t diagonal = std::exchange(row[0], i);
      for (size_t j = 1; j <= candidate.size(); ++j) {
        const size_t substituted = diagonal + (name[i - 1] != candidate[j - 1]);
        diagonal = row[j];
        row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
      }
    }
    if (row.back() < best_distance && row.back() < longer) best = candidate, best_distance = row.back();
  }
  return best;
}

}  // namespace hone
