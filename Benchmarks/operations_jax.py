#!/usr/bin/env python3
"""The networks of Benchmarks/Operations in JAX (jit, Adam of optax): one line in, one line out, as its
main.swift says. Single operations are PyTorch's part."""

import functools
import itertools
import sys

from operations_peer import limit_threads, serve

if __name__ == "__main__":
    limit_threads(int(sys.argv[1]))

import jax
import jax.numpy as jnp
import optax
from jax import lax

# without an end: a network is drawn anew for each turn
keys = (jax.random.fold_in(jax.random.PRNGKey(1), i) for i in itertools.count())


def normal(*shape, deviation=1.0):
    return jax.random.normal(next(keys), shape) * deviation


def uniform(fan, *shape):
    return jax.random.uniform(next(keys), shape, minval=-fan ** -0.5, maxval=fan ** -0.5)


def linear(inputs, outputs):
    return {"W": uniform(inputs, inputs, outputs), "b": uniform(inputs, outputs)}


def apply(layer, x):
    return x @ layer["W"] + layer["b"]


def norm(size):
    return {"w": jnp.ones(size), "b": jnp.zeros(size)}


def layer_norm(p, x):
    mean = x.mean(-1, keepdims=True)
    d = x - mean
    return d * lax.rsqrt((d * d).mean(-1, keepdims=True) + 1e-5) * p["w"] + p["b"]


def batch_norm(p, x):
    mean = x.mean((0, 2), keepdims=True)
    d = x - mean
    return d * lax.rsqrt((d * d).mean((0, 2), keepdims=True) + 1e-5) * p["w"][:, None] + p["b"][:, None]


def gelu(x):
    return jax.nn.gelu(x, approximate=False)


def encoder(steps, features, size=32, heads=4):
    block = lambda: {
        "norm1": norm(size), "qkv": linear(size, 3 * size), "out": linear(size, size),
        "norm2": norm(size), "hidden": linear(size, 4 * size), "output": linear(4 * size, size)}
    parameters = {
        "embedding": linear(features, size), "norm": norm(size), "token": normal(1, size),
        "positions": normal(steps + 1, size), "blocks": [block(), block()],
        "linear": linear(size, size), "last": norm(size), "output": linear(size, 5)}

    def forward(p, x, key):
        z = gelu(layer_norm(p["norm"], apply(p["embedding"], x)))
        n = len(z)
        z = jnp.concatenate([jnp.broadcast_to(p["token"], (n, 1, size)), z], 1)
        for b in p["blocks"]:
            z = z + p["positions"]
            q, k, v = jnp.split(apply(b["qkv"], layer_norm(b["norm1"], z)), 3, -1)
            q, k, v = (y.reshape(n, -1, heads, size // heads) for y in (q, k, v))
            y = jax.nn.dot_product_attention(q, k, v).reshape(z.shape)
            z = z + apply(b["out"], y)
            z = z + apply(b["output"], gelu(apply(b["hidden"], layer_norm(b["norm2"], z))))
        return apply(p["output"], layer_norm(p["last"], apply(p["linear"], z.mean(1))))
    return parameters, forward


def convolve(x, w, **settings):
    return lax.conv_general_dilated(x, w, dimension_numbers=("NCH", "OIH", "NCH"), **settings)


def dilated():
    parameters = {
        "stem": normal(24, 1, 16, deviation=8 ** -0.5), "norm": norm(24),
        "blocks": [{"W": normal(24, 24, 3, deviation=36 ** -0.5), "norm": norm(24)} for _ in range(7)],
        "W": normal(24, 3, deviation=0.2)}

    def forward(p, x, key):
        h = convolve(x, p["stem"], window_strides=(4,), padding=[(6, 6)])
        h = jax.nn.relu(batch_norm(p["norm"], h))
        for i, b in enumerate(p["blocks"]):
            y = convolve(h, b["W"], window_strides=(1,), padding=[(2 ** i, 2 ** i)], rhs_dilation=(2 ** i,))
            h = h + jax.nn.relu(batch_norm(b["norm"], y))
        return h.mean(2) @ p["W"]
    return parameters, forward


def leads():
    parameters, channels = {"blocks": []}, 12
    for size, kernel in zip((32, 64, 128, 256), (7, 5, 3, 3)):
        fan = channels * kernel
        parameters["blocks"].append(
            {"W": uniform(fan, size, channels, kernel), "b": uniform(fan, size), "norm": norm(size)})
        channels = size
    parameters["output"] = linear(channels, 64)

    def forward(p, x, key):
        for b, pool in zip(p["blocks"], (4, 4, 2, 2)):
            k = b["W"].shape[2]
            x = convolve(x, b["W"], window_strides=(1,), padding=[(k // 2, k // 2)]) + b["b"][:, None]
            x = jax.nn.relu(batch_norm(b["norm"], x))
            n, c, l = x.shape
            x = x[:, :, :l // pool * pool].reshape(n, c, l // pool, pool).max(3)
        return apply(p["output"], x.mean(2))
    return parameters, forward


def stacked(inputs, width, hidden):
    sizes = [inputs] + [width] * (hidden + 1) + [5]
    parameters = [linear(i, o) for i, o in zip(sizes, sizes[1:])]

    def forward(p, x, key):
        x = jax.nn.leaky_relu(apply(p[0], x), 0.01)
        for layer in p[1:-1]:
            key, own = jax.random.split(key)
            x = jax.nn.leaky_relu(apply(layer, x), 0.01)
            x = jnp.where(jax.random.bernoulli(own, 0.5, x.shape), 2 * x, 0)
        return apply(p[-1], x)
    return parameters, forward


def adam():
    return optax.adam(1e-4)


def sgd():
    return optax.chain(optax.add_decayed_weights(1e-4), optax.sgd(1e-4, momentum=0.9))


NETWORKS = {
    "encoder network, 18 tokens, batch 64": (lambda: encoder(17, 11), 5, (64, 17, 11)),
    "encoder network, 18 tokens, batch 128": (lambda: encoder(17, 11), 5, (128, 17, 11)),
    "encoder network, 188 tokens, batch 64": (lambda: encoder(187, 1), 5, (64, 187, 1)),
    "encoder network, 188 tokens, batch 128": (lambda: encoder(187, 1), 5, (128, 187, 1)),
    "dilated network 32x3000": (dilated, 3, (32, 1, 3000)),
    "12 leads 64x12x1000": (leads, 64, (64, 12, 1000)),
    "stacked linear, width 2048, batch 64": (lambda: stacked(187, 2048, 4), 5, (64, 187)),
    "features, width 128": (lambda: stacked(748, 128, 2), 5, (64, 748), sgd),
    "features, width 2048": (lambda: stacked(748, 2048, 4), 5, (64, 748), sgd),
}


def prepare(make, classes, shape, optimised_by=adam):
    parameters, forward = make()
    x, labels = normal(*shape), jnp.arange(shape[0]) % classes
    optimiser = optimised_by()
    state = optimiser.init(parameters)
    key = jax.random.PRNGKey(2)

    def loss(p, key):
        return optax.softmax_cross_entropy_with_integer_labels(forward(p, x, key), labels).mean()

    @jax.jit
    def step(parameters, state, key):
        key, own = jax.random.split(key)
        gradients = jax.grad(loss)(parameters, own)
        updates, state = optimiser.update(gradients, state, parameters)
        return optax.apply_updates(parameters, updates), state, key

    evaluate = jax.jit(lambda p: forward(p, x, key))
    held = [parameters, state, key]

    def training():
        held[:] = step(*held)
        jax.block_until_ready(held[0])

    return lambda: jax.block_until_ready(evaluate(held[0])), training


if __name__ == "__main__":
    serve({name: functools.partial(prepare, *network) for name, network in NETWORKS.items()})
