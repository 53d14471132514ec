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
    if (a.qk_norm != AttentionConfig::QkNorm::kNone) {
      const bool head = a.qk_norm == AttentionConfig::QkNorm::kHead;
      w.q_norm = b.take({head ? a.head_size : a.num_heads * a.head_size});
      w.k_norm = b.take({head ? a.head_size : a.num_key_heads * a.head_size});
    }
    if (a.sinks) w.sinks = b.take({a.num_heads});
  }
  w.out = b.take({c.hidden_size, a.output_size()});
  if (a.output_bias) w.out_bias = b.take({c.hidden_size});
  return w;
}

void bind_dense(Binder& b, FeedForwardWeights& w, int64_t hidden, int64_t intermediate, bool bias) {
  w.gate_up = b.take({2 * intermediate, hidden});
  if (bias) w.gate_up_bias = b.take({2 * intermediate});
  w.down = b.take({hidden, intermediate});
  if (bias) w.down_bias = b.take({hidden});
}

void bind_experts(Binder& b, FeedForwardWeights& w, const MoeConfig& m, int64_t hidden) {
  const int64_t E = m.num_experts, I = m.intermediate_size;
  if (!m.clamped) {
    w.experts_gate_up = b.take({E, 2 * I, hidden});
    w.experts_down = b.take({E, hidden, I});
    return;
  }
  w.experts_gate_up = b.take({E, hidden, 2 * I}).transpose(1, 2);
  w.experts_gate_up_bias = b.take({E, 2 * I});
  w.experts_down = b.take({E, I, hidden}).transpose(1, 2);
  w.experts_down_bias = b.take({E, hidden});
}

FeedForwardWeights bind_ffn(Binder& b, const DecoderConfig& c, bool is_moe) {
  const MoeConfig& m = c.moe;
  FeedForwardWeights w;
  w.norm = b.take({c.hidden_size});
  if (!is_moe) {
    bind_dense(b, w, c.hidden_size, c.intermediate_size, c.mlp_bias);
    return w;
  }
  w.router = b.take({m.num_experts, c.hidden_size});
  if (m.router_bias) w.router_bias = b.take({m.num_experts});
  if (m.correction_bias) w.correction_bias = b.take({m.num_experts});
  bind_experts(b, w, m, c.hidden_size);
  if (m.shared_intermediate_size) bind_dense(b, w, c.hidden_size, m.shared_intermediate_size, false);
  if (m.shared_gate) w.shared_gate = b.take({1, c.hidden_size});
  return w;
}

/// Calls f(packed, weight, whether it decides on a route or a gate) on every matrix of the two.
template <class F>
void for_each_matrix(DecoderWeights& packed, const DecoderWeights& weights, F f) {
  const auto visit = [&](at::Tensor& p, const at::Tensor& w, bool decides = false) {
    if (w.defined()) f(p, w, decides);
  };
  packed.layers.resize(weights.layers.size());
  for (size_t i = 0; i < weights.layers.size(); ++i) {
    AttentionWeights& pa = packed.layers[i].attention;
    const AttentionWeights& wa = weights.layers[i].attention;
    visit(pa.in, wa.in), visit(pa.q_up, wa.q_up), visit(pa.key_up, wa.key_up),
        visit(pa.value_up, wa.value_up), visit(pa.out, wa.out);
    FeedForwardWeights& pf = packed.layers[i].ffn;
    const FeedForwardWeights& wf = weights.layers[i].ffn;
    visit(pf.gate_up, wf.gate_up), visit(pf.down, wf.down), visit(pf.router, wf.router, true),
        visit(pf.shared_gate, wf.shared_gate, true);
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
  const int64_t bound = count_parameters(c).total;  // what is merely kept comes last
  check(b.offset() == bound, "binding used ", b.offset(), " of ", bound, " elements");
  return w;
}

DecoderWeights pack_weights(const DecoderWeights& weights, at::ScalarType products) {
  DecoderWeights packed;
  for_each_matrix(packed, weights, [&](at::Tensor& p, const at::Tensor& w, bool decides) {
    p = ops::pack_weight(w, decides ? at::kFloat : products);
  });
  return packed;
}

void repack_weights(DecoderWeights& packed, const DecoderWeights& weights) {
  for_each_matrix(packed, weights, [](at::Tensor& p, const at::Tensor& w, bool) { ops::pack_weight_(p, w); });
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
  if (config.pad_id && *config.pad_id >= 0 && *config.pad_id < config.vocab_size)
    std::fill_n(data + *config.pad_id * config.hidden_size, config.hidden_size, 0.0f);  // the first tensor
}

}  // namespace hone
