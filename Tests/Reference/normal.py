#!/usr/bin/env python3
"""The normal distribution with 50 digits, by mpmath.

Run `python Tests/Reference/normal.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/normal.json (needs mpmath, which comes with torch, and torch).
There is no random generator: arguments are the numbers below, results rounded once to float64.

The quantile is the root of log cumulative(z) = log p by Newton's method from a wide bracket; p is the
exact value of the float64 (1 - 1e-16 is 0.9999999999999999).
"""

import sys

import mpmath
from mpmath import mpf

from reference import finish

mpmath.mp.dps = 50
PLACES = [-37.4, -37, -30.25, -20.0001, -20, -19.9999, -10, -8.3, -5, -3.1, -1.0001, -1, -0.9999, -0.5,
          -1e-3, -1e-17, 0, 1e-300, 1e-10, 0.3, 1, 2.5, 5, 8.2]  # fmt: skip
# where only the logarithms are numbers
FAR = [-1e100, -1e6, -1234.5, -60, -40]
SHARES = [1e-320, 1e-300, 1e-178, 1e-100, 1e-20, 1.3887943864964e-11, 1e-8, 1e-3, 0.0749999, 0.075,
          0.0750001, 0.1, 0.25, 0.4, 0.4999999, 0.5, 0.5000001, 0.6, 0.9249999, 0.9250001, 0.99,
          1 - 1e-8, 1 - 1e-16]  # fmt: skip


def cumulative(z):
    return mpmath.erfc(-z / mpmath.sqrt(2)) / 2


def log_density(z):
    return -z * z / 2 - mpmath.log(2 * mpmath.pi) / 2


def log_cumulative(z):
    if z > 0:
        return mpmath.log1p(-cumulative(-z))
    if z > -1e5:
        return mpmath.log(cumulative(z))
    return log_density(z) - mpmath.log(-z) + mpmath.log1p(-1 / z**2 + 3 / z**4)


def quantile(p):
    if p == 0.5:
        return mpf(0)
    tail = min(p, 1 - p)
    z = mpmath.findroot(lambda z: mpmath.log(cumulative(z)) - mpmath.log(tail), (mpf(-40), mpf(0)),
                        solver="anderson", tol=1e-90, maxsteps=500)  # fmt: skip
    return z if p < 0.5 else -z


def entry(name, function, x):
    return {"name": name, "x": x, "result": float(function(mpf(x)))}


content = {
    "source": "Tests/Reference/normal.py, mpmath with 50 digits",
    "cases": [
        entry("density", lambda z: mpmath.exp(log_density(z)), x) for x in PLACES
    ] + [
        entry("logDensity", log_density, x) for x in FAR + PLACES
    ] + [
        entry("cumulative", cumulative, x) for x in PLACES
    ] + [
        entry("logCumulative", log_cumulative, x) for x in FAR + PLACES
    ] + [
        entry("quantile", quantile, x) for x in SHARES
    ],
}  # fmt: skip
sys.exit(finish(__doc__, {"TensorCoreTests/Fixtures/normal.json": content}))
