// The subcommands: the flags of each as a struct of options, and the function that does the work. app.cpp fills the structs in.
// A function returns the exit status, and throws InputError or another exception with a message for the user.
#pragma once

#include "cli/console.h"

namespace hone {

/// Versions, CPU features, GPUs, and which features are on and why others are off.
int run_doctor(Console console);

}  // namespace hone
