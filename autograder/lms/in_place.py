"""Which attempt counts, and submitted/STUDENT/LESSON, which holds a copy of it.

What a person puts or changes there by hand becomes an attempt, too, before anything takes its
place.
"""

import os
import shutil
from pathlib import Path

from autograder.lms.exports import moment_of
from course_lib.whole_files import put_folder

# nbgrader's own note of the time; with another one the work is still the same.
_TIME = "timestamp.txt"


def that_counts(attempts):
    """Of one student's attempts at a lesson the one that was named; else that handed in last.

    Where a time is missing, that collected last is the last.
    """
    named = [one for one in attempts if one.counts]
    if named:
        return named[-1]
    if all(one.moment for one in attempts):
        return max(attempts, key=lambda one: (one.when, one.number))
    return attempts[-1]


def by_hand(class_dir, student, lesson, attempts):
    """{path: bytes} of what lies in submitted/ and is none of the attempts; {} if it is one."""
    files = files_in(_place(class_dir, student, lesson))
    work = without_time(files)
    if not work or any(without_time(files_in(one.folder(class_dir))) == work for one in attempts):
        return {}
    return files


def moment_in(files):
    """The moment, with its zone, that nbgrader's file among {path: bytes} names, or None."""
    text = files.get(_TIME, b"").decode("utf-8", "replace").strip()
    return moment_of(text)[0] if text else None


def files_in(folder):
    """{path below a folder, with /: bytes} of its plain files; no link is followed."""
    folder = Path(folder)
    if folder.is_symlink() or not folder.is_dir():
        return {}
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()}


def without_time(files):
    """The files but for nbgrader's note of the time."""
    return {name: content for name, content in files.items() if name != _TIME}


def put_in_place(class_dir, attempt):
    """Make an attempt the one that counts: a copy of it is submitted/STUDENT/LESSON.

    Where the same work lies there, a time that somebody wrote there by hand stays, if the attempt
    has none.
    """
    target = _place(class_dir, attempt.student, attempt.lesson)
    source = attempt.folder(class_dir)
    there, wanted = files_in(target), files_in(source)
    if there == wanted or (there.keys() - wanted.keys() == {_TIME}
                           and without_time(there) == wanted):
        return
    fresh = target.with_name(f".{attempt.lesson}.{os.getpid()}")
    old = target.with_name(f".{attempt.lesson}.old")
    target.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in (fresh, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    shutil.copytree(source, fresh)
    put_folder(fresh, target, old)
    shutil.rmtree(old, ignore_errors=True)


def _place(class_dir, student, lesson):
    return Path(class_dir) / "submitted" / student / lesson
