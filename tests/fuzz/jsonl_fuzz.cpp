// Any bytes as JSON lines: every line is read or refused with an InputError that names file and line, and what was read is
// written back to the same value.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "core/error.h"
#include "core/json_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  hone::JsonLinesReader reader("rows.jsonl", in);
  try {
    while (const auto line = reader.next()) {
      std::istringstream written(hone::to_json_line(line->value));
      const auto again = hone::JsonLinesReader("again", written).next();
      if (!again || again->value != line->value) std::abort();
    }
  } catch (const hone::InputError& error) {
    if (std::string(error.what()).rfind("rows.jsonl:", 0) != 0) std::abort();
  }
  return 0;
}
