// test_device.h on a GPU: mirrors are device memory as large as their arrays, so that compute-sanitizer sees their
// ends. The linker sends every launch here (--wrap=cudaLaunchKernelExC): arrays are copied to their mirrors, the
// kernel runs on those, and they are copied back.
#include "tests/cuda_ext/cuda/test_device.h"

#include <cuda_runtime.h>

#include <cstring>
#include <vector>

#include "core/error.h"
#include "tests/cuda_ext/cuda/device_blocks.h"
#include "tests/cuda_on_gpu/gpu.h"

extern "C" cudaError_t __real_cudaLaunchKernelExC(const cudaLaunchConfig_t*, const void* kernel,
                                                  void** params);

namespace hone::test_device {
namespace {

void check_cuda(cudaError_t status, const char* what) {
  check(status == cudaSuccess, what, ": ", cudaGetErrorString(status));
}

void* device_allocate(size_t bytes) {
  void* mirror = nullptr;
  check_cuda(cudaMalloc(&mirror, bytes), "cudaMalloc of an array");
  return mirror;
}
void device_release(void* mirror) { (void)cudaFree(mirror); }  // fails after a kernel that failed: no loss
void copy_to_device(void* mirror, const void* array, size_t bytes) {
  check_cuda(cudaMemcpy(mirror, array, bytes, cudaMemcpyHostToDevice), "copy of an array to the device");
}
void copy_from_device(void* array, const void* mirror, size_t bytes) {
  check_cuda(cudaMemcpy(array, mirror, bytes, cudaMemcpyDeviceToHost), "copy of an array from the device");
}

Blocks& blocks() {
  static Blocks& instance = *new Blocks({.allocate = device_allocate,
                                         .release = device_release,
                                         .copy_to = copy_to_device,
                                         .copy_from = copy_from_device});  // outlives every array
  return instance;
}

/// Copies of a launch's parameters, with pointers to the device.
class Parameters {
 public:
  Parameters(const void* kernel, void** params) {
    size_t offset = 0, bytes = 0;
    cudaError_t status = cudaFuncGetParamInfo(kernel, 0, &offset, &bytes);
    check_cuda(status, "cudaFuncGetParamInfo of a kernel's first parameter");
    for (size_t i = 0; status == cudaSuccess; status = cudaFuncGetParamInfo(kernel, ++i, &offset, &bytes)) {
      copies_.emplace_back((bytes + sizeof(Word) - 1) / sizeof(Word));
      std::memcpy(copies_.back().data(), params[i], bytes);
      blocks().translate(copies_.back().data(), bytes);
    }
    (void)cudaGetLastError();  // that there is no further parameter
    for (std::vector<Word>& copy : copies_) pointers_.push_back(copy.data());
  }
  void** data() { return pointers_.data(); }

 private:
  struct alignas(16) Word {  // as aligned as any parameter is
    char bytes[16];
  };
  std::vector<std::vector<Word>> copies_;
  std::vector<void*> pointers_;
};

cudaError_t launch_on_mirrors(const cudaLaunchConfig_t* config, const void* kernel, void** params) {
  Parameters parameters(kernel, params);
  if (const cudaError_t status = __real_cudaLaunchKernelExC(config, kernel, parameters.data())) return status;
  if (const cudaError_t status = cudaDeviceSynchronize()) return status;
  blocks().copy_back();
  return cudaSuccess;
}

}  // namespace

void* allocate(size_t bytes) { return blocks().allocate(bytes); }
void release(void* memory) { blocks().release(memory); }

void in_every_order(const std::function<void()>& f) { f(); }
void in_one_order(const std::function<void()>& f) { f(); }

uint32_t seed() { return gpu_test_seed(); }
bool is_gpu() { return true; }

}  // namespace hone::test_device

extern "C" cudaError_t __wrap_cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* kernel,
                                                  void** params) {
  return hone::test_device::launch_on_mirrors(config, kernel, params);
}
