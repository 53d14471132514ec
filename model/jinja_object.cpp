#include "model/jinja_object.h"

#include <algorithm>

#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_run.h"

namespace hone {

JinjaValue JinjaObject::call(JinjaRun& run, const JinjaArgs&) {
  run.fail("'", type_name(), "' object is not callable");
}

/// One generator may draw from another, and that from another: the depth is bounded.
JinjaNext JinjaGenerator::iterate(JinjaRun& run) {
  return [this, &run](JinjaValue& value_) {
    const JinjaRun::Deeper deeper(run);
    return next_(value_);
  };
}

std::string JinjaNamespace::repr(JinjaRun& run) const {
  const JinjaRun::Deeper deeper(run);
  run.step();
  return concat("<Namespace ", jinja_repr(run, run.dict(attributes_)), ">");
}

std::optional<JinjaValue> JinjaNamespace::attribute(JinjaRun&, std::string_view name) {
  const JinjaValue* value = attributes_.find(name);
  return value ? std::optional(*value) : std::nullopt;
}

void JinjaNamespace::set(JinjaRun& run, const JinjaValue& name, JinjaValue value) {
  if (name.text() && name.text()->text.starts_with('_'))
    run.fail("Chat templates cannot store underscore-prefixed attributes on a namespace, but got ",
             jinja_repr(run, name));
  run.set(attributes_, name, std::move(value));
}

std::string JinjaRange::repr(JinjaRun&) const {
  return step_ == 1 ? concat("range(", start_, ", ", stop_, ")")
                    : concat("range(", start_, ", ", stop_, ", ", step_, ")");
}

std::optional<int64_t> JinjaRange::length() const {
  if (step_ > 0)
    return start_ < stop_ ? int64_t((uint64_t(stop_) - uint64_t(start_) - 1) / uint64_t(step_)) + 1 : 0;
  return stop_ < start_ ? int64_t((uint64_t(start_) - uint64_t(stop_) - 1) / (0 - uint64_t(step_))) + 1 : 0;
}

std::optional<JinjaValue> JinjaRange::attribute(JinjaRun& run, std::string_view name) {
  if (name == "start") return start_;
  if (name == "stop") return stop_;
  if (name == "step") return step_;
  if (name != "count" && name != "index") return std::nullopt;
  return run.function(std::string(name),
                      [this, name = std::string(name)](JinjaRun& r, const JinjaArgs& args) -> JinjaValue {
                        const JinjaValue value = *jinja_bind(r, name, args, {"/value"}, 1)[0];
                        if (name == "count") return int64_t(contains(value));
                        if (!contains(value)) r.fail(jinja_repr(r, value), " is not in range");
                        return (int64_t(*value.as_real()) - start_) / step_;
                      });
}

std::optional<JinjaValue> JinjaRange::item(JinjaRun&, const JinjaValue& index) {
  auto i = index.as_integer();
  if (!i) return std::nullopt;
  if (*i < 0) *i += *length();
  if (*i < 0 || *i >= *length()) return std::nullopt;
  return at(*i);
}

JinjaNext JinjaRange::iterate(JinjaRun&) {
  return [this, i = int64_t{0}](JinjaValue& value_) mutable {
    if (i == *length()) return false;
    value_ = at(i++);
    return true;
  };
}

JinjaNext JinjaRange::reversed(JinjaRun&) {
  return [this, i = *length()](JinjaValue& value_) mutable {
    if (i == 0) return false;
    value_ = at(--i);
    return true;
  };
}

bool JinjaRange::equals(const JinjaObject& other) const {
  const auto* range = dynamic_cast<const JinjaRange*>(&other);
  if (!range || *length() != *range->length()) return false;
  if (*length() == 0) return true;
  return start_ == range->start_ && (*length() == 1 || step_ == range->step_);
}

JinjaRange* JinjaRange::slice(JinjaRun& run, int64_t start, int64_t stop, int64_t step) const {
  int64_t combined = 0;
  if (__builtin_mul_overflow(step_, step, &combined)) run.fail("the step of this slice does not fit 64 bits");
  return run.make<JinjaRange>(start_ + start * step_, start_ + stop * step_, combined);
}

bool JinjaRange::contains(const JinjaValue& value) const {
  const auto number = value.as_real();
  if (!number || *number != double(int64_t(*number))) return false;
  const int64_t i = value.as_integer() ? *value.as_integer() : int64_t(*number);
  return step_ > 0 ? i >= start_ && i < stop_ && (i - start_) % step_ == 0
                   : i <= start_ && i > stop_ && (start_ - i) % -step_ == 0;
}

std::string JinjaDictView::type_name() const {
  return part_ == Part::kKeys ? "dict_keys" : part_ == Part::kValues ? "dict_values" : "dict_items";
}

JinjaValue JinjaDictView::at(JinjaRun& run, size_t index) const {
  const auto& [key, value] = dict_->items()[index];
  return part_ == Part::kKeys ? key : part_ == Part::kValues ? value : run.tuple({key, value});
}

std::string JinjaDictView::repr(JinjaRun& run) const {
  std::vector<JinjaValue> items;
  for (size_t i = 0; i < dict_->size(); ++i) items.push_back(at(run, i));
  return concat(type_name(), "(", jinja_repr(run, run.list(std::move(items))), ")");
}

JinjaNext JinjaDictView::iterate(JinjaRun& run) {
  return [this, &run, i = size_t{0}](JinjaValue& value_) mutable {
    if (i == dict_->size()) return false;
    value_ = at(run, i++);
    return true;
  };
}

JinjaNext JinjaDictView::reversed(JinjaRun& run) {
  return [this, &run, i = dict_->size()](JinjaValue& value_) mutable {
    if (i == 0) return false;
    value_ = at(run, --i);
    return true;
  };
}

/// Keys and items are compared as sets.
bool JinjaDictView::equals(const JinjaObject& other) const {
  const auto* view = dynamic_cast<const JinjaDictView*>(&other);
  if (this == &other) return true;
  if (!view || part_ != view->part_ || part_ == Part::kValues || dict_->size() != view->dict_->size())
    return false;
  return std::all_of(dict_->items().begin(), dict_->items().end(), [&](const auto& item) {
    const JinjaValue* value = view->dict_->find(item.first);
    return value && (part_ == Part::kKeys || jinja_equal(*value, item.second));
  });
}

}  // namespace hone
