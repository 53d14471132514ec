// The comparison of two trees behind compare_math().
#pragma once

#include <vector>

#include "rewards/math_equal.h"
#include "rewards/math_measure.h"

namespace hone {

/// Of all comparisons of a verdict together, in nodes times bits of interval arithmetic: sixty sums of sines in another order, or signs
/// within lists within unions, would cost more than a verdict may.
inline constexpr int64_t kMostWork = 1 << 20;

class MathJudge {
 public:
  /// The trees are added to: differences of the two sides of equations, for example.
  MathJudge(Expression& gold, Expression& answer, const MathOptions& options)
      : gold_(gold), answer_(answer), options_(options) {}

  bool equal();

  bool undecided = false, over_budget = false;  // of some comparison that came out as not equal
  bool letter_as_unit = false;                  // some letter of the answer was taken for a unit: "5 m" for 5
  bool repeated = false;                        // the answer names an element again that the gold names once

 private:
  struct Item {
    NodeId id;
    Signs signs = 0;
    bool expanded = false;  // `signs` says which of the values of a plus-minus this is
  };
  struct Label {
    NodeId name, value;
  };
  /// With symbols for ends.
  struct Interval {
    NodeId low = -1, high = -1;  // -1: infinite
    bool low_open = true, high_open = true;
  };
  /// The integer that the members of a family are numbered by, as in "2k\pi, k \in \mathbb{Z}".
  struct Family {
    std::string_view name, domain;  // empty if there is none
    std::vector<NodeId> members;
  };

  bool equal(Item gold, Item answer);
  bool equal_kinds(Item gold, Item answer);
  bool scalars(Item gold, Item answer);
  bool numerals(Item gold, Item answer) const;
  bool words(Item gold, Item answer) const;

  // Units, angles and times of day (math_quantities.cpp).
  bool with_units(Item gold, Item answer);
  bool below_units(Item gold, Item answer);
  bool unit_letters(Item gold, Item answer);
  bool angles(Item gold, Item answer);
  bool converted(Item gold, const Measure& gold_measure, Item answer, const Measure& answer_measure);
  std::optional<bool> times_of_day(Item gold, Item answer) const;
  static bool is_angle(const Expression& e, NodeId id);

  // Lists and names (math_lists.cpp).
  bool lists(Item gold, Item answer);
  bool tuples(Item gold, Item answer);
  bool components(Item gold, Item answer);
  bool labels(const std::vector<Label>& x, Item gold, const std::vector<Label>& y, Item answer);
  static bool labelled(const Expression& e, NodeId id, std::vector<Label>& out);
  static void group_labels(Expression& e);
  static void collect(const Expression& e, NodeId id, std::vector<Item>& out);
  static void expand_signs(const Expression& e, NodeId id, std::vector<Item>& out);
  static bool has_signs(const Expression& e, NodeId id);

  // Matrices, vectors and ratios (math_matrices.cpp).
  bool matrices(Item gold, Item answer);
  bool unit_vectors(Item gold, Item answer);
  bool ratios(Item gold, Item answer);
  bool proportional_parts(Item gold, Item answer);
  static bool as_matrix(Expression& e, NodeId id, int64_t& columns, std::vector<NodeId>& cells);

  // Relations (math_relations.cpp).
  bool relations(Item gold, Item answer);
  bool relation_with_value(Item gold, Item answer);
  bool equations(NodeId gold, NodeId answer);
  bool inequalities(NodeId gold, NodeId answer);
  bool proportional(NodeId gold, NodeId answer, bool positive);
  bool constant_quotient(NodeId gold, NodeId answer, bool positive);
  static NodeId without_denominators(Expression& e, NodeId sum);
  static bool is_formula(const Expression& e, NodeId relation);
  bool same_quotient(NodeId gold, NodeId answer);
  static bool is_name(const Expression& e, NodeId id);
  static NodeId value_of(const Expression& e, NodeId id);
  static NodeId rounded_value(const Expression& e, NodeId id);
  static NodeId difference(Expression& e, NodeId relation);

  // Sets (math_sets.cpp).
  bool real_sets(Item gold, Item answer);
  bool same_pieces(Item gold, Item answer);
  bool same_intervals(NodeId gold, NodeId answer);
  static bool as_interval(const Expression& e, NodeId id, bool flip, Interval& out);
  static void name_sets(Expression& e);

  // Families (math_families.cpp).
  bool families(const Family& x, Item gold, const Family& y, Item answer);
  bool same_progression(Item gold, Item answer);
  static bool family_of(const Expression& e, NodeId id, Family& out);
  static bool rename(Expression& e, std::string_view from, std::string_view to);

  /// Copies: comparing adds nodes to the trees, which moves those that are there.
  Node gold(Item item) const { return gold_[item.id]; }
  Node answer(Item item) const { return answer_[item.id]; }

  Expression& gold_;
  Expression& answer_;
  const MathOptions& options_;
  std::string_view parameter_;  // of the families that are being compared
  int depth_ = 0;
  int64_t spent_ = 0;  // of kMostWork
  int units_ = 0;      // units around what is being compared
};

/// Words for comparing: small letters, no punctuation, no spacing commands, no article, number words as digits.
std::string normal_words(std::string_view text);

/// Whether normal words are the same, but for a noun such as "function" behind one of them.
bool same_words(std::string_view a, std::string_view b);

/// A letter for letter form of an answer: without spaces, \left, \right, $ and the like.
std::string normal_text(std::string_view text);

}  // namespace hone
