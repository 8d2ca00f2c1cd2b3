// The kernels of the core's own recurrent layers. A module of its own, so that a program whose author
// has to write such a layer can be linked without them.
#ifndef RHYTHMLAB_CRECURRENTKERNELS_H
#define RHYTHMLAB_CRECURRENTKERNELS_H

#include <stddef.h>

typedef struct { size_t batch, steps, features, hidden; } rk_lstm_shape;

/// What a pass keeps for its gradient, block of samples by block, time-major in each block: the
/// inputs [T, ·, F], the activated gates I F O C̃ [T, ·, 4H], and the states [T + 1, ·, H] with the
/// initial ones first.
typedef struct { float *inputs, *gates, *cells, *hiddens; } rk_lstm_memory;

/// Runs the layer over X [N, T, F] from the states H, C [N, H] (NULL: zeros) and writes the final
/// ones.
void rk_lstm(rk_lstm_shape shape, rk_lstm_memory memory, const float *X, const float *W_x,
             const float *W_h, const float *bias, const float *H, const float *C, float *finalH,
             float *finalC);
/// All hidden states as [N, T, H].
void rk_lstm_outputs(rk_lstm_shape shape, float *outputs, const float *hiddens);
/// `gradH`, `gradC` [N, H] hold the gradients of the final states and end as those of the initial
/// ones; `upstream` [N, T, H], that of the outputs, may be NULL, and so may `gradX` [N, T, F].
void rk_lstm_gradient(rk_lstm_shape shape, rk_lstm_memory memory, const float *W_x,
                      const float *W_h, const float *upstream, float *gradH, float *gradC,
                      float *gradX, float *gradW_x, float *gradW_h, float *gradBias);

#endif
