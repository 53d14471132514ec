// Pairs of a gold and an answer, with what the verdict must be: the gold itself, other ways to write it, near misses of it.
#pragma once

#include <string>
#include <vector>

namespace hone {

enum class Expected { kEqual, kDifferent, kUnknown };
const char* to_string(Expected expected);  // "equal", "different", "unknown"

struct MathPair {
  std::string shape;  // of the gold
  std::string kind;   // "frac-inverted"
  Expected expected = Expected::kUnknown;
  std::string gold, answer;
};

/// The gold itself ("self"), its variants and its near misses.
std::vector<MathPair> pairs_of(const std::string& gold);

/// `count` pairs of different golds of one shape ("other-gold"); they may be equal by chance.
std::vector<MathPair> random_pairs(const std::vector<std::string>& golds, size_t count, uint64_t seed);

/// Collects the pairs of one gold; the functions below add those of its shape.
struct PairMaker {
  std::string gold;  // as it is in the data
  std::string shape;
  std::string x;  // the gold without \left, \right, spaces at the ends and a full stop
  std::vector<MathPair> pairs;

  void same(const std::string& kind, const std::string& answer);
  void near(const std::string& kind, const std::string& answer);
};

void add_wrappings(PairMaker& m);   // $..$, \boxed, bold, a full stop, \dfrac: any shape
void add_formulas(PairMaker& m);    // twice the half, minus minus, +1: any scalar
void add_numbers(PairMaker& m);     // integer, thousands, fraction, mixed, decimal, power, base
void add_quantities(PairMaker& m);  // money, degrees, percent, unit, ratio
void add_symbols(PairMaker& m);     // surd, pi, symbolic, complex, trig-log
void add_sequences(PairMaker& m);   // tuple, list, set, matrix, pm
void add_ranges(PairMaker& m);      // interval, half-open, inequality
void add_statements(PairMaker& m);  // choice, word, assignment, equation

}  // namespace hone
