// Convolutions of one filter a channel (depthwise), as many outputs as inputs apart: a row is read where
// it lies and stays in the first-level cache while the taps pass over it.
//
// Every element is the bias and then the products in the order of the taps, in the middle of a row and
// at its ends.

#include "internal.h"

typedef struct {
  rk_channel_filters filters;
  size_t rowsOfPart;
} job;

/// Where tap k finds the element for the first output.
static inline int64_t start_of(const rk_channel_filters *f, size_t k) {
  return f->start + (int64_t)f->shifts[k];
}

/// Outputs that reach beyond an end: the taps one after the other, each where it reads an element.
static inline __attribute__((always_inline)) void end_of_row(const rk_channel_filters *f, float *y,
                                                             const float *x, const float *w,
                                                             float bias, int64_t from, int64_t to) {
  for (int64_t t = from; t < to; t++) y[t] = bias;
  for (size_t k = 0; k < f->taps; k++) {
    int64_t start = start_of(f, k), low = -start, high = (int64_t)f->inputs - start;
    if (low < from) low = from;
    if (high > to) high = to;
    float weight = w[k];
    const float *window = x + start;
    RK_INDEPENDENT
    for (int64_t t = low; t < high; t++) y[t] += weight * window[t];
  }
}

RK_CLONES static void filter_row(const rk_channel_filters *f, float *y, const float *x, const float *w,
                                 float bias) {
  int64_t low = 0, high = (int64_t)f->outputs;
  for (size_t k = 0; k < f->taps; k++) {
    int64_t first = -start_of(f, k), end = (int64_t)f->inputs + first;
    if (first > low) low = first;
    if (end < high) high = end;
  }
  if (high - low < 4 * (int64_t)RK_LANES) {
    end_of_row(f, y, x, w, bias, 0, (int64_t)f->outputs);
    return;
  }
  end_of_row(f, y, x, w, bias, 0, low);
  end_of_row(f, y, x, w, bias, high, (int64_t)f->outputs);
  for (int64_t t = low; t < high;) {
    // the last ones anew where they are no whole four vectors
    if (t > high - 4 * (int64_t)RK_LANES) t = high - 4 * (int64_t)RK_LANES;
    rk_lanes sum[4];
    for (size_t v = 0; v < 4; v++) sum[v] = (rk_lanes){0} + bias;
    for (size_t k = 0; k < f->taps; k++) {
      const float *window = x + start_of(f, k) + t;
      float weight = w[k];
      for (size_t v = 0; v < 4; v++) {
        sum[v] += weight * *(const rk_unaligned_lanes *)(window + v * RK_LANES);
      }
    }
    for (size_t v = 0; v < 4; v++) *(rk_unaligned_lanes *)(y + t + v * RK_LANES) = sum[v];
    t += 4 * (int64_t)RK_LANES;
  }
}

static void filter_part(void *context, int part) {
  const job *j = context;
  const rk_channel_filters *f = &j->filters;
  size_t row = (size_t)part * j->rowsOfPart, last = rk_min(row + j->rowsOfPart, f->rows);
  for (; row < last; row++) {
    size_t channel = row % f->channels;
    filter_row(f, f->result + row * f->outputs, f->source + row * f->inputs,
               f->weights + channel * f->taps, f->bias ? f->bias[channel] : 0.0f);
  }
}

void rk_filter_channels(rk_channel_filters filters) {
  job j = {filters, RK_PART / (filters.outputs * filters.taps) + 1};
  rk_parallel((int)((filters.rows + j.rowsOfPart - 1) / j.rowsOfPart), filter_part, &j);
}
