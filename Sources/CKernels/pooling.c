// Pooling of planes [rows, columns]; a sequence is a plane of one row.
//
// Some outputs of one row are computed together, one tap of the window after the other: neighbouring
// outputs are then lanes of a vector whatever the kernel, and padding is a shorter range of outputs.

#include "internal.h"

/// Outputs computed together: they stay in the first-level cache while the taps pass.
#define CHUNK ((size_t)512)
/// From as many elements in a window on, its sum is taken on its own, in blocks: one after the other
/// they would lose digits.
#define LARGE_WINDOW ((size_t)64)

typedef struct job job;
struct job {
  /// What is done with some of the planes.
  void (*planes)(const job *, size_t start, size_t end);
  rk_pooling s;
  float *to;
  const float *x, *upstream;
  bool countsPadding;
  const float *columnCounts;
  size_t perPart;
};

typedef struct {
  size_t first, last;  // elements of the input: first ≤ i < last
  size_t count;        // what an average divides by
} window;

/// PyTorch's windows: padding counts up to the padded end, adaptive ones go from ⌊l·in/out⌋ to
/// ⌈(l + 1)·in/out⌉.
static window window_of(rk_pool_axis a, size_t l, bool countsPadding) {
  if (a.kernel == 0) {
    window w = {l * a.inputs / a.outputs, ((l + 1) * a.inputs + a.outputs - 1) / a.outputs, 0};
    w.count = w.last - w.first;
    return w;
  }
  size_t start = l * a.stride, end = rk_min(start + a.kernel, a.inputs + 2 * a.padding);
  window w = {start > a.padding ? start - a.padding : 0,
              rk_min(end > a.padding ? end - a.padding : 0, a.inputs), 0};
  w.count = countsPadding ? end - start : w.last - w.first;
  return w;
}

/// The outputs between `from` and `to` whose tap k is an element of the input.
static inline void outputs_of(rk_pool_axis a, size_t k, size_t from, size_t to, size_t *low,
                              size_t *high) {
  *low = a.padding > k ? (a.padding - k + a.stride - 1) / a.stride : 0;
  *high = a.inputs + a.padding > k ? (a.inputs + a.padding - k - 1) / a.stride + 1 : 0;
  if (*low < from) *low = from;
  if (*high > to) *high = to;
  if (*low > *high) *low = *high;
}

/// Repeats a loop for the common strides, so that it is vectorised for each.
#define FOR_STRIDES(stride, body)                                                               \
  switch (stride) {                                                                              \
    case 1: { enum { STRIDE = 1 }; body } break;                                                 \
    case 2: { enum { STRIDE = 2 }; body } break;                                                 \
    case 3: { enum { STRIDE = 3 }; body } break;                                                 \
    case 4: { enum { STRIDE = 4 }; body } break;                                                 \
    default: { const size_t STRIDE = stride; body } break;                                       \
  }

// MARK: - The largest

/// NaN wins over all, and nothing but NaN over it, as in PyTorch.
#define IS_LARGER(value, best) ((value) > (best) || (value) != (value))

RK_CLONES static void largest_of_planes(const job *j, size_t start, size_t end) {
  rk_pool_axis rows = j->s.rows, columns = j->s.columns;
  for (size_t row = start * rows.outputs; row < end * rows.outputs; row++) {
    const float *plane = j->x + row / rows.outputs * rows.inputs * columns.inputs;
    window w = window_of(rows, row % rows.outputs, false);
    for (size_t from = 0; from < columns.outputs; from += CHUNK) {
      size_t to = rk_min(from + CHUNK, columns.outputs);
      float *y = j->to + row * columns.outputs;
      for (size_t l = from; l < to; l++) y[l] = -INFINITY;
      for (size_t r = w.first; r < w.last; r++) {
        for (size_t k = 0; k < columns.kernel; k++) {
          size_t low, high;
          outputs_of(columns, k, from, to, &low, &high);
          const float *restrict x =
              plane + r * columns.inputs + (low * columns.stride + k - columns.padding);
          float *restrict best = y + low;
          FOR_STRIDES(columns.stride, {
            for (size_t l = 0; l < high - low; l++) {
              float value = x[l * STRIDE];
              best[l] = IS_LARGER(value, best[l]) ? value : best[l];
            }
          })
        }
      }
    }
  }
}

/// Whether the windows of a row follow one another and fill whole vectors.
static bool has_side_by_side_windows(rk_pooling s) {
  return s.rows.kernel == 1 && s.rows.stride == 1 && s.rows.padding == 0 &&
         s.columns.padding == 0 && s.columns.kernel == s.columns.stride &&
         (s.columns.kernel == 2 || s.columns.kernel == 4) &&
         s.columns.outputs * s.columns.kernel <= s.columns.inputs;
}

typedef rk_lanes lanes;
typedef rk_unaligned_lanes unaligned_lanes;
typedef uint32_t choices __attribute__((vector_size(64)));

/// Each lane's neighbour by one, and by two.
#define BY_ONE(v) __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
#define BY_TWO(v) __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)

/// The gradient of sixteen elements in windows of two or four: the first of the largest gets that of its
/// window. False where an element is a NaN.
RK_INLINE bool give_within_lanes(float *gradient, const float *x, const float *upstream,
                                 size_t kernel) {
  lanes values = *(const unaligned_lanes *)x, largest = values;
  if (__builtin_reduce_or(values != values)) return false;
  largest = __builtin_elementwise_max(largest, BY_ONE(largest));
  choices places = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  lanes given;
  if (kernel == 4) {
    largest = __builtin_elementwise_max(largest, BY_TWO(largest));
    places = (choices){0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
    typedef float four __attribute__((vector_size(16), aligned(4)));
    four g = *(const four *)upstream;
    given = __builtin_shufflevector(g, g, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  } else {
    typedef float eight __attribute__((vector_size(32), aligned(4)));
    eight g = *(const eight *)upstream;
    given = __builtin_shufflevector(g, g, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
  }
  // where it is not the largest, the highest number there is
  choices first = places | (choices)(values != largest);
  first = __builtin_elementwise_min(first, BY_ONE(first));
  if (kernel == 4) first = __builtin_elementwise_min(first, BY_TWO(first));
  *(unaligned_lanes *)gradient = (lanes)((choices)given & (choices)(places == first));
  return true;
}

/// One window after the other.
static void give_to_windows(float *gradient, const float *x, const float *upstream, size_t kernel,
                            size_t windows) {
  for (size_t l = 0; l < windows; l++, x += kernel, gradient += kernel) {
    float best = -INFINITY;
    size_t chosen = 0;
    for (size_t k = 0; k < kernel; k++) {
      gradient[k] = 0;
      if (!IS_LARGER(x[k], best)) continue;
      best = x[k];
      chosen = k;
    }
    gradient[chosen] = upstream[l];
  }
}

/// Each element is written once.
RK_CLONES static void give_side_by_side(const job *j, size_t start, size_t end) {
  size_t rows = j->s.rows.outputs, inputs = j->s.columns.inputs, outputs = j->s.columns.outputs;
  size_t kernel = j->s.columns.kernel, together = RK_LANES / kernel;
  for (size_t row = start * rows; row < end * rows; row++) {
    const float *x = j->x + row * inputs, *upstream = j->upstream + row * outputs;
    float *gradient = j->to + row * inputs;
    size_t l = 0;
    for (; l + together <= outputs; l += together) {
      size_t place = l * kernel;
      bool isGiven = kernel == 4 ? give_within_lanes(gradient + place, x + place, upstream + l, 4)
                                 : give_within_lanes(gradient + place, x + place, upstream + l, 2);
      if (!isGiven) {
        give_to_windows(gradient + place, x + place, upstream + l, kernel, together);
      }
    }
    size_t place = l * kernel, used = outputs * kernel;
    give_to_windows(gradient + place, x + place, upstream + l, kernel, outputs - l);
    memset(gradient + used, 0, (inputs - used) * sizeof(float));
  }
}

RK_CLONES static void give_to_largest(const job *j, size_t start, size_t end) {
  rk_pool_axis rows = j->s.rows, columns = j->s.columns;
  size_t size = rows.inputs * columns.inputs;
  memset(j->to + start * size, 0, (end - start) * size * sizeof(float));
  float best[CHUNK];
  int32_t chosen[CHUNK];
  for (size_t row = start * rows.outputs; row < end * rows.outputs; row++) {
    const float *plane = j->x + row / rows.outputs * size;
    float *gradient = j->to + row / rows.outputs * size;
    window w = window_of(rows, row % rows.outputs, false);
    for (size_t from = 0; from < columns.outputs; from += CHUNK) {
      size_t to = rk_min(from + CHUNK, columns.outputs), count = to - from;
      for (size_t l = 0; l < count; l++) {
        size_t first = (from + l) * columns.stride;
        first = first > columns.padding ? first - columns.padding : 0;
        best[l] = -INFINITY;
        chosen[l] = (int32_t)(w.first * columns.inputs + first);
      }
      for (size_t r = w.first; r < w.last; r++) {
        for (size_t k = 0; k < columns.kernel; k++) {
          size_t low, high;
          outputs_of(columns, k, from, to, &low, &high);
          size_t place = r * columns.inputs + (low * columns.stride + k - columns.padding);
          const float *restrict x = plane + place;
          float *restrict b = best + (low - from);
          int32_t *restrict c = chosen + (low - from);
          FOR_STRIDES(columns.stride, {
            for (size_t l = 0; l < high - low; l++) {
              float value = x[l * STRIDE];
              bool larger = IS_LARGER(value, b[l]);
              b[l] = larger ? value : b[l];
              c[l] = larger ? (int32_t)place + (int32_t)(l * STRIDE) : c[l];
            }
          })
        }
      }
      const float *upstream = j->upstream + row * columns.outputs + from;
      for (size_t l = 0; l < count; l++) gradient[chosen[l]] += upstream[l];
    }
  }
}

// MARK: - The mean

/// Windows of any kind, each on its own.
static float sum_of_window(const float *plane, size_t width, window rows, window columns) {
  size_t length = columns.last - columns.first, count = rows.last - rows.first;
  const float *from = plane + rows.first * width + columns.first;
  if (length == width) {
    length *= count;
    count = 1;
  }
  double sum = 0;
  for (size_t r = 0; r < count; r++, from += width) {
    if (length < 16) {
      for (size_t i = 0; i < length; i++) sum += from[i];
    } else {
      float part;
      rk_sum_axis(&part, from, 1, length, 1);
      sum += part;
    }
  }
  return (float)sum;
}

static bool has_large_windows(rk_pooling s) {
  return s.rows.kernel * s.columns.kernel == 0 || s.rows.kernel * s.columns.kernel >= LARGE_WINDOW;
}

RK_CLONES static void average_planes(const job *j, size_t start, size_t end) {
  rk_pool_axis rows = j->s.rows, columns = j->s.columns;
  bool large = has_large_windows(j->s);
  for (size_t row = start * rows.outputs; row < end * rows.outputs; row++) {
    const float *plane = j->x + row / rows.outputs * rows.inputs * columns.inputs;
    window w = window_of(rows, row % rows.outputs, j->countsPadding);
    float *restrict y = j->to + row * columns.outputs;
    const float *restrict counts = j->columnCounts;
    if (large) {
      for (size_t l = 0; l < columns.outputs; l++) {
        y[l] = sum_of_window(plane, columns.inputs, w, window_of(columns, l, j->countsPadding)) /
               ((float)w.count * counts[l]);
      }
      continue;
    }
    for (size_t from = 0; from < columns.outputs; from += CHUNK) {
      size_t to = rk_min(from + CHUNK, columns.outputs);
      for (size_t l = from; l < to; l++) y[l] = 0;
      for (size_t r = w.first; r < w.last; r++) {
        for (size_t k = 0; k < columns.kernel; k++) {
          size_t low, high;
          outputs_of(columns, k, from, to, &low, &high);
          const float *restrict x =
              plane + r * columns.inputs + (low * columns.stride + k - columns.padding);
          float *restrict sum = y + low;
          FOR_STRIDES(columns.stride, {
            for (size_t l = 0; l < high - low; l++) sum[l] += x[l * STRIDE];
          })
        }
      }
      for (size_t l = from; l < to; l++) y[l] /= (float)w.count * counts[l];
    }
  }
}

RK_CLONES static void spread_over_planes(const job *j, size_t start, size_t end) {
  rk_pool_axis rows = j->s.rows, columns = j->s.columns;
  size_t size = rows.inputs * columns.inputs;
  memset(j->to + start * size, 0, (end - start) * size * sizeof(float));
  float shares[CHUNK];
  for (size_t row = start * rows.outputs; row < end * rows.outputs; row++) {
    float *plane = j->to + row / rows.outputs * size;
    window w = window_of(rows, row % rows.outputs, j->countsPadding);
    const float *restrict counts = j->columnCounts;
    for (size_t from = 0; from < columns.outputs; from += CHUNK) {
      size_t to = rk_min(from + CHUNK, columns.outputs);
      const float *restrict upstream = j->upstream + row * columns.outputs;
      for (size_t l = from; l < to; l++) {
        shares[l - from] = upstream[l] / ((float)w.count * counts[l]);
      }
      if (has_large_windows(j->s)) {
        for (size_t l = from; l < to; l++) {
          window c = window_of(columns, l, j->countsPadding);
          for (size_t r = w.first; r < w.last; r++) {
            float *gradient = plane + r * columns.inputs;
            float share = shares[l - from];
            for (size_t i = c.first; i < c.last; i++) gradient[i] += share;
          }
        }
        continue;
      }
      for (size_t r = w.first; r < w.last; r++) {
        for (size_t k = 0; k < columns.kernel; k++) {
          size_t low, high;
          outputs_of(columns, k, from, to, &low, &high);
          float *restrict gradient =
              plane + r * columns.inputs + (low * columns.stride + k - columns.padding);
          const float *restrict share = shares + (low - from);
          FOR_STRIDES(columns.stride, {
            for (size_t l = 0; l < high - low; l++) gradient[l * STRIDE] += share[l];
          })
        }
      }
    }
  }
}

// MARK: - Parts

static void planes_part(void *context, int part) {
  const job *j = context;
  size_t start = (size_t)part * j->perPart;
  j->planes(j, start, rk_min(start + j->perPart, j->s.planes));
}

static void run_parts(job j) {
  rk_flush_denormals();
  size_t size = j.s.rows.inputs * j.s.columns.inputs;
  if (j.s.planes * size == 0) return;
  size_t outputs = j.s.columns.outputs;
  float *counts = rk_scratch("pooling", outputs);
  for (size_t l = 0; l < outputs; l++) {
    counts[l] = (float)window_of(j.s.columns, l, j.countsPadding).count;
  }
  j.columnCounts = counts;
  j.perPart = 4 * RK_PART / size + 1;
  rk_parallel((int)((j.s.planes + j.perPart - 1) / j.perPart), planes_part, &j);
  rk_release(counts, outputs);
}

void rk_max_pool(float *y, const float *x, rk_pooling s) {
  run_parts((job){.planes = largest_of_planes, .s = s, .to = y, .x = x});
}

void rk_max_pool_gradient(float *gradX, const float *x, const float *upstream, rk_pooling s) {
  run_parts((job){
      .planes = has_side_by_side_windows(s) ? give_side_by_side : give_to_largest, .s = s, .to = gradX, .x = x, .upstream = upstream});
}

void rk_average_pool(float *y, const float *x, rk_pooling s, bool countsPadding) {
  run_parts((job){
      .planes = average_planes, .s = s, .to = y, .x = x, .countsPadding = countsPadding});
}

void rk_average_pool_gradient(float *gradX, const float *upstream, rk_pooling s,
                              bool countsPadding) {
  run_parts((job){.planes = spread_over_planes, .s = s, .to = gradX, .upstream = upstream,
                  .countsPadding = countsPadding});
}
