// Every operator of cuda_ext/ops.h called on GPU tensors gives the bits that it gives on CPU tensors: what lies
// between an operator's arguments and its kernels (strides, uploads, scratch, ranges), at odd sizes and on views.
// The kernels themselves are tested in tests/cuda_ext/cuda.
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <functional>

#include "cuda_ext/ops.h"
#include "tests/cuda_ext/attention_case.h"
#include "tests/gpu/test_gpu.h"

namespace hone {
namespace {

using at::Tensor;

class GpuOperators : public OnGpu<> {
 protected:
  /// f(to) makes its results from inputs that `to` moves to the device under test.
  using Move = std::function<Tensor(const Tensor&)>;
  void expect_same(const std::string& name, const std::function<std::vector<Tensor>(const Move&)>& f) const {
    const std::vector<Tensor> wanted = f([](const Tensor& t) { return t.clone(); });
    const std::vector<Tensor> got = f([&](const Tensor& t) { return moved(t); });
    ASSERT_EQ(got.size(), wanted.size());
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(got[i].device(), gpu()) << name << ", result " << i;
      const Tensor host = got[i].cpu();
      if (host.is_floating_point())
        EXPECT_TRUE(same_bits(host, wanted[i])) << name << ", result " << i;
      else
        EXPECT_TRUE(host.equal(wanted[i])) << name << ", result " << i;
    }
  }

 private:
  /// Rows with gaps stay rows with gaps.
  Tensor moved(const Tensor& t) const {
    if (t.is_contiguous()) return t.to(gpu());
    std::vector<int64_t> sizes = t.sizes().vec();
    sizes.back() += 7;
    Tensor view = at::full(sizes, 77.0f, t.options().device(gpu())).narrow(-1, 3, t.size(-1));
    view.copy_(t);
    return view;
  }
};

Tensor rows(at::IntArrayRef sizes, uint32_t seed) { return with_strided_rows(normal_tensor(sizes, seed)); }

TEST_F(GpuOperators, Linear) {
  expect_same("linear", [](const auto& to) {
    Tensor y = to(rows({37, 70}, 1));
    const Tensor w = to(normal_tensor({70, 45}, 2));
    ops::linear_(y, to(rows({37, 45}, 3)), ops::pack_weight(w), to(normal_tensor({70}, 4)));
    return std::vector{y};
  });
  expect_same("heads", [](const auto& to) {
    Tensor y = to(normal_tensor({5, 3, 20}, 1));
    const Tensor w = to(normal_tensor({3, 33, 20}, 2)).transpose(1, 2);
    ops::linear_(y, to(rows({5, 3, 33}, 3)), ops::pack_weight(w));
    return std::vector{y};
  });
  for (const bool accumulate : {false, true})
    expect_same("backward", [&](const auto& to) {
      Tensor dx = to(rows({37, 45}, 1)), dw = to(normal_tensor({70, 45}, 5)), db = to(normal_tensor({70}, 6));
      Tensor dw_turned = to(normal_tensor({45, 70}, 7)).t();
      const Tensor dy = to(rows({37, 70}, 2)), x = to(rows({37, 45}, 4));
      ops::linear_backward_input_(dx, dy, to(normal_tensor({70, 45}, 3)), accumulate);
      ops::linear_backward_weight_(dw, dy, x);
      ops::linear_backward_weight_(dw_turned, dy, x);
      ops::linear_backward_bias_(db, dy);
      return std::vector{dx, dw, dw_turned.contiguous(), db};
    });
}

TEST_F(GpuOperators, GroupedLinear) {
  const Tensor offsets = at::tensor(std::vector<int64_t>{0, 9, 9, 40, 41}, at::kLong);
  expect_same("grouped", [&](const auto& to) {
    const Tensor w = to(normal_tensor({4, 30, 25}, 1)), x = to(rows({41, 25}, 2)), at = to(offsets);
    Tensor y = to(rows({41, 30}, 3)), dx = to(rows({41, 25}, 4)), dw = to(normal_tensor({4, 30, 25}, 5)),
           db = to(normal_tensor({4, 30}, 6));
    ops::grouped_linear_(y, x, ops::pack_weight(w), at, to(normal_tensor({4, 30}, 7)));
    const Tensor dy = to(rows({41, 30}, 8));
    ops::grouped_linear_backward_input_(dx, dy, w, at, false);
    ops::grouped_linear_backward_weight_(dw, dy, x, at);
    ops::grouped_linear_backward_bias_(db, dy, at);
    return std::vector{y, dx, dw, db};
  });
}

TEST_F(GpuOperators, EmbeddingAndNorms) {
  const Tensor ids = at::tensor(std::vector<int32_t>{3, 0, 3, 9, 1, 3}, at::kInt);
  expect_same("embedding", [&](const auto& to) {
    Tensor dweight = to(normal_tensor({10, 21}, 2));
    ops::embedding_backward_(dweight, to(rows({6, 21}, 3)), ids);
    return std::vector{ops::embedding(to(normal_tensor({10, 21}, 1)), ids), dweight};
  });
  for (const int64_t size : {21, 640})
    expect_same("rms_norm", [&](const auto& to) {
      const Tensor x = to(rows({6, 3, size}, 1)), weight = to(normal_tensor({size}, 2));
      Tensor y = to(rows({6, 3, size}, 3)), rstd = to(normal_tensor({6, 3}, 4)),
             dx = to(rows({6, 3, size}, 5)), dweight = to(normal_tensor({size}, 6));
      ops::rms_norm_(y, rstd, x, weight, 1e-5);
      ops::rms_norm_backward_(dx, dweight, to(rows({6, 3, size}, 7)), x, weight, rstd, true);
      return std::vector{y, rstd, dx, dweight};
    });
  expect_same("add", [](const auto& to) {
    Tensor y = to(rows({6, 21}, 1));
    ops::add_(y, to(rows({6, 21}, 2)));
    return std::vector{y};
  });
}

TEST_F(GpuOperators, RotaryEmbedding) {
  const ops::RopeTables tables = ops::rope_tables(ops::rope_inverse_frequencies(1e4, 12), 40);
  const Tensor positions = at::tensor(std::vector<int32_t>{0, 39, 7, 7}, at::kInt);
  for (const bool interleaved : {false, true})
    expect_same("rope", [&](const auto& to) {
      Tensor x = to(rows({4, 3, 12}, 1));
      const ops::RopeTables there{to(tables.cos), to(tables.sin)};
      ops::rope_(x, ops::rope_positions(positions, there), there, interleaved, interleaved);
      return std::vector{x};
    });
}

TEST_F(GpuOperators, Gates) {
  expect_same("gates", [](const auto& to) {
    const Tensor pair = to(rows({5, 26}, 1)), x = to(rows({5, 13}, 2)), gate = to(normal_tensor({5, 1}, 3));
    std::vector<Tensor> out;
    for (int i = 0; i < 6; ++i) out.push_back(to(rows({5, 13}, 10)));
    for (int i = 0; i < 2; ++i) out.push_back(to(rows({5, 26}, 11)));
    out.push_back(to(normal_tensor({5, 1}, 12)));
    ops::swiglu_(out[0], pair);
    ops::clamped_swiglu_(out[1], pair, 1.702, 1.1);
    ops::clamp_(out[2], x, 0.6);
    ops::clamp_backward_(out[3], x, 0.6);
    ops::sigmoid_gate_(out[4], x, gate);
    ops::sigmoid_gate_backward_(out[5], out[8], to(rows({5, 13}, 4)), x, gate);
    ops::swiglu_backward_(out[6], x, pair);
    ops::clamped_swiglu_backward_(out[7], x, pair, 1.702, 1.1);
    return out;
  });
}

TEST_F(GpuOperators, Attention) {
  const HeadSizes sizes{14, 2, 20, 17};
  for (const int64_t window : {0, 21}) {
    const AttentionCase c = make_attention_case(sizes, {{0, {1, 2, 35}}, {37, {5, 1}}}, 4, window, true);
    const ops::AttentionLayout layout = to_layout(c.layout);
    expect_same("attention", [&](const auto& to) {
      Tensor k_pages = to(at::zeros({512, c.J, c.Dk, 16})), v_pages = to(at::zeros({512, c.J, 16, c.Dv}));
      ops::write_pages_(k_pages, v_pages, to(with_strided_rows(float_tensor(c.k, {c.T, c.J, c.Dk}))),
                        to(with_strided_rows(float_tensor(c.v, {c.T, c.J, c.Dv}))), layout);
      const Tensor q = to(rows({c.T, c.H, c.Dk}, 1)), dout = to(rows({c.T, c.H, c.Dv}, 2)),
                   sinks = to(float_tensor(c.sinks, {c.H}));
      Tensor out = to(rows({c.T, c.H, c.Dv}, 3)), lse = to(normal_tensor({c.T, c.H}, 4)),
             dq = to(rows({c.T, c.H, c.Dk}, 5)), dk = to(rows({c.T, c.J, c.Dk}, 6)),
             dv = to(rows({c.T, c.J, c.Dv}, 7)), dsinks = to(normal_tensor({c.H}, 8));
      ops::paged_attention_(out, lse, q, k_pages, v_pages, layout, c.scale, window, sinks);
      ops::paged_attention_backward_(dq, dk, dv, dout, q, k_pages, v_pages, out, lse, layout, c.scale,
                                     window);
      ops::attention_sinks_backward_(dsinks, dout, out, lse, sinks);
      return std::vector{k_pages, v_pages, out, lse, dq, dk, dv, dsinks};
    });
  }
}

TEST_F(GpuOperators, Experts) {
  for (const bool sigmoid : {false, true}) {
    const ops::RouterOptions o{
        .sigmoid = sigmoid, .top_k = 3, .num_groups = 4, .top_groups = 2, .normalize = sigmoid, .scale = 2.5};
    expect_same("experts", [&](const auto& to) {
      const ops::Routing r = ops::route(to(normal_tensor({11, 8}, 1)), to(normal_tensor({8}, 2)), o);
      const ops::ExpertDispatch d = ops::dispatch_experts(r.experts, 8);
      Tensor dlogits = to(normal_tensor({11, 8}, 3)), sorted = to(rows({33, 10}, 4)),
             dx = to(rows({11, 10}, 5)), out = to(rows({11, 10}, 6)), dy = to(rows({33, 10}, 7)),
             dweights = to(normal_tensor({11, 3}, 8));
      ops::route_backward_(dlogits, to(normal_tensor({11, 3}, 9)), to(normal_tensor({11, 8}, 10)), r, o);
      ops::gather_rows_(sorted, to(rows({11, 10}, 11)), d);
      ops::gather_rows_backward_(dx, sorted, d);
      ops::combine_experts_(out, sorted, r.weights, d, to(rows({11, 10}, 12)));
      ops::combine_experts_backward_(dy, dweights, out, sorted, r.weights, d);
      return std::vector{r.scores, r.experts, r.weights, d.order, d.inverse, d.offsets,
                         dlogits,  sorted,    dx,        out,     dy,        dweights};
    });
  }
}

TEST_F(GpuOperators, LanguageModelHead) {
  const int64_t T = 9, K = 12, V = 1100;
  const Tensor targets = at::tensor(std::vector<int32_t>{0, 1099, 512, 511, 7, 7, 3, 900, 1}, at::kInt);
  std::vector<ops::RowSampling> sampling(T);
  for (int64_t t = 0; t < T; ++t)
    sampling[size_t(t)] = {.key = uint64_t(t), .position = uint32_t(t), .temperature = t == 4 ? 0.0f : 0.9f};
  sampling[1].top_k = 5, sampling[6].top_p = 0.7f, sampling[8].min_p = 0.1f;
  expect_same("head", [&](const auto& to) {
    const Tensor x = to(normal_tensor({T, K}, 1)), w = to(normal_tensor({V, K}, 2)),
                 packed = ops::pack_weight(w);
    Tensor dlogprobs = to(at::tensor(std::vector<float>{0, 1, -1, 0, 0.5f, 2, 0, -0.0f, 3}, at::kFloat)),
           dx = to(normal_tensor({T, K}, 3)), dw = to(normal_tensor({V, K}, 4));
    const ops::TokenScores s = ops::lm_head_logprobs(x, packed, V, targets, 0.7);
    ops::lm_head_backward_(dx, dw, dlogprobs, x, w, packed, targets, s, 0.7);
    const ops::Sampled drawn = ops::lm_head_sample(x, packed, V, sampling.data());
    return std::vector{s.logprobs, s.entropy, s.lse, dx, dw, drawn.ids, drawn.logprobs};
  });
}

TEST_F(GpuOperators, Optimizer) {
  expect_same("adamw", [](const auto& to) {
    Tensor w = to(normal_tensor({5001}, 1)), m = to(normal_tensor({5001}, 2)),
           v = to(normal_tensor({5001}, 3).abs());
    ops::adamw_(w, m, v, to(normal_tensor({5001}, 4)),
                {.learning_rate = 1e-3, .weight_decay = 0.1, .step = 3});
    return std::vector{w, m, v};
  });
  const Tensor g = normal_tensor({20001}, 5);
  EXPECT_EQ(ops::sum_of_squares(g.to(gpu())), ops::sum_of_squares(g));
}

/// A tensor that was left behind is an error that names it.
TEST_F(GpuOperators, OperandsOfTwoDevicesAreRefused) {
  Tensor y = normal_tensor({3, 4}, 1).to(gpu());
  try {
    ops::add_(y, normal_tensor({3, 4}, 2));
    FAIL() << "expected an error";
  } catch (const c10::Error& e) {
    EXPECT_NE(std::string(e.what()).find("add_: y is on cuda:0, x on cpu"), std::string::npos) << e.what();
  }
}

/// Weights exist once: what linear layers read is the weight itself, after an update too.
TEST_F(GpuOperators, PackedWeightsAreTheWeights) {
  Tensor w = normal_tensor({40, 16}, 1).to(gpu()), packed = ops::pack_weight(w);
  EXPECT_EQ(packed.const_data_ptr(), w.const_data_ptr());
  EXPECT_NO_THROW(ops::pack_weight_(packed, w));
  EXPECT_THROW(ops::pack_weight_(packed, w.clone()), c10::Error);
}

}  // namespace
}  // namespace hone
