// The common part of the families with words whose problems are not countdown's: languages, split, style,
// size.
#pragma once

#include <string>
#include <vector>

#include "datasets/split.h"
#include "datasets/task.h"
#include "datasets/trace_writer.h"

namespace hone {

class GeneratedTask : public Task {
 public:
  GeneratedTask(std::string name, Fields& options);

  uint64_t size() const override { return size_; }
  Example trace(uint64_t seed, uint64_t index) const override;

 protected:
  /// A completion for one of this task's problems.
  virtual std::string write(const Problem& problem, TraceWriter& writer) const = 0;

  /// Reads the key "size".
  void read_size(Fields& options);

  /// The numbers of problem `index`: the first draw that belongs to the split.
  std::vector<int> draw(uint64_t index, const DrawNumbers& make) const;

  /// `prompt` is what follows the family's word: `sum 3 + 5 :`.
  Problem make_problem(uint64_t index, Word word, const std::string& prompt, std::string answer) const;

  std::string name_;
  SplitOptions split_;
  uint64_t size_ = 1000;

 private:
  Language language(uint64_t index) const { return languages_[(index + index / size_) % languages_.size()]; }

  std::vector<Language> languages_;
  StyleOptions style_;
};

/// The items separated by single spaces.
std::string join_items(const std::vector<int>& items);

}  // namespace hone
