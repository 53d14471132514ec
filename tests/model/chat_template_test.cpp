// Chat templates: conversations as transformers renders them, which template and variables a folder gives,
// the assistant's bytes.
#include "model/chat_template.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/files.h"
#include "tests/core/temp_folder.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kTurns =
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}{% if add_generation_prompt "
    "%}<assistant>{% endif %}";

OrderedJson conversation() {
  return {{{"role", "user"}, {"content", "Hi"}},
          {{"role", "assistant"}, {"content", "Yo"}},
          {{"role", "user"}, {"content", "Bye"}},
          {{"role", "assistant"}, {"content", "So long"}}};
}

template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

ChatRequest request_of(const OrderedJson& golden, int64_t now) {
  return {.messages = golden["messages"],
          .tools = golden.value("tools", OrderedJson()),
          .documents = golden.value("documents", OrderedJson()),
          .add_generation_prompt = golden.value("add_generation_prompt", false),
          .continue_field = golden.value("continue_field", ""),
          .variables = golden.value("variables", OrderedJson()),
          .now = std::chrono::system_clock::from_time_t(now)};
}

TEST(GoldenChatTemplate, ConversationsRenderAsInTransformers) {
  const std::string folder = source_dir().string() + "/tests/golden/";
  std::ifstream file(folder + "chat_templates.jsonl");
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  const OrderedJson head = OrderedJson::parse(line);
  std::map<std::string, ChatTemplate> templates;
  int texts = 0, refusals = 0;
  while (std::getline(file, line)) {
    const OrderedJson golden = OrderedJson::parse(line);
    const std::string name = golden["template"];
    if (!templates.contains(name))
      templates.emplace(name, ChatTemplate::from_text(read_file(folder + "chat_templates/" + name), name,
                                                      head["special_tokens"]));
    const ChatRequest request = request_of(golden["request"], head["now"]);
    if (golden.contains("error")) {
      EXPECT_NE(error_of([&] { templates.at(name).render(request); }), "no error") << line;
      ++refusals;
      continue;
    }
    EXPECT_EQ(templates.at(name).render(request), golden["text"].get<std::string>()) << line;
    ++texts;
    if (!golden.contains("spans")) continue;
    const ChatText trained = templates.at(name).render_for_training(request);
    ASSERT_EQ(trained.assistant.size(), golden["spans"].size()) << line;
    for (size_t i = 0; i < trained.assistant.size(); ++i) {
      EXPECT_EQ(trained.assistant[i].begin, golden["spans"][i][0].get<size_t>()) << line;
      EXPECT_EQ(trained.assistant[i].end, golden["spans"][i][1].get<size_t>()) << line;
    }
  }
  EXPECT_GE(templates.size(), 12u);
  EXPECT_GT(texts, 150);
  EXPECT_GT(refusals, 5);
}

TEST(ChatTemplate, SpecialTokensMayBeTextsOrObjects) {
  const TempFolder folder;
  write_file(
      folder / "tokenizer_config.json",
      R"({"bos_token": {"content": "<s>"}, "eos_token": "</s>", "pad_token": null, "chat_template": "{{ bos_token }}|{{ eos_token }}|{{ pad_token }}"})");
  write_file(folder / "special_tokens_map.json", R"({"eos_token": "<other>", "unk_token": "<unk>"})");
  EXPECT_EQ(ChatTemplate::load(folder.path()).render({.messages = conversation()}), "<s>|</s>|");
}

TEST(ChatTemplate, FilesGoBeforeTheConfiguration) {
  const TempFolder folder;
  write_file(folder / "tokenizer_config.json", R"({"chat_template": "config"})");
  EXPECT_EQ(ChatTemplate::load(folder.path()).render({.messages = conversation()}), "config");
  write_file(folder / "chat_template.jinja", "file");
  EXPECT_EQ(ChatTemplate::load(folder.path()).render({.messages = conversation()}), "file");
  create_folders(folder / "additional_chat_templates");
  write_file(folder / "additional_chat_templates/tool_use.jinja", "tools");
  const ChatTemplate chat = ChatTemplate::load(folder.path());
  EXPECT_EQ(chat.render({.messages = conversation()}), "file");
  EXPECT_EQ(chat.render({.messages = conversation(), .tools = OrderedJson::array()}), "tools");
}

TEST(ChatTemplate, AListOfNamedTemplatesIsChosenFrom) {
  const TempFolder folder;
  write_file(
      folder / "tokenizer_config.json",
      R"({"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "tools"}]})");
  const ChatTemplate chat = ChatTemplate::load(folder.path());
  EXPECT_EQ(chat.render({.messages = conversation()}), "plain");
  EXPECT_EQ(chat.render({.messages = conversation(), .tools = OrderedJson::array()}), "tools");
  write_file(folder / "tokenizer_config.json", R"({"chat_template": [{"name": "rag", "template": "r"}]})");
  EXPECT_NE(
      error_of([&] { ChatTemplate::load(folder.path()).render({.messages = conversation()}); }).find("(rag)"),
      std::string::npos);
}

TEST(ChatTemplate, AFolderWithoutOneIsAnError) {
  const TempFolder folder;
  EXPECT_NE(error_of([&] { ChatTemplate::load(folder.path()); }).find("no chat_template"), std::string::npos);
  write_file(folder / "tokenizer_config.json", R"({"chat_template": [{"name": "x"}]})");
  EXPECT_NE(error_of([&] { ChatTemplate::load(folder.path()); }).find("expected {\"name\""),
            std::string::npos);
  write_file(folder / "tokenizer_config.json", R"({"chat_template": "{% if %}"})");
  EXPECT_NE(
      error_of([&] { ChatTemplate::load(folder.path()); }).find("tokenizer_config.json: chat_template:1:7: "),
      std::string::npos);
}

TEST(ChatTemplate, MessagesAreCheckedAndTidied) {
  const ChatTemplate chat = ChatTemplate::from_text("{{ messages | tojson }}", "t");
  EXPECT_EQ(chat.render({.messages = {{{"role", "user"}, {"content", nullptr}}}}), R"([{"role": "user"}])");
  EXPECT_EQ(chat.render({.messages = {{{"role", "assistant"}, {"reasoning", "r"}}}}),
            R"([{"thinking": "r", "role": "assistant", "reasoning": "r", "reasoning_content": "r"}])");
  EXPECT_EQ(error_of([&] { chat.render({.messages = OrderedJson::array()}); }),
            "t: messages: expected an array of at least one message, got none");
  EXPECT_EQ(error_of([&] { chat.render({.messages = {"hi"}}); }),
            "t: messages[0]: got string, expected an object");
}

TEST(ChatTemplate, TheLastMessageMayStayOpen) {
  const ChatTemplate chat = ChatTemplate::from_text(kTurns, "t");
  OrderedJson messages = conversation();
  EXPECT_EQ(chat.render({.messages = messages, .continue_field = "content"}),
            "<user>Hi</><assistant>Yo</><user>Bye</><assistant>So long");
  EXPECT_NE(error_of([&] {
              chat.render({.messages = messages, .add_generation_prompt = true, .continue_field = "content"});
            }),
            "no error");
  EXPECT_NE(error_of([&] { chat.render({.messages = messages, .continue_field = "reasoning_content"}); }),
            "no error");
  const ChatTemplate without = ChatTemplate::from_text("{{ messages[0].content }}", "t");
  EXPECT_NE(error_of([&] {
              without.render({.messages = messages, .continue_field = "content"});
            }).find("drops or changes"),
            std::string::npos);
}

TEST(ChatTemplate, WithoutGenerationBlocksATurnIsWhatItAdds) {
  const ChatText text =
      ChatTemplate::from_text(kTurns, "t").render_for_training({.messages = conversation()});
  ASSERT_EQ(text.assistant.size(), 2u);
  EXPECT_EQ(text.text.substr(text.assistant[0].begin, text.assistant[0].end - text.assistant[0].begin),
            "Yo</>");
  EXPECT_EQ(text.text.substr(text.assistant[1].begin), "So long</>");
  EXPECT_EQ(text.unplaced_turns, 0);
}

TEST(ChatTemplate, ATurnThatIsRenderedOtherwiseLaterIsNotPlaced) {
  const ChatText text =
      ChatTemplate::from_text(
          "{% for m in messages %}<{{ m.role }}>{{ 'T' if loop.last }}{{ m.content }}{% endfor %}"
          "{{ '<assistant>' if add_generation_prompt }}",
          "t")
          .render_for_training({.messages = conversation()});
  EXPECT_EQ(text.unplaced_turns, 2);  // the last one's prompt has a T that the whole has not
  EXPECT_TRUE(text.assistant.empty());
}

TEST(ChatTemplate, ATurnWhoseBeginningIsRefusedIsNotPlaced) {
  const ChatText text =
      ChatTemplate::from_text(
          std::string("{% if messages|length < 4 %}{{ raise_exception('too short') }}{% endif %}") + kTurns,
          "t")
          .render_for_training({.messages = conversation()});
  EXPECT_EQ(text.unplaced_turns, 2);
  EXPECT_TRUE(text.text.ends_with("So long</>"));
}

TEST(ChatTemplate, VariablesOfTheRequestGoBeforeSpecialTokens) {
  const ChatTemplate chat =
      ChatTemplate::from_text("{{ bos_token }}{{ enable_thinking }}", "t", {{"bos_token", "<s>"}});
  EXPECT_EQ(chat.render(
                {.messages = conversation(), .variables = {{"bos_token", "B"}, {"enable_thinking", false}}}),
            "BFalse");
}

}  // namespace
}  // namespace hone
