"""What the programs of all peers do: wait for a line, time what it asks for, answer with a line, as
Benchmarks/Operations/main.swift says."""

import os
import statistics
import sys
import time

# Networks of units that stand among the operations: their names there, and the examples of a batch.
OPERATION_NETWORKS = {
    "ECGformer-18": ("encoder network, 18 tokens, batch 128", 128),
    "ECGformer-188": ("encoder network, 188 tokens, batch 128", 128),
    "DilatedNet": ("dilated network 32x3000", 32),
    "StackedLinear-128": ("features, width 128", 64),
    "StackedLinear-2048": ("features, width 2048", 64),
}


def limit_threads(count):
    """To be called before JAX starts its threads: it has no setting for their number that holds everywhere."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def seconds(body, total):
    """The median time of a call."""
    # the first fills caches, compiles and starts threads
    for _ in range(3):
        body()
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < total or len(times) < 5:
        began = time.perf_counter()
        body()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def serve(subjects):
    """`subjects` has for each name a function that prepares (forward, training)."""
    for line in sys.stdin:
        name, mode, total = line.rstrip("\n").split("\t")
        if name not in subjects:
            print("unknown", flush=True)
            continue
        forward, training = subjects[name]()
        print(seconds(forward if mode == "forward" else training, float(total)), flush=True)
