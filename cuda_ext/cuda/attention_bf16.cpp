// Which instantiation a call gets, by its head sizes. All give the same bits.
#include "cuda_ext/cuda/attention_bf16.h"

namespace hone::cuda {

void attention(const Bf16AttentionParams& p, Stream stream) {
  const int64_t size = p.sizes.value_size;
  if (size <= 64) return attention_bf16_64(p, stream);
  if (size <= 128) return attention_bf16_128(p, stream);
  size <= 256 ? attention_bf16_256(p, stream) : attention_bf16_512(p, stream);
}

void attention_query_gradient(const Bf16QueryGradientParams& p, Stream stream) {
  const int64_t size = p.sizes.key_size;
  if (size <= 64) return attention_bf16_query_gradient_64(p, stream);
  if (size <= 128) return attention_bf16_query_gradient_128(p, stream);
  size <= 256 ? attention_bf16_query_gradient_256(p, stream) : attention_bf16_query_gradient_576(p, stream);
}

void attention_page_gradient(const Bf16PageGradientParams& p, Stream stream) {
  const int64_t size = p.sizes.key_size > p.sizes.value_size ? p.sizes.key_size : p.sizes.value_size;
  if (size <= 64) return attention_bf16_page_gradient_64(p, stream);
  if (size <= 128) return attention_bf16_page_gradient_128(p, stream);
  size <= 256 ? attention_bf16_page_gradient_256(p, stream) : attention_bf16_page_gradient_576(p, stream);
}

}  // namespace hone::cuda
