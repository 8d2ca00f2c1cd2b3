// Eight numbers at a time, added up in double.
#ifndef RHYTHMLAB_CKERNELS_LANES_H
#define RHYTHMLAB_CKERNELS_LANES_H

#include "functions.h"

typedef float floats __attribute__((vector_size(32), aligned(4)));
typedef double doubles __attribute__((vector_size(64)));
/// The same in memory, wherever it lies.
typedef double loose_doubles __attribute__((vector_size(64), aligned(8)));

/// Eight floats as doubles.
#define WIDEN(pointer) __builtin_convertvector(*(const floats *)(pointer), doubles)

/// The sum of the lanes.
RK_INLINE double total(const doubles *v) {
  double sum[8];
  memcpy(sum, v, sizeof sum);
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

/// The sums of the lanes of eight, which are used up: lane r has that of v[r].
RK_INLINE void add_lanes(doubles *sums, doubles *v) {
  for (size_t r = 0; r < 4; r++) {
    v[r] = __builtin_shufflevector(v[r], v[r + 4], 0, 1, 2, 3, 8, 9, 10, 11)
        + __builtin_shufflevector(v[r], v[r + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (size_t r = 0; r < 2; r++) {
    v[r] = __builtin_shufflevector(v[r], v[r + 2], 0, 1, 8, 9, 4, 5, 12, 13)
        + __builtin_shufflevector(v[r], v[r + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  *sums = __builtin_shufflevector(v[0], v[1], 0, 8, 2, 10, 4, 12, 6, 14)
      + __builtin_shufflevector(v[0], v[1], 1, 9, 3, 11, 5, 13, 7, 15);
}

#endif
