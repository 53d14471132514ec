#include "rl/prompt_renderer.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "rl/run_date.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

/// Letters a to z and the marks of templates as tokens; encode() puts <s> before a text, as Llama's tokenizers do.
constexpr const char* kTokenizer = R"({"version": "1.0", "truncation": null, "padding": null,
  "added_tokens": [
    {"id": 26, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
    {"id": 27, "content": "<|user|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
    {"id": 28, "content": "<|bot|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
    {"id": 29, "content": "<|system|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
  "normalizer": null,
  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
  "post_processor": {"type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"<s>": {"id": "<s>", "ids": [26], "tokens": ["<s>"]}}},
  "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
  "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4, "f": 5, "g": 6, "h": 7, "i": 8, "j": 9, "k": 10,
    "l": 11, "m": 12, "n": 13, "o": 14, "p": 15, "q": 16, "r": 17, "s": 18, "t": 19, "u": 20, "v": 21, "w": 22, "x": 23, "y": 24,
    "z": 25}, "merges": []}})";

constexpr const char* kChat =
    "{{ bos_token }}{% for m in messages %}<|{{ {'user': 'user', 'assistant': 'bot', 'system': "
    "'system'}[m.role] }}|>"
    "{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|bot|>{% if think is defined %}{{ think }}{% "
    "endif %}{% endif %}";

class PromptRendererTest : public testing::Test {
 protected:
  PromptRendererTest() : tokenizer_(Tokenizer::from_json(kTokenizer)) { write_template(kChat); }

  void write_template(const std::string& text) {
    std::ofstream(folder_.path() / "chat_template.jinja") << text;
    std::ofstream(folder_.path() / "tokenizer_config.json") << R"({"bos_token": "<s>"})";
  }
  PromptRenderer renderer(TemplateOptions options) const {
    return {std::move(options), tokenizer_, folder_.path(), *parse_date("2026-02-03")};
  }
  static Problem asked(const std::string& text) { return {.text = text, .row = {}}; }
  static Problem conversation(OrderedJson messages) {
    return {.id = 7,
            .text = "x",
            .row = {},
            .chat = {.messages = std::move(messages), .tools = {}, .variables = {}}};
  }
  std::string complaint(TemplateOptions options, const Problem& problem) const {
    try {
      renderer(std::move(options)).render(problem);
      return "";
    } catch (const InputError& e) {
      return e.what();
    }
  }

  TempFolder folder_;
  Tokenizer tokenizer_;
};

TEST_F(PromptRendererTest, ATextBecomesTheUsersTurn) {
  const Prompt prompt = renderer({.name = "chat"}).render(asked("ab"));
  EXPECT_EQ(prompt.text, "<s><|user|>ab<|bot|>");
  EXPECT_EQ(prompt.ids, (std::vector<TokenId>{26, 27, 0, 1, 28})) << "one beginning of text: the template's";
  EXPECT_EQ(prompt.problem.text, "ab");
}

TEST_F(PromptRendererTest, ATextTemplateKeepsTheTokenizersBeginning) {
  EXPECT_EQ(renderer({}).render(asked("ab")).ids, (std::vector<TokenId>{26, 0, 1}));
  EXPECT_EQ(renderer({.name = "q{prompt}"}).render(asked("ab")).ids, (std::vector<TokenId>{26, 16, 0, 1}));
}

TEST_F(PromptRendererTest, AConversationNeedsNoNamedTemplate) {
  const Problem problem = conversation({{{"role", "user"}, {"content", "a"}},
                                        {{"role", "assistant"}, {"content", "b"}},
                                        {{"role", "user"}, {"content", "c"}}});
  for (const char* name : {"plain", "chat"})
    EXPECT_EQ(renderer({.name = name}).render(problem).text, "<s><|user|>a<|bot|>b<|user|>c<|bot|>") << name;
  EXPECT_NE(complaint({.name = "r1_zero"}, problem).find("problem 7 is a list of messages: expected chat"),
            std::string::npos);
}

TEST_F(PromptRendererTest, AnAssistantsLastTurnIsGoneOnWith) {
  const Problem problem =
      conversation({{{"role", "user"}, {"content", "a"}}, {{"role", "assistant"}, {"content", "b"}}});
  EXPECT_EQ(renderer({}).render(problem).text, "<s><|user|>a<|bot|>b");
}

TEST_F(PromptRendererTest, VariablesOfTheRowGoBeforeTheStages) {
  TemplateOptions options{.name = "chat", .system_prompt = "", .variables = {{"think", "yes"}}};
  EXPECT_EQ(renderer(options).render(asked("a")).text, "<s><|user|>a<|bot|>yes");
  Problem problem = conversation({{{"role", "user"}, {"content", "a"}}});
  problem.chat.variables = {{"think", "no"}};
  EXPECT_EQ(renderer(options).render(problem).text, "<s><|user|>a<|bot|>no");
}

TEST_F(PromptRendererTest, TheSystemPromptGoesBeforeConversationsWithoutOne) {
  const TemplateOptions options{.name = "chat", .system_prompt = "s"};
  EXPECT_EQ(renderer(options).render(asked("a")).text, "<s><|system|>s<|user|>a<|bot|>");
  const Problem own =
      conversation({{{"role", "system"}, {"content", "t"}}, {{"role", "user"}, {"content", "a"}}});
  EXPECT_EQ(renderer(options).render(own).text, "<s><|system|>t<|user|>a<|bot|>");
}

TEST_F(PromptRendererTest, ToolsKeepTheOrderOfTheirKeys) {
  write_template("{{ tools | tojson }}");
  Problem problem = conversation({{{"role", "user"}, {"content", "a"}}});
  problem.chat.tools = OrderedJson::parse(R"([{"type": "function", "a": 1}])");
  EXPECT_EQ(renderer({}).text_of(problem), R"([{"type": "function", "a": 1}])");
}

TEST_F(PromptRendererTest, TodayIsTheRunsDay) {
  write_template("{{ strftime_now('%d %b %Y') }}");
  EXPECT_EQ(renderer({.name = "chat"}).text_of(asked("a")), "03 Feb 2026");
}

TEST_F(PromptRendererTest, AFolderWithoutATemplateIsNamedWhenOneIsNeeded) {
  fs::remove(folder_.path() / "chat_template.jinja");
  EXPECT_EQ(renderer({}).render(asked("a")).text, "a");
  EXPECT_NE(complaint({.name = "chat"}, asked("a")).find("no chat_template"), std::string::npos);
}

TEST(RunDate, IsARealDay) {
  EXPECT_TRUE(parse_date("2026-11-30"));
  for (const char* bad : {"", "2026-02-30", "2026-11", "30.11.2026", "2026-11-30x", "today"})
    EXPECT_FALSE(parse_date(bad)) << bad;
}

TEST(RunDate, StaysThatOfTheRunUnlessTheRecipeGivesOne) {
  TempFolder folder;
  const auto first = *parse_date("2024-07-26"), second = *parse_date("2025-01-01");
  keep_run_date(first, folder.path());
  keep_run_date(second, folder.path());
  EXPECT_EQ(run_date("", folder.path()), first);
  EXPECT_EQ(run_date("2025-01-01", folder.path()), second);
  std::ofstream(folder.path() / "date") << "soon\n";
  EXPECT_THROW(run_date("", folder.path()), InputError);
}

}  // namespace
}  // namespace hone
