// Values with identity or state, and functions: everything that is not plain data. A run owns them all;
// values refer to them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/jinja_value.h"

namespace hone {

/// Arguments of a call.
struct JinjaArgs {
  std::vector<JinjaValue> positional;
  std::vector<std::pair<std::string, JinjaValue>> named;
};

/// Puts the next value into its argument; false at the end.
using JinjaNext = std::function<bool(JinjaValue& value_)>;

class JinjaObject {
 public:
  virtual ~JinjaObject() = default;

  virtual std::string type_name() const = 0;  // as Python calls it
  virtual std::string repr(JinjaRun& run) const = 0;
  virtual std::optional<JinjaValue> attribute(JinjaRun&, std::string_view) { return std::nullopt; }
  virtual std::optional<JinjaValue> item(JinjaRun&, const JinjaValue&) { return std::nullopt; }
  virtual bool is_callable() const { return false; }
  virtual JinjaValue call(JinjaRun& run, const JinjaArgs& args);  // fails: not callable
  virtual JinjaNext iterate(JinjaRun&) { return nullptr; }        // null: not iterable
  virtual JinjaNext reversed(JinjaRun&) { return nullptr; }       // null: only by way of a list
  virtual std::optional<int64_t> length() const { return std::nullopt; }
  virtual bool equals(const JinjaObject& other) const { return this == &other; }
  virtual bool equals_by_identity() const { return true; }
};

/// Attributes that `set ns.name = ...` changes.
class JinjaNamespace : public JinjaObject {
 public:
  std::string type_name() const override { return "TemplateNamespace"; }
  std::string repr(JinjaRun& run) const override;
  std::optional<JinjaValue> attribute(JinjaRun& run, std::string_view name) override;
  /// Names that begin with "_" fail, as transformers has it.
  void set(JinjaRun& run, const JinjaValue& name, JinjaValue value);

 private:
  JinjaDict attributes_;
};

/// A function of this program: a global, or a method bound to its value.
class JinjaFunction : public JinjaObject {
 public:
  using Call = std::function<JinjaValue(JinjaRun&, const JinjaArgs&)>;
  JinjaFunction(std::string name, Call call) : name_(std::move(name)), call_(std::move(call)) {}
  std::string type_name() const override { return "builtin_function_or_method"; }
  std::string repr(JinjaRun&) const override { return "<function " + name_ + ">"; }
  bool is_callable() const override { return true; }
  JinjaValue call(JinjaRun& run, const JinjaArgs& args) override { return call_(run, args); }

 private:
  std::string name_;
  Call call_;
};

/// Something that can be gone through once.
class JinjaGenerator : public JinjaObject {
 public:
  explicit JinjaGenerator(JinjaNext next, std::string type = "generator")
      : next_(std::move(next)), type_(std::move(type)) {}
  std::string type_name() const override { return type_; }
  std::string repr(JinjaRun&) const override { return "<" + type_ + " object>"; }
  JinjaNext iterate(JinjaRun& run) override;

 private:
  JinjaNext next_;
  std::string type_;
};

class JinjaRange : public JinjaObject {
 public:
  JinjaRange(int64_t start, int64_t stop, int64_t step) : start_(start), stop_(stop), step_(step) {}
  std::string type_name() const override { return "range"; }
  std::string repr(JinjaRun& run) const override;
  std::optional<JinjaValue> attribute(JinjaRun& run, std::string_view name) override;
  std::optional<JinjaValue> item(JinjaRun& run, const JinjaValue& index) override;
  JinjaNext iterate(JinjaRun& run) override;
  JinjaNext reversed(JinjaRun& run) override;
  std::optional<int64_t> length() const override;
  bool equals(const JinjaObject& other) const override;
  bool equals_by_identity() const override { return false; }
  int64_t at(int64_t index) const { return start_ + index * step_; }  // 0 <= index < length()
  /// range[start:stop:step] with the indices already made absolute.
  JinjaRange* slice(JinjaRun& run, int64_t start, int64_t stop, int64_t step) const;
  bool contains(const JinjaValue& value) const;

 private:
  int64_t start_, stop_, step_;
};

/// dict.keys(), .values() or .items().
class JinjaDictView : public JinjaObject {
 public:
  enum class Part { kKeys, kValues, kItems };
  JinjaDictView(JinjaDictPtr dict, Part part) : dict_(std::move(dict)), part_(part) {}
  std::string type_name() const override;
  std::string repr(JinjaRun& run) const override;
  JinjaNext iterate(JinjaRun& run) override;
  JinjaNext reversed(JinjaRun& run) override;
  std::optional<int64_t> length() const override { return int64_t(dict_->size()); }
  bool equals(const JinjaObject& other) const override;
  bool equals_by_identity() const override { return part_ == Part::kValues; }
  JinjaValue at(JinjaRun& run, size_t index) const;

 private:
  JinjaDictPtr dict_;
  Part part_;
};

}  // namespace hone
