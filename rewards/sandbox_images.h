// Programs that hone carries along, as bytes of its own: what every sandbox finds under /box, and what tries native libraries.
#pragma once

#include <string_view>

namespace hone {

std::string_view box_native_image();   // rewards/box/native_main.cpp, an executable
std::string_view box_python_image();   // rewards/box/python_module.cpp, a shared library
std::string_view box_python_script();  // rewards/box/warm_python.py
std::string_view native_probe_image();  // rewards/probe/main.cpp, an executable

}  // namespace hone
