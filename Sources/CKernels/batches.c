// Batches of matrix products whose operands are read, and whose results are written, where they lie:
// with any distance between rows, columns and matrices, so that heads and transposes need no copies.
//
// A call of OpenBLAS takes a microsecond before it multiplies; a product [18, 8] · [8, 18] takes a
// fifth of one in tiles, which need b put into their order and read a as it lies.

#include "internal.h"

typedef struct {
  rk_batch batch;
  /// Results that a part computes, or parts that each result is cut into.
  size_t together, cuts;
  size_t results, terms;
} batch_job;

/// Whether the products of a batch that differ along this axis have results of their own.
static bool has_results(const rk_batch *batch, int axis) {
  return batch->c.strides[axis] != 0 || batch->sizes[axis] == 1;
}

/// Where a matrix lies: number `index` of those along the axes of the results, or along the others.
static float *matrix_at(const rk_batch *batch, rk_matrices matrices, float *from, size_t index,
                        bool alongResults) {
  for (int axis = batch->axes - 1; axis >= 0; axis--) {
    if (has_results(batch, axis) != alongResults || batch->sizes[axis] == 0) continue;
    from += index % batch->sizes[axis] * matrices.strides[axis];
    index /= batch->sizes[axis];
  }
  return from;
}

/// The largest b, put into order, that is kept while several products share it.
#define LARGEST_KEPT ((size_t)1 << 17)

RK_CLONES static void scale_rows(float *c, size_t row, size_t rows, size_t columns, float factor,
                                 bool divides) {
  for (size_t r = 0; r < rows; r++, c += row) {
    if (divides) for (size_t i = 0; i < columns; i++) c[i] /= factor;
    else for (size_t i = 0; i < columns; i++) c[i] *= factor;
  }
}

/// Rows from `start` to `end` of the results from `first` to `last`, of which all together are large or not.
static void multiply(const rk_batch *batch, size_t terms, size_t first, size_t last, size_t start,
                     size_t end, bool isLarge) {
  rk_product_in_place product = {
      .m = end - start, .n = batch->n, .k = batch->k, .aRow = batch->a.row,
      .aColumn = batch->a.column, .bRow = batch->b.row, .bColumn = batch->b.column,
      .cRow = batch->c.row};
  size_t size = rk_packed_size(batch->k, batch->n);
  bool packs = rk_tiles_serve(product.m, product.n, product.k) && !rk_is_narrow(&product) &&
               batch->k <= 256 && size <= LARGEST_KEPT;
  float *packed = packs ? rk_scratch("matmul", size) : NULL;
  const float *packedFrom = NULL;
  // Beyond the caches: what is written whole is not read from memory first, as it is where tiles write
  // some columns of each row, and the tiles find it in the second-level cache. 1.3 times as fast with 8
  // steps, 1.1 with 32.
  bool clears = product.cRow == product.n && batch->k <= 32 && product.m * product.n >= 8192 &&
                product.m * product.n <= 131072 && isLarge;
  for (size_t i = first; i < last; i++) {
    float *a = matrix_at(batch, batch->a, batch->a.elements, i, true);
    float *b = matrix_at(batch, batch->b, batch->b.elements, i, true);
    product.c = matrix_at(batch, batch->c, batch->c.elements, i, true) + start * product.cRow;
    for (size_t term = 0; term < terms; term++) {
      product.a = matrix_at(batch, batch->a, a, term, false) + start * product.aRow;
      product.b = matrix_at(batch, batch->b, b, term, false);
      product.accumulates = batch->accumulates || term > 0;
      if (!packed) {
        rk_multiply(&product);
        continue;
      }
      if (packedFrom != product.b) {
        rk_pack_tiles(packed, product.b, product.bRow, product.bColumn, product.k, product.n);
      }
      packedFrom = product.b;
      if (clears && !product.accumulates) {
        memset(product.c, 0, product.m * product.n * sizeof(float));
      }
      rk_multiply_tiles((rk_tiles){.a = product.a, .aRow = product.aRow, .aStep = product.aColumn,
                                   .b = packed, .packed = true, .outer = 1, .steps = product.k,
                                   .c = product.c, .cRow = product.cRow,
                                   .adds = product.accumulates},
                        product.m, product.n);
    }
    if (batch->factor != 1 && !batch->accumulates) {
      scale_rows(product.c, product.cRow, product.m, product.n, batch->factor, batch->divides);
    }
  }
  if (packed) rk_release(packed, size);
}

/// The floats of all results that no cache holds: 16 MiB.
#define LARGE_RESULTS ((size_t)1 << 22)

static void batch_part(void *context, int part) {
  const batch_job *job = context;
  const rk_batch *batch = &job->batch;
  size_t index = (size_t)part;
  bool isLarge = job->results * batch->m * batch->n >= LARGE_RESULTS;
  if (job->cuts == 1) {
    size_t first = index * job->together;
    multiply(batch, job->terms, first, rk_min(first + job->together, job->results), 0, batch->m,
             isLarge);
  } else {
    size_t i = index / job->cuts, cut = index % job->cuts;
    multiply(batch, job->terms, i, i + 1, batch->m * cut / job->cuts,
             batch->m * (cut + 1) / job->cuts, isLarge);
  }
}

/// Multiplications that make a part.
#define PART_WORK ((size_t)1 << 20)

void rk_multiply_batch(const rk_batch *whole) {
  rk_prepare_products();
  batch_job job = {.batch = *whole, .results = 1, .terms = 1, .cuts = 1};
  rk_batch *batch = &job.batch;
  if (batch->c.column != 1) {
    // Cᵀ = Bᵀ Aᵀ
    rk_matrices a = batch->a;
    batch->a = (rk_matrices){batch->b.elements, batch->b.column, batch->b.row, batch->b.strides};
    batch->b = (rk_matrices){a.elements, a.column, a.row, a.strides};
    size_t row = batch->c.row, m = batch->m;
    batch->c.row = batch->c.column;
    batch->c.column = row;
    batch->m = batch->n;
    batch->n = m;
  }
  for (int axis = 0; axis < batch->axes; axis++) {
    if (has_results(batch, axis)) job.results *= batch->sizes[axis];
    else job.terms *= batch->sizes[axis];
  }
  if (job.results * batch->m * batch->n == 0) return;
  if (job.terms == 0) {  // nothing to add up
    job.terms = 1;
    batch->k = 0;
  }
  rk_note_product(batch->a.column != 1, batch->b.column != 1, batch->m, batch->n, batch->k,
                  job.results * job.terms);
  size_t work = batch->m * batch->n * (batch->k + 1) * job.terms;
  job.together = PART_WORK / work + 1;
  if (job.results < 8 && work > PART_WORK) {
    job.cuts = rk_min(4, (batch->m + 11) / 12);
  }
  size_t parts = job.cuts == 1 ? (job.results + job.together - 1) / job.together
                               : job.results * job.cuts;
  rk_parallel((int)parts, batch_part, &job);
}
