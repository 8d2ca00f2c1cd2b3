#!/usr/bin/env python3
"""Files of the WFDB format by the wfdb package, and what it reads from them and from the tool's own.

    python Tests/Reference/wfdb_files.py            writes the files of Tests/RecordingsTests/Fixtures/wfdb, and wfdb.json
    python Tests/Reference/wfdb_files.py --check    compares
    python Tests/Reference/wfdb_files.py FOLDER     only reads a folder made by
                                                    ./rhythm data synthetic --kind heartbeats --out FOLDER

`three` has three signals in format 212 and an odd number of samples in all, `sixteen` two in format 16; their annotations
have every code, texts of even and odd length, subtypes, channels, numbers and gaps beyond ten bits. The records s001 and
s005 (which has a pacemaker) in Fixtures/synthetic-hearts are those of

    ./rhythm data synthetic --kind heartbeats --out synthetic-hearts --recordings 5 --seed 5 --set minutes=1

Written with Python 3.11, NumPy 2.4.6, wfdb 4.3.1.
"""

import json
import os
import pathlib
import sys
import tempfile

import numpy as np
import wfdb

from heartbeats import AAMI, hashes, rows

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures"
# the codes that wfdb writes by their symbols
SYMBOLS = list("NLRaVFJASEj/Q~|sT*D=pB^t+u?![]en@xf()r") + ['"']


def write(folder):
    rng = np.random.default_rng(212)
    walk = np.clip(np.cumsum(rng.integers(-300, 301, (101, 3)), 0), -2047, 2047)
    walk[7] = [2047, -2047, -1]
    os.chdir(folder)
    common = dict(write_dir=".", base_time=None)
    wfdb.wrsamp("three", 360, ["mV", "mV", "uV"], ["MLII", "V5", "resp wave"], d_signal=walk, fmt=["212"] * 3,
                adc_gain=[200.0, 100.5, 1.0], baseline=[1024, -7, 0], comments=["69 M", "a comment"], **common)
    wide = np.clip(np.cumsum(rng.integers(-9000, 9001, (64, 2)), 0), -32767, 32767)
    wfdb.wrsamp("sixteen", 250, ["mV", "mV"], ["I", "II"], d_signal=wide, fmt=["16"] * 2, adc_gain=[1000.0] * 2,
                baseline=[0, 0], **common)
    samples = np.cumsum([3, 1, 0, 5, 1500, 1023, 1024, 70000] + [2] * (len(SYMBOLS) - 8))
    texts = [""] * len(samples)
    texts[0], texts[2], texts[5], texts[9] = "(N", "(AFIB", "odd", "even"
    numbers = np.zeros(len(samples), int)
    subtypes, channels = numbers.copy(), numbers.copy()
    subtypes[3], subtypes[6], numbers[4], numbers[5], channels[7] = 1, -1, 3, 3, 1
    wfdb.wrann("three", "atr", samples, SYMBOLS, subtype=subtypes, chan=channels, num=numbers, aux_note=texts, write_dir=".")
    wfdb.wrann("sixteen", "atr", np.array([0, 10]), ["+", "N"], aux_note=["(N", ""], fs=250, write_dir=".")


def read(folder, name):
    record = wfdb.rdrecord(str(folder / name), physical=False)
    signals = record.d_signal.astype(int)
    assert [int(s) % 65536 for s in record.calc_checksum()] == [int(s) % 65536 for s in record.checksum], name
    notes = wfdb.rdann(str(folder / name), "atr")
    return {
        "name": name, "rate": record.fs, "length": record.sig_len, "leads": record.sig_name,
        "gains": record.adc_gain, "baselines": record.baseline, "comments": record.comments,
        "signals": [{"sum": int(s.sum()), "squares": int((s**2).sum()), "beginning": s[:12].tolist(), "end": s[-3:].tolist()}
                    for s in signals.T],
        "annotations": [
            {"sample": int(s), "symbol": symbol, "subtype": int(sub), "channel": int(chan), "number": int(num),
             "text": text.rstrip("\0")}
            for s, symbol, sub, chan, num, text in zip(
                notes.sample, notes.symbol, notes.subtype, notes.chan, notes.num, notes.aux_note)]}


def synthetic(folder):
    """What wfdb reads from the tool's own files, and the hashes of the rows that NumPy cuts."""
    records = []
    values, classes, names, samples = rows(folder)
    assert set(AAMI.values()) >= set(classes.tolist())
    own = hashes(values)
    for name in (folder / "RECORDS").read_text().split():
        record = read(folder, name)
        lines = (folder / f"{name}.hea").read_text().splitlines()
        assert lines[-1] == "# synthetic recording made by RhythmLab", lines
        assert record["rate"] == 360 and record["leads"] == ["MLII", "V1"], name
        notes = record.pop("annotations")
        records.append(record | {
            "symbols": "".join(note["symbol"] for note in notes), "samples": [note["sample"] for note in notes],
            "texts": [note["text"] for note in notes if note["text"]],
            "hashes": [f"{hash:016x}" for hash in own[names == name]]})
    return records


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    if arguments:
        print(f"{len(synthetic(pathlib.Path(arguments[0])))} records agree with what wfdb reads")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        write(folder)
        made = pathlib.Path(folder)
        contents = {path.name: path.read_bytes() for path in sorted(made.iterdir())}
        listing = {"source": "Tests/Reference/wfdb_files.py", "records": [read(made, n) for n in ("three", "sixteen")],
                   "synthetic": synthetic(FIXTURES / "synthetic-hearts")}
    contents = {FIXTURES / "wfdb" / name: data for name, data in contents.items()}
    contents[FIXTURES / "wfdb.json"] = (json.dumps(listing, indent=1) + "\n").encode()
    differ = [path for path, data in contents.items() if not path.exists() or path.read_bytes() != data]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"{path.name} differs" for path in differ) or "wfdb_files.py: agrees")
        return 1 if differ else 0
    for path, data in contents.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
