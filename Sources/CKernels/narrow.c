// Products whose result is a few columns wide: the values of a head, and the gradients of its queries.
//
// Tiles would hold eight columns in sixteen lanes, and read one number of a for each product with them.
// Here the lanes are neighbouring steps, of which the sums are added up at the end: a and b are read once
// for sixteen products. Where the rows of a are neighbours instead, the whole is turned: Cᵀ = Bᵀ Aᵀ.

#include "internal.h"

typedef rk_lanes lanes;
typedef rk_unaligned_lanes unaligned_lanes;
typedef int mask __attribute__((vector_size(64)));
typedef float unaligned_results __attribute__((vector_size(32), aligned(4)));
#define LANES RK_LANES
#define COLUMNS RK_NARROW_COLUMNS

/// The sums of the lanes of eight vectors, in pairs, pairs of pairs and so on.
static inline __attribute__((always_inline)) void lane_sums(float *sums, const lanes v[COLUMNS]) {
  lanes two[4], four[2];
  for (int i = 0; i < 4; i++) {
    lanes a = v[2 * i], b = v[2 * i + 1];
    two[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
             __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30,
                                     31);
  }
  for (int i = 0; i < 2; i++) {
    lanes a = two[2 * i], b = two[2 * i + 1];
    four[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26,
                                      27) +
              __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30,
                                      31);
  }
  lanes a = four[0], b = four[1];
  lanes eight = __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28,
                                        29) +
                __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30,
                                        31);
  *(unaligned_results *)sums = __builtin_shufflevector(eight, eight, 0, 2, 4, 6, 8, 10, 12, 14) +
                               __builtin_shufflevector(eight, eight, 1, 3, 5, 7, 9, 11, 13, 15);
}

typedef struct {
  const float *a;
  size_t aRow;
  /// [COLUMNS, whole vectors], the steps beyond the last whole vector as the lanes of one that ends with
  /// the last step, the others of its lanes zero.
  const float *b;
  size_t vectors, steps;
  /// The lanes of the last vector that no other has.
  mask last;
  bool hasLast;
} narrow_rows;

#define NARROW(rows)                                                                                \
  RK_CLONES static void narrow_##rows(const narrow_rows *p, float *c) {                             \
    lanes sum[rows][COLUMNS];                                                                       \
    for (int r = 0; r < rows; r++) {                                                                \
      for (size_t j = 0; j < COLUMNS; j++) sum[r][j] = (lanes){0};                                  \
    }                                                                                               \
    size_t whole = p->vectors - p->hasLast, width = p->vectors * LANES;                             \
    for (size_t i = 0; i < whole; i++) {                                                            \
      lanes a[rows];                                                                                \
      for (int r = 0; r < rows; r++) {                                                              \
        a[r] = *(const unaligned_lanes *)(p->a + (size_t)r * p->aRow + i * LANES);                  \
      }                                                                                             \
      for (size_t j = 0; j < COLUMNS; j++) {                                                        \
        lanes b = *(const unaligned_lanes *)(p->b + j * width + i * LANES);                         \
        for (int r = 0; r < rows; r++) sum[r][j] += a[r] * b;                                       \
      }                                                                                             \
    }                                                                                               \
    if (p->hasLast) {                                                                               \
      lanes a[rows];                                                                                \
      for (int r = 0; r < rows; r++) {                                                              \
        a[r] = *(const unaligned_lanes *)(p->a + (size_t)r * p->aRow + p->steps - LANES);           \
        /* by bits: what is left out may be infinite */                                             \
        a[r] = (lanes)((mask)a[r] & p->last);                                                       \
      }                                                                                             \
      for (size_t j = 0; j < COLUMNS; j++) {                                                        \
        lanes b = *(const unaligned_lanes *)(p->b + j * width + whole * LANES);                     \
        for (int r = 0; r < rows; r++) sum[r][j] += a[r] * b;                                       \
      }                                                                                             \
    }                                                                                               \
    for (int r = 0; r < rows; r++) lane_sums(c + r * (int)COLUMNS, sum[r]);                         \
  }

NARROW(1) NARROW(2) NARROW(3)

bool rk_is_narrow(const rk_product_in_place *p) {
  return p->n <= COLUMNS && p->k >= 2 * LANES && p->m >= 8 && rk_tiles_are_wide() &&
         (p->aColumn == 1 || p->aRow == 1);
}

size_t rk_narrow_room(const rk_product_in_place *p) {
  return p->aColumn == 1 ? COLUMNS * ((p->k + LANES - 1) / LANES * LANES) : p->n * p->m;
}

void rk_multiply_narrow(const rk_product_in_place *p, float *room) {
  if (p->aColumn != 1) {
    rk_multiply_in_tiles((rk_product_in_place){
        .m = p->n, .n = p->m, .k = p->k, .a = p->b, .aRow = p->bColumn, .aColumn = p->bRow,
        .b = p->a, .bRow = p->aColumn, .bColumn = p->aRow, .c = room, .cRow = p->m});
    for (size_t i = 0; i < p->m; i++) {
      for (size_t j = 0; j < p->n; j++) {
        float *to = p->c + i * p->cRow + j, sum = room[j * p->m + i];
        *to = p->accumulates ? *to + sum : sum;
      }
    }
    return;
  }
  size_t rest = p->k % LANES, vectors = (p->k + LANES - 1) / LANES, width = vectors * LANES;
  narrow_rows rows = {.aRow = p->aRow, .b = room, .vectors = vectors, .steps = p->k,
                      .hasLast = rest > 0};
  for (size_t j = 0; j < COLUMNS; j++) {
    float *to = room + j * width;
    size_t whole = p->k - rest;
    if (rest > 0) memset(to + whole, 0, LANES * sizeof(float));
    if (j >= p->n) {
      memset(to, 0, whole * sizeof(float));
      continue;
    }
    const float *from = p->b + j * p->bColumn;
    for (size_t i = 0; i < whole; i++) to[i] = from[i * p->bRow];
    for (size_t i = 0; i < rest; i++) to[whole + LANES - rest + i] = from[(whole + i) * p->bRow];
  }
  for (size_t i = 0; i < LANES; i++) rows.last[i] = i >= LANES - rest ? -1 : 0;
  float sums[3 * COLUMNS];
  for (size_t row = 0; row < p->m;) {
    size_t height = rk_min(3, p->m - row);
    rows.a = p->a + row * p->aRow;
    (height == 3 ? narrow_3 : height == 2 ? narrow_2 : narrow_1)(&rows, sums);
    for (size_t r = 0; r < height; r++) {
      float *to = p->c + (row + r) * p->cRow;
      const float *from = sums + r * COLUMNS;
      if (p->accumulates) for (size_t j = 0; j < p->n; j++) to[j] += from[j];
      else for (size_t j = 0; j < p->n; j++) to[j] = from[j];
    }
    row += height;
  }
}
