#include "rl/conversation_sample.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "core/files.h"
#include "rl/run_date.h"
#include "rl/sft_sample.h"
#include "tests/core/temp_folder.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

const fs::path kGolden = source_dir() / "tests/golden";

/// The tokenizers of tests/golden/tokenizers.json, and any chat template.
class Conversations {
 public:
  Conversations() {
    const Json golden = Json::parse(read_file(kGolden / "tokenizers.json"));
    for (Json named : golden["cases"]) {
      Json file = named["parts"];
      file["model"] = golden["models"][named["model"].get<std::string>()];
      files_[named["name"]] = file.dump();
    }
  }
  const Tokenizer& tokenizer(const std::string& name) {
    const auto known = tokenizers_.find(name);
    if (known != tokenizers_.end()) return known->second;
    return tokenizers_.emplace(name, Tokenizer::from_json(files_.at(name))).first->second;
  }
  PromptRenderer renderer(const std::string& tokenizer_name, const std::string& chat_template) {
    std::ofstream(folder_ / "chat_template.jinja") << chat_template;
    return {{}, tokenizer(tokenizer_name), folder_.path(), *parse_date("2026-01-01")};
  }

 private:
  TempFolder folder_;
  std::map<std::string, std::string> files_;
  std::map<std::string, Tokenizer> tokenizers_;
};

Example example_of(const OrderedJson& messages, size_t prompt_messages) {
  Example example;
  example.messages = messages;
  example.prompt_messages = prompt_messages;
  example.problem.chat.messages = OrderedJson::array();
  const size_t count = prompt_messages > 0 ? prompt_messages : messages.size() - 1;
  for (size_t i = 0; i < count; ++i) example.problem.chat.messages.push_back(messages[i]);
  return example;
}

std::vector<TokenId> all_ids(const TrainingGroup& group) {
  std::vector<TokenId> ids = group.prompt;
  ids.insert(ids.end(), group.samples[0].ids.begin(), group.samples[0].ids.end());
  return ids;
}

std::vector<bool> all_trained(const TrainingGroup& group) {
  std::vector<bool> trained(group.prompt.size(), false);
  for (size_t i = 0; i < group.samples[0].ids.size(); ++i) trained.push_back(group.samples[0].is_trained(i));
  return trained;
}

const OrderedJson kTurns = {{{"role", "user"}, {"content", "hello"}},
                            {{"role", "assistant"}, {"content", "the then"}},
                            {{"role", "user"}, {"content", "x"}},
                            {{"role", "assistant"}, {"content", "hello"}}};

TEST(GoldenChatMasks, TokensAndMasksAreThoseOfTransformers) {
  const OrderedJson golden = OrderedJson::parse(read_file(kGolden / "chat_masks.json"));
  Conversations conversations;
  int trained_tokens = 0, first = 0;
  for (const OrderedJson& line : golden["cases"]) {
    const PromptRenderer renderer =
        conversations.renderer(line["tokenizer"], golden["templates"][line["template"].get<std::string>()]);
    const ConversationSample sample =
        conversation_sample(example_of(line["messages"], line["prompt_messages"]), renderer, {});
    const auto ids = line["ids"].get<std::vector<TokenId>>();
    std::vector<bool> trained(ids.size(), false);
    for (const OrderedJson& run : line["trained"])
      for (size_t i = run[0]; i < run[1].get<size_t>(); ++i) trained[i] = true, ++trained_tokens;
    first += trained[0];
    trained[0] = false;  // nothing predicts it
    EXPECT_EQ(all_ids(sample.group), ids) << line;
    EXPECT_EQ(all_trained(sample.group), trained) << line;
    EXPECT_EQ(sample.unplaced_turns, 0);
  }
  EXPECT_GT(trained_tokens, 5000);
  EXPECT_EQ(first, 0);
}

TEST(ConversationSample, WithoutMarksATurnIsWhatItAdds) {
  Conversations conversations;
  const PromptRenderer renderer =
      conversations.renderer("gpt2",
                             "{% for m in messages %}[{{ m.role }}]{{ m.content }};{% endfor %}{% if "
                             "add_generation_prompt %}[assistant]{% endif %}");
  const ConversationSample sample = conversation_sample(example_of(kTurns, 0), renderer, {});
  std::string trained;
  for (size_t i = 0; i < sample.group.samples[0].ids.size(); ++i)
    if (sample.group.samples[0].is_trained(i))
      trained += renderer.tokenizer().decode({&sample.group.samples[0].ids[i], 1}, false);
  EXPECT_EQ(trained, "the then;hello;");
  const ConversationSample everything =
      conversation_sample(example_of(kTurns, 0), renderer, {.assistant_only_loss = false});
  EXPECT_EQ(everything.group.num_trained(), int64_t(all_ids(everything.group).size()) - 1);
  EXPECT_EQ(everything.group.prompt.size(), 1u) << "nothing predicts the first token";
}

TEST(ConversationSample, TurnsWithoutACertainPlaceAreCountedNotGuessed) {
  Conversations conversations;  // earlier answers lose their text, as templates do with reasoning
  const PromptRenderer renderer =
      conversations.renderer("gpt2",
                             "{% for m in messages %}[{{ m.role }}]{% if loop.last or m.role == 'user' %}{{ "
                             "m.content }}{% endif %};{% endfor %}"
                             "{% if add_generation_prompt %}[assistant]{% endif %}");
  SampleCounts counts;
  SftOptions options;
  const TrainingGroup group = sft_sample(example_of(kTurns, 0), renderer, options, 1000, counts);
  EXPECT_EQ(counts.unplaced_turns, 1);
  EXPECT_GT(group.num_trained(), 0) << "the last turn has its place";
  Json metrics = Json::object();
  counts.write(metrics);
  EXPECT_EQ(metrics, (Json{{"sft/unplaced_turns", 1}}));
}

TEST(ConversationSample, ALongOneLosesItsEnd) {
  Conversations conversations;
  const PromptRenderer renderer = conversations.renderer(
      "gpt2", "{% for m in messages %}{{ m.content }}{% if m.role == 'user' %}:{% endif %}{% endfor %}");
  const Example example = example_of(kTurns, 0);
  SampleCounts whole, cut, gone;
  const std::vector<TokenId> ids = all_ids(sft_sample(example, renderer, {}, 1000, whole));
  const TrainingGroup shorter = sft_sample(example, renderer, {}, int64_t(ids.size()) - 1, cut);
  EXPECT_EQ(all_ids(shorter), (std::vector<TokenId>(ids.begin(), ids.end() - 1)));
  EXPECT_EQ(sft_sample(example, renderer, {}, 1, gone).num_trained(), 0);
  EXPECT_EQ(std::vector<int64_t>({whole.truncated, cut.truncated, gone.truncated, gone.untrained}),
            (std::vector<int64_t>{0, 1, 1, 1}));
}

TEST(SftMaxLength, IsTheContextUnlessTheStageSaysLess) {
  DecoderConfig config;
  config.max_positions = 128;
  EXPECT_EQ(sft_max_length({}, config), 128);
  SftOptions options;
  options.max_length = 64;
  EXPECT_EQ(sft_max_length(options, config), 64);
  options.max_length = 4096;
  EXPECT_EQ(sft_max_length(options, config), 128);
}

}  // namespace
}  // namespace hone
