// Four fields of two messages do not need a protocol buffer library.
#include "rl/tensorboard.h"

#include <array>
#include <bit>
#include <cstring>

namespace hone {
namespace {

enum WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

static_assert(std::endian::native == std::endian::little, "records are little-endian");

template <class T>
std::string raw(T value) {
  std::string out(sizeof value, '\0');
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}

std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += char(value | 0x80);
  return out += char(value);
}

std::string tag(int field, WireType type) { return varint(uint64_t(field) << 3 | type); }

std::string bytes_field(int field, std::string_view bytes) {
  return (tag(field, kBytes) + varint(bytes.size())).append(bytes);
}

std::string record(std::string_view event) {
  const std::string length = raw(uint64_t{event.size()});
  return (length + raw(masked_crc32c(length))).append(event) + raw(masked_crc32c(event));
}

constexpr std::array<uint32_t, 256> make_crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
    table[i] = crc;
  }
  return table;
}

}  // namespace

uint32_t masked_crc32c(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = make_crc_table();
  uint32_t crc = ~0u;
  for (unsigned char byte : bytes) crc = kTable[(crc ^ byte) & 0xFF] ^ crc >> 8;
  return std::rotr(~crc, 15) + 0xA282EAD8u;
}

std::string event_file_header(double wall_time) {
  return record(tag(1, kFixed64) + raw(wall_time) + bytes_field(3, "brain.Event:2"));
}

std::string scalar_record(double wall_time, int64_t step,
                          const std::vector<std::pair<std::string, float>>& scalars) {
  std::string summary;
  for (const auto& [name, value] : scalars) {
    summary += bytes_field(1, bytes_field(1, name) + tag(2, kFixed32) + raw(value));
  }
  return record(tag(1, kFixed64) + raw(wall_time) + tag(2, kVarint) + varint(uint64_t(step)) +
                bytes_field(5, summary));
}

}  // namespace hone
