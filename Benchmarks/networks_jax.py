#!/usr/bin/env python3
"""Training speed of the units' networks in JAX (jit), in examples per second, as JSON.

The work is that of `./rhythm bench`: forward, loss, backward, Adam (optax). The batches are 192 chunks of 40
steps and 17 bins, or as the networks of operations_jax.py get them: for ECGformer 128 heartbeats, for DilatedNet 32
strips, for StackedLinear 64 beats' features, where the optimiser is SGD with momentum.
Contrastive is the towers of ContrastiveECG: 64 records of twelve leads, turned round in time, and their texts.
The recurrences are scans; RNNNet and LSTMNet have a product for each matrix, BuiltinLSTMNet packs the gates side by side.
"""

import argparse
import json
import time

from operations_peer import OPERATION_NETWORKS, limit_threads

BATCH, STEPS, BINS, HIDDEN = 192, 40, 17, 128


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if options.threads:
        limit_threads(options.threads)

    import jax
    import jax.numpy as jnp
    import optax
    from jax import lax

    import operations_jax

    keys = iter(jax.random.split(jax.random.PRNGKey(1), 200))

    def normal(*shape):
        return jax.random.normal(next(keys), shape) * 0.01

    def linear(inputs, outputs):
        bound = inputs ** -0.5
        return {
            "W": jax.random.uniform(next(keys), (inputs, outputs), minval=-bound, maxval=bound),
            "b": jnp.zeros(outputs)}

    def apply_layers(layers, x):
        for layer in layers[:-1]:
            x = jax.nn.relu(x @ layer["W"] + layer["b"])
        return x @ layers[-1]["W"] + layers[-1]["b"]

    def layers(*sizes):
        return [linear(i, o) for i, o in zip(sizes, sizes[1:])]

    def mean_spectrum(parameters, X):
        return apply_layers(parameters, X.mean(1))

    def fully_connected(parameters, X):
        return apply_layers(parameters, X.reshape(len(X), -1))

    def conv_layer(inputs, outputs):
        bound = (3 * inputs) ** -0.5
        return {
            "W": jax.random.uniform(next(keys), (3, inputs, outputs), minval=-bound, maxval=bound),
            "b": jnp.zeros(outputs)}

    def conv(parameters, X):
        for index, layer in enumerate(parameters["conv"]):
            X = lax.conv_general_dilated(
                X, layer["W"], (1,), "VALID", dimension_numbers=("NHC", "HIO", "NHC"))
            X = jax.nn.relu(X + layer["b"])
            if index < 2:
                length = X.shape[1] // 2
                X = X[:, :2 * length].reshape(len(X), length, 2, -1).mean(2)
        return apply_layers(parameters["linear"], X.mean(1))

    def gate():
        return {"W_x": normal(BINS, HIDDEN), "W_h": normal(HIDDEN, HIDDEN), "b": jnp.zeros(HIDDEN)}

    def recurrent(cell, states):
        def network(parameters, X):
            start = (jnp.zeros((len(X), HIDDEN)),) * states
            final, _ = lax.scan(
                lambda state, x: cell(parameters["cell"], state, x), start, X.transpose(1, 0, 2))
            return apply_layers(parameters["linear"], final[0])
        return network

    def rnn(cell, state, x):
        H = jnp.tanh(x @ cell["W_x"] + state[0] @ cell["W_h"] + cell["b"])
        return (H,), H

    def lstm_end(I, F, O, node, C):
        C = jax.nn.sigmoid(F) * C + jax.nn.sigmoid(I) * jnp.tanh(node)
        H = jax.nn.sigmoid(O) * jnp.tanh(C)
        return (H, C), H

    def lstm(cell, state, x):
        H, C = state
        return lstm_end(
            *(x @ cell[g]["W_x"] + H @ cell[g]["W_h"] + cell[g]["b"] for g in "ifoc"), C)

    def packed_lstm(cell, state, x):
        H, C = state
        gates = x @ cell["W_x"] + H @ cell["W_h"] + cell["b"]
        return lstm_end(*jnp.split(gates, 4, -1), C)

    def head():
        return layers(HIDDEN, HIDDEN, 1)

    networks = {
        "MeanSpectrumNet": lambda: (mean_spectrum, layers(BINS, 128, 64, 1)),
        "FullyConnectedNet": lambda: (fully_connected, layers(STEPS * BINS, 512, 256, 1)),
        "ConvNet": lambda: (conv, {
            "conv": [conv_layer(BINS, 32), conv_layer(32, 64), conv_layer(64, 128)],
            "linear": layers(128, 1)}),
        "RNNNet": lambda: (recurrent(rnn, 1), {"cell": gate(), "linear": head()}),
        "LSTMNet": lambda: (
            recurrent(lstm, 2), {"cell": {g: gate() for g in "ifoc"}, "linear": head()}),
        "BuiltinLSTMNet": lambda: (recurrent(packed_lstm, 2), {
            "cell": {"W_x": normal(BINS, 4 * HIDDEN), "W_h": normal(HIDDEN, 4 * HIDDEN),
                     "b": jnp.zeros(4 * HIDDEN)},
            "linear": head()}),
    }

    def recurrent_step(make):
        """What trains on one batch, and how many examples that has."""
        network, parameters = make()
        optimiser = optax.adam(0.01)

        def loss(parameters, X, targets):
            logits = network(parameters, X)[:, 0]
            return optax.sigmoid_binary_cross_entropy(logits, targets).mean()

        @jax.jit
        def update(parameters, state, X, targets):
            value, gradients = jax.value_and_grad(loss)(parameters, X, targets)
            updates, state = optimiser.update(gradients, state)
            return optax.apply_updates(parameters, updates), state, value

        batches = list(jax.random.normal(next(keys), (8, BATCH, STEPS, BINS)))
        targets = list((jax.random.uniform(next(keys), (8, BATCH)) < 0.5).astype(jnp.float32))
        held = [parameters, optimiser.init(parameters)]

        def step(number):
            *held[:], value = update(*held, batches[number % 8], targets[number % 8])
            jax.block_until_ready(value)
        return step, BATCH

    def contrastive_step():
        """As `recurrent_step`: the symmetric loss of 64 records and their texts."""
        size = 64
        parameters, _ = operations_jax.leads()
        parameters["output"] = linear(15 * 256, 384)
        parameters["scale"] = jnp.array(2.6593)
        optimiser = optax.adam(0.001)

        def normalised(z):
            return z * lax.rsqrt(jnp.maximum((z * z).sum(1, keepdims=True), 1e-24))

        def loss(p, X, T):
            for b, pool in zip(p["blocks"], (4, 4, 2, 2)):
                k = b["W"].shape[2]
                X = operations_jax.convolve(
                    X, b["W"], window_strides=(1,), padding=[(k // 2, k // 2)]) + b["b"][:, None]
                X = jax.nn.relu(operations_jax.batch_norm(b["norm"], X))
                n, c, l = X.shape
                X = X[:, :, :l // pool * pool].reshape(n, c, l // pool, pool).max(3)
            Z = normalised(X.reshape(len(X), -1) @ p["output"]["W"] + p["output"]["b"])
            S = jnp.exp(jnp.minimum(p["scale"], 4.6052)) * Z @ T.T
            rows, columns = (-jnp.diagonal(jax.nn.log_softmax(S, axis)).mean() for axis in (1, 0))
            return (rows + columns) / 2

        @jax.jit
        def update(parameters, state, key, X, T):
            offsets = jax.random.randint(key, (size,), 0, 1000)
            X = jax.vmap(lambda x, by: jnp.roll(x, by, 1))(X, offsets)
            value, gradients = jax.value_and_grad(loss)(parameters, X, T)
            updates, state = optimiser.update(gradients, state)
            return optax.apply_updates(parameters, updates), state, value

        batches = list(jax.random.normal(next(keys), (8, size, 12, 1000)))
        texts = [normalised(T) for T in jax.random.normal(next(keys), (8, size, 384))]
        held = [parameters, optimiser.init(parameters)]
        key = jax.random.PRNGKey(2)

        def step(number):
            *held[:], value = update(
                *held, jax.random.fold_in(key, number), batches[number % 8], texts[number % 8])
            jax.block_until_ready(value)
        return step, size

    def operation_step(name, batch):
        _, training = operations_jax.prepare(*operations_jax.NETWORKS[name])
        return lambda number: training(), batch

    def speed(name):
        step, batch = (
            operation_step(*OPERATION_NETWORKS[name]) if name in OPERATION_NETWORKS
            else contrastive_step() if name == "Contrastive"
            else recurrent_step(networks[name]))
        for number in range(5):
            step(number)
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < options.seconds:
            step(steps)
            steps += 1
        return steps * batch / (time.perf_counter() - start)

    names = options.only.split(",") if options.only else [*networks, *OPERATION_NETWORKS, "Contrastive"]
    print(json.dumps({
        "version": jax.__version__,
        "networks": {name: {"examplesPerSecond": speed(name)} for name in names}}))


if __name__ == "__main__":
    main()
