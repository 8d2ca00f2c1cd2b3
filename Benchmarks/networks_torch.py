#!/usr/bin/env python3
"""Training speed of the units' networks in PyTorch, in examples per second, as JSON.

The work is that of `./rhythm bench`: forward, loss, backward, Adam. The batches are 192 chunks of 40 steps and
17 bins, or as the networks of operations_torch.py get them: for ECGformer 128 heartbeats, for DilatedNet 32
strips, for StackedLinear 64 beats' features, where the optimiser is SGD with momentum.
Contrastive is the towers of ContrastiveECG: 64 records of twelve leads, turned round in time, and their texts.
RNNNet and LSTMNet are written out step by step and gate by gate, as a student writes them; BuiltinLSTMNet uses `torch.nn.LSTM`. The batches lie ready in
memory, where ours are gathered from the recordings.
"""

import argparse
import json
import time

import torch
from torch import nn

import operations_torch
from operations_peer import OPERATION_NETWORKS

BATCH, STEPS, BINS, HIDDEN = 192, 40, 17, 128


def draw(*shape):
    return nn.Parameter(torch.randn(*shape) * 0.01)


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.W_xh, self.W_hh = draw(BINS, HIDDEN), draw(HIDDEN, HIDDEN)
        self.b_h = nn.Parameter(torch.zeros(HIDDEN))

    def forward(self, inputs):
        H, outputs = torch.zeros(len(inputs), HIDDEN), []
        for X in inputs.unbind(1):
            H = torch.tanh(X @ self.W_xh + H @ self.W_hh + self.b_h)
            outputs.append(H)
        return torch.stack(outputs, 1), H


class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        for gate in "ifoc":
            setattr(self, f"W_x{gate}", draw(BINS, HIDDEN))
            setattr(self, f"W_h{gate}", draw(HIDDEN, HIDDEN))
            setattr(self, f"b_{gate}", nn.Parameter(torch.zeros(HIDDEN)))

    def forward(self, inputs):
        H = C = torch.zeros(len(inputs), HIDDEN)
        outputs = []
        for X in inputs.unbind(1):
            I = torch.sigmoid(X @ self.W_xi + H @ self.W_hi + self.b_i)
            F = torch.sigmoid(X @ self.W_xf + H @ self.W_hf + self.b_f)
            O = torch.sigmoid(X @ self.W_xo + H @ self.W_ho + self.b_o)
            C_tilde = torch.tanh(X @ self.W_xc + H @ self.W_hc + self.b_c)
            C = F * C + I * C_tilde
            H = O * torch.tanh(C)
            outputs.append(H)
        return torch.stack(outputs, 1), H


class BuiltinLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(BINS, HIDDEN, batch_first=True)

    def forward(self, inputs):
        outputs, (H, _) = self.lstm(inputs)
        return outputs, H[0]


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.linear = nn.Sequential(nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))

    def forward(self, inputs):
        return self.linear(self.layer(inputs)[1])


class MeanSpectrum(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(BINS, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, inputs):
        return self.layers(inputs.mean(1))


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(BINS, 32, 3), nn.ReLU(), nn.AvgPool1d(2),
            nn.Conv1d(32, 64, 3), nn.ReLU(), nn.AvgPool1d(2),
            nn.Conv1d(64, 128, 3), nn.ReLU(),
            nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(128, 1))

    def forward(self, inputs):
        return self.layers(inputs.transpose(1, 2))


def fully_connected():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(STEPS * BINS, 512), nn.ReLU(),
        nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 1))


NETWORKS = {
    "MeanSpectrumNet": MeanSpectrum,
    "FullyConnectedNet": fully_connected,
    "ConvNet": Conv,
    "RNNNet": lambda: Recurrent(RNN()),
    "LSTMNet": lambda: Recurrent(LSTM()),
    "BuiltinLSTMNet": lambda: Recurrent(BuiltinLSTM()),
}


def recurrent_step(make, compiled):
    """What trains on one batch, and how many examples that has."""
    network = make()
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    loss = nn.BCEWithLogitsLoss()
    forward = torch.compile(network) if compiled else network
    batches = torch.randn(8, BATCH, STEPS, BINS)
    targets = (torch.rand(8, BATCH, 1) < 0.5).float()

    def step(number):
        optimiser.zero_grad()
        loss(forward(batches[number % 8]), targets[number % 8]).backward()
        optimiser.step()
    return step, BATCH


class Towers(nn.Module):
    """The encoder of twelve leads with all its steps, projected to the texts' 384 numbers, and the loss's scale."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 12
        for size, kernel, pool in zip((32, 64, 128, 256), (7, 5, 3, 3), (4, 4, 2, 2)):
            layers += [nn.Conv1d(channels, size, kernel, padding=kernel // 2), nn.BatchNorm1d(size), nn.ReLU(),
                       operations_torch.Pool(pool)]
            channels = size
        self.encoder = nn.Sequential(*layers, nn.Flatten())
        self.projection = nn.Linear(15 * channels, 384)
        self.scale = nn.Parameter(torch.tensor(2.6593))

    def forward(self, x):
        return nn.functional.normalize(self.projection(self.encoder(x)), dim=1)


def contrastive_step(compiled):
    """As `recurrent_step`: the symmetric loss of 64 records and their texts."""
    network, size = Towers(), 64
    optimiser = torch.optim.Adam(network.parameters(), lr=0.001)
    forward = torch.compile(network) if compiled else network
    batches = torch.randn(8, size, 12, 1000)
    texts = nn.functional.normalize(torch.randn(8, size, 384), dim=2)
    labels, place = torch.arange(size), torch.arange(1000)

    def step(number):
        offsets = torch.randint(1000, (size, 1))
        turned = (place - offsets) % 1000
        x = batches[number % 8].gather(2, turned[:, None].expand(-1, 12, -1))
        optimiser.zero_grad()
        S = network.scale.clamp(max=4.6052).exp() * forward(x) @ texts[number % 8].T
        loss = nn.functional.cross_entropy
        ((loss(S, labels) + loss(S.T, labels)) / 2).backward()
        optimiser.step()
    return step, size


def operation_step(name, batch):
    _, training = operations_torch.SUBJECTS[name]()
    return lambda number: training(), batch


def speed(name, seconds, compiled):
    torch.manual_seed(1)
    step, batch = (
        operation_step(*OPERATION_NETWORKS[name]) if name in OPERATION_NETWORKS
        else contrastive_step(compiled) if name == "Contrastive"
        else recurrent_step(NETWORKS[name], compiled))
    for number in range(5):
        step(number)
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step(steps)
        steps += 1
    return steps * batch / (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--only", default=",".join([*NETWORKS, *OPERATION_NETWORKS, "Contrastive"]))
    parser.add_argument("--compile", action="store_true", help="with torch.compile, all but ECGformer and DilatedNet")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    print(json.dumps({
        "version": torch.__version__,
        "networks": {
            name: {"examplesPerSecond": speed(name, options.seconds, options.compile)}
            for name in options.only.split(",")},
    }))


if __name__ == "__main__":
    main()
