// The header's checks. Nothing of a file is believed: lengths, offsets, shapes and dtypes must agree with
// each other and with its size.
#include <algorithm>
#include <cstring>
#include <limits>

#include "core/error.h"
#include "model/safetensors.h"
#include "model/strict_json.h"

namespace hone {
namespace {

using Json = nlohmann::json;
constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit
constexpr uint64_t kLengthBytes = 8;

/// Bits of an element, 0 if the name is unknown.
int bits_of(const std::string& dtype) {
  static const std::map<std::string, int> kBits{
      {"BOOL", 8}, {"U8", 8},   {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8},
      {"I16", 16}, {"U16", 16}, {"F16", 16}, {"BF16", 16},   {"I32", 32},    {"U32", 32},
      {"F32", 32}, {"F64", 64}, {"I64", 64}, {"U64", 64},    {"F4", 4},      {"C64", 64}};
  const auto found = kBits.find(dtype);
  return found == kBits.end() ? 0 : found->second;
}

/// Multiplies sizes; false when the product does not fit.
bool multiply(uint64_t* product, uint64_t factor) {
  return !__builtin_mul_overflow(*product, factor, product);
}

/// Reads the entry of one tensor; begin is still relative to the data.
StoredTensor parse_entry(const std::string& file, const std::string& name, const Json& entry) {
  const std::string who = concat(file, ": tensor ", Json(name).dump());
  check_input(entry.is_object(), who, ": got ", entry.type_name(), ", expected an object");
  for (const auto& [key, value] : entry.items()) {
    check_input(key == "dtype" || key == "shape" || key == "data_offsets", who, ": unknown key ",
                Json(key).dump(), ", expected dtype, shape and data_offsets");
  }
  for (const char* key : {"dtype", "shape", "data_offsets"})
    check_input(entry.contains(key), who, ": no ", key);

  StoredTensor tensor{.name = name, .dtype = "", .shape = {}};
  check_input(entry["dtype"].is_string(), who, ": dtype: got ", entry["dtype"].dump(), ", expected a string");
  tensor.dtype = entry["dtype"].get<std::string>();
  check_input(bits_of(tensor.dtype) > 0, who, ": unknown dtype ", Json(tensor.dtype).dump());
  check_input(entry["shape"].is_array(), who, ": shape: got ", entry["shape"].dump(), ", expected an array");
  uint64_t bits = bits_of(tensor.dtype);
  bool fits = true;
  for (const Json& size : entry["shape"]) {
    check_input(
        size.is_number_unsigned() && size.get<uint64_t>() <= uint64_t(std::numeric_limits<int64_t>::max()),
        who, ": shape: got ", entry["shape"].dump(), ", expected sizes >= 0");
    tensor.shape.push_back(size.get<int64_t>());
    fits = fits && multiply(&bits, size.get<uint64_t>());
  }
  check_input(fits, who, ": shape ", entry["shape"].dump(), " is too large");

  const Json& offsets = entry["data_offsets"];
  check_input(offsets.is_array() && offsets.size() == 2 && offsets[0].is_number_unsigned() &&
                  offsets[1].is_number_unsigned(),
              who, ": data_offsets: got ", offsets.dump(), ", expected [begin, end]");
  const uint64_t begin = offsets[0], end = offsets[1];
  check_input(begin <= end, who, ": data_offsets: begins at byte ", begin, " behind its end ", end);
  tensor.begin = begin;
  tensor.num_bytes = end - begin;
  check_input(bits % 8 == 0 && tensor.num_bytes == bits / 8, who, ": shape ", entry["shape"].dump(), " of ",
              tensor.dtype, " takes ", (bits + 7) / 8, " bytes, but data_offsets ", offsets.dump(), " hold ",
              tensor.num_bytes);
  return tensor;
}

std::map<std::string, std::string> parse_metadata(const std::string& file, const Json& metadata) {
  std::map<std::string, std::string> out;
  check_input(metadata.is_object(), file, ": __metadata__: got ", metadata.type_name(),
              ", expected an object");
  for (const auto& [key, value] : metadata.items()) {
    check_input(value.is_string(), file, ": __metadata__ ", Json(key).dump(), ": got ", value.type_name(),
                ", expected a string");
    out[key] = value.get<std::string>();
  }
  return out;
}

/// The tensors, sorted by bytes, must tile the data exactly.
void check_tiling(const std::string& file, const std::vector<StoredTensor>& tensors, uint64_t data_bytes) {
  uint64_t at = 0;
  for (const StoredTensor& tensor : tensors) {
    check_input(tensor.begin >= at, file, ": tensor ", Json(tensor.name).dump(), " begins at byte ",
                tensor.begin, " of the data, inside the tensor before it, which ends at byte ", at);
    check_input(tensor.begin == at, file, ": tensor ", Json(tensor.name).dump(), " begins at byte ",
                tensor.begin, " of the data, expected ", at, ": bytes between belong to no tensor");
    at = tensor.begin + tensor.num_bytes;
    check_input(at <= data_bytes, file, ": tensor ", Json(tensor.name).dump(), " ends at byte ", at,
                " of the data, which has only ", data_bytes,
                " bytes: the file is cut off or its header is wrong");
  }
  check_input(at == data_bytes, file, ": ", data_bytes - at, " bytes after byte ", at,
              " of the data belong to no tensor");
}

}  // namespace

int64_t StoredTensor::num_elements() const {
  int64_t product = 1;
  for (const int64_t size : shape) product *= size;
  return product;
}

SafetensorsHeader parse_safetensors_header(const std::string& file, std::string_view bytes) {
  check_input(bytes.size() >= kLengthBytes, file, ": ", bytes.size(),
              " bytes, too short for a safetensors file");
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | uint8_t(bytes[i]);
  check_input(length <= kMaxHeaderBytes, file, ": header of ", length, " bytes, the limit is ",
              kMaxHeaderBytes);
  check_input(length <= bytes.size() - kLengthBytes, file, ": header of ", length, " bytes, but only ",
              bytes.size() - kLengthBytes, " bytes follow byte ", kLengthBytes);
  const Json json = parse_strict_json(file + ": header", bytes.substr(kLengthBytes, length));
  check_input(json.is_object(), file, ": header: got ", json.type_name(), ", expected an object");

  SafetensorsHeader header;
  for (const auto& [name, entry] : json.items()) {
    if (name == "__metadata__") {
      header.metadata = parse_metadata(file, entry);
    } else {
      header.tensors.push_back(parse_entry(file, name, entry));
    }
  }
  std::stable_sort(header.tensors.begin(), header.tensors.end(),
                   [](const StoredTensor& a, const StoredTensor& b) {
                     return std::pair(a.begin, a.num_bytes) < std::pair(b.begin, b.num_bytes);
                   });
  const uint64_t data_begin = kLengthBytes + length;
  check_tiling(file, header.tensors, bytes.size() - data_begin);
  for (StoredTensor& tensor : header.tensors) tensor.begin += data_begin;
  return header;
}

}  // namespace hone
