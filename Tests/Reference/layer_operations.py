#!/usr/bin/env python3
"""Reference values and gradients of the operations that layers and losses are made of,
by PyTorch in float64.

Run `python Tests/Reference/layer_operations.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/layer_operations.safetensors and .json (needs torch and numpy).
There is no random generator: inputs follow the formula in reference.py.

Conventions: parameters are named as in Swift; classes are given as flat labels.
"""

import sys

import torch
import torch.nn.functional as F

from reference import Grid, finish, numbers, tensor, text

grid = Grid()
case = grid.case


def normalisation():
    def weights(count):
        return tensor([count], 37, 0.5, 1.0), tensor([count], 38)

    # the last two: rows of whole vectors, eight and sixteen of which are calculated together, and some that are left
    for shape in ([5], [2, 3], [2, 4, 3], [3, 1], [1, 4], [0, 3], [2, 5, 32], [19, 16]):
        case("layerNorm", text(shape), lambda x, w, b: F.layer_norm(x, [shape[-1]], w, b),
             tensor(shape, 36), *weights(shape[-1]))  # fmt: skip
    case("layerNorm", "epsilon", lambda x, w, b: F.layer_norm(x, [3], w, b, 0.1),
         tensor([2, 3], 36), *weights(3), epsilon=0.1)  # fmt: skip
    case("layerNorm", "constant", lambda x, w, b: F.layer_norm(x, [3], w, b),
         numbers(2, 2, 2, -1, -1, -1).reshape(2, 3), *weights(3))  # fmt: skip
    for shape in ([4, 3], [2, 3, 5], [4, 1], [2, 1, 3], [1, 2, 3], [1, 1, 4], [3, 2, 1]):
        x = tensor(shape, 39, 2.0, 1.0)
        case("batchNorm", text(shape), lambda x, w, b: F.batch_norm(x, None, None, w, b, True), x,
             *weights(shape[1]))  # fmt: skip
        over = [axis for axis in range(len(shape)) if axis != 1]
        case("batchMean", text(shape), lambda x: x.detach().mean(over), x)
        case("batchVariance", text(shape), lambda x: x.detach().var(over, correction=0), x)
    for shape in ([4, 3], [2, 3, 5], [1, 3], [2, 1, 3], [3, 1], [0, 3], [2, 3, 0]):
        given = (tensor([shape[1]], 40).detach(), tensor([shape[1]], 41, 0.5, 1.0).detach())
        case("batchNormGiven", text(shape),
             lambda x, w, b, m, v: F.batch_norm(x, m.detach(), v.detach(), w, b, False),
             tensor(shape, 39), *weights(shape[1]), *given)  # fmt: skip


def distances():
    choices = [([2, 3], [2, 3]), ([3], [3]), ([2, 3], [3]), ([2, 1, 3], [4, 3]), ([2, 1], [2, 1]),
               ([0, 3], [3]), ([2, 0], [2, 0])]  # fmt: skip
    for a, b in choices:
        case("pairwiseDistance", text(a, b), F.pairwise_distance, tensor(a, 42), tensor(b, 43))
        case("cosineSimilarity", text(a, b), lambda a, b: F.cosine_similarity(a, b, -1),
             tensor(a, 42), tensor(b, 43), axis=-1)  # fmt: skip
    same = tensor([2, 3], 44)
    case("pairwiseDistance", "same", F.pairwise_distance, same, same.clone())
    for a, b, axis in [([2, 3], [2, 3], 0), ([2, 3, 4], [2, 3, 4], 1), ([2, 3], [4, 2, 3], 1),
                       ([2, 3], [2, 1], 1), ([], [3], 0)]:  # fmt: skip
        case("cosineSimilarity", f"{text(a, b)}-axis{axis}",
             lambda a, b: F.cosine_similarity(a, b, axis), tensor(a, 45), tensor(b, 46),
             axis=axis)  # fmt: skip
    zero = numbers(0, 0, 0, 1, 2, 2).reshape(2, 3)
    case("cosineSimilarity", "zero", lambda a, b: F.cosine_similarity(a, b, -1), zero,
         tensor([2, 3], 47), axis=-1)  # fmt: skip


def lengths():
    for lengths, steps in [([2, 0, 3], 3), ([1], 1), ([], 2), ([0], 0)]:
        mask = [[float(t < length) for t in range(steps)] for length in lengths]
        case("lengthMask", f"{len(lengths)}x{steps}",
             lambda: torch.tensor(mask).double().reshape(len(lengths), steps), lengths=lengths,
             steps=steps)  # fmt: skip
    for shape, lengths in [([3, 4], [2, 0, 4]), ([2, 3, 2], [3, 1]), ([1, 1, 1], [1]), ([0, 3], []),
                           ([2, 3, 0], [1, 2]), ([2, 0], [0, 0]),
                           ([2, 2, 3, 2], [1, 2])]:  # fmt: skip
        case("meanOverSteps", text(shape), lambda x: masked_means(x, lengths), tensor(shape, 48),
             lengths=lengths)  # fmt: skip
    spoilt = tensor([2, 3], 49)
    spoilt[1, 2] = torch.nan
    case("meanOverSteps", "spoilt", lambda x: masked_means(x, [3, 2]), spoilt, lengths=[3, 2])
    total = lambda x, lengths: torch.cat(  # noqa: E731
        [row[:length] for row, length in zip(x, lengths, strict=True)]).mean()  # fmt: skip
    for shape, lengths in [([3, 4], [2, 0, 4]), ([1, 1], [1]), ([2, 3], [3, 3])]:
        case("meanByLengths", text(shape), lambda x: total(x, lengths), tensor(shape, 50),
             lengths=lengths)  # fmt: skip
    case("meanByLengths", "spoilt", lambda x: total(x, [3, 2]), spoilt, lengths=[3, 2])


def masked_means(x, lengths):
    rows = [row[:length].sum(0) / max(length, 1) for row, length in zip(x, lengths, strict=True)]
    return torch.stack(rows) if rows else x.sum(1)


def convolutions():
    for name, x, w, bias, stride, padding, dilation, groups in [
        ("g2", [2, 4, 6], [6, 2, 3], True, 1, 1, 1, 2),
        ("g3", [1, 3, 5], [3, 1, 2], False, 2, 0, 1, 3),
        ("depthwise", [2, 3, 6], [6, 1, 3], True, 1, 2, 2, 3),
        ("same3", [2, 2, 5], [3, 2, 3], True, 1, "same", 1, 1),
        ("same2", [2, 2, 5], [3, 2, 2], True, 1, "same", 1, 1),
        ("same4d3", [1, 2, 9], [2, 2, 4], False, 1, "same", 3, 1),
        ("same3d2g2", [1, 2, 5], [2, 1, 3], True, 1, "same", 2, 2),
        ("same1", [1, 1, 1], [1, 1, 1], True, 1, "same", 1, 1),
        ("causal3", [2, 2, 5], [3, 2, 3], True, 1, "causal", 1, 1),
        ("causal3d2s2", [1, 2, 7], [2, 2, 3], False, 2, "causal", 2, 1),
        ("causal2g2", [1, 2, 4], [2, 1, 2], True, 1, "causal", 1, 2),
        ("causal1", [1, 1, 1], [1, 1, 1], True, 1, "causal", 1, 1),
        ("no-samples", [0, 2, 5], [3, 2, 3], True, 1, 1, 1, 1),
        ("no-samples-same", [0, 2, 5], [3, 2, 2], True, 1, "same", 1, 1),
        ("no-samples-g2", [0, 2, 5], [4, 1, 3], True, 1, 0, 1, 2),
    ]:  # fmt: skip
        case("conv1d", name, lambda *i: convolved(F.conv1d, i, stride, padding, dilation, groups),
             *inputs(x, w, bias), stride=stride, dilation=dilation, groups=groups,
             **{"padding" if isinstance(padding, int) else "paddingName": padding})  # fmt: skip
    for name, x, w, bias, stride, padding, dilation, groups in [
        ("plain", [2, 2, 4, 5], [3, 2, 3, 3], True, 1, 0, 1, 1),
        ("nobias", [1, 1, 3, 3], [2, 1, 2, 2], False, 1, 0, 1, 1),
        ("s2p1", [1, 2, 5, 4], [2, 2, 3, 3], True, 2, 1, 1, 1),
        ("d2p2", [1, 2, 5, 5], [2, 2, 3, 3], True, 1, 2, 2, 1),
        ("g2", [2, 4, 3, 3], [2, 2, 2, 2], True, 1, 1, 1, 2),
        ("1x3", [2, 2, 3, 5], [2, 2, 1, 3], True, 1, 0, 1, 1),
        ("3x1s2", [1, 2, 6, 3], [3, 2, 3, 1], False, 2, 1, 1, 1),
        ("ones", [1, 1, 1, 1], [1, 1, 1, 1], True, 1, 0, 1, 1),
        ("no-samples", [0, 2, 3, 3], [2, 2, 2, 2], True, 1, 0, 1, 1),
        ("no-samples-nobias", [0, 2, 3, 3], [2, 2, 2, 2], False, 1, 0, 1, 1),
    ]:  # fmt: skip
        case("conv2d", name, lambda *i: convolved(F.conv2d, i, stride, padding, dilation, groups),
             *inputs(x, w, bias), stride=stride, padding=padding, dilation=dilation,
             groups=groups)  # fmt: skip


def inputs(x, weight, bias):
    return [tensor(x, 51), tensor(weight, 52)] + ([tensor(weight[:1], 53)] if bias else [])


def convolved(function, inputs, stride, padding, dilation, groups):
    x, weight = inputs[:2]
    bias = inputs[2] if len(inputs) > 2 else None
    if padding == "causal":
        x, padding = F.pad(x, [dilation * (weight.shape[2] - 1), 0]), 0
    return function(x, weight, bias, stride, padding, dilation, groups)


def pooling():
    for shape, kernel, stride in [([2, 2, 4, 4], 2, 2), ([1, 2, 5, 4], 3, 1), ([1, 1, 5, 5], 2, 3),
                                  ([1, 1, 1, 1], 1, 1), ([2, 1, 3, 3], 3, 3),
                                  ([0, 2, 4, 4], 2, 2)]:  # fmt: skip
        name = f"{text(shape)}-k{kernel}-s{stride}"
        for op, function in {"averagePool2d": F.avg_pool2d, "maxPool2d": F.max_pool2d}.items():
            case(op, name, lambda x: function(x, kernel, stride), tensor(shape, 54), kernel=kernel,
                 stride=stride)  # fmt: skip
    ties = numbers(0, 2, 2, 1, 2, 0, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1).reshape(1, 1, 4, 4)
    case("maxPool2d", "ties", lambda x: F.max_pool2d(x, 2, 1), ties, kernel=2, stride=1)
    for shape in ([2, 2, 4, 6], [1, 2, 5, 3], [1, 1, 1, 1], [0, 2, 3, 3]):
        for rows, columns in ((1, 1), (2, 3), (3, 2)):
            case("adaptiveAveragePool2d", f"{text(shape)}-to{rows}x{columns}",
                 lambda x: F.adaptive_avg_pool2d(x, (rows, columns)), tensor(shape, 55),
                 rows=rows, columns=columns)  # fmt: skip
    for shape in ([2, 3, 4], [2, 2, 3, 2], [1, 1, 1], [1, 2, 2, 1, 2], [0, 2, 3], [2, 0, 3]):
        case("globalAveragePool", text(shape), lambda x: x.mean(list(range(2, len(shape)))),
             tensor(shape, 56))  # fmt: skip
        case("globalMaxPool", text(shape), lambda x: x.flatten(2).max(2).values, tensor(shape, 57))


def padding():
    for mode in ("reflect", "replicate", "circular"):
        for shape, before, after in [([2, 3, 5], 2, 4), ([1, 1, 5], 0, 3), ([0, 2, 4], 1, 2)]:
            case("padded", f"{mode}-{text(shape)}-{before}-{after}",
                 lambda x: F.pad(x, [before, after], mode=mode), tensor(shape, 61), rows=before,
                 columns=after, paddingMode=mode)  # fmt: skip
        case("conv1d", f"{mode}-d2g2",
             lambda x, w, b: F.conv1d(F.pad(x, [3, 3], mode=mode), w, b, 2, 0, 2, 2),
             *inputs([2, 4, 7], [6, 2, 3], True), stride=2, padding=3, dilation=2, groups=2,
             paddingMode=mode)  # fmt: skip
        case("conv2d", mode,
             lambda x, w, b: F.conv2d(F.pad(x, [1] * 4, mode=mode), w, b),
             *inputs([2, 2, 4, 5], [3, 2, 3, 3], True), stride=1, padding=1, dilation=1, groups=1,
             paddingMode=mode)  # fmt: skip
    for axes, average, largest in [(1, F.avg_pool1d, F.max_pool1d), (2, F.avg_pool2d, F.max_pool2d)]:
        for shape, kernel, stride, zeros in [([2, 2, 6, 7], 3, 2, 1), ([1, 1, 5, 5], 2, 3, 1),
                                             ([1, 2, 4, 3], 2, 2, 0), ([1, 1, 9, 9], 8, 3, 4)]:
            x = tensor(shape if axes == 2 else shape[1:], 62)
            for ceil in (False, True):
                name = f"{text(x.shape)}-k{kernel}-s{stride}-p{zeros}-{'ceil' if ceil else 'floor'}"
                same = dict(kernel=kernel, stride=stride, padding=zeros, ceilMode=ceil)
                case(f"maxPool{axes}d", name,
                     lambda x: largest(x, kernel, stride, zeros, ceil_mode=ceil), x, **same)
                for count in (False, True):
                    case(f"averagePool{axes}d", f"{name}-{'with' if count else 'without'}",
                         lambda x: average(x, kernel, stride, zeros, ceil, count), x,
                         countIncludePad=count, **same)  # fmt: skip


def products():
    for a, b in [([2, 3, 2, 4], [2, 3, 4, 2]), ([2, 1, 2, 3], [1, 3, 3, 2]), ([2, 3, 2, 3], [3, 2]),
                 ([2, 3], [2, 2, 3, 2]), ([2, 2, 3], [3, 2, 3, 2]), ([1, 2, 3], [4, 3, 1]),
                 ([2, 1, 1, 3], [2, 1, 3, 1]), ([0, 3], [3, 2]), ([2, 3], [3, 0]), ([2, 0], [0, 3]),
                 ([0, 2, 3], [0, 3, 2]), ([0, 2, 3], [3, 2]), ([2, 2, 0], [2, 0, 3]),
                 ([2, 0, 3], [2, 3, 2]), ([0, 1, 2, 3], [2, 3, 2]),
                 ([1, 2, 0], [3, 0, 2])]:  # fmt: skip
        case("matmul", text(a, b), torch.matmul, tensor(a, 58), tensor(b, 59))


def losses():
    weights = [0.5, 2.0, 1.5]
    for shape, labels in [([4, 3], [2, 0, 1, 2]), ([1, 3], [1]), ([2, 2, 3], [0, 2, 1, 1])]:
        for smoothing in (0.0, 0.1, 1.0):
            for weighted in (False, True):
                for reduction in ("mean", "sum", "none"):
                    name = f"{text(shape)}-s{smoothing}{'-w' if weighted else ''}-{reduction}"
                    case_of_classes(name, tensor(shape, 60, 3.0), labels, smoothing,
                                    weights if weighted else None, reduction)  # fmt: skip
    case_of_classes("none", tensor([0, 3], 60), [], 0.0, None, "none")
    case_of_classes("no-sum", tensor([0, 3], 60), [], 0.1, weights, "sum")
    case_of_classes("no-steps", tensor([2, 0, 3], 60), [], 0.0, None, "none")
    far = numbers(1000, -1000, 0, 50, -80, 80).reshape(2, 3)
    case_of_classes("far", far, [1, 2], 0.1, weights, "mean")

    for shape in ([5], [2, 3], [1], [], [0], [2, 0]):
        targets = (tensor(shape, 62) > 0).double()
        for weight in (1.0, 3.0):
            for reduction in ("mean", "sum", "none"):
                if reduction == "mean" and (weight == 1 or 0 in shape):
                    continue
                case("binaryCrossEntropyWithLogits", f"{text(shape)}-{weight}-{reduction}",
                     lambda x, t: F.binary_cross_entropy_with_logits(
                         x, t.detach(), pos_weight=torch.tensor(weight).double(),
                         reduction=reduction),
                     tensor(shape, 61, 3.0), targets, positiveWeight=weight,
                     reduction=reduction)  # fmt: skip
    far = (numbers(-100, 100, -100, 100, -1e4), numbers(0, 0, 1, 1, 1))
    for name, x, t in (("far", *far), ("soft", tensor([5], 61, 3.0), tensor([5], 63, 0.5, 0.5))):
        case("binaryCrossEntropyWithLogits", f"{name}-3.0-none",
             lambda x, t: F.binary_cross_entropy_with_logits(
                 x, t.detach(), pos_weight=torch.tensor(3.0).double(), reduction="none"),
             x, t, positiveWeight=3.0, reduction="none")  # fmt: skip
    for shape in ([5], [2, 3], [], [0], [2, 0]):
        for reduction in ("mean", "sum", "none"):
            if reduction != "mean" or 0 not in shape:
                case("meanSquaredError", f"{text(shape)}-{reduction}",
                     lambda x, t: F.mse_loss(x, t, reduction=reduction), tensor(shape, 64),
                     tensor(shape, 65), reduction=reduction)  # fmt: skip


def case_of_classes(name, logits, labels, smoothing, weights, reduction):
    def loss(x, labels):
        flat = F.cross_entropy(
            x.reshape(-1, x.shape[-1]), labels.reshape(-1), reduction=reduction,
            weight=None if weights is None else torch.tensor(weights).double(),
            label_smoothing=smoothing,
        )  # fmt: skip
        return flat.reshape(x.shape[:-1]) if reduction == "none" else flat

    case("crossEntropy", name, loss, logits, torch.tensor(labels, dtype=torch.int64),
         smoothing=smoothing, classWeights=weights, reduction=reduction)  # fmt: skip


for part in (normalisation, distances, lengths, convolutions, pooling, padding, products, losses):
    part()
sys.exit(finish(__doc__, grid.packed("TensorCoreTests/Fixtures/layer_operations")))
