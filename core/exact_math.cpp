#include "core/exact_math.h"

#include <cmath>
#include <cstdint>

#include "core/error.h"

namespace hone {
namespace {

/// Nearest integer, ties to even, of |x| < 2^51: the addition pushes the fraction out of the mantissa.
double nearest(double x) {
  constexpr double kShift = 6755399441055744.0;  // 1.5 * 2^52
  const volatile double shifted = x + kShift;    // volatile: the two additions must stay two roundings
  return shifted - kShift;
}

constexpr double kLn2High = 0x1.62e42fefap-1, kLn2Low = 0x1.cf79abc9e3b3ap-40;

/// x as n * pi/2 + r with |r| <= pi/4: the fma is exact as long as n fits 30 bits, and the second constant
/// adds 53 more.
struct Reduced {
  int64_t quarter;
  double r;
};
Reduced reduce(double x) {
  check(std::fabs(x) <= 0x1p30, "exact_sin, exact_cos: got ", x, ", expected |x| <= 2^30");
  const double n = nearest(x * 0x1.45f306dc9c883p-1);  // 2/pi
  return {int64_t(n), std::fma(-n, 0x1.1a62633145c07p-54, std::fma(-n, 0x1.921fb54442d18p+0, x))};
}

/// Taylor series on |r| <= pi/4; the first term left out is below 1e-17.
double sin_series(double r) {
  const double z = r * r;
  double p = 1.0 / 355687428096000.0;  // 17!
  p = p * z - 1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return r + r * (z * p);
}
double cos_series(double r) {
  const double z = r * r;
  double p = 1.0 / 20922789888000.0;  // 16!
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  return 1.0 - (0.5 * z - z * z * p);
}

}  // namespace

double exact_exp(double x) {
  check(std::fabs(x) <= 700.0, "exact_exp: got ", x, ", expected |x| <= 700");
  const double n = nearest(x * 0x1.71547652b82fep+0);  // 1/ln 2
  const double r = std::fma(-n, kLn2Low, std::fma(-n, kLn2High, x));
  double p = 1.0;
  for (int k = 14; k >= 1; --k) p = 1.0 + r / k * p;  // Taylor on |r| <= ln(2)/2
  return std::ldexp(p, int(n));
}

double exact_log(double x) {
  check(std::isnormal(x) && x > 0, "exact_log: got ", x, ", expected a positive normal number");
  int e = 0;
  double m = std::frexp(x, &e);  // [0.5, 1)
  if (m < 0.70710678118654752) m += m, --e;
  const double s = (m - 1.0) / (m + 1.0), z = s * s;  // log m = 2 artanh s
  double p = 0.0;
  for (int k = 23; k >= 3; k -= 2) p = (p + 1.0 / k) * z;
  return std::fma(e, kLn2High, std::fma(e, kLn2Low, 2.0 * (s + s * p)));
}

double exact_pow(double x, double y) { return exact_exp(y * exact_log(x)); }

SinCos exact_sin_cos(double x) {
  const auto [quarter, r] = reduce(x);
  const double s = sin_series(r), c = cos_series(r);
  switch (quarter & 3) {
    case 0:
      return {s, c};
    case 1:
      return {c, -s};
    case 2:
      return {-s, -c};
    default:
      return {-c, s};
  }
}

double exact_sin(double x) { return exact_sin_cos(x).sin; }
double exact_cos(double x) { return exact_sin_cos(x).cos; }

}  // namespace hone
