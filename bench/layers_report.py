"""The tables of `bench.layers`, as Markdown."""

import os

import numpy as np

from bench.layers_cases import GEMM, OURS, TORCH, torch
from bench.layers_usual import USUAL

MEBIBYTE = 2**20


def report(measured, core):
    """One text for all rows, {number of threads: rows}; core: what BLAS takes the machine for."""
    against = f", torch {torch.__version__.partition('+')[0]}" if torch else ", torch not installed"
    lines = [f"{os.cpu_count()} cores, NumPy {np.__version__}, BLAS core type {core}{against}."]
    for count, results in measured.items():
        lines += ["", f"#### {count} thread" + ("s" if count > 1 else "")]
        for dtype in ("float32", "float64"):
            rows = [r for r in results if (r["kind"], r["dtype"]) == ("convolution", dtype)]
            if rows:
                lines += ["", *convolution_table(rows, dtype)]
        lines += ["", *other_table([r for r in results if r["kind"] != "convolution"])]
    return "\n".join(lines)


def convolution_table(rows, dtype):
    """Times as multiples of the bare product's and of the reference's."""
    usual = [name for name in USUAL if name in rows[0]]
    head = [f"convolution, {dtype}", "pass", "product, ms", "reference / product"]
    head += [f"{name} / reference" for name in usual]
    head += ["reference / torch"] * (TORCH in rows[0]) + ["extra memory, MiB"]
    body = []
    for row in rows:
        ours = row[OURS]["seconds"]
        line = [row["workload"], row["pass"], f"{row[GEMM]['seconds'] * 1e3:.1f}"]
        line += [f"{ours / row[GEMM]['seconds']:.2f}"]
        line += [f"{row[name]['seconds'] / ours:.1f}" for name in usual]
        if TORCH in row:
            line.append(f"{ours / row[TORCH]['seconds']:.2f}")
        body.append([*line, f"{row[OURS]['bytes'] / MEBIBYTE:.1f}"])
    return table(head, body)


def other_table(rows):
    """Pooling and the locally connected layer."""
    head = ["layer", "workload", "pass", "reference, ms", "reference / product"]
    head += ["reference / torch"] * any(TORCH in row for row in rows) + ["extra memory, MiB"]
    body = []
    for row in rows:
        ours = row[OURS]["seconds"]
        line = [row["kind"], row["workload"], row["pass"], f"{ours * 1e3:.1f}"]
        line.append(f"{ours / row[GEMM]['seconds']:.2f}" if GEMM in row else "")
        if len(head) == 7:
            line.append(f"{ours / row[TORCH]['seconds']:.2f}" if TORCH in row else "")
        body.append([*line, f"{row[OURS]['bytes'] / MEBIBYTE:.1f}"])
    return table(head, body)


def table(head, body):
    rows = [head, ["---"] * len(head), *body]
    return ["| " + " | ".join(row) + " |" for row in rows]
