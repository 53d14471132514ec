// Supervised fine-tuning on conversations: the chat template's text, tokenised whole, and a loss mask that says which tokens the
// assistant wrote. The mask is data: it comes from {% generation %} blocks, or from what each turn adds to the text.
#pragma once

#include "datasets/task.h"
#include "rl/pack.h"
#include "rl/prompt_renderer.h"

namespace hone {

struct ConversationLoss {
  bool completion_only = true;      // rows of prompt and completion: nothing before the completion counts
  bool assistant_only_loss = true;  // only what the assistant wrote counts (TRL's name)
};

struct ConversationSample {
  TrainingGroup group;     // one sample; its prompt is everything before the first token that counts
  int unplaced_turns = 0;  // the assistant's turns whose bytes could not be told: without loss
};

/// `example` has messages. A conversation in which no token counts gives a sample that trains nothing.
ConversationSample conversation_sample(const Example& example, const PromptRenderer& renderer,
                                       const ConversationLoss& loss);

}  // namespace hone
