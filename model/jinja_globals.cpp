#include "model/jinja_globals.h"

#include <ctime>

#include "model/jinja_operators.h"
#include "model/jinja_print.h"

namespace hone {
namespace {

constexpr int64_t kMaxRange = 100'000;  // as in Jinja's sandbox

JinjaValue range(JinjaRun& run, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "range", args, {"/start", "/stop", "/step"}, 1);
  const auto integer = [&](size_t i) { return jinja_integer(run, "range()", *bound[i]); };
  const int64_t start = bound[1] ? integer(0) : 0, stop = bound[1] ? integer(1) : integer(0),
                step = bound[2] ? integer(2) : 1;
  if (step == 0) run.fail("range() arg 3 must not be zero");
  auto* result = run.make<JinjaRange>(start, stop, step);
  if (*result->length() > kMaxRange || *result->length() < 0)
    run.fail("Range too big. The sandbox blocks ranges larger than MAX_RANGE (", kMaxRange, ").");
  return static_cast<JinjaObject*>(result);
}

/// dict(mapping or pairs, name=value, ...).
JinjaDict make_dict(JinjaRun& run, const JinjaArgs& args) {
  JinjaDict result;
  if (args.positional.size() > 1) run.fail("dict expected at most 1 argument, got ", args.positional.size());
  if (!args.positional.empty()) {
    const JinjaValue& from = args.positional[0];
    run.check_defined(from);
    if (from.dict()) {
      result = *from.dict();
    } else {
      const JinjaNext next = jinja_iterate(run, from);
      for (JinjaValue pair; next(pair);) {
        const std::vector<JinjaValue> two = jinja_elements(run, pair);
        if (two.size() != 2)
          run.fail("dictionary update sequence element has length ", two.size(), "; 2 is required");
        run.set(result, two[0], two[1]);
      }
    }
  }
  for (const auto& [name, value] : args.named) run.set(result, run.text(name), value);
  return result;
}

JinjaValue make_namespace(JinjaRun& run, const JinjaArgs& args) {
  auto* space = run.make<JinjaNamespace>();
  const JinjaDict attributes = make_dict(run, args);
  for (const auto& [name, value] : attributes.items()) space->set(run, name, value);
  return static_cast<JinjaObject*>(space);
}

class Cycler : public JinjaObject {
 public:
  explicit Cycler(std::vector<JinjaValue> items) : items_(std::move(items)) {}
  std::string type_name() const override { return "Cycler"; }
  std::string repr(JinjaRun&) const override { return "<jinja2.utils.Cycler object>"; }
  std::optional<JinjaValue> attribute(JinjaRun& run, std::string_view name) override {
    if (name == "current") return items_[at_];
    if (name == "pos") return int64_t(at_);
    if (name == "items") return run.tuple(items_);
    if (name == "next")
      return run.function("next", [this](JinjaRun&, const JinjaArgs&) {
        const JinjaValue value = items_[at_];
        at_ = (at_ + 1) % items_.size();
        return value;
      });
    if (name == "reset")
      return run.function("reset", [this](JinjaRun&, const JinjaArgs&) {
        at_ = 0;
        return JinjaValue();
      });
    return std::nullopt;
  }

 private:
  std::vector<JinjaValue> items_;
  size_t at_ = 0;
};

JinjaValue cycler(JinjaRun& run, const JinjaArgs& args) {
  if (args.positional.empty()) run.fail("at least one item has to be provided");
  if (!args.named.empty())
    run.fail("cycler() got an unexpected keyword argument '", args.named[0].first, "'");
  return static_cast<JinjaObject*>(run.make<Cycler>(args.positional));
}

JinjaValue joiner(JinjaRun& run, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "joiner", args, {"sep"}, 0);
  const JinjaValue separator = bound[0] ? *bound[0] : run.text(", ");
  return run.function("joiner", [separator, used = false](JinjaRun& r, const JinjaArgs&) mutable {
    return std::exchange(used, true) ? separator : r.text("");
  });
}

JinjaValue raise_exception(JinjaRun& run, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "raise_exception", args, {"message"}, 1);
  run.fail(jinja_str(run, *bound[0]));
}

JinjaValue strftime_now(JinjaRun& run, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "strftime_now", args, {"format"}, 1);
  const std::string& format = jinja_string(run, "strftime_now()", *bound[0]);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(run.now());
  const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(run.now() - seconds).count();
  char digits[16];
  std::snprintf(digits, sizeof digits, "%06d", int(micros));
  std::string pattern;  // %f is Python's own
  for (size_t i = 0; i < format.size(); ++i) {
    const bool code = format[i] == '%' && i + 1 < format.size();
    if (code && (format[i + 1] == 'z' || format[i + 1] == 'Z'))
      ++i;  // a time without a zone has none to print
    else if (code && format[i + 1] == 'f')
      pattern += digits, ++i;
    else if (code)
      pattern += {'%', format[++i]};
    else
      pattern += format[i];
  }
  if (pattern.size() > 4096)
    run.fail("strftime_now(): a format of ", format.size(), " bytes, expected at most 4096");
  if (pattern.empty()) return run.text("");
  pattern += ' ';  // so that an empty result is told from a buffer that is too small
  std::string text(pattern.size() * 64 + 1024, '\0');
  const size_t size = std::strftime(text.data(), text.size(), pattern.c_str(), &parts);
  if (size == 0) run.fail("strftime_now(): the text of ", jinja_quote(format), " is too long");
  text.resize(size - 1);
  return run.text(std::move(text));
}

JinjaValue lipsum(JinjaRun& run, const JinjaArgs&) {
  run.fail("lipsum() draws random text; a chat template has no use for it");
}

/// dict itself: it can be called, and has fromkeys().
class DictType : public JinjaObject {
 public:
  std::string type_name() const override { return "TemplateDict"; }
  std::string repr(JinjaRun&) const override { return "<TemplateDict object>"; }
  bool is_callable() const override { return true; }
  JinjaValue call(JinjaRun& run, const JinjaArgs& args) override { return run.dict(make_dict(run, args)); }
  std::optional<JinjaValue> attribute(JinjaRun& run, std::string_view name) override {
    if (name != "fromkeys") return std::nullopt;
    return run.function("fromkeys", [](JinjaRun& r, const JinjaArgs& args) -> JinjaValue {
      const JinjaBound bound = jinja_bind(r, "fromkeys", args, {"/iterable", "/value"}, 1);
      JinjaDict result;
      for (const JinjaValue& key : jinja_elements(r, *bound[0]))
        r.set(result, key, bound[1].value_or(JinjaValue()));
      return r.dict(std::move(result));
    });
  }
};

}  // namespace

std::optional<JinjaValue> jinja_global(JinjaRun& run, std::string_view name) {
  if (name == "dict") return static_cast<JinjaObject*>(run.make<DictType>());
  static constexpr std::pair<std::string_view, JinjaValue (*)(JinjaRun&, const JinjaArgs&)> kFunctions[] = {
      {"range", range},
      {"namespace", make_namespace},
      {"cycler", cycler},
      {"joiner", joiner},
      {"lipsum", lipsum},
      {"raise_exception", raise_exception},
      {"strftime_now", strftime_now}};
  for (const auto& [known, function] : kFunctions)
    if (known == name) return run.function(std::string(name), function);
  return std::nullopt;
}

}  // namespace hone
