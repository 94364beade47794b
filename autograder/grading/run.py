"""Grading a class from beginning to end."""

from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from autograder import course
from autograder.feedback import generate_feedback
from autograder.grading.collect import collect
from autograder.grading.record import Recorder, check_gradebook, only_run
from autograder.grading.workers import grade_all
from autograder.lesson import read_all
from autograder.sandbox.walls import BubblewrapSandbox, Limits, UnsafeSandbox


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
    seconds: float = 0.0

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


def grade_class(class_dir, *, lesson=None, student=None, workers=1, unsafe=False, limits=None,
                feedback=True):
    """Grade the submissions of a class; returns (rows, lessons, walls).

    Raises GradingError for what stops the whole run: no submissions, an unknown lesson, a
    gradebook that cannot be written, a missing sandbox, a full disk. What is recorded by then
    stays recorded.
    """
    class_dir = Path(class_dir)
    lessons = read_all(course.SOLUTIONS)
    submissions, problems = collect(class_dir, {one.name for one in lessons}, student, lesson)
    with only_run(class_dir):
        return _grade(class_dir, lessons, submissions, problems, workers, unsafe, limits, feedback)


def _grade(class_dir, lessons, submissions, problems, workers, unsafe, limits, feedback):
    check_gradebook(class_dir)
    limits = limits or Limits()
    sandbox = (UnsafeSandbox if unsafe else BubblewrapSandbox)(limits)
    sandbox.close()
    recorder = Recorder(class_dir, lessons)
    recorder.prepare(sorted({one.lesson for one in submissions}))
    rows = [Row(*_split(label), problem=problem) for label, problem in problems]
    with tqdm(total=len(submissions), desc="grade", unit="notebook") as bar:
        for submission, graded, problem in grade_all(submissions, limits, unsafe, workers):
            rows.append(_record(recorder, submission, graded, problem))
            bar.set_postfix_str(submission.student)
            bar.update()
    pages = [row for row in rows if feedback and not row.problem]
    for row in tqdm(pages, desc="feedback", unit="page", disable=not feedback):
        row.page = generate_feedback(class_dir, row.lesson, row.student)
    return sorted(rows, key=lambda row: (row.student, row.lesson)), lessons, sandbox.walls


def _split(label):
    student, _, lesson = label.partition("/")
    return student, lesson


def _record(recorder, submission, graded, problem):
    row = Row(submission.student, submission.lesson, problem=problem or "")
    if problem:
        return row
    before, _ = recorder.record(submission, graded)
    row.score, row.max_score, row.essays_waiting = recorder.points(submission)
    row.before, row.seconds = before, graded.seconds
    row.remarks, row.events = graded.remarks, graded.events
    row.misconceptions = graded.misconceptions
    return row

