// A procedural family of problems: any index gives its problem, and most give a demonstration of how to solve
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/fields.h"
#include "core/types.h"

namespace hone {

/// A stretch of a demonstration's text; the loss covers the trained ones.
struct Piece {
  std::string text;
  bool trained = true;
};

/// One sample for SFT: the rendered prompt (by the stage's template, without loss) is followed by the pieces,
/// which are consecutive and break only between tokens, and by an end-of-text token, which is trained.
/// A conversation comes as `messages` instead of pieces: a chat template says what its text is and which of it is trained.
struct Example {
  Problem problem;
  std::vector<Piece> pieces;             // the completion alone
  nlohmann::ordered_json messages = {};  // the whole conversation, prompt included; null: pieces
  size_t prompt_messages = 0;  // the first so many are the prompt of a row with prompt and completion
  int64_t line = 0;            // of its file, from 1

  bool has_demonstration() const { return !pieces.empty() || !messages.is_null(); }
};

class Task {
 public:
  virtual ~Task() = default;
  /// Problems in one pass.
  virtual uint64_t size() const = 0;
  /// Any index is allowed. One beyond the first pass asks problem `index % size()` again in another wording
  /// (order of the numbers, language), or, where problems are drawn rather than enumerated, gives a new one.
  /// Problem.id is the index.
  virtual Problem problem(uint64_t index) const = 0;
  /// A demonstration for problem(index), of mixed quality where the task has qualities; `seed` varies it.
  /// Throws if the task has none.
  virtual Example trace(uint64_t seed, uint64_t index) const = 0;
};

/// {"task": "countdown", "split": "train", ...}: the keys of each task stand in families.h. The caller calls
/// finish().
std::unique_ptr<Task> make_task(Fields options);

}  // namespace hone
