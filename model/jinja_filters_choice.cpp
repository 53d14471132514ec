// map, select, reject, selectattr and rejectattr: they give elements as these are asked for, once.
#include "model/jinja_filters.h"
#include "model/jinja_operators.h"

namespace hone {
namespace {

/// "attribute" and "default" of map's arguments.
JinjaValue map_attribute(JinjaRun& run, JinjaNext next, const JinjaArgs& args) {
  std::optional<JinjaValue> attribute, fallback;
  for (const auto& [name, value] : args.named) {
    if (name == "attribute")
      attribute = value;
    else if (name == "default")
      fallback = value;
    else
      run.fail("Unexpected keyword argument '", name, "'");
  }
  if (fallback && fallback->is_none()) fallback.reset();
  return run.generator(
      [&run, next = std::move(next), path = JinjaPath(run, *attribute), fallback](JinjaValue& value_) {
        if (!next(value_)) return false;
        run.step();
        value_ = path.read(run, value_, fallback ? &*fallback : nullptr);
        return true;
      });
}

JinjaValue nothing(JinjaRun& run) {
  return run.generator([](JinjaValue&) { return false; });
}

JinjaValue map(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  if (!value.truth()) return nothing(run);
  JinjaNext next = jinja_iterate(run, value);
  const bool by_attribute =
      args.positional.empty() && !args.named.empty() &&
      std::any_of(args.named.begin(), args.named.end(), [](const auto& a) { return a.first == "attribute"; });
  if (by_attribute) return map_attribute(run, std::move(next), args);
  if (args.positional.empty()) run.fail("map requires a filter argument");
  const std::string name = jinja_string(run, "map()", args.positional[0]);
  JinjaArgs rest = args;
  rest.positional.erase(rest.positional.begin());
  return run.generator([&run, next = std::move(next), name, rest](JinjaValue& value_) {
    JinjaValue element;
    if (!next(element)) return false;
    run.step();
    value_ = call_jinja_filter(run, name, element, rest);
    return true;
  });
}

/// The elements that pass a test (or fail it, with kWanted false), seen by an attribute or as they are.
template <bool kWanted, bool kByAttribute>
JinjaValue choose(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  if (!value.truth()) return nothing(run);
  if (kByAttribute && args.positional.empty()) run.fail("Missing parameter for attribute name");
  const JinjaPath path(run, kByAttribute ? args.positional[0] : JinjaValue());
  JinjaArgs rest = args;
  rest.positional.erase(rest.positional.begin(), rest.positional.begin() + kByAttribute);
  std::string test;
  if (!rest.positional.empty()) {
    test = jinja_string(run, "select()", rest.positional[0]);
    rest.positional.erase(rest.positional.begin());
  }
  const bool has_test = args.positional.size() > size_t(kByAttribute);
  return run.generator(
      [&run, next = jinja_iterate(run, value), path, has_test, test, rest](JinjaValue& value_) {
        for (JinjaValue element; next(element);) {
          run.step();
          const JinjaValue seen = path.read(run, element);
          const bool passes = has_test ? call_jinja_test(run, test, seen, rest).truth() : seen.truth();
          if (passes != kWanted) continue;
          value_ = element;
          return true;
        }
        return false;
      });
}

}  // namespace

JinjaFilterTable jinja_choice_filters() {
  return {{"map", map},
          {"select", choose<true, false>},
          {"reject", choose<false, false>},
          {"selectattr", choose<true, true>},
          {"rejectattr", choose<false, true>}};
}

}  // namespace hone
