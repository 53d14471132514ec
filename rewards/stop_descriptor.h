// A stop token as a descriptor, for poll(): it can be read once stop is requested.
#pragma once

#include <functional>
#include <stop_token>

#include "core/descriptor.h"

namespace hone {

class StopDescriptor {
 public:
  explicit StopDescriptor(const std::stop_token& stop);
  /// -1, which poll() passes over, if the token can't be stopped.
  int get() const { return event_.get(); }

 private:
  Descriptor event_;
  std::stop_callback<std::function<void()>> raise_;
};

}  // namespace hone
