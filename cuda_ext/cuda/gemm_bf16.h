// The matrix product on tensor cores: C[i,j] = a chain over k of steps of sixteen links, from 0 or from what C
// holds, bias added last. A step adds sixteen products of bfloat16 to a float32 sum; what happens inside of it is
// the hardware's business (one instruction, m16n8k16, for every shape). A is float32 in memory and rounded to
// nearest even on its way into the step, B is bfloat16; k is padded with zeros to whole steps. So an output depends
// on its own row of A and column of B alone, whatever else is in the batch, and all tiles give the same bits.
#pragma once

#include "cuda_ext/cuda/bf16.h"
#include "cuda_ext/cuda/gemm.h"

namespace hone::cuda {

/// a_k is 1; one of b_k and b_col is 1; groups are of rows.
using Bf16GemmParams = GemmParamsOf<Bf16>;

/// Chooses a tile by the shape.
void gemm_bf16(const Bf16GemmParams& p, Stream stream);

/// The tiles: 128x128 and 64x64 outputs for much work, and 16 R rows of 32 outputs, R = 1, 2 or 4, for few rows.
void gemm_bf16_128(const Bf16GemmParams& p, Stream stream);
void gemm_bf16_64(const Bf16GemmParams& p, Stream stream);
void gemm_bf16_thin(const Bf16GemmParams& p, int sixteens, Stream stream);

}  // namespace hone::cuda
