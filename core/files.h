// Whole files in; files and folders out so that a reader finds the old one or the new one and nothing
// half-written, also after a power cut: written aside, synced, renamed, and the folder that holds the name
// synced.
//
// What is written aside is called .tmp-*; a process that is killed leaves it behind, remove_leftovers()
// clears it away. A write that fails (disk full, file size limit, a folder that is gone) is an Error that
// names the path and the reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/descriptor.h"

namespace hone {

/// All bytes of a file. One that is not there, is a folder or cannot be read is an InputError that names it
/// and says why.
std::string read_file(const std::filesystem::path& path);

/// A file written in place and not synced: for what an AtomicFolder syncs.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// A file that takes the place of `path` when it is committed, and is gone without a trace when it is not.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  std::filesystem::path path_, aside_;
  Descriptor fd_;
};

void write_file_atomic(const std::filesystem::path& path, std::string_view bytes);

/// A folder that takes the place of `path` when it is committed; until then its files are written under
/// folder() by whatever means. An older folder of that name changes places with it in one step, so that a
/// kill leaves the one or the other; only on a file system that cannot do that (NFS) may it leave neither.
class AtomicFolder {
 public:
  explicit AtomicFolder(std::filesystem::path path);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  const std::filesystem::path& folder() const { return aside_; }
  void commit();

 private:
  std::filesystem::path path_, aside_;
};

/// A log: bytes are added at the end and are with the operating system when append() returns. An append that
/// fails leaves the file as long as it was.
class AppendFile {
 public:
  /// Opens or makes the file and cuts it to `size` bytes. A shorter one is an InputError.
  AppendFile(std::filesystem::path path, uint64_t size);

  void append(std::string_view bytes);
  void sync();  // on the disk when it returns
  uint64_t size() const { return size_; }

 private:
  std::filesystem::path path_;
  Descriptor fd_;
  uint64_t size_ = 0;
};

void create_folders(const std::filesystem::path& path);

/// Removes a file or folder in such a way that a kill does not leave half of it under its name.
void remove_atomic(const std::filesystem::path& path);

/// Removes the .tmp-* entries of `folder`. Nobody else may be writing there.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace hone
