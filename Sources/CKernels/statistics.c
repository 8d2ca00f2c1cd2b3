// Variances and deviations along an axis, and their gradients.
//
// Σ d and Σ d² of the distances d from the group's first element are added up in double: of equal
// elements both are exactly 0, and S₂ − S₁² / n loses at the most the digits of n, of a double's
// sixteen (Chan, Golub and LeVeque 1983: the shifted data algorithm). Partial sums of one group
// share their origin, so they are just added. Error of a result: that of its rounding, 2⁻²⁴ of it,
// up to 10⁶ elements of any offset (measured against double).

#include "internal.h"
#include "lanes.h"

/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)
/// Columns of a block: the first-level cache holds their sums.
#define WIDTH ((size_t)512)

/// What distances are taken from: the first element, but 0 in place of an infinity, of which the
/// mean is infinite and not NaN.
RK_INLINE double origin_of(float first) { return isinf(first) ? 0.0 : (double)first; }

/// Σ d and Σ d² with d = x − from.
RK_CLONES static void add_run(double *sum, double *squares, const float *x, size_t count,
                              double from) {
  doubles s[2] = {{0}}, q[2] = {{0}};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (size_t k = 0; k < 2; k++) {
      doubles d = WIDEN(x + i + 8 * k) - from;
      s[k] += d;
      q[k] += d * d;
    }
  }
  doubles sums = s[0] + s[1], all = q[0] + q[1];
  double restS = 0, restQ = 0;
  for (; i < count; i++) {
    double d = (double)x[i] - from;
    restS += d;
    restQ += d * d;
  }
  *sum += total(&sums) + restS;
  *squares += total(&all) + restQ;
}

/// The same of neighbouring columns; `from` is the first row.
RK_CLONES static void add_columns(double *restrict sums, double *restrict squares, const float *x,
                                  const float *from, size_t rows, size_t stride, size_t columns) {
  // few rows at a time, so that memory is read in order
  size_t few = 2048 / columns + 8;
  for (; rows > 0; x += few * stride) {
    size_t now = rk_min(few, rows), c = 0;
    for (; c + 8 <= columns; c += 8) {
      doubles s = *(const loose_doubles *)(sums + c), q = *(const loose_doubles *)(squares + c);
      doubles origin;
      for (size_t k = 0; k < 8; k++) origin[k] = origin_of(from[c + k]);
      for (size_t r = 0; r < now; r++) {
        doubles d = WIDEN(x + r * stride + c) - origin;
        s += d;
        q += d * d;
      }
      *(loose_doubles *)(sums + c) = s;
      *(loose_doubles *)(squares + c) = q;
    }
    for (; c < columns; c++) {
      double s = sums[c], q = squares[c], origin = origin_of(from[c]);
      for (size_t r = 0; r < now; r++) {
        double d = (double)x[r * stride + c] - origin;
        s += d;
        q += d * d;
      }
      sums[c] = s;
      squares[c] = q;
    }
    rows -= now;
  }
}

typedef struct {
  float *out;
  rk_spread *groups;
  const float *x, *upstream;
  size_t outer, reduced, inner;
  /// Blocks of columns and of rows, and how many of them there are.
  size_t width, columnBlocks, height, rowBlocks;
  size_t tasks, tasksPerPart;
  double freedom;
  bool root;
  /// [2, rowBlocks, outer, inner]; NULL where there is one block of rows.
  double *partial;
} spread_job;

static void finish(const spread_job *j, size_t group, float from, double sum, double squares) {
  double n = (double)j->reduced, spread = squares - sum * sum / n;
  // not `max`: a NaN stays one
  double variance = (spread < 0 ? 0 : spread) / j->freedom;
  double mean = origin_of(from) + sum / n;
  if (!j->root) {
    j->out[group] = (float)variance;
    j->groups[group] = (rk_spread){mean, 2 / j->freedom};
    return;
  }
  double deviation = sqrt(variance);
  j->out[group] = (float)deviation;
  j->groups[group] = (rk_spread){mean, deviation == 0 ? 0 : 1 / (j->freedom * deviation)};
}

static void spread_part(void *context, int part) {
  const spread_job *j = context;
  size_t first = (size_t)part * j->tasksPerPart;
  size_t last = rk_min(first + j->tasksPerPart, j->tasks);
  double own[2 * WIDTH];
  size_t groups = j->outer * j->inner;
  for (size_t task = first; task < last; task++) {
    size_t o = task / (j->columnBlocks * j->rowBlocks), rest = task % (j->columnBlocks * j->rowBlocks);
    size_t column = rest / j->rowBlocks * j->width, block = rest % j->rowBlocks;
    size_t row = block * j->height;
    size_t columns = rk_min(j->width, j->inner - column), rows = rk_min(j->height, j->reduced - row);
    const float *start = j->x + o * j->reduced * j->inner + column, *x = start + row * j->inner;
    size_t to = o * j->inner + column;
    double *sums = own, *squares = own + WIDTH;
    if (j->partial) {
      sums = j->partial + block * groups + to;
      squares = sums + j->rowBlocks * groups;
    }
    memset(sums, 0, columns * sizeof(double));
    memset(squares, 0, columns * sizeof(double));
    if (j->inner == 1) add_run(sums, squares, x, rows, origin_of(*start));
    else add_columns(sums, squares, x, start, rows, j->inner, columns);
    if (j->partial) continue;
    for (size_t c = 0; c < columns; c++) finish(j, to + c, start[c], sums[c], squares[c]);
  }
}

/// Adds the partial sums of some groups in their order.
static void merge_part(void *context, int part) {
  const spread_job *j = context;
  size_t groups = j->outer * j->inner, first = (size_t)part * WIDTH;
  size_t last = rk_min(first + WIDTH, groups);
  const double *squares = j->partial + j->rowBlocks * groups;
  for (size_t g = first; g < last; g++) {
    double s = 0, q = 0;
    for (size_t block = 0; block < j->rowBlocks; block++) {
      s += j->partial[block * groups + g];
      q += squares[block * groups + g];
    }
    finish(j, g, j->x[g / j->inner * j->reduced * j->inner + g % j->inner], s, q);
  }
}

void rk_variance(float *out, rk_spread *groups, bool root, const float *x, size_t outer,
                 size_t reduced, size_t inner, double correction) {
  rk_flush_denormals();
  size_t count = outer * inner;
  if (count == 0) return;
  if (reduced == 0) {
    rk_fill(out, NAN, count);
    return;
  }
  double freedom = (double)reduced - correction;
  size_t width = rk_min(inner, WIDTH), height = rk_min(reduced, 2 * BLOCK / width + 64);
  size_t columnBlocks = (inner + width - 1) / width, rowBlocks = (reduced + height - 1) / height;
  spread_job job = {.out = out, .groups = groups, .x = x, .outer = outer, .reduced = reduced,
                    .inner = inner, .width = width, .columnBlocks = columnBlocks, .height = height,
                    .rowBlocks = rowBlocks, .tasks = outer * columnBlocks * rowBlocks,
                    .tasksPerPart = BLOCK / (width * height) + 1,
                    .freedom = freedom < 0 ? 0 : freedom, .root = root};
  size_t partial = 4 * rowBlocks * count;
  if (rowBlocks > 1) {
    job.partial = (double *)(void *)rk_scratch(root ? "standardDeviation" : "variance", partial);
  }
  rk_parallel((int)((job.tasks + job.tasksPerPart - 1) / job.tasksPerPart), spread_part, &job);
  if (!job.partial) return;
  rk_parallel((int)((count + WIDTH - 1) / WIDTH), merge_part, &job);
  rk_release((float *)(void *)job.partial, partial);
}

// MARK: - Gradient

RK_CLONES static void gradient_of_row(float *restrict out, const float *restrict x, size_t count,
                                      double mean, double factor) {
  for (size_t i = 0; i < count; i++) out[i] = (float)(factor * ((double)x[i] - mean));
}

RK_CLONES static void gradient_of_columns(float *restrict out, const float *restrict x,
                                          const double *restrict mean,
                                          const double *restrict factor, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)(factor[i] * ((double)x[i] - mean[i]));
}

static void gradient_part(void *context, int part) {
  const spread_job *j = context;
  size_t first = (size_t)part * j->tasksPerPart;
  size_t last = rk_min(first + j->tasksPerPart, j->tasks);
  double mean[WIDTH], factor[WIDTH];
  for (size_t task = first; task < last; task++) {
    size_t o = task / (j->columnBlocks * j->rowBlocks), rest = task % (j->columnBlocks * j->rowBlocks);
    size_t column = rest / j->rowBlocks * j->width, row = rest % j->rowBlocks * j->height;
    size_t columns = rk_min(j->width, j->inner - column), rows = rk_min(j->height, j->reduced - row);
    size_t at = (o * j->reduced + row) * j->inner + column, group = o * j->inner + column;
    for (size_t c = 0; c < columns; c++) {
      mean[c] = j->groups[group + c].mean;
      factor[c] = (double)j->upstream[group + c] * j->groups[group + c].slope;
    }
    if (j->inner == 1) {
      gradient_of_row(j->out + at, j->x + at, rows, mean[0], factor[0]);
      continue;
    }
    for (size_t r = 0; r < rows; r++, at += j->inner) {
      gradient_of_columns(j->out + at, j->x + at, mean, factor, columns);
    }
  }
}

void rk_variance_gradient(float *gradX, const float *x, const rk_spread *groups,
                          const float *upstream, size_t outer, size_t reduced, size_t inner) {
  if (outer * reduced * inner == 0) return;
  size_t width = rk_min(inner, WIDTH), height = rk_min(reduced, BLOCK / width + 8);
  size_t columnBlocks = (inner + width - 1) / width, rowBlocks = (reduced + height - 1) / height;
  spread_job job = {.out = gradX, .groups = (rk_spread *)groups, .x = x, .upstream = upstream,
                    .outer = outer, .reduced = reduced, .inner = inner, .width = width,
                    .columnBlocks = columnBlocks, .height = height, .rowBlocks = rowBlocks,
                    .tasks = outer * columnBlocks * rowBlocks,
                    .tasksPerPart = BLOCK / (width * height) + 1};
  rk_parallel((int)((job.tasks + job.tasksPerPart - 1) / job.tasksPerPart), gradient_part, &job);
}
