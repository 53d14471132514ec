// Any bytes as a safetensors file: its header is refused with an InputError that names the file, or describes tensors that lie inside it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.h"
#include "model/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const hone::SafetensorsHeader header = hone::parse_safetensors_header("x.safetensors", bytes);
    for (const hone::StoredTensor& tensor : header.tensors) {
      if (tensor.begin > size || tensor.num_bytes > size - tensor.begin) std::abort();
      if (tensor.num_bytes > 0 && uint64_t(tensor.num_elements()) > 2 * tensor.num_bytes) std::abort();
    }
  } catch (const hone::InputError& error) {
    if (std::string(error.what()).rfind("x.safetensors: ", 0) != 0) std::abort();
  }
  return 0;
}
