// Safetensors files in and out. Files are mapped, not read; tensors leave as float32 and enter as float32.
//
//   file   := u64 little-endian N | N bytes of JSON | data
//   JSON   := { "__metadata__": {string: string}, NAME: {"dtype": D, "shape": [..], "data_offsets": [begin,
//   end]}, .. }
// Offsets count from the start of data; the tensors tile it without a gap. Every byte of that is checked
// before use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

/// What a header says of one tensor.
struct StoredTensor {
  std::string name;
  std::string dtype;           // "F32", "BF16", "F16"; others are listed but cannot be copied
  std::vector<int64_t> shape;  // row-major
  uint64_t begin = 0;          // first byte, from the start of the file
  uint64_t num_bytes = 0;
  int64_t num_elements() const;
};

struct SafetensorsHeader {
  std::vector<StoredTensor> tensors;            // in the order of their bytes
  std::map<std::string, std::string> metadata;  // __metadata__
};

/// Checks and reads the header of the file whose bytes are `bytes`. `file` is for messages. Throws
/// InputError.
SafetensorsHeader parse_safetensors_header(const std::string& file, std::string_view bytes);

/// The tensors of one file or of a folder. The files must not be truncated while this lives (renaming over
/// them is fine).
class SafetensorsReader {
 public:
  /// A .safetensors file, or a folder with model.safetensors or model.safetensors.index.json and its shards.
  static SafetensorsReader open(const std::filesystem::path& path);

  ~SafetensorsReader();
  SafetensorsReader(SafetensorsReader&&) noexcept;
  SafetensorsReader& operator=(SafetensorsReader&&) noexcept;

  const std::vector<std::string>& names() const;               // in the order of files and bytes
  const std::map<std::string, std::string>& metadata() const;  // of the first file
  bool has(const std::string& name) const;
  const StoredTensor& tensor(const std::string& name) const;  // InputError if it is not there
  const std::string& file_of(const std::string& name) const;
  const std::string& path() const;  // the file or the folder that was opened

  std::string_view bytes(const std::string& name) const;  // as stored; valid while this lives
  /// out: num_elements() floats. InputError for a dtype other than F32, BF16 and F16.
  void copy_to_float(const std::string& name, float* out) const;
  /// Elements [begin, begin + count) alone, to out[0] on.
  void copy_to_float(const std::string& name, int64_t begin, int64_t count, float* out) const;
  /// Gives the bytes' memory back to the system, which reads them again when they are asked for.
  void release(const std::string& name, int64_t begin, int64_t count) const;

 private:
  struct Impl;
  explicit SafetensorsReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A tensor to write.
struct TensorView {
  std::string name;
  std::vector<int64_t> shape;
  const float* data = nullptr;  // row-major, borrowed for the call
  std::string dtype;            // its own, whatever the options say; empty = theirs
};

struct SafetensorsWriteOptions {
  std::string dtype = "F32";                 // "F32", "BF16" or "F16": rounded to nearest even
  uint64_t max_shard_bytes = 5'000'000'000;  // of tensor data a file; a bigger tensor has a file of its own
  std::map<std::string, std::string> metadata{{"format", "pt"}};  // transformers insists on the format
};

/// Writes one file: aside, synced, renamed. Memory beyond the tensors: one small buffer.
void write_safetensors_file(const std::filesystem::path& file, std::span<const TensorView> tensors,
                            const SafetensorsWriteOptions& options = {});

/// Writes model.safetensors, or numbered shards with model.safetensors.index.json, into `folder`, and removes
/// the files of an earlier layout. Each file is whole or absent; for a set that is whole or absent, write
/// into a new folder and rename that.
void write_safetensors(const std::filesystem::path& folder, std::span<const TensorView> tensors,
                       const SafetensorsWriteOptions& options = {});

}  // namespace hone
