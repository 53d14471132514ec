// Sets of real numbers, compared cell by cell: the ends of all intervals and the single points of both sides cut the line into
// points and the gaps between them; a set is a bit for each. Unions, intersections, complements and inequalities are then bit
// operations, and equal sets have equal bits however they are written.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include "rewards/math_scalar.h"

namespace hone {

class RealLine {
 public:
  static constexpr size_t kMaxPoints = 32;
  using Cells = std::bitset<2 * kMaxPoints + 1>;  // gap, point, gap, point, ..., gap

  RealLine(Expression& gold, Expression& answer, const ScalarOptions& options)
      : sides_{&gold, &answer}, options_(options) {}

  /// Whether both are sets of real numbers and the same; nothing if one is no such set, or ends are symbols.
  std::optional<bool> equal(NodeId gold, NodeId answer);

 private:
  struct End {
    int side = 0;
    NodeId id = 0;
    Signs signs = 0;
    bool negated = false;
    double value = 0;
    size_t point = 0;
  };

  bool add_ends(int side, NodeId id);
  bool add_relation_ends(int side, NodeId id);
  bool add_end(int side, NodeId id, bool mirrored = false);
  bool add_variable(int side, NodeId id, bool bound);
  bool place_ends();
  bool same(const End& a, const End& b) const;

  std::optional<Cells> cells(int side, NodeId id) const;
  std::optional<Cells> list(int side, NodeId id) const;
  std::optional<Cells> relation(int side, NodeId id) const;
  std::optional<Cells> comparison(int side, NodeId bound, Relation relation, bool absolute) const;
  std::optional<Cells> interval(int side, NodeId id) const;
  Cells points(int side, NodeId id, bool mirrored = false) const;
  Cells below(size_t point, bool inclusive) const;
  Cells all() const;

  Expression* sides_[2];
  const ScalarOptions& options_;
  std::vector<End> ends_;
  size_t num_points_ = 0;
  std::string_view variables_[2];  // free ones
  bool bound_[2] = {false, false};
};

}  // namespace hone
