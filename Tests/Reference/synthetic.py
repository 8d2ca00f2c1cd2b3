"""The second opinion on synthetic recordings: SciPy reads the files, and solves the equations.

    python3 Tests/Reference/synthetic.py            write synthetic.json and heart.json into
                                                    Tests/RecordingsTests/Fixtures
    python3 Tests/Reference/synthetic.py --check    compare the files with what would be written

    python3 Tests/Reference/synthetic.py FOLDER     only compare the .mat and .hea of a folder made by
                                                    ./rhythm data synthetic --out FOLDER

The recordings in Tests/RecordingsTests/Fixtures/synthetic are those of

    ./rhythm data synthetic --out synthetic --recordings 6 --seed 5 --set labels=A,O,~

Each .hea is compared with its .mat by hand, and by the package wfdb where that is installed.
Written with Python 3.11, NumPy 2.4.6, SciPy 1.17.1, wfdb 4.3.1.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.integrate import solve_ivp
from scipy.io import loadmat

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures"

# McSharry et al. 2003, Table I: P, Q, R, S, T.
ANGLES = np.array([-np.pi / 3, -np.pi / 12, 0, np.pi / 12, np.pi / 2])
STRENGTHS = np.array([1.2, -5.0, 30.0, -7.5, 0.75])
WIDTHS = np.array([0.25, 0.1, 0.1, 0.1, 0.4])
MILLIVOLTS = 1.6 / 0.0584


def recordings(folder):
    """What SciPy reads from each file of a folder, in the order of REFERENCE.csv."""
    records = []
    for line in (folder / "REFERENCE.csv").read_text().splitlines():
        name, label = line.split(",")
        values = loadmat(folder / f"{name}.mat")["val"]
        assert values.dtype == np.int16 and values.shape[0] == 1, name
        samples = values[0].astype(np.int64)
        check_header(folder, name, samples)
        records.append({
            "name": name, "label": label, "length": len(samples), "sum": int(samples.sum()),
            "squares": int((samples**2).sum()), "beginning": samples[:10].tolist()})
    names = {path.stem for path in folder.glob("*.mat")}
    assert names == {path.stem for path in folder.glob("*.hea")} == {r["name"] for r in records}
    return records


def check_header(folder, name, samples):
    """The .hea says what the .mat holds."""
    first, second, comment = (folder / f"{name}.hea").read_text().splitlines()
    assert comment == "# synthetic recording made by RhythmLab", comment
    checksum = np.int16((samples.sum() + 2**15) % 2**16 - 2**15)
    assert first == f"{name} 1 300 {len(samples)}", first
    assert second == f"{name}.mat 16+24 1000/mV 16 0 {samples[0]} {checksum} 0 ECG", second
    try:
        import wfdb
    except ImportError:
        return
    record = wfdb.rdrecord(str(folder / name), physical=False)
    assert (record.fs, record.units, record.sig_name) == (300, ["mV"], ["ECG"]), name
    assert np.array_equal(record.d_signal[:, 0], samples), name
    assert record.checksum == [checksum] and record.calc_checksum() == [int(checksum) % 2**16], name
    physical = wfdb.rdrecord(str(folder / name)).p_signal[:, 0]
    assert np.array_equal(physical, samples / 1000), name


def heart():
    """Beats of the table's shape at changing intervals, 300 samples a second, by an adaptive method
    of the eighth order. As the model does, the next interval begins with the first sample after the
    R wave.
    """
    intervals = [0.9, 1.0, 0.8, 0.55, 1.2, 0.7, 0.9]
    height, rate = 0.15, 0.25

    def derivative(time, state, interval):
        x, y, z = state
        h = 1 / np.sqrt(interval)
        turns = np.array([np.sqrt(h), h, h, h, np.sqrt(h)])
        distance = np.angle(np.exp(1j * (np.arctan2(y, x) - turns * ANGLES)))
        pull = -(STRENGTHS * distance * np.exp(-(distance**2) / (2 * (h * WIDTHS) ** 2))).sum()
        attraction, speed = 1 - np.hypot(x, y), 2 * np.pi / interval
        baseline = height * np.sin(2 * np.pi * rate * time)
        return [attraction * x - speed * y, attraction * y + speed * x,
                pull * MILLIVOLTS - (z - baseline)]  # fmt: skip

    state, signal, place = np.array([-1.0, 0.0, 0.0]), [], 1
    for sample in range(1500):
        signal.append(round(float(state[2]), 6))
        solved = solve_ivp(
            derivative, (sample / 300, (sample + 1) / 300), state, "DOP853", rtol=1e-10,
            atol=1e-12, args=(intervals[place],))
        before, state = state, solved.y[:, -1]
        if before[1] < 0 <= state[1] and place + 1 < len(intervals):
            place += 1
    return {"intervals": intervals, "breathHeight": height, "breathRate": rate, "signal": signal}


def close(old, new):
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(close(old[key], new[key]) for key in old)
    if isinstance(old, list) and old and isinstance(old[0], float):
        return len(old) == len(new) and np.allclose(old, new, rtol=0, atol=2e-6)
    return old == new


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        print(f"SciPy reads {len(recordings(pathlib.Path(arguments[0])))} recordings, "
              "and their headers agree")  # fmt: skip
        sys.exit()
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    contents = {
        "synthetic.json": {"records": recordings(FIXTURES / "synthetic")}, "heart.json": heart()}
    for name, content in contents.items():
        if not arguments:
            (FIXTURES / name).write_text(json.dumps(content) + "\n")
        elif not close(json.loads((FIXTURES / name).read_text()), content):
            sys.exit(f"{name} is not what SciPy gives; run this script without --check")
        else:
            print(f"{name} agrees with SciPy")
