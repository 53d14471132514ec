// docs/reward_rules.md: its examples, copied to a folder outside the tree, with its commands, as a reader types them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "core/document.h"
#include "core/files.h"
#include "core/json_lines.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const fs::path kDocs = source_dir() / "docs";

class SlowRewardRules : public testing::Test {
 protected:
  SlowRewardRules() {
    // Not in memory: containers mount /dev/shm without leave to run what lies there.
    std::string name = (fs::temp_directory_path() / "hone-rules-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + ": cannot be made");
    folder_ = name;
    fs::copy(kDocs / "reward_rules", folder_, fs::copy_options::recursive);
    // $HONE of the page: of the checkout there is the one header.
    fs::create_directories(folder_ / "checkout/rewards");
    fs::copy_file(source_dir() / "rewards/hone_reward_v1.h",
                  folder_ / "checkout/rewards/hone_reward_v1.h");
  }
  ~SlowRewardRules() override { fs::remove_all(folder_); }

  int shell(const std::string& command, const std::string& redirect) const {
    const int status =
        std::system(("cd '" + folder_.string() + "' && HONE='" + (folder_ / "checkout").string() +
                     "' PATH='" + fs::path(HONE_BINARY).parent_path().string() +
                     "':$PATH && export HONE PATH && " + command + redirect)
                        .c_str());
    return WEXITSTATUS(status);
  }

  /// The lines that `hone score` writes; its log is in `log`.
  std::vector<Json> scored(const std::string& command) const {
    EXPECT_EQ(shell(command, " >out.jsonl 2>log"), 0) << command << "\n" << log();
    std::vector<Json> lines;
    for_each_json_line(folder_ / "out.jsonl", [&](const JsonLine& line) { lines.push_back(line.value); });
    EXPECT_EQ(lines.size(), 4u) << command;
    lines.resize(4);
    return lines;
  }
  std::string log() const { return read_file(folder_ / "log"); }

  fs::path folder_;
};

/// The text between ```language and ```, block by block.
std::vector<std::string> blocks(const std::string& page, const std::string& language) {
  std::vector<std::string> found;
  const std::string open = "```" + language + "\n";
  for (size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
    at += open.size();
    found.push_back(page.substr(at, page.find("```", at) - at));
  }
  return found;
}

TEST_F(SlowRewardRules, CommandsOfThePageGiveWhatTheyShould) {
  std::vector<std::string> commands;
  for (const std::string& block : blocks(read_file(kDocs / "reward_rules.md"), "sh")) {
    std::istringstream in(block);
    for (std::string line; std::getline(in, line);) commands.push_back(line);
  }
  ASSERT_EQ(commands.size(), 4u);

  const std::vector<Json> patterns = scored(commands[0]);
  EXPECT_EQ(patterns[0]["rewards"], Json::parse(R"({"city": 1.0, "checks": 0.1, "sure": 0.2})"));
  EXPECT_EQ(patterns[1]["rewards"], Json::parse(R"({"city": 1.0, "checks": 0.2, "sure": 0.0})"));
  EXPECT_EQ(patterns[2]["rewards"], Json::parse(R"({"city": 0.0, "checks": 0.0, "sure": 0.0})"));
  EXPECT_EQ(patterns[3]["reward"], 1.0);

  ASSERT_TRUE(commands[1].starts_with("g++ ")) << commands[1];
  ASSERT_EQ(shell(commands[1], " -Wall -Wextra -Werror"), 0);
  const std::vector<Json> brevity = scored(commands[2]);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(brevity[i]["reward"], i == 0 || i == 3 ? 0.25 : 0.0) << i;
  EXPECT_EQ(brevity[0]["detail"]["brevity"]["bytes"], brevity[0]["completion"].get<std::string>().size());

  const std::vector<Json> judge = scored(commands[3]);
  EXPECT_EQ(judge[0]["reward"], 0.5);
  EXPECT_EQ(judge[1]["detail"]["keywords"]["found"], Json::parse(R"(["paris", "capital"])"));
  EXPECT_EQ(judge[2]["reward"], 0.0);
  EXPECT_TRUE(judge[3]["reward"].is_null());
  EXPECT_TRUE(judge[3]["rewards"]["keywords"].is_null());
  EXPECT_EQ(judge[3]["detail"]["keywords"]["error"], "the row has no keywords");
  EXPECT_NE(
      log().find("1 of 4 lines have no reward; the first: rows.jsonl:4: keywords: the row has no keywords"),
      std::string::npos)
      << log();
}

TEST_F(SlowRewardRules, ThePageShowsTheFilesAsTheyAre) {
  const std::string page = read_file(kDocs / "reward_rules.md");
  for (const auto& entry : fs::directory_iterator(kDocs / "reward_rules")) {
    if (entry.path().filename() == "rows.jsonl") continue;
    EXPECT_NE(page.find("\n" + read_file(entry.path()) + "```"), std::string::npos) << entry.path();
  }
}

TEST_F(SlowRewardRules, ALibraryIsNamedWithWhatIsWrongWithIt) {
  EXPECT_EQ(shell("hone score --reward brevity.json --input rows.jsonl", " 2>log"), 2);
  EXPECT_NE(log().find("brevity.json:1: rewards[0].library: no file brevity.so"), std::string::npos) << log();
  write_file(folder_ / "brevity.so", "this is no library");
  EXPECT_EQ(shell("hone score --reward brevity.json --input rows.jsonl", " 2>log"), 2);
  EXPECT_NE(log().find("library: brevity.so: cannot be loaded: "), std::string::npos) << log();
}

TEST_F(SlowRewardRules, AJudgeThatOnlyDiesIsSaidAndFails) {
  write_file(folder_ / "judge.py", "import sys\nsys.exit('no model here')\n");
  EXPECT_EQ(shell("hone score --reward judge.json --input rows.jsonl", " >out.jsonl 2>log"), 1);
  EXPECT_NE(log().find("4 of 4 lines have no reward"), std::string::npos) << log();
  EXPECT_NE(log().find("no model here"), std::string::npos) << log();
}

}  // namespace
}  // namespace hone
