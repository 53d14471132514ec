// Countdown as a task: prompts in two languages, demonstrations of a search that most often stops too early.
#include "core/philox.h"
#include "datasets/countdown_search.h"
#include "datasets/families.h"

namespace hone {
namespace {

class Countdown : public Task {
 public:
  explicit Countdown(Fields& options)
      : options_(read_countdown(options)),
        style_(read_style(options, {})),
        skip_check_(options.get("skip_check", 0.15, between(0, 1))),
        problems_(enumerate_countdown(options_)) {
    if (problems_.empty())
      throw options.error("task", "countdown: no problem of this split has a solution with these options");
  }

  uint64_t size() const override { return problems_.size(); }

  Problem problem(uint64_t index) const override {
    const uint64_t place = index % size(), variant = index / size();
    const CountdownProblem& found = problems_[place];
    const Language language = options_.languages[(place + variant) % options_.languages.size()];
    const std::vector<int> numbers = reorder(found.numbers, variant);
    return {.id = index,
            .text = countdown_prompt(numbers, found.target, language),
            .row = {{"task", "countdown"},
                    {"numbers", numbers},
                    {"target", found.target},
                    {"operators", options_.operators},
                    {"language", code_of(language)}}};
  }

  Example trace(uint64_t seed, uint64_t index) const override {
    Problem problem = this->problem(index);
    TraceWriter writer(style_, options_.languages, language_of(problem.row["language"]), mix(seed, index));
    const int unchecked_blocks = writer.chance(skip_check_) ? 1 + int(writer.below(2)) : 0;
    const SearchProblem search{problem.row["numbers"], problem.row["target"], options_.operators};
    std::string text = write_search(search, unchecked_blocks, writer);
    return {std::move(problem), {{std::move(text), true}}};
  }

 private:
  CountdownOptions options_;
  StyleOptions style_;
  double skip_check_;
  std::vector<CountdownProblem> problems_;
};

}  // namespace

std::unique_ptr<Task> make_countdown(Fields& options) { return std::make_unique<Countdown>(options); }

}  // namespace hone
