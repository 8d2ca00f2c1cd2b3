#!/usr/bin/env python3
"""Reference values, gradients and buffers of the unit AttentionMaps, by PyTorch in float64.

Run `python Tests/Reference/attention_maps.py` to write, with `--check` to compare:
Tests/CourseTests/Fixtures/attention-maps.safetensors and .json (needs torch and numpy).
There is no random generator: numbers follow the formula in noise.py, by streams from 8000 on.

The equations are those of sections 8.3 to 8.8 of the unit, written here by hand; each is held against torch.nn where that
has it: `conv1d`, `BatchNorm1d`, `interpolate`.

For each case the listing says subject, sizes, how it is called (mode, batches before in training mode) and of each input,
batch and parameter the shape, stream, scale and offset: noise(count, stream) * scale + offset, row-major, rounded to
float32. Parameters and buffers stand in the order of the model; `buffers` are the names of the latter. Stored are
`CASE/RESULT`, `CASE/state/BUFFER` after the call, and the gradients of sum(RESULT * upstream(RESULT)): `CASE/grad/NAME`
at the places floor(i * count / n) for i < n = min(count, 16), and `CASE/norm/NAME`, the root of the sum of squares.
Integers are given as they are.
"""

import math
import sys
import warnings

import torch
import torch.nn.functional as F

from reference import Calls, finish, float32, tensor, upstream

calls = Calls(8000)
record = calls.record


# MARK: - The equations


def class_weights(labels, classes):
    n = len(labels)
    counts = [labels.count(c) for c in range(classes)]
    return torch.tensor([n / (classes * k) if k else 0.0 for k in counts], dtype=torch.float64)


def f1(labels, predictions, c):
    true, predicted = labels.count(c), predictions.count(c)
    hits = sum(a == b == c for a, b in zip(labels, predictions, strict=True))
    return 2 * hits / (true + predicted) if true + predicted else 0.0


def score(labels, predictions):
    mean = sum(f1(labels, predictions, c) for c in range(3)) / 3
    return torch.tensor(mean, dtype=torch.float64)


def field(kernels, dilations, strides):
    return 1 + sum(
        (k - 1) * d * math.prod(strides[:i])
        for i, (k, d) in enumerate(zip(kernels, dilations, strict=True)))  # fmt: skip


def convolution(x, W, d, causal=False):
    k = W.shape[2]
    zeros = d * (k - 1)
    p = zeros if causal else zeros // 2
    padded = F.pad(x, (p, zeros - p))
    L = x.shape[2]
    y = sum(torch.einsum("oc,ncl->nol", W[:, :, j], padded[:, :, j * d : j * d + L]) for j in range(k))
    theirs = F.conv1d(padded if causal else x, W, dilation=d, padding=0 if causal else "same")
    close(y, theirs)
    return y


def norm(x, p, name, training):
    """Moves p's buffers while training, and holds all against BatchNorm1d."""
    gamma, beta, mean, variance = (p[f"{name}{k}"] for k in ("gamma", "beta", "mean", "variance"))
    module = torch.nn.BatchNorm1d(len(gamma)).double().train(training)
    values = {"weight": gamma, "bias": beta, "running_mean": mean.clone(), "running_var": variance.clone(),
              "num_batches_tracked": torch.tensor(0)}  # fmt: skip
    theirs = torch.func.functional_call(module, values, (x,))
    mu, sigma2 = mean, variance
    if training:
        m = x.shape[0] * x.shape[2]
        mu = x.sum((0, 2)) / m
        sigma2 = ((x - mu[:, None]) ** 2).sum((0, 2)) / m
        p[f"{name}mean"] = mean + 0.1 * (mu.detach() - mean)
        p[f"{name}variance"] = variance + 0.1 * (sigma2.detach() * m / (m - 1) - variance)
    y = gamma[:, None] * (x - mu[:, None]) * (sigma2[:, None] + 1e-5) ** -0.5 + beta[:, None]
    close(y, theirs)
    if training:
        close(p[f"{name}mean"], values["running_mean"])
        close(p[f"{name}variance"], values["running_var"])
    return y


def block(x, p, d, training, name=""):
    return x + norm(convolution(x, p[f"{name}convolution.W"], d), p, f"{name}norm.", training).clamp(min=0)


def features(X, p, B, training):
    x = F.pad(X[:, :, 0], (6, 6)).unfold(1, 16, 4)
    x = torch.einsum("ntj,cj->nct", x, p["stem.W"][:, 0])
    f = norm(x, p, "stemNorm.", training).clamp(min=0)
    for i in range(B):
        f = block(f, p, 2**i, training, f"blocks.{i}.")
    return f


def maps(f, w):
    return torch.einsum("nkt,kc->nct", f, w)


def logits(f, w):
    S = torch.einsum("nkt,kc->nc", f, w) / f.shape[2]
    close(S, maps(f, w).mean(2))
    return S


def interpolated(M, n):
    T = M.shape[-1]
    u = ((torch.arange(n, dtype=torch.float64) + 0.5) * T / n - 0.5).clamp(0, T - 1)
    j = u.floor().long()
    a = u - j
    y = (1 - a) * M[..., j] + a * M[..., (j + 1).clamp(max=T - 1)]
    close(y, F.interpolate(M, size=n, mode="linear", align_corners=False))
    return y


# an odd zero at one end is no reason to warn
warnings.filterwarnings("ignore", message="Using padding='same'")


def close(actual, expected):
    assert torch.allclose(actual, expected, rtol=1e-12, atol=1e-12)


# MARK: - Parameters and buffers: name, shape, scale, offset


def norm_state(C, name=""):
    return [(f"{name}gamma", [C], 0.4, 1), (f"{name}beta", [C], 0.5, 0)], [
        (f"{name}mean", [C], 0.5, 0), (f"{name}variance", [C], 0.7, 1.2)]  # fmt: skip


def convolution_state(i, o, k, name=""):
    return [(f"{name}W", [o, i, k], round((i * k) ** -0.5, 4) * 1.7, 0)], []


def head_state(K, classes, name=""):
    return [(f"{name}w", [K, classes], round(K**-0.5, 4) * 1.7, 0)], []


def together(*parts):
    return sum((p for p, _ in parts), []), sum((b for _, b in parts), [])


def block_state(C, name=""):
    return together(convolution_state(C, C, 3, f"{name}convolution."), norm_state(C, f"{name}norm."))


def network_state(C, B, classes):
    return together(
        convolution_state(1, C, 16, "stem."), norm_state(C, "stemNorm."),
        *(block_state(C, f"blocks.{i}.") for i in range(B)), head_state(C, classes, "head."))  # fmt: skip


# MARK: - Cases


def exact(subject, sizes, result, value, **integers):
    record(subject, sizes, lambda x, p, t: [value], [], [result], integers=integers)


for labels, classes in [([0, 0, 1, 2, 0, 2, 0], 3), ([1, 1, 1], 2), ([0, 3, 3, 1], 5), ([], 2), ([0], 1)]:
    exact("classWeights", {"classCount": classes}, "weights", class_weights(labels, classes), labels=labels)
for labels, predictions in [
    ([0, 1, 2, 0, 2, 1, 0, 0], [0, 1, 1, 2, 2, 0, 0, 0]), ([0, 1, 2], [0, 1, 2]), ([0, 1, 2], [1, 2, 0]),
    ([0, 0, 2, 1], [0, 2, 2, 0]), ([0, 0, 2], [0, 1, 2]), ([0, 2], [0, 0]), ([], []),
]:  # fmt: skip
    exact("challengeScore", {}, "score", score(labels, predictions), labels=labels, predictions=predictions)

PAPER = [24] + 4 * [16] + 8 * [8], [1, 2] + 4 * [4] + 3 * [6] + [6] + 3 * [8]
# the paper's layers with pooling by 2 behind the first, the sixth and the eleventh
paper = [[], [], []]
for i, (k, d) in enumerate(zip(*PAPER, strict=True)):
    for values, value in zip(paper, (k, d, 1), strict=True):
        values.append(value)
    if i in (0, 5, 10):
        for values, value in zip(paper, (2, 1, 2), strict=True):
            values.append(value)
ours = [16] + 7 * [3], [1] + [2**i for i in range(7)], [4] + 7 * [1]
undilated = [16] + 7 * [3], 8 * [1], [4] + 7 * [1]
assert [field(*layers) for layers in (ours, undilated)] == [1032, 72]
fields = [ours, undilated, paper, ([3, 2], [1, 2], [1, 1]), ([5, 4, 3], [2, 3, 1], [3, 2, 2]), ([], [], [])]
for kernels, dilations, strides in fields:
    value = torch.tensor([field(kernels, dilations, strides)], dtype=torch.float64)
    exact("receptiveField", {}, "field", value, kernelSizes=kernels, dilations=dilations, strides=strides)
print("receptive fields", [field(*layers) for layers in fields])

for N, i, L, o, k, d in [
    (3, 4, 19, 5, 3, 1), (2, 3, 23, 4, 3, 4), (1, 1, 9, 1, 1, 1), (2, 2, 17, 3, 3, 8), (2, 2, 5, 3, 3, 8),
    (2, 3, 20, 2, 2, 3), (2, 3, 20, 2, 4, 2),
]:  # fmt: skip
    for causal in (False, True):
        sizes = {"inChannels": i, "outChannels": o, "kernelSize": k, "dilation": d, "isCausal": int(causal)}
        record(
            "DilatedConvolution", sizes, lambda x, p, t: [convolution(x[0], p["W"], d, causal)],  # noqa: B023
            [("input", [N, i, L])], ["outputs"], convolution_state(i, o, k))  # fmt: skip

# (samples, channels, steps): six numbers for each channel, where n − 1 shows, and one
for shape in ([2, 4, 3], [5, 3, 4]):
    for how in [{"training": True}, {}, {"batches": [shape, [1, shape[1], 5]]},
                {"training": True, "batches": [shape, [3, shape[1], 2]]}]:  # fmt: skip
        record(
            "BatchNormalisation", {"channels": shape[1]}, lambda x, p, t: [norm(x[0], p, "", t)],
            [("input", shape)], ["outputs"], norm_state(shape[1]), **how)  # fmt: skip
record(
    "BatchNormalisation", {"channels": 2}, lambda x, p, t: [norm(x[0], p, "", t)], [("input", [1, 2, 1])],
    ["outputs"], norm_state(2))  # fmt: skip

for shape, d in [([2, 3, 11], 2), ([1, 4, 7], 4)]:
    for training in (True, False):
        record(
            "ResidualBlock", {"channels": shape[1], "dilation": d}, lambda x, p, t: [block(x[0], p, d, t)],  # noqa: B023
            [("input", shape)], ["outputs"], block_state(shape[1]), training=training)  # fmt: skip

for N, K, T, classes in [(3, 4, 7, 3), (1, 1, 1, 2)]:
    sizes, state, shapes = {"channels": K, "classes": classes}, head_state(K, classes), [("f", [N, K, T])]
    chosen = [(2 * n + 1) % classes for n in range(N)]
    record("ClassActivation", sizes, lambda x, p, t: [logits(x[0], p["w"])], shapes, ["logits"], state)
    record("ClassActivationMaps", sizes, lambda x, p, t: [maps(x[0], p["w"])], shapes, ["maps"], state)
    record(
        "ClassActivationMap", sizes, lambda x, p, t: [maps(x[0], p["w"])[range(len(chosen)), chosen]],  # noqa: B023
        shapes, ["map"], state, integers={"classes": chosen})  # fmt: skip

for T, n in [(5, 20), (5, 13), (1, 8), (8, 8), (12, 5), (75, 300)]:
    record(
        "interpolated", {"places": n}, lambda x, p, t: [interpolated(x[0], n)],  # noqa: B023
        [("M", [1, 2, T])], ["map"])  # fmt: skip

for N, L, C, B, classes in [(2, 64, 3, 3, 3), (3, 90, 4, 2, 5)]:
    sizes, state, shapes = {"channels": C, "blocks": B, "classes": classes}, network_state(C, B, classes), [
        ("input", [N, L, 1])]  # fmt: skip
    for how in [{}, {"training": True}, {"batches": [[2, 72, 1]]}]:
        record(
            "DilatedNet", sizes, lambda x, p, t: [logits(features(x[0], p, B, t), p["head.w"])],  # noqa: B023
            shapes, ["logits"], state, **how)  # fmt: skip
    record(
        "DilatedMaps", sizes, lambda x, p, t: [maps(features(x[0], p, B, t), p["head.w"])],  # noqa: B023
        shapes, ["maps"], state)  # fmt: skip

whole = network_state(24, 7, 3)
assert [sum(math.prod(entry[1]) for entry in part) for part in whole] == [12936, 384]

listing = {"source": "Tests/Reference/attention_maps.py, float64, numbers by formula", "cases": calls.cases}
print(f"numbers by the formula of noise.py, streams {calls.first} to {next(calls.streams) - 1}")
folder = "CourseTests/Fixtures/attention-maps"
sys.exit(finish(__doc__, {f"{folder}.safetensors": calls.arrays, f"{folder}.json": listing}))
