#include "bench/cuda/gpu.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "bench/cuda/cublas.h"
#include "bench/cuda/fma_probe.h"
#include "core/error.h"

namespace hone::gpu {
namespace {

void check_cuda(cudaError_t status, const char* what) {
  check(status == cudaSuccess, what, ": ", cudaGetErrorString(status));
}

int attribute(cudaDeviceAttr a) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, a, 0), "cudaDeviceGetAttribute");
  return value;
}

/// Memory that is given back when it goes out of scope.
class Memory {
 public:
  explicit Memory(size_t bytes) : at_(allocate(bytes)), bytes_(bytes) {}
  ~Memory() { release(at_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  void fill(int byte) { check_cuda(cudaMemsetAsync(at_, byte, bytes_, nullptr), "cudaMemsetAsync"); }
  void* at() const { return at_; }

 private:
  void* at_;
  size_t bytes_;
};

class Event {
 public:
  Event() { check_cuda(cudaEventCreate(&event_), "cudaEventCreate"); }
  ~Event() { (void)cudaEventDestroy(event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  void record() { check_cuda(cudaEventRecord(event_, nullptr), "cudaEventRecord"); }
  /// Waits for both.
  static double us(const Event& begin, const Event& end) {
    check_cuda(cudaEventSynchronize(end.event_), "cudaEventSynchronize");
    float ms = 0;
    check_cuda(cudaEventElapsedTime(&ms, begin.event_, end.event_), "cudaEventElapsedTime");
    return double(ms) * 1e3;
  }

 private:
  cudaEvent_t event_{};
};

double copy_gb_s() {
  const size_t bytes = size_t{1} << 30;
  const Memory from(bytes), to(bytes);
  const auto copy = [&] {
    check_cuda(cudaMemcpyAsync(to.at(), from.at(), bytes, cudaMemcpyDeviceToDevice, nullptr), "copy");
  };
  return 2e-3 * double(bytes) / time(copy, 20).median;
}

double fma_tflops() {
  const int64_t blocks = int64_t{attribute(cudaDevAttrMultiProcessorCount)} * 8, rounds = 20'000;
  const Memory out(size_t(blocks) * cuda::kProbeThreads * sizeof(float));
  const auto run = [&] { cuda::fma_probe({static_cast<float*>(out.at()), rounds}, blocks, nullptr); };
  const double flops = 2.0 * double(blocks) * cuda::kProbeThreads * double(rounds) * cuda::kProbeChains;
  return 1e-6 * flops / time(run, 10).median;
}

}  // namespace

std::string why_none() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) return cudaGetErrorString(status);
  if (devices == 0) return "the driver knows no device";
  const int major = attribute(cudaDevAttrComputeCapabilityMajor);
  return major >= 8 ? "" : concat("compute capability ", major, ".x, the kernels need 8.0");
}

Json describe() {
  cudaDeviceProp p{};
  check_cuda(cudaGetDeviceProperties(&p, 0), "cudaGetDeviceProperties");
  int driver = 0, runtime = 0;
  check_cuda(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  check_cuda(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  return {{"name", p.name},
          {"compute_capability", concat(p.major, ".", p.minor)},
          {"multiprocessors", p.multiProcessorCount},
          {"memory_bytes", p.totalGlobalMem},
          {"l2_bytes", p.l2CacheSize},
          {"max_clock_mhz", attribute(cudaDevAttrClockRate) / 1000},
          {"max_memory_clock_mhz", attribute(cudaDevAttrMemoryClockRate) / 1000},
          {"cuda_of_driver", driver},
          {"cuda_runtime", runtime}};
}

void* allocate(size_t bytes) {
  void* memory = nullptr;
  check_cuda(cudaMalloc(&memory, bytes), "cudaMalloc");
  return memory;
}
void release(void* memory) { (void)cudaFree(memory); }
void write(void* to_gpu, const void* from, size_t bytes) {
  check_cuda(cudaMemcpy(to_gpu, from, bytes, cudaMemcpyHostToDevice), "copy to the GPU");
}
void read(void* to, const void* from_gpu, size_t bytes) {
  check_cuda(cudaMemcpy(to, from_gpu, bytes, cudaMemcpyDeviceToHost), "copy from the GPU");
}

Timing time(const std::function<void()>& run, int min_reps) {
  static Memory& elsewhere = *new Memory(size_t(std::max(attribute(cudaDevAttrL2CacheSize), 1 << 20)) * 2);
  constexpr double kBudget = 200e3;  // us for all repetitions
  Event begin, end;
  const auto once = [&] {
    elsewhere.fill(1);
    begin.record();
    run();
    end.record();
    return Event::us(begin, end);
  };
  double warm = 0;
  for (int i = 0; i < 3; ++i) warm = once();
  const int reps = std::clamp(int(kBudget / std::max(warm, 1.0)), min_reps, 200);
  std::vector<double> us;
  for (int i = 0; i < reps; ++i) us.push_back(once());
  std::sort(us.begin(), us.end());
  const auto at = [&](double q) { return us[size_t(q * double(us.size() - 1) + 0.5)]; };
  return {.median = at(0.5), .p10 = at(0.1), .p90 = at(0.9), .reps = reps};
}

Limits measure_limits() {
  Limits limits{.copy_gb_s = copy_gb_s(), .f32_tflops = fma_tflops()};
  if (const std::unique_ptr<Cublas> cublas = Cublas::open()) {
    limits.sgemm_tflops = cublas->tflops(Cublas::Type::f32, 4096);
    limits.bf16_tflops = cublas->tflops(Cublas::Type::bf16, 8192);
  }
  return limits;
}

}  // namespace hone::gpu
