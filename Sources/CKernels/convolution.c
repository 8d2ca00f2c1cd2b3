// Convolution over [N, C, rows, columns]; a sequence [N, C, L] is an image of one row.
//
// The input of a block of outputs is copied once, padding included, onto a *sheet* that fits into
// the second-level cache: one plane for each channel, and for each phase where the windows are more
// than one element apart, so that neighbouring outputs always read neighbouring elements. A tap of
// the kernel is then an offset into the sheet, and 16 outputs that follow one another on the sheet are
// one vector, whatever stride, dilation, padding and number of axes. Windows are never laid out.
//
// The gradient of the input is the same with the weights transposed, once for each phase of the
// stride; that of the weights multiplies the vectors of the upstream gradient with those windows.
//
// Padding is left out of sums, as in oneDNN: a sheet's zeros would make NaN of infinite weights, so
// those, which are rare, take the plain loops at the end of this file.

#include <stdlib.h>

#include "internal.h"

// MARK: - One axis

/// Where the taps of a kernel find their elements along one axis: tap k of output t is element
/// `start[phase[k]] + (t + shift[k]) · sourceStride`, if there is one.
typedef struct {
  size_t outputs, taps, phases, reach, sourceStride, sourceLength;
  /// Output t is element `resultStart + t · resultStride` of the result.
  size_t resultStart, resultStride, resultLength;
  /// For each tap: its number in the kernel, the phase and the shift.
  size_t *tap, *phase, *shift;
  int64_t *start;
} axis;

static axis empty_axis(size_t kernel) {
  size_t *memory = malloc((4 * kernel + 1) * sizeof(size_t));
  if (!memory) rk_end_without_memory("convolution", 8 * kernel);
  return (axis){.tap = memory, .phase = memory + kernel, .shift = memory + 2 * kernel,
                .start = (int64_t *)(memory + 3 * kernel)};
}

static axis forward_axis(rk_convolution_axis s) {
  axis a = empty_axis(s.kernel);
  a.outputs = a.resultLength = s.outputs;
  a.sourceStride = s.stride;
  a.sourceLength = s.inputs;
  a.resultStride = 1;
  a.taps = s.kernel;
  for (size_t k = 0; k < s.kernel; k++) {
    int64_t start = (int64_t)(k * s.dilation % s.stride) - (int64_t)s.padding;
    size_t phase = 0;
    while (phase < a.phases && a.start[phase] != start) phase++;
    if (phase == a.phases) a.start[a.phases++] = start;
    a.tap[k] = k;
    a.phase[k] = phase;
    a.shift[k] = k * s.dilation / s.stride;
    if (a.shift[k] > a.reach) a.reach = a.shift[k];
  }
  return a;
}

/// Input i takes from tap k what output (i + padding − k · dilation) / stride was given, where that is
/// whole: the inputs with (i + padding) mod stride = `class`.
static axis backward_axis(rk_convolution_axis s, size_t class) {
  axis a = empty_axis(s.kernel);
  // i = stride · (first + t) + class − padding
  size_t first = s.padding > class ? (s.padding - class + s.stride - 1) / s.stride : 0;
  a.resultStart = s.stride * first + class - s.padding;
  a.resultStride = s.stride;
  a.resultLength = s.inputs;
  a.outputs = a.resultStart < s.inputs ? (s.inputs - a.resultStart - 1) / s.stride + 1 : 0;
  a.sourceStride = 1;
  a.sourceLength = s.outputs;
  a.phases = 1;
  int64_t lowest = 0;
  // from the last tap backwards, so that the elements are read in their order
  for (size_t k = s.kernel; k-- > 0;) {
    int64_t distance = (int64_t)class - (int64_t)(k * s.dilation);
    if (distance % (int64_t)s.stride != 0) continue;
    int64_t shift = distance / (int64_t)s.stride;
    if (a.taps == 0) lowest = shift;
    a.tap[a.taps] = k;
    a.phase[a.taps] = 0;
    a.shift[a.taps] = (size_t)(shift - lowest);
    a.reach = a.shift[a.taps++];
  }
  a.start[0] = (int64_t)first + lowest;
  return a;
}

// MARK: - Blocks and sheets

/// A correlation of `groups` groups of channels.
typedef struct {
  axis rows, columns;
  size_t batch, groups;
  /// Channels of one group.
  size_t sourceChannels, resultChannels;
  const float *source;
  float *result;
  const float *weights, *bias;
  const float *upstream;  // for the gradient of the weights
  const char *operation;  // in sentences
  /// How the outputs are cut into blocks, and the channels or groups of a block into lots.
  size_t samples, blockRows, blockColumns, lots;
} correlation;

/// Floats of a sheet that stay in the second-level cache beside what else is used.
#define SHEET ((size_t)48 << 10)
/// Outputs of a block, at least: fewer would not pay for its preparation.
#define SMALL_BLOCK ((size_t)192)
/// Multiplications that are worth a part of their own.
#define SMALL_WORK ((size_t)1 << 20)
/// Blocks that a long computation is cut into, at least.
#define BLOCKS 8

static size_t ceiling(size_t a, size_t b) { return (a + b - 1) / b; }

static size_t steps_of(const correlation *c) {
  return c->sourceChannels * c->rows.taps * c->columns.taps;
}

static size_t blocks_of(const correlation *c) {
  return ceiling(c->batch, c->samples) * ceiling(c->rows.outputs, c->blockRows) *
         ceiling(c->columns.outputs, c->blockColumns);
}

/// Cuts by the sizes alone.
static void cut(correlation *c) {
  size_t rows = c->rows.outputs, columns = c->columns.outputs, each = rows * columns;
  size_t outputs = c->batch * each, channels = c->resultChannels * c->groups;
  size_t planes = c->sourceChannels * c->rows.phases * c->columns.phases + (c->sourceChannels == 0);
  size_t size = SHEET / (planes ? planes : 1);
  size_t work = outputs * channels * (steps_of(c) + 1);
  if (work > SMALL_WORK) size = rk_min(size, ceiling(outputs, BLOCKS));
  if (size < SMALL_BLOCK) size = SMALL_BLOCK;
  c->samples = c->blockRows = c->blockColumns = 1;
  if (each == 0 || c->batch == 0) return;
  if (size >= each) {
    c->samples = rk_min(size / each, c->batch);
    c->blockRows = rows;
    c->blockColumns = columns;
  } else if (size >= columns) {
    // all about equally high
    c->blockRows = ceiling(rows, ceiling(rows, size / columns));
    c->blockColumns = columns;
  } else {
    c->blockColumns = ceiling(size, 3 * RK_LANES) * 3 * RK_LANES;
  }
  size_t wanted = work > SMALL_WORK ? ceiling(BLOCKS, blocks_of(c)) : 1;
  // lots of tiles, or of groups, each of which has a sheet of its own
  size_t most = c->groups > 1 ? c->groups : ceiling(c->resultChannels, rk_limits_of_tiles().rows);
  c->lots = rk_min(wanted, most);
  if (c->lots == 0) c->lots = 1;
}

/// Outputs that follow one another within a vector and in the result.
typedef struct {
  size_t lane, length;  // lane counts from the block's first vector
  size_t output;        // in the result's channel; a sample's channels follow one another
} run;

typedef struct {
  size_t sample, samples, row, rows, column, columns;
  size_t sheetRows, sheetColumns, plane;
  size_t *offsets;  // of each tap, within the planes of a channel
  size_t vectors;
  size_t *positions;  // of each vector
  run *runs;
  size_t runCount;
  size_t *firstRun;  // of each vector, and the end
} block;

static block make_block(const correlation *c, size_t index) {
  const axis *rows = &c->rows, *columns = &c->columns;
  size_t across = ceiling(columns->outputs, c->blockColumns);
  size_t down = ceiling(rows->outputs, c->blockRows);
  block b = {.column = index % across * c->blockColumns, .row = index / across % down * c->blockRows,
             .sample = index / across / down * c->samples};
  b.samples = rk_min(c->samples, c->batch - b.sample);
  b.rows = rk_min(c->blockRows, rows->outputs - b.row);
  b.columns = rk_min(c->blockColumns, columns->outputs - b.column);
  b.sheetRows = b.rows + rows->reach;
  b.sheetColumns = b.columns + columns->reach;
  // an odd number of cache lines, so that the planes do not fall on one another in the cache
  size_t lines = ceiling(b.samples * b.sheetRows * b.sheetColumns, RK_LANES);
  b.plane = (lines | 1) * RK_LANES;

  // vectors of one row, of a sample's rows, or of all: the fewest, rows if nearly so
  size_t whole = (b.rows - 1) * b.sheetColumns + b.columns;
  size_t all = (b.samples - 1) * b.sheetRows * b.sheetColumns + whole;
  size_t byRow = b.samples * b.rows * ceiling(b.columns, RK_LANES);
  size_t bySample = b.samples * ceiling(whole, RK_LANES), together = ceiling(all, RK_LANES);
  size_t fewest = rk_min(bySample, together);
  bool breaksRows = byRow <= fewest + fewest / 16;
  bool breaksSamples = breaksRows || bySample <= together;
  b.vectors = breaksRows ? byRow : breaksSamples ? bySample : together;

  size_t taps = rows->taps * columns->taps;
  size_t runs = b.samples * b.rows * (b.columns / RK_LANES + 2);
  size_t bytes = (taps + 2 * b.vectors + 1) * sizeof(size_t) + runs * sizeof(run);
  b.offsets = malloc(bytes);
  if (!b.offsets) rk_end_without_memory(c->operation, bytes / sizeof(float));
  b.positions = b.offsets + taps;
  b.firstRun = b.positions + b.vectors;
  b.runs = (run *)(b.firstRun + b.vectors + 1);
  for (size_t i = 0; i < rows->taps; i++) {
    for (size_t j = 0; j < columns->taps; j++) {
      b.offsets[i * columns->taps + j] =
          (rows->phase[i] * columns->phases + columns->phase[j]) * b.plane +
          rows->shift[i] * b.sheetColumns + columns->shift[j];
    }
  }
  size_t channels = c->resultChannels * c->groups;
  size_t resultPlane = rows->resultLength * columns->resultLength;
  size_t vector = 0, origin = 0;  // the vectors that are there, and where the last piece started
  size_t pieceStart = 0;
  for (size_t n = 0; n < b.samples; n++) {
    for (size_t i = 0; i < b.rows; i++) {
      size_t at = (n * b.sheetRows + i) * b.sheetColumns;
      bool starts = (n == 0 && i == 0) || breaksRows || (breaksSamples && i == 0);
      if (starts) {
        origin = at;
        pieceStart = vector;
      }
      size_t output = (b.sample + n) * channels * resultPlane +
                      (rows->resultStart + (b.row + i) * rows->resultStride) *
                          columns->resultLength +
                      columns->resultStart + b.column * columns->resultStride;
      for (size_t j = 0; j < b.columns;) {
        size_t lane = at + j - origin, own = pieceStart + lane / RK_LANES;
        // also those that hold no output, between the last row and this
        for (; vector <= own; vector++) {
          b.positions[vector] = origin + (vector - pieceStart) * RK_LANES;
          b.firstRun[vector] = b.runCount;
        }
        size_t length = rk_min(RK_LANES - lane % RK_LANES, b.columns - j);
        b.runs[b.runCount++] = (run){own * RK_LANES + lane % RK_LANES, length,
                                     output + j * columns->resultStride};
        j += length;
      }
    }
  }
  b.vectors = vector;
  b.firstRun[vector] = b.runCount;
  return b;
}

static void release_block(block *b) { free(b->offsets); }

static size_t sheet_size(const correlation *c, const block *b) {
  return c->sourceChannels * c->rows.phases * c->columns.phases * b->plane + RK_LANES;
}

RK_CLONES static void copy_every(float *restrict to, const float *restrict from, size_t count,
                                 size_t stride) {
  if (stride == 2) for (size_t i = 0; i < count; i++) to[i] = from[2 * i];
  else for (size_t i = 0; i < count; i++) to[i] = from[i * stride];
}

static void fill_row(float *to, const float *from, const axis *a, int64_t start, size_t width) {
  int64_t stride = (int64_t)a->sourceStride, length = (int64_t)a->sourceLength;
  int64_t low = start >= 0 ? 0 : (-start + stride - 1) / stride;
  int64_t high = start >= length ? 0 : (length - 1 - start) / stride + 1;
  if (high > (int64_t)width) high = (int64_t)width;
  if (low > high) low = high;
  size_t before = (size_t)low, end = (size_t)high;
  if (before > 0) memset(to, 0, before * sizeof(float));
  if (end > before) {
    from += start + low * stride;
    if (stride == 1) memcpy(to + before, from, (end - before) * sizeof(float));
    else copy_every(to + before, from, end - before, a->sourceStride);
  }
  if (width > end) memset(to + end, 0, (width - end) * sizeof(float));
}

/// Lays out the input of a block for one group of channels.
static void fill_sheet(const correlation *c, const block *b, size_t group, float *sheet) {
  const axis *rows = &c->rows, *columns = &c->columns;
  size_t channels = c->sourceChannels, width = b->sheetColumns;
  size_t image = rows->sourceLength * columns->sourceLength;
  for (size_t channel = 0; channel < channels; channel++) {
    const float *from = c->source + ((b->sample * c->groups + group) * channels + channel) * image;
    for (size_t p = 0; p < rows->phases; p++) {
      for (size_t q = 0; q < columns->phases; q++, sheet += b->plane) {
        int64_t left = columns->start[q] + (int64_t)(b->column * columns->sourceStride);
        float *to = sheet;
        for (size_t n = 0; n < b->samples; n++) {
          const float *sample = from + n * c->groups * channels * image;
          for (size_t i = 0; i < b->sheetRows; i++, to += width) {
            int64_t row = rows->start[p] + (int64_t)((b->row + i) * rows->sourceStride);
            if (row < 0 || row >= (int64_t)rows->sourceLength) {
              memset(to, 0, width * sizeof(float));
            } else {
              fill_row(to, sample + (size_t)row * columns->sourceLength, columns, left, width);
            }
          }
        }
        memset(to, 0, (size_t)(sheet + b->plane - to) * sizeof(float));
      }
    }
  }
  memset(sheet, 0, RK_LANES * sizeof(float));
}

// MARK: - The result

/// Weights [groups, result, source, kernel] or, for the gradient of the input,
/// [groups, source, result, kernel] in the order the tiles read them: for each tile of channels its
/// [source, taps, channels of the tile].
static float *packed_weights(const correlation *c, const float *weight, bool transposed,
                             size_t kernelRows, size_t kernelColumns) {
  size_t kernel = kernelRows * kernelColumns, limit = rk_limits_of_tiles().rows;
  size_t source = c->sourceChannels, result = c->resultChannels;
  float *packed = rk_scratch(c->operation, c->groups * result * steps_of(c)), *to = packed;
  size_t tiles = ceiling(result, limit);
  for (size_t group = 0; group < c->groups; group++) {
    const float *from = weight + group * source * result * kernel;
    for (size_t i = 0, first = 0; i < tiles; i++) {
      size_t height = ceiling(result - first, tiles - i);
      for (size_t s = 0; s < source; s++) {
        for (size_t p = 0; p < c->rows.taps; p++) {
          for (size_t q = 0; q < c->columns.taps; q++) {
            size_t k = c->rows.tap[p] * kernelColumns + c->columns.tap[q];
            for (size_t r = first; r < first + height; r++) {
              *to++ = from[(transposed ? s * result + r : r * source + s) * kernel + k];
            }
          }
        }
      }
      first += height;
    }
  }
  return packed;
}

RK_CLONES static void store_runs(float *result, size_t channel, const run *runs, size_t count,
                                 size_t firstLane, const float *tile, size_t tileRow, size_t height,
                                 size_t stride) {
  for (size_t i = 0; i < count; i++) {
    const float *from = tile + (runs[i].lane - firstLane);
    float *to = result + runs[i].output;
    size_t length = runs[i].length;
    for (size_t r = 0; r < height; r++, from += tileRow, to += channel) {
      if (stride == 1) for (size_t j = 0; j < length; j++) to[j] = from[j];
      else for (size_t j = 0; j < length; j++) to[j * stride] = from[j];
    }
  }
}

/// The tiles from `first` to `last` of one group.
static void multiply_block(const correlation *c, const block *b, size_t group, size_t first,
                           size_t last, const float *sheet) {
  rk_tile_limits limits = rk_limits_of_tiles();
  size_t steps = steps_of(c), channel = c->rows.resultLength * c->columns.resultLength;
  size_t tiles = ceiling(c->resultChannels, limits.rows), pieces = ceiling(b->vectors, limits.vectors);
  float buffer[8 * 3 * RK_LANES];
  for (size_t piece = 0, vector = 0; piece < pieces; piece++) {
    size_t vectors = ceiling(b->vectors - vector, pieces - piece);
    const run *runs = b->runs + b->firstRun[vector];
    size_t runCount = b->firstRun[vector + vectors] - b->firstRun[vector];
    // whole vectors go straight to the result
    bool direct = c->columns.resultStride == 1 && runCount == vectors;
    for (size_t v = 0; direct && v < vectors; v++) direct = runs[v].length == RK_LANES;
    for (size_t i = 0, row = 0; i < last; i++) {
      size_t height = ceiling(c->resultChannels - row, tiles - i);
      if (i >= first) {
        float *result = c->result + (group * c->resultChannels + row) * channel;
        rk_window_tile t = {.weights = c->weights + (group * c->resultChannels + row) * steps,
                            .bias = c->bias ? c->bias + group * c->resultChannels + row : NULL,
                            .sheet = sheet, .plane = c->rows.phases * c->columns.phases * b->plane,
                            .offsets = b->offsets, .positions = b->positions + vector,
                            .channels = c->sourceChannels,
                            .taps = c->rows.taps * c->columns.taps};
        for (size_t v = 0; v < vectors; v++) {
          t.out[v] = direct ? result + runs[v].output : buffer + v * RK_LANES;
          t.outRow[v] = direct ? channel : vectors * RK_LANES;
        }
        rk_multiply_windows(&t, height, vectors);
        if (!direct) {
          store_runs(result, channel, runs, runCount, vector * RK_LANES, buffer,
                     vectors * RK_LANES, height, c->columns.resultStride);
        }
      }
      row += height;
    }
    vector += vectors;
  }
}

/// The groups, and the tiles of each, that belong to a lot.
static void lot_of(const correlation *c, size_t lot, size_t tiles, size_t *firstGroup,
                   size_t *lastGroup, size_t *firstTile, size_t *lastTile) {
  bool byGroup = c->groups > 1;
  *firstGroup = byGroup ? c->groups * lot / c->lots : 0;
  *lastGroup = byGroup ? c->groups * (lot + 1) / c->lots : c->groups;
  *firstTile = byGroup ? 0 : tiles * lot / c->lots;
  *lastTile = byGroup ? tiles : tiles * (lot + 1) / c->lots;
}

static void correlate_part(void *context, int part) {
  const correlation *c = context;
  block b = make_block(c, (size_t)part / c->lots);
  float *sheet = rk_scratch(c->operation, sheet_size(c, &b));
  size_t firstGroup, lastGroup, firstTile, lastTile;
  lot_of(c, (size_t)part % c->lots, ceiling(c->resultChannels, rk_limits_of_tiles().rows),
         &firstGroup, &lastGroup, &firstTile, &lastTile);
  for (size_t group = firstGroup; group < lastGroup; group++) {
    fill_sheet(c, &b, group, sheet);
    multiply_block(c, &b, group, firstTile, lastTile, sheet);
  }
  rk_release(sheet, sheet_size(c, &b));
  release_block(&b);
}

/// Whether each channel has one filter of its own along one axis, windows are one element apart, and rows
/// are long enough for vectors of their own: short ones share them on a sheet.
static bool is_channelwise(const correlation *c) {
  return c->groups > 1 && c->sourceChannels == 1 && c->resultChannels == 1 &&
         c->rows.sourceLength == 1 && c->rows.resultLength == 1 && c->rows.taps == 1 &&
         c->rows.start[0] == 0 && c->columns.phases == 1 && c->columns.sourceStride == 1 &&
         c->columns.resultStride == 1 && c->columns.outputs >= 4 * RK_LANES;
}

static void correlate_channelwise(const correlation *c) {
  const axis *columns = &c->columns;
  rk_filter_channels((rk_channel_filters){
      .rows = c->batch * c->groups, .channels = c->groups, .inputs = columns->sourceLength,
      .outputs = columns->outputs, .taps = columns->taps, .start = columns->start[0],
      .shifts = columns->shift, .weights = c->weights, .bias = c->bias, .source = c->source,
      .result = c->result});
}

static void correlate(correlation *c, const float *weight, bool transposed, size_t kernelRows,
                      size_t kernelColumns) {
  cut(c);
  size_t outputs = c->batch * c->rows.outputs * c->columns.outputs;
  if (outputs * c->resultChannels == 0) return;
  float *packed = packed_weights(c, weight, transposed, kernelRows, kernelColumns);
  c->weights = packed;
  size_t blocks = blocks_of(c);
  rk_note_product(false, false, c->resultChannels, ceiling(outputs, blocks), steps_of(c),
                  blocks * c->groups);
  if (is_channelwise(c)) correlate_channelwise(c);
  else rk_parallel((int)(blocks * c->lots), correlate_part, c);
  rk_release(packed, c->groups * c->resultChannels * steps_of(c));
}

// MARK: - The gradient of the weights

typedef struct {
  correlation c;
  float *sums;  // [parts, weights], each part's blocks added in their order
  size_t parts, weights;
} weight_job;

/// The upstream gradient of a group as the block's vectors, zero where a lane is no output.
static void gather_upstream(const correlation *c, const block *b, size_t group, float *to) {
  size_t channel = c->rows.outputs * c->columns.outputs;
  for (size_t r = 0; r < c->resultChannels; r++, to += b->vectors * RK_LANES) {
    const float *from = c->upstream + (group * c->resultChannels + r) * channel;
    size_t filled = 0;
    for (size_t i = 0; i < b->runCount; i++) {
      for (; filled < b->runs[i].lane; filled++) to[filled] = 0;
      const float *source = from + b->runs[i].output;
      size_t end = filled + b->runs[i].length;
      if (end - filled == RK_LANES) memcpy(to + filled, source, RK_LANES * sizeof(float));
      else for (size_t j = 0; filled + j < end; j++) to[filled + j] = source[j];
      filled = end;
    }
    for (; filled < b->vectors * RK_LANES; filled++) to[filled] = 0;
  }
}

static void weights_of_block(const correlation *c, const block *b, size_t group, size_t firstTile,
                             size_t lastTile, size_t tiles, const float *sheet,
                             const float *upstream, const size_t *offsets, float *sums) {
  rk_tile_limits limits = rk_limits_of_tiles();
  size_t steps = steps_of(c), pieces = ceiling(steps, limits.gradientTaps);
  for (size_t i = 0, row = 0; i < lastTile; i++) {
    size_t height = ceiling(c->resultChannels - row, tiles - i);
    for (size_t piece = 0, step = 0; i >= firstTile && piece < pieces; piece++) {
      size_t taps = ceiling(steps - step, pieces - piece);
      rk_weight_tile t = {.upstream = upstream + row * b->vectors * RK_LANES,
                          .upstreamRow = b->vectors * RK_LANES, .sheet = sheet,
                          .offsets = offsets + step, .positions = b->positions,
                          .vectors = b->vectors,
                          .sums = sums + (group * c->resultChannels + row) * steps + step,
                          .sumsRow = steps};
      rk_multiply_weights(&t, height, taps);
      step += taps;
    }
    row += height;
  }
}

static void weights_part(void *context, int part) {
  const weight_job *job = context;
  const correlation *c = &job->c;
  size_t own = (size_t)part / c->lots, blocks = blocks_of(c), taps = c->rows.taps * c->columns.taps;
  size_t tiles = ceiling(c->resultChannels, rk_limits_of_tiles().gradientRows);
  size_t firstGroup, lastGroup, firstTile, lastTile;
  lot_of(c, (size_t)part % c->lots, tiles, &firstGroup, &lastGroup, &firstTile, &lastTile);
  size_t *offsets = malloc((steps_of(c) + 1) * sizeof(size_t));
  if (!offsets) rk_end_without_memory(c->operation, 2 * steps_of(c));
  for (size_t index = blocks * own / job->parts; index < blocks * (own + 1) / job->parts; index++) {
    block b = make_block(c, index);
    size_t plane = c->rows.phases * c->columns.phases * b.plane;
    for (size_t channel = 0; channel < c->sourceChannels; channel++) {
      for (size_t k = 0; k < taps; k++) offsets[channel * taps + k] = channel * plane + b.offsets[k];
    }
    size_t size = sheet_size(c, &b), upstreamSize = c->resultChannels * b.vectors * RK_LANES;
    float *sheet = rk_scratch(c->operation, size);
    float *upstream = rk_scratch(c->operation, upstreamSize);
    for (size_t group = firstGroup; group < lastGroup; group++) {
      fill_sheet(c, &b, group, sheet);
      gather_upstream(c, &b, group, upstream);
      weights_of_block(c, &b, group, firstTile, lastTile, tiles, sheet, upstream, offsets,
                       job->sums + own * job->weights);
    }
    rk_release(sheet, size);
    rk_release(upstream, upstreamSize);
    release_block(&b);
  }
  free(offsets);
}

/// Partial sums of the weights' gradient, and floats that they may take together.
#define PARTS ((size_t)16)
#define PARTIAL_SUMS ((size_t)4 << 20)

static void correlate_weights(correlation *c, float *gradient) {
  cut(c);
  size_t weights = c->groups * c->resultChannels * steps_of(c);
  rk_fill(gradient, 0, weights);
  size_t outputs = c->batch * c->rows.outputs * c->columns.outputs;
  if (outputs * weights == 0) return;
  size_t blocks = blocks_of(c), parts = rk_min(rk_min(PARTS, PARTIAL_SUMS / weights + 1), blocks);
  if (outputs * weights > SMALL_WORK) {
    size_t most = c->groups > 1 ? c->groups
                                : ceiling(c->resultChannels, rk_limits_of_tiles().gradientRows);
    c->lots = rk_min(ceiling(BLOCKS, parts), most);
  }
  rk_note_product(false, true, c->resultChannels, steps_of(c), ceiling(outputs, blocks),
                  blocks * c->groups);
  float *sums = parts > 1 ? rk_scratch(c->operation, parts * weights) : gradient;
  if (parts > 1) rk_fill(sums, 0, parts * weights);
  weight_job job = {.c = *c, .sums = sums, .parts = parts, .weights = weights};
  rk_parallel((int)(parts * c->lots), weights_part, &job);
  if (parts == 1) return;
  rk_sum_axis(gradient, sums, 1, parts, weights);
  rk_release(sums, parts * weights);
}

// MARK: - Plain loops, where zeros of padding must not be multiplied

RK_CLONES static bool is_finite(const float *x, size_t count) {
  // 0 · x is NaN for what is not finite
  int others = 0;
  for (size_t i = 0; i < count; i++) others |= 0.0f * x[i] != 0.0f;
  return others == 0;
}

/// The elements that output i of an axis reads with tap k, if it does.
static bool reaches(rk_convolution_axis s, size_t i, size_t k, size_t *input) {
  size_t place = i * s.stride + k * s.dilation;
  *input = place - s.padding;
  return place >= s.padding && place - s.padding < s.inputs;
}

/// Calls `body` for each product of an output, a weight and an input.
#define FOR_EACH_PRODUCT(s, n, o, i, j, body)                                                    \
  for (size_t c = 0; c < (s).inChannels / (s).groups; c++) {                                      \
    size_t channel = o / ((s).outChannels / (s).groups) * ((s).inChannels / (s).groups) + c;      \
    for (size_t k = 0; k < (s).rows.kernel; k++) {                                                \
      for (size_t l = 0; l < (s).columns.kernel; l++) {                                           \
        size_t row, column;                                                                       \
        if (!reaches((s).rows, i, k, &row) || !reaches((s).columns, j, l, &column)) continue;     \
        size_t input = ((n * (s).inChannels + channel) * (s).rows.inputs + row) *                 \
                           (s).columns.inputs + column;                                           \
        size_t weight = ((o * ((s).inChannels / (s).groups) + c) * (s).rows.kernel + k) *         \
                            (s).columns.kernel + l;                                               \
        body                                                                                      \
      }                                                                                           \
    }                                                                                             \
  }

#define FOR_EACH_OUTPUT(s, body)                                                                 \
  for (size_t n = 0, output = 0; n < (s).batch; n++) {                                            \
    for (size_t o = 0; o < (s).outChannels; o++) {                                                \
      for (size_t i = 0; i < (s).rows.outputs; i++) {                                             \
        for (size_t j = 0; j < (s).columns.outputs; j++, output++) { body }                       \
      }                                                                                           \
    }                                                                                             \
  }

static void plain(rk_convolution_shape s, float *y, const float *x, const float *w,
                  const float *bias) {
  FOR_EACH_OUTPUT(s, {
    float sum = bias ? bias[o] : 0.0f;
    FOR_EACH_PRODUCT(s, n, o, i, j, { sum += w[weight] * x[input]; })
    y[output] = sum;
  })
}

static void plain_gradient(rk_convolution_shape s, float *gradX, float *gradWeight, const float *x,
                           const float *w, const float *upstream) {
  if (gradX) rk_fill(gradX, 0, s.batch * s.inChannels * s.rows.inputs * s.columns.inputs);
  if (gradWeight) {
    rk_fill(gradWeight, 0,
            s.outChannels * (s.inChannels / s.groups) * s.rows.kernel * s.columns.kernel);
  }
  FOR_EACH_OUTPUT(s, {
    float g = upstream[output];
    FOR_EACH_PRODUCT(s, n, o, i, j, {
      if (gradX) gradX[input] += g * w[weight];
      if (gradWeight) gradWeight[weight] += g * x[input];
    })
  })
}

// MARK: - Convolution

static void release_axes(correlation *c) {
  free(c->rows.tap);
  free(c->columns.tap);
}

static bool has_padding(rk_convolution_axis s) {
  size_t last = (s.outputs - 1) * s.stride + (s.kernel - 1) * s.dilation;
  return s.outputs > 0 && (s.padding > 0 || last >= s.inputs);
}

static size_t weight_count(rk_convolution_shape s) {
  return s.outChannels * (s.inChannels / s.groups) * s.rows.kernel * s.columns.kernel;
}

static const char *name_of(rk_convolution_shape s) { return s.axes == 1 ? "conv1d" : "conv2d"; }

/// The classes that some input is in: with a stride beyond the input's length those of its elements.
static size_t classes_of(rk_convolution_axis s) { return rk_min(s.stride, s.inputs); }
static size_t class_at(rk_convolution_axis s, size_t i) { return (s.padding + i) % s.stride; }

/// Numbers saturate.
static size_t times(size_t a, size_t b) {
  size_t product;
  return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t scratch_of(correlation *c) {
  cut(c);
  size_t height = rk_min(c->blockRows, c->rows.outputs) + c->rows.reach;
  size_t width = rk_min(c->blockColumns, c->columns.outputs) + c->columns.reach;
  size_t plane = times(times(c->samples, height), width);
  if (plane > SIZE_MAX / 16) return SIZE_MAX;
  plane += 2 * RK_LANES;
  size_t sheet = times(times(c->sourceChannels, c->rows.phases * c->columns.phases), plane);
  // with each vector of the sheet its place and what is stored of it
  size_t places = larger(plane, 6 * c->samples * c->blockRows);
  return larger(larger(sheet, places), times(c->groups * c->resultChannels, steps_of(c)));
}

size_t rk_convolution_scratch(rk_convolution_shape s, bool gradient) {
  correlation c = {.rows = forward_axis(s.rows), .columns = forward_axis(s.columns),
                   .batch = s.batch, .groups = s.groups, .sourceChannels = s.inChannels / s.groups,
                   .resultChannels = s.outChannels / s.groups};
  size_t most = scratch_of(&c);
  release_axes(&c);
  if (!gradient) return most;
  c.sourceChannels = s.outChannels / s.groups;
  c.resultChannels = s.inChannels / s.groups;
  for (size_t row = 0; row < classes_of(s.rows); row++) {
    for (size_t column = 0; column < classes_of(s.columns); column++) {
      c.rows = backward_axis(s.rows, class_at(s.rows, row));
      c.columns = backward_axis(s.columns, class_at(s.columns, column));
      most = larger(most, scratch_of(&c));
      release_axes(&c);
    }
  }
  return most;
}

void rk_convolution(rk_convolution_shape s, float *y, const float *x, const float *weight,
                    const float *bias) {
  rk_flush_denormals();
  if ((has_padding(s.rows) || has_padding(s.columns)) && !is_finite(weight, weight_count(s))) {
    plain(s, y, x, weight, bias);
    return;
  }
  correlation c = {.rows = forward_axis(s.rows), .columns = forward_axis(s.columns),
                   .batch = s.batch, .groups = s.groups, .sourceChannels = s.inChannels / s.groups,
                   .resultChannels = s.outChannels / s.groups, .source = x, .result = y,
                   .bias = bias, .operation = name_of(s)};
  correlate(&c, weight, false, s.rows.kernel, s.columns.kernel);
  release_axes(&c);
}

static void input_gradient(rk_convolution_shape s, float *gradX, const float *weight,
                           const float *upstream) {
  if (!is_finite(weight, weight_count(s))) {
    plain_gradient(s, gradX, NULL, NULL, weight, upstream);
    return;
  }
  for (size_t row = 0; row < classes_of(s.rows); row++) {
    for (size_t column = 0; column < classes_of(s.columns); column++) {
      correlation c = {.rows = backward_axis(s.rows, class_at(s.rows, row)),
                       .columns = backward_axis(s.columns, class_at(s.columns, column)), .batch = s.batch,
                       .groups = s.groups, .sourceChannels = s.outChannels / s.groups,
                       .resultChannels = s.inChannels / s.groups, .source = upstream,
                       .result = gradX, .operation = name_of(s)};
      correlate(&c, weight, true, s.rows.kernel, s.columns.kernel);
      release_axes(&c);
    }
  }
}

void rk_convolution_gradient(rk_convolution_shape s, float *gradX, float *gradWeight,
                             float *gradBias, const float *x, const float *weight,
                             const float *upstream) {
  rk_flush_denormals();
  if (gradX) input_gradient(s, gradX, weight, upstream);
  if (gradWeight) {
    correlation c = {.rows = forward_axis(s.rows), .columns = forward_axis(s.columns),
                     .batch = s.batch, .groups = s.groups,
                     .sourceChannels = s.inChannels / s.groups,
                     .resultChannels = s.outChannels / s.groups, .source = x,
                     .upstream = upstream, .operation = name_of(s)};
    correlate_weights(&c, gradWeight);
    release_axes(&c);
    // lanes that are no output, and padding, multiply by zero: that would be NaN
    if (!is_finite(gradWeight, weight_count(s))) {
      plain_gradient(s, NULL, gradWeight, x, weight, upstream);
    }
  }
  if (gradBias) {
    size_t rows = s.batch * s.outChannels;
    float *sums = rk_scratch(name_of(s), rows);
    rk_sum_axis(sums, upstream, rows, s.rows.outputs * s.columns.outputs, 1);
    rk_sum_axis(gradBias, sums, 1, s.batch, s.outChannels);
    rk_release(sums, rows);
  }
}
