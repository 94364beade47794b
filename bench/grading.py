"""Grading speed: stock `nbgrader autograde` against this autograder, in one run.

    python -m bench.grading [--submissions 60] [--lesson 02_convolution_forward]

The tables go into docs/performance.md if the options were left alone. The class is made of the
sample class's honest submissions, copied under other names, since stock nbgrader hangs on or is
fooled by the others. Feedback pages are timed apart.
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from nbgrader.api import Gradebook
from tqdm import tqdm

from autograder import course
from autograder.judge.figures import cache_folder
from autograder.lessons.build import write_sources
from autograder.lessons.sample import write_sample_class
from bench.document import write

HONEST = ("loops", "einsum", "strided", "typical_mistakes", "half_finished", "blank")
MEBIBYTE = 2**20
ZYGOTE = "autograder.sandbox.inside.zygote"


@dataclass
class Run:
    """What was measured of one command."""

    name: str
    printed: str
    seconds: float
    cpu: float
    peak: int
    scores: dict


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--lesson", default="02_convolution_forward")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        write_sources()
        write_sample_class(target=scratch / "sample")
        # What else a machine does for some seconds moves a short run more than one of minutes.
        runs = [("stock nbgrader autograde", _stock, 1), ("ours, 1 worker", _ours(1), 3),
                ("ours, 2 workers", _ours(2), 3)]
        results = []
        for name, run, times in tqdm(runs, desc="grade", unit="run"):
            some = []
            for number in range(times):
                class_dir = scratch / f"{name.replace(' ', '_')}_{number}"
                _make_class(scratch / "sample", class_dir, options)
                some.append(Run(name, *run(class_dir, options.lesson), scores_of(class_dir)))
            results.append(sorted(some, key=lambda one: one.seconds)[times // 2])
        # Nothing is run again: what these take are the pages, and then looking whether all holds.
        pages, unchanged = (_grade(class_dir, 2)[1] for _ in range(2))
    text = "\n".join([*_comparison(results, options), "",
                      f"Feedback pages of all, 2 workers: {pages:.1f} s, "
                      f"{pages / results[-1].seconds:.0%} of the time of grading. The same class "
                      f"once more, nothing changed: {unchanged:.1f} s.", "",
                      *_where_time_goes(results[1], options)])
    print(text)
    if (options.submissions, options.lesson) == (60, "02_convolution_forward"):
        write("grading", text)


def _make_class(sample, class_dir, options):
    for number in range(options.submissions):
        source = sample / HONEST[number % len(HONEST)] / options.lesson
        target = class_dir / "submitted" / f"student{number:03}" / options.lesson
        shutil.copytree(source, target)
    (class_dir / "nbgrader_config.py").write_text(
        "from autograder.course import configure\n"
        f"get_config().merge(configure({str(class_dir)!r}))\n")


def _stock(class_dir, lesson):
    release = f"--CourseDirectory.release_directory={class_dir}/released"
    measured([sys.executable, "-m", "nbgrader", "generate_assignment", lesson, "--force", release],
              class_dir)
    return measured([sys.executable, "-m", "nbgrader", "autograde", lesson], class_dir)


def _ours(workers):
    def run(class_dir, lesson):
        # Figures that an earlier run has drawn would make this one look faster than a first one.
        shutil.rmtree(cache_folder(), ignore_errors=True)
        return _grade(class_dir, workers, "--no-feedback", "--json")

    return run


def _grade(class_dir, workers, *options):
    return measured([sys.executable, "-m", "autograder", "grade", str(class_dir), "--workers",
                     str(workers), *options], course.ROOT)


def measured(command, folder, fine=(0,)):
    """(what it printed, wall seconds, CPU seconds, peak bytes) of a command and all it started."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile("w+") as printed:
        process = psutil.Popen(command, cwd=folder, stdout=printed, stderr=subprocess.PIPE,
                               text=True)
        peak, behind_walls = [0], {}

        def watch():
            while process.poll() is None:
                running = with_all_it_started(process)
                peak[0] = max(peak[0], memory_of(running))
                behind_walls.update(cpu_behind_walls(running))
                # Looking takes some hundredths of a second of a core, and the more processes the
                # more: oftener, it would slow down what is measured.
                time.sleep(1)

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, said = process.communicate()
        seconds = time.monotonic() - start
        watcher.join()
        if process.returncode not in fine:
            raise SystemExit(f"{' '.join(command[1:5])} failed:\n{said[-2000:]}")
        printed.seek(0)
        output = printed.read()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    cpu += sum(behind_walls.values())
    return output, seconds, cpu, peak[0]


def with_all_it_started(process):
    """A process and all that it started and that run now."""
    started = []
    with contextlib.suppress(psutil.Error):  # it has just ended
        started = process.children(recursive=True)
    return [process, *started]


def cpu_behind_walls(running):
    """{pid: CPU seconds} of the processes that fork for submissions, with all that they forked.

    bubblewrap does not wait for what runs in it, so nobody outside is told what it took.
    """
    taken = {}
    for one in running:
        with contextlib.suppress(psutil.Error):  # it has just ended
            if ZYGOTE in one.cmdline():
                taken[one.pid] = sum(one.cpu_times()[:4])
    return taken


def memory_of(running):
    """Bytes that some processes hold now; a page shared by forks counts once."""
    total = 0
    for one in running:
        with contextlib.suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total


def scores_of(class_dir):
    """{(student, test cell): points} of the only lesson in a class's gradebook."""
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        return {(s.student.id, g.name): g.auto_score
                for s in gradebook.assignment_submissions(gradebook.assignments[0].name)
                for n in s.notebooks for g in n.grades}


def _comparison(results, options):
    stock, count = results[0], options.submissions
    rows = [f"{count} honest submissions of {options.lesson} on {os.cpu_count()} cores, wall "
            "time of the whole command, all walls up; of ours the middle of three runs.", "",
            "| | seconds | per submission | times as fast | CPU seconds per submission | times as "
            "little | peak memory, MiB | same scores |", "|---|---|---|---|---|---|---|---|"]
    for run in results:
        same = "" if run is stock else "yes" if run.scores == stock.scores else "NO"
        rows.append(
            f"| {run.name} | {run.seconds:.1f} | {run.seconds / count:.2f} | "
            f"{stock.seconds / run.seconds:.1f} | {run.cpu / count:.2f} | "
            f"{stock.cpu / run.cpu:.1f} | {run.peak / MEBIBYTE:.0f} | {same} |")
    return rows


def _where_time_goes(run, options):
    spent = {}
    for line in run.printed.splitlines():
        for part, seconds in json.loads(line)["spent"].items():
            spent[part] = spent.get(part, 0.0) + seconds
    spent["starting, making the gradebook, waiting, report"] = run.seconds - sum(spent.values())
    rows = [f"Where the time of “{run.name}” goes:", "",
            "| part | ms for each submission | share |", "|---|---|---|"]
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        rows.append(f"| {part} | {1000 * seconds / options.submissions:.0f} | "
                    f"{seconds / run.seconds:.0%} |")
    return rows


if __name__ == "__main__":
    main()
