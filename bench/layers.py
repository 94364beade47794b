"""Measure the reference layers: `make bench`, or `python -m bench.layers [--quick]`.

Each case and number of threads gets processes of its own, because a BLAS library reads its settings
once, and what one case leaves of the heap moves the times of the next. The tables go between the
marks in docs/performance.md; with --quick they are only printed.
"""

import argparse
import ctypes
import json
import os
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bench import layers_cases as cases
from bench.document import write
from bench.layers_report import report

THREADS = (1, 2)
PROCESSES = 5  # for a short case, 3 for a long one; how their memory lies is luck, see middle()
LONG_SECONDS = 0.01  # the reference's time, from which on a case is long


def measure(ways, rounds, clock):
    """The median time of each way in seconds, and the memory ours takes beyond input and output.

    The ways take turns, so that a busy moment of the machine hits all of them, and each finds the
    caches full of another's arrays, like a layer that comes after others. Whose arrays these are
    changes from round to round: one that uses the same weights leaves them where they are at hand.
    """
    order = random.Random(0)
    cases.check_equal(ways)
    times = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in order.sample(list(ways.items()), len(ways)):
            start = clock()
            way()
            times[name].append(clock() - start)
    found = {name: {"seconds": statistics.median(taken)} for name, taken in times.items()}
    found[cases.OURS]["bytes"] = extra_memory(ways[cases.OURS])
    return found


def extra_memory(way):
    """Bytes at the peak beyond the arrays that come back."""
    tracemalloc.start()
    result = way()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - sum(array.nbytes for array in result)


def jobs(quick):
    """What is measured: (kind, workload, data type, the function that makes its cases)."""
    return [
        ("convolution", f"x {w[0]} w {w[1]} s{w[2]} p{w[3]}", dtype,
         partial(cases.convolution_cases, w, np.dtype(dtype)))
        for dtype in (("float32",) if quick else ("float32", "float64"))
        for w in cases.CONVOLUTIONS
    ] + [
        ("pooling", f"{n}x{n} s2", "float32", partial(cases.pooling_cases, n)) for n in (2, 3)
    ] + [("locally connected", "3x3 s1 p0", "float32", cases.local_cases)]


def worker(quick, threads, number):
    """Measure one job with this process's number of threads; prints rows as JSON.

    One thread's seconds are the processor's, of all threads that there may be: what else the
    machine does moves them less than those of the clock. With two threads waiting is what counts.
    """
    if cases.torch:
        cases.torch.set_num_threads(threads)
    clock = time.process_time if threads == 1 else time.perf_counter
    kind, workload, dtype, make = jobs(quick)[number]
    print(json.dumps([
        {"kind": kind, "workload": workload, "dtype": dtype, "pass": title,
         **measure(ways, 3 if quick else 11, clock)} for title, ways in make()]))


def blas_core():
    """Which processor NumPy's OpenBLAS takes this machine for, such as Haswell or SkylakeX."""
    libraries = Path(np.__file__).parent.parent / "numpy.libs"
    for library in libraries.glob("*openblas*"):
        for name in ("scipy_openblas_get_corename64_", "openblas_get_corename"):
            function = getattr(ctypes.CDLL(str(library)), name, None)
            if function:
                function.restype = ctypes.c_char_p
                return function().decode()
    return "unknown"


def run_worker(quick, threads, number):
    """The rows of one job, measured in a process of its own."""
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # they fit another processor's kernels
        environment.pop(name, None)
    command = [sys.executable, "-m", "bench.layers", "--worker", str(threads), str(number)]
    process = subprocess.run(
        command + ["--quick"] * quick, env=environment, stdout=subprocess.PIPE, check=True
    )
    return json.loads(process.stdout)


def middle(runs):
    """For each row the process whose ratio to the product, or to torch, is the median of all.

    Which arrays of a process find pages at hand, and which must have theirs from the system, is
    decided once and then lasts. It moves the shortest case by a third.
    """
    def ratio(row):
        other = row.get(cases.GEMM) or row.get(cases.TORCH) or {"seconds": 1}
        return row[cases.OURS]["seconds"] / other["seconds"]

    return [sorted(same, key=ratio)[len(same) // 2] for same in zip(*runs, strict=True)]


def measure_all(quick):
    """{number of threads: rows}."""
    found = {threads: [] for threads in THREADS}
    every = [(threads, number) for threads in THREADS for number in range(len(jobs(quick)))]
    for threads, number in tqdm(every, desc="layers", unit="case"):
        runs = [run_worker(quick, threads, number)]
        long = min(row[cases.OURS]["seconds"] for row in runs[0]) > LONG_SECONDS
        more = 0 if quick else 2 if long else PROCESSES - 1
        runs += [run_worker(quick, threads, number) for _ in range(more)]
        found[threads] += middle(runs)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rounds; print, write nothing")
    parser.add_argument("--worker", type=int, nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        worker(arguments.quick, *arguments.worker)
        return
    text = report(measure_all(arguments.quick), blas_core())
    print(text)
    if not arguments.quick:
        write("layers", text)
        print("\nwritten to docs/performance.md", file=sys.stderr)


if __name__ == "__main__":
    main()
