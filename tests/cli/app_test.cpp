// Flags, help and exit statuses, for every command.
#include "cli/app.h"

#include <gtest/gtest.h>

#include <streambuf>

#include "cuda_ext/device.h"
#include "tests/cli/cli_case.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

const std::vector<std::string> kCommands = {"train",    "eval",    "sample", "logprobs", "score",
                                            "tokenize", "inspect", "report", "doctor",   "bench"};

TEST(App, EveryCommandExplainsItselfWithExamples) {
  for (const std::string& command : kCommands) {
    const CliResult r = run({command, "--help"});
    EXPECT_EQ(r.status, kExitDone) << command;
    EXPECT_TRUE(contains(r.out, "Examples:\n  hone " + command) || contains(r.out, "| hone " + command))
        << r.out;
    EXPECT_EQ(r.err, "") << command;
  }
}

TEST(App, HelpListsEveryCommand) {
  const CliResult r = run({"--help"});
  EXPECT_EQ(r.status, kExitDone);
  for (const std::string& command : kCommands)
    EXPECT_TRUE(contains(r.out, "\n  " + command + " ")) << command << "\n" << r.out;
}

TEST(App, UnknownFlagIsBadInputAndNamesTheNearest) {
  const CliResult r = run({"sample", "folder", "--temprature", "1"});
  EXPECT_EQ(r.status, kExitBadInput);
  EXPECT_EQ(r.out, "");
  EXPECT_TRUE(contains(r.err, "unknown flag --temprature, did you mean --temperature?")) << r.err;
  EXPECT_TRUE(
      contains(run({"sample", "folder", "--top_p=1"}).err, "unknown flag --top_p, did you mean --top-p?"));
}

TEST(App, UnknownCommandIsBadInputAndNamesTheNearest) {
  const CliResult r = run({"trian", "recipe.json"});
  EXPECT_EQ(r.status, kExitBadInput);
  EXPECT_TRUE(contains(r.err, "unknown command trian, did you mean train?")) << r.err;
}

TEST(App, NoCommandShowsHelpAsAnError) {
  const CliResult r = run({});
  EXPECT_EQ(r.status, kExitBadInput);
  EXPECT_EQ(r.out, "");
  EXPECT_TRUE(contains(r.err, "Usage: hone"));
}

TEST(App, MissingAndImpossibleValuesAreBadInput) {
  EXPECT_EQ(run({"train"}).status, kExitBadInput);
  EXPECT_EQ(run({"sample", "folder", "--top-p", "1.5"}).status, kExitBadInput);
  EXPECT_EQ(run({"sample", "folder", "--num-samples", "0"}).status, kExitBadInput);
  EXPECT_EQ(run({"sample", "folder", "--seed", "-1"}).status, kExitBadInput);
  EXPECT_EQ(run({"doctor", "--log-level", "loud"}).status, kExitBadInput);
  const CliResult r = run({"sample", "folder", "--num-samples", "many"});
  EXPECT_EQ(r.status, kExitBadInput);
  EXPECT_TRUE(contains(r.err, "many")) << r.err;
}

TEST(App, MissingFilesAreBadInputAndAreNamed) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"train", "/nowhere/recipe.json"},
        {"inspect", "/nowhere/recipe.json"},
        {"tokenize", "/nowhere/recipe.json"},
        {"sample", "/nowhere/recipe.json", "--prompt", "x"},
        {"logprobs", "/nowhere/recipe.json"},
        {"report", "/nowhere/recipe.json"},
        {"eval", "/nowhere/recipe.json", "--dataset", "countdown"},
        {"score", "--reward", "format", "--input", "/nowhere/recipe.json"}}) {
    const CliResult r = run(arguments);
    EXPECT_EQ(r.status, kExitBadInput) << arguments[0];
    EXPECT_EQ(r.out, "") << arguments[0];
    EXPECT_TRUE(contains(r.err, "/nowhere/recipe.json")) << arguments[0] << ": " << r.err;
  }
}

TEST(App, VersionGoesToStandardOutput) {
  const CliResult r = run({"--version"});
  EXPECT_EQ(r.status, kExitDone);
  EXPECT_EQ(r.out.rfind("hone ", 0), 0u) << r.out;
}

TEST(App, DoctorNamesVersionsAndKernels) {
  const CliResult r = run({"doctor"});
  EXPECT_EQ(r.status, kExitDone);
  for (const char* name : {"hone:", "LibTorch:", "CPU:", "kernels:", "GPUs:", "cuda:"})
    EXPECT_TRUE(contains(r.out, name)) << r.out;
}

TEST(App, ADeviceThatIsNotThereIsBadInput) {
  const std::string model = (source_dir() / "recipes/base").string();
  CliResult r = run({"sample", model, "--prompt", "make 24", "--device", "tpu"});
  EXPECT_EQ(r.status, kExitBadInput);
  EXPECT_TRUE(contains(r.err, "tpu")) << r.err;
  const GpuReport gpu = find_gpu();
  if (gpu.why_not.empty()) GTEST_SKIP() << "there is a GPU: " << gpu.name;
  r = run({"sample", model, "--prompt", "make 24", "--device", "cuda"});
  EXPECT_EQ(r.status, kExitBadInput);
  EXPECT_EQ(r.out, "");
  EXPECT_TRUE(contains(r.err, "hone: --device cuda: " + gpu.why_not)) << r.err;
}

/// A device that is full.
class FullBuffer : public std::streambuf {
  int overflow(int) override { return traits_type::eof(); }
  int sync() override { return -1; }
};

TEST(App, OutputThatCannotBeWrittenIsAFailure) {
  FullBuffer buffer;
  std::ostream full(&buffer);
  std::istringstream in;
  std::ostringstream err;
  EXPECT_EQ(run_cli({"doctor"}, {in, full, err}), kExitFailed);
  EXPECT_TRUE(contains(err.str(), "standard output")) << err.str();
}

}  // namespace
}  // namespace hone
