// Renders chat templates for scripts that compare them with others: a line {"template", "special_tokens",
// "request"} in, a line {"text", "spans"} or {"error"} out. With "context" instead of "request" the template
// sees just that.
#include <iostream>
#include <string>

#include "core/error.h"
#include "model/chat_template.h"

namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson answer(const OrderedJson& line) {
  const std::string source = line.at("template");
  const auto now = std::chrono::system_clock::from_time_t(line.value("now", int64_t{0}));
  OrderedJson spans = OrderedJson::array();
  if (line.contains("context")) {
    const auto rendered =
        hone::JinjaTemplate::parse("template", source).render(line["context"], {.now = now});
    for (const auto& span : rendered.generated) spans.push_back({span.begin, span.end});
    return {{"text", rendered.text}, {"spans", spans}};
  }
  const OrderedJson& request = line.at("request");
  const auto chat =
      hone::ChatTemplate::from_text(source, "template", line.value("special_tokens", OrderedJson::object()));
  const hone::ChatRequest asked{.messages = request.at("messages"),
                                .tools = request.value("tools", OrderedJson()),
                                .documents = request.value("documents", OrderedJson()),
                                .add_generation_prompt = request.value("add_generation_prompt", false),
                                .continue_field = request.value("continue_field", ""),
                                .variables = request.value("variables", OrderedJson()),
                                .now = now};
  if (!asked.continue_field.empty()) return {{"text", chat.render(asked)}, {"spans", spans}};
  const hone::ChatText text = chat.render_for_training(asked);
  for (const auto& span : text.assistant) spans.push_back({span.begin, span.end});
  return {{"text", text.text}, {"spans", spans}};
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    OrderedJson result;
    try {
      result = answer(OrderedJson::parse(line));
    } catch (const hone::InputError& e) {
      result = {{"error", e.what()}};
    }
    std::cout << result.dump() << "\n";
  }
}
