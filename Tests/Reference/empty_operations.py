#!/usr/bin/env python3
"""Reference values and gradients of the operations of operations.py on tensors of no elements,
where PyTorch has a result, by PyTorch in float64.

Run `python Tests/Reference/empty_operations.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/empty_operations.safetensors and .json (needs torch and numpy).
There is no random generator: inputs follow the formula in reference.py.
"""

import sys

import torch
import torch.nn.functional as F

from reference import Grid, finish, tensor, text

grid = Grid()
case = grid.case


def elementwise():
    binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}
    for op, function in binary.items():
        for a, b in [([0], [0]), ([0], []), ([2, 0], [2, 1]), ([1], [0, 3]), ([0, 3], [3]),
                     ([2, 0, 3], [2, 1, 1])]:  # fmt: skip
            case(op, text(a, b), function, tensor(a, 66), tensor(b, 67, 0.5, 1.5))
    unary = {
        "neg": torch.neg, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt,
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "abs": torch.abs,
        "square": torch.square,
    }  # fmt: skip
    for op, function in unary.items():
        case(op, "2x0", function, tensor([2, 0], 68))


def reductions():
    for op, function in {"sum": torch.sum, "mean": torch.mean}.items():
        case(op, "0x3-all", function, tensor([0, 3], 69))
        for shape, axes in [([0], [0]), ([0, 3], [0]), ([0, 3], [1]), ([2, 0, 3], [1]),
                            ([2, 0, 3], [0, 1]), ([2, 0, 3], [0, 2])]:  # fmt: skip
            for keep in (False, True):
                name = f"{text(shape)}-axes{''.join(map(str, axes))}{'-keep' if keep else ''}"
                case(op, name, lambda x: function(x, dim=axes, keepdim=keep), tensor(shape, 69),
                     axes=axes, keepDims=keep)  # fmt: skip


def shapes():
    for a, b in [([0, 3], [3, 0]), ([0], [2, 0]), ([2, 0, 3], [0])]:
        case("reshape", text(a, b), lambda x: x.reshape(b), tensor(a, 70), shape=b)


def layers():
    for op in ("softmax", "logSoftmax"):
        for shape, axis in [([0, 3], 1), ([2, 0], 1), ([0], 0), ([2, 0, 3], 1), ([2, 0, 3], 2)]:
            case(op, f"{text(shape)}-axis{axis}", lambda x: getattr(torch, "log_softmax"
                 if op == "logSoftmax" else op)(x, axis), tensor(shape, 71), axis=axis)  # fmt: skip
    case("transpose", "0x3", lambda x: x.transpose(0, 1), tensor([0, 3], 72), axes=[0, 1])
    case("transpose", "2x0x3", lambda x: x.transpose(1, 2), tensor([2, 0, 3], 72), axes=[1, 2])
    case("permuted", "2x0x3", lambda x: x.permute(2, 0, 1), tensor([2, 0, 3], 72), axes=[2, 0, 1])
    case("slice", "nothing", lambda x: x[:, 1:1], tensor([2, 3], 73), axis=1, start=1, end=1)
    case("slice", "0x3", lambda x: x[:, 1:3], tensor([0, 3], 73), axis=1, start=1, end=3)
    case("select", "0x3", lambda x: x[:, 1], tensor([0, 3], 74), axis=1, index=1)
    case("stack", "2of0x3", lambda *x: torch.stack(x, 1), tensor([0, 3], 75), tensor([0, 3], 76),
         axis=1)  # fmt: skip
    case("concatenate", "2x0-2x3", lambda *x: torch.cat(x, 1), tensor([2, 0], 77),
         tensor([2, 3], 78), axis=1)  # fmt: skip
    case("concatenate", "0x3-0x3", lambda *x: torch.cat(x, 0), tensor([0, 3], 77),
         tensor([0, 3], 78), axis=0)  # fmt: skip
    for op, function in {"avgPool1d": F.avg_pool1d, "maxPool1d": F.max_pool1d}.items():
        case(op, "0x2x4", lambda x: function(x, 2, 2), tensor([0, 2, 4], 79), kernel=2, stride=2)
    case("adaptiveAvgPool1d", "0x2x4", lambda x: F.adaptive_avg_pool1d(x, 3),
         tensor([0, 2, 4], 80), size=3)  # fmt: skip
    for shape in ([0, 3], [2, 0, 3]):
        case("linear", text(shape), lambda x, w, b: x @ w + b, tensor(shape, 81),
             tensor([3, 2], 82),
             tensor([2], 83))  # fmt: skip
    case("linear", "2x0", lambda x, w, b: x @ w + b, tensor([2, 0], 81), tensor([0, 2], 82),
         tensor([2], 83))  # fmt: skip


for part in (elementwise, reductions, shapes, layers):
    part()
sys.exit(finish(__doc__, grid.packed("TensorCoreTests/Fixtures/empty_operations")))
