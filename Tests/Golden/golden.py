#!/usr/bin/env python3
"""What a change of the house's form must leave as it was, byte for byte.

    Tests/Golden/golden.py record OUT.json [--root FOLDER] [--matrix]
    Tests/Golden/golden.py compare BEFORE.json AFTER.json

`record` runs the tool of a built working copy (this one, or --root) and writes hashes:

- checkpoints: each network of the Solutions trained for one epoch on the synthetic set with seed 1;
- answers: the recorded answers of a student's copy (`release --quick`);
- grades: `grades.csv` of a class of three (Solutions, stubs, σ in the input node) with a fixed seed;
- matrix: mistakes by checks with a fixed seed (--matrix; ten minutes).

Floating-point results depend on the processor and on OpenBLAS, so both sides are recorded on one machine,
and no hash is kept in the repository. How fast the trainings were stands beside it and is not compared.
"""
import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

UNIT = "RecurrentNetworks"
NETWORKS = ["MeanSpectrumNet", "FullyConnectedNet", "ConvNet", "RNNNet", "LSTMNet", "BuiltinLSTMNet"]


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Tool:
    """The tool of a working copy."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root

    def run(self, *arguments: str, ends: tuple[int, ...] = (0,)) -> None:
        done = subprocess.run(
            [str(self.root / "rhythm"), *arguments], cwd=self.root, capture_output=True, text=True)
        if done.returncode not in ends:
            sys.exit(f"rhythm {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def checkpoints(tool: Tool, folder: pathlib.Path) -> tuple[dict[str, str], dict[str, float]]:
    data = folder / "synthetic"
    tool.run("data", "synthetic", "--out", str(data))
    hashes, seconds = {}, {}
    for network in NETWORKS:
        path = folder / f"{network}.safetensors"
        begin = time.perf_counter()
        tool.run(
            "train", network, "--solutions", "--seed", "1", "--epochs", "1", "--data", str(data),
            "--checkpoint", str(path))
        seconds[network] = round(time.perf_counter() - begin, 1)
        hashes[network] = digest(path)
    return hashes, seconds


def answers(tool: Tool, folder: pathlib.Path) -> dict[str, str]:
    tool.run("release", "--out", str(folder / "students"), "--quick")
    found = sorted((folder / "students/Grader/Answers").glob("*.safetensors"))
    return {path.name: digest(path) for path in found}


def grades(tool: Tool, folder: pathlib.Path) -> dict[str, str]:
    solutions, stubs = (tool.root / name / UNIT for name in ("Solutions", "Assignments"))
    wrong = ("let C_tilde = try tanh", "let C_tilde = try sigmoid")
    for name, source in (("ann", solutions), ("ben", stubs), ("cleo", solutions)):
        submission = folder / "class" / name
        submission.mkdir(parents=True)
        for file in sorted(stubs.glob("*.swift")):
            if not (solutions / file.name).exists():
                continue
            text = (source / file.name).read_text()
            (submission / file.name).write_text(text.replace(*wrong) if name == "cleo" else text)
    tool.run(
        "grade", str(folder / "class"), "--out", str(folder / "graded"), "--seed", "2017",
        "--without-accuracy", ends=(0, 3))
    # the mark in front is for spreadsheets, and no grade
    table = (folder / "graded/grades.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    return {"grades.csv": hashlib.sha256(table).hexdigest()}


def matrix(tool: Tool, folder: pathlib.Path) -> dict[str, str]:
    path = folder / "matrix.md"
    tool.run("mistakes", "--seed", "11", "--pairs", "0", "--out", str(path), ends=(0, 1))
    return {"matrix": digest(path)}


def record(arguments: argparse.Namespace) -> None:
    tool = Tool(arguments.root.resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        hashes, seconds = checkpoints(tool, folder)
        result = {"checkpoints": hashes, "answers": answers(tool, folder), "grades": grades(tool, folder)}
        if arguments.matrix:
            result["matrix"] = matrix(tool, folder)
        result["seconds"] = seconds
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")


def compare(arguments: argparse.Namespace) -> None:
    before, after = (json.loads(path.read_text()) for path in (arguments.before, arguments.after))
    differences = []
    for kind in sorted((before.keys() | after.keys()) - {"seconds"}):
        if kind not in before or kind not in after:
            differences.append(f"{kind} was recorded on one side only")
            continue
        for name in sorted(before[kind].keys() | after[kind].keys()):
            if before[kind].get(name) != after[kind].get(name):
                differences.append(f"{kind}: {name} is not what it was")
    print("\n".join(differences) or "all as it was")
    sys.exit(1 if differences else 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=re.sub(r"\n.*", "", __doc__))
    commands = parser.add_subparsers(required=True)
    recording = commands.add_parser("record")
    recording.add_argument("out", type=pathlib.Path)
    recording.add_argument(
        "--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent.parent)
    recording.add_argument("--matrix", action="store_true")
    recording.set_defaults(run=record)
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=pathlib.Path)
    comparing.add_argument("after", type=pathlib.Path)
    comparing.set_defaults(run=compare)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
