// Copies between layouts.

#include <stdlib.h>

#include "internal.h"

/// A copy as many planes: `rows` rows, which may be axis `rowAxis` or (for a single axis) only one, of
/// the last axis' elements.
typedef struct {
  float *out;
  const float *x;
  int axes, rowAxis;
  int64_t *sizes, *strides, *outStrides;
  size_t rows, width;
  int64_t row, column, outRow;
  /// Rows of a block, blocks of a plane and of a part, and of all.
  size_t together, blocks, blocksOfPart, allBlocks;
} strided_copy;

RK_CLONES static void copy_block(const strided_copy *copy, float *restrict out,
                                 const float *restrict x, size_t rows) {
  size_t width = copy->width, row = 0;
  int64_t step = copy->column;
  if (copy->row == 1 && step != 1) {
    // rows are neighbours where they come from, as in a transpose: squares go through registers
    for (; row + 16 <= rows; row += 16) {
      float *to = out + (int64_t)row * copy->outRow;
      const float *from = x + row;
      size_t i = 0;
      for (; i + 16 <= width; i += 16) {
        rk_transpose_16(to + i, (size_t)copy->outRow, from + (int64_t)i * step, (size_t)step);
      }
      for (size_t r = 0; r < 16; r++) {
        for (size_t j = i; j < width; j++) {
          to[(int64_t)r * copy->outRow + (int64_t)j] = from[(int64_t)r + (int64_t)j * step];
        }
      }
    }
  }
  for (; row < rows; row++) {
    float *to = out + (int64_t)row * copy->outRow;
    const float *from = x + (int64_t)row * copy->row;
    if (step == 1) memcpy(to, from, width * sizeof(float));
    else for (size_t i = 0; i < width; i++) to[i] = from[(int64_t)i * step];
  }
}

static void copy_part(void *context, int part) {
  const strided_copy *copy = context;
  size_t block = (size_t)part * copy->blocksOfPart;
  size_t last = rk_min(block + copy->blocksOfPart, copy->allBlocks);
  for (; block < last; block++) {
    size_t plane = block / copy->blocks, row = block % copy->blocks * copy->together;
    float *out = copy->out + (int64_t)row * copy->outRow;
    const float *x = copy->x + (int64_t)row * copy->row;
    for (int axis = copy->axes - 2; axis >= 0; axis--) {
      if (axis == copy->rowAxis) continue;
      int64_t index = (int64_t)(plane % (size_t)copy->sizes[axis]);
      plane /= (size_t)copy->sizes[axis];
      out += index * copy->outStrides[axis];
      x += index * copy->strides[axis];
    }
    copy_block(copy, out, x, rk_min(copy->together, copy->rows - row));
  }
}

void rk_copy_strided(float *out, const float *x, int rank, const int64_t *dimensions,
                     const int64_t *strides) {
  int64_t few[48];
  int64_t *numbers = rank <= 16 ? few : calloc(3 * (size_t)rank, sizeof(int64_t));
  if (!numbers) rk_end_without_memory("contiguous", 6 * (size_t)rank);
  strided_copy copy = {.out = out, .x = x, .sizes = numbers, .strides = numbers + rank,
                       .outStrides = numbers + 2 * rank};
  size_t count = 1;
  for (int axis = 0; axis < rank; axis++) {
    count *= (size_t)dimensions[axis];
    if (dimensions[axis] == 1) continue;
    // what lies as one axis is one
    int before = copy.axes - 1;
    if (before >= 0 && copy.strides[before] == dimensions[axis] * strides[axis]) {
      copy.sizes[before] *= dimensions[axis];
      copy.strides[before] = strides[axis];
    } else {
      copy.sizes[copy.axes] = dimensions[axis];
      copy.strides[copy.axes++] = strides[axis];
    }
  }
  if (count > 0 && copy.axes == 0) out[0] = x[0];
  if (count > 0 && copy.axes > 0) {
    int inner = copy.axes - 1;
    int64_t distance = 1;
    for (int axis = inner; axis >= 0; axis--) {
      copy.outStrides[axis] = distance;
      distance *= copy.sizes[axis];
    }
    copy.width = (size_t)copy.sizes[inner];
    copy.column = copy.strides[inner];
    copy.rowAxis = inner - 1;
    // finding a plane takes as long as copying some rows: not for every few
    for (int axis = inner - 1; axis >= 0 && copy.sizes[copy.rowAxis] < 16; axis--) {
      if (copy.sizes[axis] > copy.sizes[copy.rowAxis]) copy.rowAxis = axis;
    }
    for (int axis = 0; copy.column > 1 && axis < inner; axis++) {
      if (copy.strides[axis] == 1) copy.rowAxis = axis;
    }
    copy.rows = 1;
    if (inner > 0) {
      copy.rows = (size_t)copy.sizes[copy.rowAxis];
      copy.row = copy.strides[copy.rowAxis];
      copy.outRow = copy.outStrides[copy.rowAxis];
    }
    copy.together = (RK_PART / copy.width + 16) / 16 * 16;
    copy.blocks = (copy.rows + copy.together - 1) / copy.together;
    copy.allBlocks = count / (copy.rows * copy.width) * copy.blocks;
    copy.blocksOfPart = RK_PART / (rk_min(copy.together, copy.rows) * copy.width) + 1;
    size_t parts = (copy.allBlocks + copy.blocksOfPart - 1) / copy.blocksOfPart;
    rk_parallel((int)parts, copy_part, &copy);
  }
  if (numbers != few) free(numbers);
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
