// Kernels of gemm.h: register tiles (14x32 on AVX-512, 6x16 on AVX2), a copied block of A in L1, a block of B's panels in L2.
// An accumulator is one output's whole chain: it goes back to C between blocks of k, so blocking does not touch the order.
#include "cuda_ext/cpu/gemm.h"

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

inline constexpr int kMaxRows = kIsa == Isa::avx512 ? 14 : kIsa == Isa::avx2 ? 6 : 4;
inline constexpr int kVecs = kIsa == Isa::avx512 ? 2 : 1;  // lanes of 16 columns in a tile
inline constexpr int64_t kDepth = 256;                     // k of a block: a tile's rows of A and a panel of B fit in L1
inline constexpr int64_t kWidth = 20 * kPanel;             // columns of a block: its panels fit in L2
inline constexpr int64_t kCopyRow = kDepth + kLanes;       // row stride of copied A; not a power of two, so rows share no set
inline constexpr int64_t kScratchA = kMaxRows * kCopyRow > kDepth * kLanes ? kMaxRows * kCopyRow : kDepth * kLanes;
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

/// C[rows, 16 vecs] of one block of k. Two lanes of 16 columns lie in a panel, panels b_panel apart.
struct Tile {
  const float* a;
  int64_t a_row, a_k;
  const float* b;
  int64_t b_k, b_panel;
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
    b += t.b_k;
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

/// Where a block of B lies, however it got there.
struct BlockB {
  const float* b;
  int64_t b_k, b_panel;
};

/// A block of rows of A lies where the tile reads it best: contiguous rows, or contiguous columns.
struct BlockA {
  const float* a;
  int64_t a_row, a_k;
};

BlockA copy_a(const float* a, int64_t a_row, int64_t a_k, int64_t rows, int64_t k, float* to) {
  if (a_row == 1) {
    for (int64_t j = 0; j < k; ++j) store(to + j * kLanes, load_n(a + j * a_k, int(rows)));
    return {to, 1, kLanes};
  }
  for (int64_t i = 0; i < rows; ++i) {
    const float* from = a + i * a_row;
    float* row = to + i * kCopyRow;
    int64_t j = 0;
    if (a_k == 1)
      for (; j + kLanes <= k; j += kLanes) store(row + j, load(from + j));
    for (; j < k; ++j) row[j] = from[j * a_k];
  }
  return {to, kCopyRow, 1};
}

/// All tiles of rows [i, i + rows) and a block of columns.
void row_of_tiles(const GemmParams& p, const BlockA& a, const BlockB& b, int64_t i, int rows, int64_t j0, int64_t width,
                  int64_t depth, bool first, bool last) {
  const TileFunction narrow = tile_of<kMaxRows>(rows, false), wide = tile_of<kMaxRows>(rows, true);
  const int64_t wide_cols = kLanes * vecs_for(rows);
  for (int64_t j = 0; j < width;) {
    const bool use_wide = width - j >= wide_cols && j % kPanel == 0;
    const int64_t cols = use_wide ? wide_cols : kLanes * kVecs;
    const Tile t{.a = a.a, .a_row = a.a_row, .a_k = a.a_k,
                 .b = b.b + j / kPanel * b.b_panel + j % kPanel, .b_k = b.b_k, .b_panel = b.b_panel,
                 .c = p.c + i * p.c_row + j0 + j, .c_row = p.c_row,
                 .bias = last && p.bias ? p.bias + j0 + j : nullptr,
                 .k = depth, .cols = least(cols, width - j), .accumulate = p.accumulate || !first};
    (use_wide ? wide : narrow)(t);
    j += cols;
  }
}

void pack_columns(const float* b, int64_t b_k, int64_t b_col, int64_t k, int64_t cols, float* to) {
  constexpr int64_t kStep = 16;
  for (int64_t k0 = 0; k0 < k; k0 += kStep) {
    const int64_t depth = least(kStep, k - k0);
    for (int64_t j = 0; j < kPanel; ++j)
      for (int64_t kk = 0; kk < depth; ++kk)
        to[(k0 + kk) * kPanel + j] = j < cols ? b[(k0 + kk) * b_k + j * b_col] : 0.0f;
  }
}

void pack_rows(const PackParams& p) {
  for (int64_t k = 0; k < p.k; ++k) {
    const float* from = p.b + k * p.b_k;
    float* to = p.packed + k * kPanel;
    int64_t j = 0;
    for (; j + kPanel <= p.n; j += kPanel, to += p.packed_panel) {
      store(to, load(from + j));
      store(to + kLanes, load(from + j + kLanes));
    }
    if (j < p.n) {
      const int left = int(p.n - j);
      store(to, load_n(from + j, least(left, kLanes)));
      store(to + kLanes, left > kLanes ? load_n(from + j + kLanes, left - kLanes) : zero());
    }
  }
}

}  // namespace

template <>
void pack_panels<kIsa>(const PackParams& p) {
  if (p.b_col == 1) return pack_rows(p);
  for (int64_t j = 0; j < p.n; j += kPanel)
    pack_columns(p.b + j * p.b_col, p.b_k, p.b_col, p.k, least(kPanel, p.n - j), p.packed + j / kPanel * p.packed_panel);
}

template <>
void gemm<kIsa>(const GemmParams& p, float* scratch) {
  const int64_t row_tiles = (p.m + kMaxRows - 1) / kMaxRows;
  // A few rows stream packed weights once, panel after panel.
  const bool stream = p.b_panel && p.m <= 3;
  const int64_t blocks = stream || p.k == 0 ? 1 : (p.k + kDepth - 1) / kDepth;
  for (int64_t j = 0; j < p.n; j += kWidth) {
    const int64_t width = least(kWidth, p.n - j);
    for (int64_t block = 0; block < blocks; ++block) {
      const int64_t k0 = p.k * block / blocks, depth = p.k * (block + 1) / blocks - k0;
      BlockB b{p.b + j / kPanel * p.b_panel + k0 * kPanel, kPanel, p.b_panel};
      if (!p.b_panel) {
        b = {scratch + kScratchA, kPanel, kScratchPanel};
        pack_panels<kIsa>({.b = p.b + k0 * p.b_k + j * p.b_col, .b_k = p.b_k, .b_col = p.b_col, .k = depth, .n = width,
                           .packed = scratch + kScratchA, .packed_panel = kScratchPanel});
      }
      for (int64_t tile = 0; tile < row_tiles; ++tile) {
        const int64_t i = p.m * tile / row_tiles, rows = p.m * (tile + 1) / row_tiles - i;
        BlockA a{p.a + i * p.a_row + k0 * p.a_k, p.a_row, p.a_k};
        if (!stream && rows > 1 && width > 2 * kPanel) a = copy_a(a.a, a.a_row, a.a_k, rows, depth, scratch);
        row_of_tiles(p, a, b, i, int(rows), j, width, depth, block == 0, block + 1 == blocks);
      }
    }
  }
}

}  // namespace hone::cpu
