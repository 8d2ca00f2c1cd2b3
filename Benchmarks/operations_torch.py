#!/usr/bin/env python3
"""The work of Benchmarks/Operations in PyTorch: one line in, one line out, as its main.swift says."""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from operations_peer import serve

torch.manual_seed(1)


POSITIONS = (torch.arange(1_000_000) * 7919 % 1_000_003 % 1000).reshape(1000, 1000)


def operation(function, *shapes):
    def prepare():
        inputs = [torch.randn(*shape, requires_grad=True) for shape in shapes]
        with torch.no_grad():
            upstream = torch.randn_like(function(*inputs))

        def forward():
            with torch.no_grad():
                function(*inputs)

        def training():
            function(*inputs).backward(upstream)
            for x in inputs:
                x.grad = None
        return forward, training
    return prepare


def module(make, *shape):
    def prepare():
        layer = make()
        x = torch.randn(*shape, requires_grad=True)
        with torch.no_grad():
            upstream = torch.randn_like(layer(x))

        def forward():
            with torch.no_grad():
                layer(x)

        def training():
            layer(x).backward(upstream)
            x.grad = None
            for parameter in layer.parameters():
                parameter.grad = None
        return forward, training
    return prepare


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-4, fused=True)


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=1e-4, momentum=0.9, weight_decay=1e-4, fused=True)


def network(make, classes, *shape, optimised_by=adam):
    def prepare():
        layer = make()
        x = torch.randn(*shape)
        labels = torch.arange(shape[0]) % classes
        optimiser = optimised_by(layer.parameters())

        def forward():
            with torch.no_grad():
                layer(x)

        def training():
            F.cross_entropy(layer(x), labels).backward()
            optimiser.step()
            optimiser.zero_grad()
        return forward, training
    return prepare


class Attention(nn.Module):
    """With PyTorch's fused attention, which is its quickest."""

    def __init__(self, size, heads):
        super().__init__()
        self.heads, self.qkv, self.out = heads, nn.Linear(size, 3 * size), nn.Linear(size, size)

    def forward(self, x):
        n, t, e = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, e // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out(y.transpose(1, 2).reshape(n, t, e))


class EncoderBlock(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.norm1, self.attention, self.norm2 = nn.LayerNorm(size), Attention(size, heads), nn.LayerNorm(size)
        self.hidden, self.output = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)

    def forward(self, x):
        y = x + self.attention(self.norm1(x))
        return y + self.output(F.gelu(self.hidden(self.norm2(y))))


class EncoderNetwork(nn.Module):
    def __init__(self, steps, features):
        super().__init__()
        size = 32
        self.embedding, self.norm = nn.Linear(features, size), nn.LayerNorm(size)
        self.token = nn.Parameter(torch.randn(1, size))
        self.positions = nn.Parameter(torch.randn(steps + 1, size))
        self.blocks = nn.ModuleList(EncoderBlock(size, 4) for _ in range(2))
        self.linear, self.last, self.output = nn.Linear(size, size), nn.LayerNorm(size), nn.Linear(size, 5)

    def forward(self, x):
        z = F.gelu(self.norm(self.embedding(x)))
        z = torch.cat([self.token.expand(len(z), 1, -1), z], 1)
        for block in self.blocks:
            z = block(z + self.positions)
        return self.output(self.last(self.linear(z.mean(1))))


class DilatedBlock(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.convolution = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(channels)

    def forward(self, x):
        return x + torch.relu(self.norm(self.convolution(x)))


class DilatedNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv1d(1, 24, 16, stride=4, padding=6, bias=False), nn.BatchNorm1d(24), nn.ReLU())
        self.blocks = nn.Sequential(*(DilatedBlock(24, 2 ** i) for i in range(7)))
        self.W = nn.Parameter(torch.randn(24, 3) * 0.2)

    def forward(self, x):
        return self.blocks(self.stem(x)).mean(2) @ self.W


class Pool(nn.Module):
    """Max pooling of windows that do not overlap, several times as fast as MaxPool1d on a processor."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        n, c, l = x.shape
        return x[:, :, :l // self.size * self.size].reshape(n, c, l // self.size, self.size).amax(3)


class LeadsNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 12
        for size, kernel, pool in zip((32, 64, 128, 256), (7, 5, 3, 3), (4, 4, 2, 2)):
            layers += [nn.Conv1d(channels, size, kernel, padding=kernel // 2), nn.BatchNorm1d(size),
                       nn.ReLU(), Pool(pool)]
            channels = size
        self.blocks, self.output = nn.Sequential(*layers), nn.Linear(channels, 64)

    def forward(self, x):
        return self.output(self.blocks(x).mean(2))


def stacked_linear(inputs, width, hidden):
    layers = [nn.Linear(inputs, width), nn.LeakyReLU(0.01)]
    for _ in range(hidden):
        layers += [nn.Linear(width, width), nn.LeakyReLU(0.01), nn.Dropout(0.5)]
    return nn.Sequential(*layers, nn.Linear(width, 5))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.GRU(17, 128, batch_first=True)

    def forward(self, x):
        return self.layer(x)[0]


SUBJECTS = {
    "softmax 64x187x187": operation(lambda x: torch.softmax(x, -1), (64, 187, 187)),
    "logSoftmax 12000x5": operation(lambda x: torch.log_softmax(x, -1), (12000, 5)),
    "exp 64x188x256": operation(torch.exp, (64, 188, 256)),
    "GELU 64x188x128": operation(F.gelu, (64, 188, 128)),
    "sum over rows 100000x64": operation(lambda x: x.sum(0), (100_000, 64)),
    "mean over tokens 64x188x64": operation(lambda x: x.mean(1), (64, 188, 64)),
    "variance over tokens 64x188x64": operation(lambda x: x.var(1), (64, 188, 64)),
    "standardDeviation 12000x64": operation(lambda x: x.std(1), (12000, 64)),
    "pairwiseDistance 12000x64": operation(F.pairwise_distance, (12000, 64), (12000, 64)),
    "cosineSimilarity 12000x64": operation(
        lambda a, b: F.cosine_similarity(a, b, -1), (12000, 64), (12000, 64)),
    "bias added 64x188x128": operation(lambda x, b: x + b, (64, 188, 128), (128,)),
    "layerNorm 64x188x64": operation(
        lambda x, w, b: F.layer_norm(x, (64,), w, b), (64, 188, 64), (64,), (64,)),
    "batchNorm 32x24x750": module(lambda: nn.BatchNorm1d(24), 32, 24, 750),
    "batchNorm 64x32x1000": module(lambda: nn.BatchNorm1d(32), 64, 32, 1000),
    "batchNorm 64x32x1000, evaluation": module(lambda: nn.BatchNorm1d(32).eval(), 64, 32, 1000),
    "matmul batched 64x187x64x187": operation(torch.matmul, (64, 187, 64), (64, 64, 187)),
    "matmul of heads 64x4x188x8": operation(
        lambda a, b: a @ b.transpose(2, 3), (64, 4, 188, 8), (64, 4, 188, 8)),
    "heads split and joined 64x188x64": operation(
        lambda x: x.view(64, 188, 8, 8).transpose(1, 2).exp().transpose(1, 2).reshape(64, 188, 64),
        (64, 188, 64)),
    "attention 16x187x64": operation(
        F.scaled_dot_product_attention, (16, 187, 64), (16, 187, 64), (16, 187, 64)),
    "dropout 64x188x128": module(lambda: nn.Dropout(0.1), 64, 188, 128),
    "encoder block 64x188x32": module(lambda: EncoderBlock(32, 4), 64, 188, 32),
    "encoder block 16x188x128": module(lambda: EncoderBlock(128, 8), 16, 188, 128),
    "conv1d of 12 leads 64x12x1000, 7": operation(
        lambda x, w, b: F.conv1d(x, w, b, padding=3), (64, 12, 1000), (32, 12, 7), (32,)),
    "conv1d 16x32x4500, dilation 16": operation(
        lambda x, w, b: F.conv1d(x, w, b, padding=16, dilation=16), (16, 32, 4500), (32, 32, 3), (32,)),
    "conv1d 16x32x4500, dilation 256": operation(
        lambda x, w, b: F.conv1d(x, w, b, padding=256, dilation=256), (16, 32, 4500), (32, 32, 3), (32,)),
    "conv1d by channels 32x64x750, 7": operation(
        lambda x, w: F.conv1d(x, w, padding=3, groups=64), (32, 64, 750), (64, 1, 7)),
    "conv2d 32x16x64x64, 3": operation(
        lambda x, w, b: F.conv2d(x, w, b, padding=1), (32, 16, 64, 64), (32, 16, 3, 3), (32,)),
    "conv2d 32x1x64x64, 3": operation(
        lambda x, w, b: F.conv2d(x, w, b, padding=1), (32, 1, 64, 64), (16, 1, 3, 3), (16,)),
    "maxPool1d 64x32x1000, 4": operation(lambda x: F.max_pool1d(x, 4), (64, 32, 1000)),
    "maxPool2d 32x16x64x64, 2": operation(lambda x: F.max_pool2d(x, 2), (32, 16, 64, 64)),
    "averagePool1d 64x32x1000, 4": operation(lambda x: F.avg_pool1d(x, 4), (64, 32, 1000)),
    "topK 10 of 1000x1000": operation(lambda x: x.topk(10).values, (1000, 1000)),
    "topK 500 of 1000x1000": operation(lambda x: x.topk(500).values, (1000, 1000)),
    "sorted 1000x1000": operation(lambda x: x.sort(stable=True).values, (1000, 1000)),
    "sorted columns 1000x1000": operation(lambda x: x.sort(dim=0, stable=True).values, (1000, 1000)),
    "gather 1000 of 1000x1000": operation(lambda x: x.gather(1, POSITIONS), (1000, 1000)),
    "gather rows 1000 of 1000x1000": operation(lambda x: x.gather(0, POSITIONS), (1000, 1000)),
    "product 10000x100": operation(lambda x: x.prod(1), (10000, 100)),
    "product over rows 100x10000": operation(lambda x: x.prod(0), (100, 10000)),
    "product beside zeros 10000x100": operation(lambda x: x.relu().prod(1), (10000, 100)),
    "roll 64x12x1000": operation(lambda x: x.roll(300, 2), (64, 12, 1000)),
    "matmul 192x17x128": operation(torch.matmul, (192, 17), (17, 128)),
    "matmul 64x64x64": operation(torch.matmul, (64, 64), (64, 64)),
    "matmul 192x192x128": operation(torch.matmul, (192, 192), (192, 128)),
    "matmul 192x680x512": operation(torch.matmul, (192, 680), (680, 512)),
    "matmul 2048x64x128, first transposed": operation(
        lambda a, b: a.T @ b, (64, 2048), (64, 128)),
    "matmul 2048x64x2048, first transposed": operation(
        lambda a, b: a.T @ b, (64, 2048), (64, 2048)),
    "matmul 64x2048x2048, second transposed": operation(
        lambda a, b: a @ b.T, (64, 2048), (2048, 2048)),
    "matmul 64x2048x2048": operation(torch.matmul, (64, 2048), (2048, 2048)),
    "GRU 64x40x17, 128": module(Recurrent, 64, 40, 17),
    "encoder network, 18 tokens, batch 64": network(lambda: EncoderNetwork(17, 11), 5, 64, 17, 11),
    "encoder network, 18 tokens, batch 128": network(lambda: EncoderNetwork(17, 11), 5, 128, 17, 11),
    "encoder network, 188 tokens, batch 64": network(lambda: EncoderNetwork(187, 1), 5, 64, 187, 1),
    "encoder network, 188 tokens, batch 128": network(lambda: EncoderNetwork(187, 1), 5, 128, 187, 1),
    "dilated network 32x3000": network(DilatedNetwork, 3, 32, 1, 3000),
    "12 leads 64x12x1000": network(LeadsNetwork, 64, 64, 12, 1000),
    "stacked linear, width 2048, batch 64": network(lambda: stacked_linear(187, 2048, 4), 5, 64, 187),
    "features, width 128": network(lambda: stacked_linear(748, 128, 2), 5, 64, 748, optimised_by=sgd),
    "features, width 2048": network(lambda: stacked_linear(748, 2048, 4), 5, 64, 748, optimised_by=sgd),
}


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    serve(SUBJECTS)
