// The comparison of two trees behind compare_math().
#pragma once

#include <vector>

#include "rewards/math_equal.h"

namespace hone {

class MathJudge {
 public:
  /// The trees are added to: differences of the two sides of equations, for example.
  MathJudge(Expression& gold, Expression& answer, const MathOptions& options)
      : gold_(gold), answer_(answer), options_(options) {}

  bool equal() {
    name_sets(gold_);
    name_sets(answer_);
    return equal({gold_.root, 0}, {answer_.root, 0});
  }

  bool undecided = false, over_budget = false;  // of some comparison that came out as not equal

 private:
  struct Item {
    NodeId id;
    Signs signs = 0;
    bool expanded = false;  // `signs` says which of the values of a plus-minus this is
  };
  /// An interval of the reals; a point is [a, a].
  struct Interval {
    double low = 0, high = 0;          // approximately, for the order
    NodeId low_id = -1, high_id = -1;  // -1: infinite
    bool low_open = true, high_open = true;
  };
  using Intervals = std::vector<Interval>;

  bool equal(Item gold, Item answer);
  bool equal_kinds(Item gold, Item answer);
  bool scalars(Item gold, Item answer);
  bool infinities(Item gold, Item answer);
  bool lists(Item gold, Item answer);
  bool tuples(Item gold, Item answer);
  bool matrices(Item gold, Item answer);
  bool ratios(Item gold, Item answer);
  bool numerals(Item gold, Item answer) const;
  bool words(Item gold, Item answer) const;
  bool with_units(Item gold, Item answer);
  bool unit_letters(Item gold, Item answer);

  // Relations (math_relations.cpp).
  bool relations(Item gold, Item answer);
  bool relation_with_value(Item gold, Item answer);
  bool equations(NodeId gold, NodeId answer);
  bool inequalities(NodeId gold, NodeId answer);
  bool proportional(NodeId gold, NodeId answer, bool positive);
  bool same_quotient(NodeId gold, NodeId answer);
  static bool is_name(const Expression& e, NodeId id);
  static NodeId value_of(const Expression& e, NodeId id);
  static NodeId difference(Expression& e, NodeId relation);

  // Sets of reals (math_sets.cpp).
  bool real_sets(Item gold, Item answer);
  bool same_pieces(Item gold, Item answer);
  static bool to_intervals(const Expression& e, NodeId id, Intervals& out);
  static bool relation_intervals(const Expression& e, NodeId id, Intervals& out);
  static bool remove_points(const Expression& e, NodeId points, Intervals& out);
  static bool normalise(const Expression& e, Intervals& set);

  static void name_sets(Expression& e);
  static void collect(const Expression& e, NodeId id, std::vector<Item>& out);
  static void expand_signs(const Expression& e, NodeId id, std::vector<Item>& out);
  static bool as_matrix(Expression& e, NodeId id, int64_t& columns, std::vector<NodeId>& cells);
  const Node& gold(Item item) const { return gold_[item.id]; }
  const Node& answer(Item item) const { return answer_[item.id]; }

  Expression& gold_;
  Expression& answer_;
  const MathOptions& options_;
  int depth_ = 0;
};

/// Words for comparing: small letters, no punctuation, no spacing commands, no article, number words as digits.
std::string normal_words(std::string_view text);

/// A letter for letter form of an answer: without spaces, \left, \right, $ and the like.
std::string normal_text(std::string_view text);

}  // namespace hone
