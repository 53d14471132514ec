// Polynomials and rational functions, compared by their values in two prime fields at points drawn from the names of their symbols.
// A difference is a proof that they differ; an agreement is wrong with a probability below degree^2 / 2^120 (Schwartz-Zippel) if the
// coefficients are too small to be multiples of both primes (coefficient_bits).
// Costs a few nanoseconds a node and never grows, where a normal form of (a + b + c + d)^100 would.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rewards/math_rational.h"

namespace hone {

/// The value in the field of each prime; nothing if it is no rational function (roots, functions, symbolic exponents), or a
/// denominator vanishes at the point. pi and e count as symbols; i is a square root of -1.
using Fingerprint = std::array<uint64_t, 2>;
std::optional<Fingerprint> fingerprint(const Expression& expression, NodeId id, Signs signs, uint64_t seed);

/// Bits that the coefficients of the rational function can have. Two with fewer than 124 together that agree modulo both primes at
/// an indeterminate point agree.
double coefficient_bits(const Expression& expression, NodeId id, Signs signs);

/// Arithmetic of the fields, for comparing quotients of fingerprints. The inverse of 0 is 0.
uint64_t field_product(int prime, uint64_t a, uint64_t b);
uint64_t field_inverse(int prime, uint64_t a);

}  // namespace hone
