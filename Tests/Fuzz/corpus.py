#!/usr/bin/env python3
"""Makes what the fuzzer begins with, below Tests/Fuzz/Corpus: small files of each kind, none of a person.

    Tests/Fuzz/corpus.py            writes them
    Tests/Fuzz/corpus.py --check    ends with 1 where they are not what this script makes

Files whose names begin with `find-` are inputs that something was wrong with once; they are kept.
"""
import gzip
import io
import json
import lzma
import pathlib
import struct
import sys
import tarfile
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / "RecordingsTests" / "Fixtures"
TWELVE = FIXTURES / "twelve-leads"
DAY = (2024, 9, 24, 21, 26, 0)


def level4(kind: int, values: bytes, columns: int, name: bytes = b"val\0") -> bytes:
    order = ">" if kind >= 1000 else "<"
    return struct.pack(order + "5i", kind, 1, columns, 0, len(name)) + name + values


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, contents in files.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), contents, method)
    return buffer.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, contents in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(contents)
            archive.addfile(entry, io.BytesIO(contents))
    # two blocks of zeros end it; more only fill up a block of a tape
    contents = buffer.getvalue().rstrip(b"\0")
    return contents + bytes(-len(contents) % 512 + 1024)


def tensors(header: dict, data: bytes) -> bytes:
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def array(kind: str, shape: str, data: bytes) -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(10 + len(text) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text.encode() + data


def frame(content: object, *parts: tuple[str, list[int], str, bytes]) -> bytes:
    entries = [{"name": name, "shape": shape} | ({"integers": True} if kind == "i" else {})
               for name, shape, kind, _ in parts]
    text = json.dumps({"content": content, "tensors": entries}, separators=(",", ":")).encode()
    data = b"".join(part[3] for part in parts)
    return struct.pack("<IQ", len(text), len(data)) + text + data


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def integers(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}i", *values)


def examples(name: str, targets: object) -> dict:
    return {"inputs": [{"name": "x", "extent": {"window": {"_0": 2}}}], "targets": targets}


def training() -> bytes:
    def part(of: str) -> list[tuple[str, list[int], str, bytes]]:
        return [(f"{of}:table:x", [3, 2], "f", floats(1, 2, 3, 4, 5, 6)), (f"{of}:rows:x", [2], "i", integers(0, 1))]

    description = {"training": examples("training", {"classes": {"_0": 2}}),
                   "validation": examples("validation", {"none": {}})}
    question = {"predictions": {"_0": description}}
    about = {"name": "Toy", "settings": {"hidden": 3}}
    return frame({"ask": {"_0": question, "about": about}}, *part("training"),
                 ("training:targets", [2], "i", integers(0, 1)), *part("validation"))


ASSIGNMENT = """id: toy
title: Toy
version: 1
deadline: 2030-01-01T00:00:00Z
files: [Toy.swift]
tasks:
  - id: one
    title: One
    function: Toy.swift:one
    checks:
      - {id: one.values, test: ToyChecks/test1Values, title: values, points: 1}
"""
SHEET = """# Answers
<!-- members -->
- Jane Doe, s1234567, jane@example.org
<!-- end members -->
## Question 1
<!-- answer Q1 -->
Because ![a picture](loss.png)
```swift
let x = 1
```
<!-- end Q1 -->
## Question 2
<!-- answer Q2 -->
<!-- end Q2 -->
"""
GRADESCOPE = """submission_456:
  :submitters:
  - :name: Jane Doe
    :sid: "1234567"
    :email: jane@example.org
  :created_at: 2024-09-24 21:26:00.000000000 Z
  :score: 0.0
  :id: 456
"""


def corpus() -> dict[str, dict[str, bytes]]:
    files = {"Toy.swift": b"let a = 1\n" * 9, "folder/ANSWERS.md": SHEET.encode()}
    samples = struct.pack("<6h", 0, 1, -1, 300, -300, 32767)
    plain = b"0123456789" * 30
    f16 = struct.pack("<2e", 1, -2.5)
    matlab = {name: (FIXTURES / "matlab" / f"{name}.mat").read_bytes()
              for name in ("level4-double", "level5-compressed", "level5-int64", "complex", "text")}
    return {
        "mat": matlab | {"level4": level4(30, samples, 6), "level4-bytes": level4(50, bytes(range(8)), 8),
                         "level4-big": level4(1030, samples, 6)},
        "header": {"synthetic": (FIXTURES / "synthetic" / "A00001.hea").read_bytes(),
                   "other": b"A1 1 360 3\nA1.mat 16+24 200/mV 16 0 4 -9 0 ECG\n# a comment\n",
                   "words": b"A1 x 3e2 nan\nA1.mat 16 inf 0x 1 -1e99 +1\n"},
        "signals": {"pairs": b"r 2 360 2\na 212 200 12 0 291 0 0 I\na 212\n%\n" + bytes((0x23, 0x41, 0x56, 0xFF, 0x8F, 0)),
                    "words": b"r 1 250\na 16+2 1000(5)/uV 16 0 1 -1\n%\n..." + struct.pack("<3h", 1, 0, -2)[1:],
                    "forms": b"# c\nr/2 1 360/720(-1) 4 1:2:3 1/2/1999\na 212x2:3+4 1/mV\n%\n1234567890"},
        "leads": {name: (TWELVE / f"{name}.hea").read_bytes() + b"%\n" + (TWELVE / f"{name}.{ending}").read_bytes()
                  for name, ending in (("Q0001", "mat"), ("S0004", "mat"), ("00005_lr", "dat"))},
        "diagnoses": {
            "labels": b"filename_lr,strat_fold,snomed\nrecords100/00000/00001_lr,3,251146004;426783006\r\n\"00002_lr\",10,\n",
            "statements": b"filename_lr,scp_codes,heart_axis,strat_fold\n"
            b"a/00001_lr,\"{'NORM': 100.0, 'SR': 0.0}\",ALAD,3.0\n%\nscp_code,snomed\nSR,426783006\nNORM,\n"},
        "annotations": {
            "beats": struct.pack("<5H", 1 << 10 | 77, 5 << 10 | 293, 1 << 10 | 290, 12 << 10 | 280, 0),
            "words": struct.pack("<2H", 28 << 10, 63 << 10 | 3) + b"(N\0\0"
            + struct.pack("<7H", 59 << 10, 0, 1500, 9 << 10, 61 << 10 | 1, 60 << 10 | 2, 62 << 10 | 1) + struct.pack("<2H", 41 << 10 | 9, 0),
            "notes": struct.pack("<2H", 22 << 10, 63 << 10 | 23) + b"## time resolution: 250\0" + struct.pack("<2H", 1 << 10 | 5, 0)},
        "heartbeats": {"row": b",".join(b"%.1e" % (i / 186) for i in range(187)) + b",2.0e+00\r\n",
                       "short": b"0.5,1e-3,.25,-1E+2\n", "digits": b"1.000000059604644775390625,0.1000000014901161193847656\n"},
        "labels": {"few": b"A00001,N\nA00002,A\r\nA00003,O\n\nA00004,~\n", "mark": b"\xef\xbb\xbfA1,N\n"},
        "zlib": {"deflated": zlib.compress(plain, 9), "stored": zlib.compress(b"abc", 0), "empty": zlib.compress(b""),
                 "zeros": zlib.compress(bytes(100_000), 9)},
        "archive": {"deflated.zip": zipped(files), "stored.zip": zipped({"a/b": b"abc", "../c": b""}, zipfile.ZIP_STORED),
                    "empty.zip": zipped({}), "plain.tar": tarred({"a": b"abc"}),
                    "packed.tar.gz": gzip.compress(tarred(files), 9, mtime=0),
                    "packed.tar.xz": lzma.compress(tarred(files))},
        "xz": {"text": lzma.compress(plain), "empty": lzma.compress(b""), "zeros": lzma.compress(bytes(100_000))},
        "safetensors": {
            "two": tensors({"W": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
                            "b": {"dtype": "F16", "shape": [2], "data_offsets": [8, 12]}}, floats(1, -2.5) + f16),
            "metadata": tensors({"__metadata__": {"a": "b \\u00e9"},
                                 "n": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}, struct.pack("<q", -3)),
            "none": tensors({}, b"")},
        "npy": {"floats": array("<f4", "(2, 3)", floats(1, 2, 3, 4, 5, 6)), "scalar": array("<f8", "()", struct.pack("<d", 2)),
                "bytes": array("|u1", "(3,)", bytes(3)), "none": array("<i4", "(0, 2)", b"")},
        "response": {
            "answer": frame({"answer": {}}, ("H", [2, 1], "f", floats(1, -2.5)), ("starts", [2], "i", integers(1 << 24, 7))),
            "failure": frame({"failure": {"_0": "no such model"}}), "catalogue": frame({"catalogue": {"_0": ["Toy"]}}),
            "stub": frame({"notImplemented": {"_0": {"task": "4.1", "file": "Toy.swift", "line": 7}}}),
            "epoch": frame({"epoch": {"_0": {"epoch": 1, "batch": 2, "batchCount": 3, "trainLoss": "nan",
                                             "trainAccuracy": 0.5, "examplesPerSecond": "inf"}}})},
        "request": {
            "describe": frame({"describe": {}}), "predictions": training(),
            "forward": frame({"ask": {"_0": {"forward": {"_0": {}}}, "about": {"name": "Toy", "settings": {"a": [1, "b"]}}}},
                             ("x", [1], "f", floats(1)))},
        "worksheet": {"value": "printed\x1evalue\x1f7\x1floss\x1f3\x1f0.5\x1d0.25".encode(), "thrown": b"\x1ethrown\x1f12\x1f7"},
        "csv": {"commas": b"a,b,c\r\n1,\"x, y\",\"say \"\"no\"\"\"\r\n", "semicolons": b"\xef\xbb\xbfsep=;\na;b\n1,5;2\n",
                "tabs": b"a\tb\n \"c\" \td\n", "latin": "Müller;Zoë\n".encode("latin-1"), "wide": "a,é\n".encode("utf-16")},
        "assignment": {"toy.yml": ASSIGNMENT.encode(), "anchors.yml": b"a: &a [1, 2]\nb: *a\n? [c]\n: !!str 1\n"},
        "answers": {"sheet": SHEET.encode(), "damaged": SHEET.replace("<!-- end Q1 -->", "<!-- answer Q1 -->").encode(),
                    "dashes": SHEET.replace("--", "—").encode()},
        "roster": {"canvas": b"Student,ID,SIS User ID,SIS Login ID,Section\n\"Doe, Jane\",1,1234567,jdoe,A\n",
                   "moodle": b"First name,Last name,ID number,Email address\nJane,Doe,1234567,jane@example.org\n",
                   "brightspace": b"OrgDefinedId,Username,End-of-Line Indicator\n#1234567,#jdoe,#\n"},
        "platform": {"brightspace": b"397063-2557369 - Jane Doe - Sep 24, 2024 926 PM", "canvas": b"doejane_LATE_123_4567_Toy.swift",
                     "moodle": b"Jane Doe_12345_assignsubmission_file_", "group": b"Group 3-Jane Doe_12345_assignsubmission_onlinetext_",
                     "dutch": "397063-2557369 - Zoë - okt 3, 2024 1159".encode(), "anonymous": b"anon_aB3dE_4567_text.html"},
        "gradescope": {"one.yml": GRADESCOPE.encode(), "anchors.yml": b"a: &a\n  :submitters: []\nb: *a\n"},
    }


def plain(reader: str, name: str, contents: bytes) -> object:
    """What must agree: a stream of another version of zlib or xz is as good as one of this."""
    if reader == "zlib":
        return zlib.decompress(contents)
    if reader == "xz" or name.endswith(".xz"):
        return lzma.decompress(contents)
    if name.endswith(".gz"):
        return gzip.decompress(contents)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            return [(entry.filename, entry.compress_type, archive.read(entry)) for entry in archive.infolist()]
    return contents


def main() -> None:
    check = "--check" in sys.argv[1:]
    wrong = []
    for reader, files in corpus().items():
        folder = HERE / "Corpus" / reader
        folder.mkdir(parents=True, exist_ok=True)
        for name, contents in files.items():
            path = folder / name
            if not check:
                path.write_bytes(contents)
            elif not path.exists() or plain(reader, name, path.read_bytes()) != plain(reader, name, contents):
                wrong.append(path)
        wrong += [path for path in folder.iterdir() if path.name not in files and not path.name.startswith("find-")]
    if wrong:
        sys.exit("not as Tests/Fuzz/corpus.py makes it: " + ", ".join(str(path.relative_to(HERE)) for path in wrong))


if __name__ == "__main__":
    main()
