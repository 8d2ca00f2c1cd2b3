"""Writes the fixture of the Parzen estimator's tests with Optuna.

    python3 Tests/Reference/parzen.py           write Tests/SearchTests/Fixtures/parzen.json
    python3 Tests/Reference/parzen.py --check   compare the file with what would be written

Written with Python 3.11, NumPy 2.4, SciPy 1.17 and Optuna 5.0.0, seed 1: `_ParzenEstimator` with a prior of weight 1,
`consider_endpoints=True` and equal weights, of numbers on an interval or, where `log`, of the exponentials of numbers
whose bounds are logarithms. Where Optuna is not there, the same is computed from the formula by SciPy alone.
"""

import json
import math
import pathlib
import sys

import numpy as np
from scipy.special import ndtr

PATH = pathlib.Path(__file__).resolve().parents[1] / "SearchTests/Fixtures/parzen.json"


def formula(z, low, high, places):
    z = np.asarray(z, float)
    edges = np.concatenate([[low], np.sort(z), [high]])
    gaps = np.maximum(edges[1:-1] - edges[:-2], edges[2:] - edges[1:-1])
    sigma = np.empty(len(z))
    sigma[np.argsort(z, kind="stable")] = np.clip(gaps, (high - low) / min(100, len(z) + 2), high - low)
    mu, sigma = np.append(z, (low + high) / 2), np.append(sigma, high - low)
    mass = ndtr((high - mu) / sigma) - ndtr((low - mu) / sigma)
    u = (np.asarray(places)[:, None] - mu) / sigma
    t = -u * u / 2 - np.log(sigma * math.sqrt(2 * math.pi) * mass * len(mu))
    top = t.max(1)
    return top + np.log(np.exp(t - top[:, None]).sum(1))


def optuna(z, low, high, places, log):
    try:
        from optuna.distributions import FloatDistribution
        from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
    except ImportError:
        return formula(z, low, high, places)
    settings = _ParzenEstimatorParameters(1.0, True, True, np.ones, True)
    change = np.exp if log else np.asarray
    a, b = (math.exp(low), math.exp(high)) if log else (low, high)
    estimator = _ParzenEstimator(
        {"x": np.clip(change(np.asarray(z, float)), a, b)}, {"x": FloatDistribution(a, b, log=log)}, settings)
    return estimator.log_pdf({"x": np.clip(change(np.asarray(places)), a, b)})


def cases():
    rng = np.random.default_rng(1)
    sets = [(-9, -2, True, z) for z in ([-3, -8.5, -4.2, -4.1, -7.9], [-5, -5, -5.001], [-8.9], [-2.2, -6], [])]
    sets += [(0, 0.99, False, rng.uniform(0, 0.99, n).tolist()) for n in (1, 7, 30, 120)]
    for low, high, log, z in sets:
        places = np.linspace(low, high, 60)
        yield {"low": low, "high": high, "numbers": z, "places": places.tolist(),
               "logDensities": np.asarray(optuna(z, low, high, places, log)).tolist()}


def close(a, b):
    return len(a) == len(b) and all(np.allclose(x[k], y[k], rtol=0, atol=1e-11) for x, y in zip(a, b) for k in x)


if __name__ == "__main__":
    made = list(cases())
    if sys.argv[1:] == ["--check"]:
        agrees = close(json.loads(PATH.read_text()), made)
        source = "Optuna" if "optuna" in sys.modules else "the formula"
        print(f"{PATH.name}: {'agrees' if agrees else 'differs'} with {source}")
        sys.exit(0 if agrees else 1)
    PATH.write_text(json.dumps(made) + "\n")
