// Binary digits, from the highest power of two down: for 5, `try 4 yes 1 try 2 no try 1 yes 0 so 1 0 1`.
#include "datasets/families.h"
#include "datasets/generated_task.h"

namespace hone {
namespace {

constexpr int kNumNumbers = 64;

class BaseConversion : public GeneratedTask {
 public:
  explicit BaseConversion(Fields& options) : GeneratedTask("base_conversion", options) {
    for (int number = 0; number < kNumNumbers; ++number)
      if (in_split(split_, identity_of({number}))) numbers_.push_back(number);
    if (numbers_.empty()) throw options.error("held_out", "base_conversion: this share leaves no number");
    size_ = numbers_.size();
  }

  Problem problem(uint64_t index) const override {
    const int number = numbers_[index % size_];
    std::vector<int> bits;
    for (int power = highest_power(number); power > 0; power /= 2) bits.push_back(number / power % 2);
    Problem problem = make_problem(index, Word::kBinary, std::to_string(number), join_items(bits));
    problem.row["number"] = number;
    return problem;
  }

 protected:
  std::string write(const Problem& problem, TraceWriter& writer) const override {
    int rest = problem.row["number"];
    std::vector<int> bits;
    for (int power = highest_power(rest); power > 0; power /= 2) {
      writer.say(Word::kTry);
      writer.put(power);
      bits.push_back(rest >= power);
      writer.say(rest >= power ? Word::kYes : Word::kNo);
      if (rest >= power) writer.put(rest = writer.slip(rest - power));
      if (power > 1 && writer.gives_up()) {
        writer.say(Word::kStop);
        return writer.finish(join_items(bits));
      }
    }
    writer.say(Word::kSo);
    for (const int bit : bits) writer.put(bit);
    return writer.finish(join_items(bits));
  }

 private:
  static int highest_power(int number) {
    int power = 1;
    while (power * 2 <= number) power *= 2;
    return power;
  }

  std::vector<int> numbers_;
};

}  // namespace

std::unique_ptr<Task> make_base_conversion(Fields& options) {
  return std::make_unique<BaseConversion>(options);
}

}  // namespace hone
