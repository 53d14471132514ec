#include "bench/cuda/cublas.h"

#include <dlfcn.h>

#include <vector>

#include "bench/cuda/gpu_array.h"
#include "core/error.h"

namespace hone::gpu {
namespace {

// cublas_api.h, library_types.h.
constexpr int kF32 = 0, kBf16 = 14, kComputeF32 = 68, kComputeF32Pedantic = 69, kNoTranspose = 0,
              kDefault = -1;
using Create = int (*)(void** handle);
using Destroy = int (*)(void* handle);
using GemmEx = int (*)(void* handle, int transa, int transb, int m, int n, int k, const void* alpha,
                       const void* a, int type_a, int lda, const void* b, int type_b, int ldb,
                       const void* beta, void* c, int type_c, int ldc, int compute, int algorithm);

class Loaded : public Cublas {
 public:
  Loaded(Create create, Destroy destroy, GemmEx gemm) : destroy_(destroy), gemm_(gemm) {
    check(create(&handle_) == 0, "cublasCreate failed");
  }
  ~Loaded() override { destroy_(handle_); }

  double tflops(Type type, int n) override {
    const size_t numbers = size_t(n) * size_t(n);
    const size_t words = type == Type::f32 ? numbers : numbers / 2;
    GpuArray<uint32_t> a(random_words(type, words, 1)), b(random_words(type, words, 2)),
        c{std::vector<uint32_t>(words)};
    const int data = type == Type::f32 ? kF32 : kBf16;
    const int compute = type == Type::f32 ? kComputeF32Pedantic : kComputeF32;
    const float one = 1, zero = 0;
    const auto at = [](GpuArray<uint32_t>& x) { return x.at(Side::gpu); };
    const auto run = [&] {
      const int status = gemm_(handle_, kNoTranspose, kNoTranspose, n, n, n, &one, at(a), data, n, at(b),
                               data, n, &zero, at(c), data, n, compute, kDefault);
      check(status == 0, "cublasGemmEx: status ", status);
    };
    return 2e-6 * double(n) * double(n) * double(n) / time(run, 20).median;
  }

 private:
  /// Numbers of [-2, -1] and [1, 2] in either type: a random sign and mantissa.
  static std::vector<uint32_t> random_words(Type type, size_t words, uint32_t seed) {
    std::vector<uint32_t> x(words);
    for (size_t i = 0; i < words; ++i) {
      const uint32_t bits = mixed_bits(seed, i);
      x[i] = type == Type::f32 ? (bits & 0x807F'FFFF) | 0x3F80'0000 : (bits & 0x807F'807F) | 0x3F80'3F80;
    }
    return x;
  }

  Destroy destroy_;
  GemmEx gemm_;
  void* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<Cublas> Cublas::open() {
  for (const char* name : {"libcublas.so.13", "libcublas.so.12"}) {
    void* library = dlopen(name, RTLD_NOW);  // stays open
    if (!library) continue;
    const auto create = reinterpret_cast<Create>(dlsym(library, "cublasCreate_v2"));
    const auto destroy = reinterpret_cast<Destroy>(dlsym(library, "cublasDestroy_v2"));
    const auto gemm = reinterpret_cast<GemmEx>(dlsym(library, "cublasGemmEx"));
    if (create && destroy && gemm) return std::make_unique<Loaded>(create, destroy, gemm);
  }
  return nullptr;
}

}  // namespace hone::gpu
