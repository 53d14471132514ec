// Elementary functions in double precision that give the same bits on every machine: + - * / and fma in a
// fixed order, which libm does not promise. Errors are a few 1e-16 relative (for sin and cos absolute); meant
// for tables and schedules, not for inner loops. No special values: arguments outside the stated ranges are
// an error.
#pragma once

namespace hone {

double exact_exp(double x);            // |x| <= 700
double exact_log(double x);            // positive, normal
double exact_pow(double x, double y);  // x positive and normal, |y log x| <= 700
double exact_sin(double x);            // |x| <= 2^30
double exact_cos(double x);            // |x| <= 2^30

struct SinCos {
  double sin, cos;
};
SinCos exact_sin_cos(double x);  // |x| <= 2^30, both for the price of one

}  // namespace hone
