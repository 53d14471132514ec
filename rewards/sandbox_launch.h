// Starts bubblewrap: what a sandbox contains is decided here.
#pragma once

#include <sys/types.h>

#include "core/descriptor.h"
#include "rewards/sandbox.h"

namespace hone {

struct LaunchedBox {
  pid_t pid = -1;      // of bwrap; the caller reaps it
  Descriptor control;  // the grader's end
  Descriptor errors;   // what bwrap and the supervisor write to standard error
};

/// Must be called by a thread that lives as long as the box: the kernel ends the box when that thread is
/// gone. SandboxError if a program that is needed is not on this machine.
LaunchedBox launch_box(SandboxKind kind);

}  // namespace hone
