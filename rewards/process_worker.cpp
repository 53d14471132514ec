#include "rewards/process_worker.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "rewards/text.h"

namespace hone {
namespace {

using std::chrono::milliseconds;

constexpr size_t kMessageBytes = 500;  // of a line of standard error that are kept
constexpr milliseconds kExitGrace{
    200};  // for a process that closed its output to end by itself, so that its status is known
constexpr milliseconds kFirstPause{100}, kLongestPause{5000};  // before the next start after failed ones

std::chrono::steady_clock::duration seconds(double s) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(s));
}

/// Up to 64 KiB of what can be read now: the number of bytes, 0 at the end of the stream, -1 for nothing yet.
ssize_t read_some(int fd, std::string& bytes_) {
  bytes_.resize(1 << 16);
  const ssize_t size = ::read(fd, bytes_.data(), bytes_.size());
  if (size < 0) return errno == EAGAIN || errno == EINTR ? -1 : 0;
  bytes_.resize(size_t(size));
  return size;
}

}  // namespace

bool ProcessPool::Worker::start(SteadyTime now) {
  if (process_) return true;
  std::string why;
  process_ = ChildProcess::start(options_.command, options_.folder, why);
  reader_ = AnswerReader(size_t(options_.max_answer_bytes));
  has_answered_ = false;
  message_.clear(), last_message_.clear(), logged_lines_ = 0;
  if (!process_) stopped(why, now);
  return process_ != nullptr;
}

void ProcessPool::Worker::send(std::map<uint64_t, size_t> batch, std::string lines, SteadyTime now) {
  waiting_ = std::move(batch);
  outgoing_ = std::move(lines);
  written_ = strays_ = 0;
  limit_s_ = options_.timeout_s + (has_answered_ ? 0 : options_.startup_timeout_s);
  deadline_ = now + seconds(limit_s_);
}

void ProcessPool::Worker::write() {
  const ssize_t written = process_->write(std::string_view(outgoing_).substr(written_));
  // Below 0: nobody reads there; the end of the process shows on its output.
  written_ = written < 0 ? outgoing_.size() : written_ + size_t(written);
}

void ProcessPool::Worker::take(ProcessAnswer answer, std::vector<Settled>& settled) {
  const auto request = answer.id ? waiting_.find(*answer.id) : waiting_.end();
  if (request != waiting_.end()) {
    if (!answer.malformed) has_answered_ = true, failed_starts_ = 0;
    settled.push_back({request->second, std::move(answer.reward)});
    waiting_.erase(request);
  } else if (answer.id) {
    ++ignored_answers;
  } else if (strays_++ == 0) {
    first_stray_ = answer.reward.error;
  }
  // A line that can't be attributed was somebody's answer. When only such can be missing there is nothing to
  // wait for.
  if (!waiting_.empty() && strays_ >= waiting_.size()) {
    for (Settled& s : settle_all(first_stray_)) settled.push_back(std::move(s));
  }
}

std::vector<ProcessPool::Worker::Settled> ProcessPool::Worker::settle_all(const std::string& error) {
  std::vector<Settled> settled;
  for (const auto& [id, request] : waiting_) settled.push_back({request, {0.0, {}, error}});
  waiting_.clear();
  return settled;
}

std::vector<ProcessPool::Worker::Settled> ProcessPool::Worker::read(SteadyTime now,
                                                                    std::vector<size_t>& lost_) {
  std::vector<Settled> settled;
  std::string bytes;
  const ssize_t size = read_some(process_->output(), bytes);
  if (size > 0) {
    for (ProcessAnswer& answer : reader_.feed(bytes)) take(std::move(answer), settled);
  } else if (size == 0) {
    read_messages();
    for (const auto& [id, request] : waiting_) lost_.push_back(request);
    waiting_.clear();
    stopped(process_->end(now + kExitGrace), now);
  }
  return settled;
}

/// The process is gone. Starts that came to nothing are followed by longer and longer pauses, and by giving
/// up.
void ProcessPool::Worker::stopped(const std::string& how, SteadyTime now) {
  const std::string why = how + (last_message_.empty() ? "" : "; its last words: " + last_message_);
  log_(concat("reward ", name_, ", process ", number_, " ended: ", how));
  process_.reset();
  outgoing_.clear();
  written_ = 0;
  if (has_answered_) return;
  ++failed_starts_;
  if (failed_starts_ >= options_.max_failed_starts)
    given_up_ = concat("the process ended ", failed_starts_, " times in a row without an answer: ", why);
  not_before_ =
      now + std::min(kFirstPause * (int64_t{1} << std::min<int64_t>(failed_starts_ - 1, 10)), kLongestPause);
}

std::vector<ProcessPool::Worker::Settled> ProcessPool::Worker::time_out(SteadyTime now) {
  std::vector<Settled> settled = settle_all(concat("no answer within ", limit_s_, " s"));
  read_messages();
  process_->end(SteadyTime::min());
  stopped("killed, since its answers were late", now);
  return settled;
}

void ProcessPool::Worker::read_messages() {
  std::string bytes;
  // Bounded: a process that writes for ever must not keep us here.
  for (int pieces = 0; pieces < 16 && process_ && process_->messages() >= 0; ++pieces) {
    const ssize_t size = read_some(process_->messages(), bytes);
    if (size == 0) process_->close_messages();
    if (size <= 0) return;
    for (size_t begin = 0; begin < bytes.size();) {
      const size_t end = std::min(bytes.find('\n', begin), bytes.size());
      if (message_.size() < kMessageBytes)
        message_.append(bytes, begin, std::min(end - begin, kMessageBytes - message_.size()));
      if (end < bytes.size()) log_line(message_), message_.clear();
      begin = end + 1;
    }
  }
}

void ProcessPool::Worker::log_line(std::string_view line) {
  if (trim(line).empty()) return;
  last_message_ = excerpt(line, kMessageBytes);
  ++logged_lines_;
  if (logged_lines_ <= options_.log_lines)
    log_(concat("reward ", name_, ", process ", number_, ": ", last_message_));
  if (logged_lines_ == options_.log_lines + 1 && options_.log_lines > 0)
    log_(concat("reward ", name_, ", process ", number_, ": more than ", options_.log_lines,
                " lines; the rest is dropped"));
}

void ProcessPool::Worker::abandon() {
  if (is_idle()) return;
  waiting_.clear();
  outgoing_.clear();
  written_ = 0;
  finish(SteadyTime::min());
}

void ProcessPool::Worker::close_input() {
  if (process_) process_->close_input();
}

void ProcessPool::Worker::finish(SteadyTime deadline) {
  if (!process_) return;
  process_->end(deadline);
  process_.reset();
}

}  // namespace hone
