// The parser's events build the document, so that a key that comes twice is seen (the library's own builder
// keeps the last).
#include "model/strict_json.h"

#include <vector>

#include "core/error.h"

namespace hone {
namespace {

using Json = nlohmann::json;
constexpr size_t kMaxDepth = 128;

class Builder : public Json::json_sax_t {
 public:
  explicit Builder(const std::string& file) : file_(file) {}

  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    auto [place, fresh] = open_.back()->emplace(name, nullptr);
    check_input(fresh, file_, ": the key \"", name, "\" comes twice");
    slot_ = &place.value();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override {
    std::string what =
        e.what();  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
    if (const auto colon = what.find(": "); colon != std::string::npos) what = what.substr(colon + 2);
    throw InputError(concat(file_, ": not JSON at byte ", position, ": ", what));
  }

 private:
  Json* place(Json&& value) {
    if (open_.empty()) return root_ = std::move(value), &root_;
    if (open_.back()->is_array()) return &open_.back()->emplace_back(std::move(value));
    *slot_ = std::move(value);
    return slot_;
  }
  bool add(Json&& value) { return place(std::move(value)), true; }
  bool open(Json&& value) {
    check_input(open_.size() < kMaxDepth, file_, ": JSON nested deeper than ", kMaxDepth);
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() { return open_.pop_back(), true; }

  const std::string& file_;
  Json root_;
  std::vector<Json*>
      open_;  // the containers around the next value; a container does not move while a child of it is open
  Json* slot_ = nullptr;  // where the value of the last key goes
};

}  // namespace

Json parse_strict_json(const std::string& file, std::string_view text) {
  Builder builder(file);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

}  // namespace hone
