// What a command computes with, as flags give it.
#pragma once

#include <string>

namespace hone {

struct ComputeOptions {
  int threads = 0;                // 0: all cores
  std::string device = "auto";    // as in cuda_ext/device.h
  std::string dtype = "float32";  // the same
};

}  // namespace hone
