// Shared by the kernels; not part of the interface.
#ifndef RHYTHMLAB_CKERNELS_INTERNAL_H
#define RHYTHMLAB_CKERNELS_INTERNAL_H

#include "CKernels.h"

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

/// exp(x), within 2 units in the last place; its argument is clamped to −87.3…88.3, where floats end.
static inline float rk_expf(float x) {
  x = x < -87.33654f ? -87.33654f : x;
  x = x > 88.37626f ? 88.37626f : x;
  // x = n·ln 2 + r, |r| ≤ ln 2 / 2; ln 2 in two parts so that r keeps its digits
  float shifted = x * 1.44269504f + 12582912.0f;
  float n = shifted - 12582912.0f;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits;
  memcpy(&bits, &shifted, 4);
  int32_t scaleBits = (bits - 0x4B400000 + 127) << 23;
  float scale;
  memcpy(&scale, &scaleBits, 4);
  return p * scale;
}

static inline float rk_sigmoidf(float x) { return 1.0f / (1.0f + rk_expf(-x)); }

static inline float rk_tanhf(float x) {
  float a = fabsf(x);
  // near 0 a polynomial (Cephes): 1 − 2 / (e^2a + 1) would lose the digits of a small result
  float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  p = p * s * x + x;
  float q = 1.0f - 2.0f / (rk_expf(2.0f * a) + 1.0f);
  q = copysignf(q, x);
  return a < 0.625f ? p : q;
}

#endif
