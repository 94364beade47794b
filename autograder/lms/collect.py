"""From an export to submitted/STUDENT/LESSON: who handed in what, and when.

Every attempt is kept in collected/; submitted/ holds the one that counts. Collecting the same file
again changes nothing, and what cannot be placed is named, never guessed.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from autograder.classroom.roster import read_roster, write_roster
from autograder.classroom.same import Index
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError
from autograder.lms.beside import put_beside
from autograder.lms.entries import entries
from autograder.lms.exports import arrivals
from autograder.lms.in_place import (
    by_hand,
    files_in,
    moment_in,
    put_in_place,
    that_counts,
    without_time,
)
from autograder.lms.index import FOLDER, Attempt, digest, read_index, write_index
from autograder.lms.lessons import lesson_of
from autograder.lms.times import moment_for, read_times
from autograder.lms.whose import goes_by_another_name, newcomer, whose
from autograder.locks import only_collecting

_NEARLY_ALL = 0.8


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


def collect(class_dir, path, *, lesson=None, student=None, attempt=None, times=None):
    """Collect an export into a class. Returns (placed, sentences about what could not be placed).

    lesson   take every notebook for this lesson, where the cells do not say
    student  the id of the only one whose work is collected
    attempt  the number of the attempt of each student that counts from now on, whatever comes
             later; "last" is the rule again
    times    a CSV file with hand-in times, such as Moodle's grading worksheet

    Raises GradingError for an export, a roster or settings that cannot be read, for what lies in
    the class already, and while somebody else collects: two at once would lose each other's lines
    in the index.
    """
    class_dir = Path(class_dir)
    _refuse_own(class_dir.resolve(), Path(path).resolve())
    settings = read_settings(class_dir)
    with only_collecting(class_dir):
        return _collect(class_dir, settings, path, lesson, student, attempt, times)


def _refuse_own(class_dir, path):
    """Each attempt would become a second one. An export may lie in the class's folder."""
    if class_dir.is_relative_to(path) or any(
            path.is_relative_to(class_dir / name) for name in (FOLDER, "submitted", "autograded")):
        raise GradingError(f"{path} holds the class's own folders; name the zip or folder that the "
                           "system gave you. What lies in submitted/ is graded as it is")


def _collect(class_dir, settings, path, lesson, student, attempt, times):
    if lesson and lesson not in settings.lessons:
        raise GradingError(f"the class has no lesson {lesson}; there are: "
                           + ", ".join(settings.lessons))
    roster = read_roster(class_dir)
    if student and student not in {one.id for one in roster}:
        raise GradingError(f"nobody in roster.csv has the id {student}")
    given, numbers = read_times(times, roster, settings.timezone) if times else ({}, {})
    files, unplaced = entries(path)
    # What the worksheet of this very assignment says of Moodle's numbers counts before the roster.
    roster = [replace(one, moodle_id=numbers.get(one.id, one.moodle_id)) for one in roster]
    found, roster, said = _found(arrivals(files), roster, settings, lesson)
    if student:
        found, said = [work for work in found if work.student.id == student], []
    attempts = read_index(class_dir)
    if roster != read_roster(class_dir):
        write_roster(class_dir, roster)
    placed = []
    for (who, name), works in itertools.groupby(sorted(found, key=_order), key=lambda one: (
            one.student.id, one.lesson)):
        works = list(works)
        attempts, rows = _kept_by_hand(class_dir, attempts, who, name,
                                       [work.files for work in works])
        placed += rows
        for work in works:
            told = moment_for(given, work.student, work.lesson)
            # A system's table says when somebody handed in last.
            is_last = work is works[-1]
            when = work.arrival.moment or (told if is_last else None) or moment_in(work.files)
            attempts, row = _keep(class_dir, attempts, work, when)
            if given and row.said.startswith("new") and not row.moment:
                row = replace(row, said="new; the table of times has none for it" if not told else
                              "new; the time in the table is that of the last one")
            placed.append(row)
    attempts, more = _named(attempts, {(row.student, row.lesson) for row in placed}, attempt)
    placed = _another_lesson(_which_counts(placed, attempts, settings))
    write_index(class_dir, attempts)
    together = _together(attempts)
    for each in sorted({(row.student, row.lesson) for row in placed}):
        put_in_place(class_dir, that_counts(together[each]))
    return placed, [*unplaced, *said, *more]


def _order(work):
    return work.student.id, work.lesson, work.arrival.order


def _together(attempts):
    """{(student, lesson): their Attempts}."""
    found = {}
    for one in attempts:
        found.setdefault((one.student, one.lesson), []).append(one)
    return found


def _named(attempts, touched, number):
    """(the Attempts with a mark on those that were named, sentences about what is not there)."""
    if number is None:
        return attempts, []
    there = {(one.student, one.lesson) for one in attempts if one.number == number}
    said = [f"{student}/{lesson}: there is no attempt {number}; what counted before counts"
            for student, lesson in sorted(touched - there)] if number != "last" else []
    marked = touched if number == "last" else touched & there
    return [replace(one, counts="yes" if one.number == number else "")
            if (one.student, one.lesson) in marked else one for one in attempts], said


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
        name, why = lesson_of(content)
        name = name or lesson
        if not name:
            student = whose(arrival.hints, roster)[0]
            owner = f" (from {student.name}, {student.id})" if student else ""
            said.append(f"{arrival.entry.path}: {why}{owner}")
            continue
        if name not in settings.lessons:
            said.append(f"{arrival.entry.path}: is {name}, which this class does not have")
            continue
        student, why = whose(arrival.hints, roster, name)
        if student is None and not with_roster:
            student = newcomer(arrival.hints)
            if student:
                student = replace(student, id=Index(roster).free_id(student.id))
                roster = [*roster, student]
        if student is None:
            said.append(f"{arrival.entry.path}: {why}")
            continue
        work = _Work(arrival, student, name, {f"{name}.ipynb": content})
        owners.setdefault(arrival.owner, []).append(work)
    said += put_beside(others, owners, lambda arrival: whose(arrival.hints, roster)[0])
    return [work for works in owners.values() for work in works], roster, said


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
    number = _free_number(class_dir, work.student.id, work.lesson, len(theirs) + 1, work.files)
    attempt = Attempt(work.student.id, work.lesson, number, work.arrival.system, moment,
                      "yes" if work.arrival.late else "", source, known)
    _write(attempt.folder(class_dir), work.files, when)
    if not when and (work.arrival.late or work.arrival.note):
        why = work.arrival.note or "marked late, but the export holds no hand-in time"
        row = replace(row, said=f"new; {why}: say --times FILE, or no penalty can be counted")
    if goes_by_another_name(work.arrival, work.student):
        row = replace(row, said=f"{row.said}; Canvas calls it “{work.arrival.hints['name']}”: if a "
                                "group handed it in, put copies into folders with the others' ids "
                                "and collect those")
    return [*attempts, attempt], replace(row, attempt=number)


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


def _which_counts(placed, attempts, settings):
    """The rows with a word about which attempt counts, where that could be another one."""
    new = Counter((row.student, row.lesson, row.moment) for row in placed
                  if row.said.startswith("new"))
    rows, together = [], _together(attempts)
    for row in placed:
        count = new[row.student, row.lesson, row.moment]
        named = next((one for one in together[row.student, row.lesson] if one.counts), None)
        said = row.said
        if named and named.number == row.attempt:
            said += "; it counts, as --attempt said"
        elif named and said.startswith("new"):
            said += (f"; attempt {named.number} counts, as --attempt said: --attempt last lets "
                     "the last one count")
        elif count > 1 and said.startswith("new") and settings.attempts != "best":
            said += (f"; {count} notebooks of this lesson came at once: the last of them counts, "
                     "unless you say --attempt")
        rows.append(replace(row, said=said))
    return rows


def _another_lesson(placed):
    """The rows with a word where somebody handed in another lesson than nearly all others.

    An assignment's download is about one lesson.
    """
    number = Counter(row.lesson for row in placed)
    usual = next((lesson for lesson, count in number.items()
                  if count >= 5 and count >= _NEARLY_ALL * len(placed)), None)
    return [replace(row, said=f"{row.said}; nearly all others here are {usual}")
            if usual and row.lesson != usual and row.said.startswith("new") else row
            for row in placed]


def _kept_by_hand(class_dir, attempts, student, lesson, arrived):
    """(all Attempts with what lies in submitted/ by hand among them, rows of the table about it).

    arrived  the files of what is collected now: the same work is no other attempt
    """
    theirs = [one for one in attempts if (one.student, one.lesson) == (student, lesson)]
    files = by_hand(class_dir, student, lesson, theirs)
    if not files or any(without_time(files) == without_time(one) for one in arrived):
        return attempts, []
    number = _free_number(class_dir, student, lesson, len(theirs) + 1, files)
    when = moment_in(files)
    attempt = Attempt(student, lesson, number, "by hand", when.isoformat() if when else "", "",
                      f"submitted/{student}/{lesson}", digest(files))
    _write(attempt.folder(class_dir), files, None)
    row = Placed(student, lesson, attempt.moment, number, attempt.source,
                 "put or changed there by hand: kept as an attempt")
    return [*attempts, attempt], [row] if theirs else []


def _free_number(class_dir, student, lesson, number, files):
    """The first number from `number` on whose folder is free, or holds just these files.

    A run that was killed may have left one that the index does not know.
    """
    for free in itertools.count(number):
        there = files_in(Path(class_dir) / FOLDER / student / lesson / str(free))
        if without_time(there) in ({}, without_time(files)):
            return free


def _write(folder, files, when):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    if when:
        (folder / "timestamp.txt").write_text(when.isoformat() + "\n", encoding="utf-8")


def table(placed):
    """The rows as text: who, what, when, which attempt, from where, and what happened."""
    lines = [("student", "lesson", "handed in", "attempt", "from", "")]
    lines += [(row.student, row.lesson, row.moment or "not known", str(row.attempt),
               _shortened(row.source), row.said) for row in placed]
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join("  ".join([*(cell.ljust(width) for cell, width in
                                  zip(line[:5], widths, strict=True)), line[5]]).rstrip()
                     for line in lines)


def _shortened(path, length=60):
    """A path with its middle left out, where it is long: what follows is to be read, too."""
    half = length // 2
    return path if len(path) <= length else f"{path[:half - 3]}...{path[-half:]}"
