"""The history of a class's grades: when, whose, from what to what, and why.

history.csv in the class's folder only ever grows. nbgrader keeps no times of points: what was given
in formgrader is noticed by the next command that looks (noticed.py), and stands with that time.
"""

import csv
import datetime
import getpass
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from nbgrader.api import MissingEntry

from autograder import course
from autograder.classroom.grades import has_gradebook
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.lessons.lesson import read_lesson
from autograder.text import one_line

FILE = "history.csv"
# Why points are others than the last that the history knows.
SINCE = "changed in the gradebook since"


@dataclass(frozen=True)
class Change:
    """One line: points of one cell, or of the lesson where `cell` is empty; or a request."""

    when: str
    by: str
    student: str
    lesson: str
    cell: str
    before: str
    after: str
    why: str


def remember(class_dir, student, lesson, cell, before, after, why, by=""):
    """Append one change. `before` and `after` are points or None."""
    remember_all(class_dir, [(student, lesson, cell, before, after, why)], by)


def remember_all(class_dir, changes, by=""):
    """Append changes: (student, lesson, cell, before, after, why), points as numbers or None."""
    if not changes:
        return
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    by = by or _user()
    with open(Path(class_dir) / FILE, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Change)],
                                lineterminator="\n")
        if file.tell() == 0:
            writer.writeheader()
        for *whose, before, after, why in changes:
            writer.writerow(asdict(Change(now, by, *whose, as_text(before), as_text(after), why)))


def last_points(class_dir):
    """{(student, lesson, cell or ""): points as text} as the history knows them last."""
    return {(one.student, one.lesson, one.cell): one.after for one in read_history(class_dir)
            if one.before or one.after}


def read_history(class_dir, student=None, lesson=None):
    """The Changes of a class, oldest first, of one student or lesson if they are named.

    Raises GradingError for a file that cannot be read.
    """
    path = Path(class_dir) / FILE
    if not path.exists():
        return []
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            # Two runs that begin at the same moment may both have written the titles.
            found = [Change(**row) for row in csv.DictReader(file) if row["when"] != "when"]
    except (KeyError, TypeError, ValueError, csv.Error):
        raise GradingError(f"{FILE} is damaged; restore it from a copy, or move it away to begin a "
                           "new one") from None
    return [one for one in found if student in (None, one.student) and lesson in (None, one.lesson)]


def lines(class_dir, student=None, lesson=None):
    """The history as text, a line for each change."""
    found = []
    for one in read_history(class_dir, student, lesson):
        what = "/".join(filter(None, (one.student, one.lesson, one.cell)))
        points = (f"{one.before or 'none'} -> {one.after or 'none'}, "
                  if one.before or one.after else "")
        found.append(one_line(f"{one.when}  {what}: {points}{one.why} ({one.by})"))
    return found or ["no points have changed yet"]


def request_regrade(class_dir, student, lesson, text):
    """Remember that a student asks for another look, and put it into the student's comments.

    The comment, with name and date, stands at the lesson's first graded cell, in nbgrader's
    gradebook: formgrader and the feedback page show it. Raises GradingError where nothing of the
    student's was graded, or nothing is said.
    """
    text = " ".join(text.split())
    if not text:
        raise GradingError("say what should be looked at again")
    if not has_gradebook(class_dir):
        raise GradingError(f"{student} has no graded {lesson}; grade it first")
    with course.open_gradebook(class_dir) as book:
        try:
            notebook = book.find_submission_notebook(lesson, lesson, student)
        except MissingEntry:
            raise GradingError(f"{student} has no graded {lesson}; grade it first") from None
        order = _cells(class_dir, lesson)
        comment = min(notebook.comments,
                      key=lambda one: (order.get(one.name, len(order)), one.name))
        today = datetime.datetime.now(datetime.UTC).date()
        line = f"Regrade requested on {today} by {student}: {text}"
        before = comment.manual_comment or comment.auto_comment or ""
        comment.manual_comment = "\n\n".join(filter(None, (before, line)))
        book.db.commit()
    remember(class_dir, student, lesson, "", None, None, f"regrade requested: {text}")
    return line


def _cells(class_dir, lesson):
    """{cell: its place in the lesson}; the gradebook knows of no order."""
    path = lesson_paths(class_dir, read_settings(class_dir)).get(lesson)
    return {cell.id: at for at, cell in enumerate(read_lesson(path).cells)} if path else {}


def as_text(points):
    """Points, a number, as the history writes them; None is no text, and text stays."""
    return "" if points is None else points if isinstance(points, str) else f"{points:g}"


def _user():
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
