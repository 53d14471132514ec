// The instantiations of the attention kernels, by the columns of a block's outputs; each gives the same bits.
// What is wider takes several blocks, which make the scores anew. attention.cpp chooses; tests call them all.
#pragma once

#include "cuda_ext/cuda/attention.h"

namespace hone::cuda {

void attention_64(const AttentionParams& p, Stream stream);
void attention_128(const AttentionParams& p, Stream stream);
void attention_256(const AttentionParams& p, Stream stream);
void attention_512(const AttentionParams& p, Stream stream);

void attention_query_gradient_64(const AttentionQueryGradientParams& p, Stream stream);
void attention_query_gradient_128(const AttentionQueryGradientParams& p, Stream stream);
void attention_query_gradient_256(const AttentionQueryGradientParams& p, Stream stream);
void attention_query_gradient_576(const AttentionQueryGradientParams& p, Stream stream);

void attention_page_gradient_64(const AttentionPageGradientParams& p, Stream stream);
void attention_page_gradient_128(const AttentionPageGradientParams& p, Stream stream);
void attention_page_gradient_256(const AttentionPageGradientParams& p, Stream stream);
void attention_page_gradient_576(const AttentionPageGradientParams& p, Stream stream);

}  // namespace hone::cuda
