// The `native` rule: libraries that are compiled here against the header alone, good ones and every kind of bad one.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <stop_token>
#include <thread>

#include "core/files.h"
#include "core/interrupted.h"
#include "tests/rewards/score_helper.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// Not in /dev/shm, where TempFolder may be: containers mount it without leave to run what lies there.
class LibraryFolder {
 public:
  LibraryFolder() {
    std::string name = (fs::temp_directory_path() / "hone-native-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw Error(name + ": cannot be made");
    path_ = name;
  }
  ~LibraryFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

class NativeRule : public testing::Test {
 protected:
  /// Compiles as docs/reward_rules.md says, outside the tree, where nothing but the header is to be found.
  void compile(const std::string& source, const std::string& name, bool c = false) {
    const fs::path include = folder_.path() / "include";
    fs::create_directories(include);
    fs::copy_file(source_dir() / "rewards/hone_reward_v1.h", include / "hone_reward_v1.h",
                  fs::copy_options::skip_existing);
    write_file(folder_.path() / (c ? "rule.c" : "rule.cpp"), "#include \"hone_reward_v1.h\"\n" + source);
    const std::string command =
        "cd '" + folder_.path().string() + "' && " + (c ? "gcc -std=c99 -pedantic" : "g++ -std=c++17") +
        " -Wall -Wextra -Werror -shared -fPIC -I include " + (c ? "rule.c" : "rule.cpp") + " -o " + name;
    ASSERT_EQ(std::system(command.c_str()), 0) << source;
  }

  /// A C library whose score() runs `body`, and which has `more` besides.
  void compile_c(const std::string& body, const std::string& more = "",
                 const std::string& version = "HONE_REWARD_VERSION") {
    compile(R"(
static int made;
static void* create(const hone_reward_object* options, hone_reward_output* output) { (void)options; (void)output; return &made; }
static int score(const void* rule, const hone_reward_input* input, hone_reward_output* output) {
  (void)rule; (void)input; (void)output;
  )" + body + R"(
}
static void destroy(void* rule) { (void)rule; }
static const hone_reward_rule rule = {sizeof(hone_reward_rule), )" +
                version + R"(, create, score, destroy};
const hone_reward_rule* hone_reward_v1(void) { return &rule; }
)" + more,
            "rule.so", true);
  }

  std::string rule(const std::string& name = "rule.so", const std::string& more = "") const {
    return R"({"rule": "native", "library": ")" + (folder_.path() / name).string() + "\"" + more + "}";
  }

  /// Why the rule is refused; the message must name the library.
  std::string refusal(const std::string& name = "rule.so", const std::string& more = "") const {
    try {
      reward_set("[" + rule(name, more) + "]");
    } catch (const InputError& e) {
      const std::string what = e.what();
      EXPECT_NE(what.find((folder_.path() / name).string()), std::string::npos) << what;
      EXPECT_NE(what.find("test.json:1: rewards[0].library: "), std::string::npos) << what;
      return what;
    }
    return "";
  }

  /// Why a step is stopped; the message must name the library.
  std::string failure(const Sample& sample = {"x"}) const {
    try {
      score(rule(), sample);
    } catch (const Error& e) {
      const std::string what = e.what();
      EXPECT_NE(what.find("reward rule \"native\" on problem 7, rollout 0: "), std::string::npos) << what;
      EXPECT_NE(what.find((folder_.path() / "rule.so").string()), std::string::npos) << what;
      return what;
    }
    return "";
  }

  LibraryFolder folder_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(NativeRule, SeesEverything) {
  compile(R"(
#include <cmath>
struct All {
  explicit All(const hone_reward::Object& o) : factor(o.number("factor", 1)), city(o.get("where.city").value_or("nowhere")) {
    if (o.get("bad")) throw std::runtime_error("bad is not allowed");
  }
  hone_reward::Verdict score(const hone_reward::Input& in) const {
    if (in.completion().text == "throw") throw std::runtime_error("I threw");
    if (in.completion().text == "throw int") throw 42;
    if (in.completion().text == "down") throw hone_reward::NoVerdict("the service is down");
    if (in.completion().text == "nan") return std::nan("");
    if (in.completion().text == "broken detail") return {1, "{"};
    size_t longest = 0;
    for (size_t i = 0; i < in.group_size(); ++i) longest = std::max(longest, in.member(i).text.size());
    const std::string detail = "{\"prompt\": \"" + std::string(in.prompt()) + "\", \"row\": " + std::string(in.row().json()) +
      ", \"answer\": \"" + std::string(in.row().require("answer")) + "\", \"deep\": " + std::string(in.row().require("a.b")) +
      ", \"none\": " + (in.row().get("a.c") || in.row().get("none") || in.row().get("answer.x") ? "1" : "0") +
      ", \"tokens\": " + std::to_string(in.completion().num_tokens) + ", \"finish\": " + std::to_string(in.completion().finish_reason) +
      ", \"index\": " + std::to_string(in.index()) + ", \"group\": " + std::to_string(in.group_size()) + ", \"longest\": " + std::to_string(longest) +
      ", \"problem\": " + std::to_string(in.problem()) + ", \"format\": " + std::to_string(in.earlier("other").value_or(-1)) +
      ", \"city\": \"" + city + "\"}";
    return {factor * double(in.completion().text.size()), detail};
  }
  double factor;
  std::string city;
};
HONE_REWARD_RULE(All)
)",
          "rule.so");
  const RewardSet set =
      reward_set(R"([{"rule": "pattern", "name": "other", "pattern": "four", "value": 0.5}, )" +
                 rule("rule.so", R"(, "options": {"factor": 2, "where": {"city": "Bern"}})") + "]");
  RolloutGroup group;
  group.prompt.text = "2 + 2?";
  group.prompt.problem = {12, "", {{"answer", "4"}, {"a", {{"b", {1, 2}}, {"c", nullptr}}}}};
  group.rollouts = {rollout_of({"four", {}, "", FinishReason::kLength, 3}), rollout_of({"fi\xFFve, or so"})};
  const ScoredGroup scored = set.score(group);
  EXPECT_EQ(scored.by_rule[1][0].value, 8.0);
  EXPECT_EQ(scored.by_rule[1][0].detail,
            Json::parse(R"({"prompt": "2 + 2?", "row": {"answer": "4", "a": {"b": [1, 2], "c": null}},
      "answer": "4", "deep": [1, 2], "none": 0, "tokens": 3, "finish": 1, "index": 0, "group": 2, "longest": 12,
      "problem": 12, "format": 0.5, "city": "Bern"})"));
  EXPECT_EQ(scored.by_rule[1][1].value, 24.0);

  EXPECT_TRUE(has(failure({"throw"}), ": I threw"));
  EXPECT_TRUE(has(failure({"throw int"}), "threw something that is no std::exception"));
  EXPECT_TRUE(has(failure({"nan"}), "the value is nan, expected a finite number"));
  EXPECT_TRUE(has(failure({"broken detail", {{"answer", "4"}}}), "its detail is no JSON: {"));
  EXPECT_TRUE(has(failure({"x"}), "is missing"));
  EXPECT_TRUE(
      has(refusal("rule.so", R"(, "options": {"bad": 1})"), "its rule cannot be made: bad is not allowed"));
  EXPECT_TRUE(
      has(refusal("rule.so", R"(, "options": {"factor": "two"})"), "\"factor\" is two, expected a number"));
  const Reward down = score(rule(), {"down"});
  EXPECT_EQ(down.error, "the service is down");
  EXPECT_EQ(down.value, 0.0);
}

TEST_F(NativeRule, CanBeWrittenInC) {
  compile_c("output->value = (double)input->group[input->index]->text.size; return HONE_REWARD_OK;");
  EXPECT_EQ(score(rule(), {"four"}).value, 4.0);
}

TEST_F(NativeRule, WhatScoreMustNotDoStopsTheStep) {
  compile_c("return 7;");
  EXPECT_TRUE(has(failure(), "its score() returned 7"));
  compile_c("output->value = 1.0 / (double)input->num_earlier; return HONE_REWARD_OK;");
  EXPECT_TRUE(has(failure(), "the value is inf"));
  compile_c("output->set_message(output, \"no \\xFF row\", 8); return HONE_REWARD_FAILED;");
  EXPECT_TRUE(has(failure(), ": no \xEF\xBF\xBD row"));
}

TEST_F(NativeRule, AnExceptionThatCrossesTheInterfaceIsCaughtToo) {
  compile(R"(
#include <stdexcept>
static void* create(const hone_reward_object*, hone_reward_output*) { return new int; }
static int score(const void*, const hone_reward_input*, hone_reward_output*) { throw std::logic_error("out it goes"); }
static void destroy(void* rule) { delete static_cast<int*>(rule); }
static const hone_reward_rule rule = {sizeof(hone_reward_rule), HONE_REWARD_VERSION, create, score, destroy};
extern "C" const hone_reward_rule* hone_reward_v1() { return &rule; }
)",
          "rule.so");
  EXPECT_TRUE(has(failure(), "an exception left its score(): out it goes"));
}

TEST_F(NativeRule, ACrashAtLoadIsAnErrorWithItsSignal) {
  compile_c("return 0;", "__attribute__((constructor)) static void begin(void) { *(volatile int*)0 = 1; }\n");
  EXPECT_TRUE(has(refusal(), "ended the process that loaded it: signal 11 (Segmentation fault)"))
      << refusal();
  compile_c("return 0;",
            "#include <stdlib.h>\n__attribute__((constructor)) static void begin(void) { abort(); }\n");
  EXPECT_TRUE(has(refusal(), "ended the process that loaded it: signal 6 (Aborted)")) << refusal();
  compile_c("return 0;",
            "#include <stdlib.h>\n__attribute__((constructor)) static void begin(void) { exit(3); }\n");
  EXPECT_TRUE(has(refusal(), "ended the process that loaded it: exit status 3")) << refusal();
  compile_c("return 0;",
            "#include <stdlib.h>\n__attribute__((destructor)) static void end(void) { abort(); }\n");
  EXPECT_TRUE(has(refusal(), "signal 6 (Aborted)")) << "unloading belongs to it: " << refusal();
}

TEST_F(NativeRule, OneThatLooksIsStoppedAtOnceAndOthersAfterTheirCompletion) {
  RolloutGroup group;
  group.rollouts.assign(50, rollout_of({"x"}));
  const auto seconds_of = [&](const std::string& body) {
    compile_c(body, "", "HONE_REWARD_VERSION");
    const RewardSet rewards = reward_set("[" + rule() + "]");
    std::stop_source source;
    const auto begin = std::chrono::steady_clock::now();
    std::jthread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      source.request_stop();
    });
    EXPECT_THROW(rewards.score({group}, source.get_token()), Interrupted) << body;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const std::string sleep = "extern int usleep(unsigned); ";
  EXPECT_LT(
      seconds_of(sleep + "for (int i = 0; i < 10000 && !input->stop_requested(input); ++i) usleep(10000);"
                         " return 0;"),
      2);
  EXPECT_LT(seconds_of(sleep + "usleep(900000); return 0;"), 3) << "not all 50";
}

TEST_F(NativeRule, WhatIsNoSuchLibraryIsNamed) {
  write_file(folder_.path() / "text.so", "not a library\n");
  EXPECT_TRUE(has(refusal("text.so"), "cannot be loaded: ")) << refusal("text.so");
  EXPECT_TRUE(has(refusal("text.so"), "file too short") || has(refusal("text.so"), "invalid ELF header"));
  write_file(folder_.path() / "long.so", std::string(10000, 'x'));
  EXPECT_TRUE(has(refusal("long.so"), "invalid ELF header")) << refusal("long.so");
  EXPECT_TRUE(has(refusal("nowhere.so"), "no file "));
  compile("int something_else(void) { return 1; }\n", "rule.so", true);
  EXPECT_TRUE(has(refusal(), "has no symbol hone_reward_v1")) << refusal();
  compile_c("return 0;", "", "2");
  EXPECT_TRUE(has(refusal(), "it is built for version 2 of the interface, this hone has version 1"))
      << refusal();
  compile("const hone_reward_rule* hone_reward_v1(void) { return 0; }\n", "rule.so", true);
  EXPECT_TRUE(has(refusal(), "returned no rule")) << refusal();
  compile(
      "static const hone_reward_rule rule = {sizeof(hone_reward_rule), HONE_REWARD_VERSION, 0, 0, 0};\n"
      "const hone_reward_rule* hone_reward_v1(void) { return &rule; }\n",
      "rule.so", true);
  EXPECT_TRUE(has(refusal(), "its rule has no create")) << refusal();
  compile("extern int nowhere(void);\nint something_else(void) { return nowhere(); }\n", "rule.so", true);
  EXPECT_TRUE(has(refusal(), "undefined symbol: nowhere")) << refusal();
}

TEST_F(NativeRule, OptionsAreChecked) {
  EXPECT_THROW(reward_set(R"([{"rule": "native"}])"), InputError);
  compile_c("return 0;");
  EXPECT_THROW(reward_set("[" + rule("rule.so", R"(, "options": [1])") + "]"), InputError);
  EXPECT_THROW(reward_set("[" + rule("rule.so", R"(, "limit": 1)") + "]"), InputError);
}

}  // namespace
}  // namespace hone
