// SIGINT and SIGTERM as a stop token: the first asks the work to stop at the next whole step, a second ends the program at once.
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace hone {

/// Make it before other threads are started: they inherit the blocked signals, and only the thread in here receives them.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_token token() const { return work_.get_token(); }

  /// While the work waits for input, which nothing can interrupt, and has nothing to lose, the first signal ends the program too.
  void set_waiting(bool waiting) { waiting_ = waiting; }

 private:
  sigset_t before_;        // the mask to restore
  std::stop_source work_;  // of the work that is to stop
  std::atomic<bool> waiting_ = false;
  std::jthread waiter_;
};

}  // namespace hone
