// Products in bfloat16 at the shapes of a dense layer and of experts, forward and the gradients of input and weight.
// Bound: tensor cores, at few rows the weights' bytes.
#include <cmath>

#include "bench/cuda/cases.h"
#include "cuda_ext/cuda/gemm_bf16.h"
#include "cuda_ext/cuda/weight_gradient.h"

namespace hone::gpu {
namespace {

using cuda::Bf16;
using cuda::Bf16GemmParams;
using cuda::Grouped;

struct Data {
  Floats a;
  GpuArray<Bf16> b;
  Floats c;
  GpuArray<int64_t> offsets;
};

float rounded(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000u;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
GpuArray<Bf16> random_bf16(int64_t n, uint32_t seed) {
  std::vector<Bf16> x(static_cast<size_t>(n));
  for (size_t i = 0; i < x.size(); ++i) {  // +-[0.5, 1)
    const uint32_t bits = mixed_bits(seed, i);
    x[i].bits = uint16_t((bits & 0x8000u) | 0x3F00u | (bits & 0x7Fu));
  }
  return GpuArray<Bf16>(std::move(x));
}
float widened(Bf16 x) {
  const uint32_t bits = uint32_t{x.bits} << 16;
  float out;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

Bf16GemmParams placed(Bf16GemmParams p, Data& d, Side s) {
  p.a = d.a.at(s), p.b = d.b.at(s), p.c = d.c.at(s);
  p.offsets = p.grouped == Grouped::none ? nullptr : d.offsets.at(s);
  return p;
}

/// The first rows of the first product, within what the steps of tensor cores may round.
void compare(Data& d, const Bf16GemmParams& q, int64_t rows, const char* kernel) {
  std::vector<float> bounds(size_t(rows * q.n));
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < q.n; ++j) {
      float sum = 0;
      double magnitude = 0;
      for (int64_t k = 0; k < q.k; ++k) {
        const float x = rounded(q.a[i * q.a_row + k]), y = widened(q.b[k * q.b_k + j * q.b_col]);
        sum = std::fma(x, y, sum), magnitude += std::abs(double(x) * y);
      }
      d.c.at(Side::cpu)[i * q.n + j] = sum;
      bounds[size_t(i * q.n + j)] = float(double(q.k / 16 + 1) * 0x1p-22 * magnitude);
    }
  d.c.expect_within(bounds, kernel);
}

std::unique_ptr<KernelCase> make(const char* kernel, Bf16GemmParams p, Json shape,
                                 std::vector<int64_t> offsets, int64_t compared) {
  const int64_t products = p.grouped == Grouped::none ? 1 : p.batch;
  const int64_t rows = std::min({compared, int64_t{8}, p.grouped == Grouped::none ? p.m : offsets[1]});
  CaseInfo info{.kernel = kernel, .shape = std::move(shape)};
  info.tensor_cores = true;
  info.flops = 2 * double(p.m) * double(p.n) * double(p.k);
  info.bytes = 4 * double(p.m) * double(p.k + p.n) + 2 * double(products * p.k * p.n);
  return make_case(
      info,
      Data{uniform(p.m * p.k, 1), random_bf16(products * p.k * p.n, 2), filled(p.m * p.n, 0),
           GpuArray<int64_t>(std::move(offsets))},
      [=](Data& d) { cuda::gemm_bf16(placed(p, d, Side::gpu), nullptr); },
      [=](Data& d) { compare(d, placed(p, d, Side::cpu), rows, kernel); });
}

std::unique_ptr<KernelCase> forward(int64_t T, int64_t K, int64_t N, int64_t compared) {
  Bf16GemmParams p{.a_row = K, .b_col = K};
  p.m = T, p.n = N, p.k = K, p.c_row = N;
  return make("linear_bf16", p, {{"T", T}, {"K", K}, {"N", N}}, {}, compared);
}
std::unique_ptr<KernelCase> input_gradient(int64_t T, int64_t K, int64_t N, int64_t compared) {
  Bf16GemmParams p{.a_row = N, .b_k = K, .b_col = 1};
  p.m = T, p.n = K, p.k = N, p.c_row = K;
  return make("linear_dx_bf16", p, {{"T", T}, {"K", K}, {"N", N}}, {}, compared);
}
std::unique_ptr<KernelCase> grouped(int64_t rows, int64_t E, int64_t K, int64_t N, int64_t compared) {
  Bf16GemmParams p{.a_row = K, .b_col = K, .b_batch = N * K};
  p.m = rows, p.n = N, p.k = K, p.c_row = N, p.batch = E, p.grouped = Grouped::rows;
  std::vector<int64_t> offsets;
  for (int64_t e = 0; e <= E; ++e) offsets.push_back(rows * e / E);
  return make("grouped_linear_bf16", p, {{"R", rows}, {"E", E}, {"K", K}, {"N", N}}, std::move(offsets),
              compared);
}

struct WeightData {
  Floats dy, x, dw;
};
/// Rows in whole steps, as one unit's.
std::unique_ptr<KernelCase> weight_gradient(int64_t T, int64_t K, int64_t N, int64_t compared) {
  T = (T + 15) / 16 * 16;
  CaseInfo info{.kernel = "linear_dw_bf16", .shape = {{"T", T}, {"K", K}, {"N", N}}};
  info.tensor_cores = true;
  info.flops = 2 * double(T) * double(K) * double(N);
  info.bytes = 4 * (double(T) * double(K + N) + 2 * double(K * N));
  return make_case(
      info, WeightData{uniform(T * N, 1), uniform(T * K, 2), filled(N * K, 0)},
      [=](WeightData& d) {
        cuda::weight_gradient({.a = d.dy.at(Side::gpu),
                               .a_row = N,
                               .b = d.x.at(Side::gpu),
                               .b_row = K,
                               .c = d.dw.at(Side::gpu),
                               .c_row = K,
                               .m = N,
                               .n = K,
                               .num_links = T},
                              nullptr);
      },
      [=](WeightData& d) {
        const int64_t rows = std::min({compared, int64_t{8}, N});
        std::vector<float> bounds(size_t(rows * K));
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t j = 0; j < K; ++j) {
            float sum = 0;
            double magnitude = 0;
            for (int64_t t = 0; t < T; ++t) {
              const float a = rounded(d.dy.at(Side::cpu)[t * N + i]),
                          b = rounded(d.x.at(Side::cpu)[t * K + j]);
              sum = std::fma(a, b, sum), magnitude += std::abs(double(a) * b);
            }
            d.dw.at(Side::cpu)[i * K + j] = sum;
            bounds[size_t(i * K + j)] = float(double(T / 16 + 1) * 0x1p-22 * magnitude);
          }
        d.dw.expect_within(bounds, "linear_dw_bf16");
      });
}

}  // namespace

void add_gemm_bf16_cases(Cases& cases, const Sizes& s) {
  const int64_t K = s.hidden, N = s.inner, T = s.tokens;
  for (const int64_t m : {int64_t{1}, int64_t{32}, int64_t{64}, s.decoding, T})
    cases.push_back({"linear_bf16", [=] { return forward(m, K, N, s.compared); }});
  cases.push_back({"linear_bf16", [=] { return forward(s.decoding, N, K, s.compared); }});
  cases.push_back({"linear_dx_bf16", [=] { return input_gradient(T, K, N, s.compared); }});
  cases.push_back({"linear_dw_bf16", [=] { return weight_gradient(T, K, N, s.compared); }});
  for (const int64_t rows : {s.decoding * s.top_k, T * s.top_k})
    cases.push_back(
        {"grouped_linear_bf16", [=] { return grouped(rows, s.experts, K, s.expert_inner, s.compared); }});
}

}  // namespace hone::gpu
