// The command line as a function: parses the arguments, runs one subcommand, turns errors into exit statuses.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace hone {

inline constexpr int kExitDone = 0;       // what was asked for is done
inline constexpr int kExitFailed = 1;     // a failure while running
inline constexpr int kExitBadInput = 2;   // flag, recipe or file; nothing changed
inline constexpr int kExitStopped = 130;  // stopped by the user, after a checkpoint

/// `arguments` without the program's name. Never throws; messages go to console.err.
int run_cli(const std::vector<std::string>& arguments, Console console);

}  // namespace hone
