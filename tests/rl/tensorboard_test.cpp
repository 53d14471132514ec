#include "rl/tensorboard.h"

#include <gtest/gtest.h>

#include <cstring>

namespace hone {
namespace {

template <class T>
T at(const std::string& bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

TEST(MaskedCrc32c, EqualsThePublishedVectors) {
  // RFC 3720 B.4, before masking.
  const auto masked = [](uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; };
  EXPECT_EQ(masked_crc32c(std::string(32, '\0')), masked(0x8A9136AA));
  EXPECT_EQ(masked_crc32c(std::string(32, '\xff')), masked(0x62A8AB43));
  EXPECT_EQ(masked_crc32c("123456789"), masked(0xE3069283));
}

TEST(EventFile, BeginsAsTensorBoardExpects) {
  const std::string header = event_file_header(1.5);
  EXPECT_EQ(at<uint64_t>(header, 0), header.size() - 16);
  EXPECT_EQ(at<uint32_t>(header, 8), masked_crc32c(header.substr(0, 8)));
  EXPECT_EQ(header.substr(12, 1), "\x09") << "field 1, a double";
  EXPECT_EQ(at<double>(header, 13), 1.5);
  EXPECT_EQ(header.substr(21, 15),
            "\x1a\x0d"
            "brain.Event:2");
  EXPECT_EQ(at<uint32_t>(header, header.size() - 4), masked_crc32c(header.substr(12, header.size() - 16)));
}

TEST(EventFile, ScalarsHaveTheBytesOfTheirMessages) {
  const std::string record = scalar_record(2.0, 300, {{"a/b", 0.5f}, {"c", -1.0f}});
  const std::string event = record.substr(12, record.size() - 16);
  std::string expected = "\x09" + std::string("\0\0\0\0\0\0\0\x40", 8) + "\x10\xac\x02";
  expected += "\x2a\x16";  // the summary, 22 bytes
  expected +=
      "\x0a\x0a\x0a\x03"
      "a/b"
      "\x15" +
      std::string("\0\0\0\x3f", 4);
  expected +=
      "\x0a\x08\x0a\x01"
      "c"
      "\x15" +
      std::string("\0\0\x80\xbf", 4);
  EXPECT_EQ(event, expected);
}

TEST(EventFile, LongStepsAndManyScalarsAreVarints) {
  std::vector<std::pair<std::string, float>> many(40, {std::string(100, 'x'), 1.0f});
  const std::string record = scalar_record(0, int64_t{1} << 40, many);
  EXPECT_EQ(at<uint64_t>(record, 0), record.size() - 16);
  EXPECT_EQ(record.substr(21, 7), std::string("\x10\x80\x80\x80\x80\x80\x20", 7));
}

}  // namespace
}  // namespace hone
