#!/usr/bin/env python3
"""The heartbeats of the MIT-BIH database, cut by NumPy from what the wfdb package reads.

Run `python Tests/Reference/heartbeats.py` to write, with `--check` to compare (needs numpy and wfdb):

- Sources/Recordings/Heartbeats/KaggleTestRows+Bits.swift: which of the 109446 rows are Kaggle's mitbih_test.csv, a
  bit a row in the order of records and samples, and how many rows each record has. From kaggle-test-rows.csv
  (record, sample, class of the rows of that file), found by comparing published rows with the database.
- Tests/RecordingsTests/Fixtures/heartbeats.json: a few rows to the bit, hashes, sums and counts.

The data are looked for in RHYTHMLAB_DATA or ../shared/data, at any depth: mitdb-1.0.0.zip (PhysioNet's
mit-bih-arrhythmia-database-1.0.0) and kaggle-test-rows.csv. Without them nothing is compared.
"""

import base64
import csv
import json
import os
import pathlib
import sys
import tempfile
import textwrap
import zipfile

import numpy as np
import wfdb

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BITS = ROOT / "Sources/Recordings/Heartbeats/KaggleTestRows+Bits.swift"
FIXTURE = ROOT / "Tests/RecordingsTests/Fixtures/heartbeats.json"
AAMI = {s: c for c, group in enumerate(("NLRej", "AaJS", "VE", "F", "/fQ")) for s in group}
WIDTH = 187


def place(name):
    """The file of that name, wherever the data are."""
    given = pathlib.Path(os.environ.get("RHYTHMLAB_DATA", ROOT.parent / "shared/data"))
    folder = given if given.is_dir() else given.parent
    return next(iter(sorted(folder.rglob(name))), None)


def rows(folder):
    """Rows, classes, records and samples, in the order of records and samples."""
    values, classes, records, samples = [], [], [], []
    for name in (folder / "RECORDS").read_text().split():
        signal = wfdb.rdrecord(str(folder / name), physical=False, channels=[0]).d_signal[:, 0].astype(np.int64)
        marks = wfdb.rdann(str(folder / name), "atr")
        at = [int(s) for s in marks.sample] + [len(signal)]
        for i, symbol in enumerate(marks.symbol[:-1]):
            if symbol in AAMI:
                cut = signal[at[i] : at[i + 1] + int(0.2 * (at[i + 2] - at[i + 1])) : 3]
                row = np.zeros(WIDTH, np.float32)
                scaled = (cut - cut.min()) / max(1, cut.max() - cut.min())
                row[: min(len(cut), WIDTH)] = scaled[:WIDTH]
                values.append(row), classes.append(AAMI[symbol]), records.append(name), samples.append(at[i])
    return np.array(values), np.array(classes), np.array(records), np.array(samples)


def hashes(values):
    """FNV-1a, 64 bits, over the bytes of each row."""
    data = np.ascontiguousarray(values, "<f4").view(np.uint8).reshape(len(values), -1)
    result = np.full(len(values), 0xCBF29CE484222325, np.uint64)
    with np.errstate(over="ignore"):
        for column in data.T:
            result = (result ^ column) * np.uint64(0x100000001B3)
    return result


def known(own, classes):
    counts = ", ".join(str(c) for c in np.bincount(classes, minlength=5))
    sum_of = f"{int(own.sum(dtype=np.uint64)):016X}"
    digits = "_".join(sum_of[i : i + 4] for i in range(0, 16, 4))
    return f"File(\n    counts: [{counts}], hashes: 0x{digits})"


def bits_source(records, is_test, own, classes):
    names, counts = np.unique(records, return_counts=True)
    table = textwrap.fill(", ".join(f'"{n}": {c}' for n, c in zip(names, counts)), 96)
    text = base64.b64encode(np.packbits(is_test, bitorder="little").tobytes()).decode()
    lines = "\n".join(f"    {text[i:i + 92]}\\" for i in range(0, len(text), 92))[:-1]
    return f"""// generated, not written by hand

extension KaggleTestRows {{
  /// The rows that each record of the MIT-BIH database has.
  static let rows: [String: Int] = [
{textwrap.indent(table, "    ")},
  ]

  /// The rows of each class in the training file, and the sum of all hashes.
  static let training = {known(own[~is_test], classes[~is_test])}
  /// The same of the test file.
  static let test = {known(own[is_test], classes[is_test])}

  /// Whether each row, in the order of records and samples, is in Kaggle's `mitbih_test.csv`: a bit a row, the
  /// lowest first, in base 64.
  static let text = \"\"\"
{lines}
    \"\"\"
}}
"""


def fixture(values, classes, records, samples, is_test):
    own = hashes(values)
    text = lambda row: [f"{bits:08x}" for bits in np.ascontiguousarray(row, "<f4").view("<u4")]  # noqa: E731
    chosen = [0, 1, len(values) - 1]
    first = int(np.flatnonzero((records == "103") & (samples == 322111))[0])
    chosen += [first] + [int(np.flatnonzero(classes == c)[7]) for c in range(5)]
    return {
        "source": "Tests/Reference/heartbeats.py",
        "rows": [
            {"index": i, "record": str(records[i]), "sample": int(samples[i]), "class": int(classes[i]),
             "hash": f"{own[i]:016x}", "bits": " ".join(text(values[i]))}
            for i in chosen
        ],
        "sums": [
            {"record": str(n), "rows": int((records == n).sum()),
             "hashes": f"{int(own[records == n].sum(dtype=np.uint64)):016x}"}
            for n in np.unique(records)
        ],
        "test": {"rows": int(is_test.sum()), "hashes": f"{int(own[is_test].sum(dtype=np.uint64)):016x}"},
    }


def main():
    archive, table = place("mitdb-1.0.0.zip"), place("kaggle-test-rows.csv")
    if archive is None or table is None:
        print("heartbeats.py is left out: the MIT-BIH database is not at hand")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(archive) as contents:
            contents.extractall(folder, [n for n in contents.namelist() if n.endswith((".hea", ".dat", ".atr", "RECORDS"))])
        values, classes, records, samples = rows(next(pathlib.Path(folder).rglob("RECORDS")).parent)
    wanted = {(row["record"], int(row["sample"])) for row in csv.DictReader(table.open())}
    is_test = np.array([(str(r), int(s)) in wanted for r, s in zip(records, samples)])
    assert is_test.sum() == len(wanted) == 21892
    files = {
        BITS: bits_source(records, is_test, hashes(values), classes),
        FIXTURE: json.dumps(fixture(values, classes, records, samples, is_test), indent=1) + "\n",
    }
    differ = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"{path.relative_to(ROOT)} differs" for path in differ) or "heartbeats.py: agrees")
        return 1 if differ else 0
    for path, text in files.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
