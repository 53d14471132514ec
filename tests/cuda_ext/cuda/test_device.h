// What kernel tests need of the machine that their kernels run on: memory that kernels reach, the orders of
// threads to try, the seed of the inputs. The same tests are built twice: with tests/cuda_on_cpu (a CPU stands
// in for a GPU, every array is host memory) and with tests/cuda_on_gpu (a real device; each array has a mirror
// there, copied before and after a launch).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace hone::test_device {

/// Memory that a launch may name. Anything else that a kernel is given a pointer to (a std::vector, a local
/// variable) would be out of a GPU's reach, and is an error on a CPU, too.
void* allocate(size_t bytes);
void release(void* memory);

/// f() in each of the orders in which threads are tried: several on a CPU, the device's own on a GPU.
void in_every_order(const std::function<void()>& f);
/// f() in one order.
void in_one_order(const std::function<void()>& f);

/// Mixed into the seed of every random input: 0 on a CPU; fresh in every run on a GPU, unless HONE_TEST_SEED is
/// set to the number that a run printed.
uint32_t seed();

/// Whether the hardware decides what is left open: inside of a tensor core's step.
bool is_gpu();

template <class T>
struct Memory {
  using value_type = T;
  Memory() = default;
  template <class U>
  Memory(const Memory<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(test_device::allocate(n * sizeof(T))); }
  void deallocate(T* p, size_t) { release(p); }
  friend bool operator==(const Memory&, const Memory&) { return true; }
};

}  // namespace hone::test_device

namespace hone {

/// An array that kernels can be given.
template <class T>
using Array = std::vector<T, test_device::Memory<T>>;

}  // namespace hone
