"""Writes the MATLAB fixtures of RecordingsTests with SciPy: files a recording may come in, files that are
MATLAB files but no recordings, and what SciPy makes of damaged ones.

    python3 Tests/Reference/matlab.py [--check]

Damage, in this order, for each file of DAMAGED: each byte xor 0x01, 0x80 and 0xFF; each length it can be cut
to; 0x00 and 0x41 inserted at each place, the end among them. A letter of the verdict for each: "-" where
SciPy refuses the file or finds no row or column `val` of real numbers in it, "=" where it reads the numbers
of the whole file, "d" where it reads others, which follow in the list.
"""

import io
import json
import math
import os
import pathlib
import sys
import warnings

import numpy as np
from scipy.io import loadmat, savemat

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures/matlab"
VERDICTS = FOLDER / "damaged.json"
ROW = np.array([[-32768, -3, 0, 7, 1000, 32767]], np.int16)
FILES = [
    ("level4", {"val": ROW}, {"format": "4"}),
    ("level4-double", {"val": ROW.astype(float)}, {"format": "4"}),
    ("level5", {"val": ROW}, {}),
    ("level5-compressed", {"val": ROW}, {"do_compression": True}),
    ("level5-column", {"val": ROW.T}, {}),
    ("level5-int64", {"val": ROW.astype(np.int64)}, {}),
    ("level5-double", {"val": ROW.astype(float)}, {"do_compression": True}),
    ("level5-others", {"a": "text", "val": ROW, "z": {"s": 1}}, {"do_compression": True}),
    ("level4-others", {"a": "text", "val": ROW, "z": 1.5}, {"format": "4"}),
    ("other-name", {"x": ROW}, {"format": "4"}),
    ("other-name-level5", {"x": ROW}, {}),
    ("matrix", {"val": np.zeros((2, 3), np.int16)}, {}),
    ("fraction", {"val": ROW + 0.5}, {}),
    ("too-large", {"val": ROW.astype(np.int32) * 2}, {}),
    ("text", {"val": "abc"}, {}),
    ("complex", {"val": ROW * 1j}, {}),
    ("empty", {"val": np.zeros((1, 0), np.int16)}, {}),
]
DAMAGED = [
    "level4", "level4-double", "level4-others", "level5", "level5-compressed", "level5-column",
    "level5-int64", "level5-double", "level5-others",
]


def damaged(whole):
    for mask in (0x01, 0x80, 0xFF):
        for place in range(len(whole)):
            yield whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :]
    for length in range(len(whole)):
        yield whole[:length]
    for byte in (0x00, 0x41):
        for place in range(len(whole) + 1):
            yield whole[:place] + bytes([byte]) + whole[place:]


def numbers(contents):
    """What SciPy reads as `val`; None where it refuses the file or that is no row of real numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            val = loadmat(io.BytesIO(contents)).get("val")
        except Exception:
            return None
    if not isinstance(val, np.ndarray) or val.dtype.kind not in "iuf" or val.ndim != 2:
        return None
    if 1 not in val.shape or val.size == 0:
        return None
    # JSON has no infinity and no NaN, and nothing else is as large as these
    return [v if math.isfinite(v) else 1e300 for v in val.ravel().tolist()]


def all_numbers(files):
    """`numbers` of each, in a process of their own: SciPy dies of some, which then counts as refusing."""
    results = []
    while len(results) < len(files):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            with os.fdopen(writing, "w") as pipe:
                for contents in files[len(results) :]:
                    print(json.dumps(numbers(contents)), file=pipe, flush=True)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            results += [json.loads(line) for line in pipe]
        if os.waitpid(child, 0)[1] != 0:
            results.append(None)
    return results


def verdicts():
    result = {}
    for name in DAMAGED:
        whole = (FOLDER / f"{name}.mat").read_bytes()
        letters, others = "", []
        for found in all_numbers(list(damaged(whole))):
            if found is None:
                letters += "-"
            elif found == ROW.ravel().tolist():
                letters += "="
            else:
                letters += "d"
                # where one is no sample, the others do not matter
                isRow = all(abs(v) <= 40000 and v == int(v) for v in found)
                others.append(found if isRow else [0.5])
        result[name] = {"verdict": letters, "others": others}
    return json.dumps(result, separators=(",", ":"))


if __name__ == "__main__":
    if "--check" in sys.argv:
        for name, contents, options in FILES:
            bytes_ = io.BytesIO()
            savemat(bytes_, contents, **options)
            stored = loadmat(FOLDER / f"{name}.mat")
            for key, value in loadmat(bytes_).items():
                if not key.startswith("__") and not np.array_equal(value, stored[key]):
                    sys.exit(f"{name}.mat is not what SciPy writes")
        if VERDICTS.read_text() != verdicts():
            sys.exit(f"{VERDICTS.name} is not what SciPy says")
        print("matlab: the fixtures are what SciPy writes and says")
    else:
        FOLDER.mkdir(exist_ok=True)
        for name, contents, options in FILES:
            # level 5 has a date in it: what is there stays
            if not (FOLDER / f"{name}.mat").exists():
                savemat(FOLDER / f"{name}.mat", contents, **options)
        VERDICTS.write_text(verdicts())
