// Levenshtein distance with a bound of a third of the name's length, at least one.
#include <algorithm>
#include <numeric>
#include <utility>

#include "core/document.h"

namespace hone {

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(name.size() / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    const size_t longer = std::max(name.size(), candidate.size()),
                 shorter = std::min(name.size(), candidate.size());
    if (longer - shorter >= best_distance) continue;
    std::vector<size_t> row(candidate.size() +
                            1);  // Levenshtein distances of name[0, i) to the prefixes of candidate
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= name.size(); ++i) {
      size_t diagonal = std::exchange(row[0], i);
      for (size_t j = 1; j <= candidate.size(); ++j) {
        const size_t substituted = diagonal + (name[i - 1] != candidate[j - 1]);
        diagonal = row[j];
        row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
      }
    }
    if (row.back() < best_distance && row.back() < longer) best = candidate, best_distance = row.back();
  }
  return best;
}

}  // namespace hone
