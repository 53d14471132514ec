// The vendor's matrix product as a measure, loaded where it can be found (LD_LIBRARY_PATH, or beside torch): nothing
// of ours needs it.
#pragma once

#include <cstdint>
#include <memory>

namespace hone::gpu {

class Cublas {
 public:
  /// Null if libcublas.so.13 (or .12) is not to be had.
  static std::unique_ptr<Cublas> open();
  virtual ~Cublas() = default;

  enum class Type { f32, bf16 };  // f32: without TF32; bf16: sums in float32
  /// Of n^3 on random numbers.
  virtual double tflops(Type type, int n) = 0;
};

}  // namespace hone::gpu
