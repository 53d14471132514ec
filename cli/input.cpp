#include "cli/input.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/error.h"

namespace hone {

Input::Input(const std::string& path, Console console)
    : from_file_(!path.empty() && path != "-"), stdin_(console.in), name_(from_file_ ? path : "<stdin>") {
  if (!from_file_) return;
  check_input(!std::filesystem::is_directory(path), path, ": is a folder, expected a file");
  errno = 0;
  file_.open(path, std::ios::binary);
  check_input(file_.is_open(), path, ": ", std::strerror(errno ? errno : ENOENT));
}

}  // namespace hone
