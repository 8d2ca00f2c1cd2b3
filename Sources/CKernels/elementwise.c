// Elementwise kernels. Each loop is written so that the compiler can vectorise it.

#include "internal.h"

// MARK: - Unary

#define UNARY(name, expression)                                                    \
  RK_CLONES static void name(float *out, const float *in, size_t count) {           \
    RK_VECTOR                                                                       \
    for (size_t i = 0; i < count; i++) {                                            \
      float x = in[i];                                                              \
      out[i] = (expression);                                                        \
    }                                                                               \
  }

UNARY(negate, -x)
UNARY(exponential, rk_expf(x))
UNARY(logarithm, rk_logf(x))
UNARY(square_root, sqrtf(x))
UNARY(hyperbolic_tangent, rk_tanhf(x))
UNARY(logistic, rk_sigmoidf(x))
// written so that a NaN stays one, as in PyTorch
UNARY(rectify, x < 0.0f ? 0.0f : x)
UNARY(absolute, fabsf(x))
UNARY(square, x * x)

rk_unary_kernel rk_unary_kernel_for(rk_unary_operation operation) {
  switch (operation) {
    case RK_IDENTITY: return NULL;
    case RK_NEGATE: return negate;
    case RK_EXP: return exponential;
    case RK_LOG: return logarithm;
    case RK_SQRT: return square_root;
    case RK_TANH: return hyperbolic_tangent;
    case RK_SIGMOID: return logistic;
    case RK_RELU: return rectify;
    case RK_ABS: return absolute;
    default: return square;
  }
}

typedef struct {
  rk_unary_kernel kernel;
  float *out;
  const float *x;
  size_t count;
} unary_job;

static void unary_part(void *context, int part) {
  unary_job *job = context;
  size_t start = (size_t)part * RK_PART;
  job->kernel(job->out + start, job->x + start, rk_min(RK_PART, job->count - start));
}

void rk_unary(rk_unary_operation operation, float *out, const float *x, size_t count) {
  unary_job job = {rk_unary_kernel_for(operation), out, x, count};
  rk_parallel(rk_parts(count), unary_part, &job);
}

#define GRADIENT(name, expression)                                                  \
  RK_CLONES static void name(float *restrict out, const float *restrict saved,       \
                             const float *restrict upstream, size_t count) {         \
    for (size_t i = 0; i < count; i++) {                                             \
      float s = saved[i], g = upstream[i];                                           \
      out[i] = (expression);                                                         \
    }                                                                                \
  }

GRADIENT(exponential_gradient, g * s)
GRADIENT(logarithm_gradient, g / s)
GRADIENT(square_root_gradient, g * 0.5f / s)
GRADIENT(hyperbolic_tangent_gradient, g * (1.0f - s * s))
GRADIENT(logistic_gradient, g * s * (1.0f - s))
GRADIENT(rectify_gradient, s <= 0.0f ? 0.0f : g)  // g for NaN, as PyTorch's
GRADIENT(absolute_gradient, s > 0.0f ? g : (s < 0.0f ? -g : 0.0f))
GRADIENT(square_gradient, 2.0f * g * s)  // 2 · s overflows before the result does

typedef void (*gradient_kernel)(float *restrict, const float *restrict, const float *restrict,
                                size_t);
static gradient_kernel gradient_kernel_for(rk_unary_operation operation) {
  switch (operation) {
    case RK_EXP: return exponential_gradient;
    case RK_LOG: return logarithm_gradient;
    case RK_SQRT: return square_root_gradient;
    case RK_TANH: return hyperbolic_tangent_gradient;
    case RK_SIGMOID: return logistic_gradient;
    case RK_RELU: return rectify_gradient;
    case RK_ABS: return absolute_gradient;
    default: return square_gradient;
  }
}

typedef struct {
  gradient_kernel kernel;
  float *out;
  const float *saved, *upstream;
  size_t count;
} gradient_job;

static void gradient_part(void *context, int part) {
  gradient_job *job = context;
  size_t start = (size_t)part * RK_PART;
  job->kernel(job->out + start, job->saved + start, job->upstream + start,
              rk_min(RK_PART, job->count - start));
}

void rk_unary_gradient(rk_unary_operation operation, float *out, const float *saved,
                       const float *upstream, size_t count) {
  if (operation == RK_NEGATE) {
    rk_unary(RK_NEGATE, out, upstream, count);
    return;
  }
  gradient_job job = {gradient_kernel_for(operation), out, saved, upstream, count};
  rk_parallel(rk_parts(count), gradient_part, &job);
}

// MARK: - Binary with broadcasting

#define BINARY(name, symbol)                                                            \
  RK_CLONES static void name(float *restrict out, const float *restrict a,              \
                             const float *restrict b, size_t count, int64_t sa, int64_t sb) { \
    if (sa == 1 && sb == 1) {                                                           \
      for (size_t i = 0; i < count; i++) out[i] = a[i] symbol b[i];                      \
    } else if (sa == 1 && sb == 0) {                                                    \
      float y = *b;                                                                     \
      for (size_t i = 0; i < count; i++) out[i] = a[i] symbol y;                         \
    } else if (sa == 0 && sb == 1) {                                                    \
      float x = *a;                                                                     \
      for (size_t i = 0; i < count; i++) out[i] = x symbol b[i];                         \
    } else {                                                                            \
      for (size_t i = 0; i < count; i++) out[i] = a[i * (size_t)sa] symbol b[i * (size_t)sb]; \
    }                                                                                   \
  }

BINARY(add, +)
BINARY(subtract, -)
BINARY(multiply, *)
BINARY(divide, /)

typedef void (*binary_kernel)(float *restrict, const float *restrict, const float *restrict, size_t,
                              int64_t, int64_t);

typedef struct {
  binary_kernel kernel;
  float *out;
  const float *a, *b;
  int rank;
  const int64_t *dimensions, *stridesA, *stridesB;
  size_t rows, width, rowsPerPart;
} binary_job;

static void binary_part(void *context, int part) {
  binary_job *job = context;
  int inner = job->rank - 1;
  size_t first = (size_t)part * job->rowsPerPart;
  size_t last = rk_min(first + job->rowsPerPart, job->rows);
  if (job->rows == 1) {  // one run: cut it by elements
    size_t start = (size_t)part * RK_PART;
    size_t count = rk_min(RK_PART, job->width - start);
    job->kernel(job->out + start, job->a + start * (size_t)job->stridesA[inner],
                job->b + start * (size_t)job->stridesB[inner], count, job->stridesA[inner],
                job->stridesB[inner]);
    return;
  }
  for (size_t row = first; row < last; row++) {
    size_t rest = row;
    int64_t offsetA = 0, offsetB = 0;
    for (int axis = inner - 1; axis >= 0; axis--) {
      size_t size = (size_t)job->dimensions[axis];
      int64_t index = (int64_t)(rest % size);
      rest /= size;
      offsetA += index * job->stridesA[axis];
      offsetB += index * job->stridesB[axis];
    }
    job->kernel(job->out + row * job->width, job->a + offsetA, job->b + offsetB, job->width,
                job->stridesA[inner], job->stridesB[inner]);
  }
}

void rk_binary(rk_binary_operation operation, float *out, const float *a, const float *b, int rank,
               const int64_t *dimensions, const int64_t *stridesA, const int64_t *stridesB) {
  binary_kernel kernels[] = {add, subtract, multiply, divide};
  size_t rows = 1, width = (size_t)dimensions[rank - 1];
  for (int axis = 0; axis < rank - 1; axis++) rows *= (size_t)dimensions[axis];
  if (rows * width == 0) return;
  size_t rowsPerPart = RK_PART / width + 1;
  binary_job job = {kernels[operation], out, a, b, rank, dimensions, stridesA, stridesB, rows, width,
                    rowsPerPart};
  int parts = rows == 1 ? rk_parts(width) : (int)((rows + rowsPerPart - 1) / rowsPerPart);
  rk_parallel(parts, binary_part, &job);
}

// MARK: - The rest

typedef struct {
  float *out;
  const float *x;
  float scale, shift;
  size_t count;
} scale_job;

RK_CLONES static void scale_shift(float *restrict out, const float *restrict x, float scale,
                                  float shift, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = x[i] * scale + shift;
}

static void scale_part(void *context, int part) {
  scale_job *job = context;
  size_t start = (size_t)part * RK_PART;
  scale_shift(job->out + start, job->x + start, job->scale, job->shift,
              rk_min(RK_PART, job->count - start));
}

void rk_scale_shift(float *out, const float *x, float scale, float shift, size_t count) {
  scale_job job = {out, x, scale, shift, count};
  rk_parallel(rk_parts(count), scale_part, &job);
}

RK_CLONES static void fill(float *out, float value, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = value;
}

static void fill_part(void *context, int part) {
  scale_job *job = context;
  size_t start = (size_t)part * RK_PART;
  fill(job->out + start, job->shift, rk_min(RK_PART, job->count - start));
}

void rk_fill(float *out, float value, size_t count) {
  scale_job job = {out, NULL, 0, value, count};
  rk_parallel(rk_parts(count), fill_part, &job);
}

RK_CLONES static void accumulate(float *restrict out, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] += x[i];
}

static void accumulate_part(void *context, int part) {
  unary_job *job = context;
  size_t start = (size_t)part * RK_PART;
  accumulate(job->out + start, job->x + start, rk_min(RK_PART, job->count - start));
}

void rk_accumulate(float *out, const float *x, size_t count) {
  unary_job job = {NULL, out, x, count};
  rk_parallel(rk_parts(count), accumulate_part, &job);
}

RK_CLONES void rk_divide_gradient(float *restrict out, const float *restrict upstream,
                                  const float *restrict a, const float *restrict b, size_t count) {
  rk_flush_denormals();
  for (size_t i = 0; i < count; i++) out[i] = -upstream[i] * (a[i] / b[i] / b[i]);  // b² overflows before the result does
}
