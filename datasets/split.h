// Which half of a task's problems a dataset shows: problems are held out by a hash of what identifies them,
// so that a split never depends on the order or the number of the others.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/fields.h"
#include "core/philox.h"

namespace hone {

enum class Split { kTrain, kHeldOut, kAll };

struct SplitOptions {
  Split split = Split::kTrain;
  double held_out = 0.2;  // share of the problems that "train" never shows
};

/// The keys "split" ("train", "held_out" or "all") and "held_out".
SplitOptions read_split(Fields& options);

/// A hash of the numbers that make a problem what it is, in their order.
uint64_t identity_of(const std::vector<int>& numbers);

bool in_split(const SplitOptions& options, uint64_t identity);

/// Numbers out of a stream: what a family draws its problems with.
using DrawNumbers = std::function<std::vector<int>(PhiloxStream&)>;

/// The first of make(stream), make(stream), ... that belongs to the split.
std::vector<int> draw_in_split(const SplitOptions& split, PhiloxStream stream, const DrawNumbers& make);

/// An InputError about `options` if the split seems to hold nothing that `make` draws; draw_in_split then always finds
/// something.
void require_problems(const Fields& options, const SplitOptions& split, const DrawNumbers& make);

}  // namespace hone
