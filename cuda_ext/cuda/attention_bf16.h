// Attention over pages of bfloat16 on tensor cores: the definition is at the top of attention_bf16.cuh, the parameters
// are those of attention.h. attention_bf16.cpp chooses an instantiation by the columns of a block's outputs; what is
// wider takes several blocks. Each gives the same bits.
#pragma once

#include "cuda_ext/cuda/attention.h"

namespace hone::cuda {

using Bf16AttentionParams = AttentionParamsOf<Bf16>;
using Bf16QueryGradientParams = AttentionQueryGradientParamsOf<Bf16>;
using Bf16PageGradientParams = AttentionPageGradientParamsOf<Bf16>;

void attention(const Bf16AttentionParams& p, Stream stream);
void attention_query_gradient(const Bf16QueryGradientParams& p, Stream stream);
void attention_page_gradient(const Bf16PageGradientParams& p, Stream stream);

void attention_bf16_64(const Bf16AttentionParams& p, Stream stream);
void attention_bf16_128(const Bf16AttentionParams& p, Stream stream);
void attention_bf16_256(const Bf16AttentionParams& p, Stream stream);
void attention_bf16_512(const Bf16AttentionParams& p, Stream stream);

void attention_bf16_query_gradient_64(const Bf16QueryGradientParams& p, Stream stream);
void attention_bf16_query_gradient_128(const Bf16QueryGradientParams& p, Stream stream);
void attention_bf16_query_gradient_256(const Bf16QueryGradientParams& p, Stream stream);
void attention_bf16_query_gradient_576(const Bf16QueryGradientParams& p, Stream stream);

void attention_bf16_page_gradient_64(const Bf16PageGradientParams& p, Stream stream);
void attention_bf16_page_gradient_128(const Bf16PageGradientParams& p, Stream stream);
void attention_bf16_page_gradient_256(const Bf16PageGradientParams& p, Stream stream);
void attention_bf16_page_gradient_576(const Bf16PageGradientParams& p, Stream stream);

}  // namespace hone::cuda
