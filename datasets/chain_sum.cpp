// Chains of additions and subtractions, solved from left to right: `3 + 5 = 8 then 8 - 2 = 6 so 6`.
#include <cstdlib>

#include "datasets/families.h"
#include "datasets/generated_task.h"

namespace hone {
namespace {

class ChainSum : public GeneratedTask {
 public:
  explicit ChainSum(Fields& options) : GeneratedTask("chain_sum", options) {
    read_size(options);
    min_terms_ = options.get("min_terms", int64_t{4}, between(2, 9));
    max_terms_ = options.get("max_terms", std::max(int64_t{5}, min_terms_), between(double(min_terms_), 9));
    require_problems(options, split_, [&](PhiloxStream& stream) { return draw_terms(stream); });
  }

  Problem problem(uint64_t index) const override {
    const std::vector<int> terms = draw(index, [&](PhiloxStream& stream) { return draw_terms(stream); });
    std::string prompt = std::to_string(terms[0]);
    int sum = terms[0];
    for (size_t i = 1; i < terms.size(); ++i) {
      prompt += concat(terms[i] < 0 ? " - " : " + ", std::abs(terms[i]));
      sum += terms[i];
    }
    Problem problem = make_problem(index, Word::kSum, prompt, std::to_string(sum));
    problem.row["terms"] = terms;
    return problem;
  }

 protected:
  std::string write(const Problem& problem, TraceWriter& writer) const override {
    const std::vector<int> terms = problem.row["terms"];
    int sum = terms[0];
    for (size_t i = 1; i < terms.size(); ++i) {
      if (i > 1) {
        if (writer.gives_up()) {
          writer.say(Word::kStop);
          return writer.finish(std::to_string(sum));
        }
        writer.say(Word::kThen);
      }
      writer.put(sum);
      writer.put(terms[i] < 0 ? "-" : "+");
      writer.put(std::abs(terms[i]));
      writer.put("=");
      // A slip may leave the range in which a later term can be taken away; then the sum stays at 0.
      sum = std::max(0, writer.slip(sum + terms[i]));
      writer.put(sum);
    }
    writer.say(Word::kSo);
    writer.put(sum);
    return writer.finish(std::to_string(sum));
  }

 private:
  /// Signed terms; no partial sum is below 0.
  std::vector<int> draw_terms(PhiloxStream& stream) const {
    std::vector<int> terms(size_t(min_terms_) + stream.below(uint32_t(max_terms_ - min_terms_ + 1)));
    int sum = 0;
    for (int& term : terms) {
      term = 1 + int(stream.below(9));
      if (stream.below(2) == 1 && sum >= term) term = -term;
      sum += term;
    }
    return terms;
  }

  int64_t min_terms_, max_terms_;
};

}  // namespace

std::unique_ptr<Task> make_chain_sum(Fields& options) { return std::make_unique<ChainSum>(options); }

}  // namespace hone
