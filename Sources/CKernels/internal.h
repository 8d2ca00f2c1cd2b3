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

// MARK: - Sums (reductions.c)

/// Σ x[i], added up in double.
double rk_sum_run(const float *x, size_t count);

// MARK: - Products in tiles (tiles.c)

/// Columns come in multiples of this.
#define RK_LANES ((size_t)16)

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
  /// Whether b was put into the order of the tiles by `rk_pack_tiles`; bStep is known then.
  bool packed;
} rk_tiles;

/// All `rows` rows and `columns` columns, cut into tiles.
void rk_multiply_tiles(rk_tiles whole, size_t rows, size_t columns);
/// Whether this processor has registers for tiles that are worth it.
bool rk_tiles_are_fast(void);
/// Puts b [steps, columns], or its transpose, into the order in which the tiles read it: for an
/// operand that many products share.
void rk_pack_tiles(float *packed, const float *b, bool transposed, size_t steps, size_t columns);

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

/// To be called before any product: makes OpenBLAS leave the threads to us.
void rk_prepare_products(void);

static inline int rk_parts(size_t count) { return (int)((count + RK_PART - 1) / RK_PART); }
static inline size_t rk_min(size_t a, size_t b) { return a < b ? a : b; }

#endif
