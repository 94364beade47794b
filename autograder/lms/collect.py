"""From an export to submitted/STUDENT/LESSON: who handed in what, and when.

Every attempt is kept in collected/; submitted/ holds the one that counts. Collecting the same file
again changes nothing, and what cannot be placed is named, never guessed.
"""

import os
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from autograder.classroom.roster import merge, read_roster, write_roster
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.lms.entries import entries
from autograder.lms.exports import arrivals
from autograder.lms.index import Attempt, digest, read_index, write_index
from autograder.lms.lessons import lesson_of
from autograder.lms.times import moment_for, read_times
from autograder.lms.whose import newcomer, whose


@dataclass(frozen=True)
class Placed:
    """A row of collect's table. `said` is one of "new", "there already", or a sentence."""

    student: str
    lesson: str
    moment: str
    attempt: int
    source: str
    said: str


@dataclass(frozen=True)
class _Work:
    """A notebook with its files, and where it came from."""

    arrival: object
    student: object
    lesson: str
    files: dict


def collect(class_dir, path, *, lesson=None, attempt=None, times=None):
    """Collect an export into a class. Returns (placed, sentences about what could not be placed).

    lesson   take every notebook for this lesson, where the cells do not say
    attempt  let this attempt of each student count, in place of the last one
    times    a CSV file with hand-in times, such as Moodle's grading worksheet

    Raises GradingError for an export, a roster or settings that cannot be read.
    """
    class_dir = Path(class_dir)
    settings = read_settings(class_dir)
    if lesson and lesson not in settings.lessons:
        raise GradingError(f"the class has no lesson {lesson}; there are: "
                           + ", ".join(settings.lessons))
    roster = read_roster(class_dir)
    given = read_times(times, roster, settings.timezone) if times else {}
    files, unplaced = entries(path)
    found, roster, said = _found(arrivals(files), roster, settings, lesson)
    attempts = read_index(class_dir)
    if roster != read_roster(class_dir):
        write_roster(class_dir, roster)
    placed = []
    for work in sorted(found, key=lambda one: (one.student.id, one.lesson, one.arrival.order)):
        when = work.arrival.moment or moment_for(given, work.student, work.lesson)
        attempts, row = _keep(class_dir, attempts, work, when)
        placed.append(row)
    placed = _at_once(placed)
    if given:
        placed = [replace(row, said="new; the table of times has none for it")
                  if row.said == "new" and not row.moment else row for row in placed]
    write_index(class_dir, attempts)
    touched = {(row.student, row.lesson) for row in placed}
    for student, name in sorted(touched):
        theirs = [one for one in attempts if (one.student, one.lesson) == (student, name)]
        chosen = next((one for one in theirs if one.number == attempt), None)
        if attempt and chosen is None:
            unplaced.append(f"{student}/{name}: there is no attempt {attempt}; the last one counts")
        put_in_place(class_dir, chosen or last(theirs))
    return placed, [*unplaced, *said]


def _found(arrived, roster, settings, lesson):
    """(works, roster, sentences): notebooks with a student and a lesson, files beside them."""
    with_roster, owners, said, others = bool(roster), {}, [], []
    for arrival in tqdm(arrived, desc="collect", unit="file"):
        if not _may_be_notebook(arrival.name):
            others.append(arrival)
            continue
        try:
            content = arrival.entry.read()
        except GradingError as error:
            said.append(str(error))
            continue
        name, why = lesson_of(content, settings.lessons)
        name = name or lesson
        if not name:
            said.append(f"{arrival.entry.path}: {why}")
            continue
        if name not in settings.lessons:
            said.append(f"{arrival.entry.path}: is {name}, which this class does not have")
            continue
        student, why = whose(arrival.hints, roster, name)
        if student is None and not with_roster:
            student = newcomer(arrival.hints)
            if student:
                roster = merge(roster, [student])[0]
                student = whose(arrival.hints, roster)[0]
        if student is None:
            said.append(f"{arrival.entry.path}: {why}")
            continue
        work = _Work(arrival, student, name, {f"{name}.ipynb": content})
        owners.setdefault(arrival.owner, []).append(work)
    for arrival in others:
        said += _beside(arrival, owners.get(arrival.owner, []))
    return [work for works in owners.values() for work in works], roster, said


def _beside(arrival, works):
    """Put a file that is no notebook beside its owner's only work; sentences where it cannot."""
    if _is_nbgraders(arrival) and arrival.system not in ("nbgrader", "loose"):
        return [f"{arrival.entry.path}: such a file would change when the work was handed in; it "
                "was left out"]
    if arrival.system == "loose" and not arrival.owner:
        works = []
    if not works:
        return [f"{arrival.entry.path}: is no notebook, and none was found beside it"]
    if len({work.lesson for work in works}) > 1:
        return [f"{arrival.entry.path}: its owner handed in several lessons; it belongs to none "
                "for sure and was left out"]
    try:
        content = arrival.entry.read()
    except GradingError as error:
        return [str(error)]
    for work in works:
        work.files.setdefault(arrival.name, content)
    return []


def _is_nbgraders(arrival):
    """True for the files with which nbgrader keeps time and secret; a student's are ignored."""
    return arrival.name in ("timestamp.txt", "submission_secret.txt")


def _may_be_notebook(name):
    lower = name.lower()
    return lower.endswith(".ipynb") or ".ipynb." in lower


def _keep(class_dir, attempts, work, when):
    """(all Attempts with this one among them, the row of the table)."""
    theirs = [one for one in attempts
              if (one.student, one.lesson) == (work.student.id, work.lesson)]
    moment = when.isoformat() if when else ""
    known = digest(work.files)
    source = work.arrival.entry.path
    row = Placed(work.student.id, work.lesson, moment, 0, source, "new")
    same = next((one for one in theirs if one.digest == known), None)
    if same:
        return _again(class_dir, attempts, same, when, row)
    new = []
    if not theirs:
        new += _handmade(class_dir, work)
    number = len(theirs) + len(new) + 1
    attempt = Attempt(work.student.id, work.lesson, number, work.arrival.system, moment,
                      "yes" if work.arrival.late else "", source, known)
    _write(attempt.folder(class_dir), work.files, when)
    if not when and (work.arrival.late or work.arrival.note):
        why = work.arrival.note or "marked late, but the export holds no hand-in time"
        row = replace(row, said=f"new; {why}: say --times FILE, or no penalty can be counted")
    return [*attempts, *new, attempt], replace(row, attempt=number)


def _again(class_dir, attempts, same, when, row):
    """The same work once more: nothing changes, but a time that nobody knew is kept."""
    row = replace(row, attempt=same.number, moment=same.moment, said="there already")
    if not when or when == same.when:
        return attempts, row
    if same.moment:
        return attempts, replace(row, said=f"there already; the time {when.isoformat()} is another "
                                           "one: the first that was known is kept")
    timed = replace(same, moment=when.isoformat())
    _write(timed.folder(class_dir), {}, when)
    return ([timed if one is same else one for one in attempts],
            replace(row, moment=timed.moment, said="there already; now its hand-in time is known"))


def _at_once(placed):
    """Say which of several notebooks counts that one person handed in at the same time."""
    new = Counter((row.student, row.lesson, row.moment) for row in placed if row.said == "new")
    return [replace(row, said=f"new; {count} notebooks of this lesson came at once: the last of "
                              "them counts, unless you say --attempt")
            if (count := new[row.student, row.lesson, row.moment]) > 1 and row.said == "new"
            else row for row in placed]


def _handmade(class_dir, work):
    """What somebody put into submitted/ by hand, kept as the first attempt."""
    there = class_dir / "submitted" / work.student.id / work.lesson
    files = {path.name: path.read_bytes() for path in sorted(there.glob("*"))
             if path.is_file() and not path.is_symlink()}
    if not any(_may_be_notebook(name) for name in files) or digest(
            {name: files[name] for name in files if name != "timestamp.txt"}) == digest(work.files):
        return []
    attempt = Attempt(work.student.id, work.lesson, 1, "by hand", "", "",
                      f"submitted/{work.student.id}/{work.lesson}", digest(files))
    _write(attempt.folder(class_dir), files, None)
    return [attempt]


def _write(folder, files, when):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if when:
        (folder / "timestamp.txt").write_text(when.isoformat() + "\n", encoding="utf-8")


def last(attempts):
    """The attempt that was handed in last; where a time is missing, that was collected last."""
    if all(one.moment for one in attempts):
        return max(attempts, key=lambda one: (one.when, one.number))
    return attempts[-1]


def put_in_place(class_dir, attempt):
    """Make an attempt the one that counts: a copy of it is submitted/STUDENT/LESSON."""
    target = Path(class_dir) / "submitted" / attempt.student / attempt.lesson
    fresh = target.with_name(f".{attempt.lesson}.{os.getpid()}")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(attempt.folder(class_dir), fresh)
    if target.exists():
        old = target.with_name(f".{attempt.lesson}.old")
        os.replace(target, old)
        os.replace(fresh, target)
        shutil.rmtree(old)
    else:
        os.replace(fresh, target)


def table(placed):
    """The rows as text: who, what, when, which attempt, from where, and what happened."""
    lines = [("student", "lesson", "handed in", "attempt", "from", "")]
    lines += [(row.student, row.lesson, row.moment or "not known", str(row.attempt), row.source,
               row.said) for row in placed]
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join("  ".join([*(cell.ljust(width) for cell, width in
                                  zip(line[:5], widths, strict=True)), line[5]]).rstrip()
                     for line in lines)
