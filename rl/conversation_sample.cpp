#include "rl/conversation_sample.h"

#include <algorithm>

#include "core/error.h"
#include "model/tokenizer_spans.h"

namespace hone {
namespace {

/// Where the completion begins: where the tokens of the prompt and of the whole part (TRL's rule).
size_t completion_start(const Example& example, const PromptRenderer& renderer,
                        const std::vector<TokenId>& ids) {
  const std::vector<TokenId> prompt = renderer.render(example.problem).ids;
  return size_t(std::mismatch(ids.begin(), ids.end(), prompt.begin(), prompt.end()).first - ids.begin());
}

/// Nothing predicts the first token: it is always prompt.
TrainingGroup split_at_first_trained(const std::vector<TokenId>& ids, const std::vector<bool>& trained) {
  const auto first = std::find(trained.begin() + 1, trained.end(), true);
  const auto count = first == trained.end() ? trained.size() - 1 : size_t(first - trained.begin());
  TrainingGroup group;
  group.prompt.assign(ids.begin(), ids.begin() + std::ptrdiff_t(count));
  TrainingSample sample;
  sample.ids.assign(ids.begin() + std::ptrdiff_t(count), ids.end());
  sample.trained.assign(trained.begin() + std::ptrdiff_t(count), trained.end());
  group.samples.push_back(std::move(sample));
  return group;
}

}  // namespace

ConversationSample conversation_sample(const Example& example, const PromptRenderer& renderer,
                                       const ConversationLoss& loss) {
  Conversation whole = example.problem.chat;
  whole.messages = example.messages;
  const ChatText chat = renderer.render_for_training(whole);
  const std::vector<TokenId> ids = renderer.tokenizer().encode(chat.text, false);
  check_input(ids.size() >= 2, "problem ", example.problem.id, ": its conversation has ", ids.size(),
              " tokens, expected at least 2");
  std::vector<bool> trained(ids.size(), true);
  if (loss.assistant_only_loss)
    trained = tokens_of_spans(renderer.tokenizer(), chat.text, ids, chat.assistant);
  if (example.prompt_messages > 0 && loss.completion_only) {
    const size_t start = completion_start(example, renderer, ids);
    std::fill(trained.begin(), trained.begin() + std::ptrdiff_t(start), false);
  }
  return {split_at_first_trained(ids, trained), loss.assistant_only_loss ? chat.unplaced_turns : 0};
}

}  // namespace hone
