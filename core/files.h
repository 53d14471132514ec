// Whole files in, and files and folders out so that a reader sees the old one or the new one and nothing
// between.
#pragma once

#include <filesystem>
#include <string>

namespace hone {

/// All bytes of a file. One that is not there, is a folder or cannot be read is an InputError that names it
/// and says why.
std::string read_file(const std::filesystem::path& path);

}  // namespace hone
