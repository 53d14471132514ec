// A folder of a test's own that is gone when the test is; in memory where there is such a place, because the tests sync a lot.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace hone {

class TempFolder {
 public:
  TempFolder() {
    const std::filesystem::path memory = "/dev/shm";
    const bool writable = ::access(memory.c_str(), W_OK) == 0;
    std::string name = ((writable ? memory : std::filesystem::temp_directory_path()) / "hone-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + ": cannot be made");
    path_ = name;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Names of what is in a folder, sorted.
inline std::string listing(const std::filesystem::path& folder) {
  std::string out;
  std::filesystem::path previous;
  for (;;) {
    std::filesystem::path next;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const auto name = entry.path().filename();
      if (name > previous && (next.empty() || name < next)) next = name;
    }
    if (next.empty()) return out;
    out += (out.empty() ? "" : " ") + next.string();
    previous = next;
  }
}

}  // namespace hone
