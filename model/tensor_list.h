// The tensors of a checkpoint in the order of the flat buffer: names, shapes, offsets. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/config.h"

namespace hone {

/// One tensor of the checkpoint.
struct NamedTensor {
  std::string name;  // as in model.safetensors
  std::vector<int64_t> shape;
  int64_t offset = 0;  // elements into the flat buffer
  enum class Init { kNormal, kOnes, kZeros } init = Init::kNormal;
  enum class Role {
    kWeight,
    kExpert,      // of a routed expert: top_k / num_experts of it take part in a token
    kCorrection,  // e_score_correction_bias: only the balancing rule moves it; float32 in every checkpoint
    kKept,        // multi-token prediction: neither computed nor trained
  } role = Role::kWeight;

  int64_t size() const;
  bool trainable() const { return role == Role::kWeight || role == Role::kExpert; }
};

/// All tensors in flat order. Tensors that one kernel reads as a fused matrix (q, k, v; gate, up; experts)
/// are neighbours.
std::vector<NamedTensor> list_tensors(const DecoderConfig& config);
int64_t flat_size(const std::vector<NamedTensor>& tensors);

struct ParameterCount {
  int64_t total = 0;
  int64_t active = 0;  // that take part in one token
  int64_t kept = 0;    // of MTP layers, in neither
};
ParameterCount count_parameters(const DecoderConfig& config);

/// Weights, packed weights, gradients and two moments, all float32. A frozen reference takes two fifths of it more.
int64_t training_bytes(const DecoderConfig& config);

/// An expert's block as one tensor [E, ...], the layout that transformers holds in memory and some folders
/// have on disk. It covers the tensors of the list from `first` on.
struct FusedTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::string first;
  int64_t count = 0;  // tensors it stands for
};
/// Of a layer whose experts are listed one by one; empty for the others.
std::vector<FusedTensor> fused_experts(const DecoderConfig& config, int64_t layer);

}  // namespace hone
