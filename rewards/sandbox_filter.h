// The system calls that a sandbox may make, as BPF programs in memory files.
#pragma once

#include "core/descriptor.h"

namespace hone {

/// For a whole box, its supervisor included (bwrap --seccomp): what nobody in there needs is refused.
Descriptor box_filter();

/// For programs: what compilers, Python and compiled programs need is allowed, and nothing else. Without
/// `processes`, a program may start threads but no process.
Descriptor program_filter(bool processes);

}  // namespace hone
