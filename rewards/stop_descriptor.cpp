#include "rewards/stop_descriptor.h"

#include <sys/eventfd.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace hone {
namespace {

Descriptor make_event(const std::stop_token& stop) {
  if (!stop.stop_possible()) return Descriptor();
  Descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  check(event.is_open(), "eventfd: ", std::strerror(errno));
  return event;
}

}  // namespace

StopDescriptor::StopDescriptor(const std::stop_token& stop)
    : event_(make_event(stop)), raise_(stop, [this] {
        const uint64_t one = 1;
        (void)!::write(event_.get(), &one, sizeof one);  // full only if it was raised before
      }) {}

}  // namespace hone
