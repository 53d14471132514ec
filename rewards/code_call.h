// What turns a C++ function into a program that answers a call: {"fn_name", "args"} on standard input, the
// value as JSON on descriptor 3. Arguments and values may be bool, integers, floating point, char,
// std::string, and std::vector of these.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// The program around `source`, which defines `function` or a class Solution with that member (neither
/// overloaded nor a template).
std::string cpp_call_program(std::string_view source, std::string_view function);

}  // namespace hone
