// The three kinds of sources behind Dataset.
#include "datasets/dataset.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/philox.h"
#include "datasets/permutation.h"
#include "datasets/rows.h"

namespace hone {

class Dataset::Source {
 public:
  virtual ~Source() = default;
  virtual uint64_t size() const = 0;
  virtual Problem problem(uint64_t i) const = 0;
  virtual std::string where(uint64_t i) const = 0;
  virtual Problem draw(uint64_t seed, uint64_t k) const = 0;
  virtual Example trace(uint64_t seed, uint64_t k) const = 0;
};

namespace {

constexpr uint64_t kOrderSalt = 0x0DE2;   // the order of a pass
constexpr uint64_t kTraceSalt = 0x72ACE;  // the variety of demonstrations
constexpr uint64_t kMixtureSalt = 0x313;  // which part a draw goes to
constexpr uint64_t kBlock = 1000;         // draws over which a mixture's shares are exact

/// The place of draw k: a fresh permutation of [0, size) each pass.
uint64_t place_of(uint64_t size, uint64_t seed, uint64_t k) {
  return Permutation(size, mix(mix(seed, kOrderSalt), k / size))(k % size);
}

class TaskSource : public Dataset::Source {
 public:
  explicit TaskSource(const Fields& spec) : task_(make_task(spec)) {}
  uint64_t size() const override { return task_->size(); }
  Problem problem(uint64_t i) const override { return task_->problem(i); }
  std::string where(uint64_t i) const override { return concat("problem ", i); }
  Problem draw(uint64_t seed, uint64_t k) const override { return task_->problem(index(seed, k)); }
  Example trace(uint64_t seed, uint64_t k) const override {
    return task_->trace(mix(seed, kTraceSalt), index(seed, k));
  }

 private:
  /// Passes show different wordings of the same problems.
  uint64_t index(uint64_t seed, uint64_t k) const { return place_of(size(), seed, k) + k / size() * size(); }

  std::unique_ptr<Task> task_;
};

class RowsSource : public Dataset::Source {
 public:
  explicit RowsSource(Fields spec) {
    const RowsOptions options = read_rows_options(spec);
    file_ = options.file;
    examples_ = load_rows(options);
  }
  uint64_t size() const override { return examples_.size(); }
  Problem problem(uint64_t i) const override { return examples_[i].problem; }
  std::string where(uint64_t i) const override { return place_of_row(file_, i, examples_[i].line); }
  Problem draw(uint64_t seed, uint64_t k) const override { return problem(place_of(size(), seed, k)); }
  Example trace(uint64_t seed, uint64_t k) const override {
    const Example& example = examples_[place_of(size(), seed, k)];
    check_input(
        example.has_demonstration(), file_,
        ": has no demonstrations; completion_field or messages_field names the field that holds them");
    return example;
  }

 private:
  std::string file_;
  std::vector<Example> examples_;
};

class MixtureSource : public Dataset::Source {
 public:
  explicit MixtureSource(Fields spec) {
    std::vector<double> weights;
    for (Fields part : spec.children("mixture")) {
      weights.push_back(part.require<double>("weight", above(0)));
      parts_.emplace_back(part);
      size_ += parts_.back().size();
    }
    if (parts_.empty()) throw spec.error("mixture", "got an empty list, expected datasets");
    set_shares(spec, weights);
  }

  uint64_t size() const override { return size_; }

  Problem problem(uint64_t i) const override {
    const Dataset& part = part_of(i);
    return part.problem(i);
  }

  std::string where(uint64_t i) const override {
    const Dataset& part = part_of(i);
    return part.where(i);
  }

  Problem draw(uint64_t seed, uint64_t k) const override {
    const Turn turn = turn_of(seed, k);
    return parts_[turn.part].draw(mix(seed, turn.part), turn.k);
  }

  Example trace(uint64_t seed, uint64_t k) const override {
    const Turn turn = turn_of(seed, k);
    return parts_[turn.part].trace(mix(seed, turn.part), turn.k);
  }

 private:
  /// The part that problem i is of; i_ becomes its place there.
  const Dataset& part_of(uint64_t& i_) const {
    size_t part = 0;
    while (i_ >= parts_[part].size()) i_ -= parts_[part++].size();
    return parts_[part];
  }

  struct Turn {
    size_t part = 0;
    uint64_t k = 0;  // the part's own count of draws
  };

  /// A block's places are dealt out as [first_[p], first_[p + 1]) for part p.
  void set_shares(const Fields& spec, const std::vector<double>& weights) {
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    double before = 0;
    first_ = {0};
    for (size_t part = 0; part < weights.size(); ++part) {
      before += weights[part];
      first_.push_back(uint64_t(std::llround(before / sum * double(kBlock))));
      if (first_[part] == first_[part + 1])
        throw spec.error("mixture", concat("part ", part, " has weight ", weights[part],
                                           ", expected at least a thousandth of the sum ", sum));
    }
  }

  Turn turn_of(uint64_t seed, uint64_t k) const {
    const uint64_t block = k / kBlock;
    const uint64_t place = Permutation(kBlock, mix(mix(seed, kMixtureSalt), block))(k % kBlock);
    const size_t part = size_t(std::upper_bound(first_.begin(), first_.end(), place) - first_.begin()) - 1;
    return {part, block * (first_[part + 1] - first_[part]) + place - first_[part]};
  }

  std::vector<Dataset> parts_;
  std::vector<uint64_t> first_;  // [parts + 1]
  uint64_t size_ = 0;
};

std::unique_ptr<Dataset::Source> make_source(Fields& spec) {
  const int kinds = spec.has("task") + spec.has("file") + spec.has("mixture");
  check_input(kinds == 1, spec.where(), ": got ", kinds,
              " of \"task\", \"file\" and \"mixture\", expected one");
  if (spec.has("task")) return std::make_unique<TaskSource>(spec);
  if (spec.has("file")) return std::make_unique<RowsSource>(spec);
  return std::make_unique<MixtureSource>(spec);
}

}  // namespace

Dataset::Dataset(Fields spec) : source_(make_source(spec)) { spec.finish(); }
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;
Dataset::~Dataset() = default;

uint64_t Dataset::size() const { return source_->size(); }

Problem Dataset::problem(uint64_t i) const {
  check(i < size(), "problem ", i, " of a dataset of ", size());
  return source_->problem(i);
}

std::string Dataset::where(uint64_t i) const {
  check(i < size(), "problem ", i, " of a dataset of ", size());
  return source_->where(i);
}

Problem Dataset::draw(uint64_t seed, uint64_t k) const { return source_->draw(seed, k); }

Example Dataset::trace(uint64_t seed, uint64_t k) const { return source_->trace(seed, k); }

}  // namespace hone
