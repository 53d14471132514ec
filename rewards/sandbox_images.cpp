#include "rewards/sandbox_images.h"

#define HONE_IMAGE(name, path)                                                                        \
  asm(".pushsection .rodata\n" #name "_begin:\n.incbin \"" path "\"\n" #name "_end:\n.popsection\n"); \
  extern "C" const char name##_begin[], name##_end[];

HONE_IMAGE(hone_box_native_image, HONE_BOX_NATIVE)
HONE_IMAGE(hone_box_python_image, HONE_BOX_PYTHON)
HONE_IMAGE(hone_box_script, HONE_BOX_SCRIPT)
HONE_IMAGE(hone_native_probe_image, HONE_NATIVE_PROBE)

namespace hone {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::string_view box_native_image() {
  return between(hone_box_native_image_begin, hone_box_native_image_end);
}
std::string_view box_python_image() {
  return between(hone_box_python_image_begin, hone_box_python_image_end);
}
std::string_view box_python_script() { return between(hone_box_script_begin, hone_box_script_end); }
std::string_view native_probe_image() {
  return between(hone_native_probe_image_begin, hone_native_probe_image_end);
}

}  // namespace hone
