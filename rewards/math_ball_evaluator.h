// The value of an expression as a complex ball (Arb); not for other folders. Includes FLINT.
#pragma once

#if __has_include(<acb.h>)
#include <acb.h>
#else  // FLINT 3 took Arb in
#include <flint/acb.h>
#endif

#include "rewards/math_ball.h"

namespace hone {

struct Ball {
  Ball() { acb_init(z); }
  ~Ball() { acb_clear(z); }
  Ball(const Ball&) = delete;
  Ball& operator=(const Ball&) = delete;
  acb_t z;
};

/// Which values the symbols have. `index` 0 to 2: positive ones of another scale each, so that an identity that holds for x > 1 only
/// is not taken for one; from 3 on: negative ones among them.
struct Point {
  uint64_t seed = 0;
  int index = 0;
  bool integers = false;  // whole numbers from 3 to 66, for (-1)^n and gcd(a, b)
};

class BallEvaluator {
 public:
  BallEvaluator(const Side& side, const Point& point, slong precision)
      : expression_(side.expression), signs_(side.signs), point_(point), precision_(precision) {}

  /// False if the value is not defined, or the function is not known here. `angle`: degrees become radians.
  bool at(NodeId id, acb_t out, bool angle = false);

 private:
  bool number(const Node& node, acb_t out);
  bool symbol(const Node& node, acb_t out);
  bool fold(NodeId id, bool add, acb_t out, bool angle);
  bool quotient(NodeId id, acb_t out, bool angle);
  bool unary(const Node& node, NodeId id, acb_t out, bool angle);
  bool times_pi(acb_t out);
  static bool small(const acb_t z, double limit);
  static bool whole(const acb_t z, int64_t limit, int64_t& n);
  bool root(NodeId id, acb_t out);
  bool real_root(acb_t out, ulong k);
  bool power(NodeId id, acb_t out);
  bool raise(acb_t out, const acb_t y);
  bool binomial(NodeId id, acb_t out);

  // math_ball_functions.cpp
  bool function(NodeId id, acb_t out);
  bool elementary(Function f, acb_t out);
  bool inverse(Function f, acb_t out);
  bool part(Function f, acb_t out);
  bool several(NodeId id, Function f, acb_t out);
  bool divide_by_log(NodeId base_id, acb_t out);

  const Expression& expression_;
  Signs signs_;
  Point point_;
  slong precision_;
};

}  // namespace hone
