"""The history of a class's grades: when, whose, from what to what, and why.

history.csv in the class's folder only ever grows.
"""

import csv
import datetime
import getpass
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE = "history.csv"


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
    path = Path(class_dir) / FILE
    change = Change(datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                    by or _user(), student, lesson, cell, _text(before), _text(after), why)
    with open(path, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Change)],
                                lineterminator="\n")
        if file.tell() == 0:
            writer.writeheader()
        writer.writerow(asdict(change))


def read_history(class_dir, student=None, lesson=None):
    """The Changes of a class, oldest first, of one student or lesson if they are named."""
    path = Path(class_dir) / FILE
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        found = [Change(**row) for row in csv.DictReader(file)]
    return [one for one in found if student in (None, one.student) and lesson in (None, one.lesson)]


def _text(points):
    return "" if points is None else f"{points:g}"


def _user():
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
