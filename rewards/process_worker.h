// One process of a ProcessPool: its requests under way, its answers as they come, and how often it has
// failed. It never waits: the pool's poll() tells it what can be read and written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rewards/process_pool.h"

namespace hone {

class ProcessPool::Worker {
 public:
  Worker(size_t number, const std::string& name, const ProcessPoolOptions& options, const Log& log)
      : number_(number),
        name_(name),
        options_(options),
        log_(log),
        reader_(size_t(options.max_answer_bytes)) {}

  /// A new call begins: what was given up may be tried again.
  void begin_call() { failed_starts_ = 0, given_up_.clear(), not_before_ = {}; }

  bool is_idle() const { return waiting_.empty(); }
  const std::string& given_up() const { return given_up_; }  // why, or ""
  bool can_take(SteadyTime now) const { return is_idle() && given_up_.empty() && now >= not_before_; }
  SteadyTime not_before() const { return not_before_; }
  SteadyTime deadline() const { return deadline_; }  // of the batch under way

  /// Makes sure that a process runs. False if it could not be started; that counts as a failed start.
  bool start(SteadyTime now);
  /// Takes a batch: id -> request of the call, and their lines.
  void send(std::map<uint64_t, size_t> batch, std::string lines, SteadyTime now);

  const ChildProcess* process() const { return process_.get(); }
  bool has_output() const { return written_ < outgoing_.size(); }
  void write();

  struct Settled {
    size_t request;
    Reward reward;
  };
  /// Reads what there is. `lost_` gets the requests that a process left behind which has ended.
  std::vector<Settled> read(SteadyTime now, std::vector<size_t>& lost_);
  /// Reads standard error.
  void read_messages();
  /// The batch is late: every request without an answer is an error, and the process is killed.
  std::vector<Settled> time_out(SteadyTime now);

  /// Kills a process that is at work; nobody wants its answers any more.
  void abandon();

  void close_input();
  void finish(SteadyTime deadline);

  int64_t ignored_answers = 0;  // to no request that was waiting

 private:
  std::vector<Settled> settle_all(const std::string& error);
  void take(ProcessAnswer answer, std::vector<Settled>& settled);
  void stopped(const std::string& how, SteadyTime now);
  void log_line(std::string_view line);

  const size_t number_;
  const std::string& name_;
  const ProcessPoolOptions& options_;
  const Log& log_;

  std::unique_ptr<ChildProcess> process_;  // null: none runs
  AnswerReader reader_;
  std::string outgoing_;                // lines of the batch
  size_t written_ = 0;                  // bytes of them that the process has taken
  std::map<uint64_t, size_t> waiting_;  // id -> request, without an answer
  size_t strays_ = 0;                   // lines of this batch that were an answer to nothing
  std::string first_stray_;
  bool has_answered_ = false;  // this process, at least once
  double limit_s_ = 0;         // of the batch under way
  SteadyTime deadline_{}, not_before_{};
  int64_t failed_starts_ = 0;  // in a row
  std::string given_up_;
  std::string message_;       // of standard error, a line that is not complete
  std::string last_message_;  // the last line that was
  int64_t logged_lines_ = 0;
};

}  // namespace hone
