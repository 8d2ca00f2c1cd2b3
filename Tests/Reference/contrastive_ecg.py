#!/usr/bin/env python3
"""Reference values, gradients and buffers of the unit ContrastiveECG, by PyTorch in float64 and scikit-learn.

Run `python Tests/Reference/contrastive_ecg.py` to write, with `--check` to compare:
Tests/CourseTests/Fixtures/contrastive-ecg.safetensors and .json, and contrastive-ecg-lists.json (needs torch, numpy and
scikit-learn). There is no random generator: numbers follow the formula in noise.py, by streams from 12000 on.

    squaredDistances        by hand, held against torch.cdist squared
    tripletLoss             torch.nn.TripletMarginWithDistanceLoss with squared distances
    ECGEncoder,             torch.nn: Conv1d, BatchNorm1d, ReLU, MaxPool1d, Linear; in both modes, with the buffers
    ContrastiveModel
    normalised              torch.nn.functional.normalize
    contrastiveLoss         the mean of two torch.nn.functional.cross_entropy, k clamped
    classVectors, scores    torch.nn.functional.normalize, products
    hardestNegatives, ...   masks and minima of numpy, beside a loop
    rankings                sklearn.metrics.roc_auc_score, average_precision_score

The first file is as that of attention_maps.py: for each case subject, sizes, mode, and of each input, batch and parameter shape,
stream, scale and offset. In the second one inputs and results stand as they are.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F
from sklearn import metrics

from reference import Calls, finish, tensor

calls = Calls(12000)
record, lists = calls.record, []


def close(actual, expected):
    assert torch.allclose(actual, expected, rtol=1e-11, atol=1e-11)
    return actual


# MARK: - Distances and triplets


def distances(a, b):
    return close(((a[:, None] - b[None]) ** 2).sum(2), torch.cdist(a, b) ** 2)


def square(a, b):
    return ((a - b) ** 2).sum(1)


for N, M, D in [(4, 3, 5), (1, 1, 1), (2, 5, 1), (6, 6, 8)]:
    record("squaredDistances", {}, lambda x, p, t: [distances(*x)], [("A", [N, D], 2, 0), ("B", [M, D], 2, 0.5)], ["distances"])  # fmt: skip
for N, D, eighths in [(6, 5, 4), (1, 3, 8), (5, 4, 1), (8, 2, 2)]:
    triplet = torch.nn.TripletMarginWithDistanceLoss(distance_function=square, margin=eighths / 8)
    rows = [("anchor", [N, D], 1.5, 0), ("positive", [N, D], 1.5, 0), ("negative", [N, D], 1.5, 0.2)]
    record("tripletLoss", {"marginInEighths": eighths}, lambda x, p, t: [triplet(*x)], rows, ["loss"])  # noqa: B023

# MARK: - Towers

BLOCKS = [(32, 7, 4), (64, 5, 4), (128, 3, 2), (256, 3, 2)]


def encoder_state(leads, name=""):
    parameters, buffers, inputs = [], [], leads
    for i, (width, kernel, _) in enumerate(BLOCKS, 1):
        scale = round((inputs * kernel) ** -0.5, 4) * 1.7
        parameters += [(f"{name}conv{i}.weight", [width, inputs, kernel], scale, 0), (f"{name}conv{i}.bias", [width], 0.5, 0),
                       (f"{name}norm{i}.weight", [width], 0.4, 1), (f"{name}norm{i}.bias", [width], 0.5, 0)]  # fmt: skip
        buffers += [(f"{name}norm{i}.runningMean", [width], 1, 0), (f"{name}norm{i}.runningVariance", [width], 1.5, 2)]
        inputs = width
    return parameters, buffers


def features(x, p, training, name=""):
    """By torch.nn's modules, with the parameters p, whose buffers move while training."""
    inputs = x.shape[1]
    for i, (width, kernel, window) in enumerate(BLOCKS, 1):
        key = f"{name}norm{i}."
        conv, norm = torch.nn.Conv1d(inputs, width, kernel, padding=kernel // 2).double(), torch.nn.BatchNorm1d(width).double()
        norm.train(training)
        x = torch.func.functional_call(conv, {k: p[f"{name}conv{i}.{k}"] for k in ("weight", "bias")}, (x,))
        state = {"weight": p[key + "weight"], "bias": p[key + "bias"], "running_mean": p[key + "runningMean"].clone(),
                 "running_var": p[key + "runningVariance"].clone(), "num_batches_tracked": torch.tensor(0)}  # fmt: skip
        x = F.max_pool1d(torch.relu(torch.func.functional_call(norm, state, (x,))), window)
        p[key + "runningMean"], p[key + "runningVariance"] = state["running_mean"].detach(), state["running_var"].detach()
        inputs = width
    return x.flatten(1)


def embeddings(x, p, training):
    # the scale is the loss's: no gradient reaches it
    return F.normalize(features(x, p, training, "encoder.") @ p["projection.weight"] + p["projection.bias"], dim=1)


for N, leads, L, training, batches in [
    (2, 1, 64, False, ()), (3, 2, 100, False, ()), (1, 5, 333, False, ()), (2, 12, 1000, False, ()),
    (2, 1, 64, True, ()), (3, 2, 100, True, ([2, 2, 100],)), (1, 5, 333, True, ()), (3, 2, 100, False, ([2, 2, 100],)),
]:  # fmt: skip
    record("ECGEncoder", {"leadCount": leads, "sampleCount": L}, lambda x, p, t: [features(x[0], p, t)],
           [("input", [N, leads, L], 1.5, 0)], ["features"], encoder_state(leads), training, batches)  # fmt: skip
for N, D in [(4, 5), (1, 3), (6, 2), (3, 16)]:
    record("normalised", {}, lambda x, p, t: [F.normalize(x[0], dim=1)], [("x", [N, D], 3, 0.5)], ["rows"])
for N, leads, L, text, training in [(3, 2, 64, 6, False), (2, 3, 100, 48, False), (4, 2, 64, 5, True)]:
    parameters, buffers = encoder_state(leads, "encoder.")
    width = 256 * (L // 64)
    # in the order of declaration: parameters, then buffers
    parameters += [("projection.weight", [width, text], round(width**-0.5, 4) * 1.7, 0), ("projection.bias", [text], 0.1, 0),
                   ("logScale", [], 0.5, 2)]  # fmt: skip
    record("ContrastiveModel", {"leadCount": leads, "sampleCount": L, "textSize": text}, lambda x, p, t: [embeddings(x[0], p, t)],
           [("input", [N, leads, L], 1.5, 0)], ["embeddings"], (parameters, buffers), training)  # fmt: skip

# MARK: - The loss


def contrastive(z, t, k):
    S = k.clamp(max=float(np.log(100))).exp() * z @ t.T
    y = torch.arange(len(z))
    L = (F.cross_entropy(S, y) + F.cross_entropy(S.T, y)) / 2
    by_hand = -(S.log_softmax(1).diagonal() + S.log_softmax(0).diagonal()).mean() / 2
    return close(L, by_hand)


for N, D, k in [(5, 3, 0), (1, 3, 1), (2, 3, 0.5), (7, 8, 2.6593), (4, 6, 5.1), (6, 2, -0.5)]:
    record("contrastiveLoss", {}, lambda x, p, t: [contrastive(*x)],
           [("Z", [N, D], 1, 0.1), ("T", [N, D], 1, -0.1), ("k", [], 0, k)], ["loss"])  # fmt: skip

# MARK: - Classes


def class_vectors(prompts, counts):
    means = [F.normalize(own, dim=1).mean(0) for own in prompts.split(counts)]
    return F.normalize(torch.stack(means), dim=1)


for N, K, D in [(5, 4, 6), (1, 3, 2), (3, 1, 8)]:
    record("scores", {}, lambda x, p, t: [x[0] @ x[1].T], [("Z", [N, D], 1, 0), ("C", [K, D], 1, 0)], ["scores"])
for counts, D in [([1, 3, 5, 2], 6), ([1], 4), ([2, 2], 3)]:
    record("classVectors", {}, lambda x, p, t: [class_vectors(x[0], counts)],  # noqa: B023
           [("prompts", [sum(counts), D], 4, 0.3)], ["vectors"], integers={"counts": counts})  # fmt: skip

# MARK: - Lists


def grid(count, levels, step=0.125, offset=0.0):
    """Multiples of a step, which floats hold exactly."""
    u = (tensor([count], next(calls.streams)).numpy() + 1) / 2
    return np.floor(u * levels * (1 - 1e-9)) * step + offset


def mined(D, captions, margin):
    hard, semi = [], []
    for i, row in enumerate(D):
        others = captions != captions[i]
        hard.append(int(np.where(others, row, np.inf).argmin()))
        between = others & (row > row[i]) & (row < row[i] + margin)
        semi.append(int(np.where(between, row, np.inf).argmin() if between.any() else np.where(others, row, -np.inf).argmax()))
    return hard, semi


def listed(subject, inputs, shape, integers, result, settings=None):
    lists.append({"subject": subject, "settings": settings or {}, "inputs": {k: [float(v) for v in x] for k, x in inputs.items()},
                  "shape": shape, "integers": {k: [int(v) for v in x] for k, x in integers.items()}, "result": result})  # fmt: skip


for N, eighths in [(8, 2), (8, 8), (3, 4), (2, 2), (12, 3)]:
    D = grid(N * N, 24).reshape(N, N)
    captions = (grid(N, 5, 1) + 3).astype(int)
    captions[:2] = [8, 9]
    hard, semi = mined(D, captions, eighths / 8)
    listed("hardestNegatives", {"D": D.ravel()}, [N, N], {"captions": captions}, hard)
    listed("semiHardNegatives", {"D": D.ravel()}, [N, N], {"captions": captions}, semi, {"marginInEighths": eighths})
for N, K in [(12, 4), (5, 1), (1, 3)]:
    s = grid(N * K, 7, 0.25, -0.75).reshape(N, K)
    listed("predictions", {"scores": s.ravel()}, [N, K], {}, s.argmax(1).tolist())
for N, levels in [(40, 5), (25, 40), (12, 3), (6, 1), (2, 9)]:
    s, y = grid(N, levels, 0.125, -0.5), (grid(N, 3, 1) == 0).astype(int)
    y[:2] = [1, 0]
    listed("areaUnderROC", {"scores": s}, [N], {"labels": y}, metrics.roc_auc_score(y, s))
    listed("averagePrecision", {"scores": s}, [N], {"labels": y}, metrics.average_precision_score(y, s))

print(f"PyTorch {torch.__version__}, numbers by the formula of noise.py, streams {calls.first} to {next(calls.streams) - 1}")
source = "Tests/Reference/contrastive_ecg.py, float64, numbers by formula"
folder = "CourseTests/Fixtures/contrastive-ecg"
files = {
    f"{folder}.safetensors": calls.arrays, f"{folder}.json": {"source": source, "cases": calls.cases},
    f"{folder}-lists.json": {"source": source, "cases": lists},
}  # fmt: skip
sys.exit(finish(__doc__, files))
