#include "rl/sft_sample.h"

#include <algorithm>

#include "rl/conversation_sample.h"

namespace hone {
namespace {

TrainingGroup text_sample(const Example& example, const PromptRenderer& renderer, bool completion_only) {
  const Tokenizer& tokenizer = renderer.tokenizer();
  TrainingGroup group;
  group.prompt = renderer.render(example.problem).ids;
  TrainingSample sample;
  for (const Piece& piece : example.pieces) {
    const std::vector<TokenId> ids = tokenizer.encode(piece.text, false);
    sample.ids.insert(sample.ids.end(), ids.begin(), ids.end());
    sample.trained.resize(sample.ids.size(), piece.trained);
  }
  sample.ids.push_back(*tokenizer.eos_id());
  sample.trained.push_back(true);
  if (!completion_only) {  // everything but the first token, which nothing predicts, counts
    sample.ids.insert(sample.ids.begin(), group.prompt.begin() + 1, group.prompt.end());
    sample.trained.insert(sample.trained.begin(), group.prompt.size() - 1, true);
    group.prompt.resize(1);
  }
  group.samples.push_back(std::move(sample));
  return group;
}

/// Keeps the first `max_length` tokens.
bool cut(TrainingGroup& group_, int64_t max_length) {
  TrainingSample& sample = group_.samples[0];
  const int64_t room = std::max<int64_t>(0, max_length - int64_t(group_.prompt.size()));
  if (int64_t(sample.ids.size()) <= room) return false;
  sample.ids.resize(size_t(room));
  sample.trained.resize(size_t(room));
  return true;
}

}  // namespace

void SampleCounts::write(Json& metrics_) const {
  if (truncated > 0) metrics_["sft/truncated"] = truncated;
  if (unplaced_turns > 0) metrics_["sft/unplaced_turns"] = unplaced_turns;
  if (untrained > 0) metrics_["sft/untrained"] = untrained;
}

int64_t sft_max_length(const SftOptions& options, const DecoderConfig& config) {
  return options.max_length > 0 ? std::min(options.max_length, config.max_positions) : config.max_positions;
}

TrainingGroup sft_sample(const Example& example, const PromptRenderer& renderer, const SftOptions& options,
                         int64_t max_length, SampleCounts& counts_) {
  TrainingGroup group;
  if (example.messages.is_null()) {
    group = text_sample(example, renderer, options.completion_only);
  } else {
    ConversationSample sample =
        conversation_sample(example, renderer, {options.completion_only, options.assistant_only_loss});
    counts_.unplaced_turns += sample.unplaced_turns;
    group = std::move(sample.group);
  }
  counts_.truncated += cut(group, max_length);
  counts_.untrained += group.num_trained() == 0;
  return group;
}

}  // namespace hone
