#!/usr/bin/env python3
"""Rhythm strips by NumPy, of recordings that SciPy reads.

Run `python Tests/Reference/rhythm_strips.py` to write Tests/RecordingsTests/Fixtures/rhythm-strips.json, with
`--check` to compare it (needs numpy and scipy).

- `cases`: short recordings made here, whole.
- `beats`: strips in 64ths, their R peaks, and premature beats put into them.
- `occlusion`: maps and drops, and what follows from them; `means`: moving means.
- `trials`: both tests of maps on the strips of `beats`, by the network of `answers`.
- `implants`: of the first normal recordings of the validation set that are full and regular, a premature beat each.
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
from scipy.special import softmax
from scipy.stats import spearmanr

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


def peaks(x):
    """R peaks: the largest sample within ± 0.25 s that is above half the 90th percentile of such."""
    top = np.lib.stride_tricks.sliding_window_view(np.pad(x, 25, constant_values=-np.inf), 51).max(1)
    p = np.flatnonzero((x == top) & (x > 0))
    return p[x[p] > 0.5 * np.percentile(x[p], 90)] if len(p) else p


def room(r):
    """The beats that a premature one may follow."""
    gaps = np.diff(r)
    if len(r) < 12 or gaps.max() > 1.35 * gaps.min() or not 55 <= np.median(gaps) <= 120:
        return []
    return [i for i in range(1, len(r) - 3) if 600 <= r[i] <= 2300]


def implanted(x, r, i):
    """A premature ventricular beat after beat i, and its place."""
    gap = r[i + 1] - r[i]
    a, b = r[i + 1] - int(0.35 * gap), r[i + 1] + int(0.5 * gap)
    place = int(r[i] + round(0.6 * gap))
    y = x.astype(np.float64)
    y[a:b] = np.linspace(y[a], y[b], b - a)
    t = (np.arange(len(x)) - place) / 100
    wave = 1.2 * np.exp(-0.5 * (t / 0.04) ** 2) - 0.4 * np.exp(-0.5 * ((t - 0.24) / 0.07) ** 2)
    return np.clip(y + np.median(x[r]) * wave, -8, 8), place


def rhythm(rng, gap, jitter, count=9000):
    """Samples at 300 Hz of beats `gap` seconds apart."""
    time, wave, beat = np.arange(count) / 300, 20 * rng.standard_normal(count), 0.4
    while beat < count / 300:
        wave += 900 * np.exp(-0.5 * ((time - beat) / 0.012) ** 2) + 200 * np.exp(-0.5 * ((time - beat - 0.27) / 0.05) ** 2)
        beat += gap * (1 + jitter * rng.uniform(-1, 1))
    return np.round(wave).astype(np.int16)


def beat_cases(rng):
    for name, samples in [
        ("equal neighbours at a peak", rhythm(rng, 0.8, 0.05)), ("regular", rhythm(rng, 0.77, 0.04)), ("slow", rhythm(rng, 1.1, 0.02)), ("fibrillation", rhythm(rng, 0.8, 0.4)),
        ("too fast", rhythm(rng, 0.5, 0.02)), ("too short", rhythm(rng, 0.8, 0.02, 2400)), ("noise", rhythm(rng, 50, 0)),
    ]:  # fmt: skip
        x = np.round(prepared(samples, 3000)[0] * 64) / 64
        r = peaks(x)
        rows = []
        for i in room(r)[:: max(1, len(room(r)) - 1)]:
            y, place = implanted(x, r, i)
            near = y[place - 60 : place + 120 : 6]
            rows.append({"beat": i, "place": place, "near": [float(v) for v in near], "sum": float(y.sum())})
        yield {
            "name": name, "values": [int(v) for v in 64 * x], "peaks": r.tolist(), "room": room(r), "implants": rows,
        }  # fmt: skip


def occlusion_cases(rng):
    for name, levels in [("random", 1000), ("ties", 3), ("constant", 1)]:
        map_, drops = rng.integers(0, levels, 62) / 8, rng.integers(0, levels, 19) / 8
        means = [map_[a : a + 4].mean() for a in range(0, 60, 4)]
        orders = [rng.permutation(15).tolist() for _ in range(2)]
        order = np.argsort(-np.array(means), kind="stable")
        correlation = float(spearmanr(means, drops[:15])[0]) if levels > 1 else 0.0
        yield {
            "name": name, "map": map_.tolist(), "drops": drops.tolist(), "orders": orders, "means": [float(v) for v in means],
            "high": order[:3].tolist(), "low": order[-3:].tolist(), "correlation": correlation,
            "outcome": [drops[15], drops[17:19].mean(), drops[16]],
        }  # fmt: skip


def answers(x):
    """Logits and maps of a network that is a formula: maps |x| - 1/2, x²/4 - 1/4 and (x⁴ - x²)/16, logits their means."""
    x = x.astype(np.float64)
    maps = np.stack([abs(x) - 0.5, x**2 / 4 - 0.25, (x**4 - x**2) / 16], -2)
    return maps.mean(-1), maps


def trials(strips):
    """Windows are masked in the strips that belong to their class, which is the class of the largest logit or another; orders
    begin at window 0, 3, 6, 9, beats are put behind the middle one of those they may follow."""
    margin = lambda s, c: s[c] - np.delete(s, c).mean()
    rows, widths, curves = [], [(a, a + 200) for a in range(0, 3000, 200)], []
    for number, x in enumerate(strips):
        s, maps = answers(x)
        c = 1 if number == 1 else int(s.argmax())
        if s.argmax() != c:
            continue
        means = np.array([maps[c, a:b].mean() for a, b in widths])
        order = np.argsort(-means, kind="stable")
        chosen = [[w] for w in range(15)] + [order[:3], order[-3:]] + [[(3 * k + j) % 15 for j in range(3)] for k in range(4)]

        def masked(windows):
            y = x.copy()
            for w in windows:
                y[slice(*widths[w])] = 0
            return answers(y)[0]

        drops = [margin(s, c) - margin(masked(windows), c) for windows in chosen]
        p = lambda windows: float(softmax(masked(windows))[c])
        curves.append([[p(order[:k]) for k in range(16)], [p(order[k:]) for k in range(16)]])
        rows.append({"class": c, "correlation": float(spearmanr(means, drops[:15])[0]), "high": float(drops[15]),
                     "random": float(np.mean(drops[17:])), "low": float(drops[16])})  # fmt: skip
    found = [(x, *implanted(x, peaks(x), room(peaks(x))[len(room(peaks(x))) // 2])) for x in strips if room(peaks(x))]
    figures, soft = [], lambda s: float(softmax(s)[2])
    for x, y, place in found:
        near = lambda z, width: bool(abs(np.convolve(answers(z)[1][2], np.full(width, 1 / width), "same").argmax() - place) <= 100)
        y = y.astype(np.float32)
        figures.append([near(y, 200), near(x, 200), near(y, 1), soft(answers(x)[0]), soft(answers(y)[0])])
    deletion, insertion = np.mean(curves, 0)
    return {"outcomes": rows, "count": len(found), "pointing": np.mean(np.array(figures, float), 0).tolist(),
            "deletion": deletion.tolist(), "insertion": insertion.tolist(),
            "areas": [float(np.trapezoid(c)) / 15 for c in (deletion, insertion)]}  # fmt: skip


def mean_cases(rng):
    for width in (1, 2, 5, 6):
        values = rng.integers(-8, 9, 20) / 4
        yield {"width": width, "values": values.tolist(),
               "means": np.convolve(values, np.full(width, 1 / width), "same").tolist()}  # fmt: skip


def validation():
    """The recordings labelled N, A or O of the validation set, in its order: torch.randperm(8244) of seed 12345."""
    files = archive()
    rows = [r.split(",") for r in files.read("training2017/REFERENCE.csv").decode().split()]
    rows = [r for r in rows if r[1] in "NAO"]
    # RandomState(seed) of a whole number is the Mersenne Twister that torch.manual_seed starts
    words, order = np.random.RandomState(12345), list(range(len(rows)))
    for i in range(len(rows) - 1):
        j = i + int(words.randint(0, 2**32, dtype=np.uint32)) % (len(rows) - i)
        order[i], order[j] = order[j], order[i]
    return files, [rows[i] for i in order[int(0.8 * len(rows)) :]]


def implants(count=40):
    if archive() is None:
        return json.loads(PATH.read_text())["implants"] if PATH.exists() else []
    files, recordings = validation()
    words, found = np.random.RandomState(2017), []
    for name, label in recordings:
        if label != "N":
            continue
        samples = loadmat(io.BytesIO(files.read(f"training2017/{name}.mat")))["val"][0]
        if len(samples) < 9000:
            continue
        x = prepared(samples, 3000)[0]
        r = peaks(x)
        if not room(r):
            continue
        i = room(r)[words.randint(len(room(r)))]
        y, place = implanted(x, r, i)
        found.append({"name": name, "peaks": len(r), "room": len(room(r)), "beat": i, "place": place, "sum": float(y.sum())})
        if len(found) == count:
            return found


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
    rng = np.random.default_rng(2017)
    value = {
        "cases": list(cases(rng)), "beats": list(beat_cases(rng)), "occlusion": list(occlusion_cases(rng)),
        "means": list(mean_cases(rng)), "implants": implants(), "real": real(),
    }  # fmt: skip
    value["trials"] = [trials([np.array(case["values"]) / 64 for case in value["beats"]])]
    if "--check" not in sys.argv[1:]:
        PATH.write_text(text(value))
        return print(f"{PATH.name}: {PATH.stat().st_size} bytes")
    agrees = PATH.exists() and same(json.loads(PATH.read_text()), json.loads(text(value)))
    print(f"{PATH.name}: {'agrees' if agrees else 'differs'}")
    sys.exit(0 if agrees else 1)


if __name__ == "__main__":
    main()
