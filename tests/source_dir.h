// Where the tests find the files of the source tree. The path stands in one small source, so that a compiler cache serves all the
// others to every checkout.
#pragma once

#include <filesystem>

namespace hone {

std::filesystem::path source_dir();

}  // namespace hone
