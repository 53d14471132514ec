// What model/activation_memory.h computes is what a training forward pass holds, for every architecture.
#include "model/activation_memory.h"

#include <gtest/gtest.h>

#include <map>

#include "rl/pack.h"
#include "tests/model/small_models.h"

namespace hone {
namespace {

/// Bytes of every memory that these tensors lie in, once each.
class Held {
 public:
  void add(std::initializer_list<at::Tensor> tensors) {
    for (const at::Tensor& t : tensors)
      if (t.defined()) bytes_[t.storage().data()] = int64_t(t.storage().nbytes());
  }
  int64_t total() const {
    int64_t sum = 0;
    for (const auto& [memory, bytes] : bytes_) sum += bytes;
    return sum;
  }

 private:
  std::map<const void*, int64_t> bytes_;
};

int64_t held_bytes(const Activations& a) {
  Held h;
  for (const AttentionSaved& s : a.attention)
    h.add({s.x, s.rstd, s.normed, s.in, s.q_rstd, s.k_rstd, s.q_latent, s.q, s.query, s.lse, s.attended,
           s.mixed});
  for (const FeedForwardSaved& s : a.ffn)
    h.add({s.x, s.rstd, s.normed, s.dense.gate_up, s.dense.active, s.routing.scores, s.routing.experts,
           s.routing.weights, s.dispatch.order, s.dispatch.inverse, s.gathered, s.experts.gate_up,
           s.experts.active, s.expert_out, s.shared_gate, s.shared_out});
  h.add({a.x, a.rstd, a.hidden});
  return h.total();
}

int64_t held_by(const Decoder& decoder, size_t rows, bool checkpointed) {
  TrainingGroup group;
  for (size_t i = 0; i < rows; ++i) group.prompt.push_back(TokenId(2 + i % 90));
  group.samples.push_back({.ids = {5}, .weight = 1});
  const TrainingBatch batch = pack_groups({&group, 1});
  KvPages pages = decoder.allocate_pages(batch.num_pages);
  Activations a{.checkpointed = checkpointed};
  decoder.forward(batch.rows, pages, &a);
  return held_bytes(a);
}

class ActivationMemory : public testing::TestWithParam<const char*> {};

TEST_P(ActivationMemory, IsWhatAForwardPassHolds) {
  const Model model = small_model(GetParam());
  const Decoder decoder(model.config, model.flat);
  for (const bool checkpointed : {false, true})
    EXPECT_EQ((held_by(decoder, 50, checkpointed) - held_by(decoder, 20, checkpointed)) / 30,
              activation_bytes(model.config, checkpointed))
        << checkpointed;
}

TEST_P(ActivationMemory, CheckpointingHoldsLess) {
  const DecoderConfig config = small_model(GetParam()).config;
  EXPECT_LT(2 * activation_bytes(config, true), activation_bytes(config, false));
}

INSTANTIATE_TEST_SUITE_P(Architectures, ActivationMemory, testing::ValuesIn(kArchitectures));

}  // namespace
}  // namespace hone
