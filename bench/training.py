"""How long a small network takes to learn the digits: python -m bench.training

Each run is a process of its own, with OPENBLAS_NUM_THREADS set and OPENBLAS_CORETYPE unset, so that
NumPy uses the instruction set of the machine. Runs with one and two threads take turns; run i uses
seed i, so both see the same networks. Seconds count from the loading of the images to the trained
network, without imports. CPU seconds are what the processor worked, whoever else was using it.
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median
from time import perf_counter, process_time

from bench.document import write
from course_lib.data import digits
from course_lib.networks.network import Affine, BatchNorm, Conv, Dropout, Network, Pool, ReLU
from course_lib.networks.optimizers import Adam
from course_lib.networks.training import cosine, fit

LAYERS = (Conv(24, 5, pad=2), Pool(2), BatchNorm(), ReLU(), Dropout(0.3), Affine(10))
THREADS = (1, 2)


def recipe(seed):
    """Train on the digits' training part; returns the network.

    Found by cross-validation within the training part; pooling stands before ReLU, which changes
    no result (the maximum does not care) and saves three quarters of the work in between.
    """
    network = Network((1, 8, 8), LAYERS, seed=seed)
    fit(
        network, *digits("train"), epochs=6, batch_size=32, optimizer=Adam(0.02), schedule=cosine,
        seed=seed, progress=False,
    )  # fmt: skip
    return network


def measure(seed):
    """Seconds and test accuracy of one training in this process."""
    start, cpu_start = perf_counter(), process_time()
    network = recipe(seed)
    seconds, cpu_seconds = perf_counter() - start, process_time() - cpu_start
    accuracy = network.evaluate(*digits("test"))[1]
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "accuracy": accuracy}


def measure_apart(seed, threads):
    """The same in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    environment["OPENBLAS_NUM_THREADS"] = str(threads)
    command = [sys.executable, "-m", "bench.training", "--seed", str(seed)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def table(runs):
    """A markdown table; `runs` has a list of measurements for each number of threads."""
    lines = [
        "| threads | training: median s | fastest | slowest | median CPU s "
        "| test accuracy: median | lowest |",
        "|---|---|---|---|---|---|---|",
    ]
    for threads, found in runs.items():
        seconds, cpu_seconds, accuracy = (
            [run[key] for run in found] for key in ("seconds", "cpu_seconds", "accuracy")
        )
        lines.append(
            f"| {threads} | {median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} "
            f"| {median(cpu_seconds):.2f} | {median(accuracy):.1%} "
            f"| {min(accuracy):.1%} |"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description="Time the training of a network on the digits.")
    parser.add_argument("--runs", type=int, default=9, help="trainings per number of threads")
    parser.add_argument("--seed", type=int, help="train once, with this seed; print JSON")
    arguments = parser.parse_args()
    if arguments.seed is not None:
        print(json.dumps(measure(arguments.seed)))
        return
    runs = {threads: [] for threads in THREADS}
    for seed in range(arguments.runs):
        for threads, found in runs.items():
            found.append(measure_apart(seed, threads))
    text = table(runs)
    print(text)
    if arguments.runs == parser.get_default("runs"):
        write("training", text)


if __name__ == "__main__":
    main()
