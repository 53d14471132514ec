// XXH64 as its specification lists the steps; the numbers of the steps are the specification's.
#include "core/hash.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "core/error.h"

namespace hone {
namespace {

constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87, kPrime2 = 0xC2B2AE3D27D4EB4F, kPrime3 = 0x165667B19E3779F9,
                   kPrime4 = 0x85EBCA77C2B2AE63, kPrime5 = 0x27D4EB2F165667C5;
constexpr size_t kStripe = 32;

static_assert(std::endian::native == std::endian::little, "XXH64 reads little-endian words");

template <class Word>
uint64_t word_at(const char* p) {
  Word word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

uint64_t round(uint64_t lane, uint64_t input) { return std::rotl(lane + input * kPrime2, 31) * kPrime1; }

uint64_t merge(uint64_t hash, uint64_t lane) { return (hash ^ round(0, lane)) * kPrime1 + kPrime4; }

/// Step 2: whole stripes.
void consume(std::array<uint64_t, 4>& lanes, const char* p, size_t stripes) {
  auto [a, b, c, d] = lanes;
  for (; stripes > 0; --stripes, p += kStripe) {
    a = round(a, word_at<uint64_t>(p));
    b = round(b, word_at<uint64_t>(p + 8));
    c = round(c, word_at<uint64_t>(p + 16));
    d = round(d, word_at<uint64_t>(p + 24));
  }
  lanes = {a, b, c, d};
}

}  // namespace

Xxh64::Xxh64(uint64_t seed)
    : seed_(seed), lanes_{seed + kPrime1 + kPrime2, seed + kPrime2, seed, seed - kPrime1} {}

void Xxh64::update(std::string_view bytes) {
  const size_t held = length_ % kStripe;
  length_ += bytes.size();
  if (held > 0) {
    const size_t taken = std::min(kStripe - held, bytes.size());
    std::copy_n(bytes.data(), taken, rest_.data() + held);
    bytes.remove_prefix(taken);
    if (held + taken < kStripe) return;
    consume(lanes_, rest_.data(), 1);
  }
  consume(lanes_, bytes.data(), bytes.size() / kStripe);
  bytes.remove_prefix(bytes.size() / kStripe * kStripe);
  std::copy_n(bytes.data(), bytes.size(), rest_.data());
}

uint64_t Xxh64::digest() const {
  uint64_t hash = seed_ + kPrime5;  // steps 1 and 3: what a short input starts from, or the lanes together
  if (length_ >= kStripe) {
    hash = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
           std::rotl(lanes_[3], 18);
    for (uint64_t lane : lanes_) hash = merge(hash, lane);
  }
  hash += length_;  // step 4
  const char* p = rest_.data();
  size_t left = length_ % kStripe;  // step 5
  for (; left >= 8; left -= 8, p += 8) {
    hash = std::rotl(hash ^ round(0, word_at<uint64_t>(p)), 27) * kPrime1 + kPrime4;
  }
  if (left >= 4) {
    hash = std::rotl(hash ^ word_at<uint32_t>(p) * kPrime1, 23) * kPrime2 + kPrime3;
    left -= 4, p += 4;
  }
  for (; left > 0; --left, ++p) hash = std::rotl(hash ^ word_at<uint8_t>(p) * kPrime5, 11) * kPrime1;
  hash = (hash ^ (hash >> 33)) * kPrime2;  // step 6
  hash = (hash ^ (hash >> 29)) * kPrime3;
  return hash ^ (hash >> 32);
}

uint64_t xxh64(std::string_view bytes, uint64_t seed) {
  Xxh64 hash(seed);
  hash.update(bytes);
  return hash.digest();
}

FileHash hash_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return {.problem = concat("cannot be opened: ", std::strerror(errno))};
  std::vector<char> buffer(1 << 18);
  Xxh64 hash;
  FileHash out;
  for (size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0;
       out.bytes += count) {
    hash.update({buffer.data(), count});
  }
  if (std::ferror(file.get())) out.problem = concat("cannot be read: ", std::strerror(errno));
  out.xxh64 = hash.digest();
  return out;
}

std::string to_hex(uint64_t value) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value));
  return digits;
}

}  // namespace hone
