// Chat prompts: ChatML is rendered as transformers renders it, anything else is refused.
#include "model/chat_template.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace hone {
namespace {

constexpr const char* kQwen =
    R"({%- if messages[0]['role'] == 'system' %}{{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}{%- else %})"
    R"({{- '<|im_start|>system\nYou are helpful, aren\'t you?<|im_end|>\n' }}{%- endif %})"
    R"({%- for m in messages %}{{- '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}{%- endfor %})";

TEST(ChatTemplate, TakesOverTheDefaultSystemPrompt) {
  EXPECT_EQ(ChatTemplate::from_text(kQwen, "t").render("Hi"),
            "<|im_start|>system\nYou are helpful, aren't "
            "you?<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
}

TEST(ChatTemplate, HasNoSystemMessageWhereTheTemplateHasNone) {
  const ChatTemplate plain =
      ChatTemplate::from_text("{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}", "t");
  EXPECT_EQ(plain.render("a\nb"), "<|im_start|>user\na\nb<|im_end|>\n<|im_start|>assistant\n");
}

TEST(ChatTemplate, RefusesWhatIsNotChatML) {
  try {
    ChatTemplate::from_text("[INST] {{ message }} [/INST]", "folder/tokenizer_config.json");
    FAIL() << "accepted";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("folder/tokenizer_config.json: this chat_template is not ChatML"),
              std::string::npos)
        << e.what();
  }
  EXPECT_THROW(ChatTemplate::from_text("", "t"), InputError);
  EXPECT_THROW(ChatTemplate::load("/nowhere"), InputError);
}

TEST(ChatTemplate, SurvivesLiteralsThatDoNotEnd) {
  EXPECT_EQ(ChatTemplate::from_text("'<|im_start|>system\\nx<|im_end|>\\", "t").render(""),
            "<|im_start|>user\n<|im_end|>\n<|im_start|>assistant\n");
}

}  // namespace
}  // namespace hone
