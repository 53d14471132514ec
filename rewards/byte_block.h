// Sixteen bytes of a text compared at once, for passes over long texts.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hone {

using ByteBlock = uint8_t __attribute__((vector_size(16)));

inline ByteBlock load_bytes(const char* at) {
  ByteBlock block;
  std::memcpy(&block, at, sizeof block);
  return block;
}

/// 0xFF where the byte is `c`, else 0.
inline ByteBlock equals(ByteBlock block, char c) {
  return reinterpret_cast<ByteBlock>(block == static_cast<uint8_t>(c));
}

/// The places of the bytes of a block that are 0xFF; all the others are 0.
class ByteMask {
 public:
  explicit ByteMask(ByteBlock block) { std::memcpy(words_, &block, sizeof block); }

  bool empty() const { return (words_[0] | words_[1]) == 0; }
  size_t front() const {
    return words_[0] ? static_cast<size_t>(std::countr_zero(words_[0])) / 8
                     : 8 + static_cast<size_t>(std::countr_zero(words_[1])) / 8;
  }
  size_t back() const {
    return words_[1] ? 15 - static_cast<size_t>(std::countl_zero(words_[1])) / 8
                     : 7 - static_cast<size_t>(std::countl_zero(words_[0])) / 8;
  }
  void pop_back() {
    uint64_t& word = words_[1] ? words_[1] : words_[0];
    word &= ~(uint64_t{0xFF} << ((63 - std::countl_zero(word)) & ~7));
  }
  void pop_front() {
    uint64_t& word = words_[0] ? words_[0] : words_[1];
    word &= ~(uint64_t{0xFF} << (std::countr_zero(word) & ~7));
  }

 private:
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest of a word");
  uint64_t words_[2];
};

}  // namespace hone
