// The built-in LSTM: all four gates in one product, and the whole recurrence of a block of samples
// on one thread, so that threads meet once for each pass and not once for each step.
//
// Layout: time-major [T, N, ·], gates in the order I F O C̃ of the course's equations.

#include <cblas.h>

#include "internal.h"

#undef I  // complex.h's, by way of cblas.h: here I is the input gate

/// Samples that one part carries through time: enough rows for an efficient product.
#define BLOCK 48

typedef struct {
  rk_lstm_shape s;
  float *gates, *cells, *hiddens;
  const float *inputs, *W_x, *W_h, *bias;
  float *gradH, *gradC;
  const float *upstream;
} lstm_job;

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

static void forward_part(void *context, int part) {
  lstm_job *job = context;
  rk_lstm_shape s = job->s;
  size_t start = (size_t)part * BLOCK, rows = rk_min(BLOCK, s.batch - start), wide = 4 * s.hidden;
  for (size_t t = 0; t < s.steps; t++) {
    float *gates = job->gates + (t * s.batch + start) * wide;
    float *before = job->hiddens + (t * s.batch + start) * s.hidden;
    rk_repeat_row(gates, job->bias, rows, wide);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)wide, (int)s.features,
                1.0f, job->inputs + (t * s.batch + start) * s.features, (int)s.features, job->W_x,
                (int)wide, 1.0f, gates, (int)wide);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)wide, (int)s.hidden,
                1.0f, before, (int)s.hidden, job->W_h, (int)wide, 1.0f, gates, (int)wide);
    size_t now = ((t + 1) * s.batch + start) * s.hidden;
    step(gates, job->cells + (t * s.batch + start) * s.hidden, job->cells + now,
         job->hiddens + now, rows, s.hidden);
  }
}

void rk_lstm(rk_lstm_shape shape, float *gates, float *cells, float *hiddens, const float *inputs,
             const float *W_x, const float *W_h, const float *bias) {
  rk_prepare_products();
  lstm_job job = {.s = shape, .gates = gates, .cells = cells, .hiddens = hiddens, .inputs = inputs,
                  .W_x = W_x, .W_h = W_h, .bias = bias};
  rk_parallel((int)((shape.batch + BLOCK - 1) / BLOCK), forward_part, &job);
}

RK_CLONES static void step_gradient(float *restrict gates, const float *restrict previousC,
                                    const float *restrict C, const float *restrict gradH,
                                    float *restrict gradC, size_t rows, size_t hidden) {
  for (size_t n = 0; n < rows; n++) {
    float *restrict I = gates + n * 4 * hidden;
    float *restrict F = I + hidden, *restrict O = F + hidden, *restrict G = O + hidden;
    const float *restrict before = previousC + n * hidden, *restrict c = C + n * hidden;
    const float *restrict dH = gradH + n * hidden;
    float *restrict dC = gradC + n * hidden;
    RK_INDEPENDENT  // the four gates of a row lie side by side
    for (size_t j = 0; j < hidden; j++) {
      float i = I[j], f = F[j], o = O[j], g = G[j];
      float squashed = rk_tanhf(c[j]);
      float dh = dH[j];
      float dc = dC[j] + dh * o * (1.0f - squashed * squashed);
      I[j] = dc * g * i * (1.0f - i);
      F[j] = dc * before[j] * f * (1.0f - f);
      O[j] = dh * squashed * o * (1.0f - o);
      G[j] = dc * i * (1.0f - g * g);
      dC[j] = dc * f;
    }
  }
}

static void gradient_part(void *context, int part) {
  lstm_job *job = context;
  rk_lstm_shape s = job->s;
  size_t start = (size_t)part * BLOCK, rows = rk_min(BLOCK, s.batch - start), wide = 4 * s.hidden;
  float *gradH = job->gradH + start * s.hidden, *gradC = job->gradC + start * s.hidden;
  for (size_t t = s.steps; t-- > 0;) {
    float *gates = job->gates + (t * s.batch + start) * wide;
    if (job->upstream) {
      rk_copy_rows(gradH, s.hidden, job->upstream + (start * s.steps + t) * s.hidden,
                   s.steps * s.hidden, rows, s.hidden, true);
    }
    step_gradient(gates, job->cells + (t * s.batch + start) * s.hidden,
                  job->cells + ((t + 1) * s.batch + start) * s.hidden, gradH, gradC, rows,
                  s.hidden);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)s.hidden, (int)wide, 1.0f,
                gates, (int)wide, job->W_h, (int)wide, 0.0f, gradH, (int)s.hidden);
  }
}

void rk_lstm_gradient(rk_lstm_shape shape, float *gates, const float *cells, float *gradH,
                      float *gradC, const float *upstream, const float *W_h) {
  rk_prepare_products();
  lstm_job job = {.s = shape, .gates = gates, .cells = (float *)cells, .gradH = gradH,
                  .gradC = gradC, .upstream = upstream, .W_h = W_h};
  rk_parallel((int)((shape.batch + BLOCK - 1) / BLOCK), gradient_part, &job);
}
