// The float kernels under TensorCore. Plain pointers and sizes; shapes were checked by the caller.
//
// Results depend on the arguments alone, never on the number of threads: work is cut into parts by
// size, and partial results are added up in the order of the parts.
#ifndef RHYTHMLAB_CKERNELS_H
#define RHYTHMLAB_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: - Threads (threads.c)

/// Sets how many threads kernels may use, the caller's included; 1 to 64. 0: one for each processor.
void rk_set_thread_count(int count);
int rk_thread_count(void);
/// Calls `body(context, part)` for each part in 0..<parts, on several threads where they are free.
/// They run in the kernels' mode (`rk_begin_calculation`) on every thread.
void rk_parallel(int parts, void (*body)(void *context, int part), void *context);
/// Sets the processor's mode to the one of the kernels, where denormals are zero, for loops that are
/// written in Swift; returns the mode before, for `rk_end_calculation`.
uint64_t rk_begin_calculation(void);
void rk_end_calculation(uint64_t before);

// MARK: - Memory (memory.c)

/// A buffer of at least `count` floats, aligned to 64 bytes, contents undefined; NULL: no memory.
float *rk_allocate(size_t count);
/// The same for what a kernel keeps in between; without memory the program ends with a sentence.
float *rk_scratch(const char *operation, size_t count);
/// Ends the program with the sentence that there is no memory for `count` numbers in between.
_Noreturn void rk_end_without_memory(const char *operation, size_t count);
/// Whether there is memory for a buffer of `count` floats.
bool rk_has_room(size_t count);
/// The most numbers that a product [m, k] · [k, n] keeps in between.
size_t rk_product_room(size_t m, size_t n, size_t k);
/// Bytes that this process may still have, by what the machine has, its limits and its control groups.
size_t rk_available_memory(void);
/// For tests: from now on no larger buffer is to be had; SIZE_MAX ends the pretence.
void rk_pretend_available_memory(size_t bytes);
/// Gives a buffer of `count` floats back, for reuse.
void rk_release(float *buffer, size_t count);
/// The number of buffers handed out and not given back.
int64_t rk_live_buffers(void);
/// Bytes that are kept for reuse, and the most that may be: what was in use at once and is not now.
size_t rk_kept_bytes(size_t *most);

// MARK: - Elementwise (elementwise.c)

typedef enum {
  RK_IDENTITY, RK_NEGATE, RK_EXP, RK_LOG, RK_SQRT, RK_TANH, RK_SIGMOID, RK_RELU, RK_ABS, RK_SQUARE
} rk_unary_operation;
typedef enum { RK_ADD, RK_SUBTRACT, RK_MULTIPLY, RK_DIVIDE } rk_binary_operation;

void rk_unary(rk_unary_operation operation, float *out, const float *x, size_t count);
/// gradient of the input: `saved` is the output for exp, sqrt, tanh, sigmoid, relu; else the input.
void rk_unary_gradient(rk_unary_operation operation, float *out, const float *saved,
                       const float *upstream, size_t count);
/// out = a ∘ b, row-major over `dimensions`; a stride of 0 repeats an operand along that axis.
void rk_binary(rk_binary_operation operation, float *out, const float *a, const float *b, int rank,
               const int64_t *dimensions, const int64_t *stridesA, const int64_t *stridesB);
/// out = x · scale + shift
void rk_scale_shift(float *out, const float *x, float scale, float shift, size_t count);
void rk_fill(float *out, float value, size_t count);
/// out += x
void rk_accumulate(float *out, const float *x, size_t count);
/// out = -upstream · a / b², the gradient of a / b for b, operands of one size.
void rk_divide_gradient(float *out, const float *upstream, const float *a, const float *b,
                        size_t count);

// MARK: - Functions with parameters (activations.c)

/// p is the slope below 0 of elu and leakyReLU, the exponent, the divisor, the bound or what is
/// compared with; q the upper bound of clip.
typedef enum {
  RK_GELU, RK_SOFTPLUS, RK_SILU, RK_ELU, RK_LEAKY_RELU, RK_CLIP, RK_ERF, RK_POWER, RK_DIVIDE_BY,
  RK_LESS, RK_LESS_OR_EQUAL, RK_GREATER, RK_GREATER_OR_EQUAL, RK_EQUAL, RK_NOT_EQUAL
} rk_function;

/// out = f(x), or, where there is an upstream gradient g, f′(x) · g.
void rk_apply(rk_function function, float *out, const float *x, const float *upstream, float p,
              float q, size_t count);

// MARK: - Reductions (reductions.c): added up in double, rounded once

/// out[o, i] = Σ_r x[o, r, i]
void rk_sum_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner);
/// out[o, i] = Σ_r x[o, r, i] / reduced
void rk_mean_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner);
/// out[i] += Σ_r x[r, i]
void rk_add_row_sums(float *out, const float *x, size_t rows, size_t width);
/// Rows that are added up with others.
typedef struct {
  const float *x;
  size_t rows;
} rk_rows;
/// The same over `count` buffers, rounded once for all of them.
void rk_add_sums_of_rows(float *out, const rk_rows *buffers, size_t count, size_t width);
/// out[o, s, i] = Σ_{r ≤ s} x[o, r, i], or over r ≥ s where it runs backwards.
void rk_running_sums(float *out, const float *x, size_t outer, size_t size, size_t inner,
                     bool backwards);
/// Σ x²; no float is too large for it, so that it is finite where all of them are.
double rk_sum_of_squares(const float *x, size_t count);

// MARK: - Variances (statistics.c): along the middle axis of [outer, reduced, inner]

/// What the gradient of a variance, or of a deviation, is computed from: g · slope · (x − mean).
typedef struct {
  double mean, slope;
} rk_spread;

/// out[o, i] = Σ_r (x[o, r, i] − mean)² / max(reduced − correction, 0), or its root, and the group of
/// each.
void rk_variance(float *out, rk_spread *groups, bool root, const float *x, size_t outer,
                 size_t reduced, size_t inner, double correction);
void rk_variance_gradient(float *gradX, const float *x, const rk_spread *groups,
                          const float *upstream, size_t outer, size_t reduced, size_t inner);

// MARK: - Distances (distances.c): of rows

/// out[r] = ‖a[r] − b[r] + ε‖; `distances` are the same, for the gradient.
void rk_pairwise_distance(float *out, double *distances, const float *a, const float *b,
                          size_t rows, size_t width, float epsilon);
/// Either gradient may be NULL when it is not wanted.
void rk_pairwise_distance_gradient(float *gradA, float *gradB, const float *a, const float *b,
                                   const double *distances, const float *upstream, size_t rows,
                                   size_t width, float epsilon);

/// The gradient for a is g · (both · b + a · a), that for b likewise.
typedef struct {
  double both, a, b;
} rk_angle;

/// out[r] = a[r] · b[r] / (max(‖a[r]‖, ε) max(‖b[r]‖, ε))
void rk_cosine_similarity(float *out, rk_angle *angles, const float *a, const float *b, size_t rows,
                          size_t width, float epsilon);
/// Either gradient may be NULL when it is not wanted.
void rk_cosine_similarity_gradient(float *gradA, float *gradB, const float *a, const float *b,
                                   const rk_angle *angles, const float *upstream, size_t rows,
                                   size_t width);

// MARK: - Products along an axis (multiplication.c): multiplied in double, rounded once

/// out[o, i] = Π_r x[o, r, i]
void rk_product_axis(float *out, const float *x, size_t outer, size_t reduced, size_t inner);
/// gradX[o, r, i] = upstream[o, i] · Π_{s ≠ r} x[o, s, i]
void rk_product_axis_gradient(float *gradX, const float *x, const float *upstream, size_t outer,
                              size_t reduced, size_t inner);

// MARK: - Order (ordering.c)

/// The first `kept` elements of x [outer, size, inner] along the middle axis in order, and their
/// positions, both [outer, kept, inner]. `values` may be NULL. A size of at most 2²⁴, so that positions
/// are whole numbers that floats have.
void rk_order(float *values, float *positions, const float *x, size_t outer, size_t size,
              size_t inner, size_t kept, bool descending);

// MARK: - Positions (gathering.c)

/// The first place whose number is no position of an axis of this size; negative: all are.
ptrdiff_t rk_first_bad_position(const float *positions, size_t count, size_t size);
/// out[o, j, i] = x[o, positions[o, j, i], i], j < picks
void rk_gather(float *out, const float *x, const float *positions, size_t outer, size_t size,
               size_t picks, size_t inner);
/// out[o, s, i] = Σ upstream[o, j, i] over those j whose positions[o, j, i] is s, in their order; in
/// double where they may be many.
void rk_scatter_add(float *out, const float *upstream, const float *positions, size_t outer,
                    size_t size, size_t picks, size_t inner);
/// out[o, (s + offset) mod size, i] = x[o, s, i], or x moved back. The rows o have `count` offsets in
/// 0..<size, as many rows each.
void rk_roll(float *out, const float *x, size_t outer, size_t size, size_t inner,
             const int64_t *offsets, size_t count, bool back);

// MARK: - Random bits by counter (philox.c)

/// The first numbers of Philox 4×32 with ten rounds for a key, the counters being 0, 1, 2 …
void rk_philox(uint32_t *out, size_t count, uint64_t key);
/// out[i] = x[i] · (0 or scale): 0 where the number that the key has at i is among the first
/// `probability` · 2³².
void rk_dropout(float *out, const float *x, size_t count, uint64_t key, double probability,
                float scale);

// MARK: - Movement (movement.c)

/// Copies x, read with `strides`, into the row-major `out` of `dimensions`.
void rk_copy_strided(float *out, const float *x, int rank, const int64_t *dimensions,
                     const int64_t *strides);
/// Copies or adds `rows` runs of `width` floats between two buffers with their own row strides.
void rk_copy_rows(float *out, size_t outStride, const float *x, size_t xStride, size_t rows,
                  size_t width, bool add);

// MARK: - Matrix products (products.c)

/// Whether this processor has registers for tiles that are worth it, of 8 floats or more, and the kernels were built for
/// them.
bool rk_tiles_are_fast(void);
/// C = A · B + beta · C, row-major, beta 0 or 1; `transpose` flags say that the operand is stored transposed.
void rk_gemm(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, const float *a,
             size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc);
/// One product `op(a)[m, k] · op(b)[k, n]` of a sum.
typedef struct {
  const float *a, *b;
  size_t k;
  bool transposeA, transposeB;
  /// b as `rk_pack` puts it, or NULL.
  const float *packedB;
} rk_product;

/// Whether products of m rows with a b of [k, n] are quicker when b is packed first.
bool rk_packing_pays(size_t m, size_t n, size_t k);
/// Puts b [k, n], or [n, k] where it is to be transposed, into the order that products read it in.
void rk_pack(float *packed, const float *b, bool transposed, size_t k, size_t n);

/// out[m, n] = activation(bias + Σ products), or out + bias + Σ products where `accumulates`.
typedef struct {
  float *out;
  size_t m, n;
  const rk_product *products;
  size_t count;
  /// [n], added to every row; may be NULL.
  const float *bias;
  bool accumulates;
  rk_unary_operation activation;
} rk_product_sum;

/// Computes the sums, which do not depend on each other, in one go: each block of a result stays in
/// the cache of one thread until it is finished.
void rk_product_sums(const rk_product_sum *sums, size_t count);
/// From now on, or no longer, counts the products that are done, those before forgotten: for
/// benchmarks, which ask what the products of a training alone would take.
void rk_record_products(bool on);
/// Counts `times` products, where they are counted: for kernels that call OpenBLAS themselves.
void rk_note_product(bool transposeA, bool transposeB, size_t m, size_t n, size_t k, size_t times);
/// Writes what was counted, as `rk_gemm_rate` reads it, up to `capacity` different shapes.
///
/// Returns how many there are.
size_t rk_recorded_products(int64_t *shapes, size_t capacity);
/// The rate of this machine at the given products, in multiplications and additions a second: each
/// thread does all of them alone, for about `seconds`. `shapes` holds
/// `count` times: transposeA, transposeB, m, n, k, and how often the product occurs.
double rk_gemm_rate(int threads, const int64_t *shapes, int count, double seconds);
/// Y[rows, columns] = bias repeated in each row.
void rk_repeat_row(float *y, const float *bias, size_t rows, size_t columns);

// MARK: - Batches of products (batches.c)

/// Matrices where they lie: the distances, in floats, of rows and columns, one of which is 1, and of
/// the matrices along each axis of the batch, 0 where they repeat.
typedef struct {
  float *elements;
  size_t row, column;
  const size_t *strides;
} rk_matrices;

/// What is done with each row of a result: nothing, its softmax, or the gradient of one, of which the row
/// is the upstream gradient. Rows have at least RK_FEW_CLASSES elements, side by side.
typedef enum { RK_ROWS_AS_THEY_ARE, RK_SOFTMAX_ROWS, RK_SOFTMAX_GRADIENT_ROWS } rk_row_step;

/// The fewest elements of rows whose softmax is computed one row after the other.
enum { RK_FEW_CLASSES = 32 };

/// C = A · B, or C + A · B, `[m, k] · [k, n]`, for each matrix of a batch of `sizes`; a and b are only
/// read. Products that differ along an axis along which c repeats add up. What does not accumulate is
/// multiplied by `factor` at the end, or divided by it, and goes through the step `rows` then, while it is in
/// the caches.
typedef struct {
  int axes;
  const size_t *sizes;
  size_t m, n, k;
  rk_matrices a, b, c;
  bool accumulates;
  float factor;
  bool divides;
  rk_row_step rows;
  /// The softmax of RK_SOFTMAX_GRADIENT_ROWS, which lies as c does.
  float *saved;
} rk_batch;

void rk_multiply_batch(const rk_batch *batch);
/// Computes each matrix of the first batch, whose c has no elements, into a buffer that stays in the caches,
/// and from there those of the batches that follow it: an operand without elements is that matrix.
///
/// Returns false, and does nothing, where a matrix is too large for that, where the products are so few that
/// each is cut, or where some add up.
bool rk_multiply_chain(const rk_batch *batches, int count);

// MARK: - Convolution (convolution.c)

/// One axis of a convolution. Output i reads from tap k what stands at
/// i · stride + k · dilation − padding; padding after the end follows from the outputs.
typedef struct {
  size_t inputs, outputs, kernel, stride, padding, dilation;
} rk_convolution_axis;

/// x [batch, inChannels, rows, columns], weights [outChannels, inChannels / groups, kernel rows,
/// kernel columns]. A sequence is an image of one row.
typedef struct {
  size_t batch, inChannels, outChannels, groups;
  rk_convolution_axis rows, columns;
  /// 1 for conv1d, 2 for conv2d: a sentence names the operation.
  int axes;
} rk_convolution_shape;

/// The numbers of the largest buffer that a convolution, or also its gradient, keeps in between;
/// SIZE_MAX for more than there are numbers.
size_t rk_convolution_scratch(rk_convolution_shape shape, bool gradient);

/// `bias` may be NULL.
void rk_convolution(rk_convolution_shape shape, float *y, const float *x, const float *weight,
                    const float *bias);
/// Any of the gradients may be NULL when it is not wanted.
void rk_convolution_gradient(rk_convolution_shape shape, float *gradX, float *gradWeight,
                             float *gradBias, const float *x, const float *weight,
                             const float *upstream);

// MARK: - Pooling (pooling.c)

/// Output i covers the inputs from i · stride − padding on, `kernel` of them where they are there. A
/// kernel of 0 stands for adaptive windows, which `outputs` alone determines.
typedef struct {
  size_t inputs, outputs, kernel, stride, padding;
} rk_pool_axis;

/// x [planes, rows, columns]; a sequence is a plane of one row.
typedef struct {
  size_t planes;
  rk_pool_axis rows, columns;
} rk_pooling;

/// The first of equals wins and a NaN always does, the last of several. Not for adaptive windows.
void rk_max_pool(float *y, const float *x, rk_pooling windows);
/// Looks for the largest once more: no table of them is kept.
void rk_max_pool_gradient(float *gradX, const float *x, const float *upstream, rk_pooling windows);
/// Whether an average divides by the padding of its window too.
void rk_average_pool(float *y, const float *x, rk_pooling windows, bool countsPadding);
void rk_average_pool_gradient(float *gradX, const float *upstream, rk_pooling windows,
                              bool countsPadding);

// MARK: - Channels last (channels_last.c): x and y are [N, L, C]; weights stay [out, in, kernel]

typedef struct {
  size_t batch, inChannels, inLength, outChannels, outLength;
  size_t kernel, stride, padding, dilation;
} rk_conv1d_shape;

/// Whether the two functions below can do it.
bool rk_conv1d_channels_last_serves(rk_conv1d_shape shape, bool wantsInputGradient);
void rk_conv1d_channels_last(rk_conv1d_shape shape, float *y, const float *x, const float *weight,
                             const float *bias);
/// Any of the gradients may be NULL when it is not wanted.
void rk_conv1d_channels_last_gradient(rk_conv1d_shape shape, float *gradX, float *gradWeight,
                                      float *gradBias, const float *x, const float *weight,
                                      const float *upstream);

/// A kernel of 0 stands for adaptive windows.
typedef struct {
  size_t batch, channels, inLength, outLength, kernel, stride;
} rk_pool_shape;

void rk_average_pool_channels_last(float *y, const float *x, rk_pool_shape shape);
void rk_average_pool_channels_last_gradient(float *gradX, const float *upstream,
                                            rk_pool_shape shape);

// MARK: - Softmax (softmax.c): along the middle axis of [outer, classes, inner]

typedef enum { RK_SOFTMAX, RK_LOG_SOFTMAX, RK_LOG_SUM_EXP } rk_softmax_kind;

/// Which elements take part: row-major over `dimensions`, the axes of x with that of the classes last;
/// where an element is 0 the one of x does not count. A stride of 0 repeats.
typedef struct {
  const float *mask;
  int rank;
  const int64_t *dimensions, *strides;
} rk_softmax_mask;

/// y has the size of x; of RK_LOG_SUM_EXP that of [outer, inner]. `mask` may be NULL; a row of which
/// nothing takes part is 0.
void rk_softmax(rk_softmax_kind kind, float *y, const float *x, size_t outer, size_t classes,
                size_t inner, const rk_softmax_mask *mask);
/// `saved` is y; of RK_LOG_SUM_EXP x.
void rk_softmax_gradient(rk_softmax_kind kind, float *gradX, const float *saved,
                         const float *upstream, size_t outer, size_t classes, size_t inner);

// MARK: - Losses (losses.c)

/// What cross-entropies of [rows, classes] are computed from. A label outside of the classes counts
/// nothing.
typedef struct {
  const float *x;
  const int32_t *labels;
  /// [classes]
  const float *weights;
  size_t rows, classes;
  /// The share of the target that is spread over all classes.
  float smoothing;
} rk_cross_entropy_shape;

/// −Σ_k q_k log softmax(x)_k for each row, q_k = w_k ((1 − s) [k = label] + s / K). `peaks` and
/// `logarithms`, [rows], are for the gradient: log softmax(x) = (x − peak) − logarithm.
void rk_cross_entropy(rk_cross_entropy_shape shape, float *losses, float *peaks, float *logarithms);
void rk_cross_entropy_gradient(rk_cross_entropy_shape shape, float *gradX, const float *peaks,
                               const float *logarithms, const float *upstream);

/// (1 − t) x + (1 + (w − 1) t) softplus(−x) for each element; `losses` may be NULL. Returns the sum.
double rk_bce_with_logits(float *losses, const float *logits, const float *targets, float weight,
                          size_t count);
/// gradX = ((1 − t) σ(x) − w t σ(−x)) · g, where g is one for all (`step` 0) or one for each (1).
void rk_bce_with_logits_gradient(float *gradX, const float *logits, const float *targets,
                                 float weight, const float *upstream, size_t step, float scale,
                                 size_t count);

// MARK: - Normalisation (normalisation.c)

/// What the elements of a group are normalised by: x̂ = (x − mean − rest) · scale.
typedef struct {
  /// The mean as a float, and what that lacks.
  float mean, rest;
  /// 1 / √(variance + ε); NaN for a variance beyond the floats.
  float scale;
  /// Σ (x − mean)² / n
  float variance;
} rk_normalisation_group;

/// y[r, i] = x̂[r, i] · weight[i] + bias[i], and the group of each row.
void rk_layer_norm(float *y, rk_normalisation_group *groups, const float *x, const float *weight,
                   const float *bias, size_t rows, size_t width, float epsilon);
/// Any of the gradients may be NULL when it is not wanted.
void rk_layer_norm_gradient(float *gradX, float *gradWeight, float *gradBias, const float *x,
                            const rk_normalisation_group *groups, const float *weight,
                            const float *upstream, size_t rows, size_t width);
/// Groups of a mean and a variance that are known.
void rk_normalisation_given(rk_normalisation_group *groups, const float *mean,
                            const float *variance, size_t count, float epsilon);
/// The floats of the largest buffer that `rk_batch_norm` keeps in between.
size_t rk_batch_norm_scratch(size_t outer, size_t channels, size_t inner);
/// y[o, c, i] = x̂[o, c, i] · weight[c] + bias[c]. The groups, one for each channel, are written,
/// or read where they are given.
void rk_batch_norm(float *y, rk_normalisation_group *groups, bool given, const float *x,
                   const float *weight, const float *bias, size_t outer, size_t channels,
                   size_t inner, float epsilon);
/// Any of the gradients may be NULL when it is not wanted.
void rk_batch_norm_gradient(float *gradX, float *gradWeight, float *gradBias, const float *x,
                            const rk_normalisation_group *groups, bool given, const float *weight,
                            const float *upstream, size_t outer, size_t channels, size_t inner);

// MARK: - Optimisers (optimisers.c, gradients.c)

/// A gradient: its numbers or, where these are still to be computed (`numbers` is NULL), the product aᵀ · b that
/// they are, of a [k, m] and b [k, n].
typedef struct {
  const float *numbers;
  const float *a, *b;
  size_t m, n, k;
} rk_gradient;

/// Whether a gradient aᵀ · b is better left to the optimiser, which uses it band by band as it is computed: where it
/// would be written to memory, and b is not too large to be read for each band.
bool rk_gradient_may_wait(size_t m, size_t n, size_t k);

// Each moves `count` parameters, and returns Σ g² of their gradients, added up in double.

/// `keep` is what the step leaves of the parameter itself (AdamW), `decay` the share of it that is
/// added to the gradient.
double rk_adam(float *parameter, rk_gradient gradient, float *moment1, float *moment2, size_t count,
               float learningRate, double beta1, double beta2, float correction1,
               float correction2, float epsilon, float keep, float decay);

/// `share` of a gradient is added to the velocity.
typedef struct {
  float learningRate, momentum, share, decay;
  bool looksAhead;
} rk_sgd_settings;

/// `velocity` may be NULL: no momentum.
double rk_sgd(float *parameter, rk_gradient gradient, float *velocity, size_t count,
              rk_sgd_settings settings);

typedef struct {
  float learningRate, alpha, epsilon, momentum, decay;
} rk_rmsprop_settings;

/// `velocity` may be NULL: no momentum.
double rk_rmsprop(float *parameter, rk_gradient gradient, float *squares, float *velocity,
                  size_t count, rk_rmsprop_settings settings);

/// Moves each average by a share of its distance to the value.
void rk_approach(float *average, const float *value, float share, size_t count);

#endif
