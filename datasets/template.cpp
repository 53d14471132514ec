// One pass over the template, so that braces in a problem's text are never taken for placeholders.
#include "datasets/template.h"

#include "core/error.h"

namespace hone {
namespace {

constexpr std::string_view kR1Zero =
    "The following is a conversation between User and Assistant. The User asks a question, and the Assistant "
    "solves it. The "
    "Assistant first thinks about the question in its own mind and only then gives the User the answer. What "
    "it thinks stands "
    "between <think> and </think>, and the answer stands between <answer> and </answer>, like this: <think> "
    "the reasoning "
    "</think> <answer> the answer </answer>. User: {prompt}. Assistant:";

std::string_view text_of_template(std::string_view name_or_text) {
  if (name_or_text == "r1_zero") return kR1Zero;
  if (name_or_text == "plain") return "{prompt}";
  return name_or_text;
}

/// The name of a placeholder that begins at text[0] == '{', or "" if this brace is only text.
std::string_view placeholder(std::string_view text) {
  size_t end = 1;
  while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_')) ++end;
  return end > 1 && end < text.size() && text[end] == '}' ? text.substr(1, end - 1) : std::string_view();
}

}  // namespace

std::string render(std::string_view name_or_text, const Problem& problem) {
  const std::string_view text = text_of_template(name_or_text);
  std::string result;
  bool has_prompt = false;
  for (size_t i = 0; i < text.size();) {
    const std::string_view name = text[i] == '{' ? placeholder(text.substr(i)) : std::string_view();
    if (name.empty()) {
      result += text[i++];
      continue;
    }
    check_input(name == "prompt", "template: unknown placeholder {", name, "}, expected {prompt}");
    result += problem.text;
    has_prompt = true;
    i += name.size() + 2;
  }
  check_input(has_prompt, "template: got \"", name_or_text,
              "\", expected chat, r1_zero, plain or a text with {prompt}");
  return result;
}

void check_template(std::string_view name_or_text) { render(name_or_text, Problem{}); }

}  // namespace hone
