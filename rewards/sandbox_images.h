// The files that every sandbox finds under /box, as bytes of this program.
#pragma once

#include <string_view>

namespace hone {

std::string_view box_native_image();   // rewards/box/native_main.cpp, an executable
std::string_view box_python_image();   // rewards/box/python_module.cpp, a shared library
std::string_view box_python_script();  // rewards/box/warm_python.py

}  // namespace hone
