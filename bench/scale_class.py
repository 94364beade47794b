"""Classes for `bench.scale`, and watching what grades them."""

import itertools
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
from tqdm import tqdm

from autograder.grading.log import LOG
from autograder.grading.record import Recorder
from bench.copies import ANSWERS, copies
from tests.programs import Program, run


def make_class(folder, count, *lessons):
    for lesson in lessons:
        for number, notebook in enumerate(copies(lesson, count)):
            target = Path(folder) / "submitted" / f"s{number:05}" / lesson
            target.mkdir(parents=True)
            (target / f"{lesson}.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def books_without_cluster(folder, *lessons):
    """{lesson: [what the gradebook holds for each of ANSWERS]}, graded in processes of this
    machine, into a file."""
    make_class(folder, len(ANSWERS), *lessons)
    done = run("autograder", "grade", folder, "--no-feedback")
    if done.returncode:
        sys.exit(f"the class could not be graded: {done.stderr[-2000:]}")
    return {lesson: [books[name] for name in sorted(books)]
            for lesson, books in _books(folder, lessons).items()}


def check_same(folder, expected, whole=True):
    """End the program unless the gradebook holds what it would hold without a cluster, for all of
    the class, or for those that are graded. Returns how many submissions it compared."""
    compared = 0
    for lesson, books in _books(folder, expected).items():
        names = [path.name for path in (folder / "submitted").iterdir()] if whole else books
        other = sorted(name for name in names
                       if books.get(name) != expected[lesson][int(name[1:]) % len(ANSWERS)])
        if other:
            sys.exit(f"{lesson}: the gradebook holds something else than without a cluster for "
                     f"{len(other)} students, such as {', '.join(other[:5])}")
        compared += len(names)
    return compared


def _books(folder, lessons):
    recorder = Recorder(folder, {})
    try:
        return recorder.states(lessons)
    finally:
        recorder.close()


@dataclass
class Watched:
    """What was seen of processes that grade a class.

    seconds     of the whole command
    grading     seconds between the first and the last submission that was recorded
    graded      how many were recorded
    killed      workers that were killed and replaced
    cpu         seconds of CPU of the processes that record, while they did
    memory      bytes that all of them held after each tenth of the class
    queue       the most submissions that the scheduler held at a time
    stopped     True if the time was over before the class was
    """

    seconds: float = 0.0
    grading: float = 0.0
    graded: int = 0
    killed: int = 0
    cpu: float = 0.0
    memory: list = field(default_factory=list)
    queue: int = 0
    stopped: bool = False

    @property
    def rate(self):
        """Submissions a minute, without what it takes to start and to end."""
        return (self.graded - 1) / self.grading * 60


def watch(folder, count, cluster, *runs, kill_every=None, minutes=None):
    """Grade a class of `count` submissions on a cluster; returns the Watched.

    runs        for each process that records, its options beside those that all have
    kill_every  seconds between two kills of a worker, on average
    minutes     then the processes are killed, and what they recorded counts
    """
    seen, start, rng = Watched(), time.monotonic(), random.Random(0)
    programs = [Program("autograder", "grade", folder, "--no-feedback", "--scheduler",
                        cluster.address, *options) for options in runs]
    next_kill = itertools.accumulate(
        iter(lambda: rng.uniform(0, 2 * (kill_every or 1)), None), initial=start)
    due, first, memory = next(next_kill), None, {}
    with (tqdm(total=count, desc="graded", unit="notebook") as bar,
          open(folder / LOG, "a+b") as log, cluster.tasks() as tasks):
        log.seek(0)
        while any(program.alive() for program in programs):
            time.sleep(1)
            bar.update(log.read().count(b"\n"))
            now, seen.queue = time.monotonic(), max(seen.queue, tasks())
            if seen.graded < bar.n < count:
                held, spent = _of_all(programs)
                first = first or (now, spent)
                memory[10 * bar.n // count] = held
                seen.cpu = spent - first[1]
            if seen.graded < bar.n:
                seen.graded, seen.grading = bar.n, now - first[0] if first else 0.0
            if kill_every and now > due:
                if 0 < bar.n < count:
                    cluster.replace(rng.randrange(len(cluster.workers)))
                    seen.killed += 1
                due = next(next_kill)
            if minutes and now > start + 60 * minutes:
                seen.stopped = True
                break
    seen.seconds = time.monotonic() - start
    seen.memory = [memory[tenth] for tenth in sorted(memory)]
    for program in programs:
        if seen.stopped:
            program.kill()
        elif (done := program.wait()).returncode:
            sys.exit(f"the class could not be graded: {done.stderr[-2000:]}")
    return seen


def _of_all(programs):
    """(bytes of memory, seconds of CPU) of the processes themselves, without those they start."""
    held, spent = 0, 0.0
    for program in programs:
        try:
            process = psutil.Process(program.pid)
            held += process.memory_info().rss
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return held, spent


def middle(values):
    return statistics.median(values)
