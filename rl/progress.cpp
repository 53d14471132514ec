#include "rl/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "core/error.h"
#include "rl/number_text.h"

namespace hone {
namespace {

constexpr int kBarWidth = 20;
constexpr double kRedrawSeconds = 0.1;
constexpr double kRateMemory = 0.9;  // how much of the rate is the past's: about the last ten steps count

std::string bar(int64_t done, int64_t total) {
  const auto filled = size_t(kBarWidth * std::clamp<int64_t>(done, 0, total) / total);
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
}

/// At most `width` columns; a UTF-8 sequence is not cut in two.
std::string cut(std::string text, size_t width) {
  size_t columns = 0, at = 0;
  for (; at < text.size() && columns <= width; ++at) columns += (text[at] & 0xC0) != 0x80;
  if (columns > width) text.resize(at - 1);
  return text;
}

}  // namespace

int terminal_width(int fd) {
  if (!::isatty(fd)) return 0;
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string metrics_text(const Json& metrics) {
  std::string out;
  const auto add = [&](const std::string& label, const std::string& key) {
    if (!metrics.contains(key) || !metrics[key].is_number()) return;
    out += (out.empty() ? "" : "  ") + label + " " + number_text(metrics[key].get<double>());
  };
  for (const auto& [key, value] : metrics.items()) {
    const size_t avg = key.find("/avg@");
    const bool is_average =
        key.starts_with("eval/") && avg != std::string::npos && key.find('/', avg + 1) == std::string::npos;
    if (is_average) add(key.substr(5), key);
  }
  add("reward", "reward/mean");
  add("accuracy", "reward/accuracy/mean");
  add("no verdict", "reward/errors");
  add("length", "response_length/mean");
  if (!metrics.contains("reward/mean")) add("loss", "loss");
  return out;
}

Progress::Progress(std::ostream& out, int width, Clock clock, double plain_seconds)
    : out_(out), width_(width), clock_(std::move(clock)), plain_seconds_(plain_seconds) {}

Progress::~Progress() { end(); }

void Progress::begin(std::string title, int64_t done, int64_t total) {
  end();
  title_ = std::move(title);
  details_.clear();
  first_ = done_ = done;
  total_ = total;
  started_ = last_step_ = clock_();
  seconds_per_step_ = 0;
  active_ = true;
  printed_done_ = -1;
  last_drawn_ = started_ - kRedrawSeconds;
  if (width_ > 0) draw("");
}

void Progress::update(int64_t done, int64_t total, std::string details) {
  const double now = clock_();
  if (total_ == 0) first_ = done_ = std::max<int64_t>(done - 1, 0);  // begun within the step that is done now
  total_ = total;
  if (done > done_) {
    const double recent = (now - last_step_) / double(done - done_);
    seconds_per_step_ =
        done_ == first_ ? recent : kRateMemory * seconds_per_step_ + (1 - kRateMemory) * recent;
    last_step_ = now;
  }
  done_ = done;
  details_ = std::move(details);
  if (width_ > 0) {
    draw("");
  } else if (now - last_drawn_ >= plain_seconds_ || printed_done_ < 0) {
    print_plain();
  }
}

void Progress::within_step(std::string_view what) {
  if (width_ > 0 && active_ && clock_() - last_drawn_ >= kRedrawSeconds) draw(what);
}

void Progress::end() {
  if (!active_) return;
  if (width_ > 0) {
    draw("");
    out_ << "\n" << std::flush;
  } else if (printed_done_ != done_) {
    print_plain();
  }
  active_ = false;
}

void Progress::note(std::string_view text) {
  if (active_ && width_ > 0) out_ << "\r\x1b[K";
  out_ << text << "\n" << std::flush;
  if (active_ && width_ > 0) draw("");
}

std::string Progress::line(std::string_view what) const {
  std::string out = title_;
  if (total_ > 0) out += concat(" ", done_, "/", total_);
  if (total_ > 0 && width_ > 0) out += " " + bar(done_, total_);
  if (!details_.empty()) out += "  " + details_;
  if (done_ > first_ && total_ > 0) {
    out += concat("  ", number_text(seconds_per_step_), " s/step  ");
    out += done_ < total_ ? duration_text(seconds_per_step_ * double(total_ - done_)) + " left"
                          : duration_text(last_step_ - started_);
  }
  if (!what.empty()) out.append("  ").append(what);
  return out;
}

void Progress::draw(std::string_view what) {
  // Never into the last column: some terminals would wrap.
  out_ << "\r" << cut(line(what), size_t(std::max(width_ - 1, 1))) << "\x1b[K" << std::flush;
  last_drawn_ = clock_();
}

void Progress::print_plain() {
  out_ << line("") << "\n" << std::flush;
  last_drawn_ = clock_();
  printed_done_ = done_;
}

}  // namespace hone
