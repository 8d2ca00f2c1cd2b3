// Shared by the kernels; not part of the interface.
#ifndef RHYTHMLAB_CKERNELS_INTERNAL_H
#define RHYTHMLAB_CKERNELS_INTERNAL_H

#include "CKernels.h"
#include "functions.h"

#include <math.h>
#include <string.h>

/// Tells the compiler that the passes of the loop below are independent, although `out` may be one
/// of the inputs (in place) or its rows may interleave with theirs: it would test for that at run
/// time, find it and take the scalar loop, ten times slower.
#if defined(__clang__)
#define RK_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define RK_INDEPENDENT _Pragma("GCC ivdep")
#endif

/// A loop of elementary functions: sixteen at a time, the width of the largest registers, and no more,
/// so that few are left over.
#if defined(__clang__)
#define RK_VECTOR                                                                              \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")
#else
#define RK_VECTOR _Pragma("GCC ivdep")
#endif

// One binary for every x86-64: the loader picks the widest version that the processor has.
#if defined(__x86_64__) && defined(__linux__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
#define RK_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define RK_CLONES
#endif

// MARK: - The processor's mode

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// The mode that every kernel calculates in, on every thread and whatever the caller's is: rounding to
/// nearest, no traps, and denormals are zero, read and written. They cost a hundred cycles each on
/// many processors, and the gradients of a recurrent network started at 0.01 make them by the
/// million.
///
/// Writing `rk_flush_denormals();` at the beginning of a function sets the mode until the function
/// returns, then the caller's is back.
#define rk_flush_denormals() \
  __attribute__((cleanup(rk_restore_mode), unused)) uint64_t rk_callers_mode = rk_set_mode()

#if defined(__x86_64__)
/// Below these bits are the flags of what happened; the rest is the mode.
#define RK_MODE_FLAGS 0x3Fu
#define RK_KERNEL_MODE 0x9FC0u
static inline uint64_t rk_mode(void) { return _mm_getcsr(); }
static inline void rk_write_mode(uint64_t mode) { _mm_setcsr((uint32_t)mode); }
#elif defined(__aarch64__)
#define RK_MODE_FLAGS 0u
#define RK_KERNEL_MODE (1ull << 24)
static inline uint64_t rk_mode(void) {
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode)::"memory");
  return mode;
}
static inline void rk_write_mode(uint64_t mode) {
  __asm__ volatile("msr fpcr, %0" ::"r"(mode) : "memory");
}
#else
#define RK_MODE_FLAGS 0u
#define RK_KERNEL_MODE 0u
static inline uint64_t rk_mode(void) { return 0; }
static inline void rk_write_mode(uint64_t mode) { (void)mode; }
#endif

static inline bool rk_is_kernel_mode(uint64_t mode) {
  return (mode & ~(uint64_t)RK_MODE_FLAGS) == RK_KERNEL_MODE;
}

/// Sets the kernels' mode and returns the one before. Reading is cheap, writing takes some ten
/// nanoseconds: a kernel within a kernel writes nothing.
static inline uint64_t rk_set_mode(void) {
  uint64_t before = rk_mode();
  if (!rk_is_kernel_mode(before)) rk_write_mode(RK_KERNEL_MODE);
  return before;
}

static inline void rk_restore_mode(const uint64_t *before) {
  if (!rk_is_kernel_mode(*before)) rk_write_mode(*before);
}

/// Elements of an elementwise kernel that one part handles: large enough to pay for waking a
/// thread, small enough for a part to stay in the second-level cache.
#define RK_PART 8192

/// A unary kernel, which may work in place.
typedef void (*rk_unary_kernel)(float *out, const float *x, size_t count);
/// NULL for the identity.
rk_unary_kernel rk_unary_kernel_for(rk_unary_operation operation);

// MARK: - GELU (gelu.c)

/// out = x Φ(x), or, where there is an upstream gradient g, (Φ(x) + x φ(x)) g.
void rk_gelu(float *restrict out, const float *restrict x, const float *restrict upstream,
             size_t count);

// MARK: - Sums (reductions.c)

/// Σ x[i], added up in double.
double rk_sum_run(const float *x, size_t count);
/// Σ x[i]², added up in double.
double rk_squares_of_run(const float *x, size_t count);

// MARK: - Products in tiles (tiles.c)

/// Columns come in multiples of this.
#define RK_LANES ((size_t)16)
typedef float rk_lanes __attribute__((vector_size(64)));
typedef float rk_unaligned_lanes __attribute__((vector_size(64), aligned(4)));

/// to[j][i] = from[i][j], 16 × 16, in registers: in each of four rounds, pairs of rows that are 8, 4,
/// 2, 1 apart exchange blocks of that size.
static inline __attribute__((always_inline)) void rk_transpose_16(float *to, size_t toRow,
                                                                  const float *from,
                                                                  size_t fromRow) {
  rk_lanes x[16];
#define RK_ROWS _Pragma("clang loop unroll(full)") for (size_t i = 0; i < 16; i++)
  RK_ROWS x[i] = *(const rk_unaligned_lanes *)(from + i * fromRow);
  RK_ROWS {
    if (i & 8) continue;
    rk_lanes a = x[i], b = x[i + 8];
    x[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22,
        23);
    x[i + 8] = __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28,
        29, 30, 31);
  }
  RK_ROWS {
    if (i & 4) continue;
    rk_lanes a = x[i], b = x[i + 4];
    x[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26,
        27);
    x[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29,
        30, 31);
  }
  RK_ROWS {
    if (i & 2) continue;
    rk_lanes a = x[i], b = x[i + 2];
    x[i] = __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28,
        29);
    x[i + 2] = __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15,
        30, 31);
  }
  RK_ROWS {
    if (i & 1) continue;
    rk_lanes a = x[i], b = x[i + 1];
    x[i] = __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14,
        30);
    x[i + 1] = __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29,
        15, 31);
  }
  RK_ROWS *(rk_unaligned_lanes *)(to + i * toRow) = x[i];
#undef RK_ROWS
}

/// How many places a tile can fetch from.
enum { RK_AHEAD = 3 };

/// c[r, ·] (+)= Σ_{i, j} a[r · aRow + i · aOuter + j · aStep] · b[i · bOuter + j · bStep, ·]
typedef struct {
  const float *a;
  size_t aRow, aOuter, aStep;
  const float *b;
  size_t bOuter, bStep;
  size_t outer, steps;
  float *c;
  size_t cRow;
  /// What the tile starts from: `start` in every row, or what c holds, or (NULL) zero.
  const float *start;
  bool accumulates;
  /// Whether the tile, once complete, is added to what c holds: in a long sum each part is rounded at
  /// its own size.
  bool adds;
  /// Whether b was put into the order of the tiles by `rk_pack_tiles`; bStep is known then.
  bool packed;
  /// Whether the results are written past the caches; `c` and its rows are aligned to vectors then, and who calls sees
  /// to the order of these writes and others.
  bool streams;
  /// How many of the widest tiles also fetch what will be needed next, from each of `ahead` on, in each tile
  /// `aheadTile` floats further. Memory is far away, and so is asked for while the processor multiplies: by tiles of four
  /// vectors a line at a time, in each step `aheadStep` floats further; by those of one, which have fewer to ask for,
  /// all at once.
  size_t fetching;
  const float *ahead[RK_AHEAD];
  size_t aheadTile, aheadStep;
} rk_tiles;

/// All `rows` rows and `columns` columns, cut into tiles; any number of columns where b is packed.
void rk_multiply_tiles(rk_tiles whole, size_t rows, size_t columns);
/// Whether this processor has 32 registers of 16 floats, and the kernels were built for them.
bool rk_tiles_are_wide(void);
/// The columns of the widest tiles of this processor.
size_t rk_tile_columns(void);
/// The floats that `rk_pack_tiles` writes.
size_t rk_packed_size(size_t steps, size_t columns);
/// Puts b [steps, columns] into the order in which the tiles read it: an operand that many rows or
/// products share. Its rows are `row` floats apart, its columns `column`. Columns beyond the last
/// multiple of RK_LANES come as a tile of their own, filled up with zeros.
void rk_pack_tiles(float *packed, const float *b, size_t row, size_t column, size_t steps,
                   size_t columns);

/// Puts the rows of a transposed a, whose steps lie `column` floats apart, one step after the other: such steps may take each
/// other's place in the first-level cache. Then `aRow` is 1 and `aStep` the number of rows.
void rk_gather_rows(float *to, const float *a, size_t column, size_t rows, size_t steps);

/// c [m, n] (+)= a [m, k] · b [k, n], each row and column at a distance of its own; c's columns are
/// neighbours.
typedef struct {
  size_t m, n, k;
  const float *a;
  size_t aRow, aColumn;
  const float *b;
  size_t bRow, bColumn;
  float *c;
  size_t cRow;
  bool accumulates;
} rk_product_in_place;

/// One product in tiles, on this thread, b being packed block by block.
void rk_multiply_in_tiles(rk_product_in_place product);
/// How many of k steps are added up before they are added to the rest.
size_t rk_block_steps(size_t k);
/// Whether b is so long, and read by so few rows, that it is better not put into the order of the tiles (turned.c).
bool rk_turning_pays(const rk_product_in_place *product);
/// One such product, on this thread; the numbers are those of `rk_multiply_in_tiles`.
void rk_multiply_turned(const rk_product_in_place *product);
/// Whether the result is so few columns wide that lanes of steps serve better (narrow.c).
bool rk_is_narrow(const rk_product_in_place *product);
/// The floats that a narrow product needs besides.
size_t rk_narrow_room(const rk_product_in_place *product);
/// One narrow product, on this thread.
void rk_multiply_narrow(const rk_product_in_place *product, float *room);
#define RK_NARROW_COLUMNS ((size_t)8)

/// One product on this thread, by tiles or by OpenBLAS (products.c). Of a and of b, rows or columns
/// are neighbours.
void rk_multiply(const rk_product_in_place *product);
/// Whether `rk_multiply` would take tiles.
bool rk_tiles_serve(const rk_product_in_place *product);

// MARK: - Steps of optimisers (gradients.c)

/// A step: `move` moves the parameters start ..< end by their gradients, of which the first is that of `start`.
typedef struct {
  void (*move)(const void *job, const float *gradient, size_t start, size_t end);
  const void *job;
  /// What it reads and writes, the parameters first; NULL behind the last.
  const float *arrays[RK_AHEAD];
} rk_update;

/// Moves all `count` parameters.
///
/// @return Σ g², added up in double.
double rk_apply_gradient(rk_gradient gradient, size_t count, const rk_update *update);

// MARK: - Convolutions in tiles (convolution_tiles.c)

/// Some channels of a result at one to three times 16 positions: channel r at position p is
/// bias[r] + Σ_{c, k} weights[c, k, r] · sheet[p + c · plane + offsets[k]].
typedef struct {
  const float *weights, *bias;
  const float *sheet;
  size_t plane;
  const size_t *offsets;
  size_t channels, taps;
  /// Of the vectors: where they start on the sheet, where they go and how far channels are apart there.
  const size_t *positions;
  float *out[3];
  size_t outRow[3];
} rk_window_tile;

void rk_multiply_windows(const rk_window_tile *tile, size_t rows, size_t vectors);

/// sums[r, k] += Σ_{v, lane} upstream[r, 16 · v + lane] · sheet[positions[v] + lane + offsets[k]]
typedef struct {
  const float *upstream;
  size_t upstreamRow;
  const float *sheet;
  const size_t *offsets, *positions;
  size_t vectors;
  float *sums;
  size_t sumsRow;
} rk_weight_tile;

void rk_multiply_weights(const rk_weight_tile *tile, size_t rows, size_t taps);

/// How high and wide tiles may be to stay in the registers of this processor.
typedef struct {
  size_t rows, vectors, gradientRows, gradientTaps;
} rk_tile_limits;

rk_tile_limits rk_limits_of_tiles(void);

// MARK: - Convolutions of one filter a channel (channelwise.c)

/// result[row, t] = bias[c] + Σ_k weights[c, k] · source[row, t + start + shifts[k]] with c = row mod
/// `channels`, without what lies beyond the ends of a row.
typedef struct {
  size_t rows, channels, inputs, outputs, taps;
  int64_t start;
  const size_t *shifts;
  const float *weights, *bias, *source;
  float *result;
} rk_channel_filters;

void rk_filter_channels(rk_channel_filters filters);

// MARK: - Rows of a product (softmax.c): their softmax, and its gradient, in place; `row` floats lie between them

void rk_softmax_rows(float *x, size_t row, size_t rows, size_t count);
/// `y` is the softmax, `g` the upstream gradient, whose place the gradient takes.
void rk_softmax_gradient_rows(float *g, const float *y, size_t row, size_t rows, size_t count);

/// To be called before any product: makes OpenBLAS leave the threads to us.
void rk_prepare_products(void);

static inline int rk_parts(size_t count) { return (int)((count + RK_PART - 1) / RK_PART); }
static inline size_t rk_min(size_t a, size_t b) { return a < b ? a : b; }

#endif
