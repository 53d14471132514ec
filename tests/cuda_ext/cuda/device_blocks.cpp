#include "tests/cuda_ext/cuda/device_blocks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <sstream>
#include <stdexcept>

namespace hone::test_device {
namespace {

constexpr std::align_val_t kAlignment{64};

/// Whether the word is a pointer to memory in use. Below 2^45 nothing lies that tests have pointers to, but two
/// small numbers side by side look like addresses, and AddressSanitizer's shadow is mapped.
bool points_to_memory(uintptr_t word) {
  if (word < (uintptr_t{1} << 45) || word >= (uintptr_t{1} << 47)) return false;
  const auto page = uintptr_t(sysconf(_SC_PAGESIZE));
  unsigned char resident = 0;
  return mincore(reinterpret_cast<void*>(word / page * page), 1, &resident) == 0 && (resident & 1);
}

void refuse_host_memory(uintptr_t word, size_t at) {
  if (!points_to_memory(word)) return;
  std::ostringstream text;
  text << "test_device: a kernel is given a pointer to host memory, 0x" << std::hex << word << std::dec
       << " at byte " << at << " of its parameters, that no Array holds";
  throw std::logic_error(text.str());
}

}  // namespace

void* Blocks::allocate(size_t bytes) {
  void* memory = ::operator new(std::max<size_t>(bytes, 1), kAlignment);
  blocks_[uintptr_t(memory)] = {.bytes = bytes};
  return memory;
}

void Blocks::release(void* memory) {
  const auto at = blocks_.find(uintptr_t(memory));
  if (at->second.mirror) memory_.release(at->second.mirror);
  blocks_.erase(at);
  named_.erase(uintptr_t(memory));
  ::operator delete(memory, kAlignment);
}

void Blocks::translate(void* parameter, size_t bytes) {
  for (size_t at = 0; at + sizeof(uintptr_t) <= bytes; at += sizeof(uintptr_t)) {
    uintptr_t& word = *reinterpret_cast<uintptr_t*>(static_cast<char*>(parameter) + at);
    const auto found = find(word);
    if (found == blocks_.end()) {
      if (memory_.refuse_other_memory) refuse_host_memory(word, at);
      continue;
    }
    auto& [beginning, block] = *found;
    if (!block.mirror) block.mirror = memory_.allocate(std::max<size_t>(block.bytes, 1));
    if (named_.insert(beginning).second)
      memory_.copy_to(block.mirror, reinterpret_cast<const void*>(beginning), block.bytes);
    word = uintptr_t(block.mirror) + (word - beginning);
  }
}

void Blocks::copy_back() {
  for (const uintptr_t beginning : named_) {
    const Block& block = blocks_.at(beginning);
    memory_.copy_from(reinterpret_cast<void*>(beginning), block.mirror, block.bytes);
  }
  named_.clear();
}

std::map<uintptr_t, Blocks::Block>::iterator Blocks::find(uintptr_t word) {
  auto at = blocks_.upper_bound(word);
  if (at == blocks_.begin()) return blocks_.end();
  --at;
  return word - at->first <= at->second.bytes ? at : blocks_.end();
}

}  // namespace hone::test_device
