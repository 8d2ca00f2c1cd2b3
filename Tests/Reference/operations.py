#!/usr/bin/env python3
"""Reference values and gradients of every operation of TensorCore, by PyTorch in float64.

Run `python Tests/Reference/operations.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/operations.safetensors and .json (needs torch and numpy).
There is no random generator: inputs follow the formula in reference.py.

Tensors of a case are `CASE/OP/in0`, `in1`, ... (float32, or int32 for labels), `out`, `upstream`
(the gradient that arrives at `out`), and `grad0`, `grad1`, ... (of sum(out * upstream) for each
float input). operations.json lists the cases: name, op, number of inputs, and parameters.

Conventions: matmul as written; conv1d's input is [N, C, L], its weight [out, in, kernel], its
third input the bias [out] where there is one; axes are never negative; means of losses are over
the batch. The LSTM's inputs are X [N, T, F], W_x [F, 4H], W_h [H, 4H], b [4H], the columns packed
in the order of `gates`; its output is all hidden states [N, T, H], its initial state zero.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

from reference import Grid, finish, tensor, text

# The built-in LSTM's packing (PyTorch's order; g is the input node).
GATES = ["i", "f", "g", "o"]

grid = Grid()
case = grid.case


def elementwise():
    pairs = [
        ([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 4]), ([1], [5]), ([], [2, 2]),
        ([2, 2], []), ([], []), ([1, 1], [1]), ([2, 3, 4], [3, 1]), ([2, 1, 4], [1, 3, 1]),
        ([5, 1], [5, 3]),
    ]  # fmt: skip
    binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}
    for op, function in binary.items():
        for a, b in pairs:
            # Divisors in (0.5, 2.5), of both signs.
            second = tensor(b, 2) if op != "div" else tensor(b, 2, 1.0, 1.5) * sign(b)
            case(op, text(a, b), function, tensor(a, 1), second)

    unary = {
        "neg": torch.neg, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt,
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "abs": torch.abs,
        "square": torch.square,
    }  # fmt: skip
    for op, function in unary.items():
        positive = op in ("log", "sqrt")
        for shape in ([], [1], [5], [2, 3], [2, 1, 3]):
            x = tensor(shape, 3, 1.4, 1.5) if positive else tensor(shape, 3, 3.0)
            case(op, text(shape), function, x)
    far = torch.tensor([-100.0, -30.0, -15.0, 15.0, 30.0, 100.0], dtype=torch.float64)
    case("tanh", "far", torch.tanh, far)
    case("sigmoid", "far", torch.sigmoid, far)
    # At the kink the gradient is 0.
    kink = torch.tensor([-2.0, 0.0, 2.0], dtype=torch.float64)
    case("relu", "kink", torch.relu, kink)
    case("abs", "kink", torch.abs, kink)


def sign(shape):
    """1 and -1 in turn."""
    count = int(np.prod(shape, dtype=np.int64))
    return torch.tensor([1.0, -1.0] * count, dtype=torch.float64)[:count].reshape(shape)


def products():
    pairs = [
        ([1, 1], [1, 1]), ([1, 5], [5, 1]), ([5, 1], [1, 5]), ([3, 4], [4, 5]), ([1, 4], [4, 3]),
        ([2, 3, 4], [2, 4, 5]), ([1, 3, 2], [1, 2, 1]), ([2, 3, 4], [4, 5]), ([2, 1, 3], [3, 1]),
    ]  # fmt: skip
    for a, b in pairs:
        case("matmul", text(a, b), torch.matmul, tensor(a, 4), tensor(b, 5))


def reductions():
    choices = [
        ([5], [0]), ([2, 3], [0]), ([2, 3], [1]), ([2, 3], [0, 1]), ([2, 3, 4], [1]),
        ([2, 3, 4], [2]), ([2, 3, 4], [0, 2]), ([2, 3, 4], [0, 1]), ([2, 3, 4], [1, 2]),
        ([1, 1], [0]), ([2, 1, 3], [1]),
    ]  # fmt: skip
    for op, function in {"sum": torch.sum, "mean": torch.mean}.items():
        for shape, axes in choices:
            for keep in (False, True):
                case(
                    op, f"{text(shape)}-axes{''.join(map(str, axes))}{'-keep' if keep else ''}",
                    lambda x: function(x, dim=axes, keepdim=keep),
                    tensor(shape, 6), axes=axes, keepDims=keep,
                )  # fmt: skip
        for shape in ([], [1], [2, 3], [2, 3, 4]):
            case(op, f"{text(shape)}-all", function, tensor(shape, 6), axes=None, keepDims=False)


def shapes():
    for a, b in [([6], [2, 3]), ([2, 3], [3, 2]), ([2, 3, 4], [6, 4]), ([1], []), ([2, 2], [4])]:
        case("reshape", text(a, b), lambda x: x.reshape(b), tensor(a, 7), shape=b)
    for shape, axes in [([2, 3], [0, 1]), ([2, 3, 4], [0, 1]), ([2, 3, 4], [1, 2]),
                        ([2, 3, 4], [0, 2]), ([1, 5], [0, 1]), ([2, 3, 1, 4], [1, 3])]:  # fmt: skip
        case("transpose", f"{text(shape)}-{axes[0]}{axes[1]}",
             lambda x: x.transpose(*axes), tensor(shape, 8), axes=axes)  # fmt: skip
    for shape, axes in [([2, 3, 4], [2, 0, 1]), ([2, 3, 4], [1, 2, 0]), ([2, 3, 4], [0, 2, 1]),
                        ([2, 3, 4], [0, 1, 2]), ([2, 1, 3, 2], [3, 1, 0, 2])]:  # fmt: skip
        case("permuted", f"{text(shape)}-{''.join(map(str, axes))}",
             lambda x: x.permute(axes), tensor(shape, 9), axes=axes)  # fmt: skip
    for shape, axis, start, end in [([5], 0, 1, 4), ([2, 3], 1, 0, 2), ([2, 3], 0, 1, 2),
                                    ([2, 5, 3], 1, 2, 5), ([2, 3, 4], 2, 0, 4),
                                    ([2, 3, 4], 0, 0, 1)]:  # fmt: skip
        case("slice", f"{text(shape)}-axis{axis}-{start}to{end}",
             lambda x: x.narrow(axis, start, end - start), tensor(shape, 10),
             axis=axis, start=start, end=end)  # fmt: skip
    for shape, axis, index in [([5], 0, 4), ([2, 3], 0, 1), ([2, 3], 1, 0), ([2, 3, 4], 1, 2),
                               ([2, 3, 4], 2, 3), ([1, 1], 0, 0)]:  # fmt: skip
        case("select", f"{text(shape)}-axis{axis}-{index}",
             lambda x: x.select(axis, index), tensor(shape, 11), axis=axis, index=index)  # fmt: skip
    for shape, count in [([], 3), ([3], 2), ([2, 3], 1), ([2, 3], 3)]:
        for axis in range(len(shape) + 1):
            case("stack", f"{count}of{text(shape)}-axis{axis}",
                 lambda *x: torch.stack(x, axis),
                 *[tensor(shape, 12 + k) for k in range(count)], axis=axis)  # fmt: skip
    for list_, axis in [([[2], [3]], 0), ([[2, 3], [1, 3]], 0), ([[2, 1], [2, 3], [2, 1]], 1),
                        ([[2, 3, 2], [2, 1, 2]], 1), ([[2, 3]], 0), ([[1, 2, 1], [1, 2, 4]], 2)]:  # fmt: skip
        case("concatenate", f"{text(*list_)}-axis{axis}",
             lambda *x: torch.cat(x, axis),
             *[tensor(shape, 15 + k) for k, shape in enumerate(list_)], axis=axis)  # fmt: skip


def convolutions():
    for kernel in (1, 3):
        for stride in (1, 2):
            for padding in (0, 1, 2):
                for dilation in (1, 2) if kernel > 1 else (1,):
                    case("conv1d", f"k{kernel}-s{stride}-p{padding}-d{dilation}",
                         lambda x, w, b: F.conv1d(x, w, b, stride, padding, dilation),
                         tensor([2, 3, 8], 20), tensor([2, 3, kernel], 21), tensor([2], 22),
                         stride=stride, padding=padding, dilation=dilation)  # fmt: skip
    more = {"nobias": ([2, 3, 5], [4, 3, 3]), "ones": ([1, 1, 1], [1, 1, 1]),
            "whole": ([2, 2, 3], [3, 2, 3]), "1x5": ([5, 1, 5], [1, 1, 2])}  # fmt: skip
    for name, (x, w) in more.items():
        case("conv1d", name, F.conv1d, tensor(x, 23), tensor(w, 24),
             stride=1, padding=0, dilation=1)  # fmt: skip


def pooling():
    choices = [([2, 3, 8], 2, 2), ([2, 3, 7], 2, 2), ([1, 2, 7], 3, 1), ([2, 1, 8], 3, 2),
               ([1, 1, 1], 1, 1), ([2, 2, 5], 2, 3), ([1, 2, 5], 5, 5)]  # fmt: skip
    for shape, kernel, stride in choices:
        name = f"{text(shape)}-k{kernel}-s{stride}"
        case("avgPool1d", name, lambda x: F.avg_pool1d(x, kernel, stride),
             tensor(shape, 25), kernel=kernel, stride=stride)  # fmt: skip
        case("maxPool1d", name, lambda x: F.max_pool1d(x, kernel, stride),
             tensor(shape, 26), kernel=kernel, stride=stride)  # fmt: skip
    # Of equal maxima the first gets the gradient.
    ties = torch.tensor([[[1.0, 1.0, 0.0, 2.0, 2.0, 2.0]]], dtype=torch.float64)
    case("maxPool1d", "ties", lambda x: F.max_pool1d(x, 3, 3), ties, kernel=3, stride=3)
    # Window k of n: from floor(k L / n) to ceil((k + 1) L / n); they overlap when n does not
    # divide L.
    for shape in ([2, 3, 6], [2, 3, 7], [1, 2, 5], [1, 1, 1]):
        for size in (1, 2, 3):
            case("adaptiveAvgPool1d", f"{text(shape)}-to{size}",
                 lambda x: F.adaptive_avg_pool1d(x, size), tensor(shape, 27), size=size)  # fmt: skip


def losses():
    for shape, axis in [([5], 0), ([2, 3], 0), ([2, 3], 1), ([2, 3, 4], 1), ([2, 3, 4], 2),
                        ([3, 1], 1)]:  # fmt: skip
        name = f"{text(shape)}-axis{axis}"
        x = tensor(shape, 28, 3.0)
        case("softmax", name, lambda x: F.softmax(x, axis), x, axis=axis)
        case("logSoftmax", name, lambda x: F.log_softmax(x, axis), x, axis=axis)
    far = torch.tensor([[1000.0, 999.0, -1000.0], [-80.0, 80.0, 0.0]], dtype=torch.float64)
    case("softmax", "far", lambda x: F.softmax(x, 1), far, axis=1)
    case("logSoftmax", "far", lambda x: F.log_softmax(x, 1), far, axis=1)

    for shape in ([1], [5], [4, 1], [2, 3]):
        # Targets are float and get no gradient here; soft ones are allowed.
        targets = (tensor(shape, 30) > 0).double()
        case_with_targets(text(shape), tensor(shape, 29, 3.0), targets)
    case_with_targets("soft", tensor([5], 29, 3.0), tensor([5], 31, 0.5, 0.5))
    case_with_targets("far", torch.tensor([-100.0, 100.0, -100.0, 100.0]).double(),
                      torch.tensor([0.0, 0.0, 1.0, 1.0]).double())  # fmt: skip

    for name, logits, labels in [
        ("1x1", tensor([1, 1], 32), [0]), ("4x3", tensor([4, 3], 32, 3.0), [2, 0, 1, 2]),
        ("2x5", tensor([2, 5], 33, 3.0), [4, 0]),
        ("far", torch.tensor([[1000.0, 0.0], [0.0, 1000.0], [-90.0, 90.0]]).double(), [0, 0, 0]),
    ]:  # fmt: skip
        case("crossEntropy", name, F.cross_entropy, logits, torch.tensor(labels))


def case_with_targets(name, logits, targets):
    """Binary cross-entropy; the targets' gradient is not part of the contract."""
    op = "binaryCrossEntropyWithLogits"
    case(op, name, F.binary_cross_entropy_with_logits, logits, targets)
    del grid.arrays[f"{op}-{name}/{op}/grad1"]


def lstm(x, w_x, w_h, b):
    """The equations, with the columns of the packed weights in the order GATES."""
    hidden = w_h.shape[0]
    h = c = torch.zeros(x.shape[0], hidden, dtype=x.dtype)
    outputs = []
    for step in range(x.shape[1]):
        packed = (x[:, step] @ w_x + h @ w_h + b).split(hidden, 1)
        gate = dict(zip(GATES, packed, strict=True))
        c = torch.sigmoid(gate["f"]) * c + torch.sigmoid(gate["i"]) * torch.tanh(gate["g"])
        h = torch.sigmoid(gate["o"]) * torch.tanh(c)
        outputs.append(h)
    return torch.stack(outputs, 1)


def lstm_by_torch(x, w_x, w_h, b):
    """torch.nn.LSTM on the same numbers: proves the equations above."""
    order = [GATES.index(gate) for gate in "ifgo"]
    hidden = w_h.shape[0]
    unpack = lambda w: torch.cat([w.split(hidden, -1)[k] for k in order], -1)  # noqa: E731
    module = torch.nn.LSTM(x.shape[2], hidden, batch_first=True).double()
    values = {"weight_ih_l0": unpack(w_x).T, "weight_hh_l0": unpack(w_h).T,
              "bias_ih_l0": unpack(b), "bias_hh_l0": torch.zeros(4 * hidden).double()}  # fmt: skip
    return torch.func.functional_call(module, values, (x,))[0]


def recurrent():
    for n, t, f, h in [(3, 5, 4, 6), (1, 1, 1, 1), (2, 4, 1, 3), (1, 5, 3, 1)]:
        inputs = (tensor([n, t, f], 34), tensor([f, 4 * h], 35, 0.8), tensor([h, 4 * h], 36, 0.8),
                  tensor([4 * h], 37, 0.5))  # fmt: skip
        assert torch.allclose(lstm(*inputs), lstm_by_torch(*inputs), atol=1e-12)
        case("lstm", f"{n}x{t}x{f}-h{h}", lstm, *inputs, gates=GATES)


for part in (elementwise, products, reductions, shapes, convolutions, pooling, losses, recurrent):
    part()
folder = "TensorCoreTests/Fixtures/operations"
listing = {
    "source": "Tests/Reference/operations.py, float64, inputs by formula",
    "cases": grid.cases,
}
sys.exit(finish(__doc__, {f"{folder}.safetensors": grid.arrays, f"{folder}.json": listing}))
