#include "core/byte_size.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

TEST(ByteSize, ReadsUnitsOfBothKinds) {
  EXPECT_EQ(parse_byte_size("1000"), 1000u);
  EXPECT_EQ(parse_byte_size("7B"), 7u);
  EXPECT_EQ(parse_byte_size("5GB"), 5'000'000'000u);
  EXPECT_EQ(parse_byte_size("300mib"), 300u << 20);
  EXPECT_EQ(parse_byte_size("2TiB"), uint64_t{2} << 40);
}

TEST(ByteSize, ReadsNothingElse) {
  for (const char* text : {"", "GB", "5 GB", "-5GB", "5.5GB", "5XB", "5G", "5GIBS", "99999999999TB", "99999999999999999999"})
    EXPECT_EQ(parse_byte_size(text), std::nullopt) << text;
}

}  // namespace
}  // namespace hone
