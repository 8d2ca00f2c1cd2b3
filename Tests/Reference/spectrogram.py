"""Writes the spectrogram fixture of RecordingsTests with SciPy and NumPy.

    python3 Tests/Reference/spectrogram.py           write Tests/RecordingsTests/Fixtures/spectrogram.json
    python3 Tests/Reference/spectrogram.py --check   compare the file with what would be written

Written with Python 3.11, NumPy 2.4.6, SciPy 1.17.1, seed 2017.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.signal import spectrogram

PATH = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures/spectrogram.json"


def power(samples, window=32, overlap=4):
    """[windows, window / 2 + 1], in the precision of `samples`."""
    _, _, result = spectrogram(
        samples, window=("tukey", 0.25), nperseg=window, noverlap=overlap, detrend="constant",
        scaling="spectrum")
    return np.ascontiguousarray(np.swapaxes(result, -1, -2))


def beats(rng, count):
    time = np.arange(count) / 300
    phase = (time % 0.8) - 0.3
    wave = 900 * np.exp(-0.5 * (phase / 0.012) ** 2)
    wave += 200 * np.exp(-0.5 * ((phase - 0.27) / 0.05) ** 2)
    return np.round(wave + 20 * rng.standard_normal(count)).astype(np.int16)


def fixture():
    rng = np.random.default_rng(2017)
    cases = []
    def add(name, samples, padded, window=32, overlap=4):
        full = np.zeros(padded)
        full[: len(samples)] = samples
        cases.append({
            "name": name, "samples": samples.tolist(), "paddedLength": padded,
            "windowLength": window, "overlap": overlap,
            "power": power(full, window, overlap).ravel().tolist()})

    for case in [
        ("beats", beats(rng, 600), 600),
        ("beats padded inside a window", beats(rng, 250), 400),
        ("full range noise", rng.integers(-32768, 32768, 200).astype(np.int16), 200),
        ("constant", np.full(100, 1234, np.int16), 100),
        ("alternating extremes", np.where(np.arange(120) % 2, 32767, -32768).astype(np.int16), 120),
        ("exactly one window", beats(rng, 32), 32),
    ]:
        add(*case)

    normalisation = normalised(rng, 32, 4)
    # Other windows: half of them a multiple of 16 or not, even or odd.
    for window, overlap in [(64, 8), (20, 5), (10, 0), (48, 24), (4, 3), (512, 100)]:
        add(f"windows of {window}, {overlap} shared", beats(rng, 560), 560 + window, window, overlap)
    return {
        "cases": cases, "normalisation": normalisation,
        "otherNormalisation": normalised(rng, 20, 5)}


def normalised(rng, window, overlap):
    """The course's normalisation, in float32, on windows that are zero behind each recording."""
    hop = window - overlap
    lengths = [900, 500, 260]
    padded = np.zeros((3, 900), np.float32)
    for row, length in enumerate(lengths):
        padded[row, :length] = beats(rng, length)
    table = power(padded, window, overlap)
    normal = table - table.mean(axis=(0, 1))
    means = table.mean(axis=(0, 1))
    deviations = normal.std(axis=(0, 1))
    normal /= deviations
    stored = [min(table.shape[1], -(-length // hop)) for length in lengths]
    kept = [(length - window) // hop for length in lengths]
    return {
        "bins": table.shape[2], "stored": stored, "kept": kept, "windows": table.shape[1],
        "power": np.concatenate([t[:n].ravel() for t, n in zip(table, stored)]).tolist(),
        "means": means.tolist(), "deviations": deviations.tolist(),
        "normal": np.concatenate([t[:n].ravel() for t, n in zip(normal, kept)]).tolist(),
        "mean": float(normal.astype(np.float64).mean()),
        "deviation": float(normal.astype(np.float64).std()),
    }


def close(old, new):
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(close(old[key], new[key]) for key in old)
    if isinstance(old, list) and old and isinstance(old[0], dict):
        return len(old) == len(new) and all(map(close, old, new))
    if isinstance(old, str):
        return old == new
    old, new = np.asarray(old, float), np.asarray(new, float)
    return old.shape == new.shape and np.allclose(old, new, rtol=1e-6, atol=1e-6 * np.abs(new).max())


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if not close(json.loads(PATH.read_text()), fixture()):
            sys.exit(f"{PATH.name} is not what SciPy gives; run this script without --check")
        print(f"{PATH.name} agrees with SciPy")
    elif not sys.argv[1:]:
        PATH.write_text(json.dumps(fixture()) + "\n")
    else:
        sys.exit(__doc__)
