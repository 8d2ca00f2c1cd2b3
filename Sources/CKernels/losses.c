// Softmax along an axis, and the binary cross-entropy with logits.

#include "internal.h"

void rk_softmax(float *y, const float *x, size_t outer, size_t classes, size_t inner,
                bool logarithm) {
  rk_flush_denormals();
  for (size_t o = 0; o < outer; o++) {
    for (size_t i = 0; i < inner; i++) {
      const float *from = x + o * classes * inner + i;
      float *to = y + o * classes * inner + i;
      float largest = -INFINITY;
      for (size_t c = 0; c < classes; c++) {
        float value = from[c * inner];
        if (value > largest || value != value) largest = value;
      }
      double sum = 0;
      for (size_t c = 0; c < classes; c++) sum += exp((double)from[c * inner] - largest);
      double logSum = log(sum);
      for (size_t c = 0; c < classes; c++) {
        double value = (double)from[c * inner] - largest - logSum;
        to[c * inner] = (float)(logarithm ? value : exp(value));
      }
    }
  }
}

void rk_softmax_gradient(float *gradX, const float *y, const float *upstream, size_t outer,
                         size_t classes, size_t inner, bool logarithm) {
  rk_flush_denormals();
  for (size_t o = 0; o < outer; o++) {
    for (size_t i = 0; i < inner; i++) {
      size_t at = o * classes * inner + i;
      float sum = 0;
      for (size_t c = 0; c < classes; c++) {
        size_t j = at + c * inner;
        sum += logarithm ? upstream[j] : upstream[j] * y[j];
      }
      for (size_t c = 0; c < classes; c++) {
        size_t j = at + c * inner;
        gradX[j] = logarithm ? upstream[j] - expf(y[j]) * sum : y[j] * (upstream[j] - sum);
      }
    }
  }
}

float rk_bce_with_logits(const float *logits, const float *targets, size_t count) {
  rk_flush_denormals();
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    float x = logits[i];
    // max(x, 0) that keeps a NaN
    float positive = x < 0.0f ? 0.0f : x;
    sum += (double)(positive - x * targets[i]) + (double)log1pf(expf(-fabsf(x)));
  }
  return (float)(sum / (double)count);
}

void rk_bce_with_logits_gradient(float *gradX, const float *logits, const float *targets,
                                 float scale, size_t count) {
  rk_flush_denormals();
  for (size_t i = 0; i < count; i++) gradX[i] = (rk_sigmoidf(logits[i]) - targets[i]) * scale;
}
