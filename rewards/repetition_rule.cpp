// The `repetition` rule (arXiv 2502.03373; open-r1 calls it repetition_penalty): the share of repeated n-grams times max_penalty.
#include <cmath>

#include "rewards/repetition.h"
#include "rewards/rules.h"

namespace hone {
namespace {

struct RepetitionOptions {
  int64_t ngram_size = 3;     // words a gram
  double max_penalty = -1.0;  // value when everything is repeated; <= 0
};

class RepetitionRule : public Rule {
 public:
  explicit RepetitionRule(RepetitionOptions options) : options_(options) {}
  Reward score(const RuleInput& input) const override {
    const double share = repetition(input.rollout.text, static_cast<int>(options_.ngram_size));
    return {share > 0 ? share * options_.max_penalty : 0.0, {{"repeated", share}}};  // 0, never -0
  }

 private:
  RepetitionOptions options_;
};

}  // namespace

std::unique_ptr<Rule> make_repetition_rule(Fields fields) {
  RepetitionOptions options;
  const std::string size = fields.has("n") ? "n" : "ngram_size";  // TRL's and open-r1's name, and a short one
  if (size == "n" && fields.has("ngram_size"))
    throw fields.error("n", "is another name of \"ngram_size\"; give one of them");
  options.ngram_size = fields.get(size, options.ngram_size, between(1, 64));
  options.max_penalty = fields.get("max_penalty", options.max_penalty, {-INFINITY, 0});
  return std::make_unique<RepetitionRule>(options);
}

}  // namespace hone
