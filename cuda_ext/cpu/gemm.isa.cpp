// Kernels of gemm.h: register tiles (14x32 on AVX-512, 6x16 on AVX2), a copied block of A in L1, a block of
// B's panels in L2. An accumulator is one output's whole chain: it goes back to C between blocks of k, so
// blocking does not touch the order.
#include "cuda_ext/cpu/gemm.h"

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

inline constexpr int kMaxRows = kIsa == Isa::avx512 ? 14 : kIsa == Isa::avx2 ? 6 : 4;
inline constexpr int kVecs = kIsa == Isa::avx512 ? 2 : 1;  // vectors of 16 columns in a tile
/// k of a block: a tile's rows of A and a panel of B about fill L1.
inline constexpr int64_t kDepth = 256;
/// Columns of a block: its panels fit in L2.
inline constexpr int64_t kWidth = 20 * kPanel;
/// Row stride of copied A: not a power of two, so that rows share no cache set.
inline constexpr int64_t kCopyRow = kDepth + kLanes;
inline constexpr int64_t kScratchA = kLanes * kCopyRow;
inline constexpr int64_t kScratchPanel = kDepth * kPanel + kPanel;  // panel stride of copied B
static_assert(kScratchA + kWidth / kPanel * kScratchPanel <= kGemmScratch);

template <class T>
T least(T a, T b) {
  return a < b ? a : b;
}

/// Fewer rows leave registers for more columns: enough chains in flight to hide the latency of an fma.
constexpr int vecs_for(int rows) {
  const int wanted = kIsa == Isa::portable ? 1 : rows == 1 ? 4 : rows <= 3 ? 2 : 1;
  return wanted * kVecs;
}

/// C[rows, 16 vecs] of one block of k. Two vectors of 16 columns lie in a panel, panels b_panel apart.
struct Tile {
  const float* a;
  int64_t a_row, a_k;
  const float* b;
  int64_t b_panel;
  float* c;
  int64_t c_row;
  const float* bias;
  int64_t k;
  int64_t cols;
  bool accumulate;
};

/// Lanes of column vector v that belong to C.
int lanes_of(const Tile& t, int v) {
  const int64_t left = t.cols - kLanes * v;
  return int(left < 0 ? 0 : least<int64_t>(left, kLanes));
}

// The loops over rows and vectors must unroll wholly, or the accumulators take a trip through the stack.
template <int rows, int vecs>
void begin_chains(F16 (&acc)[rows][vecs], const Tile& t) {
  if (!t.accumulate) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
      for (int v = 0; v < vecs; ++v) acc[i][v] = zero();
  } else if (t.cols >= kLanes * vecs) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
      for (int v = 0; v < vecs; ++v) acc[i][v] = load(t.c + i * t.c_row + kLanes * v);
  } else {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
      for (int v = 0; v < vecs; ++v) acc[i][v] = load_n(t.c + i * t.c_row + kLanes * v, lanes_of(t, v));
  }
}

template <int rows, int vecs>
void end_chains(F16 (&acc)[rows][vecs], const Tile& t) {
  const bool whole = t.cols >= kLanes * vecs;
  if (t.bias) {
#pragma GCC unroll 8
    for (int v = 0; v < vecs; ++v) {
      const F16 bias = load_n(t.bias + kLanes * v, lanes_of(t, v));
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i) acc[i][v] = acc[i][v] + bias;
    }
  }
  if (whole) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
      for (int v = 0; v < vecs; ++v) store(t.c + i * t.c_row + kLanes * v, acc[i][v]);
  } else {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 8
      for (int v = 0; v < vecs; ++v) store_n(t.c + i * t.c_row + kLanes * v, acc[i][v], lanes_of(t, v));
  }
}

template <int rows, int vecs>
void tile(const Tile& t) {
  F16 acc[rows][vecs];
  begin_chains(acc, t);
  // Three rows share a pointer, so that five pointers and one stride address all rows.
  constexpr int kBases = (rows + 2) / 3;
  const float* a[kBases];
  for (int i = 0; i < kBases; ++i) a[i] = t.a + 3 * i * t.a_row;
  const float* b = t.b;
  for (int64_t k = 0; k < t.k; ++k) {
    // Half a panel is read here: the other half's lines come along, so that memory is read in one sequence.
    if constexpr (vecs % 2) __builtin_prefetch(b + kLanes);
    F16 bv[vecs];
#pragma GCC unroll 8
    for (int v = 0; v < vecs; ++v) bv[v] = load(b + v / 2 * t.b_panel + v % 2 * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const F16 av = set1(a[i / 3][i % 3 * t.a_row]);
#pragma GCC unroll 8
      for (int v = 0; v < vecs; ++v) acc[i][v] = fma(av, bv[v], acc[i][v]);
    }
    for (int i = 0; i < kBases; ++i) a[i] += t.a_k;
    b += kPanel;
  }
  end_chains(acc, t);
}

using TileFunction = void (*)(const Tile&);

template <int rows>
TileFunction tile_of(int wanted, bool wide) {
  if constexpr (rows > 1)
    if (wanted < rows) return tile_of<rows - 1>(wanted, wide);
  return wide ? tile<rows, vecs_for(rows)> : tile<rows, kVecs>;
}

/// Rows of A as a tile reads them: where they lie, or copied so that rows or columns are contiguous.
struct BlockA {
  const float* a;
  int64_t a_row, a_k;
};

BlockA copy_a(const BlockA& from, int64_t rows, int64_t k, float* to) {
  if (from.a_row == 1) {
    for (int64_t j = 0; j < k; ++j) store(to + j * kLanes, load_n(from.a + j * from.a_k, int(rows)));
    return {to, 1, kLanes};
  }
  for (int64_t i = 0; i < rows; ++i) {
    const float* a = from.a + i * from.a_row;
    float* row = to + i * kCopyRow;
    int64_t j = 0;
    if (from.a_k == 1)
      for (; j + kLanes <= k; j += kLanes) store(row + j, load(a + j));
    for (; j < k; ++j) row[j] = a[j * from.a_k];
  }
  return {to, kCopyRow, 1};
}

/// Columns [j, j + width) and chain links [k, k + depth) of a product, with B's panels there.
struct Block {
  int64_t j, width;
  int64_t k, depth;
  const float* b;
  int64_t b_panel;
  bool first, last;  // of the blocks of k
};

/// All tiles of rows [i, i + rows) in a block.
void row_of_tiles(const GemmParams& p, const Block& block, const BlockA& a, int64_t i, int rows) {
  const TileFunction narrow = tile_of<kMaxRows>(rows, false), wide = tile_of<kMaxRows>(rows, true);
  const int64_t wide_cols = kLanes * vecs_for(rows);
  for (int64_t j = 0; j < block.width;) {
    const bool use_wide = block.width - j >= wide_cols && j % kPanel == 0;
    const int64_t cols = use_wide ? wide_cols : kLanes * kVecs;
    const Tile t{.a = a.a,
                 .a_row = a.a_row,
                 .a_k = a.a_k,
                 .b = block.b + j / kPanel * block.b_panel + j % kPanel,
                 .b_panel = block.b_panel,
                 .c = p.c + i * p.c_row + block.j + j,
                 .c_row = p.c_row,
                 .bias = block.last && p.bias ? p.bias + block.j + j : nullptr,
                 .k = block.depth,
                 .cols = least(cols, block.width - j),
                 .accumulate = p.accumulate || !block.first};
    (use_wide ? wide : narrow)(t);
    j += cols;
  }
}

/// Copies what is not packed yet.
void pack_block(const GemmParams& p, Block& block_, float* scratch) {
  pack_panels<kIsa>({.b = p.b + block_.k * p.b_k + block_.j * p.b_col,
                     .b_k = p.b_k,
                     .b_col = p.b_col,
                     .k = block_.depth,
                     .n = block_.width,
                     .packed = scratch,
                     .packed_panel = kScratchPanel});
  block_.b = scratch;
  block_.b_panel = kScratchPanel;
}

}  // namespace

template <>
void gemm<kIsa>(const GemmParams& p, float* scratch) {
  const int64_t row_tiles = (p.m + kMaxRows - 1) / kMaxRows;
  // A few rows read packed weights once, panel after panel: nothing would be reused.
  const bool stream = p.b_panel && p.m <= 3;
  const int64_t depths = stream || p.k == 0 ? 1 : (p.k + kDepth - 1) / kDepth;
  for (int64_t j = 0; j < p.n; j += kWidth)
    for (int64_t d = 0; d < depths; ++d) {
      const int64_t k = p.k * d / depths;
      Block block{.j = j,
                  .width = least(kWidth, p.n - j),
                  .k = k,
                  .depth = p.k * (d + 1) / depths - k,
                  .b = p.b + j / kPanel * p.b_panel + k * kPanel,
                  .b_panel = p.b_panel,
                  .first = d == 0,
                  .last = d + 1 == depths};
      if (!p.b_panel) pack_block(p, block, scratch + kScratchA);
      for (int64_t tile = 0; tile < row_tiles; ++tile) {
        const int64_t i = p.m * tile / row_tiles, rows = p.m * (tile + 1) / row_tiles - i;
        BlockA a{p.a + i * p.a_row + k * p.a_k, p.a_row, p.a_k};
        if (!stream && rows > 1 && block.width > 2 * kPanel) a = copy_a(a, rows, block.depth, scratch);
        row_of_tiles(p, block, a, i, int(rows));
      }
    }
}

}  // namespace hone::cpu
