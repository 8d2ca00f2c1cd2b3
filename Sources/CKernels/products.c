// Matrix products: OpenBLAS on one thread for each part, the parts on our own threads.
//
// OpenBLAS's own threading would make the rounding depend on the number of threads; cutting C into
// blocks by its size alone does not.

#include <cblas.h>
#include <pthread.h>

#include "internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void use_one_thread(void) { openblas_set_num_threads(1); }
void rk_prepare_products(void) { pthread_once(&once, use_one_thread); }

static void product(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, const float *a,
                    size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc) {
  cblas_sgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
              transposeB ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1.0f, a, (int)lda, b,
              (int)ldb, beta, c, (int)ldc);
}

typedef struct {
  bool transposeA, transposeB;
  size_t m, n, k;
  const float *a;
  size_t lda;
  const float *b;
  size_t ldb;
  float beta;
  float *c;
  size_t ldc;
  size_t strideA, strideB, strideC;
  size_t block;
  bool splitRows;
} product_job;

static void product_part(void *context, int part) {
  product_job *job = context;
  size_t start = (size_t)part * job->block;
  if (job->splitRows) {
    size_t rows = rk_min(job->block, job->m - start);
    product(job->transposeA, job->transposeB, rows, job->n, job->k,
            job->a + (job->transposeA ? start : start * job->lda), job->lda, job->b, job->ldb,
            job->beta, job->c + start * job->ldc, job->ldc);
  } else {
    size_t columns = rk_min(job->block, job->n - start);
    product(job->transposeA, job->transposeB, job->m, columns, job->k, job->a, job->lda,
            job->b + (job->transposeB ? start * job->ldb : start), job->ldb, job->beta,
            job->c + start, job->ldc);
  }
}

/// Below this many multiplications a product is done before a second thread would have woken up.
#define SMALL_PRODUCT 1000000

static size_t round_up(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

void rk_gemm(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, const float *a,
             size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc) {
  rk_flush_denormals();
  rk_prepare_products();
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (beta == 0) for (size_t row = 0; row < m; row++) rk_fill(c + row * ldc, 0, n);
    return;
  }
  if (m * n * k < SMALL_PRODUCT) {
    product(transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  bool splitRows = m >= n;
  size_t length = splitRows ? m : n;
  size_t wantedParts = m * n * k < 16 * (size_t)SMALL_PRODUCT ? 2 : 4;
  size_t block = round_up((length + wantedParts - 1) / wantedParts, 16);
  product_job job = {transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, c, ldc,
                     0, 0, 0, block, splitRows};
  rk_parallel((int)((length + block - 1) / block), product_part, &job);
}

static void batch_part(void *context, int part) {
  product_job *job = context;
  size_t i = (size_t)part;
  product(job->transposeA, job->transposeB, job->m, job->n, job->k, job->a + i * job->strideA,
          job->lda, job->b + i * job->strideB, job->ldb, job->beta, job->c + i * job->strideC,
          job->ldc);
}

void rk_gemm_batched(size_t batch, bool transposeA, bool transposeB, size_t m, size_t n, size_t k,
                     const float *a, size_t strideA, const float *b, size_t strideB, float beta,
                     float *c, size_t strideC) {
  rk_flush_denormals();
  rk_prepare_products();
  if (m == 0 || n == 0 || batch == 0) return;
  if (k == 0) {
    if (beta == 0) rk_fill(c, 0, batch * m * n);
    return;
  }
  size_t lda = transposeA ? m : k, ldb = transposeB ? k : n;
  if (strideC == 0) {  // all products add up in one matrix: one after the other
    for (size_t i = 0; i < batch; i++) {
      rk_gemm(transposeA, transposeB, m, n, k, a + i * strideA, lda, b + i * strideB, ldb,
              i == 0 ? beta : 1.0f, c, n);
    }
    return;
  }
  product_job job = {transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, c, n,
                     strideA, strideB, strideC, 0, false};
  if (batch * m * n * k < SMALL_PRODUCT) for (size_t i = 0; i < batch; i++) batch_part(&job, (int)i);
  else rk_parallel((int)batch, batch_part, &job);
}

void rk_repeat_row(float *y, const float *bias, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) memcpy(y + row * columns, bias, columns * sizeof(float));
}
