"""A new class folder, and students added to its roster."""

import shlex
from pathlib import Path

from autograder import course
from autograder.classroom.config import ensure_config
from autograder.classroom.roster import FILE as ROSTER
from autograder.classroom.roster import merge, not_among, parse, read_roster, write_roster
from autograder.classroom.settings import FILE as SETTINGS
from autograder.classroom.settings import read_settings
from autograder.classroom.spreadsheet import read_sheet
from autograder.errors import GradingError
from autograder.lessons.lesson import read_all
from autograder.locks import only_collecting
from autograder.text import some

_TEXT = """# What this class does in its own way. A mistake in here is named with its line.

name = "{name}"
timezone = "UTC"            # in which the dates below are meant, like "Europe/Berlin"
attempts = "last"           # or "best": of several attempts, which one counts

# The lessons of the class: take out what you leave out. In the braces may stand
#   due = "2026-12-01 23:59"
#   drop = ["NAME"]                        exercises and essays that give no points here
#   points = {{ "EXERCISE GROUP" = 2 }}      other points than the course gives
[lessons]
{lessons}

[late]
grace_minutes = 0           # so much later is not late
penalty_per_day = 0.0       # share of the points for each day that has begun: 0.1 is a tenth
cap = 1.0                   # never more than this share

# More time for some: STUDENT = {{ LESSON = "2026-12-05 23:59" }}
[extensions]

# Seconds that a student's code may run: cell_seconds, call_seconds, submission_seconds
[limits]
"""


def start(folder, roster=None):
    """Make a class in `folder`; returns sentences about what is there now.

    What exists is kept as it is. Raises GradingError for a folder that cannot be one, or a roster
    that cannot be read; then nothing is made.
    """
    folder = Path(folder)
    students, said = _students(roster) if roster else ([], [])
    if folder.exists() and not folder.is_dir():
        raise GradingError(f"{folder} is a file; name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / SETTINGS).exists() and (
            not (folder / "submitted").is_dir()):
        raise GradingError(f"{folder} holds other things already; name a new or an empty folder")
    try:
        (folder / "submitted").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GradingError(f"{folder} cannot be made: {error.strerror}") from None
    settings = folder / SETTINGS
    if settings.exists():
        read_settings(folder)
        said.append(f"{settings} stays as it is")
    else:
        width = max(len(lesson.name) for lesson in read_all(course.SOLUTIONS))
        lines = "\n".join(f"{lesson.name.ljust(width)} = {{}}"
                          for lesson in read_all(course.SOLUTIONS))
        name = folder.resolve().name.replace("\\", "").replace('"', "")
        settings.write_text(_TEXT.format(name=name, lessons=lines), encoding="utf-8")
        said.append(f"{settings}: lessons, due dates, late rule; open it and fill it in")
    ensure_config(folder)
    if students:
        said += _added(folder, students)
    elif not (folder / ROSTER).exists():
        said.append(f"no {ROSTER} yet: convnets roster {shlex.quote(str(folder))} FILE makes one "
                    "from an export")
    return said


def add_to_roster(class_dir, file):
    """Join the students of an export to a class's roster; returns sentences about who is new."""
    students, said = _students(file)
    with only_collecting(class_dir):
        before = read_roster(class_dir)
        said += _added(class_dir, students)
    absent = not_among(before, students)
    if absent and len(absent) < len(before):
        said.append(f"{len(absent)} of the roster {'is' if len(absent) == 1 else 'are'} not in "
                    f"{Path(file).name} and stay{'s' if len(absent) == 1 else ''} in the class: "
                    f"{some(absent)}; take out the line of who has left")
    return said


def _students(file):
    """(the students of a file, sentences about how it was read)."""
    name = Path(file).name
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        raise GradingError(f"{file} cannot be read: {error.strerror}") from None
    encoding = read_sheet(content, name).encoding
    return parse(content, name), [f"{name} is not UTF-8 and was read as {encoding}; look whether "
                                  "names with accents are right"] if encoding else []


def _added(class_dir, students):
    known = read_roster(class_dir)
    merged, said = merge(known, students)
    if not known:  # who is new is no news where all are
        said = [sentence for sentence in said if not sentence.endswith(": new")]
    write_roster(class_dir, merged)
    return [*said, f"{Path(class_dir) / ROSTER}: {len(merged)} students"]
