// Tokens sorted by their id, for gradients that add up in a fixed order. On the host; free of CUDA.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hone::cuda {

struct TokensById {
  std::vector<int32_t> ids;     // [U] ascending, each once
  std::vector<int32_t> begin;   // [U + 1] into tokens
  std::vector<int32_t> tokens;  // [T] by id, then ascending
};
TokensById sort_tokens(std::span<const int32_t> ids);

}  // namespace hone::cuda
