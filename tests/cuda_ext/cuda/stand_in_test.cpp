// What tests/cuda_on_cpu finds: kernels with planted mistakes, each noticed in one order of threads or another,
// and the same kernels without the mistake, which pass in all of them.
#include <cuda_pipeline_primitives.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "cuda_ext/cuda/lanes.cuh"
#include "cuda_ext/cuda/launch.cuh"
#include "tests/cuda_ext/cuda/kernel_case.h"
#include "tests/cuda_on_cpu/cuda_on_cpu.h"

namespace hone {
namespace {

using cuda::launch;
using cuda::shared_memory;

constexpr unsigned kThreads = 64;
struct Array {
  float v[kThreads];
};
constexpr int64_t kShared = sizeof(Array);

/// In how many of the orders the kernel turns the array round as it should.
int orders_that_turn_round(const std::function<void(const float* x, float* y)>& run) {
  int right = 0;
  cuda_on_cpu::in_every_order([&] {
    const Floats x = normal_floats(kThreads, 1);
    Floats y(kThreads, NAN);
    run(x.data(), y.data());
    right += same_bits(y, Floats(x.rbegin(), x.rend()));
  });
  return right;
}

void turn_round(const float* x, float* y, bool barrier) {
  float* shared = shared_memory<Array>().v;
  shared[threadIdx.x] = x[threadIdx.x];
  if (barrier) __syncthreads();
  y[threadIdx.x] = shared[kThreads - 1 - threadIdx.x];
}

TEST(CudaOnCpu, AMissingBlockBarrierShows) {
  const auto run = [](bool barrier) {
    return orders_that_turn_round([=](const float* x, float* y) {
      launch(turn_round, {1, kThreads, kShared}, nullptr, x, y, barrier);
    });
  };
  EXPECT_EQ(run(true), 3);
  EXPECT_EQ(run(false), 0);
}

/// Twice in a row: the second round writes what the first still reads.
void turn_round_again(const float* x, float* y, bool barrier) {
  float* shared = shared_memory<Array>().v;
  float value = x[threadIdx.x];
  for (int round = 0; round < 3; ++round) {
    shared[threadIdx.x] = value;
    __syncthreads();
    value = shared[kThreads - 1 - threadIdx.x];
    if (barrier) __syncthreads();
  }
  y[threadIdx.x] = value;
}

TEST(CudaOnCpu, ABarrierMissingBeforeTheNextWriteShows) {
  const auto run = [](bool barrier) {
    return orders_that_turn_round([=](const float* x, float* y) {
      launch(turn_round_again, {1, kThreads, kShared}, nullptr, x, y, barrier);
    });
  };
  EXPECT_EQ(run(true), 3);
  EXPECT_LT(run(false), 3);
}

/// Within each warp.
void turn_warps_round(const float* x, float* y, bool barrier) {
  float* shared = shared_memory<Array>().v;
  const unsigned lane = threadIdx.x % 32, warp = threadIdx.x / 32 * 32;
  shared[threadIdx.x] = x[kThreads - 32 - warp + lane];
  if (barrier) __syncwarp();
  y[threadIdx.x] = shared[warp + 31 - lane];
}

TEST(CudaOnCpu, AMissingWarpBarrierShows) {
  const auto run = [](bool barrier) {
    return orders_that_turn_round([=](const float* x, float* y) {
      launch(turn_warps_round, {1, kThreads, kShared}, nullptr, x, y, barrier);
    });
  };
  EXPECT_EQ(run(true), 3);
  EXPECT_EQ(run(false), 0);
}

void copy_ahead(const float* x, float* y, bool wait) {
  float* shared = shared_memory<Array>().v;
  __pipeline_memcpy_async(shared + threadIdx.x, x + threadIdx.x, 4);
  __pipeline_commit();
  if (wait) __pipeline_wait_prior(0);
  __syncthreads();
  y[threadIdx.x] = shared[kThreads - 1 - threadIdx.x];
  __pipeline_wait_prior(0);
}

TEST(CudaOnCpu, AnAsynchronousCopyThatIsNotWaitedForShows) {
  const auto run = [](bool wait) {
    return orders_that_turn_round([=](const float* x, float* y) {
      launch(copy_ahead, {1, kThreads, kShared}, nullptr, x, y, wait);
    });
  };
  EXPECT_EQ(run(true), 3);
  EXPECT_EQ(run(false), 0);
}

/// The message of what running f in one order throws, or nothing.
std::string error_of(const std::function<void()>& f) {
  try {
    const cuda_on_cpu::Device device(cuda_on_cpu::Order::ascending);
    f();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "";
}

void expect_error(const std::function<void()>& f, const std::string& part) {
  EXPECT_NE(error_of(f).find(part), std::string::npos) << error_of(f);
}

void divergent_barrier(int kind) {
  if (kind == 1 && threadIdx.x == 5) {
    __syncthreads();
    return;
  }
  if (kind == 2 && threadIdx.x == 5) return;
  __syncthreads();
}

TEST(CudaOnCpu, ABarrierThatNotAllThreadsReachIsAnError) {
  const auto run = [](int kind) { return [=] { launch(divergent_barrier, {1, kThreads}, nullptr, kind); }; };
  EXPECT_EQ(error_of(run(0)), "");
  expect_error(run(1), "divergent barrier");
  expect_error(run(2), "no thread can go on; 1 of 64 threads have ended");
}

void shuffle_badly(int kind, float* y) {
  const unsigned lane = threadIdx.x % 32;
  float x = float(lane);
  if (kind == 0) x = __shfl_xor_sync(0xFFFFFFFFu, x, 8);
  if (kind == 1) x = __shfl_sync(0xFFFFu << (threadIdx.x & 16), x, 3);  // lane 3 is not in the upper mask
  if (kind == 2 && lane < 16) x = __shfl_xor_sync(0xFFFFFFFFu, x, 8);   // the upper lanes are elsewhere
  if (kind == 3) x = __shfl_sync(lane < 16 ? 0xFFFF0000u : 0xFFFFu, x, 3);
  y[threadIdx.x] = x;
}

TEST(CudaOnCpu, AShuffleOfLanesThatAreNotThereIsAnError) {
  Floats y(kThreads);
  const auto run = [&](int kind) {
    return [&y, kind] { launch(shuffle_badly, {1, kThreads}, nullptr, kind, y.data()); };
  };
  EXPECT_EQ(error_of(run(0)), "");
  EXPECT_EQ(y[3], 11.0f);
  expect_error(run(1), "reads lane 3, which is not in its mask");
  expect_error(run(2), "for lanes ffffffff");
  expect_error(run(3), "a mask that it is not in");
}

void warp_functions(int* up, int* down, unsigned* ballot, unsigned* match) {
  const int lane = int(threadIdx.x);
  up[lane] = __shfl_up_sync(0xFFFFFFFFu, lane, 3, 16);
  down[lane] = __shfl_down_sync(0xFFFFFFFFu, lane, 3, 16);
  ballot[lane] = __ballot_sync(0xFFFFFFFFu, lane % 3 == 0);
  match[lane] = __match_any_sync(0xFFFFFFFFu, lane / 20);
}

TEST(CudaOnCpu, WarpFunctionsDoWhatCudaSays) {
  cuda_on_cpu::in_every_order([] {
    int up[32], down[32];
    unsigned ballot[32], match[32];
    launch(warp_functions, {1, 32}, nullptr, static_cast<int*>(up), static_cast<int*>(down),
           static_cast<unsigned*>(ballot), static_cast<unsigned*>(match));
    EXPECT_EQ(up[2], 2);
    EXPECT_EQ(up[18], 18);
    EXPECT_EQ(up[19], 16);
    EXPECT_EQ(down[13], 13);
    EXPECT_EQ(down[12], 15);
    EXPECT_EQ(ballot[7], 0x49249249u);
    EXPECT_EQ(match[19], 0x000FFFFFu);
    EXPECT_EQ(match[20], 0xFFF00000u);
  });
}

void sums_of_half_warps(const float* x, float* y, int steps) {
  const cuda::HalfWarp half;
  float sum = x[threadIdx.x];
  if (steps == 4)
    sum = cuda::tree_sum(sum, half);
  else  // planted: the tree from the other end
    for (int step = 1; step <= 8; step *= 2) sum = sum + __shfl_xor_sync(half.mask, sum, step);
  y[threadIdx.x] = sum;
}

TEST(CudaOnCpu, ATreeInAnotherOrderShows) {
  const Floats x = normal_floats(kThreads, 1);
  Floats wanted(kThreads), y(kThreads);
  for (unsigned i = 0; i < kThreads; ++i) {
    float v[16];
    std::copy_n(x.begin() + i / 16 * 16, 16, v);
    for (int step = 8; step > 0; step /= 2)
      for (int j = 0; j < step; ++j) v[j] = v[j] + v[j + step];
    wanted[i] = v[0];
  }
  cuda_on_cpu::in_every_order([&] {
    launch(sums_of_half_warps, {1, kThreads}, nullptr, x.data(), y.data(), 4);
    EXPECT_TRUE(same_bits(y, wanted));
    launch(sums_of_half_warps, {1, kThreads}, nullptr, x.data(), y.data(), 0);
    EXPECT_FALSE(same_bits(y, wanted));
  });
}

TEST(CudaOnCpu, LaunchesBeyondADevicesLimitsAreErrors) {
  const auto with = [](cuda::Geometry g) { return [=] { launch(divergent_barrier, g, nullptr, 0); }; };
  EXPECT_EQ(error_of(with({1, 32, 227 * 1024})), "");
  expect_error(with({1, 32, 227 * 1024 + 4}), "a device has 232448");
  expect_error(with({1, 1056}), "1056 threads a block");
}

struct Overrun {
  float inside[16], behind[16];
};

/// Reads or writes one number too far, of one kind of memory.
void overrun(int kind, float* global, int one_too_far) {
  Overrun& shared = shared_memory<Overrun>();
  if (kind == 0) global[one_too_far] = 1.0f;
  if (kind == 1) (&shared.inside[0])[2 * one_too_far] = 1.0f;
  if (kind == 2) shared.inside[one_too_far] = 1.0f;
}

TEST(CudaOnCpuDeathTest, WhatLiesBeyondAnArrayIsNotTouched) {
  const auto run = [](int kind, int index) {
    const cuda_on_cpu::Device device(cuda_on_cpu::Order::ascending);
    Floats global(16);
    launch(overrun, {1, 1, sizeof(Overrun)}, nullptr, kind, global.data(), index);
  };
  for (int kind = 0; kind < 3; ++kind) run(kind, 15);
  EXPECT_DEATH(run(0, 16), "heap-buffer-overflow");
  EXPECT_DEATH(run(1, 16), "heap-buffer-overflow");
  EXPECT_DEATH(run(2, 16), "index 16 out of bounds");
}

TEST(CudaOnCpu, SharedMemoryBeginsAsNaN) {
  cuda_on_cpu::in_every_order([] {
    Floats y(kThreads, 0.0f);
    launch(
        +[](float* out) { out[threadIdx.x] = shared_memory<Array>().v[threadIdx.x]; }, {1, kThreads, kShared},
        nullptr, y.data());
    for (const float v : y) EXPECT_TRUE(std::isnan(v));
  });
}

}  // namespace
}  // namespace hone
