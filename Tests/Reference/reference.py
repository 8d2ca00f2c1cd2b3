"""What the reference scripts share: numbers, and writing and checking fixtures.

Numbers come from a formula (noise.py) instead of a random generator.

Everything is computed in float64 from inputs that were first rounded to float32, then stored as
float32: the stored results are the exact ones, rounded once.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import torch

from noise import noise

TESTS = pathlib.Path(__file__).resolve().parent.parent
KINDS = {"F32": np.dtype("<f4"), "I32": np.dtype("<i4")}


def tensor(shape, stream, scale=1.0, offset=0.0):
    """A float64 tensor of float32 values: noise * scale + offset."""
    count = int(np.prod(shape, dtype=np.int64))
    values = (noise(count, stream) * scale + offset).astype(np.float32)
    return torch.from_numpy(values.astype(np.float64)).reshape(shape)


def numbers(*values):
    """A vector."""
    return torch.tensor(values, dtype=torch.float64)


def upstream(shape):
    """A gradient to come from above that differs in every entry: cos(0.7 i + 0.3)."""
    count = int(np.prod(shape, dtype=np.int64))
    values = np.cos(0.7 * np.arange(count) + 0.3).astype(np.float32)
    return torch.from_numpy(values.astype(np.float64)).reshape(shape)


def float32(value):
    """The tensor as a numpy array of float32."""
    return value.detach().numpy().astype(np.float32)


class Calls:
    """Calls of functions and models, with their results, what they leave in buffers, and their gradients.

    Of a gradient there are 16 numbers spread over it, and its norm. Numbers are those of `noise`, by streams from
    `first` on; a list of a name, a shape and perhaps scale and offset describes a tensor.
    """

    def __init__(self, first):
        self.first, self.arrays, self.cases = first, {}, []
        self.streams = iter(range(first, first + 10000))

    def numbers(self, name, shape, scale=1.5, offset=0):
        """An entry of the list of cases, and the tensor that it describes."""
        entry = {"name": name, "shape": shape, "stream": next(self.streams), "scale": scale, "offset": offset}
        return entry, tensor(shape, entry["stream"], scale, offset)

    @staticmethod
    def sampled(gradient):
        flat = gradient.flatten()
        n = min(len(flat), 16)
        return float32(flat[[i * len(flat) // n for i in range(n)]])

    def record(self, subject, sizes, function, inputs, results, state=([], []), training=False, batches=(), integers=None):
        """function(inputs, parameters and buffers by name, training) gives the results; state are lists of parameters and of
        buffers, batches shapes of the first input in calls before."""
        parameters = [self.numbers(*entry) for entry in state[0]]
        buffers = [self.numbers(*entry) for entry in state[1]]
        before = [self.numbers(f"batch:{k}:{inputs[0][0]}", shape) for k, shape in enumerate(batches)]
        inputs = [self.numbers(*entry) for entry in inputs]
        for _, value in parameters + inputs:
            value.requires_grad_()
        p = {entry["name"]: value.clone() for entry, value in parameters + buffers}
        for _, value in before:
            function([value], p, True)
        values = function([value for _, value in inputs], p, training)
        name = f"{len(self.cases):02}-{subject}"
        for result, value in zip(results, values, strict=True):
            self.arrays[f"{name}/{result}"] = float32(value)
        for entry, _ in buffers:
            self.arrays[f"{name}/state/{entry['name']}"] = float32(p[entry["name"]])
        if inputs:
            sum((value * upstream(list(value.shape))).sum() for value in values).backward()
        for entry, value in inputs + parameters:
            gradient = torch.zeros_like(value) if value.grad is None else value.grad
            self.arrays[f"{name}/grad/{entry['name']}"] = self.sampled(gradient)
            self.arrays[f"{name}/norm/{entry['name']}"] = float32(gradient.norm().reshape(1))
        self.cases.append({
            "name": name, "subject": subject, "sizes": sizes, "isTraining": training,
            "batches": [entry for entry, _ in before], "inputs": [entry for entry, _ in inputs],
            "integers": integers or {}, "parameters": [entry for entry, _ in parameters + buffers],
            "buffers": [entry["name"] for entry, _ in buffers], "results": list(results)})  # fmt: skip


class Grid:
    """Operations on inputs, with their values and gradients by PyTorch.

    The tensors of a case are `CASE/OP/in0`, `in1`, ... (float32, or int32 for labels, indices and
    masks), `out`, and where there is a gradient `upstream` (what arrives at `out`) and `grad0`,
    `grad1`, ... (of sum(out * upstream) for each float input that has one).
    """

    def __init__(self):
        self.cases, self.arrays = [], {}

    def case(self, op, name, function, *inputs, **parameters):
        """Records the operation on the inputs; integer and boolean ones get no gradient."""
        name = f"{op}-{name}"
        assert not any(entry["name"] == name for entry in self.cases), name
        leaves = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
        out = function(*leaves)
        key = f"{name}/{op}"
        if out.requires_grad:
            above = upstream(list(out.shape))
            (out * above).sum().backward()
            self.arrays[f"{key}/upstream"] = float32(above)
        for index, leaf in enumerate(leaves):
            if leaf.is_floating_point():
                self.arrays[f"{key}/in{index}"] = float32(leaf)
                if leaf.grad is not None:
                    self.arrays[f"{key}/grad{index}"] = float32(leaf.grad)
            else:
                self.arrays[f"{key}/in{index}"] = leaf.numpy().astype(np.int32)
        self.arrays[f"{key}/out"] = float32(out)
        entry = {"name": name, "op": op, "inputs": len(inputs), "parameters": parameters}
        self.cases.append(entry)

    def packed(self, folder):
        """For `finish`, a listing that says which tensors a case has, `[[name, shape], ...]`, and
        the numbers of all of them in one array, in that order: many small tensors in little room.
        Integers are stored as floats; `upstream` follows its formula and is left out.
        """
        cases, numbers = [], []
        for entry in self.cases:
            prefix = f"{entry['name']}/{entry['op']}/"
            own = [(key.removeprefix(prefix), array) for key, array in self.arrays.items()
                   if key.startswith(prefix) and not key.endswith("/upstream")]  # fmt: skip
            tensors = [[name, list(array.shape)] for name, array in own]
            cases.append({**entry, "tensors": tensors})
            numbers += [array.astype(np.float32).ravel() for _, array in own]
        listing = {"source": f"Tests/Reference/{pathlib.Path(sys.argv[0]).name}", "cases": cases}
        return {
            f"{folder}.safetensors": {"values": np.concatenate(numbers)},
            f"{folder}.json": listing,
        }


def text(*shapes):
    """[2, 3] and [] as 2x3-scalar."""
    return "-".join("x".join(map(str, shape)) or "scalar" for shape in shapes)


def encode_safetensors(arrays, metadata):
    """The file's bytes: header length (8 bytes, little-endian), JSON header, data; names sorted."""
    header, chunks, offset = {"__metadata__": metadata}, [], 0
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        kind = "I32" if array.dtype.kind == "i" else "F32"
        data = array.astype(KINDS[kind]).tobytes()
        header[name] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(chunks)


def decode_safetensors(data):
    """The arrays of such a file by name."""
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], KINDS[entry["dtype"]]).reshape(
            entry["shape"]
        )
        for name, entry in header.items()
    }


def differences(path, arrays):
    """Sentences on how the committed safetensors file differs from the arrays."""
    old, found = decode_safetensors(path.read_bytes()), []
    for name in sorted(old.keys() ^ arrays.keys()):
        found.append(f"{name}: only in {'the file' if name in old else 'the new ones'}")
    for name in sorted(old.keys() & arrays.keys()):
        ours, new = old[name], np.asarray(arrays[name])
        if ours.shape != new.shape:
            found.append(f"{name}: shape {ours.shape}, now {new.shape}")
        # Another version of torch may add up in another order, and that in float64.
        elif not np.allclose(ours, new, rtol=1e-6, atol=1e-7, equal_nan=True):
            found.append(f"{name}: differs by up to {np.abs(ours - new).max()}")
    return found


def finish(description, files):
    """Writes the files, or with --check compares them; the script's exit status.

    `files` maps a path below Tests/ to a dictionary of arrays (.safetensors) or to a value (.json).
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check, status = parser.parse_args().check, 0
    for relative, content in files.items():
        path = TESTS / relative
        if path.suffix == ".json":
            data = (json_text(content) + "\n").encode()
        else:
            metadata = {"source": f"Tests/Reference/{pathlib.Path(sys.argv[0]).name}"}
            data = encode_safetensors(content, metadata)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(f"{relative}: {len(data)} bytes")
            continue
        if not path.exists():
            found = ["is missing"]
        elif path.suffix == ".json":
            found = [] if same(json.loads(path.read_text()), json.loads(data)) else ["differs"]
        else:
            found = differences(path, content)
        for line in found:
            print(f"{relative}: {line}")
        if found:
            status = 1
        else:
            print(f"{relative}: agrees")
    return status


def json_text(value):
    """JSON with one entry of the top lists a line: short, and still readable in a diff."""
    parts = []
    for key, entry in value.items():
        if isinstance(entry, list) and entry and isinstance(entry[0], dict):
            lines = ",\n    ".join(json.dumps(item) for item in entry)
            parts.append(f"  {json.dumps(key)}: [\n    {lines}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(entry)}")
    return "{\n" + ",\n".join(parts) + "\n}"


def same(old, new):
    """Equal, numbers within 1e-6."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, float) or isinstance(new, float):
        return abs(old - new) <= 1e-6 * max(1.0, abs(old))
    return old == new
