// Convolution and pooling over [N, L, C], the channels side by side.
//
// In this layout the window of an output lies in one piece, kernel · channels floats, and a
// convolution is a product of windows and weights that needs no unfolding. A tile of the result
// stays in registers: `rows` samples at one position times a few vectors of output channels.

#include "internal.h"

#define LANES RK_LANES

/// Samples of one part of a convolution, and of one group within it whose windows are multiplied
/// together: twelve rows of two vectors, or six of four, fill the registers of AVX-512.
#define PART 48
#define GROUP 12

// MARK: - Convolution with stride 1, no padding

typedef struct {
  rk_conv1d_shape s;
  float *y;
  const float *x, *weight, *bias, *upstream;
  float *gradX, *partWeight, *partBias;
} job;

bool rk_conv1d_channels_last_serves(rk_conv1d_shape s, bool wantsInput) {
  return s.stride == 1 && s.padding == 0 && s.dilation == 1 && s.outChannels % LANES == 0 &&
         (!wantsInput || s.inChannels % LANES == 0) && s.inChannels > 0;
}

static void forward_part(void *context, int part) {
  job *j = context;
  rk_conv1d_shape s = j->s;
  size_t start = (size_t)part * GROUP, samples = rk_min(GROUP, s.batch - start);
  size_t inSize = s.inLength * s.inChannels, outSize = s.outLength * s.outChannels;
  for (size_t l = 0; l < s.outLength; l++) {
    rk_multiply_tiles((rk_tiles){.a = j->x + start * inSize + l * s.inChannels, .aRow = inSize, .aStep = 1,
                    .b = j->weight, .bStep = s.outChannels, .outer = 1,
                    .steps = s.kernel * s.inChannels,
                    .c = j->y + start * outSize + l * s.outChannels, .cRow = outSize,
                    .start = j->bias},
             samples, s.outChannels);
  }
}

/// weight [out, in, kernel] as [kernel, in, out], or [kernel, out, in] with the taps reversed.
static void arrange(float *to, const float *weight, rk_conv1d_shape s, bool reversed) {
  for (size_t o = 0; o < s.outChannels; o++) {
    for (size_t c = 0; c < s.inChannels; c++) {
      for (size_t k = 0; k < s.kernel; k++) {
        float value = weight[(o * s.inChannels + c) * s.kernel + k];
        if (reversed) to[((s.kernel - 1 - k) * s.outChannels + o) * s.inChannels + c] = value;
        else to[(k * s.inChannels + c) * s.outChannels + o] = value;
      }
    }
  }
}

void rk_conv1d_channels_last(rk_conv1d_shape s, float *y, const float *x, const float *weight,
                             const float *bias) {
  size_t weights = s.outChannels * s.inChannels * s.kernel;
  float *arranged = rk_scratch("conv1d", weights);
  arrange(arranged, weight, s, false);
  job j = {.s = s, .y = y, .x = x, .weight = arranged, .bias = bias};
  rk_parallel((int)((s.batch + GROUP - 1) / GROUP), forward_part, &j);
  rk_release(arranged, weights);
}

static void gradient_part(void *context, int part) {
  job *j = context;
  rk_conv1d_shape s = j->s;
  size_t start = (size_t)part * PART, samples = rk_min(PART, s.batch - start);
  size_t inSize = s.inLength * s.inChannels, outSize = s.outLength * s.outChannels;
  size_t taps = s.kernel * s.inChannels;
  const float *up = j->upstream + start * outSize, *x = j->x + start * inSize;
  if (j->partWeight) {
    rk_multiply_tiles((rk_tiles){.a = x, .aRow = 1, .aOuter = inSize, .aStep = s.inChannels, .b = up,
                    .bOuter = outSize, .bStep = s.outChannels, .outer = samples,
                    .steps = s.outLength,
                    .c = j->partWeight + (size_t)part * taps * s.outChannels,
                    .cRow = s.outChannels},
             taps, s.outChannels);
  }
  if (j->partBias) {
    float *sum = j->partBias + (size_t)part * s.outChannels;
    rk_fill(sum, 0, s.outChannels);
    rk_add_row_sums(sum, up, samples * s.outLength, s.outChannels);
  }
  if (!j->gradX) return;
  for (size_t group = 0; group < samples; group += GROUP) {
    for (size_t l = 0; l < s.inLength; l++) {
      // the outputs whose windows reach l, from its last tap backwards
      size_t first = l + 1 > s.kernel ? l + 1 - s.kernel : 0;
      size_t last = rk_min(l + 1, s.outLength), skipped = first + s.kernel - 1 - l;
      rk_multiply_tiles((rk_tiles){.a = up + group * outSize + first * s.outChannels, .aRow = outSize,
                      .aStep = 1, .b = j->weight + skipped * s.outChannels * s.inChannels,
                      .bStep = s.inChannels, .outer = 1,
                      .steps = (last > first ? last - first : 0) * s.outChannels,
                      .c = j->gradX + (start + group) * inSize + l * s.inChannels, .cRow = inSize},
               rk_min(GROUP, samples - group), s.inChannels);
    }
  }
}

void rk_conv1d_channels_last_gradient(rk_conv1d_shape s, float *gradX, float *gradWeight,
                                      float *gradBias, const float *x, const float *weight,
                                      const float *upstream) {
  size_t parts = (s.batch + PART - 1) / PART, taps = s.kernel * s.inChannels;
  size_t weights = taps * s.outChannels;
  float *arranged = gradX ? rk_scratch("conv1d", weights) : NULL;
  if (arranged) arrange(arranged, weight, s, true);
  float *partWeight = gradWeight ? rk_scratch("conv1d", parts * weights) : NULL;
  float *partBias = gradBias ? rk_scratch("conv1d", parts * s.outChannels) : NULL;
  job j = {.s = s, .x = x, .weight = arranged, .upstream = upstream, .gradX = gradX,
           .partWeight = partWeight, .partBias = partBias};
  rk_parallel((int)parts, gradient_part, &j);
  if (gradWeight) {
    float *sum = rk_scratch("conv1d", weights);
    rk_sum_axis(sum, partWeight, 1, parts, weights);
    for (size_t o = 0; o < s.outChannels; o++) {
      for (size_t c = 0; c < s.inChannels; c++) {
        for (size_t k = 0; k < s.kernel; k++) {
          gradWeight[(o * s.inChannels + c) * s.kernel + k] =
              sum[(k * s.inChannels + c) * s.outChannels + o];
        }
      }
    }
    rk_release(sum, weights);
  }
  if (gradBias) rk_sum_axis(gradBias, partBias, 1, parts, s.outChannels);
  rk_release(arranged, weights);
  rk_release(partWeight, parts * weights);
  rk_release(partBias, parts * s.outChannels);
}

// MARK: - Pooling

typedef struct {
  float *to;
  const float *from;
  size_t batch, channels, inLength, outLength, kernel, stride;
  bool adaptive;
} pool_job;

/// Samples of one part.
#define POOL_PART 24

static void window_of(const pool_job *j, size_t l, size_t *first, size_t *last) {
  if (j->adaptive) {
    *first = l * j->inLength / j->outLength;
    *last = ((l + 1) * j->inLength + j->outLength - 1) / j->outLength;
  } else {
    *first = l * j->stride;
    *last = *first + j->kernel;
  }
}

RK_CLONES static void average_samples(const pool_job *j, size_t start, size_t end) {
  for (size_t n = start; n < end; n++) {
    for (size_t l = 0; l < j->outLength; l++) {
      size_t first, last;
      window_of(j, l, &first, &last);
      const float *restrict from = j->from + (n * j->inLength + first) * j->channels;
      float *restrict to = j->to + (n * j->outLength + l) * j->channels;
      float share = 1.0f / (float)(last - first);
      if (last - first == 2) {
        for (size_t c = 0; c < j->channels; c++) to[c] = (from[c] + from[j->channels + c]) * share;
        continue;
      }
      for (size_t c = 0; c < j->channels; c++) to[c] = from[c];
      for (size_t i = 1; i < last - first; i++) {
        for (size_t c = 0; c < j->channels; c++) to[c] += from[i * j->channels + c];
      }
      for (size_t c = 0; c < j->channels; c++) to[c] *= share;
    }
  }
}

RK_CLONES static void spread_samples(const pool_job *j, size_t start, size_t end) {
  for (size_t n = start; n < end; n++) {
    memset(j->to + n * j->inLength * j->channels, 0, j->inLength * j->channels * sizeof(float));
    for (size_t l = 0; l < j->outLength; l++) {
      size_t first, last;
      window_of(j, l, &first, &last);
      const float *restrict from = j->from + (n * j->outLength + l) * j->channels;
      float *restrict to = j->to + (n * j->inLength + first) * j->channels;
      float share = 1.0f / (float)(last - first);
      for (size_t i = 0; i < last - first; i++) {
        for (size_t c = 0; c < j->channels; c++) to[i * j->channels + c] += from[c] * share;
      }
    }
  }
}

static void average_part(void *context, int part) {
  pool_job *j = context;
  size_t start = (size_t)part * POOL_PART;
  average_samples(j, start, rk_min(start + POOL_PART, j->batch));
}

static void spread_part(void *context, int part) {
  pool_job *j = context;
  size_t start = (size_t)part * POOL_PART;
  spread_samples(j, start, rk_min(start + POOL_PART, j->batch));
}

void rk_average_pool_channels_last(float *y, const float *x, rk_pool_shape s) {
  pool_job j = {y, x, s.batch, s.channels, s.inLength, s.outLength, s.kernel, s.stride,
                s.kernel == 0};
  rk_parallel((int)((s.batch + POOL_PART - 1) / POOL_PART), average_part, &j);
}

void rk_average_pool_channels_last_gradient(float *gradX, const float *upstream, rk_pool_shape s) {
  pool_job j = {gradX, upstream, s.batch, s.channels, s.inLength, s.outLength, s.kernel, s.stride,
                s.kernel == 0};
  rk_parallel((int)((s.batch + POOL_PART - 1) / POOL_PART), spread_part, &j);
}
