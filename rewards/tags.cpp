#include "rewards/tags.h"

#include "rewards/text.h"
#include "rewards/text_search.h"

namespace hone {

Tags read_tags(Fields& options) {
  Tags tags;
  const auto read = [&](const char* key, std::string& tag) {
    tag = options.get(key, tag);
    if (trim(tag).empty()) throw options.error(key, "is empty, expected a tag such as " + Tags{}.think_open);
  };
  read("think_open", tags.think_open);
  read("think_close", tags.think_close);
  read("answer_open", tags.answer_open);
  read("answer_close", tags.answer_close);
  if (tags.think_open == tags.think_close || tags.answer_open == tags.answer_close) {
    throw options.error(tags.think_open == tags.think_close ? "think_close" : "answer_close",
                        "is also the opening tag, expected two different tags");
  }
  return tags;
}

bool opens_thinking(std::string_view prompt, const Tags& tags) {
  return trim(prompt).ends_with(trim(tags.think_open));
}

Opened read_opened(Fields& options) {
  const std::string opened = options.one_of("opened", "auto", {"auto", "yes", "no"});
  return opened == "auto" ? Opened::kAuto : opened == "yes" ? Opened::kYes : Opened::kNo;
}

bool is_opened(Opened opened, std::string_view prompt, const Tags& tags) {
  return opened == Opened::kAuto ? opens_thinking(prompt, tags) : opened == Opened::kYes;
}

size_t count_of(std::string_view text, std::string_view what) {
  size_t n = 0;
  for (size_t pos = find_text(text, what); pos != std::string_view::npos;
       pos = find_text(text, what, pos + what.size()))
    ++n;
  return n;
}

std::string_view without_end(std::string_view text, const std::vector<std::string>& ends) {
  text = trim(text);
  bool again = true;
  for (int removed = 0; again && removed < kMostEnds;) {
    again = false;
    for (const std::string& end : ends) {
      if (text.empty() || end.empty() || text.back() != end.back() || !text.ends_with(end)) continue;
      text = trim(text.substr(0, text.size() - end.size()));
      ++removed;
      again = true;
    }
  }
  return text;
}

const std::vector<std::string>& end_texts() {
  static const std::vector<std::string> ends = {
      "</s>",          "<eos>",           "<|im_end|>",
      "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>",
      "<|end|>",       "<end_of_turn>",   "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"};
  return ends;
}

Parts split_reasoning(std::string_view completion, std::string_view prompt, const Tags& tags) {
  const size_t open = find_text(completion, tags.think_open);
  const size_t close = find_last_text(completion, tags.think_close);
  const bool opened = opens_thinking(prompt, tags);
  if (open == std::string_view::npos && close == std::string_view::npos && !opened)
    return {false, {}, completion};
  const size_t begin =
      opened || open == std::string_view::npos || open > close ? 0 : open + tags.think_open.size();
  if (close == std::string_view::npos) {
    return {true, completion.substr(opened ? 0 : open + tags.think_open.size()), {}};
  }
  std::string_view final = completion.substr(close + tags.think_close.size());
  // A second block that is never closed hides what follows it.
  final = final.substr(0, find_text(final, tags.think_open));
  return {true, completion.substr(begin, close - begin), final};
}

}  // namespace hone
