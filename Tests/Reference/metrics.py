"""Writes the fixture of the metrics' tests with scikit-learn.

    python3 Tests/Reference/metrics.py           write Tests/MetricsTests/Fixtures/metrics.json
    python3 Tests/Reference/metrics.py --check   compare the file with what would be written

Written with Python 3.11, NumPy 2.4.6, scikit-learn 1.9.1, seeds 2017 and, for label sets and numbers,
2018. What scikit-learn leaves
undefined (a class is absent) is null.

The large case is a million examples whose numbers are not in the file but follow a formula: with
`n(i, s)` number i of stream s (noise.py), the label is 1 where n(i, 0) > 0.6, and the
score is the floor of 64 (n(i, 1) + label / 2), by 64: some 300 values, so that nearly all are ties. The
logits of its four classes are the floors of 16 (n(4 i + k, 2) + [k = class] / 2), by 16, where the class
is the floor of 2 n(i, 3) + 2.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.special import softmax
from sklearn import metrics

from noise import noise

PATH = pathlib.Path(__file__).resolve().parents[1] / "MetricsTests/Fixtures/metrics.json"


def binary(name, logits, labels):
    logits = np.asarray(logits, np.float32)
    labels = np.asarray(labels, int)
    both = set(labels) == {0, 1}
    return {
        "name": name, "classes": 2, "logits": logits.tolist(), "labels": labels.tolist(),
        "areaUnderROC": metrics.roc_auc_score(labels, logits) if both else None,
        "averagePrecision": metrics.average_precision_score(labels, logits)
        if 1 in labels else None,
        "crossEntropy": loss(np.c_[np.zeros(len(logits)), logits], labels),
        **table(labels, (logits > 0).astype(int), 2)}


def several(name, logits, labels):
    logits = np.asarray(logits, np.float32)
    labels = np.asarray(labels, int)
    classes = logits.shape[1]
    return {
        "name": name, "classes": classes, "logits": logits.ravel().tolist(),
        "labels": labels.tolist(), "areaUnderROC": None, "averagePrecision": None,
        "classesUnderROC": one_against_the_rest(logits, labels),
        "crossEntropy": loss(logits, labels),
        **table(labels, logits.argmax(1), classes)}


def one_against_the_rest(logits, labels):
    """The mean area over the classes that some have and others have not, by probabilities."""
    probabilities = softmax(logits.astype(float), axis=1)
    return float(np.mean([
        metrics.roc_auc_score(labels == k, probabilities[:, k])
        for k in range(logits.shape[1]) if 0 < (labels == k).mean() < 1]))


def label_sets(name, logits, flags):
    logits = np.asarray(logits, np.float32)
    flags = np.asarray(flags, int)
    both = [k for k in range(flags.shape[1]) if 0 < flags[:, k].mean() < 1]
    probabilities = 1 / (1 + np.exp(-logits.astype(float)))
    return {
        "name": name, "labels": flags.shape[1], "logits": logits.ravel().tolist(),
        "flags": flags.ravel().tolist(),
        "accuracy": 1 - metrics.hamming_loss(flags, logits > 0),
        # by columns: a single one would be taken for two classes
        "meanF1": float(np.mean([
            metrics.f1_score(flags[:, k], logits[:, k] > 0, zero_division=0)
            for k in range(flags.shape[1])])),
        "meanRecall": float(np.mean([
            metrics.recall_score(flags[:, k], logits[:, k] > 0)
            for k in range(flags.shape[1]) if flags[:, k].any()] or [0.0])),
        "areaUnderROC": metrics.roc_auc_score(flags[:, both], logits[:, both], average="macro")
        if both else None,
        "averagePrecision": metrics.average_precision_score(
            flags[:, both], logits[:, both], average="macro") if both else None,
        "crossEntropy": float(np.mean([
            metrics.log_loss(flags[:, k], probabilities[:, k], labels=[0, 1])
            for k in range(flags.shape[1])]))}


def numbers(name, predictions, targets):
    predictions = np.asarray(predictions, np.float32)
    targets = np.asarray(targets, np.float32)
    return {
        "name": name, "width": targets.shape[1], "predictions": predictions.ravel().tolist(),
        "targets": targets.ravel().tolist(),
        "determination": metrics.r2_score(
            targets.astype(float), predictions.astype(float), multioutput="uniform_average"),
        "meanSquaredError": metrics.mean_squared_error(
            targets.astype(float), predictions.astype(float))}


def loss(logits, labels):
    """The mean cross-entropy; of one logit x it is that of the two logits 0 and x."""
    probabilities = softmax(logits.astype(float), axis=1)
    return metrics.log_loss(labels, probabilities, labels=list(range(logits.shape[1])))


def table(labels, predictions, classes):
    names = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predictions, labels=names, zero_division=0)
    return {
        "confusion": metrics.confusion_matrix(labels, predictions, labels=names).tolist(),
        "accuracy": metrics.accuracy_score(labels, predictions),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
        "support": support.tolist(),
        "meanF1": metrics.f1_score(
            labels, predictions, labels=names, average="macro", zero_division=0),
        # over the classes that occur
        "meanRecall": metrics.recall_score(
            labels, predictions, labels=sorted(set(labels)), average="macro", zero_division=0)
        if len(labels) else 0.0,
        "challengeScore": metrics.f1_score(
            labels, predictions, labels=names[:3], average="macro", zero_division=0)
        if classes >= 3 else None}


def large():
    count = 1_000_000
    labels = (noise(count, 0) > 0.6).astype(int)
    scores = np.floor(64 * (noise(count, 1) + labels / 2)) / 64
    four = np.floor(2 * noise(count, 3) + 2).astype(int)
    logits = np.floor(16 * (noise(4 * count, 2).reshape(-1, 4) + np.eye(4)[four] / 2)) / 16
    cases = binary("two classes", scores, labels), several("four classes", logits, four)
    return [{key: value for key, value in case.items() if key not in ("logits", "labels")}
            for case in cases]


def fixture():
    rng = np.random.default_rng(2017)
    labels = rng.integers(0, 2, 200)
    rare = (rng.random(300) < 0.1).astype(int)
    four = rng.choice(4, 240, p=[0.6, 0.1, 0.25, 0.05])
    shifted = rng.standard_normal((240, 4)) + 1.5 * np.eye(4)[four]
    three = rng.integers(0, 3, 90)
    sets = np.random.default_rng(2018)
    flags = (sets.random((120, 5)) < [0.5, 0.3, 0.1, 0.7, 0.05]).astype(int)
    targets = sets.standard_normal((50, 3)) * [1, 10, 0.1] + [0, 5, -2]
    return {"large": large(), "cases": [
        binary("no ties", rng.standard_normal(200) + labels, labels),
        binary("many ties", np.round(rng.standard_normal(200) + labels), labels),
        binary("all scores equal", np.full(50, 0.5), labels[:50]),
        binary("zero is class 0", np.where(labels[:40] == 1, 0.0, -0.0), labels[:40]),
        binary("a rare class", rng.standard_normal(300) + 1.5 * rare, rare),
        binary("perfect", np.where(labels == 1, 3.0, -3.0), labels),
        binary("reversed", np.where(labels == 1, -3.0, 3.0), labels),
        binary("only class 0", rng.standard_normal(30), np.zeros(30)),
        binary("only class 1", rng.standard_normal(30), np.ones(30)),
        binary("one example", [1.0], [1]),
        several("four rhythms", shifted, four),
        several("ties between classes", np.round(shifted), four),
        several("the noisy class is absent", shifted[four < 3], four[four < 3]),
        several("never predicted", np.c_[rng.standard_normal((90, 2)), np.full(90, -9)], three),
    ], "labelSets": [
        label_sets("five labels", sets.standard_normal((120, 5)) + 2 * flags - 1, flags),
        label_sets("ties", np.round(sets.standard_normal((120, 5)) + flags), flags),
        label_sets("labels that all or none have", sets.standard_normal((60, 3)),
                   np.c_[np.zeros(60), np.ones(60), flags[:60, 0]]),
        label_sets("no label to rank", sets.standard_normal((10, 2)),
                   np.c_[np.zeros(10), np.ones(10)]),
        label_sets("one label", sets.standard_normal((40, 1)) + flags[:40, :1], flags[:40, :1]),
    ], "numbers": [
        numbers("three columns", targets + sets.standard_normal((50, 3)), targets),
        numbers("worse than the mean", -targets, targets),
        numbers("one column", 0.5 * targets[:, :1], targets[:, :1]),
    ]}


def close(old, new):
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(close(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return len(old) == len(new) and all(map(close, old, new))
    if isinstance(old, float):
        return isinstance(new, float) and abs(old - new) <= 1e-9
    return old == new


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if not close(json.loads(PATH.read_text()), json.loads(json.dumps(fixture()))):
            sys.exit(f"{PATH.name} is not what scikit-learn gives; run this without --check")
        print(f"{PATH.name} agrees with scikit-learn")
    elif not sys.argv[1:]:
        PATH.write_text(json.dumps(fixture()) + "\n")
    else:
        sys.exit(__doc__)
