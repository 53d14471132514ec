// Parity of random bits, of arXiv 2510.11495: easy with a chain of thought as long as the input, hopeless
// without. No words, no tags.
#include "core/philox.h"
#include "datasets/families.h"
#include "datasets/split.h"

namespace hone {
namespace {

class Parity : public Task {
 public:
  explicit Parity(Fields& options)
      : split_(read_split(options)),
        size_(options.get("size", uint64_t{1000}, between(1, 1e15))),
        bits_(options.get("bits", int64_t{20}, between(1, 4096))),
        p_cot_(options.get("p_cot", 0.25, between(0, 1))) {
    require_problems(options, split_, [&](PhiloxStream& stream) { return draw_bits(stream); });
  }

  uint64_t size() const override { return size_; }

  Problem problem(uint64_t index) const override {
    const std::vector<int> bits = draw_in_split(split_, PhiloxStream(mix(0x9A417, index)),
                                                [&](PhiloxStream& stream) { return draw_bits(stream); });
    std::string text;
    int parity = 0;
    for (const int bit : bits) {
      text += concat(text.empty() ? "" : " ", bit);
      parity ^= bit;
    }
    return {.id = index,
            .text = std::move(text),
            .row = {{"task", "parity"}, {"bits", bits}, {"answer", std::to_string(parity)}}};
  }

  Example trace(uint64_t seed, uint64_t index) const override {
    Problem problem = this->problem(index);
    PhiloxStream stream(mix(seed, index));
    std::string text = concat(' ', problem.row["answer"].get<std::string>());
    if (stream.uniform() < p_cot_) {
      text.clear();
      int parity = 0;
      for (const int bit : problem.row["bits"]) text += concat(' ', parity ^= bit);
    }
    return {std::move(problem), {{std::move(text), true}}};
  }

 private:
  std::vector<int> draw_bits(PhiloxStream& stream) const {
    std::vector<int> bits(size_t(bits_), 0);
    for (int& bit : bits) bit = int(stream.below(2));
    return bits;
  }

  SplitOptions split_;
  uint64_t size_;
  int64_t bits_;
  double p_cot_;
};

}  // namespace

std::unique_ptr<Task> make_parity(Fields& options) { return std::make_unique<Parity>(options); }

}  // namespace hone
