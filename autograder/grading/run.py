"""Grading a class from beginning to end."""

import gc
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from itertools import repeat
from pathlib import Path

from tqdm import tqdm

from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.grading.attempts import best_of, with_attempts
from autograder.grading.cluster import grade_on_cluster
from autograder.grading.collect import collect
from autograder.grading.gradebook import check_gradebook
from autograder.grading.log import open_log
from autograder.grading.record import Recorder, only_run
from autograder.grading.workers import CONTEXT, grade_all
from autograder.judge.intake import restore
from autograder.judge.reading import read_submission
from autograder.judge.template import template_for
from autograder.lessons.lesson import read_lesson
from autograder.lms.collect import put_in_place
from autograder.results.feedback import generate_feedback
from autograder.sandbox.walls import BubblewrapSandbox, Limits, UnsafeSandbox
from autograder.stopwatch import Stopwatch

# Its thread would be one too many where processes are forked.
tqdm.monitor_interval = 0


@dataclass
class Row:
    """What the table says of one submission. `score` is None where nothing could be graded."""

    student: str
    lesson: str
    score: float | None = None
    max_score: float = 0.0
    essays_waiting: int = 0
    before: float | None = None
    remarks: list = field(default_factory=list)
    events: list = field(default_factory=list)
    misconceptions: dict = field(default_factory=dict)
    problem: str = ""
    page: str = ""
    spent: dict = field(default_factory=dict)

    @property
    def seconds(self):
        """Seconds of wall time that grading took."""
        return sum(self.spent.values())

    @property
    def changed(self):
        return self.before is not None and self.before != self.score

    @property
    def happened(self):
        """What there is to say about the submission, the gravest first, each thing once."""
        if self.problem:
            return [self.problem]
        said = list(dict.fromkeys([*self.events, *self.remarks]))
        if self.essays_waiting:
            said.append("1 essay waits" if self.essays_waiting == 1 else
                        f"{self.essays_waiting} essays wait")
        return said

    def line(self):
        """The row as one line of a log."""
        points = "not graded" if self.problem else f"{self.score:g}/{self.max_score:g} points"
        before = f" (before: {self.before:g})" if self.changed else ""
        return "; ".join([f"{self.student}/{self.lesson}: {points}{before}, {self.seconds:.2f} s",
                          *self.happened])

    def data(self):
        """The row as plain data, for JSON."""
        mistakes = [{"exercise": exercise, "name": name, "sentence": sentence}
                    for (exercise, name), sentence in self.misconceptions.items()]
        return asdict(self) | {"misconceptions": mistakes, "page": str(self.page),
                               "seconds": self.seconds}


def grade_class(class_dir, *, lesson=None, student=None, workers=1, unsafe=False, limits=None,
                feedback=True, scheduler=None, tell=None):
    """Grade the submissions of a class; returns (rows, lessons, walls).

    scheduler  address of a Dask scheduler whose workers grade, in place of processes here
    tell       called with the Row of each submission as soon as it is recorded

    Raises GradingError for what stops the whole run: no submissions, an unknown lesson, a
    gradebook that cannot be written, a missing sandbox, a full disk. What is recorded by then
    stays recorded.
    """
    class_dir = Path(class_dir)
    settings = read_settings(class_dir)
    sources = lesson_paths(class_dir, settings)
    lessons = [read_lesson(path) for path in sources.values()]
    submissions, problems = collect(class_dir, set(sources), student, lesson)
    count = len(submissions)
    submissions = with_attempts(class_dir, settings, [
        replace(one, source=sources[one.lesson]) for one in submissions])
    limits = limits or class_limits(class_dir)
    with only_run(class_dir), open_log(class_dir) as log:
        check_gradebook(class_dir)
        recorder = Recorder(class_dir, lessons)

        def make_gradebook():
            recorder.prepare(sorted({one.lesson for one in submissions}))

        if scheduler:
            make_gradebook()
            walls = (UnsafeSandbox if unsafe else BubblewrapSandbox).walls
            results = grade_on_cluster(submissions, limits, unsafe, scheduler)
        else:
            sandbox = (UnsafeSandbox if unsafe else BubblewrapSandbox)(limits)
            sandbox.close()
            walls = sandbox.walls
            # It takes seconds, and so does starting the workers.
            results = grade_all(submissions, limits, unsafe, workers, make_gradebook)
        rows = []
        # What is imported by now stays: no need to search it for garbage, here or in forks.
        gc.freeze()

        def done(row):
            rows.append(row)
            log.info(row.line())
            if tell:
                tell(row)

        for label, problem in problems:
            done(Row(*_split(label), problem=problem))
        with closing(results), tqdm(total=count, desc="grade", unit="notebook") as bar:
            for submission, graded, problem in best_of(results, submissions, settings):
                if submission.attempt:
                    put_in_place(class_dir, submission.attempt)
                done(_record(recorder, submission, graded, problem))
                bar.set_postfix_str(submission.student)
                bar.update()
        recorder.close()
        if feedback:
            _write_pages(class_dir, rows, workers)
    return sorted(rows, key=lambda row: (row.student, row.lesson)), lessons, walls


def class_limits(class_dir, **given):
    """The Limits that a class's settings name, with those `given` (None: not given) on top."""
    given = {name: value for name, value in given.items() if value is not None}
    return Limits(**(read_settings(class_dir).limits | given))


def look(class_dir, *, lesson=None, student=None):
    """What grading would find, without running or writing anything: Rows with remarks, problems."""
    sources = lesson_paths(class_dir, read_settings(class_dir))
    submissions, problems = collect(Path(class_dir), set(sources), student, lesson)
    rows = [Row(*_split(label), problem=problem) for label, problem in problems]
    for submission in tqdm(submissions, desc="look", unit="notebook"):
        row = Row(submission.student, submission.lesson)
        template = template_for(sources[submission.lesson])
        try:
            row.remarks = restore(read_submission(submission.path), template)[1]
        except GradingError as error:
            row.problem = str(error)
        rows.append(row)
    return sorted(rows, key=lambda row: (row.student, row.lesson))


def _write_pages(class_dir, rows, workers):
    """Feedback pages of what was graded in this run."""
    wanted = [row for row in rows if not row.problem]
    with ProcessPoolExecutor(workers, CONTEXT) as pool:
        pages = pool.map(generate_feedback, repeat(class_dir), [row.lesson for row in wanted],
                         [row.student for row in wanted])
        bar = tqdm(pages, desc="feedback", unit="page", total=len(wanted))
        for row, page in zip(wanted, bar, strict=True):
            row.page = page


def _split(label):
    student, _, lesson = label.partition("/")
    return student, lesson


def _record(recorder, submission, graded, problem):
    row = Row(submission.student, submission.lesson, problem=problem or "")
    if problem:
        return row
    watch = Stopwatch()
    with watch.time("gradebook and executed notebook"):
        row.before = recorder.record(submission, graded)
        row.score, row.max_score, row.essays_waiting = recorder.points(submission)
    row.spent = graded.spent | watch.spent
    row.remarks, row.events = graded.remarks, graded.events
    row.misconceptions = graded.misconceptions
    return row

