"""What the programs of all peers do: wait for a line, time what it asks for, answer with a line, as
Benchmarks/Operations/main.swift says."""

import os
import statistics
import sys
import time

# The same network by the names that the unit has for it: its tokens, and the examples of a batch.
ECGFORMERS = {"ECGformer-18": (18, 128), "ECGformer-188": (188, 128)}


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
