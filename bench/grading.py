"""Grading speed: stock `nbgrader autograde` against this autograder, in one run.

    python -m bench.grading [--submissions 60] [--lesson 02_convolution_forward]

Prints a Markdown table. The class is made of the sample class's honest submissions, copied under
other names, since stock nbgrader hangs on or is fooled by the others. Nobody writes feedback pages.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from nbgrader.api import Gradebook
from tqdm import tqdm

from autograder import course
from autograder.sample import write_sample_class

HONEST = ("loops", "einsum", "strided", "typical_mistakes", "half_finished", "blank")
MEBIBYTE = 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--lesson", default="02_convolution_forward")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        write_sample_class(target=scratch / "sample")
        runs = [("stock nbgrader autograde", _stock), ("ours, 1 worker", _ours(1)),
                ("ours, 2 workers", _ours(2))]
        results = []
        for name, run in tqdm(runs, desc="grade", unit="run"):
            class_dir = scratch / name.replace(" ", "_")
            _make_class(scratch / "sample", class_dir, options)
            results.append((name, *run(class_dir, options.lesson), _scores(class_dir)))
    _print(results, options)


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
    _measured([sys.executable, "-m", "nbgrader", "generate_assignment", lesson, "--force", release],
              class_dir)
    return _measured([sys.executable, "-m", "nbgrader", "autograde", lesson], class_dir)


def _ours(workers):
    def run(class_dir, lesson):
        return _measured([sys.executable, "-m", "autograder", "grade", str(class_dir),
                          "--no-feedback", "--workers", str(workers)], course.ROOT)

    return run


def _measured(command, folder):
    """(wall seconds, CPU seconds, peak bytes) of a command and all that it started."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = psutil.Popen(command, cwd=folder, stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, text=True)
    peak = [0]

    def watch():
        while process.poll() is None:
            total = 0
            for one in [process, *process.children(recursive=True)]:
                try:
                    total += one.memory_info().rss
                except psutil.Error:
                    pass
            peak[0] = max(peak[0], total)
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, said = process.communicate()
    seconds = time.monotonic() - start
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command[1:5])} failed:\n{said[-2000:]}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, peak[0]


def _scores(class_dir):
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        return {(s.student.id, g.name): g.auto_score
                for s in gradebook.assignment_submissions(gradebook.assignments[0].name)
                for n in s.notebooks for g in n.grades}


def _print(results, options):
    _, slowest, most, _, expected = results[0]
    print(f"{options.submissions} honest submissions of {options.lesson}, wall time of the whole "
          "command, all walls up.\n")
    print("| | seconds | per submission | times as fast | CPU seconds per submission | times as "
          "little | peak memory, MiB | same scores |")
    print("|---|---|---|---|---|---|---|---|")
    for name, seconds, cpu, peak, scores in results:
        same = "" if scores is expected else "yes" if scores == expected else "NO"
        print(f"| {name} | {seconds:.1f} | {seconds / options.submissions:.2f} | "
              f"{slowest / seconds:.1f} | {cpu / options.submissions:.2f} | {most / cpu:.1f} | "
              f"{peak / MEBIBYTE:.0f} | {same} |")


if __name__ == "__main__":
    main()
