// A CUDA stream by name, so that what launches kernels can be declared without CUDA's headers.
#pragma once

struct CUstream_st;

namespace hone::cuda {

using Stream = CUstream_st*;  // cudaStream_t; null: the default stream

}  // namespace hone::cuda
