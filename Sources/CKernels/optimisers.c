// Parameter updates in one pass over memory.

#include "internal.h"

RK_CLONES void rk_adam(float *restrict parameter, const float *restrict gradient,
                       float *restrict moment1, float *restrict moment2, size_t count,
                       float learningRate, float beta1, float beta2, float correction1,
                       float correction2, float epsilon) {
  float rate = learningRate / correction1;
  float rootCorrection = 1.0f / sqrtf(correction2);
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i];
    float m = moment1[i] + (g - moment1[i]) * (1.0f - beta1);
    float v = moment2[i] * beta2 + g * g * (1.0f - beta2);
    moment1[i] = m;
    moment2[i] = v;
    parameter[i] -= rate * m / (sqrtf(v) * rootCorrection + epsilon);
  }
}

RK_CLONES void rk_sgd(float *restrict parameter, const float *restrict gradient, size_t count,
                      float learningRate) {
  for (size_t i = 0; i < count; i++) parameter[i] -= learningRate * gradient[i];
}
