#include "rewards/sandbox_box.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "core/interrupted.h"
#include "rewards/box/wire.h"
#include "rewards/memory_file.h"
#include "rewards/sandbox_filter.h"
#include "rewards/stop_descriptor.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr double kStartSeconds = 60;    // for a box, also on a busy machine
constexpr double kStarvedFactor = 20;   // of the wall limit: then the machine, not the program, is to blame
constexpr double kCleanUpSeconds = 60;  // to kill and reap what a program has started
constexpr uint64_t kMb = uint64_t{1} << 20;
constexpr int64_t kMaxStackMb = 256;
constexpr int64_t kMaxCollectedMb = 64;

void send_message(int socket, const void* bytes, size_t size, const std::vector<int>& fds) {
  iovec data{const_cast<void*>(bytes), size};
  alignas(cmsghdr) char room[CMSG_SPACE(8 * sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = room;
  header.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
  cmsghdr* part = CMSG_FIRSTHDR(&header);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
  std::memcpy(CMSG_DATA(part), fds.data(), fds.size() * sizeof(int));
  if (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
    throw SandboxError(concat("the sandbox does not listen: ", std::strerror(errno)));
}

/// The next message, which must be of the size that its kind has. The descriptor is not open if none came
/// along.
template <class Message>
Message receive(int socket, double seconds, const StopDescriptor& stop, Descriptor* fd = nullptr) {
  using Clock = std::chrono::steady_clock;
  const auto deadline =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd events[2] = {{socket, POLLIN, 0}, {stop.get(), POLLIN, 0}};
    const int ready = ::poll(events, 2, static_cast<int>(std::clamp<int64_t>(left, 0, 1 << 30)));
    if (ready > 0 && events[1].revents != 0) throw Interrupted();
    if (ready > 0) break;
    if (ready == 0) throw SandboxError(concat("the sandbox has not answered for ", seconds, " s"));
    if (errno != EINTR) throw SandboxError(concat("poll: ", std::strerror(errno)));
  }
  Message message;
  iovec data{&message, sizeof message};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = room;
  header.msg_controllen = sizeof room;
  const Message expected;
  const ssize_t size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  Descriptor received;
  if (const cmsghdr* part = size > 0 ? CMSG_FIRSTHDR(&header) : nullptr;
      part && part->cmsg_type == SCM_RIGHTS) {
    int number = -1;
    std::memcpy(&number, CMSG_DATA(part), sizeof number);
    received = Descriptor(number);
  }
  if (size == 0) throw SandboxError("the sandbox has ended");
  if (size != static_cast<ssize_t>(sizeof message) || message.kind != expected.kind)
    throw SandboxError(concat("the sandbox answered with ", size, " bytes that make no sense"));
  if (fd) *fd = std::move(received);
  return message;
}

uint64_t nanoseconds(double seconds) { return static_cast<uint64_t>(seconds * 1e9); }

box::Request request_of(const SandboxProgram& program, const SandboxLimits& limits) {
  box::Request request;
  request.mode = program.kind == SandboxKind::kNative ? box::Mode::kExec
                 : program.call                       ? box::Mode::kPythonCall
                                                      : box::Mode::kPythonProgram;
  const uint64_t memory = static_cast<uint64_t>(limits.memory_mb) * kMb;
  request.limits = {.cpu_ns = nanoseconds(limits.cpu_seconds),
                    .wall_ns = nanoseconds(limits.wall_seconds),
                    .hard_wall_ns = nanoseconds(limits.wall_seconds * kStarvedFactor),
                    .memory_bytes = memory,
                    .stack_bytes = std::min(memory / 2, kMaxStackMb * kMb),
                    .file_bytes = static_cast<uint64_t>(limits.output_mb) * kMb,
                    .disk_bytes = static_cast<uint64_t>(limits.disk_mb) * kMb,
                    .processes = static_cast<uint32_t>(limits.processes)};
  request.name_program = program.as_source;
  request.collect_output = program.collect;
  size_t at = 0;
  for (const std::string& word : program.argv) {
    check(at + word.size() + 1 < sizeof request.argv, "a command of over ", sizeof request.argv, " bytes");
    std::memcpy(request.argv + at, word.c_str(), word.size() + 1);
    at += word.size() + 1;
    ++request.argc;
  }
  return request;
}

SandboxEnd to_end(const box::Report& report) {
  switch (report.end) {
    case box::End::kExited:
      return SandboxEnd::kExited;
    case box::End::kSignal:
      return SandboxEnd::kSignal;
    case box::End::kCpuTime:
      return SandboxEnd::kCpuTime;
    case box::End::kWallTime:
      return SandboxEnd::kWallTime;
    case box::End::kStarved:
      throw SandboxError("the machine is overloaded: the program had no core for most of its time");
    case box::End::kFailed:
      break;
  }
  throw SandboxError(
      concat("the program could not be started: ", report.step, ": ", std::strerror(report.error_number)));
}

}  // namespace

SandboxBox::SandboxBox(SandboxKind kind) : box_(launch_box(kind)) {
  try {
    greet(kind);
  } catch (...) {
    ::kill(box_.pid, SIGKILL);
    ::waitpid(box_.pid, nullptr, 0);
    throw;
  }
}

void SandboxBox::greet(SandboxKind kind) {
  try {
    const Descriptor threads_only = program_filter(false), with_processes = program_filter(true);
    const box::Setup setup;
    send_message(box_.control.get(), &setup, sizeof setup, {threads_only.get(), with_processes.get()});
    const auto hello = receive<box::Hello>(box_.control.get(), kStartSeconds, StopDescriptor({}));
    check(hello.version == box::kVersion, "the box speaks version ", hello.version);
    landlock_abi_ = hello.landlock_abi;
    SandboxProgram nothing{.kind = kind, .argv = {"/usr/bin/true"}};
    const Descriptor text = memory_file("pass\n");
    if (kind == SandboxKind::kPython) nothing.file = text.get();
    const SandboxResult result = run(nothing, "", {.memory_mb = 512});
    if (!result.ok())
      throw SandboxError("a program that does nothing fails in it: " + excerpt(result.errors, 300));
  } catch (const SandboxError& e) {
    const std::string words = last_words();
    throw SandboxError(concat(e.what(), words.empty() ? "" : "; it says: ", words));
  }
}

SandboxBox::~SandboxBox() {
  // bwrap's death kills the box's init, and with it every process of the namespace.
  box_.control = Descriptor();
  ::kill(box_.pid, SIGKILL);
  while (::waitpid(box_.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string SandboxBox::last_words() const {
  return std::string(trim(excerpt(read_descriptor(box_.errors.get(), 2000), 600)));
}

SandboxResult SandboxBox::run(const SandboxProgram& program, std::string_view input,
                              const SandboxLimits& limits, const std::stop_token& stop) {
  ++runs_;
  const StopDescriptor stopped(stop);
  const Descriptor in = memory_file(input), out = memory_file(), err = memory_file(), value = memory_file();
  const Descriptor nothing = program.file < 0 ? memory_file("") : Descriptor();
  const box::Request request = request_of(program, limits);
  std::vector<int> fds = {in.get(), out.get(), err.get(), program.file < 0 ? nothing.get() : program.file};
  if (program.call) fds.push_back(value.get());
  send_message(box_.control.get(), &request, sizeof request, fds);
  Descriptor collected;
  const double patience = limits.wall_seconds * kStarvedFactor + kCleanUpSeconds;
  const auto report = receive<box::Report>(box_.control.get(), patience, stopped, &collected);
  receive<box::Idle>(box_.control.get(), kCleanUpSeconds, stopped);
  const auto limit = static_cast<size_t>(limits.output_mb) * kMb;
  SandboxResult result{.end = to_end(report),
                       .status = report.status,
                       .cpu_seconds = static_cast<double>(report.cpu_ns) * 1e-9,
                       .peak_mb = static_cast<int64_t>(report.peak_bytes / kMb)};
  result.output = read_descriptor(out.get(), limit);
  result.errors = read_descriptor(err.get(), limit);
  if (program.call) result.result = read_descriptor(value.get(), limit);
  // Python ignores the signal for this, and ends with an exception or goes on.
  if (std::max({result.output.size(), result.errors.size(), result.result.size()}) >= limit)
    result.end = SandboxEnd::kOutputLimit;
  if (collected.is_open())
    result.collected = memory_file(read_descriptor(collected.get(), kMaxCollectedMb * kMb));
  return result;
}

}  // namespace hone
