#include "rewards/process_pool.h"

#include <poll.h>

#include <algorithm>
#include <deque>

#include "core/interrupted.h"
#include "rewards/process_worker.h"
#include "rewards/stop_descriptor.h"

namespace hone {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kEndTime{2};

/// For poll(): up to the deadline, rounded up so that it has passed afterwards.
int milliseconds_to(SteadyTime deadline, SteadyTime now) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now).count();
  return int(std::clamp<int64_t>(left, 0, 60'000));
}

}  // namespace

/// The requests of one ask(): which are still to be sent, and what came of the others.
class ProcessPool::Call {
 public:
  Call(ProcessPool& pool, size_t count, const MakeLine& make_line, const std::stop_token& stop)
      : pool_(pool),
        make_line_(make_line),
        stop_(stop),
        stop_event_(stop),
        rewards_(count),
        asked_before_(count),
        open_(count) {
    for (size_t i = 0; i < count; ++i) queue_.push_back(i);
  }

  std::vector<Reward> run() {
    while (open_ > 0) {
      if (stop_.stop_requested()) abandon();
      const SteadyTime now = steady_clock::now();
      for (auto& worker : pool_.workers_) hand_out(*worker, now);
      if (open_ > 0 && nobody_is_left()) give_up();
      if (open_ > 0) wait();
    }
    return std::move(rewards_);
  }

 private:
  /// Processes that have nothing to do end like at any other time, when their input is closed.
  [[noreturn]] void abandon() {
    for (auto& worker : pool_.workers_) worker->abandon();
    throw Interrupted();
  }

  void settle(std::vector<Worker::Settled> settled) {
    for (Worker::Settled& s : settled) rewards_[s.request] = std::move(s.reward), --open_;
  }

  /// Requests to a process that has none: as many as keep all processes busy, at most a batch. One that was
  /// under way when a process crashed goes alone.
  void hand_out(Worker& worker, SteadyTime now) {
    if (queue_.empty() || !worker.can_take(now) || !worker.start(now)) return;
    const auto workers = int64_t(pool_.workers_.size()), queued = int64_t(queue_.size());
    int64_t size = std::min(pool_.options_.batch, (queued + workers - 1) / workers);
    if (asked_before_[queue_.front()]) size = 1;
    std::map<uint64_t, size_t> batch;
    std::string lines;
    for (int64_t i = 0; i < size; ++i) {
      const size_t request = queue_.front();
      queue_.pop_front();
      const uint64_t id = pool_.next_id_++;
      batch[id] = request;
      lines += make_line_(request, id, size_t(size - 1 - i));
    }
    worker.send(std::move(batch), std::move(lines), now);
  }

  bool nobody_is_left() const {
    return std::all_of(pool_.workers_.begin(), pool_.workers_.end(),
                       [](const auto& worker) { return worker->is_idle() && !worker->given_up().empty(); });
  }

  void give_up() {
    for (const size_t request : queue_) rewards_[request].error = pool_.workers_[0]->given_up(), --open_;
    queue_.clear();
  }

  /// A second crash is the completion's own doing, or the judge's: not asked a third time.
  void lost(const std::vector<size_t>& requests) {
    for (const size_t request : requests) {
      if (asked_before_[request]) {
        rewards_[request].error = "the process ended without an answer, twice";
        --open_;
      } else {
        asked_before_[request] = true;
        queue_.push_back(request);
      }
    }
  }

  /// Waits for anything to read, room to write, or a deadline; and deals with it.
  void wait() {
    const SteadyTime now = steady_clock::now();
    std::vector<pollfd> fds;
    std::vector<Worker*> owners;
    SteadyTime next = SteadyTime::max();
    fds.push_back({stop_event_.get(), POLLIN, 0}), owners.push_back(nullptr);
    for (auto& worker : pool_.workers_) {
      if (!worker->is_idle()) next = std::min(next, worker->deadline());
      if (worker->is_idle() && worker->given_up().empty() && !queue_.empty())
        next = std::min(next, worker->not_before());
      const ChildProcess* process = worker->process();
      if (!process) continue;
      const auto watch = [&](int fd, short events) {
        fds.push_back({fd, events, 0}), owners.push_back(worker.get());
      };
      watch(process->output(), POLLIN);
      if (process->messages() >= 0) watch(process->messages(), POLLIN);
      if (worker->has_output()) watch(process->input(), POLLOUT);
    }
    ::poll(fds.data(), fds.size(), milliseconds_to(next, now));
    for (size_t i = 0; i < fds.size(); ++i)
      if (owners[i]) serve(*owners[i], fds[i]);
    const SteadyTime after = steady_clock::now();
    for (auto& worker : pool_.workers_) {
      if (!worker->is_idle() && after >= worker->deadline()) settle(worker->time_out(after));
    }
  }

  void serve(Worker& worker, const pollfd& ready) {
    if (ready.revents == 0 || !worker.process()) return;  // it may have ended a moment ago
    if (ready.fd == worker.process()->output()) {
      std::vector<size_t> requests;
      settle(worker.read(steady_clock::now(), requests));
      lost(requests);
    } else if (ready.fd == worker.process()->messages()) {
      worker.read_messages();
    } else if (ready.fd == worker.process()->input()) {
      worker.write();
    }
  }

  ProcessPool& pool_;
  const MakeLine& make_line_;
  const std::stop_token& stop_;
  StopDescriptor stop_event_;
  std::vector<Reward> rewards_;     // [requests]
  std::vector<bool> asked_before_;  // [requests] a process that had it crashed
  size_t open_;                     // requests without a reward
  std::deque<size_t> queue_;        // requests to be sent
};

ProcessPool::ProcessPool(std::string name, ProcessPoolOptions options, Log log)
    : name_(std::move(name)), options_(std::move(options)), log_(std::move(log)) {
  for (int64_t i = 0; i < options_.workers; ++i)
    workers_.push_back(std::make_unique<Worker>(size_t(i), name_, options_, log_));
}

ProcessPool::~ProcessPool() {
  for (auto& worker : workers_) worker->close_input();
  const SteadyTime deadline = steady_clock::now() + kEndTime;
  for (auto& worker : workers_) worker->finish(deadline);
}

std::vector<Reward> ProcessPool::ask(size_t count, const MakeLine& make_line, const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  int64_t ignored = 0;
  for (auto& worker : workers_) worker->begin_call();
  std::vector<Reward> rewards = Call(*this, count, make_line, stop).run();
  for (auto& worker : workers_) ignored += std::exchange(worker->ignored_answers, 0);
  if (ignored > 0)
    log_(concat("reward ", name_, ": ", ignored, " answers to no request that was waiting, ignored"));
  return rewards;
}

}  // namespace hone
