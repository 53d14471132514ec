// The scripts of the house: planted errors are found, and set-up says what only the user can mend.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/cli/cli_case.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = source_dir();

struct ShellResult {
  int status = 0;
  std::string output;  // both streams
};

ShellResult shell(const std::string& command) {
  ShellResult result;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) result.output.append(buffer, n);
  const int status = pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

class Scripts : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("hone_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

TEST_F(Scripts, CheckLayersAcceptsThisCheckout) {
  const ShellResult r = shell((kRoot / "scripts/check_layers").string());
  EXPECT_EQ(r.status, 0) << r.output;
}

TEST_F(Scripts, CheckLayersFindsPlantedErrors) {
  write("core/up.h", "#pragma once\n#include \"rewards/rule.h\"\n");
  write("rewards/side.cpp", "#include \"datasets/task.h\"\n");
  write("datasets/torch.cpp", "\n#include <ATen/core/Tensor.h>\n");
  write("model/heavy.h", "#include <torch/nn.h>\n");
  write("rl/all.cpp", "#include <ATen/ATen.h>\n");
  write("cuda_ext/cpu/kernel.cpp", "#include <c10/util/Exception.h>\n");
  write("rl/good.cpp", "#include <ATen/ops/empty.h>\n#include \"model/decoder.h\"\n#include <vector>\n");
  const ShellResult r = shell((kRoot / "scripts/check_layers").string() + " " + folder_.string());
  EXPECT_EQ(r.status, 1);
  for (const char* place : {"core/up.h:2:", "rewards/side.cpp:1:", "datasets/torch.cpp:2:",
                            "model/heavy.h:1:", "rl/all.cpp:1:", "cuda_ext/cpu/kernel.cpp:1:"})
    EXPECT_TRUE(contains(r.output, place)) << place << "\n" << r.output;
  EXPECT_FALSE(contains(r.output, "good.cpp")) << r.output;
  EXPECT_TRUE(contains(r.output, "6 forbidden includes")) << r.output;
}

TEST_F(Scripts, CheckLayersOfNothingIsAFailure) {
  EXPECT_EQ(shell((kRoot / "scripts/check_layers").string() + " " + folder_.string()).status, 1);
}

TEST_F(Scripts, SetUpRefusesAWrongLibTorchWithoutBuildingAnything) {
  fs::copy(kRoot / "scripts", folder_ / "scripts", fs::copy_options::recursive);
  fs::copy(kRoot / "hone", folder_ / "hone");
  const ShellResult r = shell("HONE_LIBTORCH=/nowhere " + (folder_ / "hone").string() + " setup");
  EXPECT_EQ(r.status, 2) << r.output;
  EXPECT_TRUE(contains(r.output, "HONE_LIBTORCH=/nowhere: expected the folder of the torch")) << r.output;
  EXPECT_FALSE(fs::exists(folder_ / "build/release"));
  EXPECT_EQ(shell((folder_ / "hone").string() + " setup --now").status, 2);
}

TEST_F(Scripts, CheckReadmeFailsWhenASnippetDoes) {
  const std::string fence = "```";
  write("README.md", fence + "sh\n./hone --version\n./hone sample recipes/base --prompt x --temprature 1\n" +
                         fence + "\n" + fence + "json\n{ \"rewards\": [ { \"rule\": \"fromat\" } ] }\n" +
                         fence + "\n");
  const ShellResult r = shell((kRoot / "scripts/check_readme").string() + " " HONE_BINARY " " +
                              (folder_ / "README.md").string());
  EXPECT_EQ(r.status, 1) << r.output;
  EXPECT_TRUE(contains(r.output, "3 snippets, 2 failed")) << r.output;
}

}  // namespace
}  // namespace hone
