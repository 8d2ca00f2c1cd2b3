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

#if defined(__x86_64__)
#include <immintrin.h>
/// Treats denormals as zero on this thread: they cost a hundred cycles each and an RNN started at
/// 0.01 makes them by the million.
static inline void rk_flush_denormals(void) { _mm_setcsr(_mm_getcsr() | 0x8040u); }
#elif defined(__aarch64__)
static inline void rk_flush_denormals(void) {
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" ::"r"(control | (1ull << 24)));
}
#else
static inline void rk_flush_denormals(void) {}
#endif

/// Elements of an elementwise kernel that one part handles: large enough to pay for waking a
/// thread, small enough for a part to stay in the second-level cache.
#define RK_PART 8192

/// A unary kernel, which may work in place.
typedef void (*rk_unary_kernel)(float *out, const float *x, size_t count);
/// NULL for the identity.
rk_unary_kernel rk_unary_kernel_for(rk_unary_operation operation);

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

/// To be called before any product: makes OpenBLAS leave the threads to us.
void rk_prepare_products(void);

static inline int rk_parts(size_t count) { return (int)((count + RK_PART - 1) / RK_PART); }
static inline size_t rk_min(size_t a, size_t b) { return a < b ? a : b; }

#endif
