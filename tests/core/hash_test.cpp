#include "core/hash.h"

#include <gtest/gtest.h>

#include <fstream>

namespace hone {
namespace {

constexpr uint64_t kSeed = 2654435761;

/// The generator of xxHash's own sanity buffer.
std::string sanity_buffer(size_t size) {
  std::string out;
  uint64_t state = kSeed;
  for (size_t i = 0; i < size; ++i, state *= 11400714785074694797ull) out += char(state >> 56);
  return out;
}

TEST(Xxh64, EqualsThePublishedVectors) {
  EXPECT_EQ(xxh64(""), 0xef46db3751d8e999u);
  EXPECT_EQ(xxh64("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(xxh64("asdf"), 0x415872f599cea71eu);
  EXPECT_EQ(xxh64("Call me Ishmael. Some years ago--never mind how long precisely-"), 0x02a2e85470d6fd96u);
}

TEST(Xxh64, EqualsTheReferenceAtEveryKindOfLength) {
  struct Vector {
    size_t size;
    uint64_t plain, seeded;
  };
  const Vector vectors[] = {
      {0, 0xef46db3751d8e999, 0xac75fda2929b17ef},  {1, 0xe934a84adb052768, 0x5014607643a9b4c3},
      {4, 0x9136a0dca57457ee, 0xcaab286bd8e9fdb5},  {8, 0xcdbcf538e71d1348, 0xfe0c047a5353cdac},
      {14, 0x8282dcc4994e35c8, 0xc3bd6bf63deb6df0}, {31, 0x299b39a290e6d783, 0xda673d5feb5c1d79},
      {32, 0x18b216492bb44b70, 0xb3f33bdf93ade409}, {33, 0x55c8dc3e578f5b59, 0xe92c292f64bc3071},
      {63, 0xa9efbe0fa0f3f4e7, 0x6c911fadb05b6fc2}, {64, 0xef558f8acac2b5cd, 0xb5eeba99264cc44f},
      {222, 0xb641ae8cb691c174, 0x20cb8ab7ae10c14a}};
  for (const Vector& v : vectors) {
    EXPECT_EQ(xxh64(sanity_buffer(v.size)), v.plain) << v.size;
    EXPECT_EQ(xxh64(sanity_buffer(v.size), kSeed), v.seeded) << v.size;
  }
}

TEST(Xxh64, DoesNotDependOnThePieces) {
  const std::string text = sanity_buffer(200);
  for (size_t a = 0; a <= 100; ++a) {
    for (size_t b = a; b <= 200; b += 7) {
      Xxh64 hash;
      hash.update(std::string_view(text).substr(0, a));
      hash.digest();
      hash.update(std::string_view(text).substr(a, b - a));
      hash.update(std::string_view(text).substr(b));
      ASSERT_EQ(hash.digest(), xxh64(text)) << a << " " << b;
    }
  }
}

TEST(Xxh64, SeesEveryBit) {
  std::string text = sanity_buffer(77);
  const uint64_t whole = xxh64(text);
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    text[bit / 8] ^= char(1 << bit % 8);
    ASSERT_NE(xxh64(text), whole) << bit;
    text[bit / 8] ^= char(1 << bit % 8);
  }
}

TEST(HashFile, EqualsTheHashOfTheBytes) {
  const std::string path = testing::TempDir() + "hash_file";
  const std::string text = sanity_buffer(1000000);
  std::ofstream(path, std::ios::binary) << text;
  const FileHash hash = hash_file(path);
  EXPECT_EQ(hash.bytes, text.size());
  EXPECT_EQ(hash.xxh64, xxh64(text));
  EXPECT_EQ(hash.problem, "");
  EXPECT_EQ(hash_file(path + "-absent").problem, "cannot be opened: No such file or directory");
  EXPECT_EQ(hash_file(testing::TempDir()).problem, "cannot be read: Is a directory");
}

TEST(ToHex, HasSixteenDigits) {
  EXPECT_EQ(to_hex(0), "0000000000000000");
  EXPECT_EQ(to_hex(0xef46db3751d8e999), "ef46db3751d8e999");
}

}  // namespace
}  // namespace hone
