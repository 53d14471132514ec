// Files that live in memory and have no name: what goes into a sandbox and what comes out of it.
#pragma once

#include <string>
#include <string_view>

#include "core/descriptor.h"

namespace hone {

/// Empty, to be written by whoever gets the descriptor.
Descriptor memory_file();

/// Holds `bytes` for ever: whoever gets the descriptor can read them and nothing else.
Descriptor memory_file(std::string_view bytes);

/// The bytes of any file from its beginning, at most `limit`.
std::string read_descriptor(int fd, size_t limit);

}  // namespace hone
