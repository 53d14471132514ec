// The user asked to stop (a std::stop_token, in the program SIGINT or SIGTERM): what is under way is given up.
#pragma once

#include "core/error.h"

namespace hone {

/// The last whole step is on disk; what led here is no failure.
class Interrupted : public Error {
 public:
  Interrupted() : Error("stopped by the user") {}
};

}  // namespace hone
