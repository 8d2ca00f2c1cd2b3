#!/usr/bin/env python3
"""Values and gradients of every operation of TensorCore at the edges of single precision (NaN,
infinity, denormals, the largest numbers, zeros of both signs, axes of size 0 and 1), by PyTorch in
float32 on one thread.

Run `python Tests/Reference/edge_operations.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/edge_operations.safetensors and .json (needs torch and numpy).
There is no random generator: inputs are the numbers below.

Denormal numbers are zero where TensorCore calculates. PyTorch's own switch
(`torch.set_flush_denormal`) reaches some of its functions only, so its results are computed on inputs
whose denormals are zeros, and denormal results are stored as zeros, signs kept. Operations that only
move numbers are given the denormals and keep every bit (`"moves": true`). Variances, deviations and
distances are in float64, rounded once: ours add up in double and are finite where the result is a float.

A case has the tensors `in0`, `in1`, ..., then `out` and `grad0`, ... for the inputs that have a
gradient; a case that PyTorch refuses has none but `in0`, ... and says `"raises": true`. `"elements": true`
stands for a function of single elements: signs of zeros count, and results are compared in units of the
last place.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

from reference import Grid, finish, upstream

torch.set_num_threads(1)
NAN, INF = float("nan"), float("inf")
SMALLEST, DENORMAL, NORMAL = 2.0**-149, 1e-40, 2.0**-126
# The numbers that every operation on elements sees.
EDGES = [NAN, INF, -INF, SMALLEST, -SMALLEST, DENORMAL, -DENORMAL, NORMAL, -NORMAL, 1e-30, 1e30,
         -1e30, 3e38, -3e38, 0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 88.0, -88.0, 100.0]  # fmt: skip
# Rows with few of them among ordinary numbers: what operations along an axis see.
ROWS = [
    [1, 2, 3, 4], [NAN, 1, 2, 3], [1, 2, 3, NAN], [INF, 1, 2, 3], [1, -INF, 2, 3], [INF, -INF, 1, 2],
    [INF, INF, 1, 2], [-INF, -INF, -INF, -INF], [NAN, INF, 1, 2], [NAN, NAN, NAN, NAN],
    [3e38, 3e38, 1, 2], [3e38, 1, -2, 0.5], [1e30, 1e30, -1e30, 1], [1e30, 0, 0, 0],
    [-3e38, -3e38, -3e38, -3e38], [1e-30, 2e-30, 3e-30, -1e-30], [0.0, 0.0, 0.0, 0.0],
    [-0.0, -0.0, -0.0, -0.0], [0.0, -0.0, 0.0, -0.0], [1, 1, 1, 1], [1e30, 1e30, 1e30, 1e30],
    [1000, 999, -1000, 0],
    [DENORMAL, DENORMAL, SMALLEST, -DENORMAL], [DENORMAL, 0, 1, -1], [NORMAL, -NORMAL, DENORMAL, 0],
]  # fmt: skip


def vector(*values):
    return torch.tensor(values, dtype=torch.float32)


def edges(count=1):
    """All edges, `count` times and one after the other turned by a place, so that each number is
    seen by the wide part of a loop and by its rest."""
    return vector(*[x for k in range(count) for x in EDGES[k:] + EDGES[:k]])


def rows():
    return torch.tensor(ROWS, dtype=torch.float32)


def pairs():
    """Every edge with every other."""
    a = edges()
    return a.repeat_interleave(len(EDGES)), a.repeat(len(EDGES))


def without_denormals(x):
    """Zeros of their signs in their place."""
    return torch.where(x.abs() < NORMAL, torch.copysign(torch.zeros_like(x), x), x)


class EdgeGrid(Grid):
    # whether the cases that follow are functions of single elements
    elements = False

    def case(self, op, name, function, *inputs, moves=False, targets=(), double=False,
             **parameters):
        """Records the operation; `targets` are the inputs that get no gradient."""
        name = f"{op}-{name}"
        assert not any(entry["name"] == name for entry in self.cases), name
        entry = {"name": name, "op": op, "inputs": len(inputs), "parameters": parameters}
        if moves:
            entry["moves"] = True
        elif self.elements:
            entry["elements"] = True
        clean = (lambda x: x) if moves else without_denormals
        arrays = {f"in{index}": x.numpy().astype(np.float32) for index, x in enumerate(inputs)}
        kind = torch.float64 if double else torch.float32
        leaves = [
            clean(x).to(kind, copy=True).requires_grad_(index not in targets) if x.is_floating_point() else x
            for index, x in enumerate(inputs)
        ]
        try:
            out = function(*leaves)
            arrays["out"] = clean(out.detach().float()).numpy()
            if out.requires_grad:
                out.backward(upstream(list(out.shape)).float().to(kind))
            for index, leaf in enumerate(leaves):
                if leaf.grad is not None:
                    arrays[f"grad{index}"] = clean(leaf.grad.float()).numpy()
        except (RuntimeError, IndexError, ValueError):
            entry["raises"] = True
        self.arrays.update({f"{name}/{op}/{key}": array for key, array in arrays.items()})
        self.cases.append(entry)

    def packed(self, folder):
        """As `Grid.packed`, but each tensor says where its numbers start, since many share them."""
        cases, values, places = [], [], {}
        for entry in self.cases:
            prefix, tensors = f"{entry['name']}/{entry['op']}/", []
            for key, array in self.arrays.items():
                if key.startswith(prefix):
                    data = array.astype("<f4").tobytes()
                    if data not in places:
                        places[data] = sum(map(len, values)) // 4
                        values.append(data)
                    tensors.append([key.removeprefix(prefix), list(array.shape), places[data]])
            cases.append({**entry, "tensors": tensors})
        listing = {"source": "Tests/Reference/edge_operations.py", "cases": cases}
        return {
            f"{folder}.safetensors": {"values": np.frombuffer(b"".join(values), "<f4")},
            f"{folder}.json": listing,
        }


grid = EdgeGrid()
case = grid.case


def elements():
    unary = {
        "neg": torch.neg, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt,
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "abs": torch.abs,
        "square": torch.square, "gelu": F.gelu, "softplus": F.softplus, "silu": F.silu,
        "reciprocalSquareRoot": torch.rsqrt,
    }  # fmt: skip
    for op, function in unary.items():
        case(op, "edges", function, edges(3))
        for shape in ([], [1], [0], [2, 0]):
            count = int(np.prod(shape))
            case(op, "x".join(map(str, shape)) or "scalar", function,
                 torch.full([count], 0.5).reshape(shape))  # fmt: skip
    for alpha in (1.0, 0.5):
        case("elu", f"edges-{alpha}", lambda x: F.elu(x, alpha), edges(3), alpha=alpha)
    for slope in (0.01, 0.0):
        case("leakyReLU", f"edges-{slope}", lambda x: F.leaky_relu(x, slope), edges(3), slope=slope)
    for exponent in (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0):
        case("powFloat", f"edges-{exponent}", lambda x: x.pow(exponent), edges(3),
             exponent=exponent)  # fmt: skip
    for low, high in [(-0.5, 0.5), (None, 0.5), (-0.5, None), (0.0, 0.0), (-1e30, 1e30), (0.0, None)]:
        case("clip", f"edges-{low}to{high}", lambda x: x.clamp(low, high), edges(3),
             minimum=low, maximum=high)  # fmt: skip


def numbers():
    """A tensor and a number: the number is the second input, which has no gradient."""
    functions = {
        "addNumber": lambda x, n: x + n, "numberAdd": lambda x, n: n + x,
        "subNumber": lambda x, n: x - n, "numberSub": lambda x, n: n - x,
        "mulNumber": lambda x, n: x * n, "numberMul": lambda x, n: n * x,
        "divNumber": lambda x, n: x / n, "numberDiv": lambda x, n: n / x,
        "powNumber": torch.pow,
        "lessNumber": torch.lt, "lessOrEqualNumber": torch.le, "greaterNumber": torch.gt,
        "greaterOrEqualNumber": torch.ge, "equalNumber": torch.eq, "notEqualNumber": torch.ne,
    }  # fmt: skip
    for op, function in functions.items():
        for value in (NAN, INF, DENORMAL, 3e38, 0.0, -0.0, 1.0, -2.0):
            number = vector(value).reshape([])
            case(op, f"edges-{value}", lambda x, n: function(x, n.item()), edges(), number,
                 targets=[1])  # fmt: skip


def binary():
    functions = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div,
                 "powTensor": torch.pow, "maximum": torch.maximum,
                 "minimum": torch.minimum}  # fmt: skip
    for op, function in functions.items():
        case(op, "edges", function, *pairs())
        # along other strides: a column with a row, whose gradients are sums
        case(op, "broadcast", function, vector(1, INF, 3e38, 0, -1).reshape(5, 1),
             vector(1, 2, -1, 1e30))  # fmt: skip
        case(op, "nothing", function, torch.zeros([0, 3]), torch.zeros([3]))
    comparisons = {"less": torch.lt, "lessOrEqual": torch.le, "greater": torch.gt,
                   "greaterOrEqual": torch.ge, "equal": torch.eq, "notEqual": torch.ne}  # fmt: skip
    for op, function in comparisons.items():
        case(op, "edges", function, *pairs(), targets=[0, 1])
    a, b = pairs()
    condition = edges().repeat(len(EDGES)).roll(5)
    case("where", "edges", lambda c, a, b: torch.where(c != 0, a, b), condition, a, b, targets=[0])
    case("where", "moves", lambda c, a, b: torch.where(c.bool(), a, b), vector(0, 1).repeat(12),
         edges(), edges().flip(0), targets=[0], moves=True)  # fmt: skip
    for value in (NAN, INF, -INF, 1.0):
        number = vector(value).reshape([])
        case("maskedFill", f"edges-{value}", lambda x, c, n: x.masked_fill(c.bool(), n.item()),
             edges(2), vector(0, 1, 1).repeat(16), number, targets=[1, 2], moves=True)  # fmt: skip


def axes():
    def along(op, function, suffix="", several=False, targets=(), **more):
        # rows, then the same numbers along the first of two axes, and along the middle of three
        x = rows()
        for name, given, axis in [
            ("rows", x, 1), ("columns", x.T.contiguous(), 0),
            ("middle", x.reshape(5, 5, 4).transpose(1, 2).contiguous(), 1),
            ("long", x.repeat(1, 5), 1),
            ("long-columns", x.repeat(1, 5).T.contiguous(), 0),
            ("3x1", torch.ones([3, 1]), 1), ("edges-1", edges().reshape(-1, 1), 1),
            ("1-edges", edges().reshape(1, -1), 0),
            ("3x0", torch.ones([3, 0]), 1), ("0x3", torch.ones([0, 3]), 1),
            ("0", torch.ones([0]), 0), ("0x3-first", torch.ones([0, 3]), 0),
        ]:  # fmt: skip
            place = {"axes": [axis], "keepDims": False} if several else {"axis": axis}
            case(op, f"{name}{suffix}", lambda x: function(x, axis), given, targets=targets, **place,
                 **more)  # fmt: skip

    along("sum", lambda x, axis: x.sum(axis), several=True)
    along("mean", lambda x, axis: x.mean(axis), several=True)
    along("max", lambda x, axis: x.max(axis).values)
    along("min", lambda x, axis: x.min(axis).values)
    along("argmax", lambda x, axis: x.argmax(axis), targets=[0])
    along("argmin", lambda x, axis: x.argmin(axis), targets=[0])
    along("softmax", torch.softmax)
    along("logSoftmax", torch.log_softmax)
    along("logSumExp", lambda x, axis: x.logsumexp(axis))
    along("cumsum", torch.cumsum)
    along("product", torch.prod)
    for descending in (False, True):
        def order(x, axis):
            return x.sort(dim=axis, descending=descending, stable=True)

        along("sortedValues", lambda x, axis: order(x, axis)[0], f"-{descending}", moves=True,
              descending=descending)  # fmt: skip
        along("argsort", lambda x, axis: order(x, axis)[1], f"-{descending}", targets=[0],
              moves=True, descending=descending)  # fmt: skip
    for largest in (False, True):
        def first(x, axis):
            # as topk, with the order of equal ones
            k = min(2, x.shape[axis])
            return [part.narrow(axis, 0, k)
                    for part in x.sort(dim=axis, descending=largest, stable=True)]  # fmt: skip

        for k, shapes in ((2, [rows(), edges(2).reshape(2, 24)]), (1, [torch.ones([3, 1])]),
                          (0, [torch.ones([3, 0])])):  # fmt: skip
            for x in shapes:
                name, settings = f"{len(x)}-{largest}-{k}", {"axis": 1, "k": k, "largest": largest}
                case("topKValues", name, lambda x: first(x, 1)[0], x, moves=True, **settings)
                case("topKIndices", name, lambda x: first(x, 1)[1], x, targets=[0], moves=True,
                     **settings)  # fmt: skip
    for correction in (0.0, 1.0):
        along("variance", lambda x, axis: x.var(axis, correction=correction), f"-{correction}", True,
              correction=correction, double=True)  # fmt: skip
        along("standardDeviation", lambda x, axis: x.std(axis, correction=correction),
              f"-{correction}", correction=correction, double=True)  # fmt: skip
    for index, row in enumerate(ROWS):
        x = vector(*row)
        case("sum", f"all-row{index}", lambda x: x.sum(), x)
        case("mean", f"all-row{index}", lambda x: x.mean(), x)
        case("max", f"all-row{index}", lambda x: x.max(0).values, x)
        case("min", f"all-row{index}", lambda x: x.min(0).values, x)
    for op in ("sum", "mean", "max", "min"):
        for shape in ([], [1], [0], [2, 0]):
            name = "x".join(map(str, shape)) or "scalar"
            case(op, f"all-{name}", lambda x: getattr(x, op)(), torch.ones(shape))


def moving():
    x = edges().reshape(2, 3, 4)

    def moved(op, name, function, *inputs, **parameters):
        case(op, name, function, *inputs, moves=True, **parameters)

    moved("reshape", "edges", lambda x: x.reshape(4, 6), x, shape=[4, 6])
    moved("flattened", "edges", lambda x: x.flatten(1), x, axis=1)
    moved("transpose", "edges", lambda x: x.transpose(1, 2), x, axes=[1, 2])
    moved("transpose", "outer", lambda x: x.transpose(0, 2), x, axes=[0, 2])
    moved("permuted", "edges", lambda x: x.permute(2, 0, 1), x, axes=[2, 0, 1])
    moved("slice", "edges", lambda x: x[:, 1:3], x, axis=1, start=1, end=3)
    moved("sliceStep", "edges", lambda x: x[:, :, 0:4:3], x, axis=2, start=0, end=4, step=3)
    moved("select", "edges", lambda x: x[:, 1], x, axis=1, index=1)
    moved("unstacked", "edges", lambda x: torch.cat(x.unbind(1), 0), x, axis=1)
    moved("stack", "edges", lambda *x: torch.stack(x, 1), x[0], x[1], axis=1)
    moved("concatenate", "edges", lambda *x: torch.cat(x, 1), x, x.flip(1), axis=1)
    moved("expanded", "edges", lambda x: x.expand(2, 24), x.reshape(1, 24), shape=[2, 24])
    moved("squeezed", "edges", lambda x: x.squeeze(0), x.reshape(1, 24), axis=0)
    moved("unsqueezed", "edges", lambda x: x.unsqueeze(1), x, axis=1)
    moved("flipped", "edges", lambda x: x.flip([0, 2]), x, axes=[0, 2])
    moved("rolled", "edges", lambda x: x.roll([1, -1], [2, 0]), x, offsets=[1, -1], axes=[2, 0])
    moved("rolledRows", "edges", lambda x: torch.stack([x[0].roll(1, 1), x[1].roll(-1, 1)]), x,
          offsets=[1, -1], axis=2)  # fmt: skip
    moved("splitJoined", "edges", lambda x: torch.cat(x.split([1, 3], 2)[::-1], 2), x,
          axis=2, sizes=[1, 3])  # fmt: skip
    for value in (NAN, INF, DENORMAL, -0.0):
        moved("paddedWith", f"edges-{value}", lambda x, n: F.pad(x, [1, 2], value=n.item()), x,
              vector(value).reshape([]), targets=[1], axis=2, before=1, after=2)  # fmt: skip
    moved("tril", "edges", torch.tril, x, diagonal=0)
    moved("triu", "edges", torch.triu, x, diagonal=0)
    moved("indexSelect", "edges", lambda x: x.index_select(0, torch.tensor([1, 0, 1])), x, axis=0,
          indices=[1, 0, 1])  # fmt: skip
    table = edges().reshape(6, 4)
    moved("gather", "edges", lambda x, i: x.gather(1, i), table,
          torch.tensor([[3, 2, 1, 0]] * 6), axis=1)  # fmt: skip
    moved("embedding", "edges", lambda w, i: F.embedding(i, w), table, torch.tensor([5, 0, 1, 0]))
    for value in (NAN, INF, -INF, 1e30, -1.0, 0.5, 6.0, 3e38):
        # PyTorch has no such index at all: what is no whole number cannot be written
        case("embedding", f"index-{value}", refuse, table, vector(value), targets=[1])
        case("gather", f"index-{value}", refuse, table[:, 0].contiguous(), vector(value),
             targets=[1], axis=0)  # fmt: skip


def refuse(*_):
    raise ValueError("no position")


def products():
    x, w = rows(), torch.tensor([[1, 0], [2, -1], [0.5, 0], [-1, 3]], dtype=torch.float32)
    case("matmul", "rows", torch.matmul, x, w)
    case("matmul", "columns", torch.matmul, w.T.contiguous(), x.T.contiguous())
    case("matmul", "batch", torch.matmul, x.reshape(5, 5, 4), w.repeat(5, 1, 1))
    # wide enough for the tiles
    wide = w.repeat(1, 16)
    case("matmul", "wide", torch.matmul, x.repeat(2, 1), wide)
    case("linear", "wide", lambda x, w, b: x @ w + b, x.repeat(2, 1), wide,
         torch.linspace(-1, 1, 32))  # fmt: skip
    case("linear", "bias", lambda x, w, b: x @ w + b, x, w, vector(INF, NAN))
    case("linear", "denormal-bias", lambda x, w, b: x @ w + b, torch.zeros([2, 4]), w,
         vector(DENORMAL, -3e38))  # fmt: skip
    for a, b in [([1, 1], [1, 1]), ([0, 3], [3, 2]), ([2, 0], [0, 2]), ([2, 3], [3, 0])]:
        case("matmul", f"{a}-{b}", torch.matmul, torch.ones(a), torch.ones(b))


def convolutions():
    x, w = rows().reshape(5, 5, 4), torch.linspace(-1, 1, 30).reshape(3, 5, 2)
    bias = vector(1, INF, DENORMAL)
    for padding in (0, 1):
        case("conv1d", f"rows-p{padding}", lambda x, w, b: F.conv1d(x, w, b, 1, padding), x, w,
             bias, stride=1, padding=padding, dilation=1, groups=1)  # fmt: skip
    case("conv1d", "s2", lambda x, w, b: F.conv1d(x, w, b, 2), x, w, bias, stride=2, padding=0,
         dilation=1, groups=1)  # fmt: skip
    case("conv1d", "groups", lambda x, w: F.conv1d(x, w, None, 1, 0, 1, 5), x,
         torch.linspace(-1, 1, 10).reshape(5, 1, 2), stride=1, padding=0, dilation=1,
         groups=5)  # fmt: skip
    image = rows().reshape(5, 1, 5, 4)
    case("conv2d", "rows", lambda x, w: F.conv2d(x, w, None, 1, 1), image,
         torch.linspace(-1, 1, 12).reshape(3, 1, 2, 2), stride=1, padding=1, dilation=1,
         groups=1)  # fmt: skip
    for kernel, stride in ((2, 1), (2, 2), (3, 1)):
        name, settings = f"k{kernel}-s{stride}", {"kernel": kernel, "stride": stride}
        case("avgPool1d", name, lambda x: F.avg_pool1d(x, kernel, stride), x, **settings)
        case("maxPool1d", name, lambda x: F.max_pool1d(x, kernel, stride), x, **settings)
        case("averagePool2d", name, lambda x: F.avg_pool2d(x, kernel, stride), image, **settings)
        case("maxPool2d", name, lambda x: F.max_pool2d(x, kernel, stride), image, **settings)
    for size in (1, 3):
        case("adaptiveAvgPool1d", f"to{size}", lambda x: F.adaptive_avg_pool1d(x, size), x,
             size=size)  # fmt: skip
        case("adaptiveAveragePool2d", f"to{size}", lambda x: F.adaptive_avg_pool2d(x, size), image,
             rows=size, columns=size)  # fmt: skip
    case("globalAveragePool", "rows", lambda x: x.mean(2), x)
    case("globalMaxPool", "rows", lambda x: x.max(2).values, x)


def normalisations():
    weight, bias = vector(1, 2, -1, 0), vector(0, 1, -1, 0.5)
    case("layerNorm", "rows", lambda x, w, b: F.layer_norm(x, [4], w, b), rows(), weight, bias)
    case("layerNorm", "long", lambda x, w, b: F.layer_norm(x, [20], w, b), rows().repeat(1, 5),
         weight.repeat(5), bias.repeat(5))  # fmt: skip
    case("layerNorm", "weights", lambda x, w, b: F.layer_norm(x, [4], w, b), rows()[:1],
         vector(NAN, INF, DENORMAL, 0), vector(0, 0, DENORMAL, INF))  # fmt: skip
    case("layerNorm", "epsilon0", lambda x, w, b: F.layer_norm(x, [4], w, b, 0.0), rows(), weight,
         bias, epsilon=0.0)  # fmt: skip
    case("layerNorm", "3x1", lambda x, w, b: F.layer_norm(x, [1], w, b), vector(1, INF, 1e30)
         .reshape(3, 1), vector(2), vector(1))  # fmt: skip
    for name, shape in (("0x4", [0, 4]), ("3x0", [3, 0])):
        case("layerNorm", name, lambda x, w, b: F.layer_norm(x, shape[1:], w, b),
             torch.ones(shape), torch.ones(shape[1:]), torch.ones(shape[1:]))  # fmt: skip
    channels = rows().T.contiguous()
    weights, biases = torch.linspace(-1, 1, 25), torch.linspace(0, 1, 25)
    case("batchNorm", "rows", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), channels,
         weights, biases)  # fmt: skip
    long = rows().repeat(1, 6).reshape(25, 2, 12).transpose(0, 1).contiguous()
    case("batchNorm", "long", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), long,
         weights, biases)  # fmt: skip
    for op, function in (("batchMean", lambda x: x.mean([0, 2])),
                         ("batchVariance", lambda x: x.var([0, 2], correction=0))):  # fmt: skip
        case(op, "long", function, long, targets=[0])
    case("batchNorm", "1x4", lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
         torch.ones([1, 4]), weight, bias)  # fmt: skip
    x = vector(1, 2, -1, 1e30, 3e38, 0, INF, NAN).reshape(-1, 1).repeat(1, 8)
    mean = vector(0, NAN, INF, 1e30, 1, 1, DENORMAL, 1)
    variance = vector(NAN, 1, 1, 1e30, 0, INF, DENORMAL, 3e38)
    case("batchNormGiven", "edges",
         lambda x, w, b, m, v: F.batch_norm(x, m, v, w, b, False), x, torch.ones(8),
         torch.zeros(8), mean, variance, targets=[3, 4])  # fmt: skip


def losses():
    x = rows()
    labels = torch.arange(len(x)) % 4
    for reduction in ("none", "sum"):
        case("crossEntropy", f"rows-{reduction}",
             lambda x, t: F.cross_entropy(x, t, reduction=reduction), x, labels, smoothing=0.0,
             reduction=reduction)  # fmt: skip
    case("crossEntropy", "smoothing",
         lambda x, t: F.cross_entropy(x, t, reduction="none", label_smoothing=0.1), x, labels,
         smoothing=0.1, reduction="none")  # fmt: skip
    for index in (0, 1, 3, 4, 10, 21):
        for weights in (None, [0.0, 1.0, 2.0, 1.0]):
            name = f"mean-{index}{'-w' if weights else ''}"
            case("crossEntropy", name,
                 lambda x, t: F.cross_entropy(x, t, weight=None if weights is None
                                              else torch.tensor(weights)),
                 x[index:index + 1].repeat(2, 1), torch.tensor([0, 0]), smoothing=0.0,
                 classWeights=weights, reduction="mean")  # fmt: skip
    case("crossEntropy", "nothing", F.cross_entropy, torch.zeros([0, 3]),
         torch.zeros([0], dtype=torch.int64), smoothing=0.0, reduction="mean")  # fmt: skip
    case("crossEntropy", "no-classes", F.cross_entropy, torch.zeros([2, 0]),
         torch.zeros([2], dtype=torch.int64), smoothing=0.0, reduction="mean")  # fmt: skip
    for name, target in (("0", 0.0), ("1", 1.0), ("half", 0.5), ("nan", NAN), ("inf", INF)):
        t = torch.full([len(EDGES)], target)
        for weight in (1.0, 3.0):
            case("binaryCrossEntropyWithLogits", f"edges-{name}-{weight}",
                 lambda x, t: F.binary_cross_entropy_with_logits(
                     x, t, pos_weight=torch.tensor(weight), reduction="none"), edges(), t,
                 targets=[1], positiveWeight=weight, reduction="none")  # fmt: skip
    for index, value in enumerate(EDGES):
        case("binaryCrossEntropyWithLogits", f"mean-{index}",
             lambda x, t: F.binary_cross_entropy_with_logits(x, t), vector(value, 1),
             vector(1, 0), targets=[1], positiveWeight=1.0, reduction="mean")  # fmt: skip
    case("binaryCrossEntropyWithLogits", "nothing",
         lambda x, t: F.binary_cross_entropy_with_logits(x, t), torch.zeros([0]), torch.zeros([0]),
         targets=[1], positiveWeight=1.0, reduction="mean")  # fmt: skip
    case("meanSquaredError", "edges", lambda x, t: F.mse_loss(x, t, reduction="none"), *pairs(),
         reduction="none")  # fmt: skip
    for index, value in enumerate(EDGES):
        case("meanSquaredError", f"mean-{index}", F.mse_loss, vector(value, 1), vector(1, 0),
             reduction="mean")  # fmt: skip
    case("meanSquaredError", "nothing", F.mse_loss, torch.zeros([0]), torch.zeros([0]),
         reduction="mean")  # fmt: skip


def distances():
    x = rows()
    y = vector(1, 2, 3, 5)
    case("pairwiseDistance", "rows", F.pairwise_distance, x, y.repeat(len(x), 1), double=True)
    case("pairwiseDistance", "same", F.pairwise_distance, x, x.clone(), double=True)
    case("cosineSimilarity", "rows", lambda a, b: F.cosine_similarity(a, b, -1), x,
         y.repeat(len(x), 1), axis=-1, double=True)  # fmt: skip
    case("cosineSimilarity", "same", lambda a, b: F.cosine_similarity(a, b, -1), x, x.clone(),
         axis=-1, double=True)  # fmt: skip
    case("cosineSimilarity", "turned", lambda a, b: F.cosine_similarity(a, b, -1), x,
         x.flip(0), axis=-1, double=True)  # fmt: skip
    for shape in ([2, 0], [0, 3], [2, 1]):
        name = "x".join(map(str, shape))
        case("pairwiseDistance", name, F.pairwise_distance, torch.ones(shape), torch.ones(shape),
             double=True)  # fmt: skip
        case("cosineSimilarity", name, lambda a, b: F.cosine_similarity(a, b, -1),
             torch.ones(shape), torch.ones(shape), axis=-1, double=True)  # fmt: skip


def lengths():
    x = rows()
    for length in (4, 2, 1, 0):
        counts = [length] * len(x)
        case("meanOverSteps", f"rows-{length}", lambda x: x[:, :length].sum(1) / max(length, 1), x,
             lengths=counts)  # fmt: skip
    for index in range(len(x)):
        case("meanByLengths", f"row-{index}", lambda x: x[:, :2].mean(), x[index:index + 1],
             lengths=[2])  # fmt: skip
    case("meanByLengths", "nothing", lambda x: x[:, :0].mean(), x, lengths=[0] * len(x))


def creation():
    for start, end, count in [(0, INF, 3), (-INF, INF, 3), (NAN, 1, 3), (-3e38, 3e38, 5),
                              (0, DENORMAL, 3), (1e30, -1e30, 4), (INF, INF, 2), (1, 2, 1),
                              (INF, 1, 1), (1, NAN, 0)]:  # fmt: skip
        case("linspaceBetween", f"{start}to{end}-{count}",
             lambda a, b: torch.linspace(a.item(), b.item(), count), vector(start).reshape([]),
             vector(end).reshape([]), targets=[0, 1], moves=True, count=count)  # fmt: skip
    for value in EDGES:
        case("full", f"{value}", lambda n: torch.full([20], n.item()), vector(value).reshape([]),
             targets=[0], moves=True)  # fmt: skip


for part in (elements, numbers, binary):
    grid.elements = True
    part()
grid.elements = False
for part in (axes, moving, products, convolutions, normalisations, losses, distances, lengths,
             creation):  # fmt: skip
    part()
if __name__ == "__main__":
    sys.exit(finish(__doc__, grid.packed("TensorCoreTests/Fixtures/edge_operations")))
