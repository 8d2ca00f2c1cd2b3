// Functions of one element with up to two numbers that are the same for all of them, and their
// gradients. Each loop is vector code.

#include "internal.h"

typedef void (*kernel)(float *restrict out, const float *restrict x, const float *restrict upstream,
                       float p, float q, size_t count);

/// A function f of x, and its derivative times g.
#define FUNCTION(name, value, gradient)                                                         \
  RK_CLONES static void name(float *restrict out, const float *restrict from,                    \
                             const float *restrict upstream, float p, float q, size_t count) {   \
    (void)upstream, (void)p, (void)q;                                                            \
    RK_VECTOR                                                                                    \
    for (size_t i = 0; i < count; i++) {                                                         \
      float x = from[i];                                                                         \
      (void)x;                                                                                   \
      out[i] = (value);                                                                          \
    }                                                                                            \
  }                                                                                              \
  RK_CLONES static void name##_gradient(float *restrict out, const float *restrict from,         \
                                        const float *restrict upstream, float p, float q,        \
                                        size_t count) {                                          \
    (void)p, (void)q;                                                                            \
    RK_VECTOR                                                                                    \
    for (size_t i = 0; i < count; i++) {                                                         \
      float x = from[i], g = upstream[i];                                                        \
      (void)x, (void)g;                                                                          \
      out[i] = (gradient);                                                                       \
    }                                                                                            \
  }

/// As a kernel of this file.
static void gelu(float *restrict out, const float *restrict x, const float *restrict upstream,
                 float p, float q, size_t count) {
  (void)p, (void)q;
  rk_gelu(out, x, upstream, count);
}

RK_INLINE float silu_slope(float x) {
  return (1.0f + x * rk_sigmoidf(-x)) / (1.0f + rk_expf(-x));
}

/// x² / 2 of the density is in the exponent.
RK_INLINE float erf_slope(float x) { return 1.12837917f * rk_exp_negativef(-(x * x)); }

FUNCTION(softplus, rk_softplusf(x), rk_sigmoidf(x) * g)
// no factor of its own: σ is denormal, and zero to a product, before x · σ(x) is
FUNCTION(silu, x / (1.0f + rk_expf(-x)), silu_slope(x) * g)
FUNCTION(elu, x > 0.0f ? x : p * rk_expm1f(x), x > 0.0f ? g : p * rk_expf(x) * g)
FUNCTION(leaky, x > 0.0f ? x : p * x, x > 0.0f ? g : p * g)
// what is left out bounds nothing, infinity neither
FUNCTION(clip, x < p ? p : (x > q ? q : x),
         (x > p || p == -INFINITY) && (x < q || q == INFINITY) ? g : 0.0f)
FUNCTION(error_function, rk_erff(x), erf_slope(x) * g)
FUNCTION(divide_by, x / p, g / p)
FUNCTION(less, x < p ? 1.0f : 0.0f, 0.0f)
FUNCTION(less_or_equal, x <= p ? 1.0f : 0.0f, 0.0f)
FUNCTION(greater, x > p ? 1.0f : 0.0f, 0.0f)
FUNCTION(greater_or_equal, x >= p ? 1.0f : 0.0f, 0.0f)
FUNCTION(equal, x == p ? 1.0f : 0.0f, 0.0f)
FUNCTION(not_equal, x != p ? 1.0f : 0.0f, 0.0f)

RK_INLINE float cube(float x) { return x * x * x; }

// x^p; the exponents of daily use without logarithms
FUNCTION(power, rk_powf(x, p), p * rk_powf(x, p - 1.0f) * g)
FUNCTION(zeroth_power, 1.0f, 0.0f)
FUNCTION(first_power, x, g)
FUNCTION(second_power, x *x, 2.0f * x * g)
FUNCTION(third_power, x *x *x, 3.0f * (x * x) * g)
FUNCTION(half_power, sqrtf(x), 0.5f / sqrtf(x) * g)
FUNCTION(negative_half_power, 1.0f / sqrtf(x), cube(1.0f / sqrtf(x)) * -0.5f * g)
FUNCTION(reciprocal, 1.0f / x, -1.0f / (x * x) * g)

#define PAIR(name) {name, name##_gradient}
static const struct { kernel value, gradient; } kernels[] = {
    {gelu, gelu}, PAIR(softplus), PAIR(silu), PAIR(elu), PAIR(leaky), PAIR(clip),
    PAIR(error_function), PAIR(power), PAIR(divide_by), PAIR(less), PAIR(less_or_equal),
    PAIR(greater), PAIR(greater_or_equal), PAIR(equal), PAIR(not_equal),
};

typedef struct {
  kernel kernel;
  float *out;
  const float *x, *upstream;
  float p, q;
  size_t count;
} job;

static void part_of(void *context, int part) {
  job *j = context;
  size_t start = (size_t)part * RK_PART;
  j->kernel(j->out + start, j->x + start, j->upstream ? j->upstream + start : NULL, j->p, j->q,
            rk_min(RK_PART, j->count - start));
}

void rk_apply(rk_function function, float *out, const float *x, const float *upstream, float p,
              float q, size_t count) {
  kernel value = kernels[function].value, gradient = kernels[function].gradient;
  if (function == RK_POWER) {
#define SPECIAL(exponent, name) if (p == exponent) value = name, gradient = name##_gradient
    SPECIAL(0.0f, zeroth_power);
    SPECIAL(1.0f, first_power);
    SPECIAL(2.0f, second_power);
    SPECIAL(3.0f, third_power);
    SPECIAL(0.5f, half_power);
    SPECIAL(-0.5f, negative_half_power);
    SPECIAL(-1.0f, reciprocal);
  }
  job j = {upstream ? gradient : value, out, x, upstream, p, q, count};
  rk_parallel(rk_parts(count), part_of, &j);
}
