// How near rows are, and the gradients. Sums, and what is made of them, are in double: nothing
// overflows on the way (the squares of 1e30 fit), and each result is rounded once.

#include "internal.h"
#include "lanes.h"

/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)

typedef struct {
  float *out, *gradA, *gradB;
  const float *a, *b, *upstream;
  double *distances;
  rk_angle *angles;
  size_t rows, width, perPart;
  double epsilon;
} distance_job;

// MARK: - ‖a − b + ε‖

RK_CLONES static double distance_of(const float *restrict a, const float *restrict b, size_t count,
                                    double epsilon) {
  doubles squares = {0}, more = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    doubles d = WIDEN(a + i) - WIDEN(b + i) + epsilon;
    doubles e = WIDEN(a + i + 8) - WIDEN(b + i + 8) + epsilon;
    squares += d * d;
    more += e * e;
  }
  for (; i + 8 <= count; i += 8) {
    doubles d = WIDEN(a + i) - WIDEN(b + i) + epsilon;
    squares += d * d;
  }
  squares += more;
  double rest = 0;
  for (; i < count; i++) {
    double d = (double)a[i] - (double)b[i] + epsilon;
    rest += d * d;
  }
  return sqrt(total(&squares) + rest);
}

static void distance_part(void *context, int part) {
  const distance_job *j = context;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->rows);
  for (size_t row = first; row < last; row++) {
    size_t at = row * j->width;
    j->distances[row] = distance_of(j->a + at, j->b + at, j->width, j->epsilon);
    j->out[row] = (float)j->distances[row];
  }
}

static void in_parts(distance_job job, void (*part)(void *, int)) {
  if (job.rows == 0) return;
  job.perPart = BLOCK / (job.width + 1) + 1;
  rk_parallel((int)((job.rows + job.perPart - 1) / job.perPart), part, &job);
}

void rk_pairwise_distance(float *out, double *distances, const float *a, const float *b,
                          size_t rows, size_t width, float epsilon) {
  in_parts((distance_job){.out = out, .distances = distances, .a = a, .b = b, .rows = rows,
                          .width = width, .epsilon = (double)epsilon},
           distance_part);
}

/// Either gradient may be NULL.
RK_CLONES static void distance_gradient(float *gradA, float *gradB, const float *a, const float *b,
                                        size_t count, double epsilon, double factor) {
  if (gradA) {
    RK_INDEPENDENT
    for (size_t i = 0; i < count; i++) {
      gradA[i] = (float)(factor * ((double)a[i] - (double)b[i] + epsilon));
    }
  }
  if (gradB) {
    RK_INDEPENDENT
    for (size_t i = 0; i < count; i++) {
      gradB[i] = (float)(-factor * ((double)a[i] - (double)b[i] + epsilon));
    }
  }
}

static void distance_gradient_part(void *context, int part) {
  const distance_job *j = context;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->rows);
  for (size_t row = first; row < last; row++) {
    size_t at = row * j->width;
    // the root has no slope at 0
    double distance = j->distances[row];
    double factor = distance == 0 ? 0 : (double)j->upstream[row] / distance;
    distance_gradient(j->gradA ? j->gradA + at : NULL, j->gradB ? j->gradB + at : NULL, j->a + at,
                      j->b + at, j->width, j->epsilon, factor);
  }
}

void rk_pairwise_distance_gradient(float *gradA, float *gradB, const float *a, const float *b,
                                   const double *distances, const float *upstream, size_t rows,
                                   size_t width, float epsilon) {
  in_parts((distance_job){.gradA = gradA, .gradB = gradB, .a = a, .b = b, .upstream = upstream,
                          .distances = (double *)distances, .rows = rows, .width = width,
                          .epsilon = (double)epsilon},
           distance_gradient_part);
}

// MARK: - a · b / (‖a‖ ‖b‖)

RK_CLONES static void products_of(double *sums, const float *restrict a, const float *restrict b,
                                  size_t count) {
  doubles ab = {0}, aa = {0}, bb = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    doubles x = WIDEN(a + i), y = WIDEN(b + i);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  sums[0] = total(&ab);
  sums[1] = total(&aa);
  sums[2] = total(&bb);
  for (; i < count; i++) {
    double x = (double)a[i], y = (double)b[i];
    sums[0] += x * y;
    sums[1] += x * x;
    sums[2] += y * y;
  }
}

static void cosine_part(void *context, int part) {
  const distance_job *j = context;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->rows);
  for (size_t row = first; row < last; row++) {
    double sums[3];
    products_of(sums, j->a + row * j->width, j->b + row * j->width, j->width);
    double lengthA = sqrt(sums[1]), lengthB = sqrt(sums[2]);
    // not `max`: a NaN stays one
    double boundA = lengthA < j->epsilon ? j->epsilon : lengthA;
    double boundB = lengthB < j->epsilon ? j->epsilon : lengthB;
    double cosine = sums[0] / (boundA * boundB);
    j->out[row] = (float)cosine;
    // a length below the bound does not matter, so it has no gradient; 0 · NaN stays NaN
    j->angles[row] = (rk_angle){
      .both = 1 / (boundA * boundB), .a = lengthA < j->epsilon ? 0 * cosine : -cosine / (lengthA * lengthA),
      .b = lengthB < j->epsilon ? 0 * cosine : -cosine / (lengthB * lengthB)};
  }
}

void rk_cosine_similarity(float *out, rk_angle *angles, const float *a, const float *b, size_t rows,
                          size_t width, float epsilon) {
  in_parts((distance_job){.out = out, .angles = angles, .a = a, .b = b, .rows = rows,
                          .width = width, .epsilon = (double)epsilon},
           cosine_part);
}

/// out = own · x + other · y
RK_CLONES static void combine(float *restrict out, const float *restrict x, double own,
                              const float *restrict y, double other, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)(own * (double)x[i] + other * (double)y[i]);
}

static void cosine_gradient_part(void *context, int part) {
  const distance_job *j = context;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->rows);
  for (size_t row = first; row < last; row++) {
    size_t at = row * j->width;
    rk_angle angle = j->angles[row];
    double g = (double)j->upstream[row];
    const float *a = j->a + at, *b = j->b + at;
    if (j->gradA) combine(j->gradA + at, a, g * angle.a, b, g * angle.both, j->width);
    if (j->gradB) combine(j->gradB + at, b, g * angle.b, a, g * angle.both, j->width);
  }
}

void rk_cosine_similarity_gradient(float *gradA, float *gradB, const float *a, const float *b,
                                   const rk_angle *angles, const float *upstream, size_t rows,
                                   size_t width) {
  in_parts((distance_job){.gradA = gradA, .gradB = gradB, .a = a, .b = b, .upstream = upstream,
                          .angles = (rk_angle *)angles, .rows = rows, .width = width},
           cosine_gradient_part);
}
