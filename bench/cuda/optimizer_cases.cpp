// The optimizer: bound by memory.
#include "bench/cuda/cases.h"
#include "cuda_ext/cuda/optimizer.h"

namespace hone::gpu {
namespace {

using cpu::dispatch;

std::unique_ptr<KernelCase> adamw(int64_t n, int64_t compared) {
  struct Data {
    Floats weights, moment1, moment2, gradient;
  };
  const auto params = [](Data& d, Side s) {
    return cpu::AdamWParams{.beta1 = 0.9f,
                            .one_minus_beta1 = 0.1f,
                            .beta2 = 0.999f,
                            .one_minus_beta2 = 0.001f,
                            .decay = 0.9999f,
                            .step_size = 3e-3f,
                            .root_correction2 = 0.05f,
                            .epsilon = 1e-8f,
                            .gradient_scale = 0.7f,
                            .weights = d.weights.at(s),
                            .moment1 = d.moment1.at(s),
                            .moment2 = d.moment2.at(s),
                            .gradient = d.gradient.at(s)};
  };
  return make_case(
      {.kernel = "adamw", .shape = {{"n", n}}, .bytes = 4 * 7 * double(n)},
      Data{uniform(n, 1), uniform(n, 2, 0.1f), filled(n, 0.01f), uniform(n, 3)},
      [=](Data& d) { cuda::adamw(params(d, Side::gpu), n, nullptr); },
      [=](Data& d) {
        dispatch([&](auto i) { cpu::adamw<i>(params(d, Side::cpu), 0, compared); });
        d.weights.expect_same(compared, "adamw weights");
        d.moment1.expect_same(compared, "adamw moment1");
        d.moment2.expect_same(compared, "adamw moment2");
      });
}

std::unique_ptr<KernelCase> sum_of_squares(int64_t n) {
  struct Data {
    Floats x, sums;
  };
  const int64_t blocks = (n + cpu::kSquaresBlock - 1) / cpu::kSquaresBlock;
  const auto params = [=](Data& d, Side s) {
    return cpu::SquaresParams{.x = d.x.at(s), .n = n, .sums = d.sums.at(s)};
  };
  return make_case(
      {.kernel = "sum_of_squares", .shape = {{"n", n}}, .bytes = 4 * double(n)},
      Data{uniform(n, 1), filled(blocks, 0)},
      [=](Data& d) { cuda::sum_of_squares(params(d, Side::gpu), nullptr); },
      [=](Data& d) {
        dispatch([&](auto i) { cpu::sum_of_squares<i>(params(d, Side::cpu), 0, blocks); });
        d.sums.expect_same(blocks, "sum_of_squares sums");
      });
}

}  // namespace

void add_optimizer_cases(Cases& cases, const Sizes& s) {
  cases.push_back({"adamw", [=] { return adamw(s.weights, std::min<int64_t>(s.weights, 100'000)); }});
  cases.push_back({"sum_of_squares", [=] { return sum_of_squares(s.weights); }});
}

}  // namespace hone::gpu
