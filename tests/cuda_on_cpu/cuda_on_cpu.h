// Runs CUDA kernels on a CPU for tests: what cuda_runtime.h beside it is made of, and what a test can choose.
// Blocks run one after the other; the threads of a block are fibers, of which the order picks the next to run
// whenever one waits. A thread that reads what another writes without a barrier between them reads the wrong
// thing in one order or another: tests run every kernel in several. Shared memory is new for every block,
// exactly as large as was asked for, and full of NaN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <source_location>
#include <vector>

namespace cuda_on_cpu {

struct Dim3 {
  unsigned x = 1, y = 1, z = 1;
  constexpr Dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

// ---- for tests --------------------------------------------------------------------------------------------

enum class Order {
  ascending,   // always the lowest thread that can go on: warps run far apart
  descending,  // always the highest
  shuffled,    // any, by the seed
  none         // launches are checked and recorded, and nothing runs
};

struct Launch {
  const void* kernel = nullptr;
  Dim3 grid, block;
  size_t shared = 0;      // bytes
  size_t parameters = 0;  // bytes
};

/// While it lives, kernels run in this order, and launches are recorded. One at a time.
class Device {
 public:
  explicit Device(Order order, uint32_t seed = 1);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  const std::vector<Launch>& launches() const;
};

/// While it lives, before() may change a copy of every parameter of a launch, or throw, and after() is called
/// when its kernel has run. One at a time.
class Hooks {
 public:
  Hooks(void (*before)(void* parameter, size_t bytes), void (*after)());
  ~Hooks();
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;
};

/// f() in each of the orders in which tests run kernels.
void in_every_order(const std::function<void()>& f);

// ---- for cuda_runtime.h -----------------------------------------------------------------------------------

using Site = std::source_location;

unsigned lane();
void* shared_memory();

void block_barrier(const Site& site);
void warp_barrier(unsigned mask, const Site& site);
uint64_t shuffle(unsigned mask, uint64_t value, int from_lane, const Site& site);
unsigned ballot(unsigned mask, bool predicate, const Site& site);
unsigned match(unsigned mask, uint64_t value, const Site& site);

void copy_later(void* shared, const void* global, size_t bytes);
void commit_copies();
void wait_copies(size_t groups_left);

void allow_shared(const void* kernel, size_t bytes);
void before_launch(void* parameter, size_t bytes);
void launch(const Launch& launch, const std::function<void()>& thread);

}  // namespace cuda_on_cpu
