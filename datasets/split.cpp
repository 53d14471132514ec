// Splits by a threshold on a hash.
#include "datasets/split.h"

#include <optional>

namespace hone {
namespace {

// Fixed for ever: it decides which problems are held out. With this one countdown's defaults hold out 387 of
// 1,864 problems, whose searches are as long as the others'.
constexpr uint64_t kSplitSalt = 55;
constexpr int kMaxDraws = 1000000;  // many times the number of problems of the smallest family

std::optional<std::vector<int>> try_draw(const SplitOptions& split, PhiloxStream stream,
                                         const DrawNumbers& make) {
  for (int i = 0; i < kMaxDraws; ++i) {
    std::vector<int> numbers = make(stream);
    if (in_split(split, identity_of(numbers))) return numbers;
  }
  return std::nullopt;
}

}  // namespace

SplitOptions read_split(Fields& options) {
  SplitOptions result;
  const std::string split = options.one_of("split", "train", {"train", "held_out", "all"});
  result.split = split == "train" ? Split::kTrain : split == "held_out" ? Split::kHeldOut : Split::kAll;
  result.held_out = options.get("held_out", 0.2, between(0, 0.9));
  if (result.split == Split::kHeldOut && result.held_out < 0.01)
    throw options.error("held_out",
                        concat("got ", result.held_out, ", expected >= 0.01 where the split is held_out"));
  return result;
}

uint64_t identity_of(const std::vector<int>& numbers) {
  uint64_t identity = numbers.size();
  for (const int number : numbers) identity = mix(identity, uint64_t(int64_t{number}));
  return identity;
}

bool in_split(const SplitOptions& options, uint64_t identity) {
  if (options.split == Split::kAll) return true;
  const bool held_out = double(mix(kSplitSalt, identity) >> 11) * 0x1p-53 < options.held_out;
  return held_out == (options.split == Split::kHeldOut);
}

std::vector<int> draw_in_split(const SplitOptions& split, PhiloxStream stream, const DrawNumbers& make) {
  const auto found = try_draw(split, stream, make);
  check(found.has_value(), "split: nothing in ", kMaxDraws, " draws, held_out ", split.held_out);
  return *found;
}

void require_problems(const Fields& options, const SplitOptions& split, const DrawNumbers& make) {
  if (!try_draw(split, PhiloxStream(0), make))
    throw options.error("held_out",
                        concat("a share of ", split.held_out, " leaves this split without a problem"));
}

}  // namespace hone
