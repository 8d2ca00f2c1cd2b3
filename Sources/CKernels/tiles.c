// Small products whose result stays in registers: a tile of a few rows and one to four vectors of
// columns, with no copying of the operands as a general matrix product needs it.

#include "internal.h"

typedef float lanes __attribute__((vector_size(64)));
typedef float unaligned_lanes __attribute__((vector_size(64), aligned(4)));
#define LANES RK_LANES

#define TILE(rows, vectors)                                                                     \
  RK_CLONES static void tile_##rows##x##vectors(const rk_tiles *t) {                                \
    lanes sum[rows][vectors];                                                                   \
    for (size_t r = 0; r < rows; r++) {                                                         \
      for (size_t v = 0; v < vectors; v++) {                                                    \
        const float *from = t->accumulates ? t->c + r * t->cRow : t->start;                     \
        sum[r][v] = from ? *(const unaligned_lanes *)(from + v * LANES) : (lanes){0};           \
      }                                                                                         \
    }                                                                                           \
    for (size_t i = 0; i < t->outer; i++) {                                                     \
      const float *a = t->a + i * t->aOuter, *b = t->b + i * t->bOuter;                         \
      for (size_t j = 0; j < t->steps; j++, a += t->aStep, b += t->bStep) {                     \
        lanes factor[vectors];                                                                  \
        for (size_t v = 0; v < vectors; v++) {                                                  \
          factor[v] = *(const unaligned_lanes *)(b + v * LANES);                                \
        }                                                                                       \
        for (size_t r = 0; r < rows; r++) {                                                     \
          for (size_t v = 0; v < vectors; v++) sum[r][v] += a[r * t->aRow] * factor[v];         \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
    for (size_t r = 0; r < rows; r++) {                                                         \
      for (size_t v = 0; v < vectors; v++) {                                                    \
        *(unaligned_lanes *)(t->c + r * t->cRow + v * LANES) = sum[r][v];                       \
      }                                                                                         \
    }                                                                                           \
  }

TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1)
TILE(7, 1) TILE(8, 1) TILE(9, 1) TILE(10, 1) TILE(11, 1) TILE(12, 1)
TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2)
TILE(7, 2) TILE(8, 2) TILE(9, 2) TILE(10, 2) TILE(11, 2) TILE(12, 2)
TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4)

typedef void (*tile_kernel)(const rk_tiles *);
static const tile_kernel narrow[] = {tile_1x1, tile_2x1, tile_3x1, tile_4x1, tile_5x1, tile_6x1,
                                     tile_7x1, tile_8x1, tile_9x1, tile_10x1, tile_11x1, tile_12x1};
static const tile_kernel middle[] = {tile_1x2, tile_2x2, tile_3x2, tile_4x2, tile_5x2, tile_6x2,
                                     tile_7x2, tile_8x2, tile_9x2, tile_10x2, tile_11x2, tile_12x2};
static const tile_kernel wide[] = {tile_1x4, tile_2x4, tile_3x4, tile_4x4, tile_5x4, tile_6x4};

/// The registers of the processor: how many rows of one, two and four vectors stay in them.
static size_t rows_in_registers(size_t vectors) {
#if defined(__x86_64__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
  if (__builtin_cpu_supports("avx512f")) return vectors == 4 ? 6 : 12;
  if (__builtin_cpu_supports("avx2")) return vectors == 1 ? 6 : 0;
#endif
  return vectors == 1 ? 3 : 0;
}

bool rk_tiles_are_fast(void) { return rows_in_registers(1) > 3; }

/// The vectors of the tiles that start at a column.
static size_t vectors_from(size_t column, size_t columns) {
  size_t vectors = 4;
  while (vectors > 1 && (column + vectors * LANES > columns || !rows_in_registers(vectors))) {
    vectors /= 2;
  }
  return vectors;
}

void rk_pack_tiles(float *packed, const float *b, bool transposed, size_t steps, size_t columns) {
  for (size_t column = 0; column < columns;) {
    size_t width = vectors_from(column, columns) * LANES;
    for (size_t j = 0; j < steps; j++) {
      if (!transposed) memcpy(packed + j * width, b + j * columns + column, width * sizeof(float));
    }
    // by columns of 16 steps: what is written stays in the first-level cache
    for (size_t first = 0; transposed && first < steps; first += 16) {
      size_t last = rk_min(first + 16, steps);
      for (size_t i = 0; i < width; i++) {
        const float *from = b + (column + i) * steps;
        for (size_t j = first; j < last; j++) packed[j * width + i] = from[j];
      }
    }
    packed += steps * width;
    column += width;
  }
}

/// The whole product: `rows` rows and `columns` columns, a multiple of LANES, cut into tiles.
void rk_multiply_tiles(rk_tiles whole, size_t rows, size_t columns) {
  for (size_t column = 0; column < columns;) {
    size_t vectors = vectors_from(column, columns);
    // as many tiles as needed, all about equally high
    size_t most = rows_in_registers(vectors), tiles = (rows + most - 1) / most;
    const tile_kernel *kernels = vectors == 4 ? wide : (vectors == 2 ? middle : narrow);
    for (size_t i = 0, row = 0; i < tiles; i++) {
      size_t height = (rows - row + tiles - i - 1) / (tiles - i);
      rk_tiles t = whole;
      t.a += row * whole.aRow;
      t.b += whole.packed ? column * whole.steps : column;
      if (whole.packed) t.bStep = vectors * LANES;
      t.c += row * whole.cRow + column;
      if (t.start) t.start += column;
      kernels[height - 1](&t);
      row += height;
    }
    column += vectors * LANES;
  }
}

