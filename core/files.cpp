// Reading.
#include "core/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace hone {

std::string read_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  check_input(fd >= 0, path.string(), ": cannot be opened: ", std::strerror(errno));
  std::string text;
  struct stat info {};
  if (::fstat(fd, &info) == 0 && info.st_size > 0) text.reserve(size_t(info.st_size));
  char buffer[1 << 16];
  ssize_t count = 0;
  do {
    count = ::read(fd, buffer, sizeof buffer);
    if (count > 0) text.append(buffer, size_t(count));
  } while (count > 0 || (count < 0 && errno == EINTR));
  const int why = errno;
  ::close(fd);
  check_input(count == 0, path.string(), ": cannot be read: ", std::strerror(why));
  return text;
}

}  // namespace hone
