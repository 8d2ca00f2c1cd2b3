#!/usr/bin/env python3
"""Steps, schedules and clipping of PyTorch's optimisers in float64, on given gradients.

Run `python Tests/Reference/optimisers.py` to write, with `--check` to compare:
Tests/OptimisationTests/Fixtures/optimisers.json (needs torch and numpy).
There is no random generator: numbers follow the formula in reference.py.

Each case: the optimiser and its settings, `start` (6 numbers; zeros show the digits of a small
step that a start of 1 would round away), `gradients` (one list for each step) and `after` (the
parameter after each step), float32 values. `schedules` hold the learning rate at each step,
`plateaus` the figures given and the rate after each, `clipping` gradients before and after.
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


def rates(name, make, steps=12, **settings):
    """The learning rate at each step of a schedule, starting from 0.5."""
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1).double())], lr=0.5)
    schedule = make(optimiser)
    values = []
    for _ in range(steps):
        values.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return {"name": name, "settings": settings, "rates": values}


def plateau(name, figures, **settings):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1).double())], lr=0.5)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, **settings)
    after = []
    for figure in figures:
        schedule.step(figure)
        after.append(optimiser.param_groups[0]["lr"])
    return {"name": name, "settings": settings, "figures": figures, "rates": after}


def clipped(name, scale, norm=None, value=None):
    """Gradients of two parameters, [6] and [2], clipped."""
    parameters = [torch.nn.Parameter(torch.zeros(n).double()) for n in (6, 2)]
    for k, parameter in enumerate(parameters):
        parameter.grad = tensor([len(parameter)], 60 + k, scale)
    before = [floats(p.grad) for p in parameters]
    total = None
    if norm is not None:
        total = torch.nn.utils.clip_grad_norm_(parameters, norm).item()
    else:
        torch.nn.utils.clip_grad_value_(parameters, value)
    return {"name": name, "norm": norm, "value": value, "total": total, "before": before,
            "after": [floats(p.grad) for p in parameters]}  # fmt: skip


schedulers = torch.optim.lr_scheduler
figures = [1.0, 0.9, 0.95, 0.9, 0.91, 0.92, 0.5, 0.6, 0.49999, 0.55, 0.6, 0.7, 0.8]
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
        record("Adam", "weight decay", ones, 1.0, lr=0.01, weight_decay=0.1),
        record("AdamW", "defaults", ones, 1.0, lr=0.001),
        record("AdamW", "all settings", ones, 1.0, lr=0.05, betas=(0.8, 0.95), eps=1e-3,
               weight_decay=0.2),
        record("SGD", "momentum", zeros, 1.0, lr=0.1, momentum=0.9),
        record("SGD", "nesterov", zeros, 1.0, lr=0.1, momentum=0.9, nesterov=True),
        record("SGD", "decay", ones, 1.0, lr=0.1, weight_decay=0.3),
        record("SGD", "all settings", ones, 1.0, lr=0.1, momentum=0.8, nesterov=True,
               weight_decay=0.3),
        record("SGD", "dampening", ones, 1.0, lr=0.1, momentum=0.9, dampening=0.4),
        record("SGD", "dampening and decay", ones, 1.0, lr=0.1, momentum=0.8, dampening=1.0,
               weight_decay=0.3),
        record("RMSprop", "defaults", zeros, 1.0, lr=0.01),
        record("RMSprop", "all settings", ones, 1.0, lr=0.02, alpha=0.9, eps=1e-3, momentum=0.7,
               weight_decay=0.1),
    ],
    "schedules": [
        rates("step", lambda o: schedulers.StepLR(o, 4, 0.3), period=4, gamma=0.3),
        rates("exponential", lambda o: schedulers.ExponentialLR(o, 0.8), gamma=0.8),
        rates("cosine", lambda o: schedulers.CosineAnnealingLR(o, 12, 0.05), steps=13, period=12,
              minimum=0.1),
        rates("warm-up", lambda o: schedulers.LinearLR(o, 0.2, 1.0, 5), period=5, start=0.2),
        rates("warm-up, then cosine", lambda o: schedulers.SequentialLR(
            o, [schedulers.LinearLR(o, 0.2, 1.0, 4), schedulers.CosineAnnealingLR(o, 8)], [4]),
            period=4, start=0.2, then=8),
        # the step size after the last of 15 batches is the least
        rates("one cycle", lambda o: schedulers.OneCycleLR(o, 0.5, total_steps=16, pct_start=0.2, cycle_momentum=False),
              steps=16, period=15, rising=0.2),
        rates("one cycle", lambda o: schedulers.OneCycleLR(o, 0.5, total_steps=10, cycle_momentum=False), steps=10,
              period=9, rising=0.3),
        rates("one cycle", lambda o: schedulers.OneCycleLR(o, 0.5, total_steps=3, pct_start=0.2, cycle_momentum=False),
              steps=3, period=2, rising=0.2),
    ],
    "plateaus": [
        plateau("smaller", figures, patience=2, factor=0.5),
        plateau("larger", figures, mode="max", patience=1, factor=0.1, min_lr=0.002),
    ],
    "clipping": [
        clipped("long", 3.0, norm=1.5), clipped("short", 0.1, norm=1.5),
        clipped("values", 3.0, value=0.7),
    ],
}
sys.exit(finish(__doc__, {"OptimisationTests/Fixtures/optimisers.json": content}))
