// Parameter updates in one pass over memory.

#include "internal.h"

typedef struct {
  float *parameter, *moment1, *moment2;
  const float *gradient;
  size_t count;
  float rate, share1, share2, keep2, rootCorrection, epsilon, keep, decay;
} adam_job;

RK_CLONES static void adam(adam_job job, size_t start, size_t end) {
  float *restrict parameter = job.parameter, *restrict moment1 = job.moment1;
  float *restrict moment2 = job.moment2;
  const float *restrict gradient = job.gradient;
  for (size_t i = start; i < end; i++) {
    float g = gradient[i] + job.decay * parameter[i];
    float m = moment1[i] + (g - moment1[i]) * job.share1;
    float v = moment2[i] * job.keep2 + g * g * job.share2;
    moment1[i] = m;
    moment2[i] = v;
    parameter[i] = job.keep * parameter[i] - job.rate * m / (sqrtf(v) * job.rootCorrection + job.epsilon);
  }
}

static void adam_part(void *context, int part) {
  adam_job *job = context;
  size_t start = (size_t)part * RK_PART;
  adam(*job, start, rk_min(start + RK_PART, job->count));
}

void rk_adam(float *parameter, const float *gradient, float *moment1, float *moment2, size_t count,
             float learningRate, double beta1, double beta2, float correction1, float correction2,
             float epsilon, float keep, float decay) {
  // in double: 1 − 0.999f is wrong in its fifth digit, and so would be the first steps
  adam_job job = {.parameter = parameter, .moment1 = moment1, .moment2 = moment2,
                  .gradient = gradient, .count = count, .rate = learningRate / correction1,
                  .share1 = (float)(1.0 - beta1), .share2 = (float)(1.0 - beta2),
                  .keep2 = (float)beta2, .rootCorrection = 1.0f / sqrtf(correction2),
                  .epsilon = epsilon, .keep = keep, .decay = decay};
  rk_parallel(rk_parts(count), adam_part, &job);
}

RK_CLONES void rk_sgd(float *restrict parameter, const float *restrict gradient,
                      float *restrict velocity, size_t count, rk_sgd_settings settings) {
  rk_flush_denormals();
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i] + settings.decay * parameter[i];
    if (velocity) {
      float v = settings.momentum * velocity[i] + g;
      velocity[i] = v;
      g = settings.looksAhead ? g + settings.momentum * v : v;
    }
    parameter[i] -= settings.learningRate * g;
  }
}

RK_CLONES void rk_rmsprop(float *restrict parameter, const float *restrict gradient,
                          float *restrict squares, float *restrict velocity, size_t count,
                          rk_rmsprop_settings settings) {
  rk_flush_denormals();
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i] + settings.decay * parameter[i];
    float v = settings.alpha * squares[i] + (1.0f - settings.alpha) * g * g;
    squares[i] = v;
    float move = g / (sqrtf(v) + settings.epsilon);
    if (velocity) {
      move += settings.momentum * velocity[i];
      velocity[i] = move;
    }
    parameter[i] -= settings.learningRate * move;
  }
}

RK_CLONES void rk_approach(float *restrict average, const float *restrict value, float share,
                           size_t count) {
  rk_flush_denormals();
  for (size_t i = 0; i < count; i++) average[i] += share * (value[i] - average[i]);
}
