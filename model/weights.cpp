#include "model/weights.h"

#include <ATen/ops/empty.h>

#include <cmath>

#include "core/error.h"
#include "core/exact_math.h"
#include "core/philox.h"
#include "cuda_ext/ops.h"

namespace hone {
namespace {

using Init = NamedTensor::Init;

/// Appends tensors one after the other.
class Lister {
 public:
  void add(std::string name, std::vector<int64_t> shape, Init init = Init::kNormal, bool trainable = true) {
    tensors_.push_back({std::move(name), std::move(shape), offset_, init, trainable});
    offset_ += tensors_.back().size();
  }
  std::vector<NamedTensor> take() { return std::move(tensors_); }

 private:
  std::vector<NamedTensor> tensors_;
  int64_t offset_ = 0;
};

void list_gqa(Lister& list, const std::string& prefix, const DecoderConfig& c) {
  const AttentionConfig& a = c.attention;
  const int64_t q = a.num_heads * a.head_size, kv = a.num_key_heads * a.head_size;
  list.add(prefix + "q_proj.weight", {q, c.hidden_size});
  list.add(prefix + "k_proj.weight", {kv, c.hidden_size});
  list.add(prefix + "v_proj.weight", {kv, c.hidden_size});
  if (a.qkv_bias) {
    list.add(prefix + "q_proj.bias", {q}, Init::kZeros);
    list.add(prefix + "k_proj.bias", {kv}, Init::kZeros);
    list.add(prefix + "v_proj.bias", {kv}, Init::kZeros);
  }
  if (a.qk_norm) {
    list.add(prefix + "q_norm.weight", {a.head_size}, Init::kOnes);
    list.add(prefix + "k_norm.weight", {a.head_size}, Init::kOnes);
  }
}

void list_mla(Lister& list, const std::string& prefix, const DecoderConfig& c) {
  const AttentionConfig& a = c.attention;
  const int64_t q = a.num_heads * (a.nope_size + a.rope_size);
  list.add(prefix + (a.q_lora_rank ? "q_a_proj.weight" : "q_proj.weight"),
           {a.q_lora_rank ? a.q_lora_rank : q, c.hidden_size});
  list.add(prefix + "kv_a_proj_with_mqa.weight", {a.kv_lora_rank + a.rope_size, c.hidden_size});
  if (a.q_lora_rank) {
    list.add(prefix + "q_a_layernorm.weight", {a.q_lora_rank}, Init::kOnes);
    list.add(prefix + "q_b_proj.weight", {q, a.q_lora_rank});
  }
  list.add(prefix + "kv_a_layernorm.weight", {a.kv_lora_rank}, Init::kOnes);
  list.add(prefix + "kv_b_proj.weight", {a.num_heads * (a.nope_size + a.value_size), a.kv_lora_rank});
}

void list_dense(Lister& list, const std::string& prefix, int64_t hidden, int64_t intermediate) {
  list.add(prefix + "gate_proj.weight", {intermediate, hidden});
  list.add(prefix + "up_proj.weight", {intermediate, hidden});
  list.add(prefix + "down_proj.weight", {hidden, intermediate});
}

void list_moe(Lister& list, const std::string& prefix, const DecoderConfig& c) {
  const MoeConfig& m = c.moe;
  list.add(prefix + "gate.weight", {m.num_experts, c.hidden_size});
  if (m.correction_bias)
    list.add(prefix + "gate.e_score_correction_bias", {m.num_experts}, Init::kZeros, false);
  const auto expert = [&](int64_t e) { return prefix + "experts." + std::to_string(e) + "."; };
  for (int64_t e = 0; e < m.num_experts; ++e) {
    list.add(expert(e) + "gate_proj.weight", {m.intermediate_size, c.hidden_size});
    list.add(expert(e) + "up_proj.weight", {m.intermediate_size, c.hidden_size});
  }
  for (int64_t e = 0; e < m.num_experts; ++e)
    list.add(expert(e) + "down_proj.weight", {c.hidden_size, m.intermediate_size});
  if (m.shared_intermediate_size)
    list_dense(list, prefix + "shared_experts.", c.hidden_size, m.shared_intermediate_size);
}

/// Takes views out of the flat buffer in the order of list_tensors.
class Binder {
 public:
  explicit Binder(at::Tensor flat) : flat_(std::move(flat)) {}
  at::Tensor take(at::IntArrayRef shape) {
    int64_t size = 1;
    for (int64_t n : shape) size *= n;
    at::Tensor view = flat_.narrow(0, offset_, size).view(shape);
    offset_ += size;
    return view;
  }
  int64_t offset() const { return offset_; }

 private:
  at::Tensor flat_;
  int64_t offset_ = 0;
};

AttentionWeights bind_attention(Binder& b, const DecoderConfig& c) {
  const AttentionConfig& a = c.attention;
  AttentionWeights w;
  w.norm = b.take({c.hidden_size});
  if (a.is_mla()) {
    const int64_t q = a.num_heads * (a.nope_size + a.rope_size);
    w.in = b.take({(a.q_lora_rank ? a.q_lora_rank : q) + a.kv_lora_rank + a.rope_size, c.hidden_size});
    if (a.q_lora_rank) {
      w.q_latent_norm = b.take({a.q_lora_rank});
      w.q_up = b.take({q, a.q_lora_rank});
    }
    w.kv_latent_norm = b.take({a.kv_lora_rank});
    const at::Tensor kv_up = b.take({a.num_heads, a.nope_size + a.value_size, a.kv_lora_rank});
    w.key_up = kv_up.narrow(1, 0, a.nope_size).transpose(1, 2);
    w.value_up = kv_up.narrow(1, a.nope_size, a.value_size);
  } else {
    const int64_t rows = (a.num_heads + 2 * a.num_key_heads) * a.head_size;
    w.in = b.take({rows, c.hidden_size});
    if (a.qkv_bias) w.in_bias = b.take({rows});
    if (a.qk_norm) w.q_norm = b.take({a.head_size}), w.k_norm = b.take({a.head_size});
  }
  w.out = b.take({c.hidden_size, a.output_size()});
  return w;
}

FeedForwardWeights bind_ffn(Binder& b, const DecoderConfig& c, bool is_moe) {
  FeedForwardWeights w;
  w.norm = b.take({c.hidden_size});
  int64_t dense = c.intermediate_size;
  if (is_moe) {
    const MoeConfig& m = c.moe;
    w.router = b.take({m.num_experts, c.hidden_size});
    if (m.correction_bias) w.correction_bias = b.take({m.num_experts});
    w.experts_gate_up = b.take({m.num_experts, 2 * m.intermediate_size, c.hidden_size});
    w.experts_down = b.take({m.num_experts, c.hidden_size, m.intermediate_size});
    dense = m.shared_intermediate_size;
  }
  if (dense) {
    w.gate_up = b.take({2 * dense, c.hidden_size});
    w.down = b.take({c.hidden_size, dense});
  }
  return w;
}

/// Calls f(packed, weight) on every matrix of the two.
template <class F>
void for_each_matrix(DecoderWeights& packed, const DecoderWeights& weights, F f) {
  const auto visit = [&](at::Tensor& p, const at::Tensor& w) {
    if (w.defined()) f(p, w);
  };
  packed.layers.resize(weights.layers.size());
  for (size_t i = 0; i < weights.layers.size(); ++i) {
    AttentionWeights& pa = packed.layers[i].attention;
    const AttentionWeights& wa = weights.layers[i].attention;
    visit(pa.in, wa.in), visit(pa.q_up, wa.q_up), visit(pa.key_up, wa.key_up),
        visit(pa.value_up, wa.value_up), visit(pa.out, wa.out);
    FeedForwardWeights& pf = packed.layers[i].ffn;
    const FeedForwardWeights& wf = weights.layers[i].ffn;
    visit(pf.gate_up, wf.gate_up), visit(pf.down, wf.down), visit(pf.router, wf.router);
    visit(pf.experts_gate_up, wf.experts_gate_up), visit(pf.experts_down, wf.experts_down);
  }
  visit(packed.head, weights.head);
}

/// Normal draws by Box-Muller over two Philox words, in double precision by our own programs.
void fill_normal(float* out, int64_t n, double std, uint64_t mixed) {
  const PhiloxKey key = key_of(mixed);
  for (int64_t i = 0; i < n; i += 4) {
    const PhiloxBlock w = philox(key, {uint32_t(i / 4), uint32_t(uint64_t(i / 4) >> 32), 0, 0});
    for (int half = 0; half < 2; ++half) {
      const double u = (w[2 * half] + 0.5) * 0x1p-32, angle = w[2 * half + 1] * 0x1p-32 * 6.283185307179586;
      const double radius = std::sqrt(-2.0 * exact_log(u)) * std;
      for (int k = 0; k < 2; ++k)
        if (i + 2 * half + k < n)
          out[i + 2 * half + k] = float(radius * (k ? exact_sin(angle) : exact_cos(angle)));
    }
  }
}

}  // namespace

int64_t NamedTensor::size() const {
  int64_t n = 1;
  for (int64_t d : shape) n *= d;
  return n;
}

std::vector<NamedTensor> list_tensors(const DecoderConfig& c) {
  Lister list;
  list.add("model.embed_tokens.weight", {c.vocab_size, c.hidden_size});
  for (int64_t i = 0; i < c.num_layers; ++i) {
    const std::string layer = "model.layers." + std::to_string(i) + ".";
    list.add(layer + "input_layernorm.weight", {c.hidden_size}, Init::kOnes);
    (c.attention.is_mla() ? list_mla : list_gqa)(list, layer + "self_attn.", c);
    list.add(layer + "self_attn.o_proj.weight", {c.hidden_size, c.attention.output_size()});
    list.add(layer + "post_attention_layernorm.weight", {c.hidden_size}, Init::kOnes);
    if (c.is_moe(i)) {
      list_moe(list, layer + "mlp.", c);
    } else {
      list_dense(list, layer + "mlp.", c.hidden_size, c.intermediate_size);
    }
  }
  list.add("model.norm.weight", {c.hidden_size}, Init::kOnes);
  if (!c.tied_head) list.add("lm_head.weight", {c.vocab_size, c.hidden_size});
  return list.take();
}

int64_t flat_size(const std::vector<NamedTensor>& tensors) {
  return tensors.back().offset + tensors.back().size();
}

DecoderWeights bind_weights(const DecoderConfig& c, const at::Tensor& flat) {
  check(flat.dim() == 1 && flat.size(0) == flat_size(list_tensors(c)), "flat weights: got ", flat.size(0),
        " elements, expected ", flat_size(list_tensors(c)));
  Binder b(flat);
  DecoderWeights w;
  w.embedding = b.take({c.vocab_size, c.hidden_size});
  for (int64_t i = 0; i < c.num_layers; ++i) {
    AttentionWeights attention = bind_attention(b, c);
    w.layers.push_back({std::move(attention), bind_ffn(b, c, c.is_moe(i))});
  }
  w.norm = b.take({c.hidden_size});
  w.head = c.tied_head ? w.embedding : b.take({c.vocab_size, c.hidden_size});
  check(b.offset() == flat.size(0), "binding used ", b.offset(), " of ", flat.size(0), " elements");
  return w;
}

DecoderWeights pack_weights(const DecoderWeights& weights) {
  DecoderWeights packed;
  for_each_matrix(packed, weights, [](at::Tensor& p, const at::Tensor& w) { p = ops::pack_weight(w); });
  return packed;
}

void repack_weights(DecoderWeights& packed, const DecoderWeights& weights) {
  for_each_matrix(packed, weights, [](at::Tensor& p, const at::Tensor& w) { ops::pack_weight_(p, w); });
}

void init_weights(const DecoderConfig& config, uint64_t seed, at::Tensor& flat) {
  float* data = flat.data_ptr<float>();
  uint64_t index = 0;
  for (const NamedTensor& t : list_tensors(config)) {
    float* out = data + t.offset;
    switch (t.init) {
      case Init::kNormal:
        fill_normal(out, t.size(), config.initializer_range, mix(mix(seed, 0x77656967687473), index));
        break;
      case Init::kOnes:
        std::fill_n(out, t.size(), 1.0f);
        break;
      case Init::kZeros:
        std::fill_n(out, t.size(), 0.0f);
        break;
    }
    ++index;
  }
}

}  // namespace hone
