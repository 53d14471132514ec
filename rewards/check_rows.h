// A data set looked through before it is used: rows that lack what a rule needs, and gold answers that a rule can't understand.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rewards/reward_set.h"

namespace hone {

/// Of one rule.
struct GoldReport {
  std::string rule;
  uint64_t unparsable = 0;            // gold answers
  std::vector<std::string> examples;  // the first three: place, gold and reason
};

/// Adds up what RewardSet::gold_problems() says of row after row.
class GoldTally {
 public:
  explicit GoldTally(const RewardSet& rewards);
  void add(const std::vector<std::string>& problems, const std::function<std::string()>& where);
  /// Of the rules that have something to tell.
  std::vector<GoldReport> reports() const;

 private:
  std::vector<GoldReport> reports_;  // [R]
};

/// problem(i) and where(i) for i < count, which all cores ask at once; a problem's `where` is only asked for messages.
struct RowSource {
  uint64_t count = 0;
  std::function<Problem(uint64_t i)> problem;
  std::function<std::string(uint64_t i)> where;
};

/// Reports of the rules that have something to tell. The first row that lacks what a rule needs is an InputError with its place.
std::vector<GoldReport> check_rows(const RewardSet& rewards, const RowSource& rows);

/// "reward accuracy: 2 of 7473 gold answers can't be parsed and pay only their very text: train.jsonl:17: ..., and so on".
std::string to_text(const GoldReport& report, uint64_t count);

}  // namespace hone
