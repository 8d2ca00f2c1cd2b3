// Small products whose result stays in registers: a tile of a few rows and one to four vectors of
// columns, with no copying of the operands as a general matrix product needs it.

#include "internal.h"

typedef rk_lanes lanes;
typedef rk_unaligned_lanes unaligned_lanes;
#define LANES RK_LANES

/// Writes past the caches, which need not read first what is overwritten.
#if defined(__clang__)
#define STREAM(value, to) __builtin_nontemporal_store(value, to)
#else
#define STREAM(value, to) *(to) = (value)
#endif

#define TILE(rows, vectors) TILE_OF(rows, vectors, tile_##rows##x##vectors, false)
#define FETCHING_TILE(rows, vectors) TILE_OF(rows, vectors, fetching_##rows##x##vectors, true)
#define TILE_OF(rows, vectors, name, fetching)                                                  \
  RK_CLONES static void name(const rk_tiles *t) {                                               \
    lanes sum[rows][vectors];                                                                   \
    for (size_t r = 0; r < rows; r++) {                                                         \
      for (size_t v = 0; v < vectors; v++) {                                                    \
        const float *from = t->accumulates ? t->c + r * t->cRow : t->start;                     \
        sum[r][v] = from ? *(const unaligned_lanes *)(from + v * LANES) : (lanes){0};           \
      }                                                                                         \
    }                                                                                           \
    const float *ahead[RK_AHEAD];                                                               \
    for (size_t k = 0; k < RK_AHEAD; k++) ahead[k] = t->ahead[k];                               \
    for (size_t i = 0; i < t->outer; i++) {                                                     \
      const float *a = t->a + i * t->aOuter, *b = t->b + i * t->bOuter;                         \
      for (size_t j = 0; j < t->steps; j++, a += t->aStep, b += t->bStep) {                     \
        if (fetching) {                                                                         \
          for (size_t k = 0; k < RK_AHEAD; k++) {                                               \
            __builtin_prefetch(ahead[k], 0, 2);                                                 \
            ahead[k] += t->aheadStep;                                                           \
          }                                                                                     \
        }                                                                                       \
        lanes factor[vectors];                                                                  \
        for (size_t v = 0; v < vectors; v++) {                                                  \
          factor[v] = *(const unaligned_lanes *)(b + v * LANES);                                \
        }                                                                                       \
        for (size_t r = 0; r < rows; r++) {                                                     \
          for (size_t v = 0; v < vectors; v++) sum[r][v] += a[r * t->aRow] * factor[v];         \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
    /* two loops: with a choice inside, the sums would lie in memory */                         \
    if (t->adds) {                                                                              \
      for (size_t r = 0; r < rows; r++) {                                                       \
        for (size_t v = 0; v < vectors; v++) {                                                  \
          sum[r][v] += *(const unaligned_lanes *)(t->c + r * t->cRow + v * LANES);              \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
    if (t->streams) {                                                                           \
      for (size_t r = 0; r < rows; r++) {                                                       \
        for (size_t v = 0; v < vectors; v++) {                                                  \
          STREAM(sum[r][v], (lanes *)(t->c + r * t->cRow + v * LANES));                         \
        }                                                                                       \
      }                                                                                         \
      return;                                                                                   \
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
FETCHING_TILE(4, 4) FETCHING_TILE(5, 4) FETCHING_TILE(6, 4)

typedef void (*tile_kernel)(const rk_tiles *);
static const tile_kernel narrow[] = {tile_1x1, tile_2x1, tile_3x1, tile_4x1, tile_5x1, tile_6x1,
                                     tile_7x1, tile_8x1, tile_9x1, tile_10x1, tile_11x1, tile_12x1};
static const tile_kernel middle[] = {tile_1x2, tile_2x2, tile_3x2, tile_4x2, tile_5x2, tile_6x2,
                                     tile_7x2, tile_8x2, tile_9x2, tile_10x2, tile_11x2, tile_12x2};
static const tile_kernel wide[] = {tile_1x4, tile_2x4, tile_3x4, tile_4x4, tile_5x4, tile_6x4};
/// Of many rows tiles are about equally high; few rows have no time to fetch.
#define LEAST_FETCHING 4
static const tile_kernel fetching_wide[] = {fetching_4x4, fetching_5x4, fetching_6x4};

/// The registers of the processor: how many rows of one, two and four vectors stay in them.
static size_t rows_in_registers(size_t vectors) {
#if defined(__x86_64__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
  if (__builtin_cpu_supports("avx512f")) return vectors == 4 ? 6 : 12;
  if (__builtin_cpu_supports("avx2")) return vectors == 1 ? 6 : 0;
#endif
  return vectors == 1 ? 3 : 0;
}

bool rk_tiles_are_fast(void) { return rows_in_registers(1) > 3; }
bool rk_tiles_are_wide(void) { return rows_in_registers(4) > 0; }

/// The vectors of the tiles that start at a column.
static size_t vectors_from(size_t column, size_t columns) {
  size_t vectors = 4;
  while (vectors > 1 && (column + vectors * LANES > columns || !rows_in_registers(vectors))) {
    vectors /= 2;
  }
  return vectors;
}

size_t rk_packed_size(size_t steps, size_t columns) {
  return steps * ((columns + LANES - 1) / LANES * LANES);
}

/// A panel [steps, width] of b, the columns from `filled` on zero.
RK_CLONES static void pack_panel(float *restrict panel, const float *restrict b, size_t row,
                                 size_t column, size_t steps, size_t width, size_t filled) {
  if (filled < width) memset(panel, 0, steps * width * sizeof(float));
  if (column == 1) {
    for (size_t j = 0; j < steps; j++) {
      for (size_t i = 0; i < filled; i++) panel[j * width + i] = b[j * row + i];
    }
    return;
  }
  // by columns of 16 steps: what is written stays in the first-level cache
  for (size_t first = 0; first < steps; first += 16) {
    size_t last = rk_min(first + 16, steps);
    for (size_t i = 0; i < filled; i++) {
      const float *from = b + i * column;
      if (row == 1 && last - first == 16 && filled - i >= 16) {
        rk_transpose_16(panel + first * width + i, width, from + first, column);
        i += 15;
      } else {
        for (size_t j = first; j < last; j++) panel[j * width + i] = from[j * row];
      }
    }
  }
}

/// Panels of four vectors from rows, each read from end to end: the processor foresees long runs better.
RK_CLONES static void pack_rows(float *restrict packed, const float *restrict b, size_t row,
                                size_t steps, size_t columns) {
  enum { WIDTH = 4 * LANES };
  for (size_t j = 0; j < steps; j++) {
    const float *from = b + j * row;
    float *to = packed + j * WIDTH;
    for (size_t start = 0; start < columns; start += WIDTH, from += WIDTH, to += steps * WIDTH) {
      for (size_t i = 0; i < WIDTH; i += LANES) {
        *(unaligned_lanes *)(to + i) = *(const unaligned_lanes *)(from + i);
      }
    }
  }
}

void rk_pack_tiles(float *packed, const float *b, size_t row, size_t column, size_t steps,
                   size_t columns) {
  if (column == 1 && columns % (4 * LANES) == 0 && rows_in_registers(4)) {
    pack_rows(packed, b, row, steps, columns);
    return;
  }
  size_t whole = columns / LANES * LANES;
  for (size_t start = 0; start < columns;) {
    size_t width = start < whole ? vectors_from(start, whole) * LANES : LANES;
    pack_panel(packed, b + start * column, row, column, steps, width,
               rk_min(width, columns - start));
    packed += steps * width;
    start += width;
  }
}

/// The whole product, cut into tiles; `columns` is a multiple of LANES.
static void multiply_whole_tiles(rk_tiles whole, size_t rows, size_t columns) {
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
      if (whole.fetching > 0 && vectors == 4 && height >= LEAST_FETCHING) {
        whole.fetching--;
        for (size_t k = 0; k < RK_AHEAD; k++) whole.ahead[k] += whole.aheadTile;
        fetching_wide[height - LEAST_FETCHING](&t);
      } else {
        kernels[height - 1](&t);
      }
      row += height;
    }
    column += vectors * LANES;
  }
}

/// The columns beyond the last multiple of LANES, by way of a tile of their own.
static void multiply_last_columns(rk_tiles t, size_t rows, size_t columns) {
  enum { HEIGHT = 12 };
  float tile[HEIGHT * LANES], start[LANES] = {0};
  const float *a = t.a;
  float *c = t.c;
  size_t cRow = t.cRow;
  bool adds = t.accumulates || t.adds;
  if (t.start) memcpy(start, t.start, columns * sizeof(float));
  if (t.start) t.start = start;
  t.accumulates = t.adds = t.streams = false;
  t.c = tile;
  t.cRow = LANES;
  for (size_t row = 0; row < rows; row += HEIGHT) {
    size_t height = rk_min(HEIGHT, rows - row);
    t.a = a + row * t.aRow;
    multiply_whole_tiles(t, height, LANES);
    for (size_t r = 0; r < height; r++) {
      float *to = c + (row + r) * cRow;
      const float *from = tile + r * LANES;
      if (adds) for (size_t i = 0; i < columns; i++) to[i] += from[i];
      else for (size_t i = 0; i < columns; i++) to[i] = from[i];
    }
  }
}

void rk_multiply_tiles(rk_tiles whole, size_t rows, size_t columns) {
  size_t full = whole.packed ? columns / LANES * LANES : columns;
  multiply_whole_tiles(whole, rows, full);
  if (full == columns) return;
  whole.b += full * whole.steps;
  whole.c += full;
  if (whole.start) whole.start += full;
  multiply_last_columns(whole, rows, columns - full);
}

// MARK: - Products of any size

/// A block of b stays in the second-level cache: at most so many steps and columns.
#define BLOCK_STEPS ((size_t)256)
#define BLOCK_COLUMNS ((size_t)512)
/// The numbers of a part of a result that is written past the caches; there are four such parts.
#define LEAST_STREAMED ((size_t)1 << 19)
/// The numbers of a part of b that the second-level cache does not hold until the next product.
#define LEAST_FETCHED ((size_t)1 << 19)

/// Equal blocks, of which none is larger than `most`.
static size_t block_size(size_t length, size_t most, size_t unit) {
  size_t blocks = (length + most - 1) / most;
  return blocks == 0 ? 1 : ((length + blocks - 1) / blocks + unit - 1) / unit * unit;
}

/// Few rows of a block, all in one tile: b, which is read once, is read where it lies.
static void multiply_few_rows(rk_tiles t, size_t rows, size_t columns) {
  size_t width = (rows <= rows_in_registers(4) ? 4 : 2) * LANES;
  for (size_t column = 0; column < columns; column += width) {
    multiply_whole_tiles(t, rows, rk_min(width, columns - column));
    t.b += width;
    t.c += width;
  }
}

size_t rk_block_steps(size_t k) { return block_size(k, BLOCK_STEPS, 1); }

/// Fetches b's next steps while the tiles of these are multiplied, RK_AHEAD rows in a tile, where b comes from memory
/// and there are tiles enough. What lies behind b's end may be fetched too: nothing is read of it.
static void fetch_next_steps(rk_tiles *t, const rk_product_in_place *p, const float *b, size_t rows,
                             size_t steps, size_t columns) {
  enum { WIDTH = 4 * LANES };
  size_t most = rows_in_registers(4);
  if (most == 0 || p->bColumn != 1 || columns % WIDTH != 0 || p->n * p->k < LEAST_FETCHED) return;
  size_t tiles = (rows + most - 1) / most * (columns / WIDTH);
  if (RK_AHEAD * tiles < steps || columns > LANES * steps) return;
  t->fetching = (steps + RK_AHEAD - 1) / RK_AHEAD;
  for (size_t k = 0; k < RK_AHEAD; k++) t->ahead[k] = b + (steps + k) * p->bRow;
  t->aheadTile = RK_AHEAD * p->bRow;
  t->aheadStep = (columns + steps - 1) / steps;
}

/// A result that is written once, in one block of steps, and that is too large to be still in a cache when it is read.
static bool streams(const rk_product_in_place *p) {
  return p->k <= BLOCK_STEPS && !p->accumulates && p->m * p->n >= LEAST_STREAMED &&
         p->cRow % LANES == 0 && (uintptr_t)p->c % sizeof(lanes) == 0;
}

void rk_multiply_in_tiles(rk_product_in_place p) {
  size_t stepsAtOnce = rk_block_steps(p.k);
  bool streamed = streams(&p);
  size_t columnsAtOnce = block_size(p.n, BLOCK_COLUMNS, 64);
  size_t size = rk_packed_size(stepsAtOnce, rk_min(columnsAtOnce, p.n));
  bool isOnce = p.bColumn == 1 && p.m <= rows_in_registers(2);
  float *packed = rk_scratch("matmul", size);
  for (size_t column = 0; column < p.n; column += columnsAtOnce) {
    size_t columns = rk_min(columnsAtOnce, p.n - column);
    for (size_t step = 0; step < p.k || step == 0; step += stepsAtOnce) {
      size_t steps = rk_min(stepsAtOnce, p.k - step), done = isOnce ? columns / LANES * LANES : 0;
      const float *b = p.b + column * p.bColumn + step * p.bRow;
      rk_tiles t = {.a = p.a + step * p.aColumn, .aRow = p.aRow, .aStep = p.aColumn, .b = b,
                    .bStep = p.bRow, .outer = 1, .steps = steps, .c = p.c + column,
                    .cRow = p.cRow, .adds = p.accumulates || step > 0, .streams = streamed};
      multiply_few_rows(t, p.m, done);
      if (done == columns) continue;
      rk_pack_tiles(packed, b + done * p.bColumn, p.bRow, p.bColumn, steps, columns - done);
      t.b = packed;
      t.packed = true;
      t.c += done;
      if (step + steps < p.k && done == 0) fetch_next_steps(&t, &p, b, p.m, steps, columns);
      rk_multiply_tiles(t, p.m, columns - done);
    }
  }
  rk_release(packed, size);
  // such writes are in no order with others until told so
  if (streamed) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
