"""What the course has released: a record of every version of every cell of every lesson.

A cell that equals what was released once was not changed by the student, whatever the lesson says
today. The build adds what it releases to the record, one file for each lesson, in released/ beside
this module: a line for each version of a cell, with the number of the release that brought it, its
day, the cell's id and a digest of its text. Lines are only ever added, so that two people's
records can be joined line by line.
"""

import functools
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from course_lib.whole_files import write_whole

FOLDER = Path(__file__).with_name("released")
_LENGTH = 16


def plain(text):
    """A cell's text without what no person sees: kinds of line ends, blanks at ends of lines."""
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(lines).strip("\n")


def digest(text):
    """Stands for a cell's text, whatever its line ends are."""
    return hashlib.sha256(plain(text).encode("utf-8", "replace")).hexdigest()[:_LENGTH]


@dataclass(frozen=True)
class Record:
    """The versions of a lesson's cells.

    versions  {cell id: {digest: number of the release that brought it}}
    days      {number of a release: day, as YYYY-MM-DD}
    """

    versions: dict = field(default_factory=dict)
    days: dict = field(default_factory=dict)

    def release_of(self, cell_id, text):
        """The number of the release whose cell had this text, or None."""
        return self.versions.get(cell_id, {}).get(digest(text))

    def first_release(self, cell_id):
        """The number of the release that brought the cell, or None if none did yet."""
        return min(self.versions.get(cell_id, {}).values(), default=None)

    @functools.cached_property
    def ids(self):
        """{digest: ids of the cells that had this text}."""
        found = {}
        for cell_id, versions in self.versions.items():
            for one in versions:
                found.setdefault(one, []).append(cell_id)
        return found


def read_record(name, folder=FOLDER):
    """The Record of a lesson; an empty one if it was never released."""
    path = Path(folder) / f"{name}.txt"
    record = Record()
    if not path.exists():
        return record
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        # Two people's lines may have been joined by hand: what is no line of the record is passed.
        if len(words) != 4 or not words[0].isdigit():
            continue
        number, day, cell_id, text = int(words[0]), *words[1:]
        versions = record.versions.setdefault(cell_id, {})
        versions[text] = min(number, versions.get(text, number))
        record.days[number] = min(day, record.days.get(number, day))
    return record


def add_release(name, notebook, day=None, folder=FOLDER):
    """Add the cells of a released notebook to the record; returns how many were new."""
    record = read_record(name, folder)
    number = max(record.days, default=0) + 1
    day = day or datetime.now(UTC).date().isoformat()
    lines = [f"{number} {day} {cell.id} {digest(cell.source)}" for cell in notebook.cells
             if record.release_of(cell.id, cell.source) is None]
    if lines:
        path = Path(folder) / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        write_whole(path, before + "".join(f"{line}\n" for line in lines))
    return len(lines)
