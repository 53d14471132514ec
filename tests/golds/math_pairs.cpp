#include "tests/golds/math_pairs.h"

#include <re2/re2.h>

#include <map>
#include <random>
#include <set>

#include "tests/golds/golds.h"
#include "tests/golds/text_edits.h"

namespace hone {

const char* to_string(Expected expected) {
  return expected == Expected::kEqual ? "equal" : expected == Expected::kDifferent ? "different" : "unknown";
}

void PairMaker::same(const std::string& kind, const std::string& answer) {
  pairs.push_back({shape, kind, Expected::kEqual, gold, answer});
}

void PairMaker::near(const std::string& kind, const std::string& answer) {
  pairs.push_back({shape, kind, Expected::kDifferent, gold, answer});
}

void add_wrappings(PairMaker& m) {
  const std::string& x = m.gold;
  if (x.find("\\$") == std::string::npos) m.same("wrap-dollar", "$" + x + "$");
  m.same("wrap-boxed", "\\boxed{" + x + "}");
  m.same("wrap-round", "\\(" + x + "\\)");
  m.same("wrap-bold", "**" + x + "**");
  m.same("wrap-stop", x + ".");
  if (x.find("\\frac") != std::string::npos) m.same("dfrac", replaced(x, "\\frac", "\\dfrac"));
  if (x.find("(") != std::string::npos && x.find("\\left") == std::string::npos && m.shape != "half-open" &&
      m.shape != "interval") {
    m.same("left-right", replaced(replaced(x, "(", "\\left("), ")", "\\right)"));
  }
}

void add_formulas(PairMaker& m) {
  static const std::set<std::string> kFormulas = {"integer", "fraction", "surd",     "symbolic", "pi",
                                                  "decimal", "complex",  "trig-log", "power",    "mixed"};
  if (!kFormulas.contains(m.shape) || RE2::FullMatch(m.x, "[A-Za-z]+")) return;
  const std::string& x = m.x;
  m.same("formula-twice-half", "\\frac{2(" + x + ")}{2}");
  m.same("formula-signs", "-(-(" + x + "))");
  m.same("formula-zero", "(" + x + ")+k-k");
  m.near("formula+1", "(" + x + ")+1");
  if (RE2::FullMatch(x, "-?0*\\.?0*")) return;
  m.near("formula-sign", "-(" + x + ")");
  m.near("formula-double", "2(" + x + ")");
}

std::vector<MathPair> pairs_of(const std::string& gold) {
  PairMaker m{gold, shape_of(gold), trimmed(replaced(replaced(gold, "\\left", ""), "\\right", "")), {}};
  if (m.x.ends_with('.')) m.x.pop_back();
  m.same("self", gold);
  for (const auto add : {add_wrappings, add_formulas, add_numbers, add_quantities, add_symbols, add_sequences,
                         add_ranges, add_statements})
    add(m);
  return std::move(m.pairs);
}

std::vector<MathPair> random_pairs(const std::vector<std::string>& golds, size_t count, uint64_t seed) {
  std::map<std::string, std::vector<std::string>> by_shape;
  for (const std::string& gold : golds) by_shape[shape_of(gold)].push_back(gold);
  std::mt19937_64 random(seed);
  std::vector<MathPair> pairs;
  while (pairs.size() < count) {
    for (const auto& [shape, all] : by_shape) {  // every shape as often as the others
      if (all.size() < 2) continue;
      const std::string &gold = all[random() % all.size()], &answer = all[random() % all.size()];
      if (gold != answer) pairs.push_back({shape, "other-gold", Expected::kUnknown, gold, answer});
    }
  }
  pairs.resize(count);
  return pairs;
}

}  // namespace hone
