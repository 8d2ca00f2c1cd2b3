// The innermost loops of convolutions: a tile of the result, or of the weights' gradient, stays in
// registers while the windows it is computed from are read where they stand.
//
// Every element is a sum in the order of its terms whatever the tile, so tiles may be cut as the
// registers of a processor want it.

#include "internal.h"

typedef float lanes __attribute__((vector_size(64)));
typedef float unaligned_lanes __attribute__((vector_size(64), aligned(4)));
#define LANES RK_LANES

// MARK: - Results: `rows` channels at `vectors` times 16 positions

#define TILE(rows, vectors)                                                                     \
  RK_CLONES static void tile_##rows##x##vectors(const rk_window_tile *t) {                      \
    lanes sum[rows][vectors];                                                                   \
    for (size_t r = 0; r < rows; r++) {                                                         \
      float start = t->bias ? t->bias[r] : 0.0f;                                                \
      for (size_t v = 0; v < vectors; v++) sum[r][v] = (lanes){0} + start;                      \
    }                                                                                           \
    const float *at[vectors];                                                                   \
    for (size_t v = 0; v < vectors; v++) at[v] = t->sheet + t->positions[v];                    \
    const float *w = t->weights;                                                                \
    size_t taps = t->taps;                                                                      \
    const size_t *offsets = t->offsets;                                                         \
    for (size_t c = 0; c < t->channels; c++) {                                                  \
      for (size_t k = 0; k < taps; k++, w += rows) {                                            \
        lanes x[vectors];                                                                       \
        for (size_t v = 0; v < vectors; v++) {                                                  \
          x[v] = *(const unaligned_lanes *)(at[v] + offsets[k]);                                \
        }                                                                                       \
        for (size_t r = 0; r < rows; r++) {                                                     \
          for (size_t v = 0; v < vectors; v++) sum[r][v] += w[r] * x[v];                        \
        }                                                                                       \
      }                                                                                         \
      for (size_t v = 0; v < vectors; v++) at[v] += t->plane;                                   \
    }                                                                                           \
    for (size_t v = 0; v < vectors; v++) {                                                      \
      float *to = t->out[v];                                                                    \
      for (size_t r = 0; r < rows; r++, to += t->outRow[v]) *(unaligned_lanes *)to = sum[r][v]; \
    }                                                                                           \
  }

#define TILES(vectors)                                                                         \
  TILE(1, vectors) TILE(2, vectors) TILE(3, vectors) TILE(4, vectors)                           \
  TILE(5, vectors) TILE(6, vectors) TILE(7, vectors) TILE(8, vectors)
TILES(1) TILES(2) TILES(3)
#define NAMES(vectors)                                                                         \
  {tile_1x##vectors, tile_2x##vectors, tile_3x##vectors, tile_4x##vectors,                      \
   tile_5x##vectors, tile_6x##vectors, tile_7x##vectors, tile_8x##vectors}

typedef void (*window_kernel)(const rk_window_tile *);
static const window_kernel windowKernels[3][8] = {NAMES(1), NAMES(2), NAMES(3)};

void rk_multiply_windows(const rk_window_tile *tile, size_t rows, size_t vectors) {
  windowKernels[vectors - 1][rows - 1](tile);
}

// MARK: - Gradients of weights: `rows` channels and `taps` weights of each

/// The lanes are added pairwise.
static inline __attribute__((always_inline)) float sum_of_lanes(const lanes *x) {
  typedef float half __attribute__((vector_size(32)));
  typedef float quarter __attribute__((vector_size(16)));
  union { lanes whole; half parts[2]; } a = {*x};
  union { half whole; quarter parts[2]; } b = {a.parts[0] + a.parts[1]};
  quarter c = b.parts[0] + b.parts[1];
  return (c[0] + c[2]) + (c[1] + c[3]);
}

#define GRADIENT(rows, taps)                                                                    \
  RK_CLONES static void gradient_##rows##x##taps(const rk_weight_tile *t) {                     \
    lanes sum[rows][taps];                                                                      \
    for (size_t r = 0; r < rows; r++) {                                                         \
      for (size_t k = 0; k < taps; k++) sum[r][k] = (lanes){0};                                 \
    }                                                                                           \
    const float *x[taps], *g = t->upstream;                                                     \
    for (size_t k = 0; k < taps; k++) x[k] = t->sheet + t->offsets[k];                          \
    size_t row = t->upstreamRow;                                                                \
    for (size_t v = 0; v < t->vectors; v++, g += LANES) {                                       \
      size_t position = t->positions[v];                                                        \
      lanes factor[rows];                                                                       \
      for (size_t r = 0; r < rows; r++) factor[r] = *(const unaligned_lanes *)(g + r * row);    \
      for (size_t k = 0; k < taps; k++) {                                                       \
        lanes window = *(const unaligned_lanes *)(x[k] + position);                             \
        for (size_t r = 0; r < rows; r++) sum[r][k] += factor[r] * window;                      \
      }                                                                                         \
    }                                                                                           \
    for (size_t r = 0; r < rows; r++) {                                                         \
      float *to = t->sums + r * t->sumsRow;                                                     \
      for (size_t k = 0; k < taps; k++) to[k] += sum_of_lanes(&sum[r][k]);                      \
    }                                                                                           \
  }

#define GRADIENTS(rows)                                                                        \
  GRADIENT(rows, 1) GRADIENT(rows, 2) GRADIENT(rows, 3)                                         \
  GRADIENT(rows, 4) GRADIENT(rows, 5) GRADIENT(rows, 6)
GRADIENTS(1) GRADIENTS(2) GRADIENTS(3) GRADIENTS(4)
#define GRADIENT_NAMES(rows)                                                                   \
  {gradient_##rows##x1, gradient_##rows##x2, gradient_##rows##x3,                               \
   gradient_##rows##x4, gradient_##rows##x5, gradient_##rows##x6}

typedef void (*weight_kernel)(const rk_weight_tile *);
static const weight_kernel weightKernels[4][6] = {GRADIENT_NAMES(1), GRADIENT_NAMES(2),
                                                  GRADIENT_NAMES(3), GRADIENT_NAMES(4)};

void rk_multiply_weights(const rk_weight_tile *tile, size_t rows, size_t taps) {
  weightKernels[rows - 1][taps - 1](tile);
}

// MARK: - What registers hold

rk_tile_limits rk_limits_of_tiles(void) {
#if defined(__x86_64__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
  if (__builtin_cpu_supports("avx512f")) return (rk_tile_limits){8, 3, 4, 6};
  if (__builtin_cpu_supports("avx2")) return (rk_tile_limits){6, 1, 2, 3};
#elif defined(__aarch64__)
  return (rk_tile_limits){6, 1, 2, 3};
#endif
  return (rk_tile_limits){3, 1, 1, 3};
}
