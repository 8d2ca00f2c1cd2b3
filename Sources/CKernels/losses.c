// The binary cross-entropy with logits.

#include "internal.h"

/// The most parts that losses are cut into, so that their sums need no memory of their own.
#define PARTS 256
#define CHUNK 256

RK_CLONES static void losses_of(float *restrict out, const float *restrict logits,
                                const float *restrict targets, float weight, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) {
    float x = logits[i], t = targets[i];
    out[i] = (1.0f - t) * x + (1.0f + (weight - 1.0f) * t) * rk_softplusf(-x);
  }
}

typedef struct {
  float *out;
  const float *logits, *targets, *upstream;
  float weight, scale;
  size_t step, count, perPart;
  double sums[PARTS];
} job;

static void loss_part(void *context, int part) {
  job *j = context;
  size_t start = (size_t)part * j->perPart, end = rk_min(start + j->perPart, j->count);
  double total = 0;
  for (; start < end; start += CHUNK) {
    size_t count = rk_min(CHUNK, end - start);
    float own[CHUNK], *to = j->out ? j->out + start : own;
    losses_of(to, j->logits + start, j->targets + start, j->weight, count);
    total += rk_sum_run(to, count);
  }
  j->sums[part] = total;
}

double rk_bce_with_logits(float *losses, const float *logits, const float *targets, float weight,
                          size_t count) {
  job j = {.out = losses, .logits = logits, .targets = targets, .weight = weight, .count = count};
  j.perPart = count / PARTS + 1 > RK_PART ? count / PARTS + 1 : RK_PART;
  int parts = (int)((count + j.perPart - 1) / j.perPart);
  rk_parallel(parts, loss_part, &j);
  double total = 0;
  for (int part = 0; part < parts; part++) total += j.sums[part];
  return total;
}

/// The weighted difference without cancellation, from one exponential.
RK_CLONES static void gradients(float *restrict out, const float *restrict logits,
                                const float *restrict targets, float weight,
                                const float *restrict upstream, float scale, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) {
    float x = logits[i], t = targets[i];
    float e = rk_exp_negativef(-fabsf(x)), whole = 1.0f / (1.0f + e);
    float above = (x < 0.0f ? e : 1.0f) * whole, below = (x < 0.0f ? 1.0f : e) * whole;
    float g = upstream ? upstream[i] : 1.0f;
    out[i] = ((1.0f - t) * above - weight * t * below) * (g * scale);
  }
}

static void gradient_part(void *context, int part) {
  job *j = context;
  size_t start = (size_t)part * RK_PART;
  gradients(j->out + start, j->logits + start, j->targets + start, j->weight,
            j->step ? j->upstream + start : NULL, j->step ? j->scale : j->scale * *j->upstream,
            rk_min(RK_PART, j->count - start));
}

void rk_bce_with_logits_gradient(float *gradX, const float *logits, const float *targets,
                                 float weight, const float *upstream, size_t step, float scale,
                                 size_t count) {
  job j = {.out = gradX, .logits = logits, .targets = targets, .upstream = upstream,
           .weight = weight, .scale = scale, .step = step, .count = count};
  rk_parallel(rk_parts(count), gradient_part, &j);
}
