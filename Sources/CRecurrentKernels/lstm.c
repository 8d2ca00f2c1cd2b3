// The built-in LSTM: all four gates in one product, and the whole recurrence of a block of samples
// on one thread, so that threads meet once for each pass and not once for each step.
//
// What a block works on stays in the second-level cache: the gradients of its gates exist for a few
// steps at a time, and what they contribute to the weights is added up before they are overwritten.

#include "CRecurrentKernels.h"
#include "internal.h"

/// Samples that one part carries through time, and steps whose products are done together: enough
/// rows for an efficient product, few enough for the cache.
#define BLOCK 48
#define CHUNK 4
/// Steps, whole chunks of them, whose contributions to the weights are added up in single precision;
/// those of longer sequences go on in double, so that the error does not grow with their length.
#define SEGMENT 256

typedef struct {
  rk_lstm_shape s;
  rk_lstm_memory memory;
  const float *X, *W_x, *W_h, *bias, *H, *C, *upstream;
  float *finalH, *finalC, *gradH, *gradC, *gradX;
  float *partW_x, *partW_h, *partBias;  // [parts, …]: summed in order afterwards
  /// W_h (forward) or its transpose (gradient) in the order of the tiles; NULL where tiles do not fit.
  float *packedW_h;
} lstm_job;

static size_t parts_of(rk_lstm_shape s) { return (s.batch + BLOCK - 1) / BLOCK; }

static void add_product(bool transposeA, bool transposeB, size_t m, size_t n, size_t k,
                        const float *a, size_t lda, const float *b, size_t ldb, bool adds, float *c,
                        size_t ldc) {
  if (m == 0 || n == 0) return;
  rk_note_product(transposeA, transposeB, m, n, k, 1);
  rk_multiply(&(rk_product_in_place){
      .m = m, .n = n, .k = k, .a = a, .aRow = transposeA ? 1 : lda, .aColumn = transposeA ? lda : 1,
      .b = b, .bRow = transposeB ? 1 : ldb, .bColumn = transposeB ? ldb : 1, .c = c, .cRow = ldc,
      .accumulates = adds});
}

// MARK: - Forward

RK_CLONES static void step(float *restrict gates, const float *restrict previousC,
                           float *restrict C, float *restrict H, size_t rows, size_t hidden) {
  for (size_t n = 0; n < rows; n++) {
    float *restrict I = gates + n * 4 * hidden;
    float *restrict F = I + hidden, *restrict O = F + hidden, *restrict G = O + hidden;
    const float *restrict before = previousC + n * hidden;
    float *restrict c = C + n * hidden, *restrict h = H + n * hidden;
    RK_INDEPENDENT  // the four gates of a row lie side by side
    for (size_t j = 0; j < hidden; j++) {
      float i = rk_sigmoidf(I[j]), f = rk_sigmoidf(F[j]), o = rk_sigmoidf(O[j]);
      float g = rk_tanhf(G[j]);
      float cell = f * before[j] + i * g;
      I[j] = i, F[j] = f, O[j] = o, G[j] = g;
      c[j] = cell;
      h[j] = o * rk_tanhf(cell);
    }
  }
}

/// The buffers of the block that starts at sample `start`.
static rk_lstm_memory block_of(const lstm_job *job, size_t start) {
  rk_lstm_shape s = job->s;
  size_t states = start * (s.steps + 1) * s.hidden;
  return (rk_lstm_memory){job->memory.inputs + start * s.steps * s.features,
                          job->memory.gates + start * s.steps * 4 * s.hidden,
                          job->memory.cells + states, job->memory.hiddens + states};
}

static void start_from(float *to, const float *state, size_t start, size_t count) {
  if (state) memcpy(to, state + start, count * sizeof(float));
  else memset(to, 0, count * sizeof(float));
}

static void forward_part(void *context, int part) {
  lstm_job *job = context;
  rk_lstm_shape s = job->s;
  size_t start = (size_t)part * BLOCK, rows = rk_min(BLOCK, s.batch - start), wide = 4 * s.hidden;
  size_t plane = rows * s.hidden;
  rk_lstm_memory m = block_of(job, start);
  start_from(m.hiddens, job->H, start * s.hidden, plane);
  start_from(m.cells, job->C, start * s.hidden, plane);
  for (size_t t = 0; t < s.steps; t++) {
    rk_copy_rows(m.inputs + t * rows * s.features, s.features,
                 job->X + (start * s.steps + t) * s.features, s.steps * s.features, rows,
                 s.features, false);
  }
  for (size_t t = 0; t < s.steps; t++) {
    if (t % CHUNK == 0) {
      size_t together = rk_min(CHUNK, s.steps - t) * rows;
      float *gates = m.gates + t * rows * wide;
      rk_repeat_row(gates, job->bias, together, wide);
      if (s.features > 0) {
        add_product(false, false, together, wide, s.features, m.inputs + t * rows * s.features,
                    s.features, job->W_x, wide, true, gates, wide);
      }
    }
    float *gates = m.gates + t * rows * wide;
    if (job->packedW_h) {
      rk_note_product(false, false, rows, wide, s.hidden, 1);
      rk_multiply_tiles((rk_tiles){.a = m.hiddens + t * plane, .aRow = s.hidden, .aStep = 1,
                                   .b = job->packedW_h, .packed = true, .outer = 1,
                                   .steps = s.hidden, .c = gates, .cRow = wide, .accumulates = true},
                        rows, wide);
    } else {
      add_product(false, false, rows, wide, s.hidden, m.hiddens + t * plane, s.hidden, job->W_h,
                  wide, true, gates, wide);
    }
    step(gates, m.cells + t * plane, m.cells + (t + 1) * plane, m.hiddens + (t + 1) * plane, rows,
         s.hidden);
  }
  memcpy(job->finalH + start * s.hidden, m.hiddens + s.steps * plane, plane * sizeof(float));
  memcpy(job->finalC + start * s.hidden, m.cells + s.steps * plane, plane * sizeof(float));
}

void rk_lstm(rk_lstm_shape shape, rk_lstm_memory memory, const float *X, const float *W_x,
             const float *W_h, const float *bias, const float *H, const float *C, float *finalH,
             float *finalC) {
  rk_prepare_products();
  lstm_job job = {.s = shape, .memory = memory, .X = X, .W_x = W_x, .W_h = W_h, .bias = bias,
                  .H = H, .C = C, .finalH = finalH, .finalC = finalC};
  size_t weights = shape.hidden * 4 * shape.hidden;
  if (4 * shape.hidden % RK_LANES == 0) {
    job.packedW_h = rk_scratch("lstm", weights);
    rk_pack_tiles(job.packedW_h, W_h, 4 * shape.hidden, 1, shape.hidden, 4 * shape.hidden);
  }
  rk_parallel((int)parts_of(shape), forward_part, &job);
  rk_release(job.packedW_h, weights);
}

void rk_lstm_outputs(rk_lstm_shape s, float *outputs, const float *hiddens) {
  for (size_t start = 0; start < s.batch; start += BLOCK) {
    size_t rows = rk_min(BLOCK, s.batch - start);
    const float *block = hiddens + start * (s.steps + 1) * s.hidden;
    for (size_t t = 0; t < s.steps; t++) {
      rk_copy_rows(outputs + (start * s.steps + t) * s.hidden, s.steps * s.hidden,
                   block + (t + 1) * rows * s.hidden, s.hidden, rows, s.hidden, false);
    }
  }
}

// MARK: - Gradient

RK_CLONES static void step_gradient(float *restrict deltas, const float *restrict gates,
                                    const float *restrict previousC, const float *restrict C,
                                    const float *restrict gradH, float *restrict gradC,
                                    size_t rows, size_t hidden) {
  for (size_t n = 0; n < rows; n++) {
    const float *restrict I = gates + n * 4 * hidden;
    const float *restrict F = I + hidden, *restrict O = F + hidden, *restrict G = O + hidden;
    float *restrict dI = deltas + n * 4 * hidden;
    float *restrict dF = dI + hidden, *restrict dO = dF + hidden, *restrict dG = dO + hidden;
    const float *restrict before = previousC + n * hidden, *restrict c = C + n * hidden;
    const float *restrict dH = gradH + n * hidden;
    float *restrict dC = gradC + n * hidden;
    RK_INDEPENDENT
    for (size_t j = 0; j < hidden; j++) {
      float i = I[j], f = F[j], o = O[j], g = G[j];
      float squashed = rk_tanhf(c[j]);
      float dh = dH[j];
      float dc = dC[j] + dh * o * (1.0f - squashed * squashed);
      dI[j] = dc * g * i * (1.0f - i);
      dF[j] = dc * before[j] * f * (1.0f - f);
      dO[j] = dh * squashed * o * (1.0f - o);
      dG[j] = dc * i * (1.0f - g * g);
      dC[j] = dc * f;
    }
  }
}

/// The contributions of a part to the weights: of the present segment in the floats, of those
/// before in double.
typedef struct {
  float *floats[3];
  size_t counts[3];
  /// NULL where there is just one segment.
  double *sums;
} contributions;

static size_t total_count(const contributions *c) { return c->counts[0] + c->counts[1] + c->counts[2]; }

RK_CLONES static void add_segment(double *restrict sums, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += (double)x[i];
}

RK_CLONES static void round_sums(float *restrict out, const double *restrict sums, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)sums[i];
}

/// Takes the floats to the sums; `isLast` brings all of them back.
static void end_segment(const contributions *c, bool isLast) {
  double *sums = c->sums;
  for (int k = 0; k < 3; k++) {
    add_segment(sums, c->floats[k], c->counts[k]);
    if (isLast) round_sums(c->floats[k], sums, c->counts[k]);
    sums += c->counts[k];
  }
}

static void gradient_part(void *context, int part) {
  lstm_job *job = context;
  rk_lstm_shape s = job->s;
  size_t start = (size_t)part * BLOCK, rows = rk_min(BLOCK, s.batch - start), wide = 4 * s.hidden;
  size_t plane = rows * s.hidden;
  rk_lstm_memory m = block_of(job, start);
  float *gradH = job->gradH + start * s.hidden, *gradC = job->gradC + start * s.hidden;
  float *partW_x = job->partW_x + (size_t)part * s.features * wide;
  float *partW_h = job->partW_h + (size_t)part * s.hidden * wide;
  float *partBias = job->partBias + (size_t)part * wide;
  float *deltas = rk_scratch("lstm", CHUNK * rows * wide);
  float *gradX = job->gradX ? rk_scratch("lstm", CHUNK * rows * s.features) : NULL;
  contributions all = {.floats = {partW_x, partW_h, partBias},
                       .counts = {s.features * wide, s.hidden * wide, wide}};
  if (s.steps > SEGMENT) {
    all.sums = (double *)(void *)rk_scratch("lstm", 2 * total_count(&all));
    memset(all.sums, 0, total_count(&all) * sizeof(double));
  }
  for (size_t end = s.steps; end > 0;) {
    size_t first = end > CHUNK ? end - CHUNK : 0;
    for (size_t t = end; t-- > first;) {
      float *now = deltas + (t - first) * rows * wide;
      if (job->upstream) {
        rk_copy_rows(gradH, s.hidden, job->upstream + (start * s.steps + t) * s.hidden,
                     s.steps * s.hidden, rows, s.hidden, true);
      }
      step_gradient(now, m.gates + t * rows * wide, m.cells + t * plane, m.cells + (t + 1) * plane,
                    gradH, gradC, rows, s.hidden);
      if (job->packedW_h) {
        rk_note_product(false, true, rows, s.hidden, wide, 1);
        rk_multiply_tiles((rk_tiles){.a = now, .aRow = wide, .aStep = 1, .b = job->packedW_h,
                                     .packed = true, .outer = 1, .steps = wide, .c = gradH,
                                     .cRow = s.hidden},
                          rows, s.hidden);
      } else {
        add_product(false, true, rows, s.hidden, wide, now, wide, job->W_h, wide, false, gradH,
                    s.hidden);
      }
    }
    size_t together = (end - first) * rows;
    bool adds = (s.steps - end) % SEGMENT != 0;
    if (!adds) rk_fill(partBias, 0, wide);
    add_product(true, false, s.features, wide, together, m.inputs + first * rows * s.features,
                s.features, deltas, wide, adds, partW_x, wide);
    add_product(true, false, s.hidden, wide, together, m.hiddens + first * plane, s.hidden, deltas,
                wide, adds, partW_h, wide);
    rk_add_row_sums(partBias, deltas, together, wide);
    if (gradX) {
      add_product(false, true, together, s.features, wide, deltas, wide, job->W_x, wide, false,
                  gradX, s.features);
      for (size_t t = first; t < end; t++) {
        rk_copy_rows(job->gradX + (start * s.steps + t) * s.features, s.steps * s.features,
                     gradX + (t - first) * rows * s.features, s.features, rows, s.features, false);
      }
    }
    if (all.sums && ((s.steps - first) % SEGMENT == 0 || first == 0)) {
      end_segment(&all, first == 0);
    }
    end = first;
  }
  if (all.sums) rk_release((float *)(void *)all.sums, 2 * total_count(&all));
  rk_release(deltas, CHUNK * rows * wide);
  rk_release(gradX, CHUNK * rows * s.features);
}

void rk_lstm_gradient(rk_lstm_shape shape, rk_lstm_memory memory, const float *W_x,
                      const float *W_h, const float *upstream, float *gradH, float *gradC,
                      float *gradX, float *gradW_x, float *gradW_h, float *gradBias) {
  rk_prepare_products();
  size_t parts = parts_of(shape), wide = 4 * shape.hidden;
  size_t sizeX = shape.features * wide, sizeH = shape.hidden * wide;
  lstm_job job = {.s = shape, .memory = memory, .W_x = W_x, .W_h = W_h, .upstream = upstream,
                  .gradH = gradH, .gradC = gradC, .gradX = gradX,
                  .partW_x = rk_scratch("lstm", parts * sizeX), .partW_h = rk_scratch("lstm", parts * sizeH),
                  .partBias = rk_scratch("lstm", parts * wide)};
  if (shape.hidden % RK_LANES == 0) {
    job.packedW_h = rk_scratch("lstm", sizeH);
    rk_pack_tiles(job.packedW_h, W_h, 1, wide, wide, shape.hidden);
  }
  rk_parallel((int)parts, gradient_part, &job);
  rk_release(job.packedW_h, sizeH);
  rk_sum_axis(gradW_x, job.partW_x, 1, parts, sizeX);
  rk_sum_axis(gradW_h, job.partW_h, 1, parts, sizeH);
  rk_sum_axis(gradBias, job.partBias, 1, parts, wide);
  rk_release(job.partW_x, parts * sizeX);
  rk_release(job.partW_h, parts * sizeH);
  rk_release(job.partBias, parts * wide);
}
