// Elements from positions along an axis, and their gradients back to them; elements moved round in a circle.

#include "internal.h"

/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)
/// Columns that one part adds up.
#define WIDTH ((size_t)256)
/// Sums that a part keeps in double.
#define KEPT ((size_t)1 << 18)
/// So many floats may be added one by one: their error stays below 2⁻¹⁸ of the sum.
#define FEW ((size_t)64)
/// So many positions are made whole numbers before the first is used, which is a fifth quicker.
#define AT_ONCE 128

static int parts_of(size_t count, size_t size) { return (int)((count + size - 1) / size); }

RK_CLONES static ptrdiff_t first_bad(const float *positions, size_t count, float last) {
  for (size_t start = 0; start < count; start += 1024) {
    size_t end = rk_min(start + 1024, count);
    int bad = 0;
    for (size_t i = start; i < end; i++) {
      float p = positions[i];
      bad |= !(p >= 0 && p <= last && truncf(p) == p);
    }
    if (!bad) continue;
    for (size_t i = start; i < end; i++) {
      float p = positions[i];
      if (!(p >= 0 && p <= last && truncf(p) == p)) return (ptrdiff_t)i;
    }
  }
  return -1;
}

ptrdiff_t rk_first_bad_position(const float *positions, size_t count, size_t size) {
  // the last position, or the largest float before it
  float last = size == 0 ? -1.0f : (float)(size - 1);
  if (size > 0 && (size_t)last > size - 1) last = nextafterf(last, 0.0f);
  return first_bad(positions, count, last);
}

typedef struct {
  float *out;
  const float *x, *positions;
  size_t outer, size, picks, inner;
  /// Rows, or blocks of columns, and how many a part has.
  size_t count, ofPart, width;
} gather_job;

RK_CLONES static void gather(const gather_job *j, size_t start, size_t end) {
  size_t inner = j->inner;
  if (inner == 1) {
    for (size_t i = start; i < end;) {
      size_t line = i / j->picks, stop = rk_min((line + 1) * j->picks, end);
      size_t count = rk_min(AT_ONCE, stop - i);
      const float *x = j->x + line * j->size;
      int64_t places[AT_ONCE];
      for (size_t k = 0; k < count; k++) places[k] = (int64_t)j->positions[i + k];
      for (size_t k = 0; k < count; k++) j->out[i + k] = x[places[k]];
      i += count;
    }
    return;
  }
  for (size_t row = start; row < end; row++) {
    const float *x = j->x + row / j->picks * j->size * inner;
    const float *positions = j->positions + row * inner;
    float *out = j->out + row * inner;
    for (size_t i = 0; i < inner; i++) out[i] = x[(size_t)(int64_t)positions[i] * inner + i];
  }
}

static void gather_part(void *context, int part) {
  const gather_job *j = context;
  size_t start = (size_t)part * j->ofPart;
  gather(j, start, rk_min(start + j->ofPart, j->count));
}

void rk_gather(float *out, const float *x, const float *positions, size_t outer, size_t size,
               size_t picks, size_t inner) {
  gather_job job = {.out = out, .x = x, .positions = positions, .outer = outer, .size = size,
                    .picks = picks, .inner = inner, .count = outer * picks,
                    .ofPart = inner < BLOCK ? BLOCK / (inner ? inner : 1) : 1};
  if (outer * picks * inner == 0) return;
  rk_parallel(parts_of(job.count, job.ofPart), gather_part, &job);
}

/// A line's sums in double.
RK_CLONES static void scatter_line(float *out, const float *upstream, const float *positions,
                                   size_t size, size_t picks, double *sums) {
  memset(sums, 0, size * sizeof(double));
  for (size_t start = 0; start < picks; start += AT_ONCE) {
    size_t count = rk_min(AT_ONCE, picks - start);
    int64_t places[AT_ONCE];
    double added[AT_ONCE];
    for (size_t i = 0; i < count; i++) places[i] = (int64_t)positions[start + i];
    for (size_t i = 0; i < count; i++) added[i] = (double)upstream[start + i];
    for (size_t i = 0; i < count; i++) sums[places[i]] += added[i];
  }
  for (size_t i = 0; i < size; i++) out[i] = (float)sums[i];
}

/// Adds a few columns of one outer place up, in the order in which they were picked.
RK_CLONES static void scatter_block(const gather_job *j, size_t outer, size_t first, size_t width,
                          double *sums) {
  size_t inner = j->inner;
  const float *upstream = j->x + outer * j->picks * inner + first;
  const float *positions = j->positions + outer * j->picks * inner + first;
  float *out = j->out + outer * j->size * inner + first;
  if (sums && inner == 1) return scatter_line(out, upstream, positions, j->size, j->picks, sums);
  if (sums) {
    memset(sums, 0, j->size * width * sizeof(double));
    for (size_t pick = 0; pick < j->picks; pick++) {
      for (size_t i = 0; i < width; i++) {
        size_t at = (size_t)(int64_t)positions[pick * inner + i] * width + i;
        sums[at] += (double)upstream[pick * inner + i];
      }
    }
    for (size_t row = 0; row < j->size; row++) {
      for (size_t i = 0; i < width; i++) out[row * inner + i] = (float)sums[row * width + i];
    }
    return;
  }
  if (width == inner) memset(out, 0, j->size * inner * sizeof(float));
  else for (size_t row = 0; row < j->size; row++) memset(out + row * inner, 0, width * sizeof(float));
  for (size_t pick = 0; pick < j->picks; pick++) {
    for (size_t i = 0; i < width; i++) {
      out[(size_t)(int64_t)positions[pick * inner + i] * inner + i] += upstream[pick * inner + i];
    }
  }
}

static void scatter_part(void *context, int part) {
  const gather_job *j = context;
  size_t start = (size_t)part * j->ofPart, end = rk_min(start + j->ofPart, j->count);
  size_t blocks = (j->inner + j->width - 1) / j->width;
  double *sums = NULL;
  float *scratch = NULL;
  size_t floats = 2 * j->size * j->width;
  if (j->picks > FEW) {
    scratch = rk_scratch("gather", floats);
    sums = (double *)(void *)scratch;
  }
  for (size_t block = start; block < end; block++) {
    size_t first = block % blocks * j->width;
    scatter_block(j, block / blocks, first, rk_min(j->width, j->inner - first), sums);
  }
  if (scratch) rk_release(scratch, floats);
}

void rk_scatter_add(float *out, const float *upstream, const float *positions, size_t outer,
                    size_t size, size_t picks, size_t inner) {
  if (outer * size * inner == 0) return;
  size_t width = rk_min(inner, WIDTH);
  if (picks > FEW && size * width > KEPT) width = size < KEPT ? KEPT / size : 1;
  size_t cost = (size + picks) * width;
  gather_job job = {.out = out, .x = upstream, .positions = positions, .outer = outer, .size = size,
                    .picks = picks, .inner = inner, .width = width,
                    .count = outer * ((inner + width - 1) / width),
                    .ofPart = cost < BLOCK ? BLOCK / cost : 1};
  rk_parallel(parts_of(job.count, job.ofPart), scatter_part, &job);
}

typedef struct {
  float *out;
  const float *x;
  size_t rows, size, inner, rowsOfOffset, ofPart;
  const int64_t *offsets;
  bool back;
} roll_job;

static void roll_part(void *context, int part) {
  const roll_job *j = context;
  size_t start = (size_t)part * j->ofPart, end = rk_min(start + j->ofPart, j->rows);
  size_t whole = j->size * j->inner;
  for (size_t row = start; row < end; row++) {
    size_t offset = (size_t)j->offsets[row / j->rowsOfOffset] * j->inner;
    if (j->back && offset > 0) offset = whole - offset;
    memcpy(j->out + row * whole + offset, j->x + row * whole, (whole - offset) * sizeof(float));
    memcpy(j->out + row * whole, j->x + row * whole + (whole - offset), offset * sizeof(float));
  }
}

void rk_roll(float *out, const float *x, size_t outer, size_t size, size_t inner,
             const int64_t *offsets, size_t count, bool back) {
  size_t whole = size * inner;
  if (outer * whole == 0) return;
  roll_job job = {out, x, outer, size, inner, outer / count,
                  whole < BLOCK ? BLOCK / whole : 1, offsets, back};
  rk_parallel(parts_of(outer, job.ofPart), roll_part, &job);
}
