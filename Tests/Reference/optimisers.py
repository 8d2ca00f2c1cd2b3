#!/usr/bin/env python3
"""Steps of SGD and Adam by PyTorch in float64, on given gradients.

Run `python Tests/Reference/optimisers.py` to write, with `--check` to compare:
Tests/OptimisationTests/Fixtures/optimisers.json (needs torch and numpy).
There is no random generator: numbers follow the formula in reference.py.

Each case: the optimiser and its settings, `start` (6 numbers; zeros show the digits of a small
step that a start of 1 would round away), `gradients` (one list for each step) and `after` (the
parameter after each step), float32 values.
"""

import sys

import numpy as np
import torch

from reference import finish, tensor

STEPS, COUNT = 6, 6


def floats(values):
    # As printed by numpy, the shortest text that gives the same float32.
    return [float(str(np.float32(value))) for value in values.flatten().tolist()]


def record(kind, name, start, scale, **settings):
    parameter = torch.nn.Parameter(start.clone())
    optimiser = getattr(torch.optim, kind)([parameter], **settings)
    gradients, after = [], []
    for step in range(STEPS):
        gradient = tensor([COUNT], 40 + step, scale)
        gradients.append(floats(gradient))
        parameter.grad = gradient
        optimiser.step()
        after.append(floats(parameter.detach()))
    return {"name": name, "kind": kind, "settings": settings, "start": floats(start),
            "gradients": gradients, "after": after}  # fmt: skip


zeros, ones = torch.zeros(COUNT, dtype=torch.float64), tensor([COUNT], 50)
content = {
    "source": "Tests/Reference/optimisers.py, float64, numbers by formula",
    "cases": [
        record("SGD", "from zero", zeros, 1.0, lr=0.1),
        record("SGD", "from noise", ones, 1.0, lr=0.01),
        record("Adam", "defaults from zero", zeros, 1.0, lr=0.001),
        record("Adam", "defaults from noise", ones, 1.0, lr=0.001),
        record("Adam", "all settings", zeros, 1.0, lr=0.05, betas=(0.8, 0.95), eps=1e-3),
        record("Adam", "small gradients", zeros, 1e-6, lr=0.001),
    ],
}
sys.exit(finish(__doc__, {"OptimisationTests/Fixtures/optimisers.json": content}))
