// Sums along axes, running sums and lengths.
//
// Long sums are added up in double and rounded once, so that their error does not grow with their
// length. Four neighbours each are added in float before that, in two pairs, since converting is the
// slowest step: of numbers of one sign that costs 2⁻²³ of the sum at the worst.

#include <stdlib.h>

#include "internal.h"
#include "lanes.h"

typedef int32_t masks __attribute__((vector_size(32), aligned(4)));

typedef float wide_floats __attribute__((vector_size(64), aligned(4)));

/// Columns whose sums are added up at once: four vectors in registers.
#define COLUMNS ((size_t)32)
/// Elements that are worth a part of their own.
#define BLOCK ((size_t)65536)
/// Columns of a block: their sums fill half of the first-level cache.
#define WIDTH ((size_t)2048)
/// Rows of a block, so that partial sums stay few.
#define HEIGHT ((size_t)256)

/// (a + b) + (c + d) of four vectors of sixteen floats, `step` apart.
#define WIDE(pointer) (*(const wide_floats *)(pointer))
#define ADD_FOUR(x, step) \
  ((WIDE(x) + WIDE((x) + (step))) + (WIDE((x) + 2 * (step)) + WIDE((x) + 3 * (step))))
#define LOWER(v) \
  __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), doubles)
#define UPPER(v) \
  __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), doubles)

RK_INLINE double sum_run(const float *x, size_t count) {
  doubles a = {0}, b = {0}, c = {0}, d = {0};
  size_t i = 0;
  for (; i + 128 <= count; i += 128) {
    wide_floats first = ADD_FOUR(x + i, 16), second = ADD_FOUR(x + i + 64, 16);
    a += LOWER(first);
    b += UPPER(first);
    c += LOWER(second);
    d += UPPER(second);
  }
  for (; i + 8 <= count; i += 8) a += WIDEN(x + i);
  doubles all = (a + b) + (c + d);
  double rest = 0;
  for (; i < count; i++) rest += (double)x[i];
  return total(&all) + rest;
}

RK_CLONES double rk_sum_run(const float *x, size_t count) { return sum_run(x, count); }

/// The sums of eight rows of at least eight elements, each row in lanes that are added up together
/// at the end.
RK_INLINE void sum_eight_rows(double *sums, const float *x, size_t count) {
  doubles v[8] = {{0}};
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    for (size_t r = 0; r < 8; r++) {
      wide_floats sum = ADD_FOUR(x + r * count + i, 16);
      v[r] += LOWER(sum) + UPPER(sum);
    }
  }
  for (; i + 8 <= count; i += 8) {
    for (size_t r = 0; r < 8; r++) v[r] += WIDEN(x + r * count + i);
  }
  if (i < count) {
    // the last eight once more, without those that were added already
    masks keep;
    for (size_t lane = 0; lane < 8; lane++) keep[lane] = lane >= 8 - (count - i) ? -1 : 0;
    for (size_t r = 0; r < 8; r++) {
      masks bits = *(const masks *)(x + r * count + count - 8) & keep;
      floats last;
      memcpy(&last, &bits, sizeof last);
      v[r] += __builtin_convertvector(last, doubles);
    }
  }
  doubles all;
  add_lanes(&all, v);
  *(loose_doubles *)sums += all;
}

/// sums[r] += Σ_i x[r, i]
RK_CLONES static void add_rows(double *sums, const float *x, size_t rows, size_t count) {
  size_t r = 0;
  if (count >= 8 && count <= 512) {
    for (; r + 8 <= rows; r += 8) sum_eight_rows(sums + r, x + r * count, count);
  }
  for (; r < rows; r++) sums[r] += sum_run(x + r * count, count);
}

/// sums[i] += Σ_r x[r · stride + i], for 32 columns.
RK_INLINE void add_wide(double *sums, const float *x, size_t rows, size_t stride) {
  doubles v[4];
  for (size_t k = 0; k < 4; k++) v[k] = *(const loose_doubles *)(sums + 8 * k);
  size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    wide_floats first = ADD_FOUR(x + r * stride, stride);
    wide_floats second = ADD_FOUR(x + r * stride + 16, stride);
    v[0] += LOWER(first);
    v[1] += UPPER(first);
    v[2] += LOWER(second);
    v[3] += UPPER(second);
  }
  for (; r < rows; r++) {
    for (size_t k = 0; k < 4; k++) v[k] += WIDEN(x + r * stride + 8 * k);
  }
  for (size_t k = 0; k < 4; k++) *(loose_doubles *)(sums + 8 * k) = v[k];
}

RK_INLINE void add_narrow(double *sums, const float *x, size_t rows, size_t stride) {
  doubles v = *(const loose_doubles *)sums;
  for (size_t r = 0; r < rows; r++) v += WIDEN(x + r * stride);
  *(loose_doubles *)sums = v;
}

RK_INLINE void add_few_columns(double *sums, const float *x, size_t rows, size_t stride,
                            size_t columns) {
  size_t i = 0;
  for (; i + COLUMNS <= columns; i += COLUMNS) add_wide(sums + i, x + i, rows, stride);
  for (; i + 8 <= columns; i += 8) add_narrow(sums + i, x + i, rows, stride);
  for (; i < columns; i++) {
    double sum = sums[i];
    for (size_t r = 0; r < rows; r++) sum += (double)x[r * stride + i];
    sums[i] = sum;
  }
}

/// sums[i] += Σ_r x[r · stride + i]
RK_CLONES static void add_columns(double *sums, const float *x, size_t rows, size_t stride,
                                  size_t columns) {
  if (columns < COLUMNS && columns == stride && rows >= 2 * COLUMNS) {
    // 32 short rows make one row of whole vectors, whose sums are then folded
    double folded[COLUMNS * COLUMNS] = {0};
    size_t together = rows / COLUMNS, width = COLUMNS * columns;
    for (size_t i = 0; i < width; i += COLUMNS) add_wide(folded + i, x + i, together, width);
    for (size_t k = 0; k < COLUMNS; k++) {
      for (size_t i = 0; i < columns; i++) sums[i] += folded[k * columns + i];
    }
    x += together * width;
    rows -= together * COLUMNS;
  }
  // rows that the nearest cache holds, so that memory is read in order
  size_t few = BLOCK / 8 / columns + 8;
  for (; rows > few; rows -= few, x += few * stride) {
    add_few_columns(sums, x, few, stride, columns);
  }
  add_few_columns(sums, x, rows, stride, columns);
}

// MARK: - Along one axis

typedef struct {
  float *out;
  const float *x;
  size_t outer, reduced, inner;
  /// Blocks of columns and of rows, and how many of them there are.
  size_t width, columnBlocks, height, rowBlocks;
  size_t tasks, tasksPerPart;
  double divisor;
  bool adds;
  /// [rowBlocks, outer, inner]; NULL where there is one block of rows.
  double *partial;
} sum_job;

RK_CLONES static void finish(float *restrict out, const double *restrict sums, size_t count,
                             double divisor, bool adds) {
  if (adds) for (size_t i = 0; i < count; i++) out[i] = (float)((double)out[i] + sums[i]);
  else if (divisor == 1) for (size_t i = 0; i < count; i++) out[i] = (float)sums[i];
  else for (size_t i = 0; i < count; i++) out[i] = (float)(sums[i] / divisor);
}

/// The sums of neighbouring rows of one block each.
static void sum_rows(const sum_job *j, size_t first, size_t last) {
  double sums[256];
  for (size_t row = first; row < last; row += 256) {
    size_t rows = rk_min(256, last - row);
    memset(sums, 0, rows * sizeof(double));
    add_rows(sums, j->x + row * j->reduced, rows, j->reduced);
    finish(j->out + row, sums, rows, j->divisor, j->adds);
  }
}

static void sum_part(void *context, int part) {
  const sum_job *j = context;
  size_t first = (size_t)part * j->tasksPerPart;
  size_t last = rk_min(first + j->tasksPerPart, j->tasks);
  if (j->inner == 1 && !j->partial) return sum_rows(j, first, last);
  double own[WIDTH];
  for (size_t task = first; task < last; task++) {
    size_t o = task / (j->columnBlocks * j->rowBlocks), rest = task % (j->columnBlocks * j->rowBlocks);
    size_t column = rest / j->rowBlocks * j->width, block = rest % j->rowBlocks;
    size_t row = block * j->height;
    size_t columns = rk_min(j->width, j->inner - column);
    size_t rows = rk_min(j->height, j->reduced - row);
    const float *from = j->x + (o * j->reduced + row) * j->inner + column;
    size_t to = o * j->inner + column;
    double *sums = j->partial ? j->partial + block * j->outer * j->inner + to : own;
    memset(sums, 0, columns * sizeof(double));
    if (j->inner == 1) sums[0] = rk_sum_run(from, rows);
    else add_columns(sums, from, rows, j->inner, columns);
    if (!j->partial) finish(j->out + to, sums, columns, j->divisor, j->adds);
  }
}

static double *allocate_doubles(size_t count) {
  double *buffer = (double *)(void *)rk_scratch("sum", 2 * count);
  return buffer;
}

static void release_doubles(double *buffer, size_t count) {
  rk_release((float *)(void *)buffer, 2 * count);
}

RK_CLONES static void add_doubles(double *restrict sums, const double *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += x[i];
}

/// Adds the partial sums to the first of them, in their order.
static void add_partial_sums(double *partial, size_t blocks, size_t count) {
  for (size_t block = 1; block < blocks; block++) {
    add_doubles(partial, partial + block * count, count);
  }
}

static void sum_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner,
                     double divisor, bool adds) {
  rk_flush_denormals();
  if (outer * inner == 0) return;
  if (reduced == 0) {
    if (!adds) rk_fill(out, (float)(0 / divisor), outer * inner);
    return;
  }
  size_t width = rk_min(inner, WIDTH), height = rk_min(reduced, BLOCK / width + HEIGHT);
  size_t columnBlocks = (inner + width - 1) / width, rowBlocks = (reduced + height - 1) / height;
  sum_job job = {.out = out, .x = x, .outer = outer, .reduced = reduced, .inner = inner,
                 .width = width, .columnBlocks = columnBlocks, .height = height,
                 .rowBlocks = rowBlocks, .tasks = outer * columnBlocks * rowBlocks,
                 .tasksPerPart = BLOCK / (width * height) + 1, .divisor = divisor, .adds = adds};
  size_t count = outer * inner;
  if (rowBlocks > 1) job.partial = allocate_doubles(rowBlocks * count);
  rk_parallel((int)((job.tasks + job.tasksPerPart - 1) / job.tasksPerPart), sum_part, &job);
  if (!job.partial) return;
  add_partial_sums(job.partial, rowBlocks, count);
  finish(out, job.partial, count, divisor, adds);
  release_doubles(job.partial, rowBlocks * count);
}

void rk_sum_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner) {
  sum_axis(out, x, outer, reduced, inner, 1, false);
}

void rk_mean_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner) {
  sum_axis(out, x, outer, reduced, inner, (double)reduced, false);
}

void rk_add_row_sums(float *out, const float *x, size_t rows, size_t width) {
  sum_axis(out, x, 1, rows, width, 1, true);
}

// MARK: - Rows of several buffers

typedef struct {
  const rk_rows *buffers;
  size_t width;
  double *partial;
} row_sums_job;

static void row_sums_part(void *context, int part) {
  const row_sums_job *j = context;
  double *sums = j->partial + (size_t)part * j->width;
  memset(sums, 0, j->width * sizeof(double));
  add_columns(sums, j->buffers[part].x, j->buffers[part].rows, j->width, j->width);
}

void rk_add_sums_of_rows(float *out, const rk_rows *buffers, size_t count, size_t width) {
  if (count == 1) return rk_add_row_sums(out, buffers[0].x, buffers[0].rows, width);
  if (width == 0 || count == 0) return;
  row_sums_job job = {buffers, width, allocate_doubles(count * width)};
  rk_parallel((int)count, row_sums_part, &job);
  add_partial_sums(job.partial, count, width);
  finish(out, job.partial, width, 1, true);
  release_doubles(job.partial, count * width);
}

// MARK: - Running sums

typedef struct {
  float *out;
  const float *x;
  size_t outer, size, inner, columns, columnBlocks;
  bool backwards;
} running_job;

/// Eight rows at once: each sum waits for the one before.
RK_CLONES static void run_along_rows(float *restrict out, const float *restrict x, size_t rows,
                                     size_t size, bool backwards) {
  size_t r = 0;
  for (; r + 8 <= rows; r += 8) {
    double sums[8] = {0};
    for (size_t step = 0; step < size; step++) {
      size_t at = r * size + (backwards ? size - 1 - step : step);
      for (size_t k = 0; k < 8; k++) {
        sums[k] += (double)x[at + k * size];
        out[at + k * size] = (float)sums[k];
      }
    }
  }
  for (; r < rows; r++) {
    double sum = 0;
    for (size_t step = 0; step < size; step++) {
      size_t at = r * size + (backwards ? size - 1 - step : step);
      sum += (double)x[at];
      out[at] = (float)sum;
    }
  }
}

RK_CLONES static void run_along_columns(float *restrict out, const float *restrict x, size_t size,
                                        size_t inner, size_t columns, bool backwards) {
  double sums[256] = {0};
  for (size_t step = 0; step < size; step++) {
    size_t at = (backwards ? size - 1 - step : step) * inner;
    for (size_t i = 0; i < columns; i++) {
      sums[i] += (double)x[at + i];
      out[at + i] = (float)sums[i];
    }
  }
}

static void running_part(void *context, int part) {
  const running_job *j = context;
  if (j->inner == 1) {
    size_t first = (size_t)part * j->columns, rows = rk_min(j->columns, j->outer - first);
    run_along_rows(j->out + first * j->size, j->x + first * j->size, rows, j->size, j->backwards);
    return;
  }
  size_t column = (size_t)part % j->columnBlocks * j->columns;
  size_t at = (size_t)part / j->columnBlocks * j->size * j->inner + column;
  run_along_columns(j->out + at, j->x + at, j->size, j->inner, rk_min(j->columns, j->inner - column),
                    j->backwards);
}

void rk_running_sums(float *out, const float *x, size_t outer, size_t size, size_t inner,
                     bool backwards) {
  if (outer * size * inner == 0) return;
  running_job job = {out, x, outer, size, inner, 0, 1, backwards};
  if (inner == 1) {
    job.columns = (BLOCK / 2 / size + 8) / 8 * 8;
    rk_parallel((int)((outer + job.columns - 1) / job.columns), running_part, &job);
  } else {
    job.columns = rk_min(inner, 256);
    job.columnBlocks = (inner + job.columns - 1) / job.columns;
    rk_parallel((int)(outer * job.columnBlocks), running_part, &job);
  }
}

// MARK: - Lengths

typedef struct {
  const float *x;
  size_t count;
  double *partial;
} squares_job;

/// Numbers, of which 16 are a line of the caches.
#define AHEAD 1024

RK_CLONES double rk_squares_of_run(const float *x, size_t count) {
  doubles v[4] = {{0}};
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    // one run is foreseen less far than memory is away
    __builtin_prefetch(x + i + AHEAD);
    __builtin_prefetch(x + i + AHEAD + 16);
    for (size_t k = 0; k < 4; k++) {
      doubles value = WIDEN(x + i + 8 * k);
      v[k] += value * value;
    }
  }
  doubles all = (v[0] + v[1]) + (v[2] + v[3]);
  double rest = 0;
  for (; i < count; i++) rest += (double)x[i] * (double)x[i];
  return total(&all) + rest;
}

static void squares_part(void *context, int part) {
  const squares_job *j = context;
  size_t first = (size_t)part * BLOCK;
  j->partial[part] = rk_squares_of_run(j->x + first, rk_min(BLOCK, j->count - first));
}

double rk_sum_of_squares(const float *x, size_t count) {
  rk_flush_denormals();
  if (count <= BLOCK) return rk_squares_of_run(x, count);
  size_t parts = (count + BLOCK - 1) / BLOCK;
  squares_job job = {x, count, allocate_doubles(parts)};
  rk_parallel((int)parts, squares_part, &job);
  add_partial_sums(job.partial, parts, 1);
  double sum = job.partial[0];
  release_doubles(job.partial, parts);
  return sum;
}
