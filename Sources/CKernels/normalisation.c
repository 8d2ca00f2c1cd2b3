// Layer and batch normalisation, forward and gradients.
//
// Means and variances are taken in double in one pass over the distances from the group's first
// element: S₂ − S₁² / n loses at most the digits of n, of a double's sixteen. A mean is kept as two
// floats, so that x − mean keeps its digits where the mean is far larger than the deviation, which
// PyTorch's single precision loses. x̂ is computed again for the gradients and not kept.

#include <stdlib.h>

#include "internal.h"
#include "lanes.h"

/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)
/// Lanes of a sum.
#define LANES 16
/// Runs shorter than this are handled column by column.
#define SHORT_RUN ((size_t)48)

typedef struct { double sum, squares; } moments;

/// Σ d and Σ d² with d = x − from.
RK_INLINE moments sum_distances(const float *restrict x, size_t count, double from) {
  double sum[LANES] = {0}, squares[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (size_t l = 0; l < LANES; l++) {
      double d = (double)x[i + l] - from;
      sum[l] += d;
      squares[l] += d * d;
    }
  }
  for (size_t l = 0; i + l < count; l++) {
    double d = (double)x[i + l] - from;
    sum[l] += d;
    squares[l] += d * d;
  }
  for (size_t width = LANES / 2; width > 0; width /= 2) {
    for (size_t l = 0; l < width; l++) {
      sum[l] += sum[l + width];
      squares[l] += squares[l + width];
    }
  }
  return (moments){sum[0], squares[0]};
}

/// What normalises a group: x̂ = (x − mean) · scale, the mean in two floats.
typedef rk_normalisation_group group;

/// `variance` is Σ (x − mean)² / n, `scale` its inverse root. One that floats cannot hold makes the result
/// NaN, not 0.
RK_INLINE group group_with(double mean, double variance, double scale) {
  group g = {.mean = (float)mean, .variance = (float)variance};
  // an infinite mean has no second part
  g.rest = isfinite(g.mean) ? (float)(mean - (double)g.mean) : 0.0f;
  g.scale = isinf(g.variance) ? NAN : (float)scale;
  return g;
}

RK_INLINE group group_of(double mean, double variance, double epsilon) {
  return group_with(mean, variance, 1.0 / sqrt(variance + epsilon));
}

RK_INLINE group group_from(moments m, double from, size_t count, double epsilon) {
  double average = m.sum / (double)count;
  double variance = m.squares / (double)count - average * average;
  return group_of(from + average, variance < 0 ? 0 : variance, epsilon);
}

void rk_normalisation_given(rk_normalisation_group *groups, const float *mean,
                            const float *variance, size_t count, float epsilon) {
  for (size_t c = 0; c < count; c++) {
    groups[c] = group_of((double)mean[c], (double)variance[c], (double)epsilon);
  }
}

/// The sums of gradients in lanes of double: floats are added up in short runs only.
#define RUN ((size_t)128)

static double *allocate_doubles(const char *operation, size_t count) {
  double *buffer = (double *)(void *)rk_scratch(operation, 2 * count);
  memset(buffer, 0, count * sizeof(double));
  return buffer;
}

static void release_doubles(double *buffer, size_t count) {
  rk_release((float *)(void *)buffer, 2 * count);
}

// MARK: - Layers: groups are rows

typedef struct {
  float *y, *gradX;
  const float *x, *weight, *bias, *upstream;
  rk_normalisation_group *groups;
  size_t rows, width, perPart;
  double epsilon;
  /// [parts, 2, width]: Σ g · x̂ and Σ g.
  double *partial;
} layer_job;

/// Rows whose means and scales are calculated together: a square root and two divisions of one row
/// take as long as those of eight.
#define TOGETHER ((size_t)8)

/// The groups of eight rows whose width is a multiple of 16: what `sum_distances` and `group_from` make
/// of each, in the same order and to the last bit.
RK_INLINE void groups_of_eight(group *restrict groups, const float *restrict x, size_t width,
                            double epsilon) {
  doubles sum[TOGETHER], squares[TOGETHER];
  double from[TOGETHER], average[TOGETHER], variance[TOGETHER], scale[TOGETHER];
  for (size_t r = 0; r < TOGETHER; r++) {
    const float *row = x + r * width;
    from[r] = (double)row[0];
    doubles s[2] = {{0}}, q[2] = {{0}};
    for (size_t i = 0; i < width; i += 16) {
      doubles a = WIDEN(row + i) - from[r], b = WIDEN(row + i + 8) - from[r];
      s[0] += a, s[1] += b;
      q[0] += a * a, q[1] += b * b;
    }
    sum[r] = s[0] + s[1];
    squares[r] = q[0] + q[1];
  }
  doubles sums, products;
  add_lanes(&sums, sum);
  add_lanes(&products, squares);
  for (size_t r = 0; r < TOGETHER; r++) {
    average[r] = sums[r] / (double)width;
    variance[r] = products[r] / (double)width - average[r] * average[r];
    variance[r] = variance[r] < 0 ? 0 : variance[r];
    scale[r] = 1.0 / sqrt(variance[r] + epsilon);
  }
  for (size_t r = 0; r < TOGETHER; r++) {
    groups[r] = group_with(from[r] + average[r], variance[r], scale[r]);
  }
}

RK_INLINE void normalise(float *restrict y, const float *restrict x, group g,
                      const float *restrict weight, const float *restrict bias, size_t width) {
  float rest = -g.rest * g.scale;
  for (size_t i = 0; i < width; i++) {
    y[i] = ((x[i] - g.mean) * g.scale + rest) * weight[i] + bias[i];
  }
}

RK_CLONES static void layer_rows(const layer_job *j, size_t first, size_t last) {
  size_t width = j->width, row = first;
  for (; width % 16 == 0 && row + TOGETHER <= last; row += TOGETHER) {
    groups_of_eight(j->groups + row, j->x + row * width, width, j->epsilon);
    for (size_t r = row; r < row + TOGETHER; r++) {
      normalise(j->y + r * width, j->x + r * width, j->groups[r], j->weight, j->bias, width);
    }
  }
  for (; row < last; row++) {
    const float *x = j->x + row * width;
    double from = (double)x[0];
    group g = group_from(sum_distances(x, width, from), from, width, j->epsilon);
    j->groups[row] = g;
    normalise(j->y + row * width, x, g, j->weight, j->bias, width);
  }
}

static void layer_part(void *context, int part) {
  const layer_job *j = context;
  size_t first = (size_t)part * j->perPart;
  layer_rows(j, first, rk_min(first + j->perPart, j->rows));
}

void rk_layer_norm(float *y, rk_normalisation_group *groups, const float *x, const float *weight,
                   const float *bias, size_t rows, size_t width, float epsilon) {
  if (rows * width == 0) return;
  layer_job job = {.y = y, .x = x, .weight = weight, .bias = bias, .groups = groups, .rows = rows,
                   .width = width, .perPart = BLOCK / width + 1, .epsilon = (double)epsilon};
  rk_parallel((int)((rows + job.perPart - 1) / job.perPart), layer_part, &job);
}

/// Rows whose gradients are made together: a part has sixteen at least.
#define ROWS 16

/// Adds the sums of up to 16 rows, in float, to those in double.
RK_CLONES static void add_floats(double *restrict sums, float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    sums[i] += (double)x[i];
    x[i] = 0;
  }
}

/// Σ d and Σ d · x̂ of a row with d = g · weight; the products of the row go to the columns' sums.
RK_INLINE moments layer_row_sums(const float *restrict x, const float *restrict g,
                              const float *restrict weight, group s, size_t width,
                              float *restrict forWeight, float *restrict forBias) {
  float rest = -s.rest * s.scale;
  double sum = 0, product = 0;
  for (size_t start = 0; start < width; start += RUN * LANES) {
    float sums[LANES] = {0}, products[LANES] = {0};
    size_t end = rk_min(start + RUN * LANES, width), i = start;
    for (; i + LANES <= end; i += LANES) {
      for (size_t l = 0; l < LANES; l++) {
        float n = (x[i + l] - s.mean) * s.scale + rest, d = g[i + l] * weight[i + l];
        sums[l] += d;
        products[l] += d * n;
        forWeight[i + l] += g[i + l] * n;
        forBias[i + l] += g[i + l];
      }
    }
    for (size_t l = 0; i + l < end; l++) {
      float n = (x[i + l] - s.mean) * s.scale + rest, d = g[i + l] * weight[i + l];
      sums[l] += d;
      products[l] += d * n;
      forWeight[i + l] += g[i + l] * n;
      forBias[i + l] += g[i + l];
    }
    double ofLanes[LANES], productsOfLanes[LANES];
    for (size_t l = 0; l < LANES; l++) {
      ofLanes[l] = (double)sums[l];
      productsOfLanes[l] = (double)products[l];
    }
    for (size_t half = LANES / 2; half > 0; half /= 2) {
      for (size_t l = 0; l < half; l++) {
        ofLanes[l] += ofLanes[l + half];
        productsOfLanes[l] += productsOfLanes[l + half];
      }
    }
    sum += ofLanes[0];
    product += productsOfLanes[0];
  }
  return (moments){sum, product};
}

/// Up to `ROWS` rows.
RK_CLONES static void layer_gradient_rows(const layer_job *j, size_t first, size_t last,
                                          float *restrict forWeight, float *restrict forBias) {
  size_t width = j->width, count = last - first;
  const float *restrict weight = j->weight;
  moments m[ROWS] = {0};
  for (size_t r = 0; r < count; r++) {
    size_t row = first + r;
    m[r] = layer_row_sums(j->x + row * width, j->upstream + row * width, weight, j->groups[row],
                          width, forWeight, forBias);
  }
  if (!j->gradX) return;
  float means[ROWS], shares[ROWS];
  for (size_t r = 0; r < ROWS; r++) {
    means[r] = (float)(m[r].sum / (double)width);
    shares[r] = (float)(m[r].squares / (double)width);
  }
  for (size_t r = 0; r < count; r++) {
    size_t row = first + r;
    const float *restrict x = j->x + row * width, *restrict g = j->upstream + row * width;
    float *restrict out = j->gradX + row * width;
    group s = j->groups[row];
    float mean = means[r], share = shares[r], rest = -s.rest * s.scale;
    if (width == 1) {
      // 0, or NaN; a product less its own rounded value, as below, would be the rounding
      out[0] = 0.0f * s.scale * (g[0] * weight[0] + x[0]);
      continue;
    }
    for (size_t i = 0; i < width; i++) {
      float n = (x[i] - s.mean) * s.scale + rest;
      out[i] = s.scale * (g[i] * weight[i] - mean - n * share);
    }
  }
}

static void layer_gradient_part(void *context, int part) {
  const layer_job *j = context;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->rows);
  double *sums = j->partial + (size_t)part * 2 * j->width;
  float *recent = rk_scratch("layerNorm", 2 * j->width);
  rk_fill(recent, 0, 2 * j->width);
  for (size_t row = first; row < last; row += ROWS) {
    layer_gradient_rows(j, row, rk_min(row + ROWS, last), recent, recent + j->width);
    add_floats(sums, recent, 2 * j->width);
  }
  rk_release(recent, 2 * j->width);
}

static void add_partial_sums(float *out, const double *partial, size_t parts, size_t stride,
                             size_t count) {
  if (!out) return;
  for (size_t i = 0; i < count; i++) {
    double sum = 0;
    for (size_t part = 0; part < parts; part++) sum += partial[part * stride + i];
    out[i] = (float)sum;
  }
}

void rk_layer_norm_gradient(float *gradX, float *gradWeight, float *gradBias, const float *x,
                            const rk_normalisation_group *groups, const float *weight,
                            const float *upstream, size_t rows, size_t width) {
  if (rows * width == 0) {
    if (gradWeight) rk_fill(gradWeight, 0, width);
    if (gradBias) rk_fill(gradBias, 0, width);
    return;
  }
  // sixteen rows at least: a part has sums of its own
  layer_job job = {.gradX = gradX, .x = x, .weight = weight, .upstream = upstream,
                   .groups = (rk_normalisation_group *)groups, .rows = rows, .width = width,
                   .perPart = 16 * (2 * BLOCK / (16 * width) + 1)};
  size_t parts = (rows + job.perPart - 1) / job.perPart;
  job.partial = allocate_doubles("layerNorm", parts * 2 * width);
  rk_parallel((int)parts, layer_gradient_part, &job);
  add_partial_sums(gradWeight, job.partial, parts, 2 * width, width);
  add_partial_sums(gradBias, job.partial + width, parts, 2 * width, width);
  release_doubles(job.partial, parts * 2 * width);
}

// MARK: - Batches: x is [outer, channels, inner], groups are channels

typedef struct {
  float *y, *gradX;
  const float *x, *weight, *bias, *upstream;
  rk_normalisation_group *groups;
  size_t outer, channels, inner;
  double epsilon;
  /// Whether the groups are known before; then they do not depend on x.
  bool given;
  /// [samples' blocks, channels, 2]
  double *partial;
  size_t perPart;
  /// y or gradX = (x − mean) · slope + share · g + level, for each channel.
  float *slope, *share, *level;
} batch_job;

/// The rows of one sample or column block: `rows` runs of `run` elements, a channel each.
static size_t samples_per_block(size_t outer, size_t row) {
  return rk_min(outer, 2 * BLOCK / row + 1);
}

// Sums over a block of samples, channel by channel; `from` is the channel's first element.
RK_CLONES static void batch_moments(const batch_job *j, size_t first, size_t last, double *sums) {
  size_t row = j->channels * j->inner;
  if (j->inner >= SHORT_RUN) {
    for (size_t o = first; o < last; o++) {
      for (size_t c = 0; c < j->channels; c++) {
        moments m = sum_distances(j->x + o * row + c * j->inner, j->inner,
                                  (double)j->x[c * j->inner]);
        sums[2 * c] += m.sum;
        sums[2 * c + 1] += m.squares;
      }
    }
    return;
  }
  // short runs: all columns at once, a few at a time in registers
  for (size_t start = 0; start < row; start += LANES) {
    size_t columns = rk_min(LANES, row - start);
    double from[LANES] = {0}, sum[LANES] = {0}, squares[LANES] = {0};
    size_t channel[LANES] = {0};
    for (size_t l = 0; l < columns; l++) {
      channel[l] = (start + l) / j->inner;
      from[l] = (double)j->x[channel[l] * j->inner];
    }
    const float *restrict x = j->x + start;
    if (columns == LANES) {
      for (size_t o = first; o < last; o++) {
        for (size_t l = 0; l < LANES; l++) {
          double d = (double)x[o * row + l] - from[l];
          sum[l] += d;
          squares[l] += d * d;
        }
      }
    } else {
      for (size_t o = first; o < last; o++) {
        for (size_t l = 0; l < columns; l++) {
          double d = (double)x[o * row + l] - from[l];
          sum[l] += d;
          squares[l] += d * d;
        }
      }
    }
    for (size_t l = 0; l < columns; l++) {
      sums[2 * channel[l]] += sum[l];
      sums[2 * channel[l] + 1] += squares[l];
    }
  }
}

static void batch_moments_part(void *context, int part) {
  const batch_job *j = context;
  size_t first = (size_t)part * j->perPart;
  batch_moments(j, first, rk_min(first + j->perPart, j->outer),
                j->partial + (size_t)part * 2 * j->channels);
}

/// out = (x − mean) · slope + share · g + level; without g where `share` is NULL.
RK_CLONES static void batch_apply(const batch_job *j, float *to, size_t first, size_t last) {
  size_t row = j->channels * j->inner;
  for (size_t o = first; o < last; o++) {
    const float *x0 = j->x + o * row, *g0 = j->upstream ? j->upstream + o * row : NULL;
    float *y0 = to + o * row;
    if (j->inner == 1) {
      const float *restrict x = x0, *restrict g = g0;
      const float *restrict slope = j->slope, *restrict level = j->level, *restrict share = j->share;
      // the means lie in a row behind the levels
      const float *restrict mean = j->level + j->channels;
      float *restrict y = y0;
      if (!g) {
        for (size_t c = 0; c < row; c++) y[c] = (x[c] - mean[c]) * slope[c] + level[c];
      } else {
        for (size_t c = 0; c < row; c++) {
          y[c] = share[c] * g[c] + ((x[c] - mean[c]) * slope[c] + level[c]);
        }
      }
      continue;
    }
    for (size_t c = 0; c < j->channels; c++) {
      const float *restrict x = x0 + c * j->inner, *restrict g = g0 ? g0 + c * j->inner : NULL;
      float *restrict y = y0 + c * j->inner;
      float slope = j->slope[c], level = j->level[c], mean = j->groups[c].mean;
      if (!g) {
        for (size_t i = 0; i < j->inner; i++) y[i] = (x[i] - mean) * slope + level;
      } else {
        float share = j->share[c];
        for (size_t i = 0; i < j->inner; i++) {
          y[i] = share * g[i] + ((x[i] - mean) * slope + level);
        }
      }
    }
  }
}

static void batch_forward_part(void *context, int part) {
  const batch_job *j = context;
  size_t first = (size_t)part * j->perPart;
  batch_apply(j, j->y, first, rk_min(first + j->perPart, j->outer));
}

size_t rk_batch_norm_scratch(size_t outer, size_t channels, size_t inner) {
  if (outer * channels * inner == 0) return 0;
  size_t perPart = samples_per_block(outer, channels * inner);
  return 4 * channels * ((outer + perPart - 1) / perPart);
}

void rk_batch_norm(float *y, rk_normalisation_group *groups, bool given, const float *x,
                   const float *weight, const float *bias, size_t outer, size_t channels,
                   size_t inner, float epsilon) {
  rk_flush_denormals();
  size_t row = channels * inner, count = outer * inner;
  if (outer * row == 0) {
    for (size_t c = 0; c < channels && !given; c++) groups[c] = group_of(NAN, NAN, 0);
    return;
  }
  batch_job job = {.y = y, .x = x, .weight = weight, .bias = bias, .groups = groups, .outer = outer,
                   .channels = channels, .inner = inner, .epsilon = (double)epsilon, .given = given,
                   .perPart = samples_per_block(outer, row)};
  size_t parts = (outer + job.perPart - 1) / job.perPart;
  if (!given) {
    job.partial = allocate_doubles("batchNorm", parts * 2 * channels);
    rk_parallel((int)parts, batch_moments_part, &job);
    for (size_t c = 0; c < channels; c++) {
      moments m = {0, 0};
      for (size_t part = 0; part < parts; part++) {
        m.sum += job.partial[(part * channels + c) * 2];
        m.squares += job.partial[(part * channels + c) * 2 + 1];
      }
      groups[c] = group_from(m, (double)x[c * inner], count, job.epsilon);
    }
    release_doubles(job.partial, parts * 2 * channels);
  }
  float *constants = rk_scratch("batchNorm", 3 * channels);
  job.slope = constants;
  job.level = constants + channels;
  for (size_t c = 0; c < channels; c++) {
    group g = groups[c];
    job.slope[c] = g.scale * weight[c];
    job.level[c] = bias[c] - g.rest * job.slope[c];
    job.level[channels + c] = g.mean;
  }
  rk_parallel((int)parts, batch_forward_part, &job);
  rk_release(constants, 3 * channels);
}

/// Σ g and Σ g · (x − mean).
RK_INLINE moments sum_products(const float *restrict x, const float *restrict g, size_t count,
                            float mean, float rest) {
  double sum = 0, product = 0;
  for (size_t start = 0; start < count; start += RUN * LANES) {
    float sums[2 * LANES] = {0}, products[2 * LANES] = {0};
    size_t end = rk_min(start + RUN * LANES, count), i = start;
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
      for (size_t l = 0; l < 2 * LANES; l++) {
        sums[l] += g[i + l];
        products[l] += g[i + l] * ((x[i + l] - mean) - rest);
      }
    }
    for (size_t l = 0; i + l < end; l++) {
      sums[l] += g[i + l];
      products[l] += g[i + l] * ((x[i + l] - mean) - rest);
    }
    for (size_t l = 0; l < 2 * LANES; l++) {
      sum += (double)sums[l];
      product += (double)products[l];
    }
  }
  return (moments){sum, product};
}

RK_CLONES static void batch_products(const batch_job *j, size_t first, size_t last, double *sums) {
  size_t row = j->channels * j->inner;
  if (j->inner >= SHORT_RUN) {
    for (size_t o = first; o < last; o++) {
      for (size_t c = 0; c < j->channels; c++) {
        size_t at = o * row + c * j->inner;
        moments m = sum_products(j->x + at, j->upstream + at, j->inner, j->groups[c].mean,
                                 j->groups[c].rest);
        sums[2 * c] += m.sum;
        sums[2 * c + 1] += m.squares;
      }
    }
    return;
  }
  for (size_t start = 0; start < row; start += LANES) {
    size_t columns = rk_min(LANES, row - start);
    double sum[LANES] = {0}, product[LANES] = {0};
    float mean[LANES] = {0}, rest[LANES] = {0};
    size_t channel[LANES] = {0};
    for (size_t l = 0; l < columns; l++) {
      channel[l] = (start + l) / j->inner;
      mean[l] = j->groups[channel[l]].mean;
      rest[l] = j->groups[channel[l]].rest;
    }
    const float *restrict x = j->x + start, *restrict g = j->upstream + start;
    if (columns == LANES) {
      for (size_t o = first; o < last; o++) {
        for (size_t l = 0; l < LANES; l++) {
          size_t i = o * row + l;
          sum[l] += (double)g[i];
          product[l] += (double)(g[i] * ((x[i] - mean[l]) - rest[l]));
        }
      }
    } else {
      for (size_t o = first; o < last; o++) {
        for (size_t l = 0; l < columns; l++) {
          size_t i = o * row + l;
          sum[l] += (double)g[i];
          product[l] += (double)(g[i] * ((x[i] - mean[l]) - rest[l]));
        }
      }
    }
    for (size_t l = 0; l < columns; l++) {
      sums[2 * channel[l]] += sum[l];
      sums[2 * channel[l] + 1] += product[l];
    }
  }
}

static void batch_products_part(void *context, int part) {
  const batch_job *j = context;
  size_t first = (size_t)part * j->perPart;
  batch_products(j, first, rk_min(first + j->perPart, j->outer),
                 j->partial + (size_t)part * 2 * j->channels);
}

static void batch_gradient_part(void *context, int part) {
  const batch_job *j = context;
  size_t first = (size_t)part * j->perPart;
  batch_apply(j, j->gradX, first, rk_min(first + j->perPart, j->outer));
}

void rk_batch_norm_gradient(float *gradX, float *gradWeight, float *gradBias, const float *x,
                            const rk_normalisation_group *groups, bool given, const float *weight,
                            const float *upstream, size_t outer, size_t channels, size_t inner) {
  rk_flush_denormals();
  size_t row = channels * inner;
  if (outer * row == 0) {
    if (gradWeight) rk_fill(gradWeight, 0, channels);
    if (gradBias) rk_fill(gradBias, 0, channels);
    return;
  }
  batch_job job = {.gradX = gradX, .x = x, .weight = weight, .upstream = upstream,
                   .groups = (rk_normalisation_group *)groups, .outer = outer, .channels = channels,
                   .inner = inner, .given = given, .perPart = samples_per_block(outer, row)};
  size_t parts = (outer + job.perPart - 1) / job.perPart;
  float *constants = rk_scratch("batchNorm", 4 * channels);
  job.slope = constants;
  job.share = constants + channels;
  job.level = constants + 2 * channels;
  bool sums = gradWeight || gradBias || !given;
  if (sums) {
    job.partial = allocate_doubles("batchNorm", parts * 2 * channels);
    rk_parallel((int)parts, batch_products_part, &job);
  }
  double count = (double)(outer * inner);
  for (size_t c = 0; c < channels; c++) {
    double sum = 0, product = 0;
    for (size_t part = 0; part < parts && sums; part++) {
      sum += job.partial[(part * channels + c) * 2];
      product += job.partial[(part * channels + c) * 2 + 1];
    }
    group g = groups[c];
    double scale = (double)g.scale, outerScale = (double)weight[c] * scale;
    if (gradWeight) gradWeight[c] = (float)(product * scale);
    if (gradBias) gradBias[c] = (float)sum;
    double slope = given ? 0 : -outerScale * scale * scale * product / count;
    job.slope[c] = (float)slope;
    job.share[c] = (float)outerScale;
    job.level[c] = given ? 0.0f : (float)(-outerScale * sum / count - slope * (double)g.rest);
    job.level[channels + c] = g.mean;
  }
  if (sums) release_doubles(job.partial, parts * 2 * channels);
  if (gradX) rk_parallel((int)parts, batch_gradient_part, &job);
  rk_release(constants, 4 * channels);
}
