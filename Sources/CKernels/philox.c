// Random bits by counter: Philox 4×32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, Parallel Random
// Numbers: As Easy as 1, 2, 3). What comes at a place follows from the key and the place alone, so that any
// part can be drawn by any thread, and again where it is needed again.

#include "internal.h"

/// Blocks that are drawn side by side, and the numbers that they give together.
#define BLOCKS 16
#define NUMBERS (4 * BLOCKS)

/// Word w of block b of those that begin with `first` is numbers[w · BLOCKS + b].
static inline __attribute__((always_inline)) void draw(uint32_t numbers[NUMBERS], uint64_t key,
                                                       uint64_t first) {
  uint32_t c0[BLOCKS], c1[BLOCKS], c2[BLOCKS], c3[BLOCKS];
  for (int b = 0; b < BLOCKS; b++) {
    c0[b] = (uint32_t)(first + (uint64_t)b);
    c1[b] = (uint32_t)((first + (uint64_t)b) >> 32);
    c2[b] = c3[b] = 0;
  }
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    for (int b = 0; b < BLOCKS; b++) {
      uint64_t a = (uint64_t)0xD2511F53u * c0[b], c = (uint64_t)0xCD9E8D57u * c2[b];
      uint32_t next0 = (uint32_t)(c >> 32) ^ c1[b] ^ k0, next2 = (uint32_t)(a >> 32) ^ c3[b] ^ k1;
      c0[b] = next0;
      c1[b] = (uint32_t)c;
      c2[b] = next2;
      c3[b] = (uint32_t)a;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (int b = 0; b < BLOCKS; b++) {
    numbers[b] = c0[b];
    numbers[BLOCKS + b] = c1[b];
    numbers[2 * BLOCKS + b] = c2[b];
    numbers[3 * BLOCKS + b] = c3[b];
  }
}

void rk_philox(uint32_t *out, size_t count, uint64_t key) {
  uint32_t numbers[NUMBERS];
  for (size_t i = 0; i < count; i += NUMBERS) {
    draw(numbers, key, i / 4);
    size_t few = rk_min(NUMBERS, count - i);
    // in the order of the blocks
    for (size_t j = 0; j < few; j++) out[i + j] = numbers[j % 4 * BLOCKS + j / 4];
  }
}

typedef struct {
  float *out;
  const float *x;
  size_t count;
  uint64_t key;
  uint32_t dropped;
  float scale;
} dropout_job;

RK_CLONES static void drop(float *restrict out, const float *restrict x, size_t begin, size_t end,
                           const dropout_job *job) {
  uint32_t numbers[NUMBERS];
  uint32_t dropped = job->dropped;
  float scale = job->scale;
  for (size_t i = begin; i < end; i += NUMBERS) {
    draw(numbers, job->key, i / 4);
    size_t few = end - i;
    if (few >= NUMBERS) {
      RK_INDEPENDENT for (size_t j = 0; j < NUMBERS; j++) {
        out[i + j] = x[i + j] * (numbers[j] < dropped ? 0.0f : scale);
      }
    } else {
      for (size_t j = 0; j < few; j++) out[i + j] = x[i + j] * (numbers[j] < dropped ? 0.0f : scale);
    }
  }
}

static void drop_part(void *context, int part) {
  const dropout_job *job = context;
  size_t begin = (size_t)part * RK_PART;
  drop(job->out, job->x, begin, rk_min(begin + RK_PART, job->count), job);
}

void rk_dropout(float *out, const float *x, size_t count, uint64_t key, double probability,
                float scale) {
  rk_flush_denormals();
  double dropped = probability * 4294967296.0;
  dropout_job job = {out, x, count, key, dropped < 4294967295.0 ? (uint32_t)dropped : UINT32_MAX,
                     scale};
  rk_parallel(rk_parts(count), drop_part, &job);
}
