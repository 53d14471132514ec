// One rendering: its limits and what it used of them, where in the template it is, and the objects that it
// made. Everything that can fail or take room takes it as its first argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "model/jinja_object.h"
#include "model/jinja_value.h"

namespace hone {

/// What a template may use before it is stopped with an InputError. Raise them for conversations of many
/// megabytes.
struct JinjaLimits {
  int64_t steps = 20'000'000;       // expressions evaluated and elements looked at
  int64_t value_bytes = 1ll << 30;  // made over the whole run: texts, list elements, dict entries
  int64_t output_bytes = 1 << 28;
  int depth = 600;       // nested expressions, macro calls and statements under evaluation
  int data_depth = 200;  // lists and dicts within each other
  int64_t data_weight =
      10'000'000;  // values in one list or dict, those within it counted as often as they occur
};

class JinjaRun {
 public:
  JinjaRun(const std::string& file, const JinjaLimits& limits, std::chrono::system_clock::time_point now)
      : file_(file), limits_(limits), now_(now) {}
  JinjaRun(const JinjaRun&) = delete;
  JinjaRun& operator=(const JinjaRun&) = delete;

  /// Where the template is now, for messages.
  void at(int line, int column) { line_ = line, column_ = column; }
  template <class... Parts>
  [[noreturn]] void fail(const Parts&... parts) const {
    throw InputError(concat(file_, ':', line_, ':', column_, ": ", parts...));
  }
  /// Whatever is done with an undefined value fails with its message.
  void check_defined(const JinjaValue& value) const {
    if (value.is_undefined()) fail(value.undefined()->message);
  }

  void step(int64_t count = 1) {
    if ((steps_ += count) > limits_.steps)
      fail("more than ", limits_.steps, " steps; does this template end?");
  }
  void charge(size_t bytes) {
    if ((bytes_ += int64_t(bytes)) > limits_.value_bytes)
      fail("more than ", limits_.value_bytes, " bytes of values");
  }
  /// Before `count` bytes are made at once.
  void reserve(int64_t count) const {
    if (count > limits_.value_bytes - bytes_) fail("more than ", limits_.value_bytes, " bytes of values");
  }
  const JinjaLimits& limits() const { return limits_; }
  std::chrono::system_clock::time_point now() const { return now_; }

  JinjaValue text(std::string text, bool markup = false);
  JinjaValue list(std::vector<JinjaValue> items);
  JinjaValue tuple(std::vector<JinjaValue> items);
  JinjaValue group(JinjaValue grouper, JinjaValue list);
  JinjaValue dict(JinjaDict dict);
  /// Sets a key of a dict in the making; an unhashable key fails.
  void set(JinjaDict& dict_, JinjaValue key, JinjaValue value);
  template <class... Parts>
  JinjaValue undefined(const Parts&... parts) {
    charge(64);
    return std::make_shared<const JinjaUndefined>(JinjaUndefined{concat(parts...)});
  }
  template <class T, class... Args>
  T* make(Args&&... args) {
    charge(sizeof(T));
    auto owned = std::make_unique<T>(std::forward<Args>(args)...);
    T* object = owned.get();
    objects_.push_back(std::move(owned));
    return object;
  }
  JinjaValue function(std::string name, JinjaFunction::Call call) {
    return static_cast<JinjaObject*>(make<JinjaFunction>(std::move(name), std::move(call)));
  }
  JinjaValue generator(JinjaNext next, std::string type = "generator") {
    return static_cast<JinjaObject*>(make<JinjaGenerator>(std::move(next), std::move(type)));
  }

  /// One level deeper while it lives.
  class Deeper {
   public:
    explicit Deeper(JinjaRun& run) : run_(run) {
      if (++run.depth_ > run.limits_.depth) {
        --run.depth_;
        run.fail("nested more than ", run.limits_.depth, " deep; does a macro call itself without end?");
      }
    }
    ~Deeper() { --run_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    JinjaRun& run_;
  };

 private:
  JinjaValue sequence(JinjaSequence sequence);
  void check_size(int depth, int64_t weight) const;

  const std::string& file_;
  JinjaLimits limits_;
  std::chrono::system_clock::time_point now_;
  int line_ = 1, column_ = 1, depth_ = 0;
  int64_t steps_ = 0, bytes_ = 0;
  std::vector<std::unique_ptr<JinjaObject>> objects_;
};

/// The values of a signature's parameters. Names that begin with "/" are positional only.
using JinjaBound = std::vector<std::optional<JinjaValue>>;
JinjaBound jinja_bind(const JinjaRun& run, std::string_view function, const JinjaArgs& args,
                      std::initializer_list<std::string_view> names, size_t required);

/// An argument as an integer or a text; another type fails and is named.
int64_t jinja_integer(const JinjaRun& run, std::string_view what, const JinjaValue& value);
const std::string& jinja_string(const JinjaRun& run, std::string_view what, const JinjaValue& value);

/// Goes through a value; one that cannot be gone through fails.
JinjaNext jinja_iterate(JinjaRun& run, const JinjaValue& value);
bool jinja_iterable(JinjaRun& run, const JinjaValue& value);
std::vector<JinjaValue> jinja_elements(JinjaRun& run, const JinjaValue& value);
/// len(value), or nothing for what has none.
std::optional<int64_t> jinja_length(const JinjaValue& value);

}  // namespace hone
