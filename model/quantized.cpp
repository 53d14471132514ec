#include "model/quantized.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/error.h"
#include "cuda_ext/parallel.h"
#include "model/half_float.h"

namespace hone {
namespace {

constexpr int64_t kChunk = 1 << 20;  // elements that one thread copies at a time
constexpr int64_t kGroup = 32;  // numbers that share a scale in MXFP4

std::string print_shape(const std::vector<int64_t>& shape) { return Json(shape).dump(); }

bool is_float8(const SafetensorsReader& reader, const std::string& name) {
  return reader.tensor(name).dtype == "F8_E4M3";
}
bool is_mxfp4(const SafetensorsReader& reader, const std::string& name) {
  return !reader.has(name) && reader.has(name + "_blocks");
}

void check_shape(const SafetensorsReader& reader, const std::string& name,
                 const std::vector<int64_t>& shape) {
  check_input(reader.has(name), "the model has no tensor ", name, ", expected with shape ",
              print_shape(shape));
  const StoredTensor& found = reader.tensor(name);
  check_input(found.shape == shape, reader.file_of(name), ": tensor ", name, ": got shape ",
              print_shape(found.shape), ", expected ", print_shape(shape), " by config.json");
}

void check_dtype(const SafetensorsReader& reader, const std::string& name,
                 const std::vector<std::string>& allowed) {
  const std::string& dtype = reader.tensor(name).dtype;
  std::string list;
  for (const std::string& a : allowed) {
    if (a == dtype) return;
    list += (list.empty() ? "" : ", ") + a;
  }
  throw InputError(
      concat(reader.file_of(name), ": tensor ", name, ": got dtype ", dtype, ", expected ", list));
}

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Scales as floats: F32, BF16, F16 or exponents (ue8m0).
std::vector<float> read_scales(const SafetensorsReader& reader, const std::string& name) {
  const StoredTensor& t = reader.tensor(name);
  std::vector<float> scales(size_t(t.num_elements()));
  if (t.dtype != "F8_E8M0") {
    reader.copy_to_float(name, scales.data());
    return scales;
  }
  const std::string_view bytes = reader.bytes(name);
  for (size_t i = 0; i < scales.size(); ++i) scales[i] = e8m0_to_float(uint8_t(bytes[i]));
  return scales;
}

/// Chunk by chunk, each given back to the system at once: the files never take part in this process's peak.
void copy_plain(const SafetensorsReader& reader, const std::string& name, float* out) {
  const int64_t n = reader.tensor(name).num_elements();
  parallel_for((n + kChunk - 1) / kChunk, 1, [&](int64_t first, int64_t last) {
    for (int64_t chunk = first; chunk < last; ++chunk) {
      const int64_t begin = chunk * kChunk, count = std::min(kChunk, n - begin);
      reader.copy_to_float(name, begin, count, out + begin);
      reader.release(name, begin, count);
    }
  });
}

/// out[m][n] = value * scale of its block.
void copy_float8(const SafetensorsReader& reader, const std::string& name, int64_t rows, int64_t columns,
                 const QuantizationConfig& q, float* out) {
  static const std::array<float, 256> kValues = [] {
    std::array<float, 256> v{};
    for (int i = 0; i < 256; ++i) v[size_t(i)] = f8_e4m3_to_float(uint8_t(i));
    return v;
  }();
  const std::vector<float> scales = read_scales(reader, name + "_scale_inv");
  const auto* from = reinterpret_cast<const uint8_t*>(reader.bytes(name).data());
  const int64_t blocks = ceil_div(columns, q.block_columns);
  parallel_for(rows, 16, [&](int64_t begin, int64_t end) {
    for (int64_t m = begin; m < end; ++m) {
      const float* scale = scales.data() + m / q.block_rows * blocks;
      for (int64_t n = 0; n < columns; ++n)
        out[m * columns + n] = kValues[from[m * columns + n]] * scale[n / q.block_columns];
    }
  });
}

/// blocks [E, N, K / 32, 16] bytes of two numbers, the low half first; scales [E, N, K / 32] exponents; out
/// [E, K, N].
void copy_mxfp4(const SafetensorsReader& reader, const std::string& name, const std::vector<int64_t>& shape,
                float* out) {
  static constexpr float kValues[16] = {0,     0.5f,  1,  1.5f,  2,  3,  4,  6,
                                        -0.0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};
  const int64_t K = shape[1], N = shape[2], groups = K / kGroup;
  const auto* blocks = reinterpret_cast<const uint8_t*>(reader.bytes(name + "_blocks").data());
  const auto* scales = reinterpret_cast<const uint8_t*>(reader.bytes(name + "_scales").data());
  parallel_for(shape[0] * groups, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t e = i / groups, g = i % groups;
      float* to = out + (e * K + g * kGroup) * N;  // 32 rows of the output
      for (int64_t n = 0; n < N; ++n) {
        const int64_t at = (e * N + n) * groups + g;
        const float scale = e8m0_to_float(scales[at]);
        for (int64_t k = 0; k < kGroup; k += 2) {
          const uint8_t pair = blocks[at * (kGroup / 2) + k / 2];
          to[k * N + n] = kValues[pair & 15] * scale;
          to[(k + 1) * N + n] = kValues[pair >> 4] * scale;
        }
      }
    }
  });
}

}  // namespace

std::vector<std::string> stored_parts(const SafetensorsReader& reader, const std::string& name) {
  if (is_mxfp4(reader, name)) return {name + "_blocks", name + "_scales"};
  if (!reader.has(name)) return {};
  if (is_float8(reader, name)) return {name, name + "_scale_inv"};
  return {name};
}

void check_parts(const SafetensorsReader& reader, const std::string& name, const std::vector<int64_t>& shape,
                 const QuantizationConfig& q) {
  using Kind = QuantizationConfig::Kind;
  if (is_mxfp4(reader, name)) {
    check_input(q.kind == Kind::kMxfp4 && shape.size() == 3 && shape[1] % kGroup == 0,
                reader.file_of(name + "_blocks"), ": tensor ", name,
                "_blocks: MXFP4 needs quantization_config with quant_method mxfp4 and ",
                "experts whose input is a multiple of 32, got shape ", print_shape(shape));
    const int64_t E = shape[0], N = shape[2], groups = shape[1] / kGroup;
    check_shape(reader, name + "_blocks", {E, N, groups, kGroup / 2});
    check_shape(reader, name + "_scales", {E, N, groups});
    check_dtype(reader, name + "_blocks", {"U8"});
    return check_dtype(reader, name + "_scales", {"U8", "F8_E8M0"});
  }
  check_shape(reader, name, shape);
  if (!is_float8(reader, name)) return check_dtype(reader, name, {"F32", "BF16", "F16", "F8_E4M3"});
  check_input(q.kind == Kind::kFloat8 && shape.size() == 2, reader.file_of(name), ": tensor ", name,
              ": float8 needs quantization_config with quant_method fp8 and a matrix, got shape ",
              print_shape(shape));
  const std::string scales = name + "_scale_inv";
  check_shape(reader, scales, {ceil_div(shape[0], q.block_rows), ceil_div(shape[1], q.block_columns)});
  check_dtype(reader, scales, {"F32", "BF16", "F16", "F8_E8M0"});
}

void copy_weight(const SafetensorsReader& reader, const std::string& name, const std::vector<int64_t>& shape,
                 const QuantizationConfig& q, float* out) {
  const auto release = [&](const std::string& part) { reader.release(part, 0, reader.tensor(part).num_elements()); };
  if (is_mxfp4(reader, name)) {
    copy_mxfp4(reader, name, shape, out);
    return release(name + "_blocks");
  }
  if (is_float8(reader, name)) {
    copy_float8(reader, name, shape[0], shape[1], q, out);
    return release(name);
  }
  copy_plain(reader, name, out);
}

}  // namespace hone
