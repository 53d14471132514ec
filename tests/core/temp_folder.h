// A folder of a test's own that is gone when the test is.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace hone {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hone-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
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
