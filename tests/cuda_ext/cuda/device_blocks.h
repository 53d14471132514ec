// The arrays that tests give to kernels, each with a mirror in memory that kernels reach, and the pointers in a
// launch's parameters: parameters are plain structs, so every aligned word of theirs is looked at, and a pointer
// into an array becomes one into its mirror.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

namespace hone::test_device {

/// Where mirrors lie, and whether a pointer to memory without one is an error: only where parameters have zeros
/// between their fields, since what is left there can look like a pointer.
struct MirrorMemory {
  void* (*allocate)(size_t bytes);
  void (*release)(void* mirror);
  void (*copy_to)(void* mirror, const void* array, size_t bytes);
  void (*copy_from)(void* array, const void* mirror, size_t bytes);
  bool refuse_other_memory = false;
};

class Blocks {
 public:
  explicit Blocks(const MirrorMemory& memory) : memory_(memory) {}
  /// Host memory, aligned to 64 bytes; the end of one block is nobody's beginning.
  void* allocate(size_t bytes);
  void release(void* memory);

  /// Replaces, in a copy of a parameter, each pointer into a block (or to its end) by one into its mirror, which
  /// then holds what the block holds. A refused pointer throws std::logic_error.
  void translate(void* parameter, size_t bytes);
  /// After the launch: what the mirrors hold that translate() named since the last time.
  void copy_back();

 private:
  struct Block {
    size_t bytes = 0;
    void* mirror = nullptr;  // made at the first launch that names the block
  };

  std::map<uintptr_t, Block>::iterator find(uintptr_t word);

  MirrorMemory memory_;
  std::map<uintptr_t, Block> blocks_;  // by address
  std::set<uintptr_t> named_;
};

}  // namespace hone::test_device
