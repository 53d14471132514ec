// Programs for problems of CodeContests: every right one passes all of its problem's tests, every wrong one
// fails some. The data
// (../shared/data/code_contests) has no solutions; these are our own: NNN_right.py, NNN_wrong_<how>.cpp, NNN
// the problem's index. The first line holds the hash of the problem's text, so that a program never meets
// another problem's tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/files.h"
#include "core/hash.h"
#include "tests/rewards/code_helper.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const fs::path kSolutions = source_dir() / "tests/rewards/code_solutions";
const fs::path kProblems = source_dir() / "../shared/data/code_contests/test.json";

std::vector<std::string> solution_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kSolutions)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

const Json& problems() {
  static const Json all = Json::parse(read_file(kProblems));
  return all;
}

class SlowCodeSolution : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    HONE_NEEDS_SANDBOX();
    if (!fs::exists(kProblems)) GTEST_SKIP() << kProblems << " is not there: not checked against its tests";
  }
};

TEST_P(SlowCodeSolution, IsJudgedRightly) {
  const std::string name = GetParam(), program = read_file(kSolutions / name);
  const Json& problem = problems().at(static_cast<size_t>(std::stoi(name.substr(0, 3))));
  const std::string hash = to_hex(xxh64(problem["problem"].get_ref<const std::string&>()));
  ASSERT_NE(program.substr(0, program.find('\n')).find(hash), std::string::npos)
      << "written for another problem than the one at this index, whose hash is " << hash;
  const std::string language = name.ends_with(".py") ? "python" : "cpp";
  const Reward reward = score(R"({"rule": "code", "time_limit": 5})",
                              {fenced(language, program), {{"tests", problem["tests"]}}});
  EXPECT_EQ(reward.error, "");
  const bool right = name.find("_right") != std::string::npos;
  EXPECT_EQ(reward.detail["verdict"], right ? "correct" : "wrong") << reward.detail.dump(2);
  EXPECT_EQ(reward.value, right ? 1.0 : 0.0);
}

INSTANTIATE_TEST_SUITE_P(, SlowCodeSolution, testing::ValuesIn(solution_names()), [](const auto& info) {
  std::string name = "P" + info.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(CodeSolutions, CoverManyProblemsBothWays) {
  std::set<std::string> right, wrong;
  for (const std::string& name : solution_names())
    (name.find("_right") != std::string::npos ? right : wrong).insert(name.substr(0, 3));
  EXPECT_GE(right.size(), 25u);
  EXPECT_GE(wrong.size(), 25u);
}

}  // namespace
}  // namespace hone
