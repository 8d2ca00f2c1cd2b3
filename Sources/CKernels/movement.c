// Copies between layouts.

#include <stdlib.h>

#include "internal.h"

RK_CLONES static void copy_run(float *restrict out, const float *restrict x, size_t count,
                               int64_t stride) {
  for (size_t i = 0; i < count; i++) out[i] = x[(int64_t)i * stride];
}

void rk_copy_strided(float *out, const float *x, int rank, const int64_t *dimensions,
                     const int64_t *strides) {
  int inner = rank - 1;
  size_t rows = 1, width = (size_t)dimensions[inner];
  for (int axis = 0; axis < inner; axis++) rows *= (size_t)dimensions[axis];
  if (rows * width == 0) return;
  int64_t few[16] = {0};
  int64_t *index = rank <= 16 ? few : calloc((size_t)rank, sizeof(int64_t));
  if (!index) rk_end_without_memory("contiguous", 2 * (size_t)rank);
  const float *from = x;
  for (size_t row = 0; row < rows; row++) {
    if (strides[inner] == 1) memcpy(out + row * width, from, width * sizeof(float));
    else copy_run(out + row * width, from, width, strides[inner]);
    for (int axis = inner - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < dimensions[axis]) break;
      from -= strides[axis] * dimensions[axis];
      index[axis] = 0;
    }
  }
  if (index != few) free(index);
}

void rk_copy_rows(float *out, size_t outStride, const float *x, size_t xStride, size_t rows,
                  size_t width, bool add) {
  if (width == 0) return;  // of nothing there may be more rows than can be counted
  rk_flush_denormals();
  for (size_t row = 0; row < rows; row++) {
    float *to = out + row * outStride;
    const float *from = x + row * xStride;
    if (!add) memcpy(to, from, width * sizeof(float));
    else for (size_t i = 0; i < width; i++) to[i] += from[i];
  }
}
