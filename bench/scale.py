"""A large class on a Dask cluster whose workers are killed at random, and what bounds it.

    python -m bench.scale [--submissions 5000] [--lesson 01_spatial_arithmetic] [--workers 1 2 4]

Every submission is another one: copies of the sample class's answers with a line of their own.
First a smaller class with each number of workers, for submissions a minute; then the whole class
with the largest number, a worker killed and replaced every few seconds. Every score is compared
with what this machine gives for the same answers without a cluster. The table goes into
docs/large-classes.md, with how many submissions it was.
"""

import argparse
import contextlib
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from tqdm import tqdm

from autograder import course
from autograder.results.stored import stored
from bench.copies import ANSWERS, copies
from bench.document import write
from bench.grading import MEBIBYTE, scores_of
from tests.cluster import Cluster
from tests.programs import Program, run

DOCUMENT = course.ROOT / "docs" / "large-classes.md"
KILL_EVERY = 5.0  # seconds, on average
SMALL = 120  # submissions for each number of workers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=5000)
    parser.add_argument("--lesson", default="01_spatial_arithmetic")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        expected = _without_cluster(scratch / "here", options.lesson)
        rows = []
        for count in tqdm(options.workers, desc="workers", unit="cluster"):
            folder = scratch / f"workers{count}"
            _make_class(folder, options.lesson, SMALL)
            with contextlib.closing(Cluster(count)) as cluster:
                seconds = _grade(folder, cluster)[0]
            _compare(folder, expected)
            rows.append((count, SMALL / seconds * 60, _recording(folder)))
        folder = scratch / "large"
        _make_class(folder, options.lesson, options.submissions)
        with contextlib.closing(Cluster(max(options.workers))) as cluster:
            seconds, killed, memory = _grade(folder, cluster, kill=True)
        _compare(folder, expected)
        text = _table(options, rows, seconds, killed, memory, _recording(folder))
    print(text)
    write("scale", text, DOCUMENT)


def _make_class(folder, lesson, count):
    for number, notebook in enumerate(copies(lesson, count)):
        target = folder / "submitted" / f"s{number:05}" / lesson
        target.mkdir(parents=True)
        (target / f"{lesson}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def _without_cluster(folder, lesson):
    """{number of the answers: {test cell: points}}, graded in processes of this machine."""
    _make_class(folder, lesson, len(ANSWERS))
    done = run("autograder", "grade", folder, "--no-feedback")
    if done.returncode:
        sys.exit(f"the class could not be graded: {done.stderr[-2000:]}")
    return dict(enumerate(_by_student(folder).values()))


def _by_student(folder):
    found = {}
    for (student, cell), points in sorted(scores_of(folder).items()):
        found.setdefault(student, {})[cell] = points
    return found


def _compare(folder, expected):
    found = _by_student(folder)
    submitted = sorted(path.name for path in (folder / "submitted").iterdir())
    other = [student for student in submitted
             if found.get(student) != expected[int(student[1:]) % len(ANSWERS)]]
    if other:
        sys.exit(f"other scores than without a cluster: {', '.join(other[:10])}")


def _grade(folder, cluster, kill=False):
    """(seconds, workers killed, [memory of the process that asks, at each tenth of the class])."""
    log, rng = folder / "grading.log", random.Random(0)
    count = len(list((folder / "submitted").iterdir()))
    memory, killed, start = {}, 0, time.monotonic()
    program = Program("autograder", "grade", folder, "--no-feedback", "--scheduler",
                      cluster.address)
    again = start + rng.uniform(1, 2 * KILL_EVERY)
    with tqdm(total=count, desc="graded", unit="notebook") as bar:
        while program.alive():
            time.sleep(0.2)
            done = log.read_bytes().count(b"\n") if log.exists() else 0
            bar.update(done - bar.n)
            if 0 < done < count:
                memory[10 * done // count] = psutil.Process(program.pid).memory_info().rss
            if kill and 0 < done < count and time.monotonic() > again:
                cluster.replace(rng.randrange(len(cluster.workers)))
                killed += 1
                again = time.monotonic() + rng.uniform(0, 2 * KILL_EVERY)
    finished = program.wait()
    if finished.returncode:
        sys.exit(f"the class could not be graded: {finished.stderr[-2000:]}")
    return time.monotonic() - start, killed, [memory[tenth] for tenth in sorted(memory)]


def _recording(folder):
    """Seconds that the one process which writes needs for a submission: the middle of all."""
    return statistics.median(row.spent["gradebook and executed notebook"]
                             for row in stored(folder))


def _table(options, rows, seconds, killed, memory, recording):
    lines = [f"{SMALL} submissions of {options.lesson} for each line, {os.cpu_count()} cores, "
             "pages left out:", "", "| workers | submissions a minute | ms for recording one |",
             "|---|---|---|"]
    lines += [f"| {count} | {rate:.0f} | {1000 * each:.0f} |" for count, rate, each in rows]
    lines += ["", f"{options.submissions} submissions on {max(options.workers)} workers, of which "
              f"{killed} were killed and replaced, one about every {KILL_EVERY:.0f} seconds: "
              f"{seconds / 60:.1f} minutes, {options.submissions / seconds * 60:.0f} a minute, the "
              "same points in every cell as without a cluster. The process that asks held "
              f"{memory[0] / MEBIBYTE:.0f} MiB after the first tenth and "
              f"{memory[-1] / MEBIBYTE:.0f} MiB at the end. It recorded one in "
              f"{1000 * recording:.0f} ms, so beyond {60 / recording:.0f} a minute it is the "
              "limit, however many workers there are: split the work by lesson then, each with a "
              "process of its own."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
