#!/usr/bin/env python3
"""Reductions, normalisations, losses and recurrences at sizes up to a million rows: PyTorch's results in
float64, and how far its own results in float32 are from them.

Run `python Tests/Reference/large_operations.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/large_operations.json (needs torch and numpy; one thread).

Inputs are made by a formula and rounded to float32, so that the test makes the same ones to the bit:
input k is `float32(noise(i, k)) * scale + offset` with a scale that is a power of two or 0, what
arrives at the result is noise of stream 7, labels are `((i * 2654435761) >> 7) mod classes`.

Of each quantity (result, gradients) the file has

- the elements at `(j * 2654435761 + count - 1) mod count` for j in 0 ..< 12, or all of 12 and fewer;
- Σ v[i] · noise(i, 5) over i = 0, s, 2 s, ... with s = max(1, count / 20000), made odd, and Σ |v[i] · noise|;
- `error`, that of float32: the root of Σ (v − exact)² / Σ exact² over those elements, or the error of
  the weighted sum by its Σ | |, whichever is larger.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

from noise import noise
from reference import finish

torch.set_num_threads(1)
MILLION = 1_000_000
streams = {}


def stream(index, count):
    if index not in streams or len(streams[index]) < count:
        streams[index] = noise(max(count, 3 * MILLION), index).astype(np.float32)
    return streams[index][:count]


def labels(count, classes):
    i = np.arange(count, dtype=np.uint64)
    return torch.from_numpy(((i * np.uint64(2654435761) >> np.uint64(7)) % np.uint64(classes))
                            .astype(np.int64))  # fmt: skip


def made(index, shape, scale, offset):
    values = stream(index, int(np.prod(shape))) * np.float32(scale) + np.float32(offset)
    return torch.from_numpy(values).reshape(shape)


def results(function, inputs, kind):
    leaves = [x.to(kind, copy=True).requires_grad_() for x in inputs]
    out = function(*leaves)
    above = torch.from_numpy(stream(7, out.numel()).copy()).reshape(out.shape)
    out.backward(above.to(kind))
    found = {"out": out.detach()}
    for index, leaf in enumerate(leaves):
        if leaf.grad is not None:
            found[f"grad{index}"] = leaf.grad
    return {name: x.double().numpy().ravel() for name, x in found.items()}


def quantity(exact, single):
    count = len(exact)
    places = [j * 2654435761 % count for j in range(12)]
    places = range(count) if count <= 12 else [(p + count - 1) % count for p in places]
    places = list(places)
    steps = np.arange(0, count, max(1, count // 20000) | 1)
    weights = noise(count, 5)[steps]
    total, size = (exact[steps] * weights).sum(), np.abs(exact[steps] * weights).sum()
    error = np.sqrt(((single[places] - exact[places]) ** 2).sum() / (exact[places] ** 2).sum())
    of_sum = abs((single[steps] * weights).sum() - total) / size
    return {"count": count, "samples": [float(x) for x in exact[places]], "weighted": float(total),
            "size": float(size), "error": float(f"{max(error, of_sum):.2g}")}  # fmt: skip


cases = []


def case(op, function, *inputs, **parameters):
    """Inputs are (shape, scale, offset)."""
    tensors = [made(index, *given) for index, given in enumerate(inputs)]
    exact = results(function, tensors, torch.float64)
    single = results(function, tensors, torch.float32)
    cases.append({
        "op": op, "parameters": parameters,
        "inputs": [dict(zip(("shape", "scale", "offset"), given)) for given in inputs],
        "quantities": {name: quantity(exact[name], single[name]) for name in exact},
    })  # fmt: skip


TALL, WIDE, MIDDLE = [MILLION, 3], [3, MILLION], [4, 250_000, 2]
TENTH, NOISE, FAR = (0, 0.1), (1, 0), (1, 100)


def reductions():
    for shape, axis in (TALL, 0), (WIDE, 1), (MIDDLE, 1):
        for kind in TENTH, NOISE, FAR:
            case("sum", lambda x: x.sum(axis), (shape, *kind), axis=axis)
        case("mean", lambda x: x.mean(axis), (shape, *FAR), axis=axis)
        case("cumsum", lambda x: x.cumsum(axis), (shape, *FAR), axis=axis)
        for kind in NOISE, FAR:
            case("variance", lambda x: x.var(axis), (shape, *kind), axis=axis)
            case("standardDeviation", lambda x: x.std(axis), (shape, *kind), axis=axis)
        case("logSumExp", lambda x: x.logsumexp(axis), (shape, 4, 0), axis=axis)
        case("softmax", lambda x: x.softmax(axis), (shape, 4, 0), axis=axis)
        case("logSoftmax", lambda x: x.log_softmax(axis), (shape, 4, 0), axis=axis)
    for kind in TENTH, NOISE, FAR:
        case("sumOfAll", lambda x: x.sum(), (TALL, *kind))
    case("meanOfAll", lambda x: x.mean(), (TALL, *FAR))
    case("linear", lambda x, W, b: (x @ W + b).mean(0), ([MILLION, 3], 1, 0.5), ([3, 2], *NOISE),
         ([2], *NOISE))  # fmt: skip
    case("bias", lambda x, b: x + b, (TALL, *NOISE), ([3], *NOISE))
    case("pairwiseDistance", F.pairwise_distance, (WIDE, *FAR), (WIDE, *NOISE))
    case("cosineSimilarity", lambda a, b: F.cosine_similarity(a, b, -1), (WIDE, 1, 0.5),
         (WIDE, *NOISE))  # fmt: skip


def pools():
    planes = [1, 3, MILLION]
    for kind in TENTH, FAR:
        for length in 1, 7:
            case("adaptiveAveragePool1d", lambda x: F.adaptive_avg_pool1d(x, length), (planes, *kind),
                 length=length)  # fmt: skip
        case("averagePool1d", lambda x: F.avg_pool1d(x, 100_000), (planes, *kind), length=100_000)
        case("adaptiveAveragePool2d", lambda x: F.adaptive_avg_pool2d(x, 1),
             ([1, 3, 1000, 1000], *kind), length=1)  # fmt: skip


def normalisations():
    for shape in [3, 333_333], [20_000, 50]:
        width = shape[1]
        for kind in NOISE, FAR:
            case("layerNorm", lambda x, w, b: F.layer_norm(x, [width], w, b), (shape, *kind),
                 ([width], *NOISE), ([width], *NOISE))  # fmt: skip
    for shape in [MILLION, 3], [8, 3, 40_000], [8, 1, 100_000], [8, 3, 200, 200]:
        channels = [shape[1]]
        for kind in NOISE, FAR:
            case("batchNorm", lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
                 (shape, *kind), (channels, 1, 2), (channels, *NOISE))  # fmt: skip
        mean, variance = torch.full(channels, 100.25), torch.full(channels, 0.375)
        case("batchNormGiven",
             lambda x, w, b: F.batch_norm(x, mean.to(x.dtype), variance.to(x.dtype), w, b, False),
             (shape, *FAR), (channels, 1, 2), (channels, *NOISE))  # fmt: skip


def losses():
    rows, classes = 200_000, 5
    weights = torch.tensor([0.1, 0.7, 1.3, 2.0, 0.3])
    target = labels(rows, classes)
    ignored = torch.where(torch.arange(rows) % 5 == 0, -100, target)
    logits = ([rows, classes], 4, 0)
    case("crossEntropy", lambda x: F.cross_entropy(x, target), logits)
    case("crossEntropy", lambda x: F.cross_entropy(x, target, weights.to(x.dtype)), logits,
         weights=[0.1, 0.7, 1.3, 2.0, 0.3])  # fmt: skip
    case("crossEntropy", lambda x: F.cross_entropy(x, ignored, weights.to(x.dtype)), logits,
         weights=[0.1, 0.7, 1.3, 2.0, 0.3], ignores=True)  # fmt: skip
    case("crossEntropy", lambda x: F.cross_entropy(x, target, label_smoothing=0.125), logits,
         smoothing=0.125)  # fmt: skip
    binary = labels(MILLION, 2)
    case("binaryCrossEntropyWithLogits",
         lambda x: F.binary_cross_entropy_with_logits(x, binary.to(x.dtype)), ([MILLION], 4, 0))
    case("meanSquaredError", F.mse_loss, ([MILLION], *FAR), ([MILLION], *NOISE))
    places = labels(300_000, 10)
    case("embedding", lambda x: F.embedding(places, x), ([10, 3], *NOISE))
    case("gather", lambda x: x.gather(1, places.view(3, -1)), ([3, 10], *NOISE))


def recurrences():
    """Means over the steps. Gates lie side by side: I F O C of the LSTM, which PyTorch has as I F C O,
    and R Z H of the GRU."""

    def lstm(x, W_x, W_h, b):
        def turned(W):
            i, f, o, c = W.chunk(4, -1)
            return torch.cat([i, f, c, o], -1).T if W.ndim == 2 else torch.cat([i, f, c, o])
        start = torch.zeros(1, len(x), len(W_h), dtype=x.dtype)
        weights = [turned(W_x), turned(W_h), turned(b), torch.zeros_like(b)]
        return torch.lstm(x, (start, start), weights, True, 1, 0.0, False, False, True)[0].mean(1)

    def gru(x, W_x, W_h, b_x, b_h):
        start = torch.zeros(1, len(x), len(W_h), dtype=x.dtype)
        return torch.gru(x, start, [W_x.T, W_h.T, b_x, b_h], True, 1, 0.0, False, False, True)[0].mean(1)

    for shape in [1, 60_000, 4], [100, 200, 4]:
        case("lstm", lstm, (shape, 1, 0.5), ([4, 64], 0.5, 0), ([16, 64], 0.25, 0),
             ([64], 0.5, 0))  # fmt: skip
    for shape in [3, 1_000, 4], [100, 100, 4]:
        case("gru", gru, (shape, 1, 0.5), ([4, 12], 0.5, 0), ([4, 12], 0.5, 0), ([12], 0.5, 0),
             ([12], 0.5, 0))  # fmt: skip


for add in reductions, pools, normalisations, losses, recurrences:
    add()
sys.exit(finish(__doc__, {
    "TensorCoreTests/Fixtures/large_operations.json":
        {"source": "Tests/Reference/large_operations.py", "cases": cases},
}))  # fmt: skip
