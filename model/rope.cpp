#include "model/rope.h"

#include <algorithm>
#include <cmath>

#include "core/exact_math.h"
#include "cuda_ext/ops.h"

namespace hone {
namespace {

constexpr double kTwoPi = 6.283185307179586;

/// arXiv 2309.00071: high frequencies as they are, low ones divided by the factor, a ramp over the pairs
/// between.
void scale_yarn(const RopeConfig& r, int64_t rotated, float* f) {
  const auto pair_of = [&](double rotations) {  // the pair that turns so often within the original positions
    return double(rotated) * exact_log(double(r.original_positions) / (rotations * kTwoPi)) /
           (2 * exact_log(r.theta));
  };
  double low = pair_of(r.beta_fast), high = pair_of(r.beta_slow);
  if (r.truncate) low = std::floor(low), high = std::ceil(high);
  low = std::max(low, 0.0), high = std::min(high, double(rotated - 1));
  if (low == high) high += 0.001;
  for (int64_t i = 0; i < rotated / 2; ++i) {
    const float ramp = std::clamp((float(i) - float(low)) / float(high - low), 0.0f, 1.0f),
                keep = 1.0f - ramp;
    const float position = float(exact_pow(r.theta, float(2 * i) / float(rotated)));
    const float interpolated = 1.0f / (float(r.factor) * position), own = 1.0f / position;
    f[i] = interpolated * (1.0f - keep) + own * keep;
  }
}

/// Llama 3.1: by wavelength, with a smooth step between the two borders.
void scale_llama3(const RopeConfig& r, int64_t pairs, float* f) {
  const double original = double(r.original_positions);
  const float low_wavelength = float(original / r.low_frequency_factor),
              high_wavelength = float(original / r.high_frequency_factor);
  for (int64_t i = 0; i < pairs; ++i) {
    const float wavelength = float(kTwoPi) / f[i];
    if (wavelength < high_wavelength) continue;
    if (wavelength > low_wavelength) {
      f[i] = f[i] / float(r.factor);
      continue;
    }
    const float smooth = (float(original) / wavelength - float(r.low_frequency_factor)) /
                         float(r.high_frequency_factor - r.low_frequency_factor);
    f[i] = (1.0f - smooth) * f[i] / float(r.factor) + smooth * f[i];
  }
}

}  // namespace

at::Tensor rope_frequencies(const RopeConfig& r, int64_t rotated) {
  at::Tensor frequencies = ops::rope_inverse_frequencies(r.theta, rotated);
  float* f = frequencies.data_ptr<float>();
  switch (r.scaling) {
    case RopeConfig::Scaling::kNone:
    case RopeConfig::Scaling::kDynamic:
      break;
    case RopeConfig::Scaling::kLinear:
      for (int64_t i = 0; i < rotated / 2; ++i) f[i] = f[i] / float(r.factor);
      break;
    case RopeConfig::Scaling::kYarn:
      scale_yarn(r, rotated, f);
      break;
    case RopeConfig::Scaling::kLlama3:
      scale_llama3(r, rotated / 2, f);
      break;
  }
  return frequencies;
}

}  // namespace hone
