// The writer: headers first, then the tensors through one small buffer.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <unordered_set>

#include "core/error.h"
#include "core/files.h"
#include "model/half_float.h"
#include "model/safetensors.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
constexpr int64_t kBufferElements = 1 << 18;

uint64_t element_bytes(const std::string& dtype) {
  check_input(dtype == "F32" || dtype == "BF16" || dtype == "F16", "safetensors: dtype: got ", dtype,
              ", expected F32, BF16 or F16");
  return dtype == "F32" ? 4 : 2;
}

const std::string& dtype_of(const TensorView& tensor, const SafetensorsWriteOptions& options) {
  return tensor.dtype.empty() ? options.dtype : tensor.dtype;
}

uint64_t num_elements(const TensorView& tensor) {
  uint64_t product = 1;
  for (const int64_t size : tensor.shape) {
    check(size >= 0, "safetensors: tensor ", tensor.name, ": size ", size, " in its shape");
    product *= uint64_t(size);
  }
  return product;
}

uint64_t num_bytes(const TensorView& tensor, const SafetensorsWriteOptions& options) {
  return num_elements(tensor) * element_bytes(dtype_of(tensor, options));
}

/// Length and JSON, padded with spaces so that the data begins at a multiple of 8. Tensors appear in the
/// order given.
std::string header_of(std::span<const TensorView> tensors, const SafetensorsWriteOptions& options) {
  std::ostringstream json;
  json << "{";
  if (!options.metadata.empty()) json << "\"__metadata__\":" << Json(options.metadata).dump();
  std::unordered_set<std::string> names;
  uint64_t at = 0;
  for (const TensorView& tensor : tensors) {
    check(names.insert(tensor.name).second, "safetensors: tensor ", tensor.name, " comes twice");
    const uint64_t end = at + num_bytes(tensor, options);
    if (json.tellp() > 1) json << ",";
    json << Json(tensor.name).dump() << ":{\"dtype\":\"" << dtype_of(tensor, options)
         << "\",\"shape\":" << Json(tensor.shape).dump() << ",\"data_offsets\":[" << at << "," << end << "]}";
    at = end;
  }
  json << "}";
  std::string text = std::move(json).str();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[i] = char(uint64_t(text.size()) >> (8 * i));
  return out + text;
}

/// out[i] = value[i] as bf16 or f16. A finite value that half cannot hold is an error, not an infinity.
void narrow(const TensorView& tensor, int64_t begin, int64_t count, bool bf16, uint16_t* out) {
  const float* from = tensor.data + begin;
  for (int64_t i = 0; i < count; ++i) out[i] = bf16 ? float_to_bf16(from[i]) : float_to_f16(from[i]);
  if (bf16) return;
  for (int64_t i = 0; i < count; ++i) {
    check((out[i] & 0x7FFF) != 0x7C00 || std::isinf(from[i]), "safetensors: tensor ", tensor.name,
          ": element ", begin + i, " is ", from[i], ", which F16 cannot hold");
  }
}

template <class T>
std::string_view bytes_of(const T* data, int64_t count) {
  return {reinterpret_cast<const char*>(data), size_t(count) * sizeof(T)};
}

void write_data(AtomicFile& file, const TensorView& tensor, const std::string& dtype,
                std::vector<uint16_t>& buffer) {
  const int64_t count = int64_t(num_elements(tensor));
  if (dtype == "F32") return file.write(bytes_of(tensor.data, count));
  for (int64_t begin = 0; begin < count; begin += kBufferElements) {
    const int64_t length = std::min(kBufferElements, count - begin);
    narrow(tensor, begin, length, dtype == "BF16", buffer.data());
    file.write(bytes_of(buffer.data(), length));
  }
}

/// shards[i] is how many tensors, in order, go into file i.
std::vector<size_t> plan_shards(std::span<const TensorView> tensors, const SafetensorsWriteOptions& options) {
  std::vector<size_t> shards{0};
  uint64_t filled = 0;
  for (const TensorView& tensor : tensors) {
    const uint64_t bytes = num_bytes(tensor, options);
    if (shards.back() > 0 && filled + bytes > options.max_shard_bytes) shards.push_back(0), filled = 0;
    ++shards.back();
    filled += bytes;
  }
  return shards;
}

std::string shard_name(size_t index, size_t count) {
  char name[64];
  std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", index + 1, count);
  return name;
}

/// Removes what a reader could take for a part of the set just written.
void remove_others(const fs::path& folder, const std::set<std::string>& written) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    const bool ours = name == "model.safetensors" || name == "model.safetensors.index.json" ||
                      (name.starts_with("model-") && name.ends_with(".safetensors"));
    if (ours && !written.count(name)) fs::remove(entry.path());
  }
}

}  // namespace

void write_safetensors_file(const fs::path& path, std::span<const TensorView> tensors,
                            const SafetensorsWriteOptions& options) {
  const std::string header = header_of(tensors, options);
  std::vector<uint16_t> buffer(kBufferElements);
  AtomicFile file(path);
  file.write(header);
  for (const TensorView& tensor : tensors) write_data(file, tensor, dtype_of(tensor, options), buffer);
  file.commit();
}

void write_safetensors(const fs::path& folder, std::span<const TensorView> tensors,
                       const SafetensorsWriteOptions& options) {
  const std::vector<size_t> shards = plan_shards(tensors, options);
  if (shards.size() == 1) {
    write_safetensors_file(folder / "model.safetensors", tensors, options);
    return remove_others(folder, {"model.safetensors"});
  }
  Json weight_map = Json::object();
  uint64_t total = 0;
  std::set<std::string> written{"model.safetensors.index.json"};
  for (size_t i = 0, first = 0; i < shards.size(); first += shards[i++]) {
    const std::string name = shard_name(i, shards.size());
    const auto part = tensors.subspan(first, shards[i]);
    write_safetensors_file(folder / name, part, options);
    written.insert(name);
    for (const TensorView& tensor : part) {
      check(weight_map.emplace(tensor.name, name).second, "safetensors: tensor ", tensor.name,
            " comes twice");
      total += num_bytes(tensor, options);
    }
  }
  const Json index{{"metadata", {{"total_size", total}}}, {"weight_map", weight_map}};
  write_file_atomic(folder / "model.safetensors.index.json", index.dump(2) + "\n");
  remove_others(folder, written);
}

}  // namespace hone
