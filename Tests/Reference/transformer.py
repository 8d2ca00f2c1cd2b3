#!/usr/bin/env python3
"""Reference values and gradients of attention, an encoder and a network on it, by PyTorch in float64.

Run `python Tests/Reference/transformer.py` to write, with `--check` to compare:
Tests/CourseTests/Fixtures/transformer.safetensors and .json (needs torch and numpy).
There is no random generator: numbers follow the formula in noise.py, by streams from FIRST on.

The equations are those of sections 5.3 to 5.6 of the unit, written here with einsum and by hand, from nothing of the
core. Each is held against torch.nn where that has it: `MultiheadAttention`, `TransformerEncoderLayer` (norm first),
`LayerNorm`, `scaled_dot_product_attention`.

For each case the listing says subject, sizes, and of each input and parameter the shape, stream, scale and offset:
noise(count, stream) * scale + offset, row-major, rounded to float32. Stored are `CASE/RESULT`, and the gradients of
sum(RESULT * upstream(RESULT)), summed over the results: `CASE/grad/NAME` at the places floor(i * count / n) for
i < n = min(count, 16), and `CASE/norm/NAME`, the root of the sum of squares.
"""

import math
import sys

import torch
import torch.nn.functional as F

from reference import finish, float32, tensor, upstream

FIRST = 7000
arrays, cases = {}, []
streams = iter(range(FIRST, FIRST + 10000))


# MARK: - The equations


def attention(Q, K, V):
    scores = torch.einsum("...qd,...kd->...qk", Q, K) * Q.shape[-1] ** -0.5
    scores = scores - scores.amax(-1, keepdim=True)
    A = scores.exp() / scores.exp().sum(-1, keepdim=True)
    return torch.einsum("...qk,...kc->...qc", A, V), A


def heads(X, p, H, name=""):
    def split(letter):
        Z = torch.einsum("nte,ef->ntf", X, p[f"{name}W_{letter}"]) + p[f"{name}b_{letter}"]
        return torch.stack(Z.chunk(H, -1), 1)

    O, A = attention(split("q"), split("k"), split("v"))  # noqa: E741
    joined = torch.cat(O.unbind(1), -1)
    return torch.einsum("nte,ef->ntf", joined, p[f"{name}W_o"]) + p[f"{name}b_o"], A


def linear(X, p, name):
    return X @ p[f"{name}.weight"] + p[f"{name}.bias"]


def norm(X, p, name):
    mean = X.sum(-1, keepdim=True) / X.shape[-1]
    variance = ((X - mean) ** 2).sum(-1, keepdim=True) / X.shape[-1]
    return (X - mean) * (variance + 1e-5) ** -0.5 * p[f"{name}.weight"] + p[f"{name}.bias"]


def gelu(x):
    return 0.5 * x * torch.special.erfc(-x / math.sqrt(2))


def mlp(X, p, name=""):
    return linear(gelu(linear(X, p, f"{name}hidden")), p, f"{name}output")


def layer(X, p, H, name=""):
    O, A = heads(norm(X, p, f"{name}norm1"), p, H, f"{name}attention.")  # noqa: E741
    X = X + O
    return X + mlp(norm(X, p, f"{name}norm2"), p, f"{name}mlp."), A


def embedding(X, p, name=""):
    Z = gelu(norm(linear(X, p, f"{name}linear"), p, f"{name}norm"))
    token = p[f"{name}classToken"].repeat(len(X), 1, 1)
    return torch.cat([token, Z], 1)


def classifier(Z, p, name=""):
    z = Z.sum(1) / Z.shape[1]
    return linear(norm(linear(z, p, f"{name}linear"), p, f"{name}norm"), p, f"{name}output")


def network(X, p, H, L):
    Z, maps = embedding(X, p, "embedding."), []
    for k in range(L):
        Z, A = layer(Z + p["positions"], p, H, f"encoder.{k}.")
        maps.append(A)
    return classifier(Z, p, "classifier."), torch.stack(maps, 1)


# MARK: - Parameters


def linear_parameters(name, inputs, outputs):
    scale = round(inputs**-0.5, 4)
    return [(f"{name}.weight", [inputs, outputs], scale), (f"{name}.bias", [outputs], 0.5)]


def norm_parameters(name, size):
    return [(f"{name}.weight", [size], 0.9), (f"{name}.bias", [size], 0.5)]


def head_parameters(E, d=None, letters="qkvo", name=""):
    scale = round(E**-0.5, 4)
    return [
        entry
        for letter in letters
        for entry in [
            (f"{name}W_{letter}", [E, d or E], scale), (f"{name}b_{letter}", [d or E], 0.5)
        ]
    ]  # fmt: skip


def mlp_parameters(E, name=""):
    return linear_parameters(f"{name}hidden", E, 4 * E) + linear_parameters(f"{name}output", 4 * E, E)


def layer_parameters(E, name=""):
    return (
        norm_parameters(f"{name}norm1", E) + head_parameters(E, name=f"{name}attention.")
        + norm_parameters(f"{name}norm2", E) + mlp_parameters(E, f"{name}mlp.")
    )  # fmt: skip


def embedding_parameters(C, E, name=""):
    return (
        linear_parameters(f"{name}linear", C, E) + norm_parameters(f"{name}norm", E)
        + [(f"{name}classToken", [1, E], 1.0)]
    )  # fmt: skip


def classifier_parameters(E, K, name=""):
    return (
        linear_parameters(f"{name}linear", E, E) + norm_parameters(f"{name}norm", E)
        + linear_parameters(f"{name}output", E, K)
    )  # fmt: skip


def network_parameters(T, C, E, L, K):
    layers = [entry for k in range(L) for entry in layer_parameters(E, f"encoder.{k}.")]
    return (
        embedding_parameters(C, E, "embedding.") + [("positions", [T + 1, E], 1.0)] + layers
        + classifier_parameters(E, K, "classifier.")
    )  # fmt: skip


# MARK: - Against torch.nn


def close(actual, expected):
    assert torch.allclose(actual, expected, rtol=1e-12, atol=1e-12)


def assert_agrees_with_torch(subject, sizes, x, p, results):
    """The same numbers through PyTorch's own modules."""
    if subject == "attention":
        close(results[0], F.scaled_dot_product_attention(*x))
    elif subject in ("MultiHeadAttention", "EncoderLayer"):
        E, H = sizes["embedSize"], sizes["headCount"]
        name = "attention." if subject == "EncoderLayer" else ""
        values = {
            "in_proj_weight": torch.cat([p[f"{name}W_{k}"].T for k in "qkv"]),
            "in_proj_bias": torch.cat([p[f"{name}b_{k}"] for k in "qkv"]),
            "out_proj.weight": p[f"{name}W_o"].T, "out_proj.bias": p[f"{name}b_o"],
        }  # fmt: skip
        if subject == "MultiHeadAttention":
            module = torch.nn.MultiheadAttention(E, H, batch_first=True).double()
            theirs, weights = torch.func.functional_call(
                module, values, (x[0], x[0], x[0]), {"average_attn_weights": False})  # fmt: skip
            close(results[1], weights)
        else:
            values = {f"self_attn.{k}": v for k, v in values.items()}
            for own, other in [("mlp.hidden", "linear1"), ("mlp.output", "linear2")]:
                values |= {f"{other}.weight": p[f"{own}.weight"].T, f"{other}.bias": p[f"{own}.bias"]}
            for k in ("norm1", "norm2"):
                values |= {f"{k}.weight": p[f"{k}.weight"], f"{k}.bias": p[f"{k}.bias"]}
            module = torch.nn.TransformerEncoderLayer(
                E, H, 4 * E, dropout=0, activation="gelu", batch_first=True, norm_first=True).double()  # fmt: skip
            theirs = torch.func.functional_call(module, values, (x[0],))
        close(results[0], theirs)
    elif subject == "MLP":
        inner = F.gelu(F.linear(x[0], p["hidden.weight"].T, p["hidden.bias"]))
        close(results[0], F.linear(inner, p["output.weight"].T, p["output.bias"]))
    elif subject == "BeatEmbedding":
        inner = F.linear(x[0], p["linear.weight"].T, p["linear.bias"])
        inner = F.gelu(F.layer_norm(inner, inner.shape[-1:], p["norm.weight"], p["norm.bias"]))
        close(results[0][:, 1:], inner)
        assert (results[0][:, 0] == p["classToken"]).all()


# MARK: - Cases


def sampled(gradient):
    flat = gradient.flatten()
    n = min(len(flat), 16)
    return float32(flat[[i * len(flat) // n for i in range(n)]])


def record(subject, function, sizes, inputs, parameters, results, offsets={}, factors={}):  # noqa: B006
    def numbers(name, shape, scale):
        entry = {"name": name, "shape": shape, "stream": next(streams),
                 "scale": round(scale * factors.get(name, 1), 6), "offset": offsets.get(name, 0)}  # fmt: skip
        value = tensor(shape, entry["stream"], entry["scale"], entry["offset"])
        return entry, value.requires_grad_()

    x = [numbers(name, shape, 1.5 if name == "input" else scale) for name, shape, scale in inputs]
    p = [numbers(*parameter) for parameter in parameters]
    values = function([value for _, value in x], {entry["name"]: value for entry, value in p})
    assert_agrees_with_torch(
        subject, sizes, [v for _, v in x], {e["name"]: v for e, v in p}, values)  # fmt: skip
    name = f"{len(cases):02}-{subject}"
    sum((value * upstream(list(value.shape))).sum() for value in values).backward()
    for result, value in zip(results, values, strict=True):
        arrays[f"{name}/{result}"] = float32(value)
    for entry, value in x + p:
        arrays[f"{name}/grad/{entry['name']}"] = sampled(value.grad)
        arrays[f"{name}/norm/{entry['name']}"] = float32(value.grad.norm().reshape(1))
    cases.append({"name": name, "subject": subject, "sizes": sizes, "inputs": [e for e, _ in x],
                  "parameters": [e for e, _ in p], "results": list(results)})  # fmt: skip


def record_model(subject, function, sizes, shape, parameters, results, **how):
    record(subject, lambda x, p: function(x[0], p), sizes, [("input", shape, 1.0)], parameters, results, **how)


PAIR = ["outputs", "weights"]
for leading, Tq, Tk, d, c, scale in [
    ([2], 3, 3, 4, 4, 1.5), ([2, 3], 4, 4, 2, 2, 1.5), ([1], 2, 5, 3, 2, 1.5), ([1], 1, 1, 1, 1, 1.5),
    # scores of hundreds
    ([2], 4, 4, 4, 3, 25.0),
]:  # fmt: skip
    shapes = [("Q", leading + [Tq, d], scale), ("K", leading + [Tk, d], scale), ("V", leading + [Tk, c], 1.5)]
    record("attention", lambda x, p: attention(*x), {}, shapes, [], PAIR)

N, T, E, d = 2, 3, 6, 2
record_model(
    "AttentionHead",
    lambda X, p: attention(*(X @ p[f"W_{k}"] + p[f"b_{k}"] for k in "qkv")),
    {"embedSize": E, "headSize": d}, [N, T, E], head_parameters(E, d, "qkv"), PAIR)  # fmt: skip
for N, T, E, H in [(3, 5, 8, 2), (2, 4, 6, 3), (1, 1, 1, 1)]:
    sizes = {"embedSize": E, "headCount": H}
    record_model("MultiHeadAttention", lambda X, p: heads(X, p, H), sizes, [N, T, E], head_parameters(E), PAIR)  # noqa: B023
    record_model("EncoderLayer", lambda X, p: layer(X, p, H), sizes, [N, T, E], layer_parameters(E), PAIR)  # noqa: B023
for how in [
    {},
    {"offsets": {"hidden.bias": -2.5}, "factors": {"hidden.weight": 0.3, "hidden.bias": 0.3, "output.bias": 0}},
]:
    record_model("MLP", lambda X, p: (mlp(X, p),), {"embedSize": 5}, [2, 3, 5], mlp_parameters(5), ["outputs"], **how)
record_model(
    "BeatEmbedding", lambda X, p: (embedding(X, p),), {"channelCount": 3, "embedSize": 6}, [2, 4, 3],
    embedding_parameters(3, 6), ["tokens"])  # fmt: skip
record_model(
    "BeatClassifier", lambda X, p: (classifier(X, p),), {"embedSize": 6, "classCount": 4}, [3, 5, 6],
    classifier_parameters(6, 4), ["logits"])  # fmt: skip
for N, T, C, E, H, L, K in [(3, 5, 3, 8, 2, 2, 5), (2, 4, 2, 6, 3, 3, 4), (3, 17, 11, 32, 4, 2, 5)]:
    sizes = {"tokenCount": T, "channelCount": C, "embedSize": E, "headCount": H, "layerCount": L,
             "classCount": K}  # fmt: skip
    record_model(
        "AttentionMaps", lambda X, p: network(X, p, H, L), sizes, [N, T, C],  # noqa: B023
        network_parameters(T, C, E, L, K), ["logits", "weights"])  # fmt: skip

count = sum(math.prod(e["shape"]) for e in cases[-1]["parameters"])
assert count == 27749, count
listing = {"source": "Tests/Reference/transformer.py, float64, numbers by formula", "cases": cases}
print(f"numbers by the formula of noise.py, streams {FIRST} to {next(streams) - 1}")
folder = "CourseTests/Fixtures/transformer"
sys.exit(finish(__doc__, {f"{folder}.safetensors": arrays, f"{folder}.json": listing}))
