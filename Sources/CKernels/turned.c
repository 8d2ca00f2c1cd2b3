// Products of few rows with a long transposed b, such as a wide linear layer's of a batch: [64, 2048] · [2048, 2048]ᵀ.
// The transposed result is computed, b's columns as the rows of the tiles, which are read once, where they lie and in
// their order. To put b into the order of the tiles would take a fifth of the time, for each number is used by only
// so many rows. Each number of the result is the same sum in the same order as in `rk_multiply_in_tiles`.

#include "internal.h"

/// Rows and columns of the squares in which a result is transposed.
#define SQUARE RK_LANES
/// The most rows of a.
#define MOST_ROWS ((size_t)128)
/// The most numbers of a: its tiles stay in the second-level cache.
#define MOST_PACKED ((size_t)1 << 18)
/// The fewest numbers of b: fewer stay in that cache too, and are put into order there.
#define LEAST_NUMBERS ((size_t)1 << 18)
/// The fewest steps: what is transposed is a share of one to so many of the multiplications.
#define LEAST_STEPS ((size_t)512)

bool rk_turning_pays(const rk_product_in_place *p) {
  return rk_tiles_are_fast() && p->bRow == 1 && p->aColumn == 1 && p->m > 0 && p->m <= MOST_ROWS &&
         p->m % SQUARE == 0 && p->k >= LEAST_STEPS && p->m * p->k <= MOST_PACKED &&
         p->n * p->k >= LEAST_NUMBERS;
}

/// to[j][i] = from[i][j] for `rows` rows of `columns` numbers, both at most or a multiple of a square's.
static void transpose(float *to, size_t toRow, const float *from, size_t fromRow, size_t rows,
                      size_t columns) {
  if (rows == SQUARE && columns % SQUARE == 0) {
    for (size_t j = 0; j < columns; j += SQUARE) {
      rk_transpose_16(to + j * toRow, toRow, from + j, fromRow);
    }
    return;
  }
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++) to[j * toRow + i] = from[i * fromRow + j];
  }
}

RK_CLONES void rk_multiply_turned(const rk_product_in_place *p) {
  size_t width = p->m, size = p->k * width;
  float *packed = rk_scratch("matmul", size), turned[SQUARE * MOST_ROWS];
  for (size_t step = 0; step < p->k; step += rk_block_steps(p->k)) {
    rk_pack_tiles(packed + step * width, p->a + step, 1, p->aRow,
                  rk_min(rk_block_steps(p->k), p->k - step), width);
  }
  for (size_t column = 0; column < p->n; column += SQUARE) {
    size_t columns = rk_min(SQUARE, p->n - column);
    float *c = p->c + column;
    if (p->accumulates) {
      for (size_t i = 0; i < width; i++) {
        for (size_t j = 0; j < columns; j++) turned[j * width + i] = c[i * p->cRow + j];
      }
    }
    for (size_t step = 0; step < p->k; step += rk_block_steps(p->k)) {
      rk_multiply_tiles((rk_tiles){.a = p->b + column * p->bColumn + step, .aRow = p->bColumn,
                                   .aStep = 1, .b = packed + step * width, .packed = true,
                                   .outer = 1, .steps = rk_min(rk_block_steps(p->k), p->k - step),
                                   .c = turned, .cRow = width, .adds = p->accumulates || step > 0},
                        columns, width);
    }
    transpose(c, p->cRow, turned, width, columns, width);
  }
  rk_release(packed, size);
}
