// Gradients as an optimiser reads them: numbers, or a product that is computed a band of rows at a time and used while
// the band is in the caches. The gradient of a wide layer's weights, 16 MB for 2048 × 2048, is then never written to
// memory and read from there, and what the step moves is fetched while the next band's tiles are multiplied.

#include "internal.h"

/// Rows of a band: the highest tile of four vectors, which is also what tiles fetch best.
#define BAND_ROWS ((size_t)6)
/// Rows of a part.
#define PART_ROWS (20 * BAND_ROWS)
/// The fewest numbers of a gradient, and its fewest rows. Of 2^20 numbers in 128 to 512 rows a step of Adam took 1.0 to
/// 1.4 times as long as by a gradient that is written; within these bounds it took 0.74 to 1.0 times as long.
#define LEAST_NUMBERS ((size_t)1 << 21)
#define LEAST_ROWS ((size_t)1024)
/// The most numbers of b in the order of the tiles: it stays in the second-level cache, and is read for each band.
#define MOST_BAND_FACTOR ((size_t)1 << 18)
/// The fewest steps: each fetches at most a line of the caches, 16 numbers, of the 64 · BAND_ROWS that a tile's are.
#define LEAST_STEPS (BAND_ROWS * 4)
/// Parts whose sums need no memory of their own.
#define FEW_PARTS 64

bool rk_gradient_may_wait(size_t m, size_t n, size_t k) {
  // in one block of steps, as a gradient that is written; whole tiles of four vectors, which fetch; and factors that are
  // no larger than the gradient, since they are kept as long as it waits
  return rk_tiles_are_fast() && m >= LEAST_ROWS && m * n >= LEAST_NUMBERS &&
         n % (4 * RK_LANES) == 0 && k >= LEAST_STEPS && rk_block_steps(k) == k && k <= n &&
         n * k <= MOST_BAND_FACTOR;
}

typedef struct {
  rk_gradient gradient;
  size_t count;
  const float *packedB;
  const rk_update *update;
  double *squares;
} update_job;

static void numbers_part(void *context, int part) {
  const update_job *j = context;
  size_t start = (size_t)part * RK_PART, end = rk_min(start + RK_PART, j->count);
  const float *gradient = j->gradient.numbers + start;
  j->squares[part] = rk_squares_of_run(gradient, end - start);
  j->update->move(j->update->job, gradient, start, end);
}

static void product_part(void *context, int part) {
  const update_job *j = context;
  rk_gradient g = j->gradient;
  float *band = rk_scratch("step", BAND_ROWS * g.n), *a = rk_scratch("step", BAND_ROWS * g.k);
  size_t width = rk_tile_columns();
  size_t first = (size_t)part * PART_ROWS, end = rk_min(first + PART_ROWS, g.m);
  double squares = 0;
  for (size_t row = first; row < end; row += BAND_ROWS) {
    size_t rows = rk_min(BAND_ROWS, end - row), start = row * g.n, count = rows * g.n;
    rk_gather_rows(a, g.a + row, g.m, rows, g.k);
    rk_tiles t = {.a = a, .aRow = 1, .aStep = rows, .b = j->packedB, .packed = true, .outer = 1,
                  .steps = g.k, .c = band, .cRow = g.n};
    if (row + BAND_ROWS < end) {
      t.fetching = g.n / width;
      t.aheadTile = BAND_ROWS * width;
      t.aheadStep = (t.aheadTile + g.k - 1) / g.k;
      for (size_t i = 0; i < RK_AHEAD; i++) {
        // where there are fewer arrays, the first again
        const float *array = j->update->arrays[i] ? j->update->arrays[i] : j->update->arrays[0];
        t.ahead[i] = array + start + BAND_ROWS * g.n;
      }
    }
    rk_multiply_tiles(t, rows, g.n);
    squares += rk_squares_of_run(band, count);
    j->update->move(j->update->job, band, start, start + count);
  }
  j->squares[part] = squares;
  rk_release(a, BAND_ROWS * g.k);
  rk_release(band, BAND_ROWS * g.n);
}

double rk_apply_gradient(rk_gradient gradient, size_t count, const rk_update *update) {
  rk_flush_denormals();
  bool waits = !gradient.numbers;
  // by the sizes alone, whatever the number of threads: so are the sums
  size_t parts = waits ? (gradient.m + PART_ROWS - 1) / PART_ROWS : (size_t)rk_parts(count);
  double few[FEW_PARTS];
  float *memory = parts > FEW_PARTS ? rk_scratch("step", 2 * parts) : NULL;
  update_job job = {gradient, count, NULL, update, memory ? (double *)(void *)memory : few};
  if (waits) {
    size_t packed = rk_packed_size(gradient.k, gradient.n);
    float *b = rk_scratch("step", packed);
    rk_note_product(true, false, gradient.m, gradient.n, gradient.k, 1);
    rk_pack_tiles(b, gradient.b, gradient.n, 1, gradient.k, gradient.n);
    job.packedB = b;
    rk_parallel((int)parts, product_part, &job);
    rk_release(b, packed);
  } else {
    rk_parallel((int)parts, numbers_part, &job);
  }
  double squares = 0;
  for (size_t part = 0; part < parts; part++) squares += job.squares[part];
  rk_release(memory, 2 * parts);
  return squares;
}
