"""A large class on a Dask cluster whose workers are killed at random, and what bounds it.

    python -m bench.scale [PART...] [--submissions 5000] [--minutes 60] [--workers 1 2 4]
                          [--small 120] [--recorded 2000]

Every submission is another one: copies of the sample class's answers with a line of their own. All
that the gradebook holds for them is compared with what it holds without a cluster. The parts, each
of which writes its lines into docs/large-classes.md:

workers    submissions a minute with each number of workers
recording  how many the one process that writes can record: real results, once more and once more
large      the whole class on the largest number of workers, some of which are killed all the time;
           after --minutes the run is killed, too, and the table says how many it was by then
lessons    two processes that record, one for each of two lessons, into PostgreSQL
"""

import argparse
import contextlib
import os
import pickle
import tempfile
import time
from pathlib import Path

import psutil
from tqdm import tqdm

from autograder import course
from autograder.classroom.settings import read_settings
from autograder.grading.cluster import AHEAD
from autograder.grading.collect import Submission
from autograder.grading.gradebook import use_gradebook
from autograder.grading.kept import Kept
from autograder.grading.known import Known
from autograder.grading.record import Recorder
from autograder.grading.workers import grade_all
from autograder.lessons.lesson import Lessons
from autograder.sandbox.walls import Limits
from bench.copies import ANSWERS
from bench.document import write
from bench.grading import MEBIBYTE
from bench.scale_class import books_without_cluster, check_same, make_class, middle, watch
from tests import postgres
from tests.cluster import Cluster

DOCUMENT = course.ROOT / "docs" / "large-classes.md"
LESSONS = "01_spatial_arithmetic", "02_convolution_forward"
LESSON = LESSONS[0]
KILL_EVERY = 45  # seconds, on average: a new worker needs ten to be of use


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART",
                        help=f"{', '.join(PARTS)}; all of them unless some are named")
    parser.add_argument("--submissions", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--small", type=int, default=120,
                        help="submissions for each number of workers, and of two lessons together")
    parser.add_argument("--recorded", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    options = parser.parse_args()
    for part in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            text = PARTS[part](Path(scratch), options)
        print(text)
        write(f"scale {part}", text, DOCUMENT)


def workers(scratch, options):
    expected = books_without_cluster(scratch / "here", LESSON)
    lines = [f"{options.small} submissions of {LESSON} for each line, {os.cpu_count()} cores, "
             "pages left out. The second column is between the first and the last that was "
             "recorded; the third, what the process that records took of a core for each.", "",
             "| workers | submissions a minute | CPU ms of the process that records | most that "
             "the queue held |", "|---|---|---|---|"]
    for count in options.workers:
        folder = scratch / f"workers{count}"
        make_class(folder, options.small, LESSON)
        with contextlib.closing(Cluster(count)) as cluster:
            seen = watch(folder, options.small, cluster, ())
        check_same(folder, expected)
        lines.append(f"| {count} | {seen.rate:.0f} | {1000 * seen.cpu / seen.graded:.0f} | "
                     f"{seen.queue} |")
    return "\n".join(lines)


def large(scratch, options):
    count = max(options.workers)
    expected = books_without_cluster(scratch / "here", LESSON)
    folder = scratch / "large"
    make_class(folder, options.submissions, LESSON)
    load = os.getloadavg()[0]
    with contextlib.closing(Cluster(count)) as cluster:
        seen = watch(folder, options.submissions, cluster, (), kill_every=KILL_EVERY,
                     minutes=options.minutes)
    same = check_same(folder, expected, whole=not seen.stopped)
    end = (f"After {options.minutes:g} minutes the run itself was killed; {same} were in the "
           "gradebook by then." if seen.stopped else f"All {same} were graded.")
    each = seen.cpu / seen.graded
    memory = " ".join(f"{held / MEBIBYTE:.0f}" for held in seen.memory)
    return (f"{options.submissions} submissions of {LESSON} on {count} workers and "
            f"{os.cpu_count()} cores, on which {load:.1f} other programs ran on average in the "
            f"minute before. {seen.killed} workers were killed with kill -9 and replaced, one "
            f"about every {KILL_EVERY} seconds. {end} It took "
            f"{seen.seconds / 60:.1f} minutes, {seen.grading / 60:.1f} of them from the first to "
            f"the last: {seen.rate:.0f} a minute. For each of them the gradebook holds, word by "
            "word, what it holds without a cluster: points, comments, times, names. The scheduler "
            f"never held more than {seen.queue} submissions ({AHEAD} for each worker are sent). "
            f"The process that records took {1000 * each:.0f} ms of a core for each, and held, in "
            f"MiB after each tenth of the class: {memory}.")


def recording(scratch, options):
    source = course.SOLUTIONS / f"{LESSON}.py"
    make_class(scratch / "few", len(ANSWERS), LESSON)
    graded = sorted(grade_all(_submissions(scratch / "few", source), Limits(), workers=2),
                    key=lambda result: result[0])
    results = [pickle.dumps(one) for _, one, _ in graded]
    lines = [f"The results of {len(ANSWERS)} submissions, graded once, recorded as those of "
             f"{options.recorded} students, by one process and without a cluster:", "",
             "| gradebook | CPU ms for one, at first | at the end | so many a minute at most | MiB "
             "more at the end |", "|---|---|---|---|---|"]
    with postgres.server() as address:
        for name, url in ("a file (SQLite)", None), ("PostgreSQL", address):
            folder = scratch / name
            make_class(folder, options.recorded, LESSON)
            if url:
                use_gradebook(folder, url)
            times, more = _record(folder, source, results)
            tenth = options.recorded // 10
            first, last = (1000 * middle(some) for some in (times[:tenth], times[-tenth:]))
            lines.append(f"| {name} | {first:.0f} | {last:.0f} | {60_000 / last:.0f} | "
                         f"{more / MEBIBYTE:.0f} |")
    return "\n".join(lines)


def _submissions(folder, source):
    return [Submission(path.parts[-3], LESSON, path, source)
            for path in sorted(folder.glob(f"submitted/*/{LESSON}/*.ipynb"))]


def _record(folder, source, results):
    """(seconds of CPU for each submission, bytes that this process has grown by)."""
    recorder = Recorder(folder, Lessons({LESSON: source}))
    recorder.prepare([LESSON])
    known = Known(folder, read_settings(folder), Limits())
    kept = Kept(folder, known, recorder)
    to_run = known.look_up(_submissions(folder, source))[1]
    times, process = [], psutil.Process()
    for number, submission in enumerate(tqdm(to_run, desc="record", unit="notebook")):
        graded = pickle.loads(results[number % len(results)])
        start = time.process_time()
        kept.record(submission, graded)
        times.append(time.process_time() - start)
        if number == len(to_run) // 20:
            before = process.memory_info().rss
    recorder.close()
    return times, process.memory_info().rss - before


def lessons(scratch, options):
    expected = books_without_cluster(scratch / "here", *LESSONS)
    folder, count, students = scratch / "class", 2, options.small // len(LESSONS)
    make_class(folder, students, *LESSONS)
    with postgres.server() as address, contextlib.closing(Cluster(count)) as cluster:
        use_gradebook(folder, address)
        seen = watch(folder, students * len(LESSONS), cluster,
                     *(("--lesson", lesson) for lesson in LESSONS), kill_every=KILL_EVERY)
        check_same(folder, expected)
    return (f"{students} students, two lessons ({' and '.join(LESSONS)}), two processes that "
            f"record at the same time, one for each, into one PostgreSQL server; {count} workers "
            f"for both, {seen.killed} of which were killed and replaced. {seen.graded} graded, "
            f"{seen.rate:.0f} a minute; the gradebook holds what a file holds that one process "
            "writes without a cluster.")


PARTS = {"workers": workers, "recording": recording, "large": large, "lessons": lessons}


if __name__ == "__main__":
    main()
