#include "tests/cuda_on_cpu/cuda_on_cpu.h"

#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "tests/cuda_on_cpu/block.h"
#include "tests/cuda_on_cpu/cuda_runtime.h"
#include "tests/cuda_on_cpu/tensor_core.h"

dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace cuda_on_cpu {
namespace {

constexpr size_t kStaticShared = 48 * 1024, kMostShared = 227 * 1024, kMostParameters = 4096;

/// CUDA's functions know neither device nor block: what they act on has to be global.
struct State {
  Stacks stacks;
  std::unique_ptr<Block> block;
  std::map<const void*, size_t> allowed_shared;
  bool device = false;
  Order order = Order::ascending;
  std::mt19937 random;
  std::vector<Launch> launches;
  void (*before)(void* parameter, size_t bytes) = nullptr;
  void (*after)() = nullptr;
};
State& state() {
  static State instance;
  return instance;
}

Block& block() {
  if (!state().block) throw std::logic_error("cuda_on_cpu: a device function is called outside of a kernel");
  return *state().block;
}

void check(bool ok, const std::string& what) {
  if (!ok) throw std::logic_error("cuda_on_cpu: launch: " + what);
}

void check_limits(const Launch& l) {
  const auto text = [](size_t n) { return std::to_string(n); };
  check(l.block.y == 1 && l.block.z == 1, "blocks of one dimension only");
  check(l.block.x >= 1 && l.block.x <= 1024, text(l.block.x) + " threads a block, expected 1 to 1024");
  check(l.grid.x >= 1 && l.grid.x <= 0x7FFFFFFF && l.grid.y >= 1 && l.grid.y <= 65535 && l.grid.z >= 1 &&
            l.grid.z <= 65535,
        "grid of " + text(l.grid.x) + ", " + text(l.grid.y) + ", " + text(l.grid.z) + " blocks");
  const auto allowed = state().allowed_shared.find(l.kernel);
  const size_t limit = allowed == state().allowed_shared.end() ? kStaticShared : allowed->second;
  check(l.shared <= limit, text(l.shared) + " bytes of shared memory, allowed " + text(limit));
  check(l.parameters <= kMostParameters, text(l.parameters) + " bytes of parameters");
}

}  // namespace

Device::Device(Order order, uint32_t seed) {
  State& s = state();
  if (s.device) throw std::logic_error("cuda_on_cpu: one Device at a time");
  s.device = true, s.order = order, s.random.seed(seed), s.launches.clear();
}

Device::~Device() { state().device = false, state().block.reset(); }

const std::vector<Launch>& Device::launches() const { return state().launches; }

Hooks::Hooks(void (*before)(void* parameter, size_t bytes), void (*after)()) {
  state().before = before, state().after = after;
}
Hooks::~Hooks() { state().before = nullptr, state().after = nullptr; }

void in_every_order(const std::function<void()>& f) {
  for (const Order order : {Order::ascending, Order::descending, Order::shuffled}) {
    const Device device(order, 7);
    f();
  }
}

unsigned lane() { return block().thread() % 32; }
void* shared_memory() { return block().shared_memory(); }
WarpOperands& warp_operands() {
  static WarpOperands warps[32];
  return warps[block().thread() / 32];
}
void block_barrier(const Site& site) { block().barrier(site); }
void warp_barrier(unsigned mask, const Site& site) { block().warp(Block::Kind::sync, mask, 0, 0, site); }
uint64_t shuffle(unsigned mask, uint64_t value, int from_lane, const Site& site) {
  return block().warp(Block::Kind::shuffle, mask, value, from_lane, site);
}
unsigned ballot(unsigned mask, bool predicate, const Site& site) {
  return unsigned(block().warp(Block::Kind::ballot, mask, predicate, 0, site));
}
unsigned match(unsigned mask, uint64_t value, const Site& site) {
  return unsigned(block().warp(Block::Kind::match, mask, value, 0, site));
}
void copy_later(void* to, const void* from, size_t bytes) { block().copy_later(to, from, bytes); }
void commit_copies() { block().commit_copies(); }
void wait_copies(size_t groups_left) { block().wait_copies(groups_left); }

void allow_shared(const void* kernel, size_t bytes) {
  check(bytes <= kMostShared,
        std::to_string(bytes) + " bytes of shared memory, a device has " + std::to_string(kMostShared));
  state().allowed_shared[kernel] = bytes;
}

void before_launch(void* parameter, size_t bytes) {
  if (state().before) state().before(parameter, bytes);
}

void launch(const Launch& launch, const std::function<void()>& thread) {
  State& s = state();
  check(s.device, "there is no Device");
  check(!s.block, "a kernel launches a kernel, or the last one failed");
  check_limits(launch);
  s.launches.push_back(launch);
  if (s.order == Order::none) return;
  s.stacks.reserve(launch.block.x);
  s.block = std::make_unique<Block>(launch, thread, s.stacks, s.order, s.random);
  for (unsigned z = 0; z < launch.grid.z; ++z)
    for (unsigned y = 0; y < launch.grid.y; ++y)
      for (unsigned x = 0; x < launch.grid.x; ++x) s.block->run(Dim3(x, y, z));
  s.block.reset();
  if (s.after) s.after();
}

}  // namespace cuda_on_cpu
