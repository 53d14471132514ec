// POSIX calls, each with its error.
#include "core/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/error.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAside = ".tmp-";

[[noreturn]] void fail(const fs::path& path, std::string_view what, int why) {
  throw Error(concat(path.string(), ": cannot be ", what, ": ", std::strerror(why)));
}

void check_call(bool ok, const fs::path& path, std::string_view what) {
  if (!ok) fail(path, what, errno);
}

void check_code(const std::error_code& code, const fs::path& path, std::string_view what) {
  if (code) fail(path, what, code.value());
}

/// Beside `path`, so that a rename does not cross file systems, and free; `owner` makes it one of a kind
/// within the process.
fs::path aside_of(const fs::path& path, const void* owner) {
  const fs::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
  const fs::path folder = path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
  const fs::path aside = folder / concat(kAside, name.string(), "-", ::getpid(), "-", owner);
  std::error_code code;  // a process of the same number may have been killed here
  fs::remove_all(aside, code);
  if (code && code != std::errc::not_a_directory) check_code(code, aside, "removed");
  return aside;
}

void write_all(int fd, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    check_call(count >= 0, path, "written");
    bytes.remove_prefix(size_t(count));
  }
}

void sync_path(const fs::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  check_call(fd.is_open(), path, "opened");
  if (::fsync(fd.get()) != 0 && errno != EINVAL)
    fail(path, "synced", errno);  // EINVAL: a file system without it
}

void sync_parent(const fs::path& path) {
  const fs::path parent = path.parent_path();
  sync_path(parent.empty() ? fs::path(".") : parent);
}

void rename_path(const fs::path& from, const fs::path& to) {
  check_call(::rename(from.c_str(), to.c_str()) == 0, to, "replaced");
}

/// The two change places in one step; false where a file system cannot do that.
bool exchange_paths(const fs::path& a, const fs::path& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) fail(b, "replaced", errno);
  return false;
}

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  check_input(fd.is_open(), path.string(), ": cannot be opened: ", std::strerror(errno));
  std::string text;
  struct stat info {};
  if (::fstat(fd.get(), &info) == 0 && info.st_size > 0) text.reserve(size_t(info.st_size));
  char buffer[1 << 16];
  ssize_t count = 0;
  do {
    count = ::read(fd.get(), buffer, sizeof buffer);
    if (count > 0) text.append(buffer, size_t(count));
  } while (count > 0 || (count < 0 && errno == EINTR));
  check_input(count == 0, path.string(), ": cannot be read: ", std::strerror(errno));
  return text;
}

void write_file(const fs::path& path, std::string_view bytes) {
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  check_call(fd.is_open(), path, "written");
  write_all(fd.get(), bytes, path);
  check_call(::close(fd.release()) == 0, path, "written");
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)), aside_(aside_of(path_, this)) {
  fd_ = Descriptor(::open(aside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  check_call(fd_.is_open(), path_, "written");
}

AtomicFile::~AtomicFile() {
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

void AtomicFile::write(std::string_view bytes) { write_all(fd_.get(), bytes, path_); }

void AtomicFile::commit() {
  check_call(::fsync(fd_.get()) == 0, path_, "synced");
  check_call(::close(fd_.release()) == 0, path_, "written");
  rename_path(aside_, path_);
  aside_.clear();
  sync_parent(path_);
}

void write_file_atomic(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

AtomicFolder::AtomicFolder(fs::path path) : path_(std::move(path)), aside_(aside_of(path_, this)) {
  check_call(::mkdir(aside_.c_str(), 0777) == 0, path_, "made");
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;  // a destructor has nobody to tell; remove_leftovers() comes by again
  if (!aside_.empty()) fs::remove_all(aside_, ignored);
}

void AtomicFolder::commit() {
  for (const auto& entry : fs::recursive_directory_iterator(aside_)) sync_path(entry.path());
  sync_path(aside_);
  const bool exchanged = fs::exists(path_) && exchange_paths(aside_, path_);
  if (!exchanged) {
    if (fs::exists(path_)) remove_atomic(path_);
    rename_path(aside_, path_);
  }
  sync_parent(path_);
  if (exchanged) fs::remove_all(aside_);  // the older one
  aside_.clear();
}

AppendFile::AppendFile(fs::path path, uint64_t size) : path_(std::move(path)), size_(size) {
  fd_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  check_call(fd_.is_open(), path_, "opened");
  struct stat info {};
  check_call(::fstat(fd_.get(), &info) == 0, path_, "opened");
  check_input(uint64_t(info.st_size) >= size, path_.string(), ": holds ", info.st_size,
              " bytes, expected at least ", size, ": it was cut or replaced");
  check_call(::ftruncate(fd_.get(), off_t(size)) == 0, path_, "cut");
  sync_parent(path_);
}

void AppendFile::append(std::string_view bytes) {
  const uint64_t grown = size_ + bytes.size();
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int why = errno;
      check_call(::ftruncate(fd_.get(), off_t(size_)) == 0, path_, "cut back after a failed write");
      fail(path_, "written", why);
    }
    bytes.remove_prefix(size_t(count));
  }
  size_ = grown;
}

void AppendFile::sync() { check_call(::fsync(fd_.get()) == 0, path_, "synced"); }

void create_folders(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  check_code(code, path, "made");
}

void remove_atomic(const fs::path& path) {
  const char here = 0;
  const fs::path aside = aside_of(path, &here);
  rename_path(path, aside);
  std::error_code code;
  fs::remove_all(aside, code);
  check_code(code, path, "removed");
}

void remove_leftovers(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(folder, code)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with(kAside)) continue;
    fs::remove_all(entry.path(), code);
    check_code(code, entry.path(), "removed");
  }
}

}  // namespace hone
