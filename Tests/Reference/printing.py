#!/usr/bin/env python3
"""What NumPy prints for float32 arrays, `str(array)` with the default options.

Run `python Tests/Reference/printing.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/printing.json (needs torch and numpy). Elements are stored as the
bits of their 32-bit floats, since JSON has neither NaN nor infinities; random ones follow the
formula in reference.py.
"""

import sys

import numpy as np

from noise import noise
from reference import finish

cases = []


def case(name, values, shape=None):
    array = np.asarray(values, dtype=np.float32)
    if shape is not None:
        array = array.reshape(shape)
    assert not any(entry["name"] == name for entry in cases), name
    bits = array.ravel().view(np.uint32).tolist()
    entry = {"name": name, "shape": list(array.shape), "bits": bits, "text": str(array)}
    cases.append(entry)


def random(count, stream, scale=1.0, offset=0.0):
    return noise(count, stream) * scale + offset


def spread(count, stream, lowest, highest):
    """Numbers of both signs, whose exponents are spread evenly."""
    exponents = lowest + (highest - lowest) * (noise(count, stream) + 1) / 2
    return np.sign(noise(count, stream + 1000)) * 10.0**exponents


nan, inf = float("nan"), float("inf")
for value in (0, -0.0, 1, -2.5, 0.1, 1e-4, 9.9e-5, 1e-45, 123456.789, 1e8, 16777216, 1e15, 1e16,
              3.4028235e38, nan, inf, -inf, 1 / 3):  # fmt: skip
    case(f"scalar {value}", value)
    case(f"one {value}", [value])
    case(f"with one {value}", [value, 1])
case("none", [])
case("no rows", [], [0, 3])
case("no columns", [], [2, 0])
case("column", [1, 2.5, -3], [3, 1])
case("row", [1, 2.5, -3], [1, 3])
case("deep", [1.5], [1, 1, 1, 1])
case("zeros", np.zeros(3))
case("signed zeros", [0, -0.0, 1.5])
case("integers", np.arange(6) - 3, [2, 3])
case("wide integers", [1, -1000, 99999999, 12])
case("widest integers", [1, 100000000])
case("nan", [nan, 1, -2.25])
case("nan only", [nan, nan])
case("infinities", [inf, -inf, 0.5, nan], [2, 2])
case("infinity only", [-inf])
case("inf with long", [inf, 0.12345678, -123.5])
case("nan in powers", [nan, 1e-10, -inf, 3e20])
case("ratio at 1000", [1, 1000])
case("ratio above 1000", [1, 1000.5])
case("small at 1e-4", [1e-4, 1e-3])
case("small below 1e-4", [9.99e-5, 1e-3])
case("rounds up to fewer digits", [0.00099999993])
case("rounds up among others", [0.00099999993, 0.5])
case("rounds up to one", [0.99999994, 0.099999994])
case("tiny", [1e-45, 1e-38, 1.1754944e-38])
case("huge", [3.4028235e38, 1e38])
case("zero in powers", [0, -0.0, 1e-20])
case("powers in rows", spread(12, 90, -30, 30), [3, 4])
for count in (5, 6, 7, 8, 9, 18, 19, 20, 25):
    case(f"{count} long numbers", random(count, 91))
    case(f"{count} quarters", np.round(random(count, 92, 40)) / 4)
for count in (17, 18, 19, 23, 24, 25, 26, 37, 38, 60):
    case(f"{count} integers", np.arange(count))
    case(f"{count} digits", np.arange(count) % 10)
    case(f"2 rows of {count} digits", np.arange(2 * count) % 10, [2, count])
    case(f"matrices with {count} digits", np.arange(2 * count) % 10, [2, 1, count])
case("trailing points", [1.25, 1, 2] * 10)
case("matrix", random(12, 93), [3, 4])
case("wide matrix", random(24, 94, 3), [2, 12])
case("cube", random(24, 95, 3), [2, 3, 4])
case("four axes", random(16, 96), [2, 2, 2, 2])
for stream, scale in enumerate((1e-3, 2e-3, 1e-2, 1e-1, 1, 10, 1e3, 1e5, 1e7), 100):
    case(f"random up to {scale}", random(24, stream, scale, 1.2 * scale))
    case(f"few random up to {scale}", random(3, stream + 50, scale, 1.2 * scale))
for stream in range(200, 230):
    case(f"cut {stream}", spread(6, stream, -3.9, -1.1))
case("1000", np.arange(1000) / 8, [20, 50])
case("1001", np.arange(1001))
case("shortened matrix", random(1200, 97), [40, 30])
case("shortened rows", np.arange(1200), [300, 4])
case("shortened columns", np.arange(1206) / 4, [6, 201])
case("shortened cube", random(1176, 98, 100), [7, 8, 21])
case("long ends", np.r_[np.arange(3) / 3, np.zeros(1000) + 1e9, 5.25])
listing = {"source": "Tests/Reference/printing.py", "cases": cases}
sys.exit(finish(__doc__, {"TensorCoreTests/Fixtures/printing.json": listing}))
