// The last steps of a process before it becomes the program: descriptors, limits, capabilities, Landlock,
// seccomp.
#pragma once

#include <linux/filter.h>

#include <cstdint>

#include "rewards/box/wire.h"

namespace hone::box {

/// Seen by the init of a run and, until it is let go, by the program's process: which step failed.
struct Failure {
  volatile int32_t error_number;
  char step[32];
};

struct Filter {
  sock_filter* code = nullptr;
  unsigned short length = 0;  // instructions
};

/// Order: standard input, output, error, result (-1: none). They may have any numbers above kResult.
struct Streams {
  int fds[4] = {-1, -1, -1, -1};
};

int landlock_abi();  // 0: none

/// 0, or -1 with `failure` filled in. Afterwards the process holds descriptors 0, 1, 2 and perhaps kResult,
/// and nothing that it does can undo the rest. `keep_` is one more, closed by an exec; it becomes the number
/// it then has; -1: none.
int confine(const Limits& limits, const Streams& streams, int* keep_, const Filter& filter, Failure* failure);

int fail(Failure* failure, const char* step);  // notes errno; returns -1

}  // namespace hone::box
