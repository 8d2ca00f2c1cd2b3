"""What the programs of all peers do: wait for a line, time what it asks for, answer with a line, as
Benchmarks/Operations/main.swift says."""

import statistics
import sys
import time


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
