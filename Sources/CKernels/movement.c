// Sums along an axis, and copies between layouts.

#include <stdlib.h>

#include "internal.h"

/// The sum of a run, in 16 lanes that are then added pairwise: fast, and more exact than one lane.
RK_CLONES static float sum_run(const float *restrict x, size_t count) {
  float lanes[16] = {0};
  size_t whole = count / 16 * 16;
  for (size_t i = 0; i < whole; i += 16) {
    for (size_t lane = 0; lane < 16; lane++) lanes[lane] += x[i + lane];
  }
  for (size_t i = whole; i < count; i++) lanes[i - whole] += x[i];
  for (size_t width = 8; width > 0; width /= 2) {
    for (size_t lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  }
  return lanes[0];
}

#define RUN 4096

static float sum_long_run(const float *x, size_t count) {
  if (count <= RUN) return sum_run(x, count);
  double total = 0;
  for (size_t start = 0; start < count; start += RUN) {
    total += sum_run(x + start, rk_min(RUN, count - start));
  }
  return (float)total;
}

/// The sums of `lanes` columns, in registers from the first row to the last.
static inline __attribute__((always_inline)) void add_columns(float *restrict out,
                                                              const float *restrict x, size_t rows,
                                                              size_t width, size_t lanes) {
  float sums[64];
  for (size_t lane = 0; lane < lanes; lane++) sums[lane] = x[lane];
  for (size_t row = 1; row < rows; row++) {
    for (size_t lane = 0; lane < lanes; lane++) sums[lane] += x[row * width + lane];
  }
  for (size_t lane = 0; lane < lanes; lane++) out[lane] = sums[lane];
}

RK_CLONES static void add_rows(float *restrict out, const float *restrict x, size_t rows,
                               size_t width) {
  size_t i = 0;
  for (; i + 64 <= width; i += 64) add_columns(out + i, x + i, rows, width, 64);
  for (; i + 16 <= width; i += 16) add_columns(out + i, x + i, rows, width, 16);
  if (i == width) return;
  // the rest together with columns that are done already: the same sums once more
  if (width >= 16) return add_columns(out + width - 16, x + width - 16, rows, width, 16);
  for (; i < width; i++) add_columns(out + i, x + i, rows, width, 1);
}

typedef struct {
  float *out;
  const float *x;
  size_t outer, reduced, inner, perPart;
} sum_axis_job;

static void sum_axis_part(void *context, int part) {
  sum_axis_job *job = context;
  size_t start = (size_t)part * job->perPart, end = rk_min(start + job->perPart, job->outer);
  for (size_t o = start; o < end; o++) {
    const float *from = job->x + o * job->reduced * job->inner;
    if (job->inner == 1) job->out[o] = sum_long_run(from, job->reduced);
    else add_rows(job->out + o * job->inner, from, job->reduced, job->inner);
  }
}

RK_CLONES void rk_add_row_sums(float *restrict out, const float *restrict x, size_t rows,
                               size_t width) {
  rk_flush_denormals();
  for (size_t row = 0; row < rows; row++) {
    const float *restrict from = x + row * width;
    for (size_t i = 0; i < width; i++) out[i] += from[i];
  }
}

void rk_sum_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner) {
  rk_flush_denormals();
  if (reduced == 0) {
    rk_fill(out, 0, outer * inner);
    return;
  }
  sum_axis_job job = {.out = out, .x = x, .outer = outer, .reduced = reduced, .inner = inner,
                      .perPart = 4 * RK_PART / (reduced * inner + 1) + 1};
  rk_parallel((int)((outer + job.perPart - 1) / job.perPart), sum_axis_part, &job);
}

RK_CLONES static void copy_run(float *restrict out, const float *restrict x, size_t count,
                               int64_t stride) {
  for (size_t i = 0; i < count; i++) out[i] = x[(int64_t)i * stride];
}

void rk_copy_strided(float *out, const float *x, int rank, const int64_t *dimensions,
                     const int64_t *strides) {
  int inner = rank - 1;
  size_t rows = 1, width = (size_t)dimensions[inner];
  for (int axis = 0; axis < inner; axis++) rows *= (size_t)dimensions[axis];
  if (rows * width == 0) return;
  int64_t few[16] = {0};
  int64_t *index = rank <= 16 ? few : calloc((size_t)rank, sizeof(int64_t));
  if (!index) abort();
  const float *from = x;
  for (size_t row = 0; row < rows; row++) {
    if (strides[inner] == 1) memcpy(out + row * width, from, width * sizeof(float));
    else copy_run(out + row * width, from, width, strides[inner]);
    for (int axis = inner - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < dimensions[axis]) break;
      from -= strides[axis] * dimensions[axis];
      index[axis] = 0;
    }
  }
  if (index != few) free(index);
}

void rk_copy_rows(float *out, size_t outStride, const float *x, size_t xStride, size_t rows,
                  size_t width, bool add) {
  rk_flush_denormals();
  for (size_t row = 0; row < rows; row++) {
    float *to = out + row * outStride;
    const float *from = x + row * xStride;
    if (!add) memcpy(to, from, width * sizeof(float));
    else for (size_t i = 0; i < width; i++) to[i] += from[i];
  }
}
