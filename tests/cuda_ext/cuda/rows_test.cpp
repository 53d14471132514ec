// Row kernels in CUDA, run on a CPU, have the bits of the CPU's kernels: odd sizes, rows with gaps, aligned and
// not, every order of the threads.
#include "cuda_ext/cuda/rows.h"

#include "cuda_ext/cuda/token_order.h"
#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

struct Shape {
  int64_t T, H, K;
};
// Short rows and long ones, multiples of 4 and not, one number, none.
const std::vector<Shape> kShapes{{0, 1, 8},  {1, 1, 1},    {3, 2, 17},   {5, 3, 16},
                                 {9, 2, 64}, {2, 1, 1030}, {3, 1, 1024}, {70, 1, 20}};

/// How the rows lie: contiguous, or with gaps and off 16 bytes.
struct Lie {
  int64_t gap, shift;
};
const std::vector<Lie> kLies{{0, 0}, {4, 0}, {3, 1}};

template <class F>
void for_cases(F f) {
  for (const Shape& s : kShapes)
    for (const Lie& lie : kLies) {
      SCOPED_TRACE(testing::Message() << s.T << " x " << s.H << " x " << s.K << ", gap " << lie.gap);
      f(s, lie);
    }
}

TEST(CudaRows, RmsNormHasTheBitsOfTheCpu) {
  for_cases([](const Shape& s, const Lie& lie) {
    const auto [T, H, K] = s;
    const Matrix x = normal_matrix(T, H, K, 1, lie.gap, lie.shift, 3.0f);
    const Floats weight = normal_floats(K, 2);
    const auto run = [&](Matrix& y, Matrix& rstd, auto kernel) {
      kernel(cpu::RmsNormParams{.y = y.rows(),
                                .rstd = rstd.rows(),
                                .x = x.rows(),
                                .weight = weight.data(),
                                .heads = H,
                                .size = K,
                                .eps = 1e-6f});
    };
    Matrix wanted = empty_matrix(T, H, K, lie.gap, lie.shift), wanted_rstd = empty_matrix(T, H, 1, 1);
    run(wanted, wanted_rstd,
        [&](const cpu::RmsNormParams& p) { cpu::dispatch([&](auto i) { cpu::rms_norm<i>(p, 0, T * H); }); });
    in_every_order([&] {
      Matrix y = empty_matrix(T, H, K, lie.gap, lie.shift), rstd = empty_matrix(T, H, 1, 1);
      run(y, rstd, [&](const cpu::RmsNormParams& p) { cuda::rms_norm(p, T * H, nullptr); });
      EXPECT_TRUE(same_bits(y.data, wanted.data));
      EXPECT_TRUE(same_bits(rstd.data, wanted_rstd.data));
    });
  });
}

TEST(CudaRows, RmsNormBackwardHasTheBitsOfTheCpu) {
  for_cases([](const Shape& s, const Lie& lie) {
    const auto [T, H, K] = s;
    const Matrix x = normal_matrix(T, H, K, 1, lie.gap, lie.shift, 3.0f),
                 dy = normal_matrix(T, H, K, 2, lie.gap, lie.shift), rstd = normal_matrix(T, H, 1, 3);
    const Floats weight = normal_floats(K, 4);
    for (const bool accumulate : {false, true}) {
      const auto params = [&](Matrix& dx, Floats& dweight) {
        return cpu::RmsNormBackwardParams{.dx = dx.rows(),
                                          .dweight = dweight.data(),
                                          .dy = dy.rows(),
                                          .x = x.rows(),
                                          .weight = weight.data(),
                                          .rstd = rstd.rows(),
                                          .heads = H,
                                          .size = K,
                                          .rows = T * H,
                                          .accumulate = accumulate};
      };
      Matrix wanted = normal_matrix(T, H, K, 5, lie.gap, lie.shift);
      Floats wanted_weight = normal_floats(K, 6);
      cpu::dispatch([&](auto i) {
        cpu::rms_norm_backward_weight<i>(params(wanted, wanted_weight), 0, K);
        cpu::rms_norm_backward_input<i>(params(wanted, wanted_weight), 0, T * H);
      });
      in_every_order([&] {
        Matrix dx = normal_matrix(T, H, K, 5, lie.gap, lie.shift);
        Floats dweight = normal_floats(K, 6);
        cuda::rms_norm_backward_weight(params(dx, dweight), nullptr);
        cuda::rms_norm_backward_input(params(dx, dweight), nullptr);
        EXPECT_TRUE(same_bits(dx.data, wanted.data)) << accumulate;
        EXPECT_TRUE(same_bits(dweight, wanted_weight)) << accumulate;
      });
    }
  });
}

TEST(CudaRows, RmsNormBackwardMayOverwriteItsGradient) {
  for (const int64_t K : {70, 1024}) {
    const Matrix x = normal_matrix(9, 1, K, 1), rstd = normal_matrix(9, 1, 1, 3);
    const Floats weight = normal_floats(K, 4);
    const auto run = [&](const Matrix& dy, Matrix& dx) {
      cuda::rms_norm_backward_input({.dx = dx.rows(),
                                     .dweight = nullptr,
                                     .dy = dy.rows(),
                                     .x = x.rows(),
                                     .weight = weight.data(),
                                     .rstd = rstd.rows(),
                                     .heads = 1,
                                     .size = K,
                                     .rows = 9,
                                     .accumulate = false},
                                    nullptr);
    };
    in_every_order([&] {
      Matrix in_place = normal_matrix(9, 1, K, 2), dx = empty_matrix(9, 1, K);
      run(in_place, dx);
      run(in_place, in_place);
      EXPECT_TRUE(same_bits(in_place.data, dx.data)) << K;
    });
  }
}

TEST(CudaRows, RmsNormWeightGradientsContinueOverParts) {
  const int64_t T = 300, K = 40;
  Matrix x = normal_matrix(T, 1, K, 1), dy = normal_matrix(T, 1, K, 2), rstd = normal_matrix(T, 1, 1, 3);
  const auto run = [&](Floats& dweight, int64_t begin, int64_t end) {
    cuda::rms_norm_backward_weight({.dx = {},
                                    .dweight = dweight.data(),
                                    .dy = {dy.row(begin), K, K},
                                    .x = {x.row(begin), K, K},
                                    .weight = nullptr,
                                    .rstd = {rstd.row(begin), 1, 1},
                                    .heads = 1,
                                    .size = K,
                                    .rows = end - begin,
                                    .accumulate = false},
                                   nullptr);
  };
  in_every_order([&] {
    Floats whole(K, 0.0f), parts(K, 0.0f);
    run(whole, 0, T);
    run(parts, 0, 1), run(parts, 1, 257), run(parts, 257, T);
    EXPECT_TRUE(same_bits(parts, whole));
  });
}

TEST(CudaRows, AddHasTheBitsOfTheCpu) {
  for_cases([](const Shape& s, const Lie& lie) {
    const int64_t T = s.T, n = s.K;
    const Matrix x = normal_matrix(T, 1, n, 1, lie.gap, lie.shift);
    Matrix wanted = normal_matrix(T, 1, n, 2, lie.gap, lie.shift);
    for (int64_t t = 0; t < T; ++t)
      cpu::dispatch([&](auto i) { cpu::add_row<i>(wanted.row(t), x.row(t), n); });
    in_every_order([&] {
      Matrix y = normal_matrix(T, 1, n, 2, lie.gap, lie.shift);
      cuda::add({.y = y.rows(), .x = x.rows(), .rows = T, .size = n}, nullptr);
      EXPECT_TRUE(same_bits(y.data, wanted.data));
    });
  });
}

TEST(CudaRows, SwigluAndItsBackwardHaveTheBitsOfTheCpu) {
  for_cases([](const Shape& s, const Lie& lie) {
    const int64_t T = s.T, n = s.K;
    const Matrix dout = normal_matrix(T, 1, n, 2, lie.gap, lie.shift);
    Matrix wanted = empty_matrix(T, 1, n, lie.gap, lie.shift),
           wanted_d = normal_matrix(T, 1, 2 * n, 1, lie.gap, lie.shift, 4.0f);
    for (int64_t t = 0; t < T; ++t)
      cpu::dispatch([&](auto i) {
        cpu::swiglu<i>(wanted.row(t), wanted_d.row(t), n);
        cpu::swiglu_backward<i>(wanted_d.row(t), dout.row(t), wanted_d.row(t), n);
      });
    in_every_order([&] {
      Matrix out = empty_matrix(T, 1, n, lie.gap, lie.shift),
             d = normal_matrix(T, 1, 2 * n, 1, lie.gap, lie.shift, 4.0f);
      const cpu::RowsOf<const float> gate_up{d.rows().data, d.stride_t(), 0};
      cuda::swiglu({.out = out.rows(), .gate_up = gate_up, .rows = T, .size = n}, nullptr);
      cuda::swiglu_backward(
          {.dgate_up = d.rows(), .dout = dout.rows(), .gate_up = gate_up, .rows = T, .size = n}, nullptr);
      EXPECT_TRUE(same_bits(out.data, wanted.data));
      EXPECT_TRUE(same_bits(d.data, wanted_d.data));
    });
  });
}

TEST(CudaRows, ClampedSwigluAndItsBackwardHaveTheBitsOfTheCpu) {
  const cpu::ClampedSwiGlu c{1.702f, 2.5f};
  for_cases([&](const Shape& s, const Lie& lie) {
    const int64_t T = s.T, n = s.K;
    const Matrix dout = normal_matrix(T, 1, n, 2, lie.gap, lie.shift);
    Matrix wanted = empty_matrix(T, 1, n, lie.gap, lie.shift),
           wanted_d = normal_matrix(T, 1, 2 * n, 1, lie.gap, lie.shift, 4.0f);
    for (int64_t t = 0; t < T; ++t)
      cpu::dispatch([&](auto i) {
        cpu::clamped_swiglu<i>(wanted.row(t), wanted_d.row(t), n, c);
        cpu::clamped_swiglu_backward<i>(wanted_d.row(t), dout.row(t), wanted_d.row(t), n, c);
      });
    in_every_order([&] {
      Matrix out = empty_matrix(T, 1, n, lie.gap, lie.shift),
             d = normal_matrix(T, 1, 2 * n, 1, lie.gap, lie.shift, 4.0f);
      const cpu::RowsOf<const float> gate_up{d.rows().data, d.stride_t(), 0};
      cuda::clamped_swiglu({.out = out.rows(), .gate_up = gate_up, .rows = T, .size = n}, c, nullptr);
      cuda::clamped_swiglu_backward(
          {.dgate_up = d.rows(), .dout = dout.rows(), .gate_up = gate_up, .rows = T, .size = n}, c, nullptr);
      EXPECT_TRUE(same_bits(out.data, wanted.data));
      EXPECT_TRUE(same_bits(d.data, wanted_d.data));
    });
  });
}

TEST(CudaRows, ClampAndItsBackwardHaveTheBitsOfTheCpu) {
  for_cases([](const Shape& s, const Lie& lie) {
    const int64_t T = s.T, n = s.K;
    Matrix x = normal_matrix(T, 1, n, 1, lie.gap, lie.shift, 2.0f);
    if (T > 2) x.row(1)[0] = NAN, x.row(2)[0] = INFINITY;
    Matrix wanted = x, wanted_d = normal_matrix(T, 1, n, 2, lie.gap, lie.shift);
    for (int64_t t = 0; t < T; ++t)
      cpu::dispatch([&](auto i) {
        cpu::clamp_row<i>(wanted.row(t), x.row(t), n, 1.5f);
        cpu::clamp_row_backward<i>(wanted_d.row(t), x.row(t), n, 1.5f);
      });
    in_every_order([&] {
      Matrix out = x, d = normal_matrix(T, 1, n, 2, lie.gap, lie.shift);
      cuda::clamp({.out = out.rows(), .x = std::as_const(out).rows(), .rows = T, .size = n, .limit = 1.5f},
                  nullptr);
      cuda::clamp_backward(
          {.out = d.rows(), .x = std::as_const(x).rows(), .rows = T, .size = n, .limit = 1.5f}, nullptr);
      EXPECT_TRUE(same_bits(out.data, wanted.data));
      EXPECT_TRUE(same_bits(d.data, wanted_d.data));
    });
  });
}

TEST(CudaRows, SigmoidGateAndItsBackwardHaveTheBitsOfTheCpu) {
  for_cases([](const Shape& s, const Lie& lie) {
    const int64_t T = s.T, n = s.K;
    const Matrix y = normal_matrix(T, 1, n, 1, lie.gap, lie.shift),
                 dout = normal_matrix(T, 1, n, 2, lie.gap, lie.shift), gate = normal_matrix(T, 1, 1, 3, 2);
    Matrix wanted = empty_matrix(T, 1, n, lie.gap, lie.shift), wanted_dy = wanted,
           wanted_dgate = empty_matrix(T, 1, 1, 4);
    for (int64_t t = 0; t < T; ++t)
      cpu::dispatch([&](auto i) {
        cpu::sigmoid_gate<i>(wanted.row(t), y.row(t), *gate.row(t), n);
        *wanted_dgate.row(t) =
            cpu::sigmoid_gate_backward<i>(wanted_dy.row(t), dout.row(t), y.row(t), *gate.row(t), n);
      });
    in_every_order([&] {
      Matrix out = empty_matrix(T, 1, n, lie.gap, lie.shift), dy = out, dgate = empty_matrix(T, 1, 1, 4);
      cuda::sigmoid_gate({.out = out.rows(),
                          .y = y.rows(),
                          .gate = gate.row(0),
                          .gate_stride = gate.stride_t(),
                          .rows = T,
                          .size = n},
                         nullptr);
      cuda::sigmoid_gate_backward({.dy = dy.rows(),
                                   .dgate = dgate.row(0),
                                   .dout = dout.rows(),
                                   .y = y.rows(),
                                   .gate = gate.row(0),
                                   .gate_stride = gate.stride_t(),
                                   .dgate_stride = dgate.stride_t(),
                                   .rows = T,
                                   .size = n},
                                  nullptr);
      EXPECT_TRUE(same_bits(out.data, wanted.data));
      EXPECT_TRUE(same_bits(dy.data, wanted_dy.data));
      EXPECT_TRUE(same_bits(dgate.data, wanted_dgate.data));
    });
  });
}

TEST(CudaRows, RopeHasTheBitsOfTheCpu) {
  const Array<int32_t> positions{0, 29, 17, 17, 1};
  for (const int64_t D : {2, 16, 24, 64, 130})
    for (const bool interleaved : {false, true})
      for (const bool inverse : {false, true})
        for (const int64_t H : {1, 3}) {
          const Floats c = normal_floats(30 * D / 2, 1), s = normal_floats(30 * D / 2, 2);
          const auto params = [&](Matrix& x) {
            return cpu::RopeParams{.x = x.rows(),
                                   .positions = positions.data(),
                                   .cos = c.data(),
                                   .sin = s.data(),
                                   .heads = H,
                                   .size = D,
                                   .interleaved = interleaved,
                                   .inverse = inverse};
          };
          Matrix wanted = normal_matrix(5, H, D, 3, 5);
          cpu::dispatch([&](auto i) { cpu::rope<i>(params(wanted), 0, 5); });
          in_every_order([&] {
            Matrix x = normal_matrix(5, H, D, 3, 5);
            cuda::rope(params(x), 5, nullptr);
            EXPECT_TRUE(same_bits(x.data, wanted.data)) << D << " " << interleaved << inverse;
          });
        }
}

TEST(CudaRows, EmbeddingCopiesAndItsBackwardAddsInOrder) {
  for (const Lie& lie : kLies)
    for (const int64_t K : {20, 33}) {
      Array<int32_t> ids;
      for (int i = 0; i < 300; ++i) ids.push_back(i * i % 11);
      const int64_t T = int64_t(ids.size());
      const Matrix weight = normal_matrix(11, 1, K, 1, lie.gap, lie.shift),
                   dy = normal_matrix(T, 1, K, 2, lie.gap);
      Matrix wanted = empty_matrix(T, 1, K), wanted_d = normal_matrix(11, 1, K, 3, lie.gap, lie.shift);
      for (int64_t t = 0; t < T; ++t) {
        std::copy_n(weight.row(ids[size_t(t)]), K, wanted.row(t));
        cpu::dispatch([&](auto i) { cpu::add_row<i>(wanted_d.row(ids[size_t(t)]), dy.row(t), K); });
      }
      const cuda::TokensById order = cuda::sort_tokens(ids);
      const Array<int32_t> order_ids = array_of(order.ids), begin = array_of(order.begin),
                           tokens = array_of(order.tokens);
      in_every_order([&] {
        Matrix out = empty_matrix(T, 1, K), d = normal_matrix(11, 1, K, 3, lie.gap, lie.shift);
        cuda::embedding({.out = out.rows(), .weight = weight.rows(), .ids = ids.data(), .rows = T, .size = K},
                        nullptr);
        cuda::embedding_backward({.dweight = d.rows(),
                                  .dy = dy.rows(),
                                  .ids = order_ids.data(),
                                  .begin = begin.data(),
                                  .tokens = tokens.data(),
                                  .num_ids = int64_t(order.ids.size()),
                                  .size = K},
                                 nullptr);
        EXPECT_TRUE(same_bits(out.data, wanted.data));
        EXPECT_TRUE(same_bits(d.data, wanted_d.data));
      });
    }
}

TEST(CudaRows, TokensAreSortedByIdAndThenAscending) {
  const cuda::TokensById order = cuda::sort_tokens(std::vector<int32_t>{7, 3, 7, 1, 3, 7});
  EXPECT_EQ(order.ids, (std::vector<int32_t>{1, 3, 7}));
  EXPECT_EQ(order.begin, (std::vector<int32_t>{0, 1, 3, 6}));
  EXPECT_EQ(order.tokens, (std::vector<int32_t>{3, 1, 4, 0, 2, 5}));
  EXPECT_EQ(cuda::sort_tokens({}).begin, (std::vector<int32_t>{0}));
}

/// The bits of another order are not these: sums of squares as one chain.
TEST(CudaRowsPlantedError, ASumInAnotherOrderIsNoticed) {
  const int64_t T = 40, K = 1030;
  const Matrix x = normal_matrix(T, 1, K, 1);
  const Floats weight(size_t(K), 1.0f);
  Matrix y = empty_matrix(T, 1, K), rstd = empty_matrix(T, 1, 1), chains = empty_matrix(T, 1, 1);
  in_one_order([&] {
    cuda::rms_norm({.y = y.rows(),
                    .rstd = rstd.rows(),
                    .x = x.rows(),
                    .weight = weight.data(),
                    .heads = 1,
                    .size = K,
                    .eps = 0},
                   T, nullptr);
  });
  for (int64_t t = 0; t < T; ++t) {
    float chain = 0;
    for (int64_t k = 0; k < K; ++k) chain = std::fma(x.row(t)[k], x.row(t)[k], chain);
    *chains.row(t) = 1.0f / std::sqrt(chain / float(K));
    EXPECT_NEAR(*chains.row(t), *rstd.row(t), 1e-4f);
  }
  EXPECT_FALSE(same_bits(rstd.data, chains.data));
}

}  // namespace
}  // namespace hone
