// The supervisor of a sandbox: takes requests and runs each in namespaces of its own, with an empty /tmp,
// under an init that outlives it. It is the only process in the box that holds a capability, and no program
// ever shares a process with it.
#pragma once

#include <stddef.h>

#include "rewards/box/wire.h"

namespace hone::box {

/// In a process that is confined and about to become a Python program.
struct PythonTask {
  Mode mode = Mode::kPythonProgram;
  const char* source = nullptr;
  size_t size = 0;
};

/// Serves until the grader hangs up, then ends the process. Returns in a child only, for the Python modes.
PythonTask serve(int control);

}  // namespace hone::box
