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

/// The matrix of result `index`: `given` where they have no elements.
static float *result_at(const rk_batch *batch, rk_matrices matrices, size_t index, float *given) {
  return matrices.elements ? matrix_at(batch, matrices, matrices.elements, index, true) : given;
}

/// The largest b, put into order, that is kept while several products share it: in the second-level cache.
#define LARGEST_KEPT ((size_t)1 << (rk_tiles_are_wide() ? 17 : 15))

RK_CLONES static void scale_rows(float *c, size_t row, size_t rows, size_t columns, float factor,
                                 bool divides) {
  for (size_t r = 0; r < rows; r++, c += row) {
    if (divides) for (size_t i = 0; i < columns; i++) c[i] /= factor;
    else for (size_t i = 0; i < columns; i++) c[i] *= factor;
  }
}

/// Rows from `start` to `end` of the results from `first` to `last`, of which all together are large or not.
/// `matrix` is what has no elements in the batch: its result, or an operand.
static void multiply(const rk_batch *batch, size_t terms, size_t first, size_t last, size_t start,
                     size_t end, bool isLarge, float *matrix) {
  rk_product_in_place product = {
      .m = end - start, .n = batch->n, .k = batch->k, .aRow = batch->a.row,
      .aColumn = batch->a.column, .bRow = batch->b.row, .bColumn = batch->b.column,
      .cRow = batch->c.row};
  size_t size = rk_packed_size(batch->k, batch->n);
  bool packs = rk_tiles_serve(&product) && !rk_is_narrow(&product) &&
               batch->k <= 256 && size <= LARGEST_KEPT;
  float *packed = packs ? rk_scratch("matmul", size) : NULL;
  const float *packedFrom = NULL;
  // Beyond the caches: what is written whole is not read from memory first, as it is where tiles write
  // some columns of each row, and the tiles find it in the second-level cache. 1.3 times as fast with 8
  // steps, 1.1 with 32.
  bool clears = product.cRow == product.n && batch->k <= 32 && product.m * product.n >= 8192 &&
                product.m * product.n <= 131072 && isLarge;
  for (size_t i = first; i < last; i++) {
    float *a = result_at(batch, batch->a, i, matrix);
    float *b = result_at(batch, batch->b, i, matrix);
    product.c = result_at(batch, batch->c, i, matrix) + start * product.cRow;
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
    if (batch->rows == RK_SOFTMAX_ROWS) {
      rk_softmax_rows(product.c, product.cRow, product.m, product.n);
    } else if (batch->rows == RK_SOFTMAX_GRADIENT_ROWS) {
      rk_matrices saved = batch->c;
      saved.elements = batch->saved;
      rk_softmax_gradient_rows(product.c,
                               result_at(batch, saved, i, NULL) + start * product.cRow,
                               product.cRow, product.m, product.n);
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
             isLarge, NULL);
  } else {
    size_t i = index / job->cuts, cut = index % job->cuts;
    multiply(batch, job->terms, i, i + 1, batch->m * cut / job->cuts,
             batch->m * (cut + 1) / job->cuts, isLarge, NULL);
  }
}

/// Multiplications that make a part.
#define PART_WORK ((size_t)1 << 20)

/// The same batch with the rows of its results side by side: Cᵀ = Bᵀ Aᵀ where their columns are.
static rk_batch by_rows(rk_batch batch) {
  if (batch.c.column == 1) return batch;
  rk_matrices a = batch.a, b = batch.b;
  batch.a = (rk_matrices){b.elements, b.column, b.row, b.strides};
  batch.b = (rk_matrices){a.elements, a.column, a.row, a.strides};
  size_t row = batch.c.row, m = batch.m;
  batch.c.row = batch.c.column;
  batch.c.column = row;
  batch.m = batch.n;
  batch.n = m;
  return batch;
}

static batch_job job_of(const rk_batch *whole) {
  batch_job job = {.batch = by_rows(*whole), .results = 1, .terms = 1, .cuts = 1};
  rk_batch *batch = &job.batch;
  for (int axis = 0; axis < batch->axes; axis++) {
    if (has_results(batch, axis)) job.results *= batch->sizes[axis];
    else job.terms *= batch->sizes[axis];
  }
  if (job.terms == 0) {  // nothing to add up
    job.terms = 1;
    batch->k = 0;
  }
  size_t work = batch->m * batch->n * (batch->k + 1) * job.terms;
  job.together = PART_WORK / (work > 0 ? work : 1) + 1;
  if (job.results < 8 && work > PART_WORK) {
    job.cuts = rk_min(4, (batch->m + 11) / 12);
  }
  return job;
}

static void note(const batch_job *job) {
  const rk_batch *batch = &job->batch;
  rk_note_product(batch->a.column != 1, batch->b.column != 1, batch->m, batch->n, batch->k,
                  job->results * job->terms);
}

void rk_multiply_batch(const rk_batch *whole) {
  rk_prepare_products();
  batch_job job = job_of(whole);
  if (job.results * job.batch.m * job.batch.n == 0) return;
  note(&job);
  size_t parts = job.cuts == 1 ? (job.results + job.together - 1) / job.together
                               : job.results * job.cuts;
  rk_parallel((int)parts, batch_part, &job);
}

// MARK: - Chains

/// The largest matrix that stays in a second-level cache beside what is read for it.
#define LARGEST_CHAINED ((size_t)1 << 17)
#define LONGEST_CHAIN 3

typedef struct {
  /// The first and those that follow.
  batch_job jobs[LONGEST_CHAIN];
  int count;
} chain_job;

static void chain_part(void *context, int part) {
  const chain_job *chain = context;
  const batch_job *first = &chain->jobs[0];
  size_t size = first->batch.m * first->batch.n, start = (size_t)part * first->together;
  float *matrix = rk_scratch("matmul", size);
  for (size_t i = start; i < rk_min(start + first->together, first->results); i++) {
    for (int place = 0; place < chain->count; place++) {
      const rk_batch *batch = &chain->jobs[place].batch;
      multiply(batch, 1, i, i + 1, 0, batch->m, false, matrix);
    }
  }
  rk_release(matrix, size);
}

bool rk_multiply_chain(const rk_batch *batches, int count) {
  chain_job chain = {.count = count};
  if (count > LONGEST_CHAIN) return false;
  for (int place = 0; place < count; place++) {
    batch_job job = job_of(&batches[place]);
    if (job.terms > 1 || job.cuts > 1 || job.results * job.batch.m * job.batch.n == 0) return false;
    chain.jobs[place] = job;
  }
  batch_job *first = &chain.jobs[0];
  if (first->batch.m * first->batch.n > LARGEST_CHAINED) return false;
  rk_prepare_products();
  for (int place = 0; place < count; place++) note(&chain.jobs[place]);
  rk_parallel((int)((first->results + first->together - 1) / first->together), chain_part, &chain);
  return true;
}
