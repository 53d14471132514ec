// XXH64 (Yann Collet, "xxHash fast digest algorithm", specification 0.1.1): the checksum of checkpoints. Not
// cryptographic.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hone {

/// The hash of bytes that come in pieces; the pieces' borders do not matter.
class Xxh64 {
 public:
  explicit Xxh64(uint64_t seed = 0);
  void update(std::string_view bytes);
  uint64_t digest() const;  // of everything so far; more may follow

 private:
  uint64_t seed_;
  std::array<uint64_t, 4> lanes_;
  std::array<char, 32> rest_{};  // the bytes that do not fill a stripe yet
  uint64_t length_ = 0;
};

uint64_t xxh64(std::string_view bytes, uint64_t seed = 0);

/// Of a file's bytes, and how many they are.
struct FileHash {
  uint64_t bytes = 0, xxh64 = 0;
  std::string problem;  // why it could not be read, or ""
};
FileHash hash_file(const std::filesystem::path& path);

/// Sixteen hexadecimal digits.
std::string to_hex(uint64_t value);

}  // namespace hone
