#include "rewards/native_probe.h"

#include <poll.h>
#include <unistd.h>

#include <chrono>

#include "core/error.h"
#include "core/json_lines.h"
#include "rewards/child_process.h"
#include "rewards/memory_file.h"
#include "rewards/sandbox_images.h"

namespace hone {
namespace {

/// Where another process of the same user finds a file of ours that has no name.
std::string path_of(const Descriptor& file) { return concat("/proc/", ::getpid(), "/fd/", file.get()); }

/// Takes what can be read now; false at the end of the stream.
bool drain(int fd, const std::function<void(std::string_view)>& take) {
  char bytes[4096];
  while (true) {
    const ssize_t size = ::read(fd, bytes, sizeof(bytes));
    if (size <= 0) return size < 0 && (errno == EAGAIN || errno == EINTR);
    take({bytes, size_t(size)});
  }
}

/// Passes its messages on and gathers its report. Whether it has ended by the deadline.
bool listen(ChildProcess& child, SteadyTime deadline, std::string& said_) {
  constexpr int kSliceMs = 20;
  const auto gather = [&](std::string_view bytes) {
    if (said_.size() < kMaxProbeReason) said_ += bytes;
  };
  const auto pass_on = [](std::string_view bytes) {
    (void)!::write(STDERR_FILENO, bytes.data(), bytes.size());
  };
  while (std::chrono::steady_clock::now() < deadline) {
    pollfd fds[2] = {{child.output(), POLLIN, 0}, {child.messages(), POLLIN, 0}};
    ::poll(fds, 2, kSliceMs);
    const bool ended =
        child.wait_until(SteadyTime::min());  // asked first: what it wrote before that is read below
    const bool more = drain(child.output(), gather);
    if (child.messages() >= 0 && !drain(child.messages(), pass_on)) child.close_messages();
    if (ended) return true;
    if (!more) return child.wait_until(deadline);  // it has closed its output
  }
  return false;
}

}  // namespace

std::string probe_native_rule(const std::filesystem::path& library, const Json& options, double limit_s) {
  const Descriptor program = memory_file(native_probe_image()), settings = memory_file(to_json_line(options));
  std::string why, said;
  const std::unique_ptr<ChildProcess> child = ChildProcess::start(
      {path_of(program), std::filesystem::absolute(library).string(), path_of(settings)}, "", why);
  check(child != nullptr, "no process to try ", library.string(), " in: ", why);
  const auto limit =
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(limit_s));
  const bool in_time = listen(*child, std::chrono::steady_clock::now() + limit, said);
  const std::string how = child->end(SteadyTime::min());  // with all that the library may have started
  if (!in_time) return concat("was not loaded within ", limit_s, " s");
  if (how == "exit status 0" && !said.empty()) return said[0] == kProbeGood ? "" : said;
  return "ended the process that loaded it: " + how;
}

}  // namespace hone
