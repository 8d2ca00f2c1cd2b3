// Products of the elements along an axis, multiplied in double and rounded once.

#include "internal.h"
#include "lanes.h"

/// Columns whose products are kept at once, in a quarter of the first-level cache.
#define WIDTH ((size_t)1024)
/// Partial products of a block of columns.
#define KEPT ((size_t)1 << 18)
/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)

RK_INLINE double product_of_run(const float *x, size_t count) {
  doubles a = {1, 1, 1, 1, 1, 1, 1, 1}, b = a, c = a, d = a;
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    a *= WIDEN(x + i);
    b *= WIDEN(x + i + 8);
    c *= WIDEN(x + i + 16);
    d *= WIDEN(x + i + 24);
  }
  for (; i + 8 <= count; i += 8) a *= WIDEN(x + i);
  a = (a * b) * (c * d);
  double rest = 1;
  for (; i < count; i++) rest *= (double)x[i];
  double lanes[8];
  memcpy(lanes, &a, sizeof lanes);
  return (((lanes[0] * lanes[4]) * (lanes[2] * lanes[6])) *
          ((lanes[1] * lanes[5]) * (lanes[3] * lanes[7]))) * rest;
}

RK_INLINE void products_of_columns(double *products, const float *x, size_t stride, size_t rows,
                                size_t width) {
  for (size_t i = 0; i < width; i++) products[i] = 1;
  size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const float *a = x + row * stride, *b = a + stride, *c = b + stride, *d = c + stride;
    for (size_t i = 0; i < width; i++) {
      products[i] *= ((double)a[i] * (double)b[i]) * ((double)c[i] * (double)d[i]);
    }
  }
  for (; row < rows; row++) {
    for (size_t i = 0; i < width; i++) products[i] *= (double)x[row * stride + i];
  }
}

typedef struct {
  float *out;
  const float *x, *upstream;
  size_t reduced, inner, width, blocks, count, ofPart;
} product_job;

RK_CLONES static void multiply(const product_job *j, size_t start, size_t end) {
  for (size_t block = start; block < end; block++) {
    size_t outer = block / j->blocks, first = block % j->blocks * j->width;
    size_t width = rk_min(j->width, j->inner - first);
    const float *x = j->x + outer * j->reduced * j->inner + first;
    float *out = j->out + outer * j->inner + first;
    if (j->inner == 1) {
      *out = (float)product_of_run(x, j->reduced);
      continue;
    }
    double products[WIDTH];
    products_of_columns(products, x, j->inner, j->reduced, width);
    for (size_t i = 0; i < width; i++) out[i] = (float)products[i];
  }
}

static void multiply_part(void *context, int part) {
  const product_job *j = context;
  rk_flush_denormals();
  size_t start = (size_t)part * j->ofPart;
  multiply(j, start, rk_min(start + j->ofPart, j->count));
}

/// Whether the product without one of its factors may be had by division: nothing was lost that the
/// factor would have to give back. (What is too small on the way is zero, and so is the product.)
RK_INLINE bool may_divide(double product) {
  return fabs(product) > 1e-250 && fabs(product) < 1e250;
}

/// The products of those before times those after: also right beside zeros.
RK_INLINE void gradient_of_run(float *out, const float *x, double g, size_t count, double *before) {
  double product = 1;
  for (size_t i = 0; i < count; i++) {
    before[i] = product;
    product *= (double)x[i];
  }
  product = 1;
  for (size_t i = count; i-- > 0;) {
    out[i] = (float)(g * (before[i] * product));
    product *= (double)x[i];
  }
}

/// The same for columns; `products` is where they are multiplied.
RK_INLINE void gradient_of_columns(float *out, const float *x, const float *g, size_t stride,
                                size_t rows, size_t width, double *before, double *products) {
  for (size_t i = 0; i < width; i++) products[i] = 1;
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < width; i++) {
      before[r * width + i] = products[i];
      products[i] *= (double)x[r * stride + i];
    }
  }
  for (size_t i = 0; i < width; i++) products[i] = 1;
  for (size_t r = rows; r-- > 0;) {
    for (size_t i = 0; i < width; i++) {
      double others = before[r * width + i] * products[i];
      products[i] *= (double)x[r * stride + i];
      out[r * stride + i] = (float)((double)g[i] * others);
    }
  }
}

RK_CLONES static void multiply_gradient(const product_job *j, size_t start, size_t end,
                                        double *before) {
  for (size_t block = start; block < end; block++) {
    size_t outer = block / j->blocks, first = block % j->blocks * j->width;
    size_t width = rk_min(j->width, j->inner - first), stride = j->inner;
    const float *x = j->x + outer * j->reduced * stride + first;
    const float *g = j->upstream + outer * stride + first;
    float *out = j->out + outer * j->reduced * stride + first;
    double products[WIDTH];
    if (stride == 1) products[0] = product_of_run(x, j->reduced);
    else products_of_columns(products, x, stride, j->reduced, width);
    bool divides = true;
    for (size_t i = 0; i < width; i++) divides = divides && may_divide(products[i]);
    if (divides && stride == 1) {
      double whole = (double)g[0] * products[0];
      for (size_t r = 0; r < j->reduced; r++) out[r] = (float)(whole / (double)x[r]);
      continue;
    }
    if (divides) {
      for (size_t i = 0; i < width; i++) products[i] *= (double)g[i];
      for (size_t r = 0; r < j->reduced; r++) {
        for (size_t i = 0; i < width; i++) {
          out[r * stride + i] = (float)(products[i] / (double)x[r * stride + i]);
        }
      }
      continue;
    }
    if (stride == 1) gradient_of_run(out, x, (double)g[0], j->reduced, before);
    else gradient_of_columns(out, x, g, stride, j->reduced, width, before, products);
  }
}

static void multiply_gradient_part(void *context, int part) {
  const product_job *j = context;
  rk_flush_denormals();
  size_t start = (size_t)part * j->ofPart, floats = 2 * j->reduced * j->width;
  float *scratch = rk_scratch("product", floats);
  multiply_gradient(j, start, rk_min(start + j->ofPart, j->count), (double *)(void *)scratch);
  rk_release(scratch, floats);
}

static void run(float *out, const float *x, const float *upstream, size_t outer, size_t reduced,
                size_t inner, void (*body)(void *, int)) {
  if (outer * inner == 0) return;
  size_t width = rk_min(inner, WIDTH);
  if (reduced * width > KEPT) width = reduced < KEPT ? KEPT / reduced : 1;
  size_t blocks = (inner + width - 1) / width, cost = width * (reduced ? reduced : 1);
  product_job job = {out, x, upstream, reduced, inner, width, blocks, outer * blocks,
                     cost < BLOCK ? BLOCK / cost : 1};
  rk_parallel((int)((job.count + job.ofPart - 1) / job.ofPart), body, &job);
}

void rk_product_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner) {
  run(out, x, NULL, outer, reduced, inner, multiply_part);
}

void rk_product_axis_gradient(float *gradX, const float *x, const float *upstream, size_t outer,
                              size_t reduced, size_t inner) {
  if (reduced == 0) return;
  run(gradX, x, upstream, outer, reduced, inner, multiply_gradient_part);
}
