#!/usr/bin/env python3
"""Files as numpy.save writes them.

Run `python Tests/Reference/numpy_files.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/numpy_files.json (needs torch and numpy): the file's bytes (base64),
and the shape and the elements as 32-bit floats in row-major order.
"""

import base64
import io
import sys

import numpy as np
from numpy.lib import format as npy

from reference import finish

cases = []


def case(name, array, version=None):
    file = io.BytesIO()
    if version is None:
        np.save(file, array)
    else:
        npy.write_array(file, array, version)
    cases.append(
        {
            "name": name,
            "type": array.dtype.str,
            "isOurs": array.dtype.str == "<f4" and version is None and array.flags.c_contiguous,
            "file": base64.b64encode(file.getvalue()).decode(),
            "shape": list(array.shape),
            "values": array.astype(np.float32).ravel().tolist(),
        }
    )


for kind in ("f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8", "u1", "i1", "b1"):
    lowest = 0 if kind[0] in "ub" else -2
    case(kind, (np.arange(6) * 3 % 7 + lowest).reshape(2, 3).astype(kind))
case("f8 rounded", np.array([0.1, 1 / 3, -1e-3]))
for shape in ([], [1], [0], [5], [0, 3], [2, 0], [2, 3, 4], [1, 1, 1, 1], [1000], [2] * 7):
    case(f"shape {shape}", (np.arange(np.prod(shape)) / 4 - 1).reshape(shape).astype("f4"))
# Every length of the header modulo 64, by threes.
for axes in range(8, 30):
    case(f"{axes} axes", np.zeros([1] * axes, dtype="f4"))
for kind in ("f4", "f8"):
    values = (np.arange(6) / 4).reshape(2, 3).astype(kind)
    case(f"columns first {kind}", np.asfortranarray(values))
case("columns first, three axes", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
case("version 2", np.arange(3, dtype="f4"), (2, 0))
case("version 3", np.arange(3, dtype="f4"), (3, 0))
listing = {"source": "Tests/Reference/numpy_files.py", "cases": cases}
sys.exit(finish(__doc__, {"TensorCoreTests/Fixtures/numpy_files.json": listing}))
