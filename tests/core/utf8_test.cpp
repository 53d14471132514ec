#include "core/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace hone {
namespace {

std::string encoded(uint32_t code) {
  std::string out;
  if (code < 0x80) return std::string(1, char(code));
  if (code < 0x800) {
    out = {char(0xC0 | code >> 6)};
  } else if (code < 0x10000) {
    out = {char(0xE0 | code >> 12), char(0x80 | (code >> 6 & 63))};
  } else {
    out = {char(0xF0 | code >> 18), char(0x80 | (code >> 12 & 63)), char(0x80 | (code >> 6 & 63))};
  }
  return out + char(0x80 | (code & 63));
}

TEST(Utf8, AcceptsEveryScalarValueAndNoSurrogate) {
  for (uint32_t code = 0; code <= 0x110000; ++code) {
    const bool scalar = code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
    ASSERT_EQ(!first_invalid_utf8(encoded(code)), scalar) << std::hex << code;
  }
}

TEST(Utf8, RejectsEveryPairThatIsNotASequence) {
  for (int a = 0x80; a < 0x100; ++a) {
    for (int b = 0; b < 0x100; ++b) {
      const bool pair = a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF;
      const std::string text{char(a), char(b)};
      ASSERT_EQ(first_invalid_utf8(text), pair ? std::nullopt : std::optional<size_t>(0)) << a << " " << b;
    }
  }
}

TEST(Utf8, PointsAtTheFirstBadByteWhereverItIs) {
  for (size_t length = 1; length < 40; ++length) {
    for (size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      text[at] = '\xff';
      ASSERT_EQ(first_invalid_utf8(text), at);
      text.replace(at, 1, "\xf0\x9f\x98\x80");
      ASSERT_EQ(first_invalid_utf8(text), std::nullopt);
      ASSERT_EQ(first_invalid_utf8(text.substr(0, at + 3)), at) << "cut off";
    }
  }
}

TEST(Utf8, RejectsOverlongForms) {
  for (const char* text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf"}) {
    EXPECT_EQ(first_invalid_utf8(text), 0u) << text;
  }
}

}  // namespace
}  // namespace hone
