// Where problems come from: a task family, a file of rows, or a weighted mixture of datasets; and the order
// in which a stage sees them. The order is a function of (seed, k), so resuming needs no state.
#pragma once

#include <cstdint>
#include <memory>

#include "core/fields.h"
#include "core/types.h"
#include "datasets/task.h"

namespace hone {

class Dataset {
 public:
  /// {"task": ...} (families.h), {"file": ...} (rows.h), or {"mixture": [{"weight": w, ...a dataset...},
  /// ...]}. Unknown keys are errors here. A weight is > 0 and counts to a thousandth of their sum.
  explicit Dataset(Fields spec);
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;
  ~Dataset();

  /// Problems in one pass; of a mixture, the sum.
  uint64_t size() const;

  /// problem(0) .. problem(size() - 1), for evaluation.
  Problem problem(uint64_t i) const;

  /// Where problem(i) stands, for messages: "file.jsonl:17", or "problem 17" of a task.
  std::string where(uint64_t i) const;

  /// The k-th draw: each pass over the size() problems shows every one once, in an order of its own; later
  /// passes show task problems in other wordings. A mixture deals blocks of a thousand draws by weight, in an
  /// order by Philox, and each part advances through its own passes, so that no part skips a problem.
  Problem draw(uint64_t seed, uint64_t k) const;

  /// The demonstration for draw(seed, k). Throws if the task or file has none.
  Example trace(uint64_t seed, uint64_t k) const;

  class Source;  // one of the three kinds

 private:
  std::unique_ptr<Source> source_;
};

}  // namespace hone
