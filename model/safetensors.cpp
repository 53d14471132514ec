// The reader: which files belong to a checkpoint, and their tensors through a mapping.
#include "model/safetensors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "core/error.h"
#include "core/files.h"
#include "model/half_float.h"
#include "model/strict_json.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A read-only mapping of a whole file.
class MappedFile {
 public:
  explicit MappedFile(const fs::path& path) : name_(path.string()) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    check_input(fd >= 0, name_, ": cannot be opened: ", std::strerror(errno));
    struct stat info {};
    const bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    if (regular && info.st_size > 0) {
      void* address = ::mmap(nullptr, size_t(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
      if (address != MAP_FAILED) bytes_ = {static_cast<const char*>(address), size_t(info.st_size)};
    }
    const int why = errno;
    ::close(fd);
    check_input(regular, name_, ": not a file");
    check_input(info.st_size > 0, name_, ": the file is empty");
    check_input(!bytes_.empty(), name_, ": cannot be mapped: ", std::strerror(why));
  }
  ~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }
  MappedFile(MappedFile&& other) noexcept
      : name_(std::move(other.name_)), bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&&) = delete;

  const std::string& name() const { return name_; }
  std::string_view bytes() const { return bytes_; }

  /// Whole pages within the bytes leave this process's memory; the system still has them cached.
  void release(std::string_view part) const {
    static const auto page = uintptr_t(::sysconf(_SC_PAGESIZE));
    const auto begin = (reinterpret_cast<uintptr_t>(part.data()) + page - 1) / page * page,
               end = (reinterpret_cast<uintptr_t>(part.data()) + part.size()) / page * page;
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }

 private:
  std::string name_;
  std::string_view bytes_;
};

/// tensor -> shard's file name, as model.safetensors.index.json says.
std::map<std::string, std::string> read_index(const fs::path& path) {
  const std::string name = path.string();
  const Json json = parse_strict_json(name, read_file(path));
  check_input(json.is_object() && json.contains("weight_map") && json["weight_map"].is_object(), name,
              ": weight_map: expected an object of tensor names and files");
  std::map<std::string, std::string> out;
  for (const auto& [tensor, shard] : json["weight_map"].items()) {
    check_input(shard.is_string(), name, ": weight_map ", Json(tensor).dump(), ": got ", shard.dump(),
                ", expected a file name");
    const auto& file = out[tensor] = shard.get<std::string>();
    check_input(!file.empty() && file == fs::path(file).filename() && file != "." && file != "..", name,
                ": weight_map ", Json(tensor).dump(), ": got ", shard.dump(),
                ", expected a file name without folders");
  }
  check_input(!out.empty(), name, ": weight_map is empty");
  return out;
}

template <float (*convert)(uint16_t)>
void widen(const char* from, int64_t count, float* out) {
  for (int64_t i = 0; i < count; ++i) {
    uint16_t bits;
    std::memcpy(&bits, from + 2 * i, sizeof bits);  // the data may lie at an odd address
    out[i] = convert(bits);
  }
}

}  // namespace

struct SafetensorsReader::Impl {
  struct Entry {
    StoredTensor tensor;
    size_t file = 0;
  };
  std::string path;
  std::vector<MappedFile> files;
  std::vector<std::string> names;
  std::map<std::string, std::string> metadata;
  std::unordered_map<std::string, Entry> entries;

  void add(const fs::path& file) {
    files.emplace_back(file);
    SafetensorsHeader header = parse_safetensors_header(files.back().name(), files.back().bytes());
    if (files.size() == 1) metadata = std::move(header.metadata);
    for (StoredTensor& tensor : header.tensors) {
      names.push_back(tensor.name);
      const auto [it, fresh] = entries.try_emplace(names.back(), Entry{std::move(tensor), files.size() - 1});
      check_input(fresh, files.back().name(), ": tensor ", Json(names.back()).dump(), " is in ",
                  files[it->second.file].name(), " too");
    }
  }

  const Entry& find(const std::string& name) const {
    const auto found = entries.find(name);
    check_input(found != entries.end(), path, ": no tensor ", Json(name).dump(), " among its ",
                entries.size());
    return found->second;
  }
};

SafetensorsReader::SafetensorsReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SafetensorsReader::~SafetensorsReader() = default;
SafetensorsReader::SafetensorsReader(SafetensorsReader&&) noexcept = default;
SafetensorsReader& SafetensorsReader::operator=(SafetensorsReader&&) noexcept = default;

SafetensorsReader SafetensorsReader::open(const fs::path& path) {
  auto impl = std::make_unique<Impl>();
  impl->path = path.string();
  const fs::path single = path / "model.safetensors", index = path / "model.safetensors.index.json";
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    impl->add(path);
  } else if (fs::exists(single, ignored)) {
    impl->add(single);
  } else {
    check_input(fs::exists(index, ignored), path.string(),
                ": neither model.safetensors nor model.safetensors.index.json is there");
    const auto shard_of = read_index(index);
    std::map<std::string, size_t> shards;
    for (const auto& [tensor, shard] : shard_of) shards.emplace(shard, 0);
    for (auto& [shard, number] : shards) {
      number = impl->files.size();
      impl->add(path / shard);
    }
    for (const auto& [tensor, shard] : shard_of) {
      const auto found = impl->entries.find(tensor);
      check_input(found != impl->entries.end() && found->second.file == shards[shard], index.string(),
                  ": tensor ", Json(tensor).dump(), " is not in ", shard);
    }
    for (const std::string& tensor : impl->names)
      check_input(shard_of.contains(tensor), index.string(), ": weight_map does not have tensor ", Json(tensor).dump(), " of ",
                  impl->files[impl->find(tensor).file].name());
  }
  return SafetensorsReader(std::move(impl));
}

const std::string& SafetensorsReader::path() const { return impl_->path; }
const std::vector<std::string>& SafetensorsReader::names() const { return impl_->names; }
const std::map<std::string, std::string>& SafetensorsReader::metadata() const { return impl_->metadata; }
bool SafetensorsReader::has(const std::string& name) const { return impl_->entries.count(name) > 0; }
const StoredTensor& SafetensorsReader::tensor(const std::string& name) const {
  return impl_->find(name).tensor;
}
const std::string& SafetensorsReader::file_of(const std::string& name) const {
  return impl_->files[impl_->find(name).file].name();
}

std::string_view SafetensorsReader::bytes(const std::string& name) const {
  const Impl::Entry& entry = impl_->find(name);
  return impl_->files[entry.file].bytes().substr(entry.tensor.begin, entry.tensor.num_bytes);
}

void SafetensorsReader::copy_to_float(const std::string& name, float* out) const {
  copy_to_float(name, 0, impl_->find(name).tensor.num_elements(), out);
}

void SafetensorsReader::release(const std::string& name, int64_t begin, int64_t count) const {
  const Impl::Entry& entry = impl_->find(name);
  const uint64_t all = uint64_t(entry.tensor.num_elements()), bytes = entry.tensor.num_bytes;
  if (all > 0)
    impl_->files[entry.file].release(
        this->bytes(name).substr(bytes / all * uint64_t(begin), bytes / all * uint64_t(count)));
}

void SafetensorsReader::copy_to_float(const std::string& name, int64_t begin, int64_t count, float* out) const {
  const Impl::Entry& entry = impl_->find(name);
  const MappedFile& file = impl_->files[entry.file];
  const char* from = file.bytes().data() + entry.tensor.begin + begin * (entry.tensor.dtype == "F32" ? 4 : 2);
  if (entry.tensor.dtype == "F32") {
    if (count > 0) std::memcpy(out, from, size_t(count) * sizeof(float));
  } else if (entry.tensor.dtype == "BF16") {
    widen<bf16_to_float>(from, count, out);
  } else if (entry.tensor.dtype == "F16") {
    widen<f16_to_float>(from, count, out);
  } else {
    throw InputError(concat(file.name(), ": tensor ", Json(name).dump(), ": dtype ", entry.tensor.dtype,
                            " is not supported, expected F32, BF16 or F16"));
  }
}

}  // namespace hone
