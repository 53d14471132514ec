// Every program in hostile/ tries to get out, to take what it should not have, to stay, or to pass without
// solving anything. Its head says with what verdicts it may end. For each: it does not pass, it makes no
// "error" (which would drop the sample), it reports no success ("ESCAPED"), no process and no file of it is
// left, and the next program finds everything in order.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "core/files.h"
#include "tests/core/temp_folder.h"
#include "tests/rewards/code_helper.h"
#include "tests/rewards/process_census.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const fs::path kPrograms = source_dir() / "tests/rewards/hostile";

/// What a program would find if it got out: a file, a listener on a port, one on an abstract name.
class Outside {
 public:
  Outside()
      : tcp_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        local_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    write_file(folder_ / "canary", "alive");
    fs::permissions(folder_.path(), fs::perms(0755));
    sockaddr_in port{};
    port.sin_family = AF_INET;
    port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof port;
    ::bind(tcp_.get(), reinterpret_cast<sockaddr*>(&port), sizeof port);
    ::getsockname(tcp_.get(), reinterpret_cast<sockaddr*>(&port), &size);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string abstract = "hone-test-" + std::to_string(::getpid());
    abstract.copy(name.sun_path + 1, abstract.size());
    ::bind(local_.get(), reinterpret_cast<sockaddr*>(&name),
           static_cast<socklen_t>(sizeof(sa_family_t) + 1 + abstract.size()));
    ready_ = ::listen(tcp_.get(), 4) == 0 && ::listen(local_.get(), 4) == 0;
    input_ = concat((folder_ / "canary").string(), " ", ntohs(port.sin_port), " ", abstract, " ", ::getpid(),
                    "\n");
  }

  bool ready() const { return ready_; }
  const std::string& input() const { return input_; }
  bool untouched() const {
    return read_file(folder_ / "canary") == "alive" && listing(folder_.path()) == "canary";
  }

 private:
  TempFolder folder_;
  Descriptor tcp_, local_;
  std::string input_;
  bool ready_ = false;
};

std::string secret() {
  std::random_device random;
  std::ostringstream out;
  out << "SECRET-" << std::hex;
  for (int i = 0; i < 16; ++i) out << (random() & 15);
  return out.str();
}

std::vector<std::string> words_after(const std::string& text, const std::string& mark) {
  const size_t at = text.find(mark);
  if (at == std::string::npos) return {};
  std::istringstream line(text.substr(at + mark.size(), text.find('\n', at) - at - mark.size()));
  return {std::istream_iterator<std::string>(line), {}};
}

/// "wrong", "time", ... or "compile_error".
std::string ending(const Reward& reward) {
  return reward.detail.contains("failure") ? reward.detail["failure"]["status"].get<std::string>()
                                           : reward.detail.value("verdict", "none");
}

std::vector<std::string> program_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kPrograms)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

struct Case {
  std::string program;
  int processes = 1;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << one.program << " with " << one.processes;
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const std::string& name : program_names()) {
    for (const int processes : {1, 12}) all.push_back({name, processes});
  }
  return all;
}

class SlowHostileProgram : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { HONE_NEEDS_SANDBOX(); }
};

TEST_P(SlowHostileProgram, IsContained) {
  const auto& [name, processes] = GetParam();
  const std::string program = read_file(kPrograms / name);
  const bool python = name.ends_with(".py");
  const Outside outside;
  ASSERT_TRUE(outside.ready());
  const std::string expected = secret();
  Json tests = {{"inputs", {outside.input()}}, {"outputs", {expected}}};
  if (words_after(program, "# call").size() == 0 && program.starts_with("# call"))
    tests = {{"fn_name", "solve"}, {"inputs", {{"x"}}}, {"outputs", {expected}}};
  const std::string options = concat(
      R"("time_limit": 1, "wall_limit": 2, "memory_mb": 256, "output_mb": 1, "disk_mb": 16, "compile_limit": 10, "processes": )",
      processes);
  // A good program first: the boxes that the pool keeps are started, and counted.
  const Reward before = judge_code(python ? "python" : "cpp", python ? "pass" : "int main() {}",
                                   R"({"inputs": [""], "outputs": [""]})");
  ASSERT_EQ(before.value, 1.0) << before.detail << before.error;
  const size_t living = ProcessCensus::count();

  const Reward reward = judge_code(python ? "python" : "cpp", program, tests.dump(), options);

  EXPECT_EQ(reward.value, 0.0) << reward.detail;
  EXPECT_EQ(reward.error, "") << reward.detail;
  const std::vector<std::string> allowed = words_after(program, "expect:");
  EXPECT_NE(std::find(allowed.begin(), allowed.end(), ending(reward)), allowed.end())
      << reward.detail.dump(2);
  EXPECT_EQ(reward.detail.dump().find("ESCAPED"), std::string::npos) << reward.detail.dump(2);
  EXPECT_TRUE(outside.untouched());
  EXPECT_LE(ProcessCensus::count(), living);
  for (const char* folder : {"/tmp", "/dev/shm"}) {
    for (const char* trace : {"hone-alive", "hone-left-behind", "hard", "moved", "program", "m", "a", "1"})
      EXPECT_FALSE(fs::exists(fs::path(folder) / trace)) << folder << " " << trace;
  }
  const Reward after =
      judge_code("python", "print(input())", R"({"inputs": ["fine\n"], "outputs": ["fine\n"]})");
  EXPECT_EQ(after.value, 1.0) << after.detail << after.error;
}

INSTANTIATE_TEST_SUITE_P(, SlowHostileProgram, testing::ValuesIn(all_cases()), [](const auto& info) {
  std::string name = info.param.program + (info.param.processes > 1 ? "_may_fork" : "");
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(HostilePrograms, AreManyInBothLanguages) {
  const std::vector<std::string> names = program_names();
  const auto python =
      std::count_if(names.begin(), names.end(), [](const auto& name) { return name.ends_with(".py"); });
  EXPECT_GE(python, 30);
  EXPECT_GE(static_cast<int64_t>(names.size()) - python, 15);
}

TEST(HostilePrograms, TheSearchForTheExpectedOutputFindsOneThatIsThere) {
  HONE_NEEDS_SANDBOX();
  const std::string expected = secret();
  const Json tests = {{"inputs", {expected + "\n"}}, {"outputs", {expected}}};
  const Reward reward = judge_code("python", read_file(kPrograms / "find_expected.py"), tests.dump());
  EXPECT_EQ(reward.value, 1.0) << reward.detail << reward.error;
}

TEST(HostilePrograms, TheCensusSeesAProcessThatIsLeft) {
  HONE_NEEDS_SANDBOX();
  const size_t before = ProcessCensus::count();
  Sandbox more(1);
  more.require(SandboxKind::kNative);
  EXPECT_GT(ProcessCensus::count(), before);
}

}  // namespace
}  // namespace hone
