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

// In registers are only those numbers whose places the compiler knows: loops over them are written out.
#if defined(__clang__)
#define WRITTEN_OUT _Pragma("clang loop unroll(full)")
/// A tile of sixteen registers leaves the processor little time for counting.
#define TWO_AT_ONCE _Pragma("clang loop unroll_count(2)")
#else
#define WRITTEN_OUT _Pragma("GCC unroll 16")
#define TWO_AT_ONCE _Pragma("GCC unroll 2")
#endif
#define EACH_VECTOR(vectors) WRITTEN_OUT for (size_t v = 0; v < vectors; v++)
#define EACH_SUM(rows, vectors) WRITTEN_OUT for (size_t r = 0; r < rows; r++) EACH_VECTOR(vectors)
#define THREE_ROWS(rows) WRITTEN_OUT for (size_t r = 0; r < rows; r += 3)

/// One tile: rows of a from `a0`, columns of b from `b0`, results at `c`; `start` is what each row starts from.
///
/// Each pointer into a serves three rows, its own and those at once and twice the distance, which an instruction
/// can address. The compiler is kept from finding that the pointers are related: it would compute the address of each
/// row from that of the row before, which takes as long as the multiplications.
#define TILE(rows, vectors) TILE_OF(rows, vectors, tile_##rows##x##vectors, false)
#define FETCHING_TILE(rows, vectors) TILE_OF(rows, vectors, fetching_##rows##x##vectors, true)
#define TILE_OF(rows, vectors, name, fetching)                                                  \
  RK_CLONES static void name(const rk_tiles *t, const float *a0, const float *b0, size_t bStep, \
                             float *c, const float *start) {                                    \
    size_t aRow = t->aRow, aStep = t->aStep, steps = t->steps, cRow = t->cRow;                  \
    lanes sum[rows][vectors] = {0};                                                             \
    if (start) EACH_SUM(rows, vectors) sum[r][v] = *(const unaligned_lanes *)(start + v * LANES); \
    if (t->accumulates) {                                                                       \
      EACH_SUM(rows, vectors) sum[r][v] = *(const unaligned_lanes *)(c + r * cRow + v * LANES); \
    }                                                                                           \
    const float *ahead[RK_AHEAD];                                                               \
    for (size_t k = 0; k < RK_AHEAD; k++) ahead[k] = t->ahead[k];                               \
    for (size_t i = 0; i < t->outer; i++) {                                                     \
      const float *a[(rows + 2) / 3], *b = b0 + i * t->bOuter;                                  \
      THREE_ROWS(rows) a[r / 3] = a0 + i * t->aOuter + r * aRow;                                \
      TWO_AT_ONCE for (size_t j = 0; j < steps; j++, b += bStep) {                              \
        if (fetching) {                                                                         \
          for (size_t k = 0; k < RK_AHEAD; k++) {                                               \
            __builtin_prefetch(ahead[k], 0, 2);                                                 \
            ahead[k] += t->aheadStep;                                                           \
          }                                                                                     \
        }                                                                                       \
        lanes factor[vectors];                                                                  \
        EACH_VECTOR(vectors) factor[v] = *(const unaligned_lanes *)(b + v * LANES);             \
        EACH_SUM(rows, vectors) sum[r][v] += a[r / 3][r % 3 * aRow] * factor[v];                \
        THREE_ROWS(rows) {                                                                      \
          a[r / 3] += aStep;                                                                    \
          __asm__("" : "+r"(a[r / 3]));                                                         \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
    /* loops of their own: with a choice inside, the sums would lie in memory */                \
    if (t->adds) {                                                                              \
      EACH_SUM(rows, vectors) sum[r][v] += *(const unaligned_lanes *)(c + r * cRow + v * LANES); \
    }                                                                                           \
    if (t->streams) {                                                                           \
      EACH_SUM(rows, vectors) STREAM(sum[r][v], (lanes *)(c + r * cRow + v * LANES));           \
      return;                                                                                   \
    }                                                                                           \
    EACH_SUM(rows, vectors) *(unaligned_lanes *)(c + r * cRow + v * LANES) = sum[r][v];         \
  }

TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1)
TILE(7, 1) TILE(8, 1) TILE(9, 1) TILE(10, 1) TILE(11, 1) TILE(12, 1)
TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2)
TILE(7, 2) TILE(8, 2) TILE(9, 2) TILE(10, 2) TILE(11, 2) TILE(12, 2)
TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4)
FETCHING_TILE(4, 4) FETCHING_TILE(5, 4) FETCHING_TILE(6, 4)

typedef void (*tile_kernel)(const rk_tiles *, const float *a, const float *b, size_t bStep,
                            float *c, const float *start);
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
size_t rk_tile_columns(void) { return (rk_tiles_are_wide() ? 4 : 1) * LANES; }

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

/// Panels from rows, each row read from end to end: the processor foresees long runs better.
static inline __attribute__((always_inline)) void pack_runs(float *restrict packed,
                                                            const float *restrict b, size_t row,
                                                            size_t steps, size_t columns,
                                                            size_t width) {
  for (size_t j = 0; j < steps; j++) {
    const float *from = b + j * row;
    float *to = packed + j * width;
    for (size_t start = 0; start < columns; start += width, from += width, to += steps * width) {
      for (size_t i = 0; i < width; i += LANES) {
        *(unaligned_lanes *)(to + i) = *(const unaligned_lanes *)(from + i);
      }
    }
  }
}

RK_CLONES static void pack_rows_wide(float *packed, const float *b, size_t row, size_t steps,
                                     size_t columns) {
  pack_runs(packed, b, row, steps, columns, 4 * LANES);
}

RK_CLONES static void pack_rows_narrow(float *packed, const float *b, size_t row, size_t steps,
                                       size_t columns) {
  pack_runs(packed, b, row, steps, columns, LANES);
}

void rk_pack_tiles(float *packed, const float *b, size_t row, size_t column, size_t steps,
                   size_t columns) {
  if (column == 1 && columns % rk_tile_columns() == 0) {
    (rk_tiles_are_wide() ? pack_rows_wide : pack_rows_narrow)(packed, b, row, steps, columns);
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

static void fetch_at_once(const rk_tiles *t) {
  for (size_t i = 0; i < t->aheadTile; i += LANES) {
    for (size_t k = 0; k < RK_AHEAD; k++) __builtin_prefetch(t->ahead[k] + i, 0, 2);
  }
}

/// The whole product, cut into tiles; `columns` is a multiple of LANES. Where tiles fetch, `t` tells afterwards how many
/// are left to, and from where.
///
/// A tile gets what is its own as arguments: of a copy of `t`, the processor would wait for what was just written.
static void multiply_whole_tiles(rk_tiles *t, size_t rows, size_t columns) {
  for (size_t column = 0; column < columns;) {
    size_t vectors = vectors_from(column, columns);
    // as many tiles as needed, all about equally high
    size_t most = rows_in_registers(vectors), tiles = (rows + most - 1) / most;
    const tile_kernel *kernels = vectors == 4 ? wide : (vectors == 2 ? middle : narrow);
    const float *b = t->b + (t->packed ? column * t->steps : column);
    size_t bStep = t->packed ? vectors * LANES : t->bStep;
    const float *start = t->start ? t->start + column : NULL;
    for (size_t row = 0; row < rows; tiles--) {
      size_t height = (rows - row + tiles - 1) / tiles;
      const float *a = t->a + row * t->aRow;
      float *c = t->c + row * t->cRow + column;
      bool fetches = t->fetching > 0 && vectors * LANES == rk_tile_columns() && height >= LEAST_FETCHING;
      if (fetches && vectors == 1) fetch_at_once(t);
      if (fetches && vectors == 4) {
        fetching_wide[height - LEAST_FETCHING](t, a, b, bStep, c, start);
      } else {
        kernels[height - 1](t, a, b, bStep, c, start);
      }
      if (fetches) {
        t->fetching--;
        for (size_t k = 0; k < RK_AHEAD; k++) t->ahead[k] += t->aheadTile;
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
    multiply_whole_tiles(&t, height, LANES);
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
  multiply_whole_tiles(&whole, rows, full);
  if (full == columns) return;
  whole.b += full * whole.steps;
  whole.c += full;
  if (whole.start) whole.start += full;
  multiply_last_columns(whole, rows, columns - full);
}

// MARK: - Products of any size

/// A block of b stays in the second-level cache: at most so many steps and columns. Processors with narrow registers have
/// caches half as large, at best.
#define BLOCK_STEPS ((size_t)256)
#define BLOCK_COLUMNS ((size_t)(rk_tiles_are_wide() ? 512 : 256))
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
    multiply_whole_tiles(&t, rows, rk_min(width, columns - column));
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

/// The rows of a transposed a that are gathered at once: they stay in the second-level cache.
#define ROWS_AT_ONCE ((size_t)96)
/// The most numbers of a transposed a, all of its columns, that are read where they lie.
#define MOST_IN_PLACE ((size_t)1 << 16)

/// Whether steps of a lie so far apart that they take each other's place in the first-level cache, and each serves so few
/// columns of a tile that the tile waits for them.
static bool gathering_pays(const rk_product_in_place *p) {
  return p->aRow == 1 && p->aColumn != 1 && p->aColumn * p->k > MOST_IN_PLACE && !rk_tiles_are_wide();
}

void rk_gather_rows(float *to, const float *a, size_t column, size_t rows, size_t steps) {
  for (size_t step = 0; step < steps; step++) {
    memcpy(to + step * rows, a + step * column, rows * sizeof(float));
  }
}

/// All rows of a transposed a, whose numbers of a step are gathered first.
static void multiply_gathered_rows(rk_tiles t, size_t column, float *gathered, size_t rows,
                                   size_t columns) {
  const float *a = t.a;
  t.a = gathered;
  for (size_t row = 0; row < rows; row += ROWS_AT_ONCE) {
    size_t height = rk_min(ROWS_AT_ONCE, rows - row);
    rk_gather_rows(gathered, a + row, column, height, t.steps);
    t.aStep = height;
    rk_multiply_tiles(t, height, columns);
    t.c += height * t.cRow;
  }
}

void rk_multiply_in_tiles(rk_product_in_place p) {
  size_t stepsAtOnce = rk_block_steps(p.k);
  bool streamed = streams(&p);
  size_t columnsAtOnce = block_size(p.n, BLOCK_COLUMNS, 64);
  size_t size = rk_packed_size(stepsAtOnce, rk_min(columnsAtOnce, p.n));
  bool isOnce = p.bColumn == 1 && p.m <= rows_in_registers(2);
  float *packed = rk_scratch("matmul", size);
  float *gathered =
      gathering_pays(&p) ? rk_scratch("matmul", ROWS_AT_ONCE * stepsAtOnce) : NULL;
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
      if (gathered) {
        multiply_gathered_rows(t, p.aColumn, gathered, p.m, columns - done);
      } else {
        rk_multiply_tiles(t, p.m, columns - done);
      }
    }
  }
  if (gathered) rk_release(gathered, ROWS_AT_ONCE * stepsAtOnce);
  rk_release(packed, size);
  // such writes are in no order with others until told so
  if (streamed) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
