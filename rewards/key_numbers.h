// Numbers 64-bit keys in the order in which they first come: an open-addressed table, several times as fast as std::unordered_map.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hone {

class KeyNumbers {
 public:
  static constexpr uint32_t kUnknown = 0xFFFFFFFF;

  explicit KeyNumbers(size_t expected = 8) : slots_(std::bit_ceil(2 * expected + 2)) {}

  /// The key's number, the next one if it is new. Fewer than 2^32 - 1 keys.
  uint32_t number(uint64_t key) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[place(key)];
    if (slot.number == kUnknown) slot = {key, size_++};
    return slot.number;
  }
  uint32_t find(uint64_t key) const { return slots_[place(key)].number; }  // kUnknown if it is not there
  size_t size() const { return size_; }

 private:
  struct Slot {
    uint64_t key = 0;
    uint32_t number = kUnknown;
  };

  size_t place(uint64_t key) const {
    uint64_t hash = (key ^ key >> 33) * 0xFF51AFD7ED558CCDull;  // MurmurHash3's finalizer
    hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53ull;
    size_t i = (hash ^ hash >> 33) & (slots_.size() - 1);
    while (slots_[i].number != kUnknown && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number != kUnknown) slots_[place(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, half of them free
  uint32_t size_ = 0;
};

}  // namespace hone
