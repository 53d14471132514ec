// Rendering. Finding the template in a folder is in chat_template_load.cpp.
#include "model/chat_template.h"

#include <algorithm>

#include "core/error.h"
#include "model/chat_messages.h"

namespace hone {

using OrderedJson = nlohmann::ordered_json;

namespace {

bool is_assistant(const OrderedJson& message) {
  return message.is_object() && message.value("role", "") == "assistant";
}

OrderedJson first_messages(const OrderedJson& messages, size_t count) {
  OrderedJson result = OrderedJson::array();
  for (size_t i = 0; i < count; ++i) result.push_back(messages[i]);
  return result;
}

}  // namespace

const ChatTemplate::Named& ChatTemplate::choose(const ChatRequest& request) const {
  const auto tools = templates_.find("tool_use"), usual = templates_.find("default");
  if (!request.tools.is_null() && tools != templates_.end()) return tools->second;
  if (usual != templates_.end()) return usual->second;
  std::string names;
  for (const auto& named : templates_) names += concat(names.empty() ? "" : ", ", named.first);
  throw InputError(concat(file_, ": several chat templates (", names, ") and none is named \"default\""));
}

JinjaRendered ChatTemplate::render_with(const Named& chosen, const ChatRequest& request,
                                        OrderedJson messages) const {
  OrderedJson context = special_tokens_;
  if (request.variables.is_object())
    for (const auto& item : request.variables.items()) context[item.key()] = item.value();
  context["messages"] = std::move(messages);
  context["tools"] = request.tools;
  context["documents"] = request.documents;
  context["add_generation_prompt"] = request.add_generation_prompt;
  return chosen.compiled.render(context, {.now = request.now});
}

std::string ChatTemplate::render(const ChatRequest& request) const {
  const Named& chosen = choose(request);
  OrderedJson messages = plain_messages(file_, request.messages);
  if (request.continue_field.empty()) return render_with(chosen, request, std::move(messages)).text;
  check_input(!request.add_generation_prompt, file_,
              ": a last message that goes on and a generation prompt exclude each other");
  const std::string open = open_last_message(file_, messages, request.continue_field, chosen.source);
  return cut_at_open_end(file_, render_with(chosen, request, std::move(messages)).text, open);
}

ChatText ChatTemplate::render_for_training(const ChatRequest& request) const {
  check_input(request.continue_field.empty(), file_, ": a last message that goes on cannot be trained on");
  const Named& chosen = choose(request);
  JinjaRendered rendered = render_with(chosen, request, plain_messages(file_, request.messages));
  if (chosen.compiled.has_generation() && !rendered.generation_misplaced)
    return {std::move(rendered.text), std::move(rendered.generated)};
  return by_prefixes(chosen, request, std::move(rendered.text));
}

std::optional<std::string> ChatTemplate::beginning(const Named& chosen, const ChatRequest& request,
                                                   const OrderedJson& messages, size_t count) const {
  try {
    return render_with(chosen, request, first_messages(messages, count)).text;
  } catch (const InputError&) {  // raise_exception() of the template's: an answer here, not a failure
    return std::nullopt;
  }
}

ChatText ChatTemplate::by_prefixes(const Named& chosen, const ChatRequest& request, std::string text) const {
  ChatText result{.text = std::move(text)};
  const OrderedJson messages = plain_messages(file_, request.messages);
  ChatRequest before = request, after = request;
  before.add_generation_prompt = true;
  after.add_generation_prompt = false;
  for (size_t i = 0; i < messages.size(); ++i) {
    if (!is_assistant(messages[i])) continue;
    // Nothing can be rendered before the first message. A template may refuse a part of what it takes whole.
    const auto prompt = i == 0 ? std::nullopt : beginning(chosen, before, messages, i);
    const auto turn = beginning(chosen, after, messages, i + 1);
    if (prompt && turn && turn->starts_with(*prompt) && result.text.starts_with(*turn))
      result.assistant.push_back({prompt->size(), turn->size()});
    else
      ++result.unplaced_turns;
  }
  return result;
}

}  // namespace hone
