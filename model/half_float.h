// bfloat16 and IEEE half to float32 and back, rounding to nearest, ties to even. Bit arithmetic only: the
// same on every CPU.
#pragma once

#include <bit>
#include <cstdint>

namespace hone {

inline float bf16_to_float(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

inline uint16_t float_to_bf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u)
    return 0x7FC0;  // a NaN stays one: rounding could carry it to infinity
  return uint16_t((bits + 0x7FFFu + ((bits >> 16) & 1)) >> 16);
}

inline float f16_to_float(uint16_t bits) {
  const uint32_t sign = uint32_t(bits & 0x8000u) << 16, magnitude = bits & 0x7FFFu;
  if (magnitude >= 0x7C00u) return std::bit_cast<float>(sign | 0x7F800000u | ((magnitude & 0x3FFu) << 13));
  if (magnitude < 0x0400u) {  // subnormal: magnitude * 2^-24, exact in float32
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(float(magnitude) * 0x1p-24f));
  }
  return std::bit_cast<float>(sign | ((magnitude << 13) + (112u << 23)));
}

/// float8 e4m3fn: no infinities, 0x7F and 0xFF are NaN.
inline float f8_e4m3_to_float(uint8_t bits) {
  const uint32_t sign = uint32_t(bits & 0x80u) << 24, magnitude = bits & 0x7Fu;
  if (magnitude == 0x7Fu) return std::bit_cast<float>(sign | 0x7FC00000u);
  if (magnitude < 8)  // subnormal: magnitude * 2^-9
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(float(magnitude) * 0x1p-9f));
  return std::bit_cast<float>(sign | ((magnitude << 20) + (120u << 23)));
}

/// An exponent alone (ue8m0): 2^(bits - 127), 0xFF is NaN.
inline float e8m0_to_float(uint8_t bits) {
  if (bits == 0xFF) return std::bit_cast<float>(0x7FC00000u);
  return bits == 0 ? 0x1p-127f : std::bit_cast<float>(uint32_t(bits) << 23);
}

/// Values beyond 65504 become infinity.
inline uint16_t float_to_f16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return uint16_t(sign | 0x7E00u);
  if (magnitude >= 0x477FF000u) return uint16_t(sign | 0x7C00u);  // 65520 and above round to infinity
  if (magnitude <
      0x38800000u) {  // below 2^-14: adding 0.5 puts the last place at 2^-24, and the adder rounds to even
    return uint16_t(sign | (std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3F000000u));
  }
  return uint16_t(sign | ((magnitude - (112u << 23) + 0x0FFFu + ((magnitude >> 13) & 1)) >> 13));
}

}  // namespace hone
