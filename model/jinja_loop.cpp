// Loops and the variable `loop`.
#include <algorithm>

#include "model/jinja_interpreter.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"

namespace hone {
namespace {

/// Where a loop is. It looks one element ahead, and at all that are left where their number is asked for and
/// not known.
class Loop : public JinjaObject {
 public:
  using Again = std::function<JinjaValue(const JinjaValue& iterable, int64_t depth)>;
  Loop(JinjaNext next, std::optional<int64_t> length, int64_t depth, Again again)
      : next_(std::move(next)), length_(length), depth_(depth), again_(std::move(again)) {}

  bool advance(JinjaRun& run, JinjaValue& value_) {
    std::optional<JinjaValue> value = peek(run);
    if (!value) return false;
    after_.reset();
    ++index_;
    before_ = std::exchange(current_, value_ = std::move(*value));
    return true;
  }

  std::string type_name() const override { return "LoopContext"; }
  std::string repr(JinjaRun&) const override {
    return concat("<LoopContext ", index_ + 1, "/", length_.value_or(-1), ">");
  }
  bool is_callable() const override { return true; }
  JinjaValue call(JinjaRun& run, const JinjaArgs& args) override {
    if (!again_) run.fail("The loop must have the 'recursive' marker to be called recursively.");
    const JinjaBound bound = jinja_bind(run, "loop", args, {"iterable"}, 1);
    return again_(*bound[0], depth_ + 1);
  }

  std::optional<JinjaValue> attribute(JinjaRun& run, std::string_view name) override {
    if (name == "index") return index_ + 1;
    if (name == "index0") return index_;
    if (name == "first") return index_ == 0;
    if (name == "last") return !peek(run).has_value();
    if (name == "length") return count(run);
    if (name == "revindex") return count(run) - index_;
    if (name == "revindex0") return count(run) - index_ - 1;
    if (name == "depth") return depth_ + 1;
    if (name == "depth0") return depth_;
    if (name == "previtem") return index_ == 0 ? run.undefined("there is no previous item") : before_;
    if (name == "nextitem") {
      const std::optional<JinjaValue> value = peek(run);
      return value ? *value : run.undefined("there is no next item");
    }
    if (name == "cycle")
      return run.function("cycle", [this](JinjaRun& r, const JinjaArgs& args) { return cycle(r, args); });
    if (name == "changed")
      return run.function("changed", [this](JinjaRun& r, const JinjaArgs& args) { return changed(r, args); });
    return std::nullopt;
  }

 private:
  std::optional<JinjaValue> peek(JinjaRun& run) {
    if (after_) return after_;
    JinjaValue value;
    run.step();
    if (!rest_.empty() || is_drained_) {
      if (rest_.empty()) return std::nullopt;
      value = rest_.back();
      rest_.pop_back();
    } else if (!next_(value)) {
      return std::nullopt;
    }
    return after_ = value;
  }

  int64_t count(JinjaRun& run) {
    if (length_) return *length_;
    for (JinjaValue value; next_(value);) {
      run.step();
      run.charge(sizeof(JinjaValue));
      rest_.push_back(value);
    }
    is_drained_ = true;
    length_ = int64_t(rest_.size()) + index_ + 1 + after_.has_value();
    std::reverse(rest_.begin(), rest_.end());
    return *length_;
  }

  JinjaValue cycle(JinjaRun& run, const JinjaArgs& args) const {
    if (args.positional.empty()) run.fail("no items for cycling given");
    return args.positional[size_t(index_) % args.positional.size()];
  }

  JinjaValue changed(JinjaRun& run, const JinjaArgs& args) {
    const JinjaValue value = run.tuple(args.positional);
    if (last_changed_ && jinja_equals(run, *last_changed_, value)) return false;
    last_changed_ = value;
    return true;
  }

  JinjaNext next_;
  std::optional<int64_t> length_;
  int64_t depth_, index_ = -1;
  Again again_;
  JinjaValue before_, current_;
  std::optional<JinjaValue> after_, last_changed_;
  std::vector<JinjaValue> rest_;  // from the end, once all was looked at
  bool is_drained_ = false;
};

}  // namespace

/// The elements for which the loop's `if` holds. It is asked when an element is wanted, so it sees what the
/// body has changed.
JinjaNext JinjaInterpreter::filtered(const JinjaStatement& loop, const JinjaValue& iterable) {
  return [this, &loop, next = jinja_iterate(run_, iterable), outer = scope_](JinjaValue& value_) {
    while (next(value_)) {
      run_.step();
      const Inside inside(*this, std::make_shared<JinjaScope>(JinjaScope{outer, {}}));
      assign(*loop.exprs[0], value_);
      if (eval(*loop.exprs[2]).truth()) return true;
    }
    return false;
  };
}

void JinjaInterpreter::run_loop(const JinjaStatement& loop, const JinjaValue& iterable, int64_t depth) {
  const JinjaRun::Deeper deeper(run_);
  const JinjaScopePtr outer = scope_;
  Loop::Again again;
  if (loop.flag)
    again = [this, &loop, outer](const JinjaValue& inner, int64_t level) {
      return loop_again(loop, outer, inner, level);
    };
  JinjaNext next = loop.exprs[2] ? filtered(loop, iterable) : jinja_iterate(run_, iterable);
  auto* state = run_.make<Loop>(std::move(next), loop.exprs[2] ? std::nullopt : jinja_length(iterable), depth,
                                std::move(again));
  bool else_runs =
      true;  // until a pass comes to its end: Jinja runs the else also after nothing but break and continue
  for (JinjaValue value; state->advance(run_, value);) {
    const Inside inside(*this, std::make_shared<JinjaScope>(JinjaScope{outer, {}}));
    run_.charge(sizeof(JinjaScope));
    assign(*loop.exprs[0], value);
    set_named("loop", static_cast<JinjaObject*>(state));
    const Flow flow = run_body(loop.bodies[0]);
    if (flow == Flow::kBreak) break;
    if (flow == Flow::kNext) else_runs = false;
  }
  if (!else_runs) return;
  const Inside inside(*this, inner_scope());
  run_body(loop.bodies[1]);
}

JinjaValue JinjaInterpreter::loop_again(const JinjaStatement& loop, const JinjaScopePtr& scope,
                                        const JinjaValue& iterable, int64_t depth) {
  std::string text;
  const Inside inside(*this, scope, &text);
  run_loop(loop, iterable, depth);
  return run_.text(std::move(text), autoescape_);
}

}  // namespace hone
