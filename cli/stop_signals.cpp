#include "cli/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <ctime>

#include "cli/app.h"

namespace hone {
namespace {

/// One of the two signals within a fifth of a second.
bool signal_came(const sigset_t& signals) {
  const timespec wait{0, 200'000'000};
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

}  // namespace

StopSignals::StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before_);
  waiter_ = std::jthread([this, signals](std::stop_token end) {
    while (!end.stop_requested()) {
      if (!signal_came(signals)) continue;
      if (!work_.request_stop() || waiting_) _exit(kExitStopped);  // the second time, or nothing to stop
    }
  });
}

StopSignals::~StopSignals() {
  waiter_.request_stop();
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace hone
