// The commands on a tiny model: fields, round trips, and that sampler, `logprobs` and any number of threads agree to the bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/cli/cli_case.h"
#include "tests/cli/tiny_model.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

class Commands : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("hone_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    write_tiny_model(folder_ / "model");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string model() const { return (folder_ / "model").string(); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  fs::path folder_;
};

TEST_F(Commands, TokenizeThereAndBackIsTheIdentity) {
  const std::string text = "make 24 from 3 5 9 :\n\n \xE5\xAF\xB9 done<|end|>\n";
  const CliResult ids = run({"tokenize", model()}, text);
  ASSERT_EQ(ids.status, kExitDone) << ids.err;
  ASSERT_EQ(ids.lines().size(), 3u);
  EXPECT_EQ(ids.lines()[2].back(), 256);
  const CliResult back = run({"tokenize", model(), "--decode"}, ids.out);
  EXPECT_EQ(back.out, text) << "blank lines come back too";
  EXPECT_EQ(run({"tokenize", model(), "--decode", "--no-special"}, "[72,105,256]\n").out, "Hi\n");
}

TEST_F(Commands, TokenizeRefusesWhatAreNoIds) {
  for (const char* bad : {"{}", "[1, \"a\"]", "[-1]", "[1.5]", "[4294967296]", "[1"}) {
    const CliResult r = run({"tokenize", model(), "--decode"}, std::string("[72]\n") + bad + "\n");
    EXPECT_EQ(r.status, kExitBadInput) << bad;
    EXPECT_TRUE(contains(r.err, "<stdin>:2")) << r.err;
  }
}

TEST_F(Commands, SampleGivesTheAgreedFieldsAndKeepsTheRow) {
  const std::string rows = file("rows.jsonl", "{\"prompt\": \"ab\", \"answer\": 7}\n{\"prompt\": \"c\"}\n");
  const CliResult r =
      run({"sample", model(), "--input", rows, "--num-samples", "2", "--max-new-tokens", "5", "--json"});
  ASSERT_EQ(r.status, kExitDone) << r.err;
  const std::vector<Json> lines = r.lines();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1]["prompt"], "ab");
  EXPECT_EQ(lines[1]["answer"], 7);
  EXPECT_EQ(lines[2]["prompt"], "c");
  for (const Json& line : lines) {
    EXPECT_TRUE(line["completion"].is_string());
    EXPECT_EQ(line["ids"].size(), line["logprobs"].size());
    EXPECT_LE(line["ids"].size(), 5u);
    EXPECT_TRUE(line["finish_reason"] == "stop" || line["finish_reason"] == "length");
  }
  EXPECT_NE(lines[0]["ids"], lines[1]["ids"]) << "samples of one prompt have draws of their own";
}

TEST_F(Commands, SampleIsAFunctionOfItsSeedAndNothingElse) {
  const std::vector<std::string> base = {"sample",           model(), "--prompt", "xyz", "--num-samples", "3",
                                         "--max-new-tokens", "12",    "--json"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = base;
    all.insert(all.end(), more.begin(), more.end());
    return run(all).out;
  };
  const std::string once = with({"--threads", "1"});
  EXPECT_EQ(with({"--threads", "1"}), once);
  EXPECT_EQ(with({"--threads", "3"}), once);
  EXPECT_NE(with({"--seed", "1"}), once);
}

TEST_F(Commands, LogprobsAreTheSamplersToTheBit) {
  const CliResult sampled =
      run({"sample", model(), "--prompt", "hello", "--num-samples", "4", "--max-new-tokens", "20", "--json"});
  ASSERT_EQ(sampled.status, kExitDone) << sampled.err;
  const Json prompt = run({"tokenize", model()}, "hello\n").lines()[0];
  std::string input;
  for (const Json& line : sampled.lines()) {
    Json ids = prompt;
    for (const Json& id : line["ids"]) ids.push_back(id);
    input += Json{{"ids", ids}}.dump() + "\n";
  }
  const CliResult scored = run({"logprobs", model()}, input);
  ASSERT_EQ(scored.status, kExitDone) << scored.err;
  ASSERT_EQ(scored.lines().size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    const Json line = scored.lines()[i], expected = sampled.lines()[i]["logprobs"];
    EXPECT_TRUE(line["logprobs"][0].is_null());
    ASSERT_EQ(line["logprobs"].size(), prompt.size() + expected.size());
    for (size_t j = 0; j < expected.size(); ++j)
      EXPECT_EQ(line["logprobs"][prompt.size() + j], expected[j]) << i << " " << j;
  }
}

TEST_F(Commands, LogprobsTakeTextAndShortLines) {
  const CliResult r = run({"logprobs", model()}, "{\"text\": \"ab\"}\n{\"ids\": [97]}\n{\"ids\": []}\n");
  ASSERT_EQ(r.status, kExitDone) << r.err;
  EXPECT_EQ(r.lines()[0]["ids"], Json({97, 98}));
  EXPECT_EQ(r.lines()[1]["logprobs"], Json::array({nullptr}));
  EXPECT_EQ(r.lines()[2]["logprobs"], Json::array());
  EXPECT_EQ(run({"logprobs", model()}, "{\"ids\": []}\n").out, "{\"ids\":[],\"logprobs\":[]}\n");
  EXPECT_EQ(run({"logprobs", model()}, "\n").out, "");
}

TEST_F(Commands, LogprobsNameTheBadLine) {
  for (const char* bad :
       {"[]", "{}", "{\"ids\": [272]}", "{\"ids\": [-1]}", "{\"ids\": 3}", "{\"ids\": [1", "{\"text\": 3}"}) {
    const CliResult r = run({"logprobs", model()}, std::string("{\"ids\": [1, 2]}\n") + bad + "\n");
    EXPECT_EQ(r.status, kExitBadInput) << bad;
    EXPECT_TRUE(contains(r.err, "<stdin>:2")) << r.err;
  }
  std::string tokens = "1";
  for (int i = 0; i < 128; ++i) tokens += ",1";
  EXPECT_TRUE(contains(run({"logprobs", model()}, "{\"ids\": [" + tokens + "]}\n").err,
                       "129 tokens, but the context holds 128"));
}

TEST_F(Commands, SampleAndEvalTakeTheChatTemplate) {
  std::ofstream(folder_ / "model" / "chat_template.jinja")
      << "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<{{ who | default('bot') }}>";
  const auto ids_of = [&](const std::vector<std::string>& flags, const std::string& row) {
    std::vector<std::string> arguments = {"sample",           model(), "--input", "-", "--json",
                                          "--max-new-tokens", "4"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const CliResult r = run(arguments, row);
    EXPECT_EQ(r.status, kExitDone) << r.err;
    return r.status == kExitDone ? r.lines()[0]["ids"] : Json();
  };
  const std::string text = "{\"prompt\": \"ab\"}",
                    turn = R"({"prompt": [{"role": "user", "content": "ab"}]})";
  const Json by_hand = ids_of({}, "{\"prompt\": \"<user>ab<bot>\"}");
  EXPECT_EQ(ids_of({"--chat"}, text), by_hand);
  EXPECT_EQ(ids_of({}, turn), by_hand) << "a conversation needs no flag";
  EXPECT_EQ(ids_of({"--chat", "--system-prompt", "s", "--chat-template-kwargs", R"({"who": "me"})"}, text),
            ids_of({}, "{\"prompt\": \"<system>s<user>ab<me>\"}"));
  const std::string rows = file("rows.jsonl", R"({"prompt": "ab", "answer": "1"})");
  const auto eval = [&](const std::string& flag, const std::string& value) {
    const CliResult r = run({"eval", model(), "--dataset", rows, "--reward", "exact_match",
                             "--max-new-tokens", "8", "--json", flag, value});
    EXPECT_EQ(r.status, kExitDone) << r.err;
    return r.out;
  };
  EXPECT_EQ(eval("--template", "chat"), eval("--template", "<user>{prompt}<bot>"));
  EXPECT_TRUE(
      contains(run({"sample", model(), "--prompt", "a", "--chat", "--chat-template-kwargs", "[1]"}).err,
               "--chat-template-kwargs: got [1]"));
}

TEST_F(Commands, AStopTextEndsACompletion) {
  const auto sample = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> arguments = {"sample",           model(), "--prompt", "ab", "--json",
                                          "--max-new-tokens", "40"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run(arguments).lines().at(0);
  };
  const Json free = sample({});
  const std::string stop = free["completion"].get<std::string>().substr(10, 1);
  const Json stopped = sample({"--stop", "never there", "--stop", stop});
  const std::string expected = free["completion"].get<std::string>();
  EXPECT_EQ(stopped["completion"], expected.substr(0, expected.find(stop)));
  EXPECT_EQ(stopped["finish_reason"], "stop");
}

TEST_F(Commands, EveryEndTokenOfTheFolderEndsACompletion) {
  const auto ids = [&] {
    return run({"sample", model(), "--prompt", "ab", "--json", "--max-new-tokens", "40"})
        .lines()
        .at(0)["ids"]
        .get<std::vector<TokenId>>();
  };
  const std::vector<TokenId> free = ids();
  const auto first = std::find(free.begin(), free.end(), free[10]);
  const std::vector<TokenId> expected(free.begin(), first + 1);
  const std::string ends = Json{256, free[10]}.dump();
  file("model/generation_config.json", "{\"eos_token_id\": " + ends + "}");
  EXPECT_EQ(ids(), expected);
  fs::remove(folder_ / "model/generation_config.json");
  EXPECT_EQ(ids(), free);
  Json config = Json::parse(std::ifstream(folder_ / "model/config.json"));
  config["eos_token_id"] = Json::parse(ends);
  file("model/config.json", config.dump());
  EXPECT_EQ(ids(), expected) << "config.json is asked where there is no generation_config.json";
}

TEST_F(Commands, SampleRefusesWhatItCannotDo) {
  EXPECT_TRUE(contains(run({"sample", model()}).err, "got neither"));
  EXPECT_TRUE(contains(run({"sample", model(), "--prompt", "a", "--input", "b"}).err, "got both"));
  EXPECT_TRUE(contains(run({"sample", model(), "--input", file("bad.jsonl", "{\"prompt\": 3}\n")}).err,
                       "bad.jsonl:1: expected an object"));
  EXPECT_EQ(run({"sample", model(), "--prompt", "a", "--max-new-tokens", "4096"}).status, kExitBadInput)
      << "longer than the context";
  EXPECT_TRUE(contains(run({"sample", model(), "--prompt", "a", "--chat"}).err, "no chat_template"));
}

TEST_F(Commands, ScoreAddsRewardsToTheLine) {
  const CliResult r = run(
      {"score", "--reward", "format"},
      "{\"completion\": \"<think> a </think> <answer> b </answer>\", \"id\": 3}\n{\"completion\": \"b\"}\n");
  ASSERT_EQ(r.status, kExitDone) << r.err;
  EXPECT_EQ(r.lines()[0]["reward"], 1.0);
  EXPECT_EQ(r.lines()[0]["rewards"]["format"], 1.0);
  EXPECT_EQ(r.lines()[0]["id"], 3);
  EXPECT_EQ(r.lines()[1]["reward"], 0.0);
  EXPECT_TRUE(contains(run({"score", "--reward", "fromat"}).err, "did you mean format?"));
}

TEST_F(Commands, EvalMeasuresATask) {
  const std::vector<std::string> arguments = {
      "eval", model(),     "--dataset", "countdown",        "--num-problems",
      "4",    "--samples", "2",         "--max-new-tokens", "8"};
  const CliResult table = run(arguments);
  ASSERT_EQ(table.status, kExitDone) << table.err;
  EXPECT_TRUE(contains(table.out, "4 problems, 2 completions each"));
  std::vector<std::string> with_json = arguments;
  with_json.push_back("--json");
  const Json metrics = run(with_json).lines()[0];
  for (const char* key : {"avg@2", "avg@2/se", "pass@2", "cons@2", "truncated_fraction"})
    EXPECT_TRUE(metrics.contains(key)) << metrics;
  EXPECT_TRUE(contains(run({"eval", model(), "--dataset", "countdwn"}).err, "did you mean countdown?"));
}

TEST_F(Commands, InspectTellsWhatAModelIs) {
  const CliResult r = run({"inspect", model()});
  ASSERT_EQ(r.status, kExitDone) << r.err;
  const Json found = Json::parse(r.out)["model"];
  EXPECT_EQ(found["architecture"], "qwen3");
  EXPECT_EQ(found["vocab_size"], 272);
  EXPECT_EQ(run({"inspect", folder_.string()}).status, kExitBadInput) << "a folder of nothing";
}

}  // namespace
}  // namespace hone
