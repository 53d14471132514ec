// Sorting by picking the least number again and again: `least 7 left 42 93 least 42 left 93 so 7 42 93`.
#include <algorithm>

#include "datasets/families.h"
#include "datasets/generated_task.h"

namespace hone {
namespace {

class NumberSorting : public GeneratedTask {
 public:
  explicit NumberSorting(Fields& options) : GeneratedTask("number_sorting", options) {
    read_size(options);
    min_numbers_ = options.get("min_numbers", int64_t{4}, between(2, 20));
    max_numbers_ =
        options.get("max_numbers", std::max(int64_t{5}, min_numbers_), between(double(min_numbers_), 20));
    require_problems(options, split_, [&](PhiloxStream& stream) { return draw_numbers(stream); });
  }

  Problem problem(uint64_t index) const override {
    const std::vector<int> numbers = draw(index, [&](PhiloxStream& stream) { return draw_numbers(stream); });
    std::vector<int> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    Problem problem = make_problem(index, Word::kSort, join_items(numbers), join_items(sorted));
    problem.row["numbers"] = numbers;
    return problem;
  }

 protected:
  std::string write(const Problem& problem, TraceWriter& writer) const override {
    std::vector<int> left = problem.row["numbers"], sorted;
    while (left.size() > 1) {
      std::vector<int>::iterator least = std::min_element(left.begin(), left.end());
      // A slip takes a number that is not the least.
      if (writer.slip(0) != 0) least = left.begin() + writer.below(uint32_t(left.size()));
      sorted.push_back(*least);
      left.erase(least);
      writer.say(Word::kLeast);
      writer.put(sorted.back());
      writer.say(Word::kLeft);
      for (const int number : left) writer.put(number);
      if (left.size() > 1 && writer.gives_up()) {
        writer.say(Word::kStop);
        break;
      }
    }
    sorted.insert(sorted.end(), left.begin(), left.end());
    if (left.size() == 1) {
      writer.say(Word::kSo);
      for (const int number : sorted) writer.put(number);
    }
    return writer.finish(join_items(sorted));
  }

 private:
  /// Different numbers: the first of a shuffle of 0 to 99.
  std::vector<int> draw_numbers(PhiloxStream& stream) const {
    std::vector<int> numbers(100);
    for (int i = 0; i < 100; ++i) numbers[size_t(i)] = i;
    const size_t count = size_t(min_numbers_) + stream.below(uint32_t(max_numbers_ - min_numbers_ + 1));
    for (size_t i = 0; i < count; ++i) std::swap(numbers[i], numbers[i + stream.below(uint32_t(100 - i))]);
    numbers.resize(count);
    return numbers;
  }

  int64_t min_numbers_, max_numbers_;
};

}  // namespace

std::unique_ptr<Task> make_number_sorting(Fields& options) {
  return std::make_unique<NumberSorting>(options);
}

}  // namespace hone
