"""A class with ten hostile notebooks among honest ones, against the same class without them.

    python -m bench.hostile [--submissions 60] [--lesson 02_convolution_forward]

The figures go into docs/performance.md if the options were left alone.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from autograder import course
from autograder.lessons.sample import write_sample_class
from bench.document import write
from bench.grading import MEBIBYTE, measured
from tests.attacks.hostile import HOSTILE, book_of, honest_results, make_class


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--lesson", default="02_convolution_forward")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        write_sample_class(target=scratch / "sample")
        runs = []
        for hostile in (False, True):
            class_dir = scratch / str(hostile)
            make_class(class_dir, scratch / "sample", options.lesson, options.submissions, hostile)
            _, seconds, _, peak = measured(
                [sys.executable, "-m", "autograder", "grade", str(class_dir), "--workers", "2"],
                course.ROOT, (0, 1))
            runs.append((seconds, peak, honest_results(class_dir, book_of(class_dir))))
    text = _table(runs, options)
    print(text)
    if (options.submissions, options.lesson) == (60, "02_convolution_forward"):
        write("hostile", text)


def _table(runs, options):
    (before, _, expected), (_, _, found) = runs
    same = "the same" if found == expected else "NOT THE SAME"
    rows = [f"{options.submissions} honest submissions of {options.lesson}, and the same with "
            f"{len(HOSTILE)} of the worst notebooks among them; 2 workers on {os.cpu_count()} "
            "cores, pages and report included. Memory is that of all processes together; a page "
            f"shared by forks counts once. The honest rows, pages and grades are {same}.", "",
            "| | seconds | times as long | peak memory, MiB |", "|---|---|---|---|"]
    for name, (took, peak, _) in zip(("honest", "with hostile ones"), runs, strict=True):
        rows.append(f"| {name} | {took:.1f} | {took / before:.2f} | {peak / MEBIBYTE:.0f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
