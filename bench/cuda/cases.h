// The cases of `hone bench kernels`: a kernel at one size, what it has to move and to compute at least, and the
// CPU's kernel to compare with. A family a file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/cuda/gpu_array.h"
#include "core/types.h"

namespace hone::gpu {

struct CaseInfo {
  std::string kernel;
  Json shape;                 // {"letter": size}
  double bytes = 0;           // read and written at least
  double flops = 0;           // an fma counts two
  bool tensor_cores = false;  // flops are products in bfloat16; else float32
};

class KernelCase {
 public:
  explicit KernelCase(CaseInfo info) : info(std::move(info)) {}
  virtual ~KernelCase() = default;
  virtual void run() = 0;
  /// After exactly one run: compares a part of its results with the CPU's, by bits; throws Error.
  virtual void compare() = 0;
  const CaseInfo info;
};

/// Data are the arrays of a case, F a function of (Data&), as is G.
template <class Data, class F, class G>
class CaseOf : public KernelCase {
 public:
  CaseOf(CaseInfo info, Data data, F run, G compare)
      : KernelCase(std::move(info)), data_(std::move(data)), run_(run), compare_(compare) {}
  void run() override { run_(data_); }
  void compare() override { compare_(data_); }

 private:
  Data data_;
  F run_;
  G compare_;
};
template <class Data, class F, class G>
std::unique_ptr<KernelCase> make_case(CaseInfo info, Data data, F run, G compare) {
  return std::make_unique<CaseOf<Data, F, G>>(std::move(info), std::move(data), run, compare);
}

/// Sizes of the cases. The defaults are a training step and a decoding step of a small model.
struct Sizes {
  int64_t tokens = 8192, decoding = 256;    // T in training, in decoding
  int64_t hidden = 2048, inner = 6144;      // K, F
  int64_t heads = 16, head_size = 128;      // H, D
  int64_t experts = 128, top_k = 8;         // E, k
  int64_t expert_inner = 768;               // F of an expert
  int64_t vocab = 151'936, range = 32'768;  // V, and the ids that the head scores at once
  int64_t weights = 32 << 20;               // n of the optimizer
  int64_t compared = 64;                    // rows that are compared with the CPU
};

/// Cases are made one after the other, each when its turn comes: their arrays are large.
struct Case {
  std::string kernel;
  std::function<std::unique_ptr<KernelCase>()> make;
};
using Cases = std::vector<Case>;

void add_row_cases(Cases& cases, const Sizes& s);
void add_gate_cases(Cases& cases, const Sizes& s);
void add_moe_cases(Cases& cases, const Sizes& s);
void add_gemm_cases(Cases& cases, const Sizes& s);
void add_gemm_bf16_cases(Cases& cases, const Sizes& s);
void add_attention_cases(Cases& cases, const Sizes& s);
void add_head_cases(Cases& cases, const Sizes& s);
void add_optimizer_cases(Cases& cases, const Sizes& s);

}  // namespace hone::gpu
