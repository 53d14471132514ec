#include "rl/prompt_renderer.h"

#include "core/error.h"
#include "datasets/template.h"

namespace hone {

using OrderedJson = nlohmann::ordered_json;

namespace {

bool has_system_turn(const OrderedJson& messages) {
  const auto role = messages[0].value("role", "");
  return role == "system" || role == "developer";
}

}  // namespace

PromptRenderer::PromptRenderer(TemplateOptions options, const Tokenizer& tokenizer,
                               std::filesystem::path folder, std::chrono::system_clock::time_point now)
    : options_(std::move(options)), tokenizer_(tokenizer), folder_(std::move(folder)), now_(now) {}

const ChatTemplate& PromptRenderer::chat() const {
  if (!chat_) chat_ = ChatTemplate::load(folder_);
  return *chat_;
}

bool PromptRenderer::by_chat_template(const Problem& problem) const {
  const bool conversation = !problem.chat.messages.is_null();
  check_input(!conversation || options_.name == "plain" || options_.name == "chat", "template: got \"",
              options_.name, "\", but the prompt of problem ", problem.id,
              " is a list of messages: expected chat");
  return conversation || options_.name == "chat";
}

ChatRequest PromptRenderer::request_of(const Conversation& chat) const {
  ChatRequest request{.messages = chat.messages, .tools = chat.tools, .now = now_};
  if (!options_.system_prompt.empty() && !has_system_turn(request.messages)) {
    const OrderedJson turn = {{"role", "system"}, {"content", options_.system_prompt}};
    request.messages.insert(request.messages.begin(), turn);
  }
  request.variables = OrderedJson(options_.variables);
  if (chat.variables.is_object()) request.variables.update(chat.variables);
  return request;
}

std::string PromptRenderer::text_of(const Problem& problem) const {
  if (!by_chat_template(problem)) return hone::render(options_.name, problem);
  Conversation turn = problem.chat;
  if (turn.messages.is_null())
    turn.messages = OrderedJson::array({{{"role", "user"}, {"content", problem.text}}});
  ChatRequest request = request_of(turn);
  if (turn.messages.back().value("role", "") == "assistant")
    request.continue_field = "content";  // the policy goes on with the turn that has begun
  else
    request.add_generation_prompt = true;
  return chat().render(request);
}

ChatText PromptRenderer::render_for_training(const Conversation& whole) const {
  return chat().render_for_training(request_of(whole));
}

Prompt PromptRenderer::render(Problem problem) const {
  Prompt prompt;
  prompt.text = text_of(problem);
  prompt.ids = tokenizer_.encode(prompt.text, /*add_special_tokens=*/!by_chat_template(problem));
  check_input(!prompt.ids.empty(), "problem ", problem.id, ": its prompt \"", prompt.text,
              "\" has no tokens");
  prompt.problem = std::move(problem);
  return prompt;
}

}  // namespace hone
