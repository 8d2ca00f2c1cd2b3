#!/usr/bin/env python3
"""Reference values and gradients of operations on elements, masks, extremes, indices and axes,
by PyTorch in float64.

Run `python Tests/Reference/tensor_operations.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/tensor_operations.safetensors and .json (needs torch and numpy).
There is no random generator: inputs follow the formula in reference.py.

Conventions: a mask or a condition is 0 or 1; the parts of a split are multiplied by 1, 2, ... and
joined again; of `max()` and `min()` without an axis the first of equal elements gets the gradient,
as along an axis (PyTorch shares it out). Parameters are named as in Swift.
"""

import sys

import torch
import torch.nn.functional as F

from reference import Grid, finish, numbers, tensor, text

grid = Grid()
case = grid.case
SHAPES = ([], [1], [5], [2, 1, 3], [0], [2, 0])


FAR = numbers(-1e4, -100, -30, -15, -1e-3, 0, 1e-3, 15, 30, 100, 1e4)
# Smaller numbers only where 32 bits can tell the result from 0.
KINK = numbers(-2, -1, -0.5, 0, 0.5, 1, 2)


def activations():
    unary = {"gelu": F.gelu, "softplus": F.softplus, "silu": F.silu}
    for op, function in unary.items():
        for shape in SHAPES:
            case(op, text(shape), function, tensor(shape, 1, 3.0))
        case(op, "far", function, FAR)
    for alpha in (1.0, 0.5):
        for shape in SHAPES:
            case("elu", f"{text(shape)}-{alpha}", lambda x: F.elu(x, alpha), tensor(shape, 2, 2.0),
                 alpha=alpha)  # fmt: skip
        case("elu", f"far-{alpha}", lambda x: F.elu(x, alpha), FAR, alpha=alpha)
    for slope in (0.01, 0.3, 0.0):
        for shape in SHAPES[:4] if slope == 0.01 else SHAPES[3:]:
            case("leakyReLU", f"{text(shape)}-{slope}", lambda x: F.leaky_relu(x, slope),
                 tensor(shape, 3, 2.0), slope=slope)  # fmt: skip
        case("leakyReLU", f"far-{slope}", lambda x: F.leaky_relu(x, slope), FAR, slope=slope)


def powers():
    for exponent in (-2.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0):
        x = tensor([2, 3], 4, 1.4, 1.5)
        case("powFloat", f"2x3-{exponent}", lambda x: x.pow(exponent), x, exponent=exponent)
    for exponent in (0.0, 1.0, 2.0, 3.0):
        # Negative bases, and the gradient at 0.
        case("powFloat", f"kink-{exponent}", lambda x: x.pow(exponent), KINK, exponent=exponent)
    for shape in SHAPES:
        case("powFloat", text(shape), lambda x: x.pow(1.5), tensor(shape, 4, 0.9, 1), exponent=1.5)
        case("reciprocalSquareRoot", text(shape), torch.rsqrt, tensor(shape, 5, 1.4, 1.5))
    case("reciprocalSquareRoot", "far", torch.rsqrt, numbers(1e-10, 1e-4, 1, 1e8, 1e20))
    for a, b in [([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 4]), ([], [2]), ([2], []),
                 ([], []), ([2, 0], [1]), ([1], [0]), ([2, 1], [2, 0])]:  # fmt: skip
        case("powTensor", text(a, b), torch.pow, tensor(a, 6, 0.9, 1), tensor(b, 7, 2.0))
    case("powTensor", "zeros", torch.pow, numbers(0, 0, 0, 2, -2, -2), numbers(0, 1, 2, 0, 2, 3))


PAIRS = (
    ([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 1], [1, 4]), ([], [2, 2]), ([2], []),
    ([], []), ([2, 1, 3], [4, 1]), ([2, 0], [1]), ([1], [0]), ([2, 1], [2, 0]), ([0, 3], [3]),
)  # fmt: skip


def pairs():
    for op, function in {"maximum": torch.maximum, "minimum": torch.minimum}.items():
        for a, b in PAIRS:
            case(op, text(a, b), function, tensor(a, 8), tensor(b, 9))
        case(op, "ties", function, numbers(1, 2, 3, 0), numbers(1, 3, 2, -0.0))
    comparisons = {"less": torch.lt, "lessOrEqual": torch.le, "greater": torch.gt,
                   "greaterOrEqual": torch.ge, "equal": torch.eq, "notEqual": torch.ne}  # fmt: skip
    special = numbers(1, 2, 3, 0, float("nan"), float("inf"))
    others = numbers(1, 3, 2, -0.0, float("nan"), float("inf"))
    for op, function in comparisons.items():
        for a, b in PAIRS if op == "less" else PAIRS[3:4] + PAIRS[8:9]:
            # Tenths, so that some are equal.
            first, second = (tensor(s, k).mul(5).round() for s, k in ((a, 10), (b, 11)))
            case(op, text(a, b), lambda x, y: function(x, y).double(), first, second)
        case(op, "special", lambda x, y: function(x, y).double(), special, others)
        for shape in ([], [5], [2, 0]):
            case(f"{op}Number", text(shape), lambda x: function(x, 1.0).double(),
                 tensor(shape, 12).mul(2).round(), value=1.0)  # fmt: skip
        case(f"{op}Number", "special", lambda x: function(x, 2.0).double(), special, value=2.0)
    for low, high in [(-0.5, 0.5), (None, 0.5), (-0.5, None), (0.5, 0.5)]:
        for name, x in [("kink", KINK), ("far", FAR), ("2x0", tensor([2, 0], 1))]:
            case("clip", f"{name}-{low}to{high}", lambda x: x.clamp(low, high), x,
                 minimum=low, maximum=high)  # fmt: skip


def masks():
    def mask(shape, stream=13):
        return tensor(shape, stream) > 0

    for c, a, b in [([2, 3], [2, 3], [2, 3]), ([3], [2, 1], []), ([2, 1], [], [3]), ([], [2], [2]),
                    ([4, 1, 1], [3], [2, 1]), ([], [], []), ([0], [], [1]), ([2, 1], [2, 0], [1]),
                    ([0, 3], [3], [3])]:  # fmt: skip
        case("where", text(c, a, b), torch.where, mask(c), tensor(a, 14), tensor(b, 15))
    for shape, m in [([2, 3], [2, 3]), ([2, 3], [3]), ([2, 3], []), ([2, 2, 3], [2, 1]), ([], []),
                     ([0, 3], [3]), ([2, 0], [2, 1])]:  # fmt: skip
        case("maskedFill", text(shape, m), lambda x, m: x.masked_fill(m, 7.5), tensor(shape, 16),
             mask(m), value=7.5)  # fmt: skip
    case("maskedFill", "infinity", lambda x, m: x.masked_fill(m, -torch.inf), tensor([2, 3], 17),
         mask([2, 3]))  # fmt: skip
    for op, function in {"tril": torch.tril, "triu": torch.triu}.items():
        for shape in ([3, 3], [2, 4], [4, 2], [2, 2, 3], [1, 1], [0, 3], [2, 0], [0, 2, 2]):
            for diagonal in (-1, 0, 1) if 0 not in shape else (0,):
                case(op, f"{text(shape)}-{diagonal}", lambda x: function(x, diagonal),
                     tensor(shape, 18), diagonal=diagonal)  # fmt: skip


def extremes():
    ties = numbers(1, 3, 3, -1, -1, 3, -1, 3).reshape(2, 4)
    nan = numbers(1, float("nan"), 3, float("nan"), float("inf"), -float("inf")).reshape(2, 3)
    for shape, axis in [([5], 0), ([2, 3], 0), ([2, 3], 1), ([2, 3, 4], 1), ([2, 1, 3], 1),
                        ([0, 3], 1), ([3, 0], 0), ([1], 0)]:  # fmt: skip
        for keep in (False, True):
            extreme(f"{text(shape)}-axis{axis}{'-keep' if keep else ''}", tensor(shape, 19), axis,
                    keep)  # fmt: skip
    for name, x in (("ties", ties), ("nan", nan)):
        for axis in (0, 1):
            extreme(f"{name}-axis{axis}", x, axis, False)
    for shape in ([], [1], [2, 3]):
        for op in ("max", "min"):
            case(op, f"{text(shape)}-all", lambda x: getattr(x, op)(), tensor(shape, 20))
    case("max", "ties-all", lambda x: x.flatten().max(0).values, ties)
    case("min", "ties-all", lambda x: x.flatten().min(0).values, ties)


def extreme(name, x, axis, keep):
    for op in ("max", "min"):
        case(op, name, lambda x: getattr(torch, op)(x, axis, keep).values, x,
             axis=axis, keepDims=keep)  # fmt: skip
        case(f"arg{op}", name, lambda x: getattr(torch, op)(x, axis, keep).indices.double(), x,
             axis=axis, keepDims=keep)  # fmt: skip


def statistics():
    for shape, axes in [([5], [0]), ([2, 3], [0]), ([2, 3], [1]), ([2, 3], [0, 1]),
                        ([2, 3, 4], [0, 2]), ([2, 1, 3], [2]), ([2, 0, 3], [0])]:  # fmt: skip
        for correction in (0.0, 1.0):
            for keep in (False, True):
                name = f"{text(shape)}-axes{''.join(map(str, axes))}-{correction:.0f}"
                name += "-keep" if keep else ""
                if len(axes) > 1 or keep:
                    case("variance", name,
                         lambda x: x.var(axes, correction=correction, keepdim=keep),
                         tensor(shape, 21), axes=axes, correction=correction,
                         keepDims=keep)  # fmt: skip
                if len(axes) == 1:
                    case("standardDeviation", name,
                         lambda x: x.std(axes[0], correction=correction, keepdim=keep),
                         tensor(shape, 22), axis=axes[0], correction=correction,
                         keepDims=keep)  # fmt: skip
    far = tensor([2, 4], 21, 1.0, 1000)
    case("variance", "far", lambda x: x.var(1), far, axes=[1], correction=1.0, keepDims=False)
    # A constant row has no deviation and no gradient; one value or none has no estimate.
    for name, x in [("constant", numbers(2, 2, 2, 1, 2, 3).reshape(2, 3)),
                    ("3x1", tensor([3, 1], 21)), ("3x0", tensor([3, 0], 21))]:  # fmt: skip
        case("variance", name, lambda x: x.var(1), x, axes=[1], correction=1.0, keepDims=False)
        case("standardDeviation", name, lambda x: x.std(1), x, axis=1, correction=1.0,
             keepDims=False)  # fmt: skip
    for shape, axis in [([5], 0), ([2, 3], 0), ([2, 3], 1), ([2, 3, 4], 1), ([2, 1, 3], 1),
                        ([2, 0], 1), ([0, 3], 1), ([0, 3], 0)]:  # fmt: skip
        for keep in (False, True):
            case("logSumExp", f"{text(shape)}-axis{axis}{'-keep' if keep else ''}",
                 lambda x: x.logsumexp(axis, keep), tensor(shape, 23, 3.0),
                 axis=axis, keepDims=keep)  # fmt: skip
    far = numbers(1000, 999, -1000, -1000, -1001, -2000).reshape(2, 3)
    case("logSumExp", "far", lambda x: x.logsumexp(1), far, axis=1, keepDims=False)
    masked = numbers(1, -torch.inf, 2).reshape(1, 3)
    case("logSumExp", "masked", lambda x: x.logsumexp(1), masked, axis=1, keepDims=False)
    special = numbers(torch.inf, 1, torch.nan, 1, -torch.inf, -torch.inf, torch.nan, torch.nan,
                      torch.nan, torch.inf).reshape(5, 2)  # fmt: skip
    # The gradients of infinite results are not part of the contract.
    case("logSumExp", "special", lambda x: x.detach().logsumexp(1), special,
         axis=1, keepDims=False)  # fmt: skip


def ordering():
    def first(x, k, axis, largest):
        """As `topk`, with the order of equal ones."""
        values, positions = x.sort(dim=axis, descending=largest, stable=True)
        values, positions = values.narrow(axis, 0, k), positions.narrow(axis, 0, k)
        assert x.topk(k, axis, largest).values.equal(values)
        return values, positions

    equal = numbers(2, 1, 2, 0, 1, 2, 0, 0, 1, 1, 2, 0).reshape(3, 4)
    for name, x, axis, counts in [
        ("5", tensor([5], 80), 0, (0, 1, 5)), ("2x7", tensor([2, 7], 81), 1, (3,)),
        ("7x2", tensor([7, 2], 82), 0, (2,)), ("middle", tensor([2, 5, 3], 83), 1, (2, 5)),
        ("equal", equal, 1, (2, 4)), ("equal-columns", equal, 0, (2,)),
        ("1x1", tensor([1, 1], 84), 0, (1,)), ("2x0", tensor([2, 0], 84), 1, (0,)),
        ("0x3", tensor([0, 3], 84), 1, (2,)),
        # longer than what is sorted by insertion, and than what is kept of a line at once
        ("long", (tensor([1, 700], 85) * 64).round(), 1, (3,)),
    ]:  # fmt: skip
        for k in counts:
            for largest in (True, False):
                settings = {"axis": axis, "k": k, "largest": largest}
                label = f"{name}-{k}-{'largest' if largest else 'smallest'}"
                case("topKValues", label, lambda x: first(x, k, axis, largest)[0], x, **settings)
                case("topKIndices", label, lambda x: first(x, k, axis, largest)[1].double(), x,
                     **settings)  # fmt: skip
        for descending in (False, True):
            settings = {"axis": axis, "descending": descending}
            label = f"{name}-{'descending' if descending else 'ascending'}"
            sort = lambda x: x.sort(dim=axis, descending=descending, stable=True)  # noqa: E731
            case("sortedValues", label, lambda x: sort(x)[0], x, **settings)
            if name != "long":
                case("sortedIndices", label, lambda x: sort(x)[1].double(), x, **settings)
            case("argsort", label, lambda x: sort(x)[1].double(), x, **settings)


def products():
    for shape, axis in [([5], 0), ([2, 3], 0), ([2, 3], 1), ([2, 3, 4], 1), ([2, 1, 3], 1),
                        ([2, 0], 1), ([0, 3], 1), ([0, 3], 0), ([2, 41], 1),
                        ([3, 70], 0)]:  # fmt: skip
        for keep in (False, True):
            case("product", f"{text(shape)}-axis{axis}{'-keep' if keep else ''}",
                 lambda x: x.prod(axis, keep), tensor(shape, 86, 0.5, 1.2), axis=axis,
                 keepDims=keep)  # fmt: skip
    # without a zero, with one, with two, and with one of the other sign
    zeros = numbers(1, -2, 3, 0.5, 1, 0, 3, -0.5, 0, 2, 0, 3, 2, 3, 4, -0.0).reshape(4, 4)
    for axis in (0, 1):
        case("product", f"zeros-axis{axis}", lambda x: x.prod(axis), zeros, axis=axis)
    for shape in ([], [1], [2, 3], [0]):
        case("product", f"{text(shape)}-all", lambda x: x.prod(), tensor(shape, 87))


def indices(*values):
    return torch.tensor(values, dtype=torch.int64)


def gathering():
    for name, shape, axis, index in [
        ("1d", [5], 0, indices(4, 0, 0)), ("rows", [3, 4], 0, indices([2, 0], [2, 1])),
        ("columns", [2, 4], 1, indices([3, 3, 0, 1, 2], [0, 0, 0, 0, 0])),
        ("middle", [2, 3, 2], 1, indices([[2, 0]], [[1, 1]])), ("one", [1, 1], 1, indices([0])),
        ("none", [2, 3], 0, torch.zeros([0, 3], dtype=torch.int64)),
        ("nowhere", [2, 3], 1, torch.zeros([2, 0], dtype=torch.int64)),
        ("empty", [3, 0], 0, torch.zeros([2, 0], dtype=torch.int64)),
        ("part", [3, 4, 3], 1, indices([[3, 0], [1, 1], [0, 2]])),
        # the same place often enough for its sum to be kept in double
        ("often", [1, 3], 1, indices([0, 1, 1, 2, 1] * 16)),
        ("often-columns", [3, 2], 0, indices(*[[0, 2], [1, 1], [1, 0]] * 24)),
    ]:  # fmt: skip
        case("gather", name, lambda x, i: x.gather(axis, i), tensor(shape, 24), index, axis=axis)
    for name, shape, axis, index in [
        ("1d", [5], 0, [4, 0, 0]), ("rows", [3, 2], 0, [2, 2, 1, 0]), ("last", [2, 3, 4], 2, [1]),
        ("middle", [2, 3, 2], 1, [2, 0]), ("none", [2, 3], 1, []), ("empty", [0, 3], 1, [2, 0]),
    ]:  # fmt: skip
        case("indexSelect", name,
             lambda x: x.index_select(axis, torch.tensor(index, dtype=torch.int64)),
             tensor(shape, 25), axis=axis, indices=index)  # fmt: skip
    for name, shape, index in [
        ("1d", [4, 3], indices(3, 0, 3)), ("2d", [4, 2], indices([1, 1, 0], [2, 3, 1])),
        ("scalar", [2, 3], torch.tensor(1)), ("narrow", [2, 1], indices(1)),
        ("none", [4, 3], torch.zeros([2, 0], dtype=torch.int64)), ("thin", [3, 0], indices(1, 2)),
    ]:  # fmt: skip
        case("embedding", name, lambda w, i: F.embedding(i, w), tensor(shape, 26), index)
    for name, labels, classes in [("4", [2, 0, 1, 2], 4), ("one", [0], 1), ("none", [], 3)]:
        case("oneHot", name, lambda i: F.one_hot(i.reshape(-1), classes).double(),
             torch.tensor(labels, dtype=torch.int64), classes=classes)  # fmt: skip


def rearranging():
    for a, b in [([3], [2, 3]), ([2, 1], [2, 4]), ([], [2, 2]), ([1], [1]),
                 ([2, 1, 3], [4, 2, 5, 3]),
                 ([1, 3], [0, 3]), ([], [0]), ([2, 1], [2, 0]), ([0, 1], [2, 0, 3])]:  # fmt: skip
        case("expanded", text(a, b), lambda x: x.expand(b), tensor(a, 27), shape=b)
    for shape, axis in [([2, 1, 3], 1), ([1], 0), ([3, 1], 1), ([1, 0], 0)]:
        case("squeezed", f"{text(shape)}-{axis}", lambda x: x.squeeze(axis), tensor(shape, 28),
             axis=axis)  # fmt: skip
    for shape, axis in [([2, 3], 0), ([2, 3], 1), ([2, 3], 2), ([2, 3], -1), ([], 0), ([0, 3], -2)]:
        case("unsqueezed", f"{text(shape)}-{axis}", lambda x: x.unsqueeze(axis),
             tensor(shape, 29), axis=axis)  # fmt: skip
    for shape, axes in [([4], [0]), ([2, 3], [0]), ([2, 3], [1, 0]), ([2, 3, 4], [0, 2]),
                        ([2, 3], []), ([2, 0], [0, 1]), ([0, 2], [1])]:  # fmt: skip
        case("flipped", f"{text(shape)}-{''.join(map(str, axes))}", lambda x: x.flip(axes),
             tensor(shape, 30), axes=axes)  # fmt: skip
    for shape, offsets, axes in [
        ([5], [2], [0]), ([5], [-1], [0]), ([2, 3], [4], [1]), ([3, 2], [-7], [0]),
        ([2, 3, 4], [1, -1], [2, 0]), ([2, 3], [0], [0]), ([2, 3], [], []), ([1, 1], [3], [1]),
        ([2, 0], [1], [1]), ([0, 3], [1], [1]),
    ]:  # fmt: skip
        case("rolled", f"{text(shape)}-{','.join(map(str, offsets))}-{','.join(map(str, axes))}",
             lambda x: x.roll(offsets, axes) if axes else x.clone(), tensor(shape, 88),
             offsets=offsets, axes=axes)  # fmt: skip
    for shape, offsets, axis in [([2, 5], [1, -2], 1), ([3, 2, 4], [0, 5, 3], 2),
                                 ([3, 4, 2], [1, 2, 3], 1), ([0, 3], [], 1)]:  # fmt: skip
        case("rolledRows", f"{text(shape)}-axis{axis}",
             lambda x: torch.stack([row.roll(k, axis - 1) for row, k in zip(x, offsets)])
             if offsets else x.clone(),
             tensor(shape, 89), offsets=offsets, axis=axis)  # fmt: skip
    for shape, axis, start, end, step in [
        ([5], 0, 0, 5, 2), ([5], 0, 1, 4, 2), ([6], 0, 0, 6, 3), ([2, 5], 1, 1, 5, 3),
        ([4, 2, 3], 0, 0, 4, 2), ([2, 5], 1, 2, 3, 9), ([2, 5], 1, 2, 2, 2), ([0, 5], 1, 0, 5, 2),
    ]:  # fmt: skip
        parts = [slice(None)] * axis + [slice(start, end, step)]
        case("sliceStep", f"{text(shape)}-axis{axis}-{start}to{end}by{step}",
             lambda x: x[tuple(parts)], tensor(shape, 31), axis=axis, start=start, end=end,
             step=step)  # fmt: skip
    joined = lambda parts, axis: torch.cat(  # noqa: E731
        [part * (k + 1) for k, part in enumerate(parts)], axis)  # fmt: skip
    for shape, axis, sizes in [([5], 0, [2, 3]), ([2, 6], 1, [1, 2, 3]), ([3, 2], 0, [3]),
                               ([2, 3, 2], 1, [0, 3]), ([0, 3], 1, [1, 2]),
                               ([2, 0], 1, [0, 0])]:  # fmt: skip
        case("splitSizes", f"{text(shape)}-axis{axis}-{len(sizes)}",
             lambda x: joined(x.split(sizes, axis), axis), tensor(shape, 32), axis=axis,
             sizes=sizes)  # fmt: skip
    for shape, axis, parts in [([6], 0, 3), ([2, 4], 1, 2), ([4, 2], 0, 4), ([2, 3], 1, 1),
                               ([0, 4], 1, 2)]:  # fmt: skip
        case("splitParts", f"{text(shape)}-axis{axis}-{parts}",
             lambda x: joined(x.chunk(parts, axis), axis), tensor(shape, 33), axis=axis,
             parts=parts)  # fmt: skip
    for shape, axis, before, after, value in [
        ([3], 0, 1, 2, 0.0), ([2, 3], 1, 0, 2, 0.0), ([2, 3], 0, 2, 0, -1.5),
        ([2, 3, 2], 1, 1, 1, 3.0),
        ([2, 3], 1, 0, 0, 1.0), ([0, 3], 0, 1, 1, 2.0), ([2, 0], 1, 1, 0, 0.0),
        ([0, 2], 1, 1, 1, 0.0),
    ]:  # fmt: skip
        widths = [0, 0] * (len(shape) - 1 - axis) + [before, after]
        case("padded", f"{text(shape)}-axis{axis}-{before}-{after}",
             lambda x: F.pad(x, widths, value=value), tensor(shape, 34), axis=axis, before=before,
             after=after, value=value)  # fmt: skip
    for shape, axis in [([5], 0), ([2, 3], 0), ([2, 3], 1), ([2, 3, 4], 1), ([1, 1], 0),
                        ([2, 0], 1),
                        ([2, 0], 0), ([0], 0)]:  # fmt: skip
        case("cumsum", f"{text(shape)}-axis{axis}", lambda x: x.cumsum(axis), tensor(shape, 35),
             axis=axis)  # fmt: skip


def creation():
    for start, end, count in [(0.0, 1.0, 5), (-1.0, 2.5, 8), (3.0, -3.0, 4), (2.0, 5.0, 1),
                              (0.0, 1.0, 0),
                              (2.0, 2.0, 3), (1e20, 1.0, 3), (0.1, 0.7, 7)]:  # fmt: skip
        case("linspace", f"{start}to{end}-{count}",
             lambda: torch.linspace(start, end, count).double(),
             start_=start, end_=end, count=count)  # fmt: skip


for part in (activations, powers, pairs, masks, extremes, statistics, ordering, products, gathering, rearranging,
             creation):
    part()
sys.exit(finish(__doc__, grid.packed("TensorCoreTests/Fixtures/tensor_operations")))
