// N processes that answer requests, line for line (process_protocol.h): started when they are needed, started
// again after a crash, killed when they are late, closed at the end. One call asks everything of a step, and
// waits in one poll(); time limits decide here only whether there is an answer, never which.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/types.h"
#include "rewards/child_process.h"
#include "rewards/process_protocol.h"

namespace hone {

struct ProcessPoolOptions {
  std::vector<std::string> command;  // program and arguments
  std::filesystem::path folder;      // where it runs; "": the current one
  int64_t workers = 1;               // processes; more for a judge that computes on one core
  int64_t batch = 1;  // requests that a process has at a time; more for a judge that works on many at once
  double timeout_s = 30;  // for all answers of a batch
  double startup_timeout_s =
      60;  // that much longer for the first batch of a process: it may have a model to load
  int64_t max_failed_starts =
      4;  // starts in a row without one answer, then a process is given up for this call
  int64_t max_answer_bytes = 1 << 20;  // of a line; a longer one is malformed
  int64_t log_lines = 200;  // lines of its standard error that each process may log; the rest is dropped
};

class ProcessPool {
 public:
  using Log = std::function<void(const std::string& line)>;
  /// The line of request `index` of a call; `left` more of its batch follow.
  using MakeLine = std::function<std::string(size_t index, uint64_t id, size_t left)>;

  /// `name` stands for it in the log. Nothing is started yet.
  ProcessPool(std::string name, ProcessPoolOptions options, Log log);
  ~ProcessPool();  // closes their inputs, gives them 2 seconds to end, kills those that have not
  ProcessPool(const ProcessPool&) = delete;
  ProcessPool& operator=(const ProcessPool&) = delete;

  /// One reward for each of `count` requests. A late, lost or malformed answer is a Reward with `error`. What
  /// a crash has left without an answer is asked once more, each alone, so that one completion that crashes
  /// the judge costs no other its verdict. Calls from several threads wait for each other. Interrupted when
  /// asked to stop: processes that were at work are dead by then.
  std::vector<Reward> ask(size_t count, const MakeLine& make_line, const std::stop_token& stop = {});

 private:
  class Worker;
  class Call;

  const std::string name_;
  const ProcessPoolOptions options_;
  const Log log_;
  std::mutex mutex_;  // of everything below
  std::vector<std::unique_ptr<Worker>> workers_;
  uint64_t next_id_ = 0;  // never used twice, so that a late answer is taken for no other
};

}  // namespace hone
