// Operators on rows: checks, then the kernels of cpu/rows.h over ranges of rows.
#include <ATen/ops/empty.h>

#include <cmath>
#include <cstring>

#include "core/exact_math.h"
#include "cuda_ext/cpu/rows.h"
#include "cuda_ext/cuda/rows.h"
#include "cuda_ext/cuda/token_order.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"
#include "cuda_ext/row_checks.h"

namespace hone::ops {
namespace {

/// Indices are on the CPU, whatever the device of the rest.
void check_ints(const Tensor& x, const char* name, int64_t size) {
  TORCH_CHECK(x.defined() && x.dim() == 1 && x.scalar_type() == at::kInt && x.is_contiguous() &&
                  x.size(0) == size && x.is_cpu(),
              name, ": expected int32 [", size, "], contiguous, on the CPU, got ",
              x.defined() ? x.toString() : "undefined", x.sizes());
}

void check_vector(const Tensor& x, const char* name, int64_t size) {
  check_rows(x, name, 1);
  TORCH_CHECK(x.size(0) == size, name, ": got [", x.size(0), "], expected [", size, "]");
}

/// [T, K] and [T, H, K] alike, and [T], [T, H] for one number a row (row_dims 0).
template <class Float>
cpu::RowsOf<Float> rows_of(const Tensor& x, int64_t row_dims = 1) {
  cpu::RowsOf<Float> rows{x.data_ptr<float>(), x.stride(0), 0};
  if (x.dim() == 2 + row_dims) rows.stride_h = x.stride(1);
  return rows;
}

int64_t heads_of(const Tensor& x) { return x.dim() == 3 ? x.size(1) : 1; }

void check_rstd(const Tensor& rstd, const Tensor& x) {
  TORCH_CHECK(
      rstd.defined() && rstd.scalar_type() == at::kFloat && rstd.sizes() == x.sizes().slice(0, x.dim() - 1),
      "rms_norm: rstd: expected float32 ", x.sizes().slice(0, x.dim() - 1), ", got ", rstd.sizes());
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& ids) {
  check_rows(weight, "embedding: weight", 2);
  check_ints(ids, "embedding: ids", ids.numel());
  const int64_t T = ids.size(0), V = weight.size(0), K = weight.size(1);
  Tensor out = at::empty({T, K}, weight.options());
  const float* w = weight.const_data_ptr<float>();
  const int32_t* id = ids.const_data_ptr<int32_t>();
  float* y = out.data_ptr<float>();
  for (int64_t t = 0; t < T; ++t)
    TORCH_CHECK(id[t] >= 0 && id[t] < V, "embedding: ids[", t, "]: got ", id[t], ", expected 0 to ", V - 1);
  if (ran_on_gpu("embedding", {{"weight", weight}}, [&](auto stream) {
        Uploads up(weight);
        cuda::embedding({.out = rows_of<float>(out),
                         .weight = rows_of<const float>(weight),
                         .ids = up(id, size_t(T)),
                         .rows = T,
                         .size = K},
                        stream);
      }))
    return out;
  parallel_for(T, grain(K), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t)
      std::memcpy(y + t * K, w + id[t] * weight.stride(0), K * sizeof(float));
  });
  return out;
}

void embedding_backward_(Tensor& dweight_, const Tensor& dy, const Tensor& ids) {
  check_rows(dweight_, "embedding_backward_: dweight", 2);
  check_rows(dy, "embedding_backward_: dy", 2);
  const int64_t T = dy.size(0), V = dweight_.size(0), K = dy.size(1);
  check_ints(ids, "embedding_backward_: ids", T);
  TORCH_CHECK(dweight_.size(1) == K, "embedding_backward_: dweight: got ", dweight_.sizes(),
              ", expected [V, ", K, "]");
  const int32_t* id = ids.const_data_ptr<int32_t>();
  for (int64_t t = 0; t < T; ++t)
    TORCH_CHECK(id[t] >= 0 && id[t] < V, "embedding_backward_: ids[", t, "]: got ", id[t], ", expected 0 to ",
                V - 1);
  const float* d = dy.const_data_ptr<float>();
  float* w = dweight_.data_ptr<float>();
  if (ran_on_gpu("embedding_backward_", {{"dy", dy}, {"dweight", dweight_}}, [&](auto stream) {
        const cuda::TokensById sorted = cuda::sort_tokens({id, size_t(T)});
        Uploads up(dy);
        cuda::embedding_backward({.dweight = rows_of<float>(dweight_),
                                  .dy = rows_of<const float>(dy),
                                  .ids = up(sorted.ids),
                                  .begin = up(sorted.begin),
                                  .tokens = up(sorted.tokens),
                                  .num_ids = int64_t(sorted.ids.size()),
                                  .size = K},
                                 stream);
      }))
    return;
  // A part owns the ids of one residue class, so that each row of the weight sees its tokens ascending.
  const int64_t parts = T * K > kGrainNumbers ? num_threads() : 1;
  parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t t = 0; t < T; ++t) {
      const int64_t part = id[t] % parts;
      if (part < begin || part >= end) continue;
      cpu::dispatch(
          [&](auto isa) { cpu::add_row<isa>(w + id[t] * dweight_.stride(0), d + t * dy.stride(0), K); });
    }
  });
}

void rms_norm_(Tensor& y_, Tensor& rstd_, const Tensor& x, const Tensor& weight, double eps) {
  TORCH_CHECK(x.dim() == 2 || x.dim() == 3, "rms_norm_: x: got ", x.sizes(),
              ", expected [T, K] or [T, H, K]");
  check_rows(x, "rms_norm_: x", x.dim());
  check_like(y_, "rms_norm_: y", x);
  check_vector(weight, "rms_norm_: weight", x.size(-1));
  check_rstd(rstd_, x);
  const cpu::RmsNormParams p{.y = rows_of<float>(y_),
                             .rstd = rows_of<float>(rstd_, 0),
                             .x = rows_of<const float>(x),
                             .weight = weight.const_data_ptr<float>(),
                             .heads = heads_of(x),
                             .size = x.size(-1),
                             .eps = float(eps)};
  if (ran_on_gpu("rms_norm_", {{"x", x}, {"y", y_}, {"rstd", rstd_}, {"weight", weight}},
                 [&](auto stream) { cuda::rms_norm(p, x.size(0) * p.heads, stream); }))
    return;
  parallel_for(x.size(0) * p.heads, grain(p.size), [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::rms_norm<isa>(p, begin, end); });
  });
}

void rms_norm_backward_(Tensor& dx_, Tensor& dweight_, const Tensor& dy, const Tensor& x,
                        const Tensor& weight, const Tensor& rstd, bool accumulate) {
  TORCH_CHECK(x.dim() == 2 || x.dim() == 3, "rms_norm_backward_: x: got ", x.sizes(),
              ", expected [T, K] or [T, H, K]");
  check_rows(x, "rms_norm_backward_: x", x.dim());
  check_like(dx_, "rms_norm_backward_: dx", x);
  check_like(dy, "rms_norm_backward_: dy", x);
  check_vector(weight, "rms_norm_backward_: weight", x.size(-1));
  check_vector(dweight_, "rms_norm_backward_: dweight", x.size(-1));
  check_rstd(rstd, x);
  const cpu::RmsNormBackwardParams p{.dx = rows_of<float>(dx_),
                                     .dweight = dweight_.data_ptr<float>(),
                                     .dy = rows_of<const float>(dy),
                                     .x = rows_of<const float>(x),
                                     .weight = weight.const_data_ptr<float>(),
                                     .rstd = rows_of<const float>(rstd, 0),
                                     .heads = heads_of(x),
                                     .size = x.size(-1),
                                     .rows = x.size(0) * heads_of(x),
                                     .accumulate = accumulate};
  // The weight's gradient first: dx may be written over dy.
  if (ran_on_gpu(
          "rms_norm_backward_",
          {{"x", x}, {"dx", dx_}, {"dweight", dweight_}, {"dy", dy}, {"weight", weight}, {"rstd", rstd}},
          [&](auto stream) {
            cuda::rms_norm_backward_weight(p, stream);
            cuda::rms_norm_backward_input(p, stream);
          }))
    return;
  const int64_t groups = (p.size + 15) / 16;
  parallel_for(groups, grain(16 * p.rows), [&](int64_t begin, int64_t end) {
    const int64_t last = std::min(16 * end, p.size);
    cpu::dispatch([&](auto isa) { cpu::rms_norm_backward_weight<isa>(p, 16 * begin, last); });
  });
  parallel_for(p.rows, grain(p.size), [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::rms_norm_backward_input<isa>(p, begin, end); });
  });
}

void add_(Tensor& y_, const Tensor& x) {
  check_rows(x, "add_: x", 2);
  check_like(y_, "add_: y", x);
  if (ran_on_gpu("add_", {{"x", x}, {"y", y_}}, [&](auto stream) {
        cuda::add(
            {.y = rows_of<float>(y_), .x = rows_of<const float>(x), .rows = x.size(0), .size = x.size(1)},
            stream);
      }))
    return;
  float* y = y_.data_ptr<float>();
  const float* from = x.const_data_ptr<float>();
  parallel_for(x.size(0), grain(x.size(1)), [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) {
      for (int64_t t = begin; t < end; ++t)
        cpu::add_row<isa>(y + t * y_.stride(0), from + t * x.stride(0), x.size(1));
    });
  });
}

RopeTables rope_tables(const Tensor& inverse_frequencies, int64_t max_positions, double scale) {
  check_rows(inverse_frequencies, "rope_tables: inverse_frequencies", 1);
  TORCH_CHECK(inverse_frequencies.is_cpu(), "rope_tables: inverse_frequencies: got ",
              inverse_frequencies.device(), ", expected cpu: tables are made there");
  TORCH_CHECK(max_positions > 0, "rope_tables: max_positions: got ", max_positions, ", expected > 0");
  const int64_t half = inverse_frequencies.size(0);
  RopeTables tables{at::empty({max_positions, half}, inverse_frequencies.options()),
                    at::empty({max_positions, half}, inverse_frequencies.options())};
  const float* frequency = inverse_frequencies.const_data_ptr<float>();
  float *cos = tables.cos.data_ptr<float>(), *sin = tables.sin.data_ptr<float>();
  parallel_for(max_positions, 64, [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      for (int64_t i = 0; i < half; ++i) {
        const float angle = float(t) * frequency[i];  // float32, as transformers has it
        const SinCos v = exact_sin_cos(angle);
        cos[t * half + i] = float(v.cos) * float(scale);
        sin[t * half + i] = float(v.sin) * float(scale);
      }
    }
  });
  return tables;
}

Tensor rope_inverse_frequencies(double theta, int64_t head_size) {
  TORCH_CHECK(head_size > 0 && head_size % 2 == 0, "rope_inverse_frequencies: head_size: got ", head_size,
              ", expected even");
  TORCH_CHECK(theta > 0 && std::isfinite(theta), "rope_inverse_frequencies: theta: got ", theta,
              ", expected > 0");
  Tensor out = at::empty({head_size / 2}, at::kFloat);
  for (int64_t i = 0; i < head_size / 2; ++i) {
    const float exponent = float(2 * i) / float(head_size);
    out.data_ptr<float>()[i] = 1.0f / float(exact_pow(theta, exponent));
  }
  return out;
}

namespace {

void check_positions(const Tensor& positions, const RopeTables& tables) {
  check_ints(positions, "rope: positions", positions.numel());
  const int32_t* position = positions.const_data_ptr<int32_t>();
  for (int64_t t = 0; t < positions.numel(); ++t)
    TORCH_CHECK(position[t] >= 0 && position[t] < tables.cos.size(0), "rope: positions[", t, "]: got ",
                position[t], ", expected 0 to ", tables.cos.size(0) - 1);
}

}  // namespace

Tensor rope_positions(const Tensor& positions, const RopeTables& tables) {
  check_positions(positions, tables);
  if (tables.cos.is_cpu()) return positions;
  return upload_bytes(positions.const_data_ptr(), positions.nbytes(), tables.cos).view(at::kInt);
}

void rope_(Tensor& x_, const Tensor& positions, const RopeTables& tables, bool interleaved, bool inverse) {
  check_rows(x_, "rope_: x", 3);
  const int64_t T = x_.size(0), D = x_.size(2);
  TORCH_CHECK(D % 2 == 0 && tables.cos.size(1) == D / 2 && tables.cos.is_contiguous() &&
                  tables.sin.is_contiguous() && tables.sin.sizes() == tables.cos.sizes(),
              "rope_: tables: got ", tables.cos.sizes(), " and ", tables.sin.sizes(),
              ", expected [positions, ", D / 2, "]");
  TORCH_CHECK(positions.defined() && positions.scalar_type() == at::kInt && positions.is_contiguous() &&
                  positions.sizes() == at::IntArrayRef({T}),
              "rope_: positions: expected contiguous int32 [", T, "], got ", positions.toString(), " ",
              positions.sizes());
  if (positions.is_cpu()) check_positions(positions, tables);
  const int32_t* position = positions.const_data_ptr<int32_t>();
  const cpu::RopeParams p{.x = rows_of<float>(x_),
                          .positions = position,
                          .cos = tables.cos.const_data_ptr<float>(),
                          .sin = tables.sin.const_data_ptr<float>(),
                          .heads = x_.size(1),
                          .size = D,
                          .interleaved = interleaved,
                          .inverse = inverse};
  if (ran_on_gpu("rope_", {{"x", x_}, {"positions", positions}, {"cos", tables.cos}, {"sin", tables.sin}},
                 [&](auto stream) { cuda::rope(p, T, stream); }))
    return;
  parallel_for(T, grain(p.heads * D), [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::rope<isa>(p, begin, end); });
  });
}

}  // namespace hone::ops
