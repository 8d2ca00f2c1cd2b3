#!/usr/bin/env python3
"""Layers beyond the course's own networks, by PyTorch's modules in float64.

Run `python Tests/Reference/layers.py` to write, with `--check` to compare:
Tests/NeuralNetworksTests/Fixtures/layers.safetensors (needs torch and numpy).
There is no random generator: numbers follow the formula in reference.py.

Tensors of a case are `CASE/x` (the input), `CASE/out`, `CASE/upstream`, `CASE/gradX`, and for each
parameter NAME `CASE/NAME` and `CASE/grad:NAME`, in our layout: weights of recurrences `[in, out]`,
the GRU's gates in the order reset, update, candidate, the LSTM's in the order input, forget,
output, node. Batch normalisation runs two training steps and then one in evaluation mode; the
figures are those of step 2 and, as `CASE/eval`, of the evaluation.
"""

import sys

import torch

from reference import finish, float32, tensor, upstream

arrays = {}


def ours(module, name, value):
    """A parameter of PyTorch's layout in ours."""
    if "weight_ih" in name or "weight_hh" in name:
        value = value.T
    if isinstance(module, torch.nn.LSTM):
        i, f, g, o = value.chunk(4, -1)
        value = torch.cat([i, f, o, g], -1)
    return value


def fill(module):
    for k, (name, parameter) in enumerate(module.named_parameters()):
        offset = 1.0 if name == "weight" and parameter.dim() == 1 else 0.0
        parameter.data = tensor(list(parameter.shape), 70 + k, 0.6, offset)


def record(case, module, x, run):
    x = x.clone().requires_grad_()
    module.zero_grad()
    out = run(module, x)
    above = upstream(list(out.shape))
    (out * above).sum().backward()
    arrays[f"{case}/x"], arrays[f"{case}/gradX"] = float32(x), float32(x.grad)
    arrays[f"{case}/out"], arrays[f"{case}/upstream"] = float32(out), float32(above)
    for name, parameter in module.named_parameters():
        arrays[f"{case}/{name}"] = float32(ours(module, name, parameter.data))
        arrays[f"{case}/grad:{name}"] = float32(ours(module, name, parameter.grad))


def single(case, module, x):
    module = module.double()
    fill(module)
    record(case, module, x, lambda m, x: m(x))


single("layerNorm", torch.nn.LayerNorm(5), tensor([2, 3, 5], 80, 2.0, 0.5))
for case, shape in {
    "batchNorm2d": [6, 3], "batchNorm3d": [4, 3, 5], "batchNorm4d": [2, 3, 4, 5],
}.items():
    kind = torch.nn.BatchNorm2d if len(shape) == 4 else torch.nn.BatchNorm1d
    module = kind(shape[1]).double()
    fill(module)
    first = tensor(shape, 81, 2.0, 0.5)
    module(first)
    arrays[f"{case}/first"] = float32(first)
    record(case, module, tensor(shape, 82, 1.0, -0.5), lambda m, x: m(x))
    arrays[f"{case}/runningMean"] = float32(module.running_mean)
    arrays[f"{case}/runningVariance"] = float32(module.running_var)
    module.eval()
    record(f"{case}/eval", module, tensor(shape, 83), lambda m, x: m(x))

single("conv2d", torch.nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), tensor([2, 4, 5, 6], 84))
for n, t, f, h in [(3, 5, 4, 6), (1, 1, 1, 1)]:
    module = torch.nn.GRU(f, h, batch_first=True).double()
    fill(module)
    record(f"gru{n}", module, tensor([n, t, f], 85), lambda m, x: m(x)[0])
module = torch.nn.LSTM(3, 4, batch_first=True, bidirectional=True).double()
fill(module)
record("bidirectional", module, tensor([2, 5, 3], 86), lambda m, x: m(x)[0])

sys.exit(finish(__doc__, {"NeuralNetworksTests/Fixtures/layers.safetensors": arrays}))
