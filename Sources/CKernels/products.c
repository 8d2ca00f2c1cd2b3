// Matrix products: tiles, or OpenBLAS on one thread, for each part; the parts on our own threads.
//
// OpenBLAS's own threading would make the rounding depend on the number of threads; cutting C into
// blocks by its size alone does not.

#include <cblas.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void use_one_thread(void) { openblas_set_num_threads(1); }
void rk_prepare_products(void) { pthread_once(&once, use_one_thread); }

// MARK: - What was done

enum { RECORDED_SHAPES = 256 };
static struct {
  pthread_mutex_t lock;
  atomic_bool on;
  size_t count;
  int64_t shapes[RECORDED_SHAPES][6];
} record = {.lock = PTHREAD_MUTEX_INITIALIZER};

void rk_record_products(bool on) {
  pthread_mutex_lock(&record.lock);
  if (on) record.count = 0;
  atomic_store(&record.on, on);
  pthread_mutex_unlock(&record.lock);
}

void rk_note_product(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, size_t times) {
  if (!atomic_load_explicit(&record.on, memory_order_relaxed) || m * n * k == 0) return;
  int64_t shape[6] = {transposeA, transposeB, (int64_t)m, (int64_t)n, (int64_t)k, (int64_t)times};
  pthread_mutex_lock(&record.lock);
  size_t i = 0;
  while (i < record.count && memcmp(record.shapes[i], shape, 5 * sizeof(int64_t)) != 0) i++;
  if (i < record.count) {
    record.shapes[i][5] += shape[5];
  } else if (record.count < RECORDED_SHAPES) {
    memcpy(record.shapes[record.count++], shape, sizeof shape);
  }
  pthread_mutex_unlock(&record.lock);
}

size_t rk_recorded_products(int64_t *shapes, size_t capacity) {
  pthread_mutex_lock(&record.lock);
  size_t count = rk_min(record.count, capacity);
  memcpy(shapes, record.shapes, count * sizeof record.shapes[0]);
  pthread_mutex_unlock(&record.lock);
  return count;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/// The most numbers of b that narrow tiles read more quickly than OpenBLAS puts them into its own order.
#define LARGEST_B ((size_t)1 << 19)
/// The fewest rows that are worth a transposed b's order.
#define LEAST_TURNED_ROWS 32

/// Where the registers are wide, tiles are quicker than OpenBLAS at every size, be it that it does not
/// know the processor. Where they are not, at the sizes of the course: up to twice as quick, for they copy less.
bool rk_tiles_serve(const rk_product_in_place *p) {
  if (p->k == 0 || rk_tiles_are_wide()) return true;
  if (!rk_tiles_are_fast()) return false;
  if (p->m * p->n * p->k <= 32768) return true;
  // of what tiles compute at most a fifth is what fills up the last vector
  size_t computed = (p->n + RK_LANES - 1) / RK_LANES * RK_LANES;
  return 4 * computed <= 5 * p->n && p->n * p->k <= LARGEST_B &&
         (p->bColumn == 1 || p->m >= LEAST_TURNED_ROWS);
}

size_t rk_product_room(size_t m, size_t n, size_t k) {
  // what tiles read in their order, and what a narrow product reads by lanes of steps, or writes transposed
  size_t packed = rk_min(rk_packed_size(k, larger(m, n)), (size_t)512 * 512);
  return n <= 8 ? larger(larger(rk_packed_size(8, k), n * m), packed) : packed;
}

void rk_multiply(const rk_product_in_place *p) {
  if (rk_is_narrow(p)) {
    size_t size = rk_narrow_room(p);
    float *room = rk_scratch("matmul", size);
    rk_multiply_narrow(p, room);
    rk_release(room, size);
    return;
  }
  if (rk_turning_pays(p)) {
    rk_multiply_turned(p);
    return;
  }
  if (rk_tiles_serve(p)) {
    rk_multiply_in_tiles(*p);
    return;
  }
  bool transposeA = p->aColumn != 1, transposeB = p->bColumn != 1;
  // of a single row or column the distance may be anything, but OpenBLAS looks at it
  size_t lda = larger(transposeA ? p->aColumn : p->aRow, transposeA ? p->m : p->k);
  size_t ldb = larger(transposeB ? p->bColumn : p->bRow, transposeB ? p->k : p->n);
  cblas_sgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
              transposeB ? CblasTrans : CblasNoTrans, (int)p->m, (int)p->n, (int)p->k, 1.0f, p->a,
              (int)lda, p->b, (int)ldb, p->accumulates ? 1.0f : 0.0f, p->c,
              (int)larger(p->cRow, p->n));
}

/// `beta` is 0 or 1.
static void product(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, const float *a,
                    size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc) {
  rk_multiply(&(rk_product_in_place){
      .m = m, .n = n, .k = k, .a = a, .aRow = transposeA ? 1 : lda, .aColumn = transposeA ? lda : 1,
      .b = b, .bRow = transposeB ? 1 : ldb, .bColumn = transposeB ? ldb : 1, .c = c, .cRow = ldc,
      .accumulates = beta != 0.0f});
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
  rk_note_product(transposeA, transposeB, m, n, k, 1);
  if (m * n * k < SMALL_PRODUCT) {
    product(transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  bool splitRows = m >= n;
  size_t length = splitRows ? m : n;
  size_t wantedParts = m * n * k < 16 * (size_t)SMALL_PRODUCT ? 2 : 4;
  size_t block = round_up((length + wantedParts - 1) / wantedParts, 16);
  product_job job = {transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, c, ldc,
                     block, splitRows};
  rk_parallel((int)((length + block - 1) / block), product_part, &job);
}

// MARK: - Sums of products

typedef struct {
  const rk_product_sum *sums;
  size_t count;
} sums_job;

/// How a sum is cut: along the longer side of its result, by its size alone.
typedef struct {
  bool splitRows;
  size_t length, block, parts;
} cut;

static cut cut_of(const rk_product_sum *sum) {
  size_t work = 0;
  for (size_t i = 0; i < sum->count; i++) work += sum->m * sum->n * sum->products[i].k;
  cut result = {.splitRows = sum->m >= sum->n};
  result.length = result.splitRows ? sum->m : sum->n;
  size_t wanted = work < SMALL_PRODUCT ? 1 : (work < 16 * (size_t)SMALL_PRODUCT ? 2 : 4);
  result.block = round_up((result.length + wanted - 1) / wanted + (result.length == 0), 16);
  result.parts = (result.length + result.block - 1) / result.block;
  return result;
}

/// Beyond the second-level cache OpenBLAS's own packing, block by block, is better.
#define LARGEST_PACKED ((size_t)1 << 16)

bool rk_packing_pays(size_t m, size_t n, size_t k) {
  return m >= n && n > 0 && k > 0 && n % RK_LANES == 0 && n * k <= LARGEST_PACKED &&
         rk_tiles_are_fast();
}

void rk_pack(float *packed, const float *b, bool transposed, size_t k, size_t n) {
  rk_pack_tiles(packed, b, transposed ? 1 : n, transposed ? k : 1, k, n);
}

/// Rows of a sum of which every product has its b packed: the result of a tile is finished while it
/// is in the registers and the first-level cache.
static void sum_packed_rows(const rk_product_sum *sum, size_t row, size_t rows) {
  for (size_t i = 0; i < sum->count; i++) {
    rk_product p = sum->products[i];
    rk_multiply_tiles((rk_tiles){.a = p.a + row * p.k, .aRow = p.k, .aStep = 1, .b = p.packedB,
                                 .packed = true, .outer = 1, .steps = p.k,
                                 .c = sum->out + row * sum->n, .cRow = sum->n,
                                 .start = i == 0 ? sum->bias : NULL,
                                 .accumulates = i > 0 || sum->accumulates},
                      rows, sum->n);
  }
}

static bool is_packed(const rk_product_sum *sum) {
  for (size_t i = 0; i < sum->count; i++) {
    if (!sum->products[i].packedB || sum->products[i].transposeA) return false;
  }
  return sum->count > 0 && !(sum->bias && sum->accumulates);
}

static void sum_block(const rk_product_sum *sum, cut cut, size_t part) {
  size_t start = part * cut.block, length = rk_min(cut.block, cut.length - start);
  size_t row = cut.splitRows ? start : 0, rows = cut.splitRows ? length : sum->m;
  size_t column = cut.splitRows ? 0 : start, columns = cut.splitRows ? sum->n : length;
  if (columns == 0) return;  // of nothing there may be more rows than can be counted
  float *out = sum->out + row * sum->n + column;
  rk_unary_kernel activate = rk_unary_kernel_for(sum->activation);
  if (cut.splitRows && is_packed(sum)) {
    sum_packed_rows(sum, row, rows);
    if (activate) activate(out, out, rows * sum->n);
    return;
  }
  float beta = sum->accumulates ? 1.0f : 0.0f;
  if (sum->bias) {
    for (size_t r = 0; r < rows; r++) {
      float *to = out + r * sum->n;
      if (sum->accumulates) for (size_t i = 0; i < columns; i++) to[i] += sum->bias[column + i];
      else memcpy(to, sum->bias + column, columns * sizeof(float));
    }
    beta = 1.0f;
  }
  for (size_t i = 0; i < sum->count; i++) {
    rk_product p = sum->products[i];
    if (p.k == 0) continue;
    size_t lda = p.transposeA ? sum->m : p.k, ldb = p.transposeB ? p.k : sum->n;
    product(p.transposeA, p.transposeB, rows, columns, p.k, p.a + (p.transposeA ? row : row * lda),
            lda, p.b + (p.transposeB ? column * ldb : column), ldb, beta, out, sum->n);
    beta = 1.0f;
  }
  // nothing to add up: the sum is zero
  if (beta == 0.0f) for (size_t r = 0; r < rows; r++) rk_fill(out + r * sum->n, 0, columns);
  if (!activate) return;
  for (size_t r = 0; r < rows; r++) activate(out + r * sum->n, out + r * sum->n, columns);
}

static void sums_part(void *context, int part) {
  sums_job *job = context;
  size_t rest = (size_t)part;
  for (size_t i = 0; i < job->count; i++) {
    cut cut = cut_of(&job->sums[i]);
    if (rest < cut.parts) {
      sum_block(&job->sums[i], cut, rest);
      return;
    }
    rest -= cut.parts;
  }
}

void rk_product_sums(const rk_product_sum *sums, size_t count) {
  rk_flush_denormals();
  rk_prepare_products();
  size_t parts = 0;
  for (size_t i = 0; i < count; i++) {
    parts += cut_of(&sums[i]).parts;
    for (size_t j = 0; j < sums[i].count; j++) {
      rk_product p = sums[i].products[j];
      rk_note_product(p.transposeA, p.transposeB, sums[i].m, sums[i].n, p.k, 1);
    }
  }
  sums_job job = {sums, count};
  rk_parallel((int)parts, sums_part, &job);
}

void rk_repeat_row(float *y, const float *bias, size_t rows, size_t columns) {
  for (size_t row = 0; columns > 0 && row < rows; row++) {
    memcpy(y + row * columns, bias, columns * sizeof(float));
  }
}

// MARK: - The machine's rate, for benchmarks

typedef struct {
  const int64_t *shapes;
  int count;
  double seconds;
  double rate;
} rate_job;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void *measure_rate(void *argument) {
  rate_job *job = argument;
  size_t largest = 0;
  for (int i = 0; i < job->count; i++) {
    const int64_t *s = job->shapes + 6 * i;
    size_t m = (size_t)s[2], n = (size_t)s[3], k = (size_t)s[4];
    size_t sizes[] = {m * k, k * n, m * n};
    for (int j = 0; j < 3; j++) largest = sizes[j] > largest ? sizes[j] : largest;
  }
  float *a = rk_allocate(largest), *b = rk_allocate(largest), *c = rk_allocate(largest);
  if (a && b && c) {
    rk_fill(a, 0.5f, largest);
    rk_fill(b, 0.25f, largest);
    double operations = 0, start = 0, elapsed = 0;
    for (int round = 0; round < 2 || elapsed < job->seconds; round++) {
      if (round == 1) start = now();  // the first warms up
      for (int i = 0; i < job->count; i++) {
        const int64_t *s = job->shapes + 6 * i;
        size_t m = (size_t)s[2], n = (size_t)s[3], k = (size_t)s[4];
        for (int64_t times = 0; times < s[5]; times++) {
          product(s[0] != 0, s[1] != 0, m, n, k, a, s[0] ? m : k, b, s[1] ? k : n, 0, c, n);
        }
        if (round > 0) operations += 2.0 * (double)(m * n * k) * (double)s[5];
      }
      elapsed = now() - start;
    }
    job->rate = operations / elapsed;
  }
  rk_release(a, largest);
  rk_release(b, largest);
  rk_release(c, largest);
  return NULL;
}

double rk_gemm_rate(int threads, const int64_t *shapes, int count, double seconds) {
  rk_prepare_products();
  rate_job jobs[64];
  pthread_t helpers[64];
  int started = 1;
  for (int i = 0; i < threads && i < 64; i++) jobs[i] = (rate_job){shapes, count, seconds, 0};
  while (started < threads && started < 64 &&
         pthread_create(&helpers[started], NULL, measure_rate, &jobs[started]) == 0) {
    started++;
  }
  measure_rate(&jobs[0]);
  double rate = jobs[0].rate;
  for (int i = 1; i < started; i++) {
    pthread_join(helpers[i], NULL);
    rate += jobs[i].rate;
  }
  return rate;
}
