#include "rewards/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace hone {

Descriptor memory_file() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING, kMayBeRun = 0x10;  // MFD_EXEC, of Linux 6.3
  Descriptor file(::memfd_create("hone", kFlags | kMayBeRun));
  if (!file.is_open()) file = Descriptor(::memfd_create("hone", kFlags));
  check(file.is_open(), "memfd_create: ", std::strerror(errno));
  return file;
}

Descriptor memory_file(std::string_view bytes) {
  Descriptor file = memory_file();
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(file.get(), bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    check(written > 0, "a memory file of ", bytes.size(), " bytes: ", std::strerror(errno));
    done += static_cast<size_t>(written);
  }
  const bool sealed =
      ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0;
  check(sealed && ::lseek(file.get(), 0, SEEK_SET) == 0, "sealing a memory file: ", std::strerror(errno));
  return file;
}

std::string read_descriptor(int fd, size_t limit) {
  struct stat info = {};
  check(::fstat(fd, &info) == 0, "fstat: ", std::strerror(errno));
  std::string bytes(std::min(static_cast<size_t>(info.st_size), limit), '\0');
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    check(got >= 0, "reading what a program wrote: ", std::strerror(errno));
    if (got == 0) bytes.resize(done);
    done += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace hone
