#!/usr/bin/env python3
"""Reference values of the unit ModelSelection, by the libraries that it follows.

Run `python Tests/Reference/model_selection.py` to write, with `--check` to compare:
Tests/CourseTests/Fixtures/model-selection.safetensors and .json (needs numpy, torch, pywavelets, scikit-learn, optuna).
There is no random generator: inputs follow the formula in noise.py, by streams from FIRST on, and are stored.

    waveletFeatures        pywt.cwt(x, [1, 2, 3, 4], "mexh"); the beat of 300 values too
    macroAUROC             sklearn.metrics.roc_auc_score(multi_class="ovr", average="macro"); where classes are absent, the
                           mean of the binary ones
    evaluation             sklearn.metrics.confusion_matrix(normalize="true"), accuracy_score, balanced_accuracy_score
    parzenWidths,          optuna's _ParzenEstimator with consider_endpoints and the prior, of its own internals: centres,
    parzenDensity          widths and log densities
    StackedLinearModel     torch.nn in float64: logits, and gradients of sum(logits * upstream)

For each case the listing says subject and settings. Stored are `CASE/in/NAME`, `CASE/out/NAME`, of the network also
`CASE/grad/NAME`.
"""

import sys
import warnings

import numpy as np
import optuna
import pywt
import torch
from optuna.distributions import FloatDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from sklearn import metrics

from reference import finish, float32, tensor, upstream

FIRST = 9000
arrays, cases = {}, []
streams = iter(range(FIRST, FIRST + 10000))


def noise(shape, scale=1.0, offset=0.0):
    """float64 numbers of float32 values."""
    return tensor(shape, next(streams), scale, offset).numpy()


def labels(count, classes, absent=()):
    present = [c for c in range(classes) if c not in absent]
    return np.array([present[int(v)] for v in noise([count], len(present) / 2, len(present) / 2 - 1e-3)])


def record(subject, inputs, results, settings=None):
    name = f"{subject}-{sum(entry['subject'] == subject for entry in cases)}"
    for key, value in inputs.items():
        value = np.asarray(value)
        arrays[f"{name}/in/{key}"] = value.astype(np.int32 if value.dtype.kind == "i" else np.float32)
    for key, value in results.items():
        arrays[f"{name}/out/{key}"] = np.asarray(value, dtype=np.float32)
    cases.append({"name": name, "subject": subject, "settings": settings or {}})
    return name


# MARK: - Wavelets

for count, length in [(2, 187), (1, 64), (1, 300), (2, 9)]:
    x = noise([count, length], 0.5, 0.5)
    W, _ = pywt.cwt(x, np.arange(1, 5), "mexh", axis=-1)
    record("waveletFeatures", {"beats": x}, {"features": W.transpose(1, 0, 2).reshape(count, -1)})

# MARK: - Figures


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


for count, classes, absent in [(60, 3, ()), (80, 5, ()), (40, 5, (2,)), (30, 4, (0, 3))]:
    y = labels(count, classes, absent)
    z = noise([count, classes], 2) + 1.2 * np.eye(classes)[y] + noise([count, 1], 3)
    z = z.astype(np.float32).astype(np.float64)
    P = softmax(z)
    if absent:
        areas = [metrics.roc_auc_score(y == c, P[:, c]) for c in range(classes) if c not in absent]
        area = np.mean(areas)
    else:
        area = metrics.roc_auc_score(y, P, multi_class="ovr", average="macro")
    record("macroAUROC", {"logits": z, "labels": y}, {"score": area, "isDefined": [1]})
    taken = z.argmax(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes without beats
        matrix = metrics.confusion_matrix(y, taken, labels=range(classes), normalize="true")
        figures = {"matrix": matrix, "recalls": matrix.diagonal(), "accuracy": metrics.accuracy_score(y, taken),
                   "meanRecall": metrics.balanced_accuracy_score(y, taken)}  # fmt: skip
    record("evaluation", {"logits": z, "labels": y}, figures)

# MARK: - Parzen estimator

how = _ParzenEstimatorParameters(
    prior_weight=1.0, consider_magic_clip=True, consider_endpoints=True, weights=np.ones, multivariate=True,
    categorical_distance_func={}) if "categorical_distance_func" in _ParzenEstimatorParameters._fields else (
    _ParzenEstimatorParameters(1.0, True, True, np.ones, True))  # fmt: skip
values = [[-3, -8.5, -4.2, -4.1, -7.9], [-5, -5, -5.001], [-8.9], [-2.2, -6], [], noise([30], 3.5, -5.5),
          noise([130], 3.5, -5.5)]  # fmt: skip
for z in values:
    z = np.asarray(z, np.float32).astype(np.float64)
    estimator = _ParzenEstimator({"x": z}, {"x": FloatDistribution(-9, -2)}, how)
    parts = estimator._mixture_distribution.distributions[0]
    inputs = {"values": z, "bounds": np.array([-9.0, -2.0])}
    record("parzenWidths", inputs, {"centres": parts.mu, "widths": parts.sigma})
    places = np.linspace(-9, -2, 29)
    record("parzenDensity", {**inputs, "places": places},
           {"logDensity": estimator.log_pdf({"x": places.astype(np.float32).astype(np.float64)})})  # fmt: skip

# MARK: - Network

for inputs, width, layers in [(12, 8, 2), (7, 5, 1), (3, 4, 4), (1, 1, 1)]:
    parts = [torch.nn.Linear(inputs, width), torch.nn.LeakyReLU()]
    for _ in range(layers):
        parts += [torch.nn.Linear(width, width), torch.nn.LeakyReLU(), torch.nn.Dropout(0.5)]
    network = torch.nn.Sequential(*parts, torch.nn.Linear(width, 5)).double().eval()
    given = {}
    # Linear of the course is [in, out]
    for name, parameter in network.named_parameters():
        shape = list(parameter.shape)[::-1]
        value = tensor(shape, next(streams), 1.5 / max(shape[0], 1) ** 0.5 if len(shape) == 2 else 0.5)
        given[f"parameter:layers.layers.{name}"] = value.numpy()
        parameter.data = value.T.clone() if len(shape) == 2 else value.clone()
    X = torch.tensor(noise([5, inputs])).requires_grad_()
    logits = network(X)
    name = record("StackedLinearModel", {**given, "input": X.detach().numpy()}, {"logits": logits.detach().numpy()},
                  {"inputSize": inputs, "width": width, "hiddenLayers": layers})  # fmt: skip
    (logits * upstream(list(logits.shape))).sum().backward()
    arrays[f"{name}/grad/input"] = float32(X.grad)
    for key, parameter in network.named_parameters():
        arrays[f"{name}/grad/parameter:layers.layers.{key}"] = float32(parameter.grad.T if parameter.dim() == 2 else parameter.grad)

print(f"PyWavelets {pywt.__version__}, Optuna {optuna.__version__}, PyTorch {torch.__version__}")
print(f"numbers by the formula of noise.py, streams {FIRST} to {next(streams) - 1}")
listing = {"source": "Tests/Reference/model_selection.py, float64, numbers by formula", "cases": cases}
folder = "CourseTests/Fixtures/model-selection"
sys.exit(finish(__doc__, {f"{folder}.safetensors": arrays, f"{folder}.json": listing}))
