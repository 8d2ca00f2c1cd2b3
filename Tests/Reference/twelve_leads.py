#!/usr/bin/env python3
"""Twelve-lead records: SciPy's resampling, NumPy's percentiles, and records in every form that headers have, as SciPy and
wfdb read them.

    python Tests/Reference/twelve_leads.py            writes Tests/RecordingsTests/Fixtures/twelve-leads.json and the records
                                                      in Fixtures/twelve-leads (but for X00001)
    python Tests/Reference/twelve_leads.py --check    compares
    python Tests/Reference/twelve_leads.py FOLDER     only reads a folder made by
                                                      ./rhythm data synthetic --kind twelve-leads --out FOLDER

X00001 in Fixtures/twelve-leads is the first record of `./rhythm data synthetic --kind twelve-leads --out FOLDER`.

Written with Python 3.11, NumPy 2.4.6, SciPy 1.17.1, wfdb 4.3.1.
"""

import io
import json
import pathlib
import sys

import numpy as np
import scipy.io
import scipy.signal
import wfdb

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures"
FOLDER = FIXTURES / "twelve-leads"
LEADS = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split()
# up, down, samples: 500, 1000, 250, 257, 400 and 100 Hz to 100; more outputs than inputs; a signal shorter than the filter
RESAMPLINGS = [(1, 5, 300), (1, 10, 257), (2, 5, 203), (100, 257, 700), (1, 4, 4), (3, 2, 25), (5, 1, 7), (1, 5, 1)]
# name, first word of the header, file's ending, format, gain, ADC zero, zero that counts, comment, names of the leads
FORMS = [
    ("Q0001", "Q0001", "mat", "16+24", "1000/mV", 0, 0, "#Dx: 413844008,164867002,426627000", LEADS),
    ("HR0002", "HR0002", "mat", "16x1+24", "1000.0(0)/mV", 3, 0, "# Dx: 713427006,59118001", LEADS),
    ("E0003", "E0003.mat", "mat", "16+24", "4880/mv", 12, 12, "#Dx: 284470004", LEADS),
    ("S0004", "S0004", "mat", "16+24", "200(-5)/mV", 7, -5, "# Dx: ", LEADS),
    ("00005_lr", "00005_lr", "dat", "16", "1000.0(0)/mV", 0, 0, "", [n.upper() for n in LEADS[::-1]]),
]


def forms():
    """The files of records of 40 samples, and their millivolts lead by lead."""
    rng = np.random.default_rng(12)
    files, listing = {}, []
    for name, first, ending, form, gain, zero, counts, comment, leads in FORMS:
        val = rng.integers(-3000, 3000, (12, 40)).astype(np.int16)
        val[0, :2] = [32767, -32768]
        lines = [f"{first} 12 {100 if ending == 'dat' else 500} 40 12-May-2020 12:33:59"]
        for lead, row in zip(leads, val):
            total = (int(row.sum(dtype=np.int64)) + 32768) % 65536 - 32768
            lines.append(f"{name}.{ending} {form} {gain} 16 {zero} {row[0]} {total} 0 {lead}")
        lines += ["#Age: 79", "#Sex: Female", comment] if comment else []
        if ending == "mat":
            buffer = io.BytesIO()
            scipy.io.savemat(buffer, {"val": val}, format="4")
            data = buffer.getvalue()
        else:
            data = np.ascontiguousarray(val.T).astype("<i2").tobytes()
        files[f"{name}.{ending}"] = data
        files[f"{name}.hea"] = ("\n".join(lines) + "\n").encode()
        number = float(gain.split("/")[0].split("(")[0])
        order = [[n.upper() for n in leads].index(n.upper()) for n in LEADS]
        volts = ((val.astype(float) - counts) / number)[order]
        listing.append({"name": name, "values": volts.tolist()})
    return files, listing


def check_forms():
    """That wfdb reads the same from the files."""
    for entry in forms()[1]:
        if entry["name"].startswith("E"):  # a name with .mat is none for wfdb
            continue
        record = wfdb.rdrecord(str(FOLDER / entry["name"]))
        names = [n.upper() for n in record.sig_name]
        order = [names.index(n.upper()) for n in LEADS]
        own, theirs = np.array(entry["values"]), record.p_signal.T[order]
        # -32768 is a missing sample for wfdb
        assert np.allclose(np.where(np.isnan(theirs), own, theirs), own, atol=1e-9), entry["name"]
        assert np.isnan(theirs).sum() <= 1, entry["name"]


def synthetic(folder, name):
    """What SciPy and wfdb read from a record of the tool's."""
    val = scipy.io.loadmat(folder / f"{name}.mat")["val"]
    assert val.dtype == np.int16 and val.shape == (12, 5000), (name, val.dtype, val.shape)
    record = wfdb.rdrecord(str(folder / name), physical=False)
    assert np.array_equal(record.d_signal.T, val) and record.sig_name == LEADS, name
    assert record.fs == 500 and set(record.adc_gain) == {1000.0} and set(record.baseline) == {0}, name
    assert [int(s) % 65536 for s in record.calc_checksum()] == [int(s) % 65536 for s in record.checksum], name
    assert [int(s) for s in record.init_value] == val[:, 0].tolist(), name
    # I, II and III are rounded each by itself
    assert np.abs(val[2].astype(int) - (val[1].astype(int) - val[0])).max() <= 1, name
    text = (folder / f"{name}.hea").read_text().splitlines()
    assert text[-1] == "# synthetic recording made by RhythmLab", text
    volts = val / 1000
    coarse = scipy.signal.resample_poly(volts, 1, 5, axis=1).astype(np.float32)
    size = np.median(np.percentile(np.abs(volts - np.median(volts, 1, keepdims=True)), 99, axis=1))
    return {
        "name": name, "sums": val.sum(1, dtype=np.int64).tolist(), "codes": [c for t in text if t.startswith("#Dx: ")
                                                                            for c in t[5:].split(",")],
        "amplitude": size, "beginning": coarse[:, :3].astype(float).tolist(),
        "squares": (coarse.astype(float) ** 2).sum(1).tolist()}


def listing():
    rng = np.random.default_rng(5)
    cases = []
    for up, down, count in RESAMPLINGS:
        signal = rng.normal(size=count).round(3)
        cases.append({"up": up, "down": down, "signal": signal.tolist(),
                      "result": scipy.signal.resample_poly(signal, up, down).tolist()})
    sizes = []
    for count in (1, 2, 7, 100, 101, 1000, 4999):
        samples = rng.integers(-2000, 2000, count) if count > 2 else np.array([7] * count)
        sizes.append({"samples": samples.tolist(),
                      "amplitude": float(np.percentile(np.abs(samples - np.median(samples)), 99))})
    return {"source": "Tests/Reference/twelve_leads.py", "resamplings": cases, "amplitudes": sizes, "forms": forms()[1],
            "synthetic": [synthetic(FOLDER, "X00001")]}


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    if arguments:
        folder = pathlib.Path(arguments[0])
        names = sorted(p.stem for p in folder.glob("*.hea"))
        for name in names:
            synthetic(folder, name)
        print(f"{len(names)} records are read alike by SciPy and wfdb")
        return 0
    contents = {FOLDER / name: data for name, data in forms()[0].items()}
    if "--check" not in sys.argv[1:]:
        for path, data in contents.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
    check_forms()
    contents[FIXTURES / "twelve-leads.json"] = (json.dumps(listing(), indent=None, separators=(",", ":")) + "\n").encode()
    differ = [path for path, data in contents.items() if not path.exists() or path.read_bytes() != data]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"{path.name} differs" for path in differ) or "twelve_leads.py: agrees")
        return 1 if differ else 0
    for path in differ:
        path.write_bytes(contents[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
