// Two lines as gold and answer: a verdict, the same one again; a gold that is mathematics is equal to itself, and equality does
// not depend on which of two answers is the gold, but for letters of choices and of units ("5 m" for 5, not 5 for "5 m"), for decimal commas
// ("3,14" for 3.14; the list of a gold "3,14" does not shrink to a number) and for repetition ("5, 5" for 5, not 5 for "5, 5").
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rewards/math_equal.h"

namespace {

using namespace hone;

void require(bool condition) {
  if (!condition) std::abort();
}

bool decided(Verdict verdict) { return verdict == Verdict::kCorrect || verdict == Verdict::kWrong; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  const size_t line = text.find('\n');
  const std::string gold = text.substr(0, line),
                    answer = line == std::string::npos ? gold : text.substr(line + 1);
  MathOptions options;
  options.scalar.rounded_digits = data[0] & 1 ? 0 : 3;
  options.percent_is_fraction = !(data[0] & 2);
  options.unordered_tuples = data[0] & 4;
  options.base_required = !(data[0] & 8);
  options.units = data[0] & 16   ? UnitPolicy::kIgnore
                  : data[0] & 32 ? UnitPolicy::kRequire
                                 : UnitPolicy::kCompatible;
  const MathVerdict there = compare_math(gold, answer, options), again = compare_math(gold, answer, options);
  require(there.verdict == again.verdict && there.reason == again.reason);
  const MathVerdict itself = compare_math(gold, gold, options);
  if (gold_problem(gold).empty()) require(itself.verdict != Verdict::kWrong);
  const MathVerdict back = compare_math(answer, gold, options);
  const auto is_one_way = [](const MathVerdict& verdict) {
    return verdict.reason == "the choice's letter" || verdict.reason == "a letter taken for a unit" ||
           verdict.reason == "with an element named again" ||
           verdict.reason == "as one number with a decimal comma or Indian groups";
  };
  const bool one_way = is_one_way(there) || is_one_way(back);
  if (options.units != UnitPolicy::kRequire && !one_way && decided(there.verdict) && decided(back.verdict))
    require(there.verdict == back.verdict);
  return 0;
}
