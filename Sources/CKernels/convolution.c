// One-dimensional convolution and pooling over [N, C, L].
//
// Convolution: a group of samples is unfolded into columns [C·kernel, group·L_out], so that one
// matrix product with the weights [out, C·kernel] serves the whole group.

#include <cblas.h>

#include "internal.h"

#define GROUP 16

typedef struct {
  rk_conv1d_shape s;
  float *y;
  const float *x, *weight, *bias, *upstream;
  float *gradX;
  float *partWeight, *partBias;  // [groups, …]: summed in order afterwards
} conv_job;

static size_t groups_of(rk_conv1d_shape s) { return (s.batch + GROUP - 1) / GROUP; }

/// The outputs l for which the input position l·stride + offset − padding exists: first ≤ l < last.
static void valid_range(rk_conv1d_shape s, size_t offset, size_t *first, size_t *last) {
  int64_t shift = (int64_t)offset - (int64_t)s.padding, stride = (int64_t)s.stride;
  int64_t low = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
  int64_t high = ((int64_t)s.inLength - 1 - shift);
  high = high < 0 ? 0 : high / stride + 1;
  if (high > (int64_t)s.outLength) high = (int64_t)s.outLength;
  if (low > high) low = high;
  *first = (size_t)low;
  *last = (size_t)high;
}

/// columns[c·kernel + k, sample·L_out + l] = x[sample, c, l·stride + k·dilation − padding]
static void unfold(rk_conv1d_shape s, float *columns, const float *x, size_t samples) {
  size_t width = samples * s.outLength;
  for (size_t c = 0; c < s.inChannels; c++) {
    for (size_t k = 0; k < s.kernel; k++) {
      size_t first, last;
      valid_range(s, k * s.dilation, &first, &last);
      float *row = columns + (c * s.kernel + k) * width;
      for (size_t n = 0; n < samples; n++) {
        float *to = row + n * s.outLength;
        const float *from = x + (n * s.inChannels + c) * s.inLength;
        int64_t shift = (int64_t)(k * s.dilation) - (int64_t)s.padding;
        for (size_t l = 0; l < first; l++) to[l] = 0;
        if (s.stride == 1 && last > first) {
          memcpy(to + first, from + (int64_t)first + shift, (last - first) * sizeof(float));
        } else {
          for (size_t l = first; l < last; l++) to[l] = from[(int64_t)(l * s.stride) + shift];
        }
        for (size_t l = last; l < s.outLength; l++) to[l] = 0;
      }
    }
  }
}

/// The reverse: adds the columns to the places they were read from.
static void fold(rk_conv1d_shape s, float *gradX, const float *columns, size_t samples) {
  size_t width = samples * s.outLength;
  memset(gradX, 0, samples * s.inChannels * s.inLength * sizeof(float));
  for (size_t c = 0; c < s.inChannels; c++) {
    for (size_t k = 0; k < s.kernel; k++) {
      size_t first, last;
      valid_range(s, k * s.dilation, &first, &last);
      const float *row = columns + (c * s.kernel + k) * width;
      for (size_t n = 0; n < samples; n++) {
        const float *from = row + n * s.outLength;
        float *to = gradX + (n * s.inChannels + c) * s.inLength;
        int64_t shift = (int64_t)(k * s.dilation) - (int64_t)s.padding;
        for (size_t l = first; l < last; l++) to[(int64_t)(l * s.stride) + shift] += from[l];
      }
    }
  }
}

static void forward_part(void *context, int part) {
  conv_job *job = context;
  rk_conv1d_shape s = job->s;
  size_t start = (size_t)part * GROUP, samples = rk_min(GROUP, s.batch - start);
  size_t taps = s.inChannels * s.kernel, width = samples * s.outLength;
  float *columns = rk_allocate(taps * width), *out = rk_allocate(s.outChannels * width);
  unfold(s, columns, job->x + start * s.inChannels * s.inLength, samples);
  rk_note_product(false, false, s.outChannels, width, taps, 1);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)s.outChannels, (int)width, (int)taps,
              1.0f, job->weight, (int)taps, columns, (int)width, 0.0f, out, (int)width);
  for (size_t n = 0; n < samples; n++) {
    for (size_t o = 0; o < s.outChannels; o++) {
      float *to = job->y + ((start + n) * s.outChannels + o) * s.outLength;
      const float *from = out + o * width + n * s.outLength;
      float bias = job->bias ? job->bias[o] : 0.0f;
      for (size_t l = 0; l < s.outLength; l++) to[l] = from[l] + bias;
    }
  }
  rk_release(columns, taps * width);
  rk_release(out, s.outChannels * width);
}

void rk_conv1d(rk_conv1d_shape shape, float *y, const float *x, const float *weight,
               const float *bias) {
  rk_prepare_products();
  conv_job job = {.s = shape, .y = y, .x = x, .weight = weight, .bias = bias};
  rk_parallel((int)groups_of(shape), forward_part, &job);
}

static void gradient_part(void *context, int part) {
  conv_job *job = context;
  rk_conv1d_shape s = job->s;
  size_t start = (size_t)part * GROUP, samples = rk_min(GROUP, s.batch - start);
  size_t taps = s.inChannels * s.kernel, width = samples * s.outLength;
  float *columns = rk_allocate(taps * width), *up = rk_allocate(s.outChannels * width);
  for (size_t n = 0; n < samples; n++) {
    for (size_t o = 0; o < s.outChannels; o++) {
      memcpy(up + o * width + n * s.outLength,
             job->upstream + ((start + n) * s.outChannels + o) * s.outLength,
             s.outLength * sizeof(float));
    }
  }
  if (job->partWeight) {
    unfold(s, columns, job->x + start * s.inChannels * s.inLength, samples);
    rk_note_product(false, true, s.outChannels, taps, width, 1);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)s.outChannels, (int)taps, (int)width,
                1.0f, up, (int)width, columns, (int)width, 0.0f,
                job->partWeight + (size_t)part * s.outChannels * taps, (int)taps);
  }
  if (job->partBias) {
    rk_sum_axis(job->partBias + (size_t)part * s.outChannels, up, s.outChannels, width, 1);
  }
  if (job->gradX) {
    rk_note_product(true, false, taps, width, s.outChannels, 1);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)taps, (int)width, (int)s.outChannels,
                1.0f, job->weight, (int)taps, up, (int)width, 0.0f, columns, (int)width);
    fold(s, job->gradX + start * s.inChannels * s.inLength, columns, samples);
  }
  rk_release(columns, taps * width);
  rk_release(up, s.outChannels * width);
}

void rk_conv1d_gradient(rk_conv1d_shape shape, float *gradX, float *gradWeight, float *gradBias,
                        const float *x, const float *weight, const float *upstream) {
  rk_prepare_products();
  size_t groups = groups_of(shape), weights = shape.outChannels * shape.inChannels * shape.kernel;
  float *partWeight = gradWeight ? rk_allocate(groups * weights) : NULL;
  float *partBias = gradBias ? rk_allocate(groups * shape.outChannels) : NULL;
  conv_job job = {.s = shape, .x = x, .weight = weight, .upstream = upstream, .gradX = gradX,
                  .partWeight = partWeight, .partBias = partBias};
  rk_parallel((int)groups, gradient_part, &job);
  if (gradWeight) rk_sum_axis(gradWeight, partWeight, 1, groups, weights);
  if (gradBias) rk_sum_axis(gradBias, partBias, 1, groups, shape.outChannels);
  if (partWeight) rk_release(partWeight, groups * weights);
  if (partBias) rk_release(partBias, groups * shape.outChannels);
}

// MARK: - Pooling; `rows` is N·C

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
      double sum = rk_sum_run(x + row * inLength + first, last - first);
      y[row * outLength + l] = (float)(sum / (double)(last - first));
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
