// Where a command reads and writes: data goes to `out`, everything else to `err`. Tests hand in string streams.
#pragma once

#include <iosfwd>

namespace hone {

/// Borrowed: the streams outlive every command.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

}  // namespace hone
