"""What was collected for a class: every attempt is kept in collected/, with a line in its index."""

import csv
import datetime
import hashlib
import io
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from autograder.errors import GradingError
from course_lib.whole_files import write_whole

FOLDER, FILE = "collected", "index.csv"


@dataclass(frozen=True)
class Attempt:
    """One attempt of a student at a lesson.

    number   1, 2, ... in the order in which they were handed in
    moment   when, as ISO text with a time zone; empty where nobody knows
    late     "yes" where the system marked it late
    source   the notebook's path in the export it came from
    digest   SHA-256 over the files: the same work is collected once
    counts   "yes" where somebody said that this attempt counts, whatever comes later
    """

    student: str
    lesson: str
    number: int
    system: str
    moment: str
    late: str
    source: str
    digest: str
    counts: str = ""

    def folder(self, class_dir):
        return Path(class_dir) / FOLDER / self.student / self.lesson / str(self.number)

    @property
    def when(self):
        """The moment as a datetime with its zone, or None."""
        return datetime.datetime.fromisoformat(self.moment) if self.moment else None


def read_index(class_dir):
    """All attempts of a class so far. Raises GradingError for a damaged index."""
    path = Path(class_dir) / FOLDER / FILE
    if not path.exists():
        return []
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return [Attempt(**(row | {"number": int(row["number"])}))
                    for row in csv.DictReader(file)]
    except (TypeError, ValueError, KeyError):
        raise GradingError(f"{FOLDER}/{FILE} is damaged; restore it from a copy, or move the "
                           f"folder {FOLDER} away and collect the exports again") from None


def write_index(class_dir, attempts):
    """Write the index, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Attempt)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(one) for one in attempts)
    path = Path(class_dir) / FOLDER / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.getvalue())


def digest(files):
    """SHA-256, as hex, over {name: bytes}."""
    found = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
