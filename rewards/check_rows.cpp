#include "rewards/check_rows.h"

#include <algorithm>

#include "rewards/for_each_index.h"

namespace hone {
namespace {

constexpr uint64_t kBlock = 4096;  // rows looked at in parallel, and then told of in order
constexpr size_t kExamples = 3;

struct Finding {
  std::string missing;                // what the row lacks, or ""
  std::vector<std::string> problems;  // [R] of its gold
};

Finding look_at(const RewardSet& rewards, const Json& row) {
  try {
    rewards.check_row(row);
  } catch (const InputError& e) {  // told in order, with its place
    return {e.what(), {}};
  }
  return {"", rewards.gold_problems(row)};
}

}  // namespace

GoldTally::GoldTally(const RewardSet& rewards) {
  for (const RewardOptions& rule : rewards.options()) reports_.push_back({rule.name, 0, {}});
}

void GoldTally::add(const std::vector<std::string>& problems, const std::function<std::string()>& where) {
  for (size_t r = 0; r < problems.size(); ++r) {
    if (problems[r].empty()) continue;
    ++reports_[r].unparsable;
    if (reports_[r].examples.size() < kExamples)
      reports_[r].examples.push_back(concat(where(), ": ", problems[r]));
  }
}

std::vector<GoldReport> GoldTally::reports() const {
  std::vector<GoldReport> found;
  for (const GoldReport& report : reports_)
    if (report.unparsable > 0) found.push_back(report);
  return found;
}

std::vector<GoldReport> check_rows(const RewardSet& rewards, const RowSource& rows) {
  GoldTally tally(rewards);
  for (uint64_t begin = 0; begin < rows.count; begin += kBlock) {
    std::vector<Finding> findings(std::min(kBlock, rows.count - begin));
    for_each_index(findings.size(),
                   [&](size_t i) { findings[i] = look_at(rewards, rows.problem(begin + i).row); });
    for (size_t i = 0; i < findings.size(); ++i) {
      const auto where = [&] { return rows.where(begin + i); };
      if (!findings[i].missing.empty()) throw InputError(concat(where(), ": ", findings[i].missing));
      tally.add(findings[i].problems, where);
    }
  }
  return tally.reports();
}

std::string to_text(const GoldReport& report, uint64_t count) {
  std::string text = concat("reward ", report.rule, ": ", report.unparsable, " of ", count,
                            " gold answers can't be parsed and pay only for their very text: ");
  for (size_t i = 0; i < report.examples.size(); ++i) text += (i == 0 ? "" : "; ") + report.examples[i];
  return text + (report.unparsable > report.examples.size() ? "; and so on" : "");
}

}  // namespace hone
