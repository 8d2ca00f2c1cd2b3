// Parameter updates in one pass over memory.

#include "internal.h"

RK_CLONES void rk_adam(float *restrict parameter, const float *restrict gradient,
                       float *restrict moment1, float *restrict moment2, size_t count,
                       float learningRate, double beta1, double beta2, float correction1,
                       float correction2, float epsilon) {
  rk_flush_denormals();
  float rate = learningRate / correction1;
  // in double: 1 − 0.999f is wrong in its fifth digit, and so would be the first steps
  float share1 = (float)(1.0 - beta1), share2 = (float)(1.0 - beta2), keep2 = (float)beta2;
  float rootCorrection = 1.0f / sqrtf(correction2);
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i];
    float m = moment1[i] + (g - moment1[i]) * share1;
    float v = moment2[i] * keep2 + g * g * share2;
    moment1[i] = m;
    moment2[i] = v;
    parameter[i] -= rate * m / (sqrtf(v) * rootCorrection + epsilon);
  }
}

RK_CLONES void rk_sgd(float *restrict parameter, const float *restrict gradient, size_t count,
                      float learningRate) {
  rk_flush_denormals();
  for (size_t i = 0; i < count; i++) parameter[i] -= learningRate * gradient[i];
}
