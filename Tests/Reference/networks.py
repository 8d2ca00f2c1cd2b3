#!/usr/bin/env python3
"""Reference values and gradients of the unit's cells and networks, by PyTorch in float64.

Run `python Tests/Reference/networks.py` to write, with `--check` to compare:
Tests/CourseTests/Fixtures/networks.safetensors and .json (needs torch and numpy).
There is no random generator: numbers follow the formula in reference.py.

Cells (section 4.7 of the unit: the equations of `rnn` and `lstm` below), everything stored:
`CELL/SIZES/` and `x` [N, T, F], the parameters by name (weights [in, out]), `outputs` [N, T, H],
`H`, for the LSTM `C` (final states [N, H]), `upstream/outputs|H|C`, `grad/x` and `grad/PARAMETER`
of sum(outputs * upstream/outputs) + sum(H * upstream/H) + sum(C * upstream/C).

Networks, at the course's sizes, input [3, 40, 17]: parameters and input are made by the formula,
parameter = noise(count, stream) * scale, row-major, with stream and scale from networks.json. Stored:
`NETWORK/outputs` [N, 1], `NETWORK/upstream`, `NETWORK/inputGrad` (at the sampled places), and for
each parameter `NETWORK/grad/PARAMETER`: the gradient of sum(outputs * upstream) at the places
floor(i * count / n) for i < n = min(count, 16), and `NETWORK/norm/PARAMETER`, its length (the root
of the sum of squares).

Conventions: a Linear's weight is [in, out] and its result x W + b; a Conv1d's weight is
[out, in, kernel]; the built-in LSTM's W_x [F, 4H], W_h [H, 4H], b [4H] are packed in the order
`gates` of networks.json. Parameters are listed in the order in which a network declares them.
"""

import sys

import torch
import torch.nn.functional as F

from reference import finish, float32, tensor, upstream

# The built-in LSTM's packing, in the order of the equations; g is the input node C̃.
GATES = ["i", "f", "o", "g"]
RNN = ["W_xh", "W_hh", "b_h"]
LSTM = [f"{kind}{gate}" for gate in "ifoc" for kind in ("W_x", "W_h", "b_")]

arrays = {}


def rnn(x, p):
    """H = tanh(X W_xh + H W_hh + b_h), from a zero state."""
    H, outputs = x.new_zeros(x.shape[0], p["W_hh"].shape[0]), []
    for X in x.unbind(1):
        H = torch.tanh(X @ p["W_xh"] + H @ p["W_hh"] + p["b_h"])
        outputs.append(H)
    return torch.stack(outputs, 1), {"H": H}


def lstm(x, p):
    """Dive into Deep Learning, section 10.1, from zero states."""
    H = C = x.new_zeros(x.shape[0], p["W_hi"].shape[0])
    outputs = []
    for X in x.unbind(1):
        I = torch.sigmoid(X @ p["W_xi"] + H @ p["W_hi"] + p["b_i"])  # noqa: E741
        F_ = torch.sigmoid(X @ p["W_xf"] + H @ p["W_hf"] + p["b_f"])
        O = torch.sigmoid(X @ p["W_xo"] + H @ p["W_ho"] + p["b_o"])  # noqa: E741
        C_tilde = torch.tanh(X @ p["W_xc"] + H @ p["W_hc"] + p["b_c"])
        C = F_ * C + I * C_tilde
        H = O * torch.tanh(C)
        outputs.append(H)
    return torch.stack(outputs, 1), {"H": H, "C": C}


def cell_shape(name, features, hiddens):
    if name.startswith("W_x"):
        return [features, hiddens]
    return [hiddens, hiddens] if name.startswith("W_h") else [hiddens]


def assert_agrees_with_torch(cell, module, x, p, gates):
    """torch.nn's module on the same numbers: proves the equations above."""
    def packed(prefix):
        return torch.cat([p[f"{prefix}{gate}"] for gate in gates], -1)

    h = p[f"W_h{gates[0]}"].shape[0]
    values = {"weight_ih_l0": packed("W_x").T, "weight_hh_l0": packed("W_h").T,
              "bias_ih_l0": packed("b_"), "bias_hh_l0": torch.zeros(len(gates) * h).double()}  # fmt: skip
    module = module(x.shape[2], h, batch_first=True).double()
    theirs, _ = torch.func.functional_call(module, values, (x,))
    assert torch.allclose(cell(x, p)[0], theirs, atol=1e-12)


def record_cell(kind, n, t, f, h):
    cell, names = {"rnn": (rnn, RNN), "lstm": (lstm, LSTM)}[kind]
    key = f"{kind}/{n}x{t}x{f}-h{h}"
    x = tensor([n, t, f], 0).requires_grad_()
    p = {
        name: tensor(cell_shape(name, f, h), 1 + k, 0.8).requires_grad_()
        for k, name in enumerate(names)
    }
    if kind == "rnn":
        renamed = {"W_xh": p["W_xh"], "W_hh": p["W_hh"], "b_h": p["b_h"]}
        assert_agrees_with_torch(rnn, torch.nn.RNN, x, renamed, "h")
    else:
        assert_agrees_with_torch(lstm, torch.nn.LSTM, x, p, "ifco")
    outputs, states = cell(x, p)
    above = {"outputs": upstream(list(outputs.shape))}
    loss = (outputs * above["outputs"]).sum()
    for k, (name, state) in enumerate(states.items()):
        # Unlike one another, so that H and C cannot be taken for each other.
        above[name] = tensor([n, h], 20 + k)
        loss = loss + (state * above[name]).sum()
    loss.backward()
    for name, value in {"x": x, "outputs": outputs, **p, **states}.items():
        arrays[f"{key}/{name}"] = float32(value)
    for name, value in above.items():
        arrays[f"{key}/upstream/{name}"] = float32(value)
    for name, value in {"x": x, **p}.items():
        arrays[f"{key}/grad/{name}"] = float32(value.grad)


# --- Networks: declared as (parameter, shape, fan-in), and a forward function of x and p ---------

def linear(name, inputs, outputs):
    return [(f"{name}.weight", [inputs, outputs], inputs), (f"{name}.bias", [outputs], inputs)]


def conv(name, inputs, outputs, kernel):
    fan = inputs * kernel
    return [(f"{name}.weight", [outputs, inputs, kernel], fan), (f"{name}.bias", [outputs], fan)]


def apply(p, name, x):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def within(p, prefix):
    """The parameters of one child, by their own names."""
    return {name.removeprefix(prefix): v for name, v in p.items() if name.startswith(prefix)}


def head(p, H):
    return apply(p, "linear2", torch.relu(apply(p, "linear1", H)))


def fully_connected(x, p):
    x = torch.relu(apply(p, "linear1", x.flatten(1)))
    return apply(p, "linear3", torch.relu(apply(p, "linear2", x)))


def mean_spectrum(x, p):
    x = torch.relu(apply(p, "linear1", x.mean(1)))
    return apply(p, "linear3", torch.relu(apply(p, "linear2", x)))


def conv_net(x, p):
    x = x.transpose(1, 2)
    for k in (1, 2, 3):
        x = torch.relu(F.conv1d(x, p[f"conv{k}.weight"], p[f"conv{k}.bias"]))
        if k < 3:
            x = F.avg_pool1d(x, 2)
    return apply(p, "linear", x.mean(2))


def rnn_net(x, p):
    return head(p, rnn(x, within(p, "rnn."))[1]["H"])


def lstm_net(x, p):
    return head(p, lstm(x, within(p, "lstm."))[1]["H"])


def builtin_lstm_net(x, p):
    names = {"W_x": "lstm.W_x", "W_h": "lstm.W_h", "b_": "lstm.b"}
    unpacked = {}
    for prefix, packed in names.items():
        for gate, part in zip(GATES, p[packed].chunk(4, -1), strict=True):
            unpacked[prefix + gate.replace("g", "c")] = part
    return head(p, lstm(x, unpacked)[1]["H"])


BINS, HIDDENS = 17, 128
HEAD = linear("linear1", HIDDENS, HIDDENS) + linear("linear2", HIDDENS, 1)
NETWORKS = {
    "FullyConnectedNet": (
        fully_connected,
        linear("linear1", 40 * BINS, 512) + linear("linear2", 512, 256) + linear("linear3", 256, 1),
    ),
    "MeanSpectrumNet": (
        mean_spectrum,
        linear("linear1", BINS, 128) + linear("linear2", 128, 64) + linear("linear3", 64, 1),
    ),
    "ConvNet": (
        conv_net,
        conv("conv1", BINS, 32, 3) + conv("conv2", 32, 64, 3) + conv("conv3", 64, 128, 3)
        + linear("linear", 128, 1),
    ),
    "RNNNet": (
        rnn_net,
        [(f"rnn.{name}", cell_shape(name, BINS, HIDDENS), HIDDENS) for name in RNN] + HEAD,
    ),
    "LSTMNet": (
        lstm_net,
        [(f"lstm.{name}", cell_shape(name, BINS, HIDDENS), HIDDENS) for name in LSTM] + HEAD,
    ),
    "BuiltinLSTMNet": (
        builtin_lstm_net,
        [("lstm.W_x", [BINS, 4 * HIDDENS], HIDDENS), ("lstm.W_h", [HIDDENS, 4 * HIDDENS], HIDDENS),
         ("lstm.b", [4 * HIDDENS], HIDDENS)] + HEAD,
    ),
}  # fmt: skip


def sampled(gradient):
    flat = gradient.flatten()
    n = min(len(flat), 16)
    return float32(flat[[i * len(flat) // n for i in range(n)]])


def record_network(name):
    function, declared = NETWORKS[name]
    x = tensor([3, 40, BINS], 100, 2.0).requires_grad_()
    p, parameters = {}, []
    for k, (parameter, shape, fan_in) in enumerate(declared):
        scale = round(fan_in**-0.5, 4)
        p[parameter] = tensor(shape, 101 + k, scale).requires_grad_()
        parameters.append({"name": parameter, "shape": shape, "stream": 101 + k, "scale": scale})
    outputs = function(x, p)
    assert outputs.shape == (3, 1)
    above = upstream([3, 1])
    (outputs * above).sum().backward()
    arrays[f"{name}/outputs"] = float32(outputs)
    arrays[f"{name}/upstream"] = float32(above)
    arrays[f"{name}/inputGrad"] = sampled(x.grad)
    for parameter, value in p.items():
        arrays[f"{name}/grad/{parameter}"] = sampled(value.grad)
        arrays[f"{name}/norm/{parameter}"] = float32(value.grad.norm().reshape(1))
    return {"name": name, "count": sum(v.numel() for v in p.values()), "parameters": parameters}


for sizes in [(3, 5, 4, 6), (1, 1, 1, 1), (2, 3, 1, 4), (4, 2, 3, 1)]:
    record_cell("rnn", *sizes)
    record_cell("lstm", *sizes)
listing = {
    "source": "Tests/Reference/networks.py, float64, numbers by formula",
    "input": {"shape": [3, 40, BINS], "stream": 100, "scale": 2.0},
    "gates": GATES,
    "networks": [record_network(name) for name in NETWORKS],
}
folder = "CourseTests/Fixtures/networks"
sys.exit(finish(__doc__, {f"{folder}.safetensors": arrays, f"{folder}.json": listing}))
