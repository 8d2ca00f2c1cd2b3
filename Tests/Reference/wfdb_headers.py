"""Writes what the wfdb package reads from recordings' headers in every form that header(5) has, for
RecordingsTests.

    python3 Tests/Reference/wfdb_headers.py [--check]

For each header its text and rate, number of samples, gain, first sample and check sum of the first signal;
null where the header does not say it and the package takes a default.
"""

import itertools
import json
import pathlib
import sys
import tempfile

import wfdb

FIXTURE = pathlib.Path(__file__).resolve().parents[1] / "RecordingsTests/Fixtures/wfdb-headers.json"

# what follows the name and the number of signals, and which of rate and count it says
RECORDS = [
    ("", ()), (" 300", ("rate",)), (" 300 9000", ("rate", "count")), (" 300.5 9000", ("rate", "count")),
    (" 300/360 9000", ("rate", "count")), (" 300/360(12.5) 9000", ("rate", "count")),
    (" 500/500(-3) 10", ("rate", "count")), (" 300 9000 12:30:00", ("rate", "count")),
    (" 300 9000 12:30:00.250 01/02/2017", ("rate", "count")), (" 1000 18000 8:03:08 1/03/2000", ("rate", "count")),
    ("\t300\t 9000  ", ("rate", "count")),
]
# what follows the file's name, and what of the signal it says
SIGNALS = [
    ("16", ()), ("16+24", ()), ("16x1:2+24", ()), ("212", ()), ("16 1000", ("gain",)), ("16+24 1000/mV", ("gain",)),
    ("16 200.5/uV", ("gain",)), ("16 1e3/mV", ("gain",)), ("16 1000(0)/mV 16", ("gain",)),
    ("16 1000(-5)/mV 16 0", ("gain",)), ("16 200(1024)/mV 12 0 -32768", ("gain", "first")),
    ("16 200(1024) 12 1024 995 -5663", ("gain", "first", "sum")),
    ("16+24 1000/mV 16 0 -127 0 0 ECG", ("gain", "first", "sum")),
    ("16+24 1000/mV 16 0 32767 21131 0 lead I of 12", ("gain", "first", "sum")),
    ("16+24\t1000/mV\t16 0  7 9 0\tECG", ("gain", "first", "sum")),
]
# comments, ends of lines, empty lines
FORMS = ["{0}\n{1}\n", "{0}\r\n{1}\r\n", "# a comment 1 2 3\n{0}\n{1}\n# sex: F\n", "{0}\n# between 5 6 7\n{1}\n",
         "\n{0}\n\n{1}"]


def cases():
    pairs = [(record, SIGNALS[12]) for record in RECORDS] + [(RECORDS[2], signal) for signal in SIGNALS]
    headers = [(FORMS[0], *pair) for pair in pairs] + [(form, RECORDS[6], SIGNALS[11]) for form in FORMS[1:]]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for form, (record, ofRecord), (signal, ofSignal) in headers:
            text = form.format("A1 1" + record, "A1.mat " + signal)
            (pathlib.Path(folder) / "A1.hea").write_bytes(text.encode())
            header = wfdb.rdheader(folder + "/A1")
            figures = {
                "rate": header.fs, "count": header.sig_len, "gain": header.adc_gain[0],
                "first": header.init_value[0], "sum": header.checksum[0],
            }
            said = ofRecord + ofSignal
            found.append({"text": text} | {name: value if name in said else None for name, value in figures.items()})
    return found


def main():
    text = "[\n" + ",\n".join(json.dumps(case) for case in cases()) + "\n]\n"
    if "--check" in sys.argv[1:]:
        if FIXTURE.read_text() != text:
            sys.exit(f"{FIXTURE.name} is not what wfdb {wfdb.__version__} reads")
        print(f"{FIXTURE.name} is what wfdb {wfdb.__version__} reads")
    else:
        FIXTURE.write_text(text)


if __name__ == "__main__":
    main()
