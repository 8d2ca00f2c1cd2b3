// The order of elements along an axis: all of them, or the first few.
//
// Elements are compared as whole numbers, so that the result does not depend on the processor's mode:
// denormals keep their place, zeros of both signs are equal, and a NaN is larger than all and equal to
// every other. Equal elements come in the order in which they stand.

#include "internal.h"

/// Shorter lines are sorted by insertion, longer ones by the bytes of their keys.
#define SHORT ((size_t)64)
/// So few are kept in order from the start.
#define FEW ((size_t)32)
/// Elements whose keys are looked at together.
#define GLANCE ((size_t)32)
/// Elements that are worth a part of their own.
#define BLOCK ((size_t)32768)
/// Neighbouring lines that are copied side by side first: what one cache line holds.
#define COLUMNS ((size_t)16)

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
  size_t size, inner, kept, capacity;
  /// Lines side by side, how many such groups there are beside one another and in all, and in a part.
  size_t columns, groupsOfRow, groups, groupsOfPart;
  uint32_t flip;
} order_job;

/// Keys of some elements; returns the least.
RK_CLONES static uint32_t take_keys(uint32_t *keys, const float *x, size_t count, uint32_t flip) {
  uint32_t least = UINT32_MAX, bits[GLANCE];
  if (count == GLANCE) {
    memcpy(bits, x, sizeof bits);
    for (size_t i = 0; i < GLANCE; i++) keys[i] = key_of(bits[i], flip);
    for (size_t i = 0; i < GLANCE; i++) least = keys[i] < least ? keys[i] : least;
    return least;
  }
  memcpy(bits, x, count * sizeof(float));
  for (size_t i = 0; i < count; i++) {
    keys[i] = key_of(bits[i], flip);
    least = keys[i] < least ? keys[i] : least;
  }
  return least;
}

/// The first few of a line come to the beginning of `pairs`, each put in its place when it is found.
static void find_few(const order_job *j, const float *x, uint64_t *pairs) {
  size_t held = 0;
  uint32_t keys[GLANCE], limit = UINT32_MAX;
  for (size_t start = 0; start < j->size; start += GLANCE) {
    size_t count = rk_min(GLANCE, j->size - start);
    uint32_t least = take_keys(keys, x + start, count, j->flip);
    bool isFull = held == j->kept;
    if (isFull && least >= limit) continue;
    for (size_t i = 0; i < count; i++) {
      // of equals those that came before stay
      if (isFull && keys[i] >= limit) continue;
      uint64_t pair = (uint64_t)keys[i] << 32 | (uint32_t)(start + i);
      size_t at = isFull ? held - 1 : held++;
      for (; at > 0 && pairs[at - 1] > pair; at--) pairs[at] = pairs[at - 1];
      pairs[at] = pair;
      isFull = held == j->kept;
      limit = (uint32_t)(pairs[held - 1] >> 32);
    }
  }
}

/// The first of a line come to the beginning of `pairs`. What cannot be among them is left out as soon as
/// `capacity` elements were collected, then sorted, and all but the first thrown away: in any order of
/// elements that takes a sort for each (capacity − kept) of them at the most.
static void order_line(const order_job *j, const float *x, uint64_t *pairs, uint64_t *spare) {
  if (j->kept <= FEW && j->kept < j->size) return find_few(j, x, pairs);
  size_t held = 0;
  uint32_t keys[GLANCE], limit = UINT32_MAX;
  bool isLimited = false;
  for (size_t start = 0; start < j->size; start += GLANCE) {
    size_t count = rk_min(GLANCE, j->size - start);
    uint32_t least = take_keys(keys, x + start, count, j->flip);
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
  size_t start = (size_t)part * j->groupsOfPart, end = rk_min(start + j->groupsOfPart, j->groups);
  bool copies = j->inner > 1;
  size_t floats = 4 * j->capacity + (copies ? j->columns * j->size : 0);
  float *scratch = rk_scratch("sorted", floats);
  uint64_t *pairs = (uint64_t *)(void *)scratch, *spare = pairs + j->capacity;
  float *lines = scratch + 4 * j->capacity;
  for (size_t group = start; group < end; group++) {
    size_t outer = group / j->groupsOfRow, first = group % j->groupsOfRow * j->columns;
    size_t columns = rk_min(j->columns, j->inner - first);
    const float *x = j->x + outer * j->size * j->inner + first;
    for (size_t r = 0; copies && r < j->size; r++) {
      for (size_t c = 0; c < columns; c++) {
        memcpy(lines + c * j->size + r, x + r * j->inner + c, sizeof(float));
      }
    }
    for (size_t c = 0; c < columns; c++) {
      const float *line = copies ? lines + c * j->size : x;
      order_line(j, line, pairs, spare);
      size_t to = outer * j->kept * j->inner + first + c;
      for (size_t i = 0; i < j->kept; i++, to += j->inner) {
        uint32_t position = (uint32_t)pairs[i];
        if (j->values) memcpy(j->values + to, line + position, sizeof(float));
        j->positions[to] = (float)position;
      }
    }
  }
  rk_release(scratch, floats);
}

void rk_order(float *values, float *positions, const float *x, size_t outer, size_t size,
              size_t inner, size_t kept, bool descending) {
  if (outer * inner == 0 || kept == 0) return;
  size_t columns = rk_min(inner, COLUMNS), groupsOfRow = (inner + columns - 1) / columns;
  size_t capacity = rk_min(size, 2 * kept), cost = size * columns;
  order_job job = {values, positions, x, size, inner, kept, capacity, columns, groupsOfRow,
                   outer * groupsOfRow, cost < BLOCK ? BLOCK / cost : 1,
                   descending ? UINT32_MAX : 0};
  rk_parallel((int)((job.groups + job.groupsOfPart - 1) / job.groupsOfPart), order_part, &job);
}
