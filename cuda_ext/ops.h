// The operators, over tensors: checks, then dispatch on the device. Each is defined in docs/exactness.md as a
// scalar program whose order of roundings does not mention the batch; every implementation, the CUDA kernels
// too, gives exactly those bits. All tensors of a call are on one device, but int32 inputs that the host plans
// with (ids, positions, targets, layouts) are on the CPU. Letters: T rows (tokens), K inputs, N outputs, H query heads, J key heads, Dk, Dv head sizes, E
// experts, V vocabulary. All float tensors are float32. "rows strided" = the last dimension is contiguous,
// the others may be views with any stride. Outputs named foo_ are written in place and may be views;
// accumulating ones start their chain from what is there.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

namespace hone::ops {

using at::Tensor;


// ---- linear -----------------------------------------------------------------------------------------------
// y[t,n] = (fma chain over k ascending from 0) + bias. B batches (heads) at once: x [T, B, K],
// w [B, N, K], y [T, B, N]; a plain linear has x [T, K], w [N, K], y [T, N].

/// Weight in the kernel's layout, made again after every update: [B, ceil(N/32), K, 32]. `w` is [N, K] or [B,
/// N, K], any strides. On a GPU nothing is packed: a view [B, N, K] of w, which an update changes too; or, for
/// products in bfloat16, w rounded to nearest even, with which linear_, linear_backward_input_, their grouped
/// forms and the language-model head run on tensor cores (docs/exactness.md).
Tensor pack_weight(const Tensor& w, at::ScalarType products = at::kFloat);
void pack_weight_(Tensor& packed_, const Tensor& w);

/// y_ and x rows strided; bias [N] or undefined (B == 1 only).
void linear_(Tensor& y_, const Tensor& x, const Tensor& packed, const Tensor& bias = {});
/// dx = chain over n ascending of dy w. w any strides; on a GPU it may be a packed one. accumulate: the chain
/// starts from dx_, else from 0.
void linear_backward_input_(Tensor& dx_, const Tensor& dy, const Tensor& w, bool accumulate);

/// Which rows share a step when gradients of weights are summed on tensor cores, on a GPU: those of a unit (a prompt
/// with its completions) sixteen at a time. Undefined: chains of fma.
struct GradientSteps {
  Tensor links;       // [L] int32 the row of each link, -1: zeros; whole steps
  Tensor position;    // [T] int32 the link of each row
  Tensor unit;        // [T] int32 the unit of each row
  int64_t units = 0;  // U
  Tensor ranges;      // of experts [E, 2] int64 links [begin, end); else undefined
  bool defined() const { return links.defined(); }
};
/// unit_begin [U+1] int32 on the CPU: unit u has rows [unit_begin[u], unit_begin[u+1]).
GradientSteps gradient_steps(const Tensor& unit_begin, at::Device device);

/// dw_ += chain over t ascending of dy[t,n] x[t,k], or over steps; dw_ [N, K] or [B, N, K], a view with any strides.
void linear_backward_weight_(Tensor& dw_, const Tensor& dy, const Tensor& x, const GradientSteps& steps = {});
/// db_ [N] += chain over t ascending.
void linear_backward_bias_(Tensor& db_, const Tensor& dy);

/// Rows sorted by expert: expert e owns rows [offsets[e], offsets[e+1]). offsets [E+1] int64. x [R, K], w [E,
/// N, K], y [R, N]. bias [E, N] or undefined.
void grouped_linear_(Tensor& y_, const Tensor& x, const Tensor& packed, const Tensor& offsets,
                     const Tensor& bias = {});
void grouped_linear_backward_input_(Tensor& dx_, const Tensor& dy, const Tensor& w, const Tensor& offsets,
                                    bool accumulate);
/// steps: expert_steps of the rows' own.
void grouped_linear_backward_weight_(Tensor& dw_, const Tensor& dy, const Tensor& x, const Tensor& offsets,
                                     const GradientSteps& steps = {});
/// db_ [E, N], contiguous.
void grouped_linear_backward_bias_(Tensor& db_, const Tensor& dy, const Tensor& offsets);

// ---- rows -------------------------------------------------------------------------------------------------
/// out[t] = weight[ids[t]]; ids [T] int32.
Tensor embedding(const Tensor& weight, const Tensor& ids);
/// dweight_[ids[t]] += dy[t], t ascending.
void embedding_backward_(Tensor& dweight_, const Tensor& dy, const Tensor& ids);

/// RMSNorm (arXiv 1910.07467): y = x * rstd * weight, rstd = 1/sqrt(mean(x^2) + eps). x, y [T, K] or [T, H,
/// K] rows strided (each innermost row is normalised), weight [K]; rstd_ [T] or [T, H] is written.
void rms_norm_(Tensor& y_, Tensor& rstd_, const Tensor& x, const Tensor& weight, double eps);
/// dx_ (overwritten, or added to if accumulate), dweight_ += chain over rows ascending (t, then h). dx_ may
/// be dy's memory.
void rms_norm_backward_(Tensor& dx_, Tensor& dweight_, const Tensor& dy, const Tensor& x,
                        const Tensor& weight, const Tensor& rstd, bool accumulate);

/// y_ += x, elementwise; both [T, K], rows strided.
void add_(Tensor& y_, const Tensor& x);

/// cos, sin [max_positions, D/2] of positions times inverse frequencies [D/2]; computed by our own programs,
/// same bits everywhere.
struct RopeTables {
  Tensor cos, sin;
};
RopeTables rope_tables(const Tensor& inverse_frequencies, int64_t max_positions, double scale = 1.0);
/// theta^(-2i/D), i < D/2, float32, by our own pow.
Tensor rope_inverse_frequencies(double theta, int64_t head_size);
/// positions [T] int32, on the CPU, checked against the tables, where the tables are: once for all layers of a pass.
Tensor rope_positions(const Tensor& positions, const RopeTables& tables);
/// Rotates x_ [T, H, D] (rows strided view) in place; positions [T] int32 by rope_positions. interleaved: pairs (2i, 2i+1),
/// else (i, i + D/2). inverse rotates back: the backward pass.
void rope_(Tensor& x_, const Tensor& positions, const RopeTables& tables, bool interleaved, bool inverse);

/// out[t,i] = silu(gate_up[t,i]) * gate_up[t,I+i]; gate_up [T, 2I].
void swiglu_(Tensor& out_, const Tensor& gate_up);
/// dgate_up_ [T, 2I] is overwritten; it may be gate_up's memory.
void swiglu_backward_(Tensor& dgate_up_, const Tensor& dout, const Tensor& gate_up);

/// gpt_oss: gate and up stand in even and odd columns of gate_up [T, 2I]. With g = min(gate, limit), u =
/// clamp(up, -limit, limit): out[t,i] = (g * sigmoid(alpha * g)) * (u + 1).
void clamped_swiglu_(Tensor& out_, const Tensor& gate_up, double alpha, double limit);
/// As swiglu_backward_; what was clamped gets no gradient.
void clamped_swiglu_backward_(Tensor& dgate_up_, const Tensor& dout, const Tensor& gate_up, double alpha,
                              double limit);

/// out_ = x clamped to [-limit, limit]; [T, K] rows strided. out_ may be x's memory.
void clamp_(Tensor& out_, const Tensor& x, double limit);
/// dx_ = 0 where x, the unclamped numbers, lies outside.
void clamp_backward_(Tensor& dx_, const Tensor& x, double limit);

/// out_[t] = sigmoid(gate[t]) * y[t]; out_, y [T, K] rows strided, gate [T, 1].
void sigmoid_gate_(Tensor& out_, const Tensor& y, const Tensor& gate);
/// dy_ [T, K], dgate_ [T, 1], both overwritten.
void sigmoid_gate_backward_(Tensor& dy_, Tensor& dgate_, const Tensor& dout, const Tensor& y,
                            const Tensor& gate);

// ---- attention over pages -------------------------------------------------------------------------------------
// A page holds 16 consecutive positions of one sequence. Keys are stored d-major so that 16 keys are the lanes:
// k_pages [pages, J, Dk, 16], v_pages [pages, J, 16, Dv]. MLA in the absorbed form is the case J = 1 whose
// values are the first Dv numbers of its keys. Softmax runs over blocks of 16 keys counted from position 0;
// see docs/exactness.md. Pages are float32, or on a GPU bfloat16: then products are made on tensor cores, by a
// definition of their own.
inline constexpr int64_t kPageSize = 16;

/// What operators on a GPU make of a layout at its first use there, for all layers of a pass. A copy starts without.
class GpuLayout;
class GpuLayoutCache {
 public:
  GpuLayoutCache() = default;
  GpuLayoutCache(const GpuLayoutCache&) {}
  GpuLayoutCache& operator=(const GpuLayoutCache&) { return made.reset(), *this; }
  mutable std::shared_ptr<GpuLayout> made;
};

/// Which rows see which pages. A segment is a run of consecutive rows of one sequence; row r of segment s has
/// position first_position[s] + (r - row_begin[s]) and sees positions 0 ... its own through table[s].
/// Segments that share pages (a prompt and its completions) form a unit of consecutive segments. All int32,
/// on the CPU; not to be changed once it has been used.
struct AttentionLayout {
  Tensor row_begin;       // [S+1]
  Tensor first_position;  // [S]
  Tensor table;           // [S, max_pages] page ids
  Tensor
      unit_begin;  // [U+1] segments of unit u: [unit_begin[u], unit_begin[u+1]); only the backward pass reads it
  Tensor
      writes;  // [W, 3] (row, page, slot), ascending by row: where a row's key and value go; a row may go to several
               // places (a prompt's last, partly filled page is written once for each completion)
  GpuLayoutCache on_gpu;
};

/// k [T, J, Dk], v [T, J, Dv], rows strided.
void write_pages_(Tensor& k_pages_, Tensor& v_pages_, const Tensor& k, const Tensor& v,
                  const AttentionLayout& layout);
/// out_ [T, H, Dv], lse_ [T, H] (may be undefined); q [T, H, Dk], rows strided; head h reads key head h / (H
/// / J). Score = (fma chain over d ascending) * scale. window > 0: a row sees the last `window` positions up
/// to its own. sinks [H] or undefined: a further logit of each head, of a key that every row sees and whose
/// value is 0.
void paged_attention_(Tensor& out_, Tensor& lse_, const Tensor& q, const Tensor& k_pages,
                      const Tensor& v_pages, const AttentionLayout& layout, double scale, int64_t window = 0,
                      const Tensor& sinks = {});
/// dq_ [T, H, Dk] is overwritten; dk_ [T, J, Dk], dv_ [T, J, Dv] are overwritten with the sum over all the
/// places a row was written to. Orders are fixed per unit, so that the split of a batch into micro-batches of
/// whole units does not show.
void paged_attention_backward_(Tensor& dq_, Tensor& dk_, Tensor& dv_, const Tensor& dout, const Tensor& q,
                               const Tensor& k_pages, const Tensor& v_pages, const Tensor& out,
                               const Tensor& lse, const AttentionLayout& layout, double scale,
                               int64_t window = 0);
/// dsinks_ [H]: a chain over rows ascending from what is there. out and lse are the forward's.
void attention_sinks_backward_(Tensor& dsinks_, const Tensor& dout, const Tensor& out, const Tensor& lse,
                               const Tensor& sinks);

// ---- mixture of experts -----------------------------------------------------------------------------------
struct RouterOptions {
  bool sigmoid = true;  // DeepSeek-V3; false: softmax over all experts
  int64_t top_k = 2;
  int64_t num_groups =
      1;  // group-limited routing (arXiv 2412.19437): keep top_groups groups by the sum of their two best
  int64_t top_groups = 1;
  bool normalize = true;  // chosen weights sum to 1 (+ 1e-20) before scaling
  double scale = 1.0;     // routed_scaling_factor
};

/// Ties go to the lower expert id; the chosen are listed by ascending expert id.
struct Routing {
  Tensor scores;   // [T, E] sigmoid or softmax of the logits
  Tensor experts;  // [T, top_k] int32
  Tensor weights;  // [T, top_k]
};
/// bias [E] corrects the choice only, not the weights (auxiliary-loss-free balancing, arXiv 2408.15664); may
/// be undefined.
Routing route(const Tensor& logits, const Tensor& bias, const RouterOptions& options);
/// dlogits_ [T, E] is overwritten. dscores [T, E] (may be undefined) is a further gradient on the scores, of
/// a balance loss.
void route_backward_(Tensor& dlogits_, const Tensor& dweights, const Tensor& dscores, const Routing& routing,
                     const RouterOptions& options);

/// Rows sorted by expert, stable in t: row i of the sorted is token order[i] / top_k, slot order[i] % top_k.
struct ExpertDispatch {
  Tensor order;    // [T*top_k] int32
  Tensor inverse;  // [T, top_k] int32: where (t, slot) went
  Tensor offsets;  // [E+1] int64
};
ExpertDispatch dispatch_experts(const Tensor& experts, int64_t num_experts);
/// Of the rows sorted by expert: each expert's rows of a unit. Undefined if steps are.
GradientSteps expert_steps(const GradientSteps& steps, const ExpertDispatch& dispatch);
/// out_ [T*top_k, K] = x[order / top_k].
void gather_rows_(Tensor& out_, const Tensor& x, const ExpertDispatch& dispatch);
/// dx_[t] += its rows of dy, by ascending expert.
void gather_rows_backward_(Tensor& dx_, const Tensor& dy, const ExpertDispatch& dispatch);
/// out_[t] = (fma chain over the chosen experts ascending of weights * y) + shared[t] (may be undefined). y
/// [T*top_k, K] sorted.
void combine_experts_(Tensor& out_, const Tensor& y, const Tensor& weights, const ExpertDispatch& dispatch,
                      const Tensor& shared);
/// dy_ [T*top_k, K] = weights * dout, dweights_ [T, top_k] = dot(dout, y) as a 16-lane row reduction; both
/// overwritten. dy_ may be y's memory.
void combine_experts_backward_(Tensor& dy_, Tensor& dweights_, const Tensor& dout, const Tensor& y,
                               const Tensor& weights, const ExpertDispatch& dispatch);

// ---- language-model head ------------------------------------------------------------------------------------
// logits = x w^T, never held as [T, V]. z = logit / temperature. Log-sum-exp runs over blocks of kVocabBlock ids: block
// maximum, 16-lane sum of exp(z - max), then a chain over blocks ascending.
inline constexpr int64_t kVocabBlock = 512;

struct TokenScores {
  Tensor logprobs;  // [T] of the target under softmax(z)
  Tensor entropy;   // [T] nats
  Tensor lse;       // [T]
};
/// x [T, K], packed from w [V, K] (pack_weight), targets [T] int32, temperature > 0.
TokenScores lm_head_logprobs(const Tensor& x, const Tensor& packed, int64_t vocab_size, const Tensor& targets,
                             double temperature);
/// dlogprobs [T] = d loss / d logprob. dx_ [T, K] is overwritten, dw_ [V, K] += chain over t ascending, or over
/// steps. Rows with dlogprob 0 add 0.
void lm_head_backward_(Tensor& dx_, Tensor& dw_, const Tensor& dlogprobs, const Tensor& x, const Tensor& w,
                       const Tensor& packed, const Tensor& targets, const TokenScores& scores,
                       double temperature, const GradientSteps& steps = {});

/// How one row is sampled. temperature 0 = greedy (logprob: of the undivided softmax). Filters apply to
/// softmax(z), in this order: top_k, top_p, min_p; ties to the lower id; at least one token stays.
struct RowSampling {
  uint64_t key = 0;       // mix(...) of (run seed, stage, step, prompt, rollout)
  uint32_t position = 0;  // of the token drawn, counted from the start of its sequence
  float temperature = 1;
  int32_t top_k = 0;  // 0 = off
  float top_p = 1;    // 1 = off
  float min_p = 0;    // 0 = off
};
struct Sampled {
  Tensor ids;       // [T] int32
  Tensor logprobs;  // [T] under the distribution really drawn from
};
/// Gumbel-max: argmax over v of z[v] + g[v], g = -log(-log(u)), u = ((word >> 9) + 0.5) / 2^23, word v % 4 of
/// Philox(key, {v / 4, position, 0, 0}); ties to the lower id. `rows` has one entry a row of x. With all
/// filters off the logprob has lm_head_logprobs' bits.
Sampled lm_head_sample(const Tensor& x, const Tensor& packed, int64_t vocab_size, const RowSampling* rows);

// ---- optimizer --------------------------------------------------------------------------------------------
struct AdamWOptions {
  double learning_rate = 1e-6, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0.0;
  int64_t step = 1;             // counted from 1: the bias correction (powers by squaring, no libm)
  double gradient_scale = 1.0;  // multiplies the gradient first: clipping
};
/// AdamW (arXiv 1711.05101), torch.optim.AdamW's arithmetic in float32, one pass. All [n] contiguous.
void adamw_(Tensor& weights_, Tensor& moment1_, Tensor& moment2_, const Tensor& gradient,
            const AdamWOptions& options);
/// Sum of squares in float64: chain over blocks of 4096 elements ascending, each a 16-lane float64-free
/// float32 row reduction.
double sum_of_squares(const Tensor& gradient);

}  // namespace hone::ops
