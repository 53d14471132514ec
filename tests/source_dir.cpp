#include "tests/source_dir.h"

namespace hone {

std::filesystem::path source_dir() { return HONE_SOURCE_DIR; }

}  // namespace hone
