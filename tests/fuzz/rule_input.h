// Cuts the bytes of a fuzzer into texts: each begins with two bytes of length, the last takes what is left.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace hone {

class FuzzTexts {
 public:
  FuzzTexts(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::string text() {
    const size_t low = byte(), high = byte() & 3u;
    const size_t length = low + 256 * high;
    return take(std::min(length, size_));
  }
  std::string rest() { return take(size_); }

 private:
  std::string take(size_t length) {
    std::string out(reinterpret_cast<const char*>(data_), length);
    data_ += length;
    size_ -= length;
    return out;
  }
  const uint8_t* data_;
  size_t size_;
};

/// A property that fails is a crash for libFuzzer.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace hone
