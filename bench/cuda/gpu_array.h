// An array on the host and on the GPU at once: inputs are the same on both, a kernel writes the one, the CPU's
// kernel the other, and then they are compared.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "bench/cuda/gpu.h"
#include "core/error.h"

namespace hone::gpu {

enum class Side { cpu, gpu };

template <class T>
class GpuArray {
 public:
  explicit GpuArray(std::vector<T> values)
      : host_(std::move(values)), gpu_(static_cast<T*>(allocate(std::max<size_t>(bytes(), 1)))) {
    write(gpu_, host_.data(), bytes());
  }
  GpuArray(GpuArray&& other) noexcept
      : host_(std::move(other.host_)), gpu_(std::exchange(other.gpu_, nullptr)) {}
  GpuArray(const GpuArray&) = delete;
  GpuArray& operator=(const GpuArray&) = delete;
  ~GpuArray() {
    if (gpu_) release(gpu_);
  }

  T* at(Side side) { return side == Side::cpu ? host_.data() : gpu_; }
  size_t bytes() const { return host_.size() * sizeof(T); }

  /// The first n elements have the same bits on both sides.
  void expect_same(int64_t n, const char* name) const {
    std::vector<T> got(static_cast<size_t>(n));
    read(got.data(), gpu_, got.size() * sizeof(T));
    for (size_t i = 0; i < got.size(); ++i)
      check(std::memcmp(&got[i], &host_[i], sizeof(T)) == 0, name, ": element ", i, " of ", n,
            " has other bits on the GPU than on the CPU");
  }

  /// The first of them differ from the host's by no more than their bounds.
  void expect_within(const std::vector<T>& bounds, const char* name) const {
    std::vector<T> got(bounds.size());
    read(got.data(), gpu_, got.size() * sizeof(T));
    for (size_t i = 0; i < got.size(); ++i)
      check(std::abs(got[i] - host_[i]) <= bounds[i], name, ": element ", i, " of ", got.size(), ": ", got[i],
            " on the GPU, ", host_[i], " on the CPU, expected a difference of at most ", bounds[i]);
  }

 private:
  std::vector<T> host_;
  T* gpu_;
};

using Floats = GpuArray<float>;
using Ints = GpuArray<int32_t>;

/// Well mixed bits of (seed, i).
inline uint32_t mixed_bits(uint32_t seed, size_t i) {
  uint64_t x = (uint64_t{seed} << 40) + i + 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return uint32_t(x >> 32);
}

/// n numbers of [-scale, scale).
inline Floats uniform(int64_t n, uint32_t seed, float scale = 1) {
  std::vector<float> x(static_cast<size_t>(n));
  for (size_t i = 0; i < x.size(); ++i) x[i] = float(int32_t(mixed_bits(seed, i))) * 0x1p-31f * scale;
  return Floats(std::move(x));
}
inline Floats filled(int64_t n, float value) { return Floats(std::vector<float>(size_t(n), value)); }

/// n numbers of [0, limit).
inline Ints random_ints(int64_t n, int64_t limit, uint32_t seed) {
  std::vector<int32_t> x(static_cast<size_t>(n));
  for (size_t i = 0; i < x.size(); ++i) x[i] = int32_t(mixed_bits(seed, i) % uint64_t(limit));
  return Ints(std::move(x));
}

}  // namespace hone::gpu
