// Pooling over the last axis, or the last two.

#include "internal.h"

RK_CLONES void rk_average_pool(float *y, const float *x, size_t rows, size_t inLength,
                               size_t outLength, size_t kernel, size_t stride) {
  rk_flush_denormals();
  float share = 1.0f / (float)kernel;
  for (size_t row = 0; row < rows; row++) {
    const float *from = x + row * inLength;
    float *to = y + row * outLength;
    for (size_t l = 0; l < outLength; l++) {
      float sum = 0;
      for (size_t k = 0; k < kernel; k++) sum += from[l * stride + k];
      to[l] = sum * share;
    }
  }
}

RK_CLONES void rk_average_pool_gradient(float *gradX, const float *upstream, size_t rows,
                                        size_t inLength, size_t outLength, size_t kernel,
                                        size_t stride) {
  rk_flush_denormals();
  float share = 1.0f / (float)kernel;
  memset(gradX, 0, rows * inLength * sizeof(float));
  for (size_t row = 0; row < rows; row++) {
    float *to = gradX + row * inLength;
    const float *from = upstream + row * outLength;
    for (size_t l = 0; l < outLength; l++) {
      for (size_t k = 0; k < kernel; k++) to[l * stride + k] += from[l] * share;
    }
  }
}

void rk_max_pool(float *y, int32_t *chosen, const float *x, size_t rows, size_t inLength,
                 size_t outLength, size_t kernel, size_t stride) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = x + row * inLength;
    for (size_t l = 0; l < outLength; l++) {
      size_t best = l * stride;
      for (size_t k = 1; k < kernel; k++) {
        // the first of equals wins and a NaN always does, as in PyTorch
        float value = from[l * stride + k];
        if (value > from[best] || value != value) best = l * stride + k;
      }
      y[row * outLength + l] = from[best];
      chosen[row * outLength + l] = (int32_t)best;
    }
  }
}

void rk_max_pool_gradient(float *gradX, const int32_t *chosen, const float *upstream, size_t rows,
                          size_t inLength, size_t outLength) {
  rk_flush_denormals();
  memset(gradX, 0, rows * inLength * sizeof(float));
  for (size_t row = 0; row < rows; row++) {
    for (size_t l = 0; l < outLength; l++) {
      size_t i = row * outLength + l;
      gradX[row * inLength + (size_t)chosen[i]] += upstream[i];
    }
  }
}

/// Output l averages the inputs from ⌊l·in/out⌋ to ⌈(l+1)·in/out⌉, as PyTorch does.
static void adaptive_window(size_t l, size_t inLength, size_t outLength, size_t *first,
                            size_t *last) {
  *first = l * inLength / outLength;
  *last = ((l + 1) * inLength + outLength - 1) / outLength;
}

void rk_adaptive_average_pool(float *y, const float *x, size_t rows, size_t inLength,
                              size_t outLength) {
  rk_flush_denormals();
  for (size_t l = 0; l < outLength; l++) {
    size_t first, last;
    adaptive_window(l, inLength, outLength, &first, &last);
    for (size_t row = 0; row < rows; row++) {
      float sum = 0;
      for (size_t i = first; i < last; i++) sum += x[row * inLength + i];
      y[row * outLength + l] = sum / (float)(last - first);
    }
  }
}

void rk_adaptive_average_pool_gradient(float *gradX, const float *upstream, size_t rows,
                                       size_t inLength, size_t outLength) {
  rk_flush_denormals();
  memset(gradX, 0, rows * inLength * sizeof(float));
  for (size_t l = 0; l < outLength; l++) {
    size_t first, last;
    adaptive_window(l, inLength, outLength, &first, &last);
    float share = 1.0f / (float)(last - first);
    for (size_t row = 0; row < rows; row++) {
      float value = upstream[row * outLength + l] * share;
      for (size_t i = first; i < last; i++) gradX[row * inLength + i] += value;
    }
  }
}
