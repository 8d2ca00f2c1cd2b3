// Parameter updates in one pass over memory.

#include "internal.h"

typedef struct {
  float *parameter, *moment1, *moment2;
  float rate, share1, share2, keep2, rootCorrection, epsilon, keep, decay;
} adam_job;

RK_CLONES static void adam(const void *context, const float *restrict gradient, size_t start,
                           size_t end) {
  adam_job job = *(const adam_job *)context;
  float *restrict parameter = job.parameter + start, *restrict moment1 = job.moment1 + start;
  float *restrict moment2 = job.moment2 + start;
  for (size_t i = 0; i < end - start; i++) {
    float g = gradient[i] + job.decay * parameter[i];
    float m = moment1[i] + (g - moment1[i]) * job.share1;
    float v = moment2[i] * job.keep2 + g * g * job.share2;
    moment1[i] = m;
    moment2[i] = v;
    parameter[i] = job.keep * parameter[i] - job.rate * m / (sqrtf(v) * job.rootCorrection + job.epsilon);
  }
}

double rk_adam(float *parameter, rk_gradient gradient, float *moment1, float *moment2, size_t count,
               float learningRate, double beta1, double beta2, float correction1,
               float correction2, float epsilon, float keep, float decay) {
  // in double: 1 − 0.999f is wrong in its fifth digit, and so would be the first steps
  adam_job job = {.parameter = parameter, .moment1 = moment1, .moment2 = moment2,
                  .rate = learningRate / correction1,
                  .share1 = (float)(1.0 - beta1), .share2 = (float)(1.0 - beta2),
                  .keep2 = (float)beta2, .rootCorrection = 1.0f / sqrtf(correction2),
                  .epsilon = epsilon, .keep = keep, .decay = decay};
  return rk_apply_gradient(gradient, count,
                           &(rk_update){adam, &job, {parameter, moment1, moment2}});
}

typedef struct {
  float *parameter, *velocity;
  rk_sgd_settings settings;
} sgd_job;

RK_CLONES static void sgd(const void *context, const float *restrict gradient, size_t start,
                          size_t end) {
  const sgd_job *j = context;
  float *restrict parameter = j->parameter + start;
  rk_sgd_settings settings = j->settings;
  if (!j->velocity) {
    for (size_t i = 0; i < end - start; i++) {
      float g = gradient[i] + settings.decay * parameter[i];
      parameter[i] -= settings.learningRate * g;
    }
    return;
  }
  float *restrict velocity = j->velocity + start;
  for (size_t i = 0; i < end - start; i++) {
    float g = gradient[i] + settings.decay * parameter[i];
    float v = settings.momentum * velocity[i] + settings.share * g;
    velocity[i] = v;
    parameter[i] -= settings.learningRate * (settings.looksAhead ? g + settings.momentum * v : v);
  }
}

double rk_sgd(float *parameter, rk_gradient gradient, float *velocity, size_t count,
              rk_sgd_settings settings) {
  sgd_job job = {parameter, velocity, settings};
  return rk_apply_gradient(gradient, count, &(rk_update){sgd, &job, {parameter, velocity}});
}

typedef struct {
  float *parameter, *squares, *velocity;
  rk_rmsprop_settings settings;
} rmsprop_job;

RK_CLONES static void rmsprop(const void *context, const float *restrict gradient, size_t start,
                              size_t end) {
  const rmsprop_job *j = context;
  float *restrict parameter = j->parameter + start, *restrict squares = j->squares + start;
  float *restrict velocity = j->velocity ? j->velocity + start : NULL;
  rk_rmsprop_settings settings = j->settings;
  for (size_t i = 0; i < end - start; i++) {
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

double rk_rmsprop(float *parameter, rk_gradient gradient, float *squares, float *velocity,
                  size_t count, rk_rmsprop_settings settings) {
  rmsprop_job job = {parameter, squares, velocity, settings};
  return rk_apply_gradient(gradient, count,
                           &(rk_update){rmsprop, &job, {parameter, squares, velocity}});
}

typedef struct {
  float *average;
  const float *value;
  float share;
  size_t count;
} approach_job;

RK_CLONES static void approach(float *restrict average, const float *restrict value, float share,
                               size_t count) {
  for (size_t i = 0; i < count; i++) average[i] += share * (value[i] - average[i]);
}

static void approach_part(void *context, int part) {
  const approach_job *j = context;
  size_t start = (size_t)part * RK_PART;
  approach(j->average + start, j->value + start, j->share, rk_min(RK_PART, j->count - start));
}

void rk_approach(float *average, const float *value, float share, size_t count) {
  approach_job job = {average, value, share, count};
  rk_parallel(rk_parts(count), approach_part, &job);
}
