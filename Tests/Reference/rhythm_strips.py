#!/usr/bin/env python3
"""Rhythm strips by NumPy, of recordings that SciPy reads.

Run `python Tests/Reference/rhythm_strips.py` to write Tests/RecordingsTests/Fixtures/rhythm-strips.json, with
`--check` to compare it (needs numpy and scipy).

- `cases`: short recordings made here, whole.
- `real`: of some of the Challenge 2017's recordings where the strip lies, a few values, and sums over all of them.

The archive is looked for in RHYTHMLAB_DATA or ../shared/data, at any depth. Without it the real ones stay as they are
in the file. Written with Python 3.11, NumPy 2.4.6, SciPy 1.17.1, seed 2017.
"""

import io
import json
import os
import pathlib
import sys
import zipfile

import numpy as np
from scipy.io import loadmat

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATH = ROOT / "Tests/RecordingsTests/Fixtures/rhythm-strips.json"
# of usual length, shorter, the shortest, the longest, turned and not, lengths of all remainders by 3 and both parities
REAL = ["A00001", "A00002", "A00003", "A00004", "A00005", "A00013", "A00015", "A02699", "A07815", "A08362", "A08528"]


def prepared(samples, length):
    """The strip, where the recording lies in it, and whether it was turned."""
    n = len(samples) // 3
    x = samples[: 3 * n].astype(np.float64).reshape(n, 3).mean(1)
    x = (x - x.mean()) if n else x
    x = x / max(x.std(), 1e-9) if n else x
    turned = bool((x**3).sum() < 0)
    x = np.clip(-x if turned else x, -8, 8).astype(np.float32)[:length]
    rest = length - len(x)
    return np.pad(x, (rest // 2, rest - rest // 2)), [rest // 2, rest // 2 + len(x)], turned


def beats(rng, count):
    time = np.arange(count) / 300
    phase = (time % 0.8) - 0.3
    wave = 900 * np.exp(-0.5 * (phase / 0.012) ** 2) + 200 * np.exp(-0.5 * ((phase - 0.27) / 0.05) ** 2)
    return np.round(wave + 20 * rng.standard_normal(count)).astype(np.int16)


def cases(rng):
    spike = beats(rng, 900)
    spike[400:403] = 32767
    for name, samples, length in [
        ("as long", beats(rng, 300), 100),
        ("longer, one sample left", beats(rng, 361), 100),
        ("shorter by an odd number, two samples left", beats(rng, 281), 100),
        ("shorter by an even number", beats(rng, 240), 100),
        ("upside down", -beats(rng, 300), 100),
        ("at the limit", spike, 300),
        ("at the lower limit, turned", -spike, 300),
        ("full range noise", rng.integers(-32768, 32768, 150).astype(np.int16), 60),
        ("constant", np.full(100, 1234, np.int16), 40),
        ("three samples", np.array([1, 2, 4], np.int16), 5),
        ("two samples", np.array([1, 2], np.int16), 5),
        ("none", np.zeros(0, np.int16), 5),
    ]:
        strip, inside, turned = prepared(samples, length)
        yield {
            "name": name, "samples": samples.tolist(), "length": length, "inside": inside, "turned": turned,
            "values": [float(v) for v in strip],
        }  # fmt: skip


def archive():
    given = pathlib.Path(os.environ.get("RHYTHMLAB_DATA", ROOT.parent / "shared/data"))
    found = [given] if given.is_file() else sorted(given.rglob("training2017.zip"))
    return zipfile.ZipFile(found[0]) if found else None


def real():
    files = archive()
    if files is None:
        return json.loads(PATH.read_text())["real"] if PATH.exists() else []
    rows = []
    for name in REAL:
        samples = loadmat(io.BytesIO(files.read(f"training2017/{name}.mat")))["val"][0]
        strip, inside, turned = prepared(samples, 3000)
        first = inside[0]
        rows.append({
            "name": name, "inside": inside, "turned": turned,
            "first": [float(v) for v in strip[first : first + 4]], "middle": [float(v) for v in strip[1500:1504]],
            "last": [float(v) for v in strip[inside[1] - 4 : inside[1]]],
            "sum": float(strip.sum(dtype=np.float64)), "squares": float((strip.astype(np.float64) ** 2).sum()),
        })  # fmt: skip
    return rows


def text(value):
    lists = [f'  "{key}": [\n    ' + ",\n    ".join(json.dumps(row) for row in rows) + "\n  ]"
             for key, rows in value.items()]  # fmt: skip
    return "{\n" + ",\n".join(lists) + "\n}\n"


def same(old, new):
    """Equal, numbers within a millionth: another processor may add up in another order."""
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return len(old) == len(new) and all(map(same, old, new))
    return abs(old - new) <= 1e-6 * max(1, abs(old)) if isinstance(old, float) else old == new


def main():
    value = {"cases": list(cases(np.random.default_rng(2017))), "real": real()}
    if "--check" not in sys.argv[1:]:
        PATH.write_text(text(value))
        return print(f"{PATH.name}: {PATH.stat().st_size} bytes")
    agrees = PATH.exists() and same(json.loads(PATH.read_text()), json.loads(text(value)))
    print(f"{PATH.name}: {'agrees' if agrees else 'differs'}")
    sys.exit(0 if agrees else 1)


if __name__ == "__main__":
    main()
