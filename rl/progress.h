// One line about work under way, with rate and time left: on a terminal a line that is written over again and again, elsewhere
// plain lines every few seconds.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hone {

using Json = nlohmann::json;

/// Columns of the terminal behind a file descriptor; 0 if it is none.
int terminal_width(int fd);

/// What a person wants to see of a step's metrics: "reward 1.20  length 86.2  accuracy 0.610".
std::string metrics_text(const Json& metrics);

class Progress {
 public:
  using Clock = std::function<double()>;  // seconds, from any origin

  /// `out` is borrowed. `width`: columns of its terminal, 0 for plain lines.
  Progress(std::ostream& out, int width, Clock clock, double plain_seconds = 5);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Begins a task of `total` steps (0: not known yet) of which `done` are done already.
  void begin(std::string title, int64_t done, int64_t total);
  void update(int64_t done, int64_t total, std::string details);
  /// What goes on within a step ("sampled 120/512"); seen on a terminal only, at most ten times a second.
  void within_step(std::string_view what);
  /// Ends the task; its last state stays to be read.
  void end();
  /// A line of its own, above the one under way.
  void note(std::string_view line);

 private:
  std::string line(std::string_view what) const;
  void draw(std::string_view what);
  void print_plain();

  std::ostream& out_;
  int width_;
  Clock clock_;
  double plain_seconds_;
  std::string title_, details_;
  int64_t first_ = 0, done_ = 0, total_ = 0;
  double started_ = 0, last_drawn_ = 0, seconds_per_step_ = 0, last_step_ = 0;
  int64_t printed_done_ = -1;  // plain: the state that was printed last
  bool active_ = false;
};

}  // namespace hone
