// Text files that are part of the program: hone_embed() in CMakeLists.txt makes arrays of these.
#pragma once

#include <cstddef>
#include <string_view>

namespace hone {

struct EmbeddedText {
  std::string_view name;  // of the file, without folder and ending
  std::string_view text;
};

}  // namespace hone
