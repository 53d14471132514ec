#include "model/tensor_list.h"

namespace hone {
namespace {

using Init = NamedTensor::Init;
using Role = NamedTensor::Role;

/// Appends tensors one after the other.
class Lister {
 public:
  explicit Lister(const DecoderConfig& config) : c(config) {}

  void add(std::string name, std::vector<int64_t> shape, Init init = Init::kNormal,
           Role role = Role::kWeight) {
    tensors_.push_back({std::move(name), std::move(shape), offset_, init, kept_ ? Role::kKept : role});
    offset_ += tensors_.back().size();
  }
  void keep_from_here() { kept_ = true; }
  std::vector<NamedTensor> take() { return std::move(tensors_); }

  const DecoderConfig& c;

 private:
  std::vector<NamedTensor> tensors_;
  int64_t offset_ = 0;
  bool kept_ = false;
};

void list_gqa(Lister& list, const std::string& prefix) {
  const AttentionConfig& a = list.c.attention;
  const int64_t q = a.num_heads * a.head_size, kv = a.num_key_heads * a.head_size;
  list.add(prefix + "q_proj.weight", {q, list.c.hidden_size});
  list.add(prefix + "k_proj.weight", {kv, list.c.hidden_size});
  list.add(prefix + "v_proj.weight", {kv, list.c.hidden_size});
  if (a.qkv_bias) {
    list.add(prefix + "q_proj.bias", {q}, Init::kZeros);
    list.add(prefix + "k_proj.bias", {kv}, Init::kZeros);
    list.add(prefix + "v_proj.bias", {kv}, Init::kZeros);
  }
  if (a.qk_norm != AttentionConfig::QkNorm::kNone) {
    const bool head = a.qk_norm == AttentionConfig::QkNorm::kHead;
    list.add(prefix + "q_norm.weight", {head ? a.head_size : q}, Init::kOnes);
    list.add(prefix + "k_norm.weight", {head ? a.head_size : kv}, Init::kOnes);
  }
  if (a.sinks) list.add(prefix + "sinks", {a.num_heads});
}

void list_mla(Lister& list, const std::string& prefix) {
  const AttentionConfig& a = list.c.attention;
  const int64_t q = a.num_heads * (a.nope_size + a.rope_size);
  list.add(prefix + (a.q_lora_rank ? "q_a_proj.weight" : "q_proj.weight"),
           {a.q_lora_rank ? a.q_lora_rank : q, list.c.hidden_size});
  list.add(prefix + "kv_a_proj_with_mqa.weight", {a.kv_lora_rank + a.rope_size, list.c.hidden_size});
  if (a.q_lora_rank) {
    list.add(prefix + "q_a_layernorm.weight", {a.q_lora_rank}, Init::kOnes);
    list.add(prefix + "q_b_proj.weight", {q, a.q_lora_rank});
  }
  list.add(prefix + "kv_a_layernorm.weight", {a.kv_lora_rank}, Init::kOnes);
  list.add(prefix + "kv_b_proj.weight", {a.num_heads * (a.nope_size + a.value_size), a.kv_lora_rank});
}

void list_dense(Lister& list, const std::string& prefix, int64_t intermediate, bool bias) {
  const int64_t hidden = list.c.hidden_size;
  list.add(prefix + "gate_proj.weight", {intermediate, hidden});
  list.add(prefix + "up_proj.weight", {intermediate, hidden});
  if (bias) {
    list.add(prefix + "gate_proj.bias", {intermediate}, Init::kZeros);
    list.add(prefix + "up_proj.bias", {intermediate}, Init::kZeros);
  }
  list.add(prefix + "down_proj.weight", {hidden, intermediate});
  if (bias) list.add(prefix + "down_proj.bias", {hidden}, Init::kZeros);
}

void list_experts(Lister& list, const std::string& prefix) {
  const MoeConfig& m = list.c.moe;
  const FeedForwardNames& names = list.c.names;
  const int64_t hidden = list.c.hidden_size;
  const auto add = [&](int64_t e, const std::string& which, std::vector<int64_t> shape) {
    list.add(prefix + "experts." + std::to_string(e) + "." + which + ".weight", std::move(shape),
             Init::kNormal, Role::kExpert);
  };
  for (int64_t e = 0; e < m.num_experts; ++e) {
    add(e, names.gate, {m.intermediate_size, hidden});
    add(e, names.up, {m.intermediate_size, hidden});
  }
  for (int64_t e = 0; e < m.num_experts; ++e) add(e, names.down, {hidden, m.intermediate_size});
}

/// gpt_oss: [E, in, out], gate and up in even and odd columns.
void list_clamped_experts(Lister& list, const std::string& prefix) {
  const MoeConfig& m = list.c.moe;
  const int64_t E = m.num_experts, I = m.intermediate_size, hidden = list.c.hidden_size;
  list.add(prefix + "experts.gate_up_proj", {E, hidden, 2 * I}, Init::kNormal, Role::kExpert);
  list.add(prefix + "experts.gate_up_proj_bias", {E, 2 * I}, Init::kZeros, Role::kExpert);
  list.add(prefix + "experts.down_proj", {E, I, hidden}, Init::kNormal, Role::kExpert);
  list.add(prefix + "experts.down_proj_bias", {E, hidden}, Init::kZeros, Role::kExpert);
}

void list_moe(Lister& list, const std::string& layer) {
  const MoeConfig& m = list.c.moe;
  const std::string prefix = layer + list.c.names.block, router = prefix + list.c.names.router;
  list.add(router + ".weight", {m.num_experts, list.c.hidden_size});
  if (m.router_bias) list.add(router + ".bias", {m.num_experts});
  if (m.correction_bias)
    list.add(router + ".e_score_correction_bias", {m.num_experts}, Init::kZeros, Role::kCorrection);
  (m.clamped ? list_clamped_experts : list_experts)(list, prefix);
  if (m.shared_intermediate_size)
    list_dense(list, prefix + list.c.names.shared, m.shared_intermediate_size, false);
  if (m.shared_gate) list.add(prefix + "shared_expert_gate.weight", {1, list.c.hidden_size});
}

void list_layer(Lister& list, const std::string& layer, bool is_moe) {
  const DecoderConfig& c = list.c;
  list.add(layer + "input_layernorm.weight", {c.hidden_size}, Init::kOnes);
  (c.attention.is_mla() ? list_mla : list_gqa)(list, layer + "self_attn.");
  list.add(layer + "self_attn.o_proj.weight", {c.hidden_size, c.attention.output_size()});
  if (c.attention.output_bias) list.add(layer + "self_attn.o_proj.bias", {c.hidden_size}, Init::kZeros);
  list.add(layer + "post_attention_layernorm.weight", {c.hidden_size}, Init::kOnes);
  if (is_moe) {
    list_moe(list, layer);
  } else {
    list_dense(list, layer + "mlp.", c.intermediate_size, c.mlp_bias);
  }
}

/// One multi-token prediction layer, as DeepSeek-V3's own files have it.
void list_mtp(Lister& list, const std::string& layer) {
  const DecoderConfig& c = list.c;
  list.add(layer + "embed_tokens.weight", {c.vocab_size, c.hidden_size});
  list.add(layer + "enorm.weight", {c.hidden_size}, Init::kOnes);
  list.add(layer + "hnorm.weight", {c.hidden_size}, Init::kOnes);
  list.add(layer + "eh_proj.weight", {c.hidden_size, 2 * c.hidden_size});
  list_layer(list, layer, c.moe.num_experts > 0);
  list.add(layer + "shared_head.norm.weight", {c.hidden_size}, Init::kOnes);
  list.add(layer + "shared_head.head.weight", {c.vocab_size, c.hidden_size});
}

std::string layer_prefix(int64_t layer) { return "model.layers." + std::to_string(layer) + "."; }

}  // namespace

int64_t NamedTensor::size() const {
  int64_t n = 1;
  for (int64_t d : shape) n *= d;
  return n;
}

std::vector<NamedTensor> list_tensors(const DecoderConfig& c) {
  Lister list(c);
  list.add("model.embed_tokens.weight", {c.vocab_size, c.hidden_size});
  for (int64_t i = 0; i < c.num_layers; ++i) list_layer(list, layer_prefix(i), c.is_moe(i));
  list.add("model.norm.weight", {c.hidden_size}, Init::kOnes);
  if (!c.tied_head) list.add("lm_head.weight", {c.vocab_size, c.hidden_size});
  list.keep_from_here();
  for (int64_t i = 0; i < c.num_mtp_layers; ++i) list_mtp(list, layer_prefix(c.num_layers + i));
  return list.take();
}

int64_t flat_size(const std::vector<NamedTensor>& tensors) {
  return tensors.back().offset + tensors.back().size();
}

ParameterCount count_parameters(const DecoderConfig& c) {
  ParameterCount n;
  int64_t routed = 0;
  for (const NamedTensor& t : list_tensors(c)) {
    (t.role == Role::kKept ? n.kept : n.total) += t.size();
    if (t.role == Role::kExpert) routed += t.size();
  }
  n.active = n.total - routed + (routed ? routed / c.moe.num_experts * c.moe.top_k : 0);
  return n;
}

int64_t training_bytes(const DecoderConfig& c) {
  const ParameterCount n = count_parameters(c);
  return (n.total + n.kept) * 5 * int64_t{sizeof(float)};
}

std::vector<FusedTensor> fused_experts(const DecoderConfig& c, int64_t layer) {
  const bool is_moe = layer < c.num_layers ? c.is_moe(layer) : c.moe.num_experts > 0;
  if (!is_moe || c.moe.clamped) return {};
  const int64_t E = c.moe.num_experts, I = c.moe.intermediate_size;
  const std::string listed = layer_prefix(layer) + c.names.block + "experts.0.",
                    fused = layer_prefix(layer) + "mlp.experts.";
  return {{fused + "gate_up_proj", {E, 2 * I, c.hidden_size}, listed + c.names.gate + ".weight", 2 * E},
          {fused + "down_proj", {E, c.hidden_size, I}, listed + c.names.down + ".weight", E}};
}

}  // namespace hone
