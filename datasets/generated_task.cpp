// What the generated families share.
#include "datasets/generated_task.h"

namespace hone {

GeneratedTask::GeneratedTask(std::string name, Fields& options)
    : name_(std::move(name)),
      split_(read_split(options)),
      languages_(read_languages(options)),
      style_(read_style(options, {.hasty = 0.5, .hasty_give_up = 0.35, .give_up = 0, .slip = 0.03})) {}

Example GeneratedTask::trace(uint64_t seed, uint64_t index) const {
  Problem problem = this->problem(index);
  TraceWriter writer(style_, languages_, language(index), mix(seed, index));
  std::string text = write(problem, writer);
  return {std::move(problem), {{std::move(text), true}}};
}

void GeneratedTask::read_size(Fields& options) { size_ = options.get("size", size_, between(1, 1e15)); }

std::vector<int> GeneratedTask::draw(uint64_t index, const DrawNumbers& make) const {
  return draw_in_split(split_, PhiloxStream(mix(mix(0x7A5C, name_.size()), index)), make);
}

Problem GeneratedTask::make_problem(uint64_t index, Word word, const std::string& prompt,
                                    std::string answer) const {
  const Language spoken = language(index);
  return {.id = index,
          .text = concat(text_of(word, spoken), ' ', prompt, " :"),
          .row = {{"task", name_}, {"answer", std::move(answer)}, {"language", code_of(spoken)}}};
}

std::string join_items(const std::vector<int>& items) {
  std::string text;
  for (const int item : items) text += concat(text.empty() ? "" : " ", item);
  return text;
}

}  // namespace hone
