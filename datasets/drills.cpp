// Drills: arithmetic facts with a verdict, the half of countdown that has nothing to do with which problems
// are held out. Without them a base meets some facts only in held-out problems and never learns what "is the
// target" means.
#include <algorithm>

#include "core/philox.h"
#include "datasets/countdown_search.h"
#include "datasets/families.h"

namespace hone {
namespace {

/// left op right = value, where value may be over kMaxValue.
struct Fact {
  int left = 0;
  char op = '+';
  int right = 0;
  int value = 0;
};

std::vector<Fact> all_facts(const CountdownOptions& options) {
  std::vector<Fact> facts;
  for (int x = 0; x <= kMaxValue; ++x) {
    for (int y = 1; y <= int(options.max_number); ++y) {
      for (const char op : options.operators) {
        const bool swapped = (op == '-' || op == '/') && x < y;
        const int value = combine(op, x, y);
        if (value >= 0) facts.push_back({swapped ? y : x, op, swapped ? x : y, value});
      }
    }
  }
  return facts;
}

class Drills : public Task {
 public:
  explicit Drills(Fields& options)
      : options_(read_countdown(options)),
        style_(read_style(options, {})),
        lines_(options.get("lines", int64_t{12}, between(1, 1000))),
        hit_(options.get("hit", 0.33, between(0, 1))),
        near_(options.get("near", 0.33, between(0, 1 - hit_))),
        problems_(enumerate_countdown(options_)),
        facts_(all_facts(options_)) {
    for (const Fact& fact : facts_)
      if (fact.value <= kMaxValue) by_value_[size_t(fact.value)].push_back(fact);
    for (int target = int(options_.min_target); target <= int(options_.max_target); ++target)
      if (!by_value_[size_t(target)].empty()) targets_.push_back(target);
    if (problems_.empty() || targets_.empty())
      throw options.error("task", "drills: these options leave no problem and no target");
  }

  uint64_t size() const override { return problems_.size(); }

  /// The numbers are those of a problem, the target is any.
  Problem problem(uint64_t index) const override {
    PhiloxStream stream(mix(0xD81115, index));
    const int target = targets_[stream.below(uint32_t(targets_.size()))];
    const uint64_t place = index % size(), variant = index / size();
    const std::vector<int> numbers = reorder(problems_[place].numbers, variant);
    const Language language = options_.languages[(place + variant) % options_.languages.size()];
    return {.id = index,
            .text = countdown_prompt(numbers, target, language),
            .row = {{"task", "drills"}, {"target", target}, {"language", code_of(language)}}};
  }

  /// Ends like a trace (without loss), so that the end of text is learned where it belongs.
  Example trace(uint64_t seed, uint64_t index) const override {
    Example example{problem(index), {{"<think>", false}}};
    const int target = example.problem.row["target"];
    TraceWriter writer(style_, options_.languages, language_of(example.problem.row["language"]),
                       mix(seed, index));
    Fact fact;
    for (int64_t line = 0; line < lines_; ++line) {
      fact = draw(target, writer);
      example.pieces.push_back({concat(' ', fact.left, ' ', fact.op, ' ', fact.right, " ="), false});
      const std::string value =
          fact.value > kMaxValue ? writer.speak(Word::kBig) : std::to_string(fact.value);
      const char* verdict = writer.speak(fact.value == target ? Word::kYes : Word::kNo);
      example.pieces.push_back({concat(' ', value, ' ', verdict), true});
    }
    const std::string answer = concat(fact.left, ' ', fact.op, ' ', fact.right);
    example.pieces.push_back({concat("</think><answer> ", answer, "</answer>"), false});
    return example;
  }

 private:
  Fact draw(int target, TraceWriter& writer) const {
    const auto any_of = [&](const std::vector<Fact>& facts) {
      return facts[writer.below(uint32_t(facts.size()))];
    };
    if (writer.chance(hit_)) return any_of(by_value_[size_t(target)]);
    if (hit_ < 1 && writer.chance(near_ / (1 - hit_))) {
      const std::vector<int> near = near_misses(target);
      if (!near.empty()) return any_of(by_value_[size_t(near[writer.below(uint32_t(near.size()))])]);
    }
    return any_of(facts_);
  }

  /// What a careless reader takes for the target: one off, ten off, digits swapped.
  std::vector<int> near_misses(int target) const {
    std::vector<int> near = {target - 1, target + 1, target - 10, target + 10,
                             target % 10 * 10 + target / 10};
    std::erase_if(near, [&](int value) {
      return value == target || value < 0 || value > kMaxValue || by_value_[size_t(value)].empty();
    });
    return near;
  }

  CountdownOptions options_;
  StyleOptions style_;  // only its languages matter
  int64_t lines_;
  double hit_, near_;
  std::vector<CountdownProblem> problems_;
  std::vector<Fact> facts_;
  std::vector<Fact> by_value_[kMaxValue + 1];  // the facts with each result
  std::vector<int> targets_;                   // those that some fact reaches
};

}  // namespace

std::unique_ptr<Task> make_drills(Fields& options) { return std::make_unique<Drills>(options); }

}  // namespace hone
