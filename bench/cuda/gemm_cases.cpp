// The exact product at the shapes of a dense layer and of experts, forward and both gradients. Float32 chains of
// fma: bound by the multiprocessors' fma rate, at few rows by the weights' bytes.
#include "bench/cuda/cases.h"
#include "cuda_ext/cpu/gemm.h"
#include "cuda_ext/cuda/gemm.h"

namespace hone::gpu {
namespace {

using cpu::dispatch;
using cuda::GemmParams;
using cuda::Grouped;

/// y [m, n] += x [m, k] w [n, k]^T and its gradients are products of these three.
struct Data {
  Floats a, b, c;
  GpuArray<int64_t> offsets;
};

/// Rows [0, rows) of one product whose operands begin at the given elements, on the CPU.
void product_on_cpu(const GemmParams& p, const float* a, const float* b, float* c, int64_t rows,
                    int64_t links) {
  cpu::GemmParams q;
  q.a = a, q.a_row = p.a_row, q.a_k = p.a_k;
  q.b = b, q.b_k = p.b_k, q.b_col = p.b_col;
  q.c = c, q.c_row = p.c_row;
  q.m = rows, q.n = p.n, q.k = links, q.accumulate = p.accumulate;
  std::vector<float> scratch(size_t(cpu::kGemmScratch) + 16);
  float* aligned = scratch.data();
  while (reinterpret_cast<uintptr_t>(aligned) % 64) ++aligned;
  dispatch([&](auto i) { cpu::gemm<i>(q, aligned); });
}

GemmParams placed(GemmParams p, Data& d, Side s) {
  p.a = d.a.at(s), p.b = d.b.at(s), p.c = d.c.at(s);
  p.offsets = p.grouped == Grouped::none ? nullptr : d.offsets.at(s);
  return p;
}

std::unique_ptr<KernelCase> dense(const char* kernel, GemmParams p, Json shape, int64_t compared) {
  const int64_t rows = std::min(compared, p.m);
  CaseInfo info{.kernel = kernel, .shape = std::move(shape)};
  info.flops = 2 * double(p.m) * double(p.n) * double(p.k);
  info.bytes = 4 * (double(p.m) * double(p.k) + double(p.k) * double(p.n) +
                    (p.accumulate ? 2 : 1) * double(p.m) * double(p.n));
  return make_case(
      info,
      Data{uniform(p.m * p.k, 1), uniform(p.k * p.n, 2), filled(p.m * p.n, 0),
           GpuArray<int64_t>(std::vector<int64_t>{})},
      [=](Data& d) { cuda::gemm(placed(p, d, Side::gpu), nullptr); },
      [=](Data& d) {
        const GemmParams q = placed(p, d, Side::cpu);
        product_on_cpu(q, q.a, q.b, d.c.at(Side::cpu), rows, q.k);
        d.c.expect_same(rows * p.n, kernel);
      });
}

std::unique_ptr<KernelCase> forward(int64_t T, int64_t K, int64_t N, int64_t compared) {
  GemmParams p{.a_row = K, .b_col = K};
  p.m = T, p.n = N, p.k = K, p.c_row = N;
  return dense("linear", p, {{"T", T}, {"K", K}, {"N", N}}, compared);
}
std::unique_ptr<KernelCase> input_gradient(int64_t T, int64_t K, int64_t N, int64_t compared) {
  GemmParams p{.a_row = N, .b_k = K, .b_col = 1};
  p.m = T, p.n = K, p.k = N, p.c_row = K;
  return dense("linear_dx", p, {{"T", T}, {"K", K}, {"N", N}}, compared);
}
std::unique_ptr<KernelCase> weight_gradient(int64_t T, int64_t K, int64_t N, int64_t compared) {
  GemmParams p{.a_row = 1, .a_k = N, .b_k = K, .b_col = 1};
  p.m = N, p.n = K, p.k = T, p.c_row = K, p.accumulate = true;
  return dense("linear_dw", p, {{"T", T}, {"K", K}, {"N", N}}, compared);
}

/// Rows dealt evenly to E experts.
std::vector<int64_t> even(int64_t rows, int64_t E) {
  std::vector<int64_t> offsets;
  for (int64_t e = 0; e <= E; ++e) offsets.push_back(rows * e / E);
  return offsets;
}

std::unique_ptr<KernelCase> grouped(int64_t rows, int64_t E, int64_t K, int64_t N, int64_t compared,
                                    bool weights) {
  GemmParams p{.a_row = K, .b_col = K, .b_batch = N * K};  // y = x w[e]^T
  p.m = rows, p.n = N, p.k = K, p.c_row = N, p.grouped = Grouped::rows;
  if (weights) {  // dw[e] += dy^T x over the expert's rows; a is dy [rows, N], b is x [rows, K]
    p = GemmParams{.a_row = 1, .a_k = N, .b_k = K, .b_col = 1};
    p.m = N, p.n = K, p.k = rows, p.c_row = K, p.c_batch = N * K, p.accumulate = true;
    p.grouped = Grouped::depth;
  }
  p.batch = E;
  CaseInfo info{.kernel = weights ? "grouped_linear_dw" : "grouped_linear",
                .shape = {{"R", rows}, {"E", E}, {"K", K}, {"N", N}}};
  info.flops = 2 * double(rows) * double(K) * double(N);
  info.bytes = 4 * (double(rows) * double(K + N) + (weights ? 2 : 1) * double(E * N * K));
  const std::vector<int64_t> offsets = even(rows, E);
  const int64_t first = offsets[1];  // rows of the first expert, which are compared
  const int64_t lines = weights ? std::min(compared, N) : std::min(compared, first);
  return make_case(
      info,
      Data{uniform(rows * (weights ? N : K), 1), uniform(weights ? rows * K : E * N * K, 2),
           filled(weights ? E * N * K : rows * N, 0), GpuArray<int64_t>(offsets)},
      [=](Data& d) { cuda::gemm(placed(p, d, Side::gpu), nullptr); },
      [=](Data& d) {
        const GemmParams q = placed(p, d, Side::cpu);
        product_on_cpu(q, q.a, q.b, d.c.at(Side::cpu), lines, weights ? first : q.k);
        d.c.expect_same(lines * q.n, weights ? "grouped_linear_dw" : "grouped_linear");
      });
}

}  // namespace

void add_gemm_cases(Cases& cases, const Sizes& s) {
  const int64_t K = s.hidden, N = s.inner, T = s.tokens / 2;
  for (const int64_t m : {int64_t{1}, int64_t{8}, int64_t{32}, s.decoding, T})
    cases.push_back({"linear", [=] { return forward(m, K, N, s.compared); }});
  cases.push_back({"linear", [=] { return forward(s.decoding, N, K, s.compared); }});
  cases.push_back({"linear_dx", [=] { return input_gradient(T, K, N, s.compared); }});
  cases.push_back({"linear_dw", [=] { return weight_gradient(T, K, N, s.compared); }});
  for (const int64_t rows : {s.decoding * s.top_k, T * s.top_k})
    cases.push_back(
        {"grouped_linear", [=] { return grouped(rows, s.experts, K, s.expert_inner, s.compared, false); }});
  cases.push_back({"grouped_linear_dw",
                   [=] { return grouped(T * s.top_k, s.experts, K, s.expert_inner, s.compared, true); }});
}

}  // namespace hone::gpu
