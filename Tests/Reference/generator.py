#!/usr/bin/env python3
"""PyTorch's random numbers for a few seeds, and its default initialisation of layers.

Run `python Tests/Reference/generator.py` to write, with `--check` to compare:
Tests/TensorCoreTests/Fixtures/generator.json (needs torch and numpy). Every entry starts from a
generator that was just seeded; floats are float32 values.

raw: the Mersenne Twister's 32-bit outputs (by NumPy's, which is seeded alike). randperm: the first
and last entries of a permutation of `count`. rand, randn: `randn` of fewer than 16 numbers takes
another way in PyTorch (pairs in float64, one number at a time) than of 16 and more (blocks of 16,
the last one drawn anew when the count is no multiple); its vectorised logarithm and cosine are
exact to about 1e-6 only. layers: weight as PyTorch lays it out (Linear [out, in], Conv1d
[out, in, kernel]), drawn before the bias, both uniform in +-bound = 1 / sqrt(fan-in).
"""

import math
import sys

import numpy as np
import torch

from reference import finish

SEEDS = [0, 1, 12345, 2**32 - 1]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def floats(values):
    # As printed by numpy, the shortest text that gives the same float32.
    return [float(str(np.float32(value))) for value in values.flatten().tolist()]


def raw(seed):
    outputs = np.random.RandomState(seed)._bit_generator.random_raw(4)
    return {"seed": seed, "values": [int(value) for value in outputs]}


def permutation(seed, count):
    values = torch.randperm(count, generator=seeded(seed)).tolist()
    assert sorted(values) == list(range(count))
    return {"seed": seed, "count": count, "head": values[:16], "tail": values[-8:]}


def layer(seed, kind, fan_in, **sizes):
    torch.manual_seed(seed)
    module = getattr(torch.nn, kind)(**sizes)
    bound = 1 / math.sqrt(fan_in)
    for values in module.parameters():
        assert values.abs().max() <= bound
    return {"seed": seed, "kind": kind, "sizes": list(sizes.values()), "bound": bound,
            "shape": list(module.weight.shape), "weight": floats(module.weight.detach()),
            "bias": floats(module.bias.detach())}  # fmt: skip


content = {
    "source": "Tests/Reference/generator.py",
    "raw": [raw(seed) for seed in SEEDS],
    "randperm": [permutation(12345, 5622), permutation(0, 10), permutation(7, 1),
                 permutation(2**32 - 1, 1000)],
    "rand": [{"seed": seed, "values": floats(torch.rand(8, generator=seeded(seed)))}
             for seed in SEEDS],
    "randn": [{"seed": seed, "values": floats(torch.randn(count, generator=seeded(seed)))}
              for seed, count in [(0, 8), (1, 15), (12345, 16), (12345, 20), (1, 32)]],
    "layers": [layer(0, "Linear", 4, in_features=4, out_features=3),
               layer(1, "Linear", 17, in_features=17, out_features=1),
               layer(2, "Conv1d", 6, in_channels=2, out_channels=3, kernel_size=3)],
}  # fmt: skip
assert content["randperm"][0]["head"][:8] == [4998, 401, 2227, 504, 780, 3325, 1444, 5145]
sys.exit(finish(__doc__, {"TensorCoreTests/Fixtures/generator.json": content}))
