// The order of elements along an axis: all of them, or the first few.
//
// Elements are compared as whole numbers, so that the result does not depend on the processor's mode:
// denormals keep their place, zeros of both signs are equal, and a NaN is larger than all and equal to
// every other. Equal elements come in the order in which they stand.

#include "internal.h"

/// Shorter lines are sorted by insertion, longer ones by the bytes of their keys.
#define SHORT ((size_t)64)
/// Elements whose keys are looked at together.
#define GLANCE ((size_t)32)
/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)

/// Puts the float with these bits in order among the unsigned numbers; `flip`, all ones or none, turns
/// the order round.
static inline __attribute__((always_inline)) uint32_t key_of(uint32_t bits, uint32_t flip) {
  uint32_t magnitude = bits & 0x7fffffffu;
  uint32_t key = bits ^ ((0u - (bits >> 31)) | 0x80000000u);
  key = magnitude == 0 ? 0x80000000u : key;
  key = magnitude > 0x7f800000u ? 0xffffffffu : key;
  return key ^ flip;
}

static void insert(uint64_t *pairs, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint64_t pair = pairs[i];
    size_t at = i;
    for (; at > 0 && pairs[at - 1] > pair; at--) pairs[at] = pairs[at - 1];
    pairs[at] = pair;
  }
}

/// Sorts pairs of a key, in the upper half, and a position, in the lower. Pairs with one key stand in
/// the order of their positions already, and stay in it.
static void sort_pairs(uint64_t *pairs, uint64_t *spare, size_t count) {
  if (count <= SHORT) return insert(pairs, count);
  uint32_t counts[4][256] = {{0}};
  for (size_t i = 0; i < count; i++) {
    uint32_t key = (uint32_t)(pairs[i] >> 32);
    for (int digit = 0; digit < 4; digit++) counts[digit][key >> (8 * digit) & 255]++;
  }
  uint64_t *from = pairs, *to = spare;
  for (int digit = 0; digit < 4; digit++) {
    uint32_t *starts = counts[digit];
    int shift = 32 + 8 * digit;
    // one value of this byte for all: nothing moves
    if (starts[from[0] >> shift & 255] == count) continue;
    uint32_t start = 0;
    for (int value = 0; value < 256; value++) {
      uint32_t size = starts[value];
      starts[value] = start;
      start += size;
    }
    for (size_t i = 0; i < count; i++) to[starts[from[i] >> shift & 255]++] = from[i];
    uint64_t *other = from;
    from = to;
    to = other;
  }
  if (from != pairs) memcpy(pairs, from, count * sizeof(uint64_t));
}

typedef struct {
  float *values, *positions;
  const float *x;
  size_t size, inner, kept, lines, linesOfPart, capacity;
  uint32_t flip;
} order_job;

/// Keys of `count` elements, `stride` apart; returns the least.
RK_CLONES static uint32_t take_keys(uint32_t *keys, const float *x, size_t stride, size_t count,
                                    uint32_t flip) {
  uint32_t least = UINT32_MAX;
  if (stride == 1 && count == GLANCE) {
    uint32_t bits[GLANCE];
    memcpy(bits, x, sizeof bits);
    for (size_t i = 0; i < GLANCE; i++) keys[i] = key_of(bits[i], flip);
    for (size_t i = 0; i < GLANCE; i++) least = keys[i] < least ? keys[i] : least;
    return least;
  }
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i * stride, sizeof bits);
    keys[i] = key_of(bits, flip);
    least = keys[i] < least ? keys[i] : least;
  }
  return least;
}

/// The first of a line come to the beginning of `pairs`. What cannot be among them is left out as soon as
/// `capacity` elements were collected, then sorted, and all but the first thrown away: in any order of
/// elements that takes a sort for each (capacity − kept) of them at the most.
static void order_line(const order_job *j, const float *x, uint64_t *pairs, uint64_t *spare) {
  size_t held = 0;
  uint32_t keys[GLANCE], limit = UINT32_MAX;
  bool isLimited = false;
  for (size_t start = 0; start < j->size; start += GLANCE) {
    size_t count = rk_min(GLANCE, j->size - start);
    uint32_t least = take_keys(keys, x + start * j->inner, j->inner, count, j->flip);
    if (isLimited && least >= limit) continue;
    for (size_t i = 0; i < count; i++) {
      // of equals those that came before stay
      if (isLimited && keys[i] >= limit) continue;
      pairs[held++] = (uint64_t)keys[i] << 32 | (uint32_t)(start + i);
      if (held < j->capacity || j->capacity == j->size) continue;
      sort_pairs(pairs, spare, held);
      held = j->kept;
      limit = (uint32_t)(pairs[held - 1] >> 32);
      isLimited = true;
    }
  }
  sort_pairs(pairs, spare, held);
}

static void order_part(void *context, int part) {
  const order_job *j = context;
  size_t start = (size_t)part * j->linesOfPart, end = rk_min(start + j->linesOfPart, j->lines);
  float *scratch = rk_scratch("sorted", 4 * j->capacity);
  uint64_t *pairs = (uint64_t *)(void *)scratch, *spare = pairs + j->capacity;
  for (size_t line = start; line < end; line++) {
    size_t outer = line / j->inner, column = line % j->inner;
    const float *x = j->x + outer * j->size * j->inner + column;
    order_line(j, x, pairs, spare);
    size_t to = outer * j->kept * j->inner + column;
    for (size_t i = 0; i < j->kept; i++, to += j->inner) {
      uint32_t position = (uint32_t)pairs[i];
      if (j->values) memcpy(j->values + to, x + position * j->inner, sizeof(float));
      j->positions[to] = (float)position;
    }
  }
  rk_release(scratch, 4 * j->capacity);
}

void rk_order(float *values, float *positions, const float *x, size_t outer, size_t size,
              size_t inner, size_t kept, bool descending) {
  if (outer * inner == 0 || kept == 0) return;
  size_t capacity = rk_min(size, kept < 256 ? 512 : 2 * kept);
  order_job job = {values, positions, x, size, inner, kept, outer * inner,
                   size < BLOCK ? BLOCK / size : 1, capacity, descending ? UINT32_MAX : 0};
  rk_parallel((int)((job.lines + job.linesOfPart - 1) / job.linesOfPart), order_part, &job);
}
