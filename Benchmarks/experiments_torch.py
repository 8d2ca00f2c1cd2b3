#!/usr/bin/env python3
"""Sections 4.10 and 4.12 in PyTorch: what `./rhythm experiments` is set beside.

Reads the recordings with SciPy, not with our code, and follows the course's steps; the split and
the balancing draw from torch's own generator, so that the chunks are the same to the record. The
initial parameters and the order of the batches are PyTorch's. Prints a line for each training and
writes the last and the best epoch's validation accuracy as JSON.

    pip install torch scipy
    Benchmarks/experiments_torch.py training2017.zip --seeds 1,2,3 --json torch.json
    Benchmarks/experiments_torch.py FOLDER --random-chunks --only ConvNet
"""

import argparse
import io
import json
import pathlib
import statistics
import sys
import zipfile

import numpy as np
import scipy.io
import scipy.signal
import torch

from networks_torch import BATCH, NETWORKS, STEPS

EPOCHS = {
    "chunks": {"MeanSpectrumNet": 100, "FullyConnectedNet": 25, "ConvNet": 20, "RNNNet": 20,
               "LSTMNet": 20, "BuiltinLSTMNet": 20},
    "random-chunks": {"MeanSpectrumNet": 100, "FullyConnectedNet": 100, "ConvNet": 50,
                      "BuiltinLSTMNet": 100},
}


def files(path):
    """The contents of a folder or zip archive, by the last part of the name."""
    if path.is_dir():
        return lambda name: next(path.rglob(name)).read_bytes()
    archive = zipfile.ZipFile(path)
    places = {place.rsplit("/", 1)[-1]: place for place in archive.namelist()}
    return lambda name: archive.read(places[name])


def recordings(path):
    """Normalised spectrograms, their true lengths, and the classes (N 0, A 1)."""
    read = files(path)
    spectrograms, lengths, classes, signals = [], [], [], []
    for line in read("REFERENCE.csv").decode().split():
        name, label = line.split(",")
        if label not in ("N", "A"):
            continue
        signal = scipy.io.loadmat(io.BytesIO(read(name + ".mat")))["val"][0]
        if len(signal) >= 4000:
            signals.append(signal)
            classes.append(int(label == "A"))
    longest = max(map(len, signals))
    for signal in signals:
        padded = np.pad(signal, (0, longest - len(signal))).astype(np.float32)
        spectrograms.append(scipy.signal.spectrogram(
            padded, window=("tukey", 0.25), nperseg=32, noverlap=4, scaling="spectrum")[2].T)
        lengths.append((len(signal) - 32) // 28)
    X = np.stack(spectrograms).astype(np.float32)
    X = (X - X.mean((0, 1), dtype=np.float64)) / X.std((0, 1), dtype=np.float64)
    return torch.tensor(X, dtype=torch.float32), lengths, torch.tensor(classes)


def balanced(classes, generator):
    """Repeats members of the smaller class until both are as large: whole rounds, then a rest."""
    counts = torch.bincount(classes)
    members = torch.nonzero(classes == counts.argmin())[:, 0]
    missing = int(counts.max() - counts.min())
    rest = torch.randperm(len(members), generator=generator)[: missing % len(members)]
    return torch.cat([torch.arange(len(classes)), members.repeat(missing // len(members)),
                      members[rest]])


def chunks(X, lengths, classes, indices):
    parts = [(X[i, STEPS * k : STEPS * (k + 1)], classes[i])
             for i in indices for k in range(lengths[i] // STEPS)]
    return torch.stack([x for x, _ in parts]), torch.stack([y for _, y in parts])


def train(name, seed, epochs, examples, validation, cosine):
    torch.manual_seed(seed)
    network = NETWORKS[name]()
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    loss = torch.nn.BCEWithLogitsLoss()
    X_val, y_val = validation
    history, schedule = [], None
    for _ in range(epochs):
        X, y = examples()
        network.train()
        batches = torch.randperm(len(X)).split(BATCH)
        if cosine and schedule is None:
            schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs * len(batches))
        for batch in batches:
            optimiser.zero_grad()
            loss(network(X[batch])[:, 0], y[batch].float()).backward()
            optimiser.step()
            if schedule:
                schedule.step()
        network.eval()
        with torch.no_grad():
            logits = torch.cat([network(part)[:, 0] for part in X_val.split(2048)])
        history.append(((logits > 0) == (y_val == 1)).float().mean().item())
    return history


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, help="PhysioNet's archive, or a folder like it")
    parser.add_argument("--random-chunks", action="store_true", help="section 4.12")
    parser.add_argument("--seeds", default="1", help="by commas")
    parser.add_argument("--only", help="networks, by commas")
    parser.add_argument("--cosine", action="store_true", help="let the step size fall to zero")
    parser.add_argument("--threads", type=int, default=0, help="0: one for each processor")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    kind = "random-chunks" if options.random_chunks else "chunks"
    X, lengths, classes = recordings(options.data)
    generator = torch.Generator().manual_seed(12345)
    order = torch.randperm(len(X), generator=generator).tolist()
    split = int(0.8 * len(X))
    X_all, y_all = chunks(X, lengths, classes, order[:split])
    X_val, y_val = chunks(X, lengths, classes, order[split:])
    kept = balanced(y_all, generator)
    X_all, y_all = X_all[kept], y_all[kept]
    kept = balanced(y_val, generator)
    validation = X_val[kept], y_val[kept]
    print(f"{len(order)} recordings, {len(X_all)} and {len(kept)} chunks", flush=True)

    train_order = torch.tensor(order[:split])
    results = {}
    for name in options.only.split(",") if options.only else EPOCHS[kind]:
        for seed in map(int, options.seeds.split(",")):
            draw = torch.Generator().manual_seed(seed)
            repeated = train_order[balanced(classes[train_order], draw)].tolist()

            def random_chunks():
                starts = [int(torch.randint(lengths[i] - STEPS + 1, (), generator=draw))
                          for i in repeated]
                return (torch.stack([X[i, s : s + STEPS] for i, s in zip(repeated, starts)]),
                        classes[repeated])

            examples = random_chunks if options.random_chunks else lambda: (X_all, y_all)
            history = train(name, seed, EPOCHS[kind][name], examples, validation, options.cosine)
            results.setdefault(name, []).append(
                {"seed": seed, "last": history[-1], "best": max(history), "history": history})
            print(f"{name}, seed {seed}: last {history[-1]:.4f}, best {max(history):.4f}",
                  flush=True)
        print(f"{name}: median of the last epochs "
              f"{statistics.median(r['last'] for r in results[name]):.4f}", flush=True)
        if options.json:
            options.json.write_text(json.dumps(
                {"torch": torch.__version__, "experiment": kind, "cosine": options.cosine,
                 "data": options.data.name, "networks": results}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
