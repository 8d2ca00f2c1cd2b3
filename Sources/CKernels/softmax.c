// Softmax, its logarithm and the logarithm of the sum, along the middle axis of [outer, classes,
// inner].
//
// e^x is computed once, in single precision, and summed in double precision. Rows that lie side by
// side are vector code along the row; other layouts, and rows of a few classes, are vector code
// across rows. What is left over of a row fills a vector up with −∞, whose exponential is 0.

#include <stdlib.h>

#include "internal.h"

/// Elements whose exponentials stay in registers and the first-level cache until they are summed.
#define CHUNK 256
/// Rows that are handled at once where the vectors lie across them.
#define LANES ((size_t)64)
/// Rows of fewer classes are turned, so that vectors lie across them.
#define FEW RK_FEW_CLASSES

// MARK: - One row: its steps are inlined into one function for each processor, since a row is short

typedef float vector __attribute__((vector_size(64), aligned(4)));
typedef int32_t choice __attribute__((vector_size(64), aligned(4)));

/// e^x for x ≤ 0, 0 where it would be denormal: the sum, and the product with its inverse, would
/// take it for that anyway. Error: 1.01 ulp over every third float, with and without fused multiplication and
/// addition.
RK_INLINE float share_of(float x) {
  float shifted = x * 1.44269504f + RK_ROUNDING;
  float whole = shifted - RK_ROUNDING;
  float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float y = 1.0f + (r + rk_exp_tail(r));
  // 2^whole, which the low bits of `shifted` hold
  y *= rk_float((int32_t)(((uint32_t)rk_bits(shifted) << 23) + 0x3F800000u));
  return x < -87.3365402f ? 0.0f : y;
}

/// out = e^(x − peak) for a multiple of 16; `out` may be `x`.
RK_INLINE void exponentials(float *out, const float *x, float peak, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) out[i] = share_of(x[i] - peak);
}

RK_INLINE void hide(float *restrict out, const float *restrict x, const float *restrict mask,
                    size_t count) {
  RK_INDEPENDENT
  for (size_t i = 0; i < count; i++) out[i] = mask[i] != 0.0f ? x[i] : -INFINITY;
}

/// The larger; of a NaN beside a number, the number `b`.
RK_INLINE void take_larger(float *restrict b, const float *restrict a, size_t count) {
  for (size_t i = 0; i < count; i++) b[i] = a[i] > b[i] ? a[i] : b[i];
}

/// The largest of a row; a NaN is none. Four vectors, so that one comparison need not wait for the last.
RK_INLINE float largest(const float *restrict x, size_t count) {
  float lanes[64];
  for (size_t lane = 0; lane < 64; lane++) lanes[lane] = -INFINITY;
  size_t i = 0;
  for (; i + 64 <= count; i += 64) take_larger(lanes, x + i, 64);
  for (size_t lane = 0; i + 16 <= count; i += 16, lane += 16) take_larger(lanes + lane, x + i, 16);
  take_larger(lanes, x + i, count - i);
  for (size_t width = 32; width > 0; width /= 2) take_larger(lanes, lanes + width, width);
  return lanes[0];
}

RK_INLINE double sum_of_lanes(double *lanes) {
  for (size_t width = 8; width > 0; width /= 2) {
    for (size_t lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  }
  return lanes[0];
}

RK_INLINE double sum_of_products(const float *restrict x, const float *restrict y, size_t count) {
  double lanes[16] = {0};
  size_t whole = count / 16 * 16;
  for (size_t i = 0; i < whole; i += 16) {
    for (size_t lane = 0; lane < 16; lane++) {
      lanes[lane] += (double)x[i + lane] * (double)y[i + lane];
    }
  }
  for (size_t i = whole; i < count; i++) lanes[i - whole] += (double)x[i] * (double)y[i];
  return sum_of_lanes(lanes);
}

RK_INLINE void scale(float *restrict y, float factor, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] *= factor;
}

/// Σ e^(x − peak); the terms go to `out` unless it is NULL.
RK_INLINE double sum_exponentials(float *out, const float *x, float peak, size_t count) {
  double total = 0;
  for (size_t start = 0; start < count; start += CHUNK) {
    size_t here = rk_min(CHUNK, count - start), whole = here / 16 * 16;
    float terms[CHUNK], *to = out ? out + start : terms;
    exponentials(to, x + start, peak, whole);
    if (whole < here) {
      float rest[16], result[16];
      for (size_t i = 0; i < 16; i++) rest[i] = whole + i < here ? x[start + whole + i] : -INFINITY;
      exponentials(result, rest, peak, 16);
      memcpy(to + whole, result, (here - whole) * sizeof(float));
    }
    total += rk_sum_run(to, here);
  }
  return total;
}

RK_INLINE void subtract(float *restrict y, const float *restrict x, float peak, float logarithm,
                        size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = (x[i] - peak) - logarithm;
}

RK_CLONES static void softmax_row(rk_softmax_kind kind, float *y, const float *x,
                                  size_t classes) {
  float peak = largest(x, classes);
  if (kind == RK_LOG_SUM_EXP) {
    float shift = isfinite(peak) ? peak : 0.0f;  // the sum is then infinite, or 0, or NaN
    double total = 0;
    if (isfinite(peak)) total = sum_exponentials(NULL, x, shift, classes);
    else for (size_t c = 0; c < classes; c++) total += exp((double)x[c]);
    *y = (float)((double)shift + log(total));
    return;
  }
  double total = sum_exponentials(kind == RK_SOFTMAX ? y : NULL, x, peak, classes);
  if (kind == RK_SOFTMAX) scale(y, (float)(1.0 / total), classes);
  else subtract(y, x, peak, (float)log(total), classes);
}

/// Of what the mask lets through; `hidden` is a buffer of the row's size.
RK_CLONES static void masked_row(float *y, const float *x, const float *mask, float *hidden,
                                 size_t classes) {
  hide(hidden, x, mask, classes);
  float peak = largest(hidden, classes);
  if (peak == -INFINITY) {
    bool isEmpty = true;
    for (size_t c = 0; c < classes && isEmpty; c++) isEmpty = mask[c] == 0.0f;
    if (isEmpty) {
      memset(y, 0, classes * sizeof(float));
      return;
    }
  }
  double total = sum_exponentials(y, hidden, peak, classes);
  scale(y, (float)(1.0 / total), classes);
}

/// `out` may be `g`.
RK_INLINE void softmax_gradient(float *out, const float *y, const float *g, float sum,
                                size_t count) {
  RK_INDEPENDENT
  for (size_t i = 0; i < count; i++) out[i] = y[i] * (g[i] - sum);
}

RK_INLINE void log_softmax_gradient(float *restrict out, const float *restrict y,
                                    const float *restrict g, float sum, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) out[i] = g[i] - rk_exp_negativef(y[i]) * sum;
}

RK_CLONES static void gradient_row(rk_softmax_kind kind, float *out, const float *saved,
                                   const float *g, size_t classes) {
  if (kind == RK_SOFTMAX) {
    softmax_gradient(out, saved, g, (float)sum_of_products(saved, g, classes), classes);
  } else if (kind == RK_LOG_SOFTMAX) {
    float total = (float)rk_sum_run(g, classes);
    size_t whole = classes / 16 * 16;
    log_softmax_gradient(out, saved, g, total, whole);
    if (whole == classes) return;
    float rest[3][16] = {{0}};
    size_t size = (classes - whole) * sizeof(float);
    memcpy(rest[0], saved + whole, size);
    memcpy(rest[1], g + whole, size);
    log_softmax_gradient(rest[2], rest[0], rest[1], total, 16);
    memcpy(out + whole, rest[2], size);
  } else {
    float peak = largest(saved, classes);
    if (!isfinite(peak)) {
      // of −∞ alone none has a share; ∞ has the share ∞ / ∞
      bool isNaN = false;
      for (size_t c = 0; c < classes; c++) isNaN = isNaN || isnan(saved[c]);
      for (size_t c = 0; c < classes; c++) {
        out[c] = isNaN || saved[c] == INFINITY ? NAN : 0.0f;
      }
      return;
    }
    // not from the result: far from 0 its rounding would be seen
    double total = sum_exponentials(out, saved, peak, classes);
    scale(out, (float)((double)*g / total), classes);
  }
}

void rk_softmax_rows(float *x, size_t row, size_t rows, size_t count) {
  for (size_t r = 0; r < rows; r++) softmax_row(RK_SOFTMAX, x + r * row, x + r * row, count);
}

void rk_softmax_gradient_rows(float *g, const float *y, size_t row, size_t rows, size_t count) {
  for (size_t r = 0; r < rows; r++) {
    gradient_row(RK_SOFTMAX, g + r * row, y + r * row, g + r * row, count);
  }
}

// MARK: - Across rows: `lanes` of them, their classes `stride` apart; lanes is a multiple of 16

RK_CLONES static void find_peaks(float *restrict peaks, const float *restrict x, size_t classes,
                                 size_t stride, size_t lanes) {
  for (size_t i = 0; i < lanes; i++) peaks[i] = -INFINITY;
  for (size_t c = 0; c < classes; c++) {
    const float *restrict from = x + c * stride;
    for (size_t i = 0; i < lanes; i++) peaks[i] = from[i] > peaks[i] ? from[i] : peaks[i];
  }
}

RK_CLONES static void add_exponentials(float *restrict y, double *restrict sums,
                                       const float *restrict x, const float *restrict peaks,
                                       size_t classes, size_t stride, size_t lanes) {
  for (size_t i = 0; i < lanes; i++) sums[i] = 0;
  for (size_t c = 0; c < classes; c++) {
    RK_VECTOR
    for (size_t i = 0; i < lanes; i++) {
      float e = rk_exp_negativef(x[c * stride + i] - peaks[i]);
      y[c * stride + i] = e;
      sums[i] += (double)e;
    }
  }
}

RK_CLONES static void finish_columns(rk_softmax_kind kind, float *restrict y,
                                     const float *restrict x, const float *restrict peaks,
                                     const double *restrict sums, size_t classes, size_t stride,
                                     size_t lanes) {
  float last[LANES];
  for (size_t i = 0; i < lanes; i++) {
    last[i] = (float)(kind == RK_SOFTMAX ? 1.0 / sums[i] : log(sums[i]));
  }
  for (size_t c = 0; c < classes; c++) {
    float *restrict to = y + c * stride;
    const float *restrict from = x + c * stride;
    if (kind == RK_SOFTMAX) for (size_t i = 0; i < lanes; i++) to[i] *= last[i];
    else for (size_t i = 0; i < lanes; i++) to[i] = (from[i] - peaks[i]) - last[i];
  }
}

static void softmax_columns(rk_softmax_kind kind, float *y, const float *x, size_t classes,
                            size_t stride, size_t lanes) {
  float peaks[LANES];
  double sums[LANES];
  find_peaks(peaks, x, classes, stride, lanes);
  add_exponentials(y, sums, x, peaks, classes, stride, lanes);
  finish_columns(kind, y, x, peaks, sums, classes, stride, lanes);
}

RK_CLONES static void gradient_columns(rk_softmax_kind kind, float *restrict out,
                                       const float *restrict y, const float *restrict g,
                                       size_t classes, size_t stride, size_t lanes) {
  double sums[LANES];
  float totals[LANES];
  for (size_t i = 0; i < lanes; i++) sums[i] = 0;
  for (size_t c = 0; c < classes; c++) {
    const float *restrict values = y + c * stride, *restrict above = g + c * stride;
    if (kind == RK_SOFTMAX) {
      for (size_t i = 0; i < lanes; i++) sums[i] += (double)values[i] * (double)above[i];
    } else {
      for (size_t i = 0; i < lanes; i++) sums[i] += (double)above[i];
    }
  }
  for (size_t i = 0; i < lanes; i++) totals[i] = (float)sums[i];
  for (size_t c = 0; c < classes; c++) {
    float *restrict to = out + c * stride;
    const float *restrict values = y + c * stride, *restrict above = g + c * stride;
    if (kind == RK_SOFTMAX) {
      for (size_t i = 0; i < lanes; i++) to[i] = values[i] * (above[i] - totals[i]);
    } else {
      RK_VECTOR
      for (size_t i = 0; i < lanes; i++) {
        to[i] = above[i] - rk_exp_negativef(values[i]) * totals[i];
      }
    }
  }
}

// MARK: - All rows

typedef struct {
  rk_softmax_kind kind;
  float *out;
  const float *x, *upstream;
  size_t outer, classes, inner;
  size_t units, perPart;
  const rk_softmax_mask *mask;
} job;

static void turn(float *to, const float *from, size_t rows, size_t classes) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < classes; c++) to[c * LANES + r] = from[r * classes + c];
  }
}

static void turn_back(float *to, const float *from, size_t rows, size_t classes) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < classes; c++) to[r * classes + c] = from[c * LANES + r];
  }
}

/// Units are LANES rows of few classes.
static void turned_part(void *context, int part) {
  job *j = context;
  float x[FEW * LANES] = {0}, y[FEW * LANES], g[FEW * LANES] = {0};
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->units);
  for (size_t unit = first; unit < last; unit++) {
    size_t row = unit * LANES, rows = rk_min(LANES, j->outer - row), at = row * j->classes;
    turn(x, j->x + at, rows, j->classes);
    if (j->upstream) {
      turn(g, j->upstream + at, rows, j->classes);
      gradient_columns(j->kind, y, x, g, j->classes, LANES, LANES);
    } else {
      softmax_columns(j->kind, y, x, j->classes, LANES, LANES);
    }
    turn_back(j->out + at, y, rows, j->classes);
  }
}

/// Units are LANES (or 16) columns of one [classes, inner].
static void columns_part(void *context, int part) {
  job *j = context;
  size_t lanes = j->inner >= LANES ? LANES : 16, blocks = (j->inner + lanes - 1) / lanes;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->units);
  for (size_t unit = first; unit < last; unit++) {
    // the last block is narrower: columns that another part has, too, would be written by both
    size_t column = unit % blocks * lanes, width = rk_min(lanes, j->inner - column);
    size_t at = unit / blocks * j->classes * j->inner + column;
    if (j->upstream) {
      gradient_columns(j->kind, j->out + at, j->x + at, j->upstream + at, j->classes, j->inner,
                       width);
    } else {
      softmax_columns(j->kind, j->out + at, j->x + at, j->classes, j->inner, width);
    }
  }
}

static void gather(float *to, const float *from, size_t count, size_t stride) {
  for (size_t i = 0; i < count; i++) to[i] = from[i * stride];
}

/// Where the mask of a row begins.
static const float *mask_of(const rk_softmax_mask *mask, size_t row) {
  const float *from = mask->mask;
  for (int axis = mask->rank - 2; axis >= 0; axis--) {
    size_t size = (size_t)mask->dimensions[axis];
    from += (int64_t)(row % size) * mask->strides[axis];
    row /= size;
  }
  return from;
}

/// Units are rows.
static void rows_part(void *context, int part) {
  job *j = context;
  size_t classes = j->classes, inner = j->inner;
  size_t first = (size_t)part * j->perPart, last = rk_min(first + j->perPart, j->units);
  bool sums = j->kind == RK_LOG_SUM_EXP;
  // rows that do not lie side by side are copied to buffers that do
  float *buffer = NULL;
  if (inner > 1 || j->mask) buffer = rk_scratch(sums ? "logSumExp" : "softmax", 5 * classes);
  for (size_t row = first; row < last; row++) {
    size_t at = row / inner * classes * inner + row % inner;
    const float *x = j->x + at, *g = j->upstream ? j->upstream + (sums ? row : at) : NULL;
    float *out = j->out + (sums && !g ? row : at), *result = out;
    if (inner > 1) {
      gather(buffer, x, classes, inner);
      x = buffer;
      if (!sums || g) result = buffer + classes;
      if (g && !sums) {
        gather(buffer + 2 * classes, g, classes, inner);
        g = buffer + 2 * classes;
      }
    }
    if (j->mask && !g) {
      const float *mask = mask_of(j->mask, row);
      int64_t stride = j->mask->strides[j->mask->rank - 1];
      if (stride != 1) {
        float *copy = buffer + 3 * classes;
        for (size_t c = 0; c < classes; c++) copy[c] = mask[(int64_t)c * stride];
        mask = copy;
      }
      masked_row(result, x, mask, buffer + 4 * classes, classes);
    } else if (g) {
      gradient_row(j->kind, result, x, g, classes);
    } else {
      softmax_row(j->kind, result, x, classes);
    }
    if (result != out) for (size_t c = 0; c < classes; c++) out[c * inner] = result[c];
  }
  if (buffer) rk_release(buffer, 5 * classes);
}

static void run(job j) {
  if (j.outer * j.inner == 0 || (j.classes == 0 && j.kind != RK_LOG_SUM_EXP)) return;
  void (*body)(void *, int) = rows_part;
  size_t unit = j.classes;
  j.units = j.outer * j.inner;
  if (j.kind != RK_LOG_SUM_EXP && !j.mask) {
    if (j.inner == 1 && j.classes < FEW) {
      body = turned_part;
      unit = LANES * j.classes;
      j.units = (j.outer + LANES - 1) / LANES;
    } else if (j.inner >= 16) {
      size_t lanes = j.inner >= LANES ? LANES : 16;
      body = columns_part;
      unit = lanes * j.classes;
      j.units = j.outer * ((j.inner + lanes - 1) / lanes);
    }
  }
  j.perPart = RK_PART / (unit + 1) + 1;
  rk_parallel((int)((j.units + j.perPart - 1) / j.perPart), body, &j);
}

void rk_softmax(rk_softmax_kind kind, float *y, const float *x, size_t outer, size_t classes,
                size_t inner, const rk_softmax_mask *mask) {
  run((job){.kind = kind, .out = y, .x = x, .outer = outer, .classes = classes, .inner = inner,
            .mask = mask});
}

void rk_softmax_gradient(rk_softmax_kind kind, float *gradX, const float *saved,
                         const float *upstream, size_t outer, size_t classes, size_t inner) {
  run((job){.kind = kind, .out = gradX, .x = saved, .upstream = upstream, .outer = outer,
            .classes = classes, .inner = inner});
}

// MARK: - Cross-entropy

RK_CLONES static void log_sum(float *peak, float *logarithm, const float *x, size_t classes) {
  *peak = largest(x, classes);
  *logarithm = (float)log(sum_exponentials(NULL, x, *peak, classes));
}

/// e^(x − peak − logarithm) of `width` columns of rows that are `classes` apart: up to CHUNK shares,
/// side by side, and what fills them up to a multiple of 16.
RK_CLONES static void shares_of(float *restrict shares, const float *restrict x,
                                const float *restrict peaks, const float *restrict logarithms,
                                size_t rows, size_t classes, size_t width) {
  float shifted[CHUNK];
  size_t count = rows * width, padded = (count + 15) / 16 * 16;
  for (size_t r = 0; r < rows; r++) {
    subtract(shifted + r * width, x + r * classes, peaks[r], logarithms[r], width);
  }
  for (size_t i = count; i < padded; i++) shifted[i] = 0;
  exponentials(shares, shifted, 0.0f, padded);
}

typedef struct {
  rk_cross_entropy_shape s;
  float *out, *peaks, *logarithms;
  const float *upstream;
} cross_entropy_job;

/// Rows of one part: a multiple of LANES.
static size_t cross_entropy_rows(size_t classes) {
  return (RK_PART / (classes * LANES) + 1) * LANES;
}

static bool is_class(const rk_cross_entropy_shape *s, size_t row) {
  return s->labels[row] >= 0 && (size_t)s->labels[row] < s->classes;
}

static void cross_entropy_part(void *context, int part) {
  cross_entropy_job *j = context;
  rk_cross_entropy_shape s = j->s;
  size_t perPart = cross_entropy_rows(s.classes), K = s.classes;
  size_t first = (size_t)part * perPart, last = rk_min(first + perPart, s.rows);
  for (size_t row = first; row < last; row += LANES) {
    size_t rows = rk_min(LANES, last - row);
    float *peaks = j->peaks + row, *logarithms = j->logarithms + row;
    if (K < FEW) {
      float x[FEW * LANES] = {0}, y[FEW * LANES], highest[LANES];
      double sums[LANES];
      turn(x, s.x + row * K, rows, K);
      find_peaks(highest, x, K, LANES, LANES);
      add_exponentials(y, sums, x, highest, K, LANES, LANES);
      for (size_t r = 0; r < rows; r++) peaks[r] = highest[r], logarithms[r] = (float)log(sums[r]);
    } else {
      for (size_t r = 0; r < rows; r++) {
        log_sum(peaks + r, logarithms + r, s.x + (row + r) * K, K);
      }
    }
    for (size_t r = 0; r < rows; r++) {
      double loss = 0;
      if (is_class(&s, row + r)) {
        const float *x = s.x + (row + r) * K;
        size_t label = (size_t)s.labels[row + r];
        double spread = (double)s.smoothing / (double)K;
        loss = -(1.0 - (double)s.smoothing) * (double)s.weights[label]
               * (double)((x[label] - peaks[r]) - logarithms[r]);
        if (spread > 0) {
          double all = 0;
          for (size_t k = 0; k < K; k++) {
            all += (double)s.weights[k] * (double)((x[k] - peaks[r]) - logarithms[r]);
          }
          loss -= spread * all;
        }
      }
      j->out[row + r] = (float)loss;
    }
  }
}

void rk_cross_entropy(rk_cross_entropy_shape shape, float *losses, float *peaks,
                      float *logarithms) {
  if (shape.classes == 0) return;
  cross_entropy_job j = {shape, losses, peaks, logarithms, NULL};
  size_t perPart = cross_entropy_rows(shape.classes);
  rk_parallel((int)((shape.rows + perPart - 1) / perPart), cross_entropy_part, &j);
}

static void cross_entropy_gradient_part(void *context, int part) {
  cross_entropy_job *j = context;
  rk_cross_entropy_shape s = j->s;
  size_t perPart = cross_entropy_rows(s.classes), K = s.classes;
  size_t first = (size_t)part * perPart, last = rk_min(first + perPart, s.rows);
  double weight = 0, spread = (double)s.smoothing / (double)K;
  for (size_t k = 0; k < K; k++) weight += (double)s.weights[k];
  // a piece of one row, or several whole rows: enough for vectors
  float shares[CHUNK];
  size_t rowsAtOnce = K < CHUNK ? CHUNK / K : 1;
  for (size_t row = first; row < last; row += rowsAtOnce) {
    size_t rows = rk_min(rowsAtOnce, last - row);
    for (size_t column = 0; column < K; column += CHUNK) {
      size_t width = rk_min(CHUNK, K - column);
      shares_of(shares, s.x + row * K + column, j->peaks + row, j->logarithms + row, rows, K,
                width);
      for (size_t r = 0; r < rows; r++) {
        float *out = j->out + (row + r) * K + column;
        if (!is_class(&s, row + r)) {
          memset(out, 0, width * sizeof(float));
          continue;
        }
        size_t label = (size_t)s.labels[row + r];
        double g = (double)j->upstream[row + r], own = (1.0 - (double)s.smoothing) * (double)s.weights[label];
        float factor = (float)(g * (own + spread * weight));
        const float *share = shares + r * width;
        for (size_t k = 0; k < width; k++) out[k] = share[k] * factor;
        if (spread > 0) {
          for (size_t k = 0; k < width; k++) out[k] -= (float)(g * spread) * s.weights[column + k];
        }
        if (label >= column && label < column + width) {
          out[label - column] -= (float)(g * own);
        }
      }
    }
  }
}

void rk_cross_entropy_gradient(rk_cross_entropy_shape shape, float *gradX, const float *peaks,
                               const float *logarithms, const float *upstream) {
  if (shape.classes == 0) return;
  cross_entropy_job j = {shape, gradX, (float *)peaks, (float *)logarithms, upstream};
  size_t perPart = cross_entropy_rows(shape.classes);
  rk_parallel((int)((shape.rows + perPart - 1) / perPart), cross_entropy_gradient_part, &j);
}
