"""Where a learner sits: is this their own Jupyter, which folder is theirs, what is remembered.

The record is one small file for each lesson in the hidden folder .progress/ of the folder of
lessons, so two open notebooks never write to the same one. A file that cannot be read or written
never stops a check: it is then simply not remembered.
"""

import itertools
import json
import os
import re
import sys
from pathlib import Path

from course_lib.judging.verdict import ERROR, PASSED, WRONG
from course_lib.lab.in_browser import IS_BROWSER
from course_lib.lab.open import PACKAGED
from course_lib.missing_names import sentence
from course_lib.study.lessons import lesson_of, released
from course_lib.whole_files import write_whole

PROGRESS, DAMAGED = ".progress", ".damaged"
# True in a process that grades: nothing is shown or remembered, not even in a teacher's Jupyter.
grading = False
# {exercise: the last Verdict in this process}
last = {}
# {record that could not be written: why}; `progress` says so.
unkept = {}


def kernel():
    """The IPython shell of a learner's own kernel, or None: in grading, in a script, in a test."""
    if grading or "IPython" not in sys.modules or os.environ.get("NBGRADER_EXECUTION"):
        return None
    from IPython import get_ipython

    shell = get_ipython()
    in_browser = IS_BROWSER and shell is not None
    return shell if in_browser or getattr(shell, "kernel", None) is not None else None


def folder():
    """The learner's folder of lessons that this kernel works in, or None."""
    if not kernel():
        return None
    try:
        here = Path.cwd()
        # Who sorts their lessons into folders of their own is still at home.
        places = [here, *here.parents]
        if IS_BROWSER:
            # There a dozen looks into a lesson's own folder take a tenth of a second.
            places = places[1::-1] if (PACKAGED / here.name).is_dir() else places[:2]
        return next((path for path in places if released(path)), None)
    except OSError:
        return None


def note_check(verdict):
    """Remember the Verdict of a check; the one checked last is the last in `last`."""
    last.pop(verdict.exercise, None)
    last[verdict.exercise] = verdict
    with changed(verdict.exercise) as entry:
        _note(entry, verdict)


def note_test(verdict, group, points):
    """Remember the Verdict of a test cell that gives `points` for `group`."""
    with changed(verdict.exercise) as entry:
        _note(entry, verdict, test=True)
        entry.setdefault("tests", {})[group] = [float(points) if verdict.passed else 0.0,
                                                float(points)]


def note_essay(lesson, name, points):
    """Remember the points that a learner gave their own essay."""
    with changed(name, lesson) as entry:
        entry["mine"] = float(points)


def _note(entry, verdict, test=False):
    if is_honest(verdict):
        entry["tried"] = True
    if not test:
        entry["outcome"] = verdict.outcome
        entry["found"] = found_by(verdict)


def is_honest(verdict):
    """True if a Verdict is about an answer that computes something, right or wrong.

    One that returns nothing, or a name that does not exist, is none.
    """
    if verdict.way in ("None", "stops with NameError"):
        return False
    return verdict.outcome in (PASSED, WRONG) or (
        verdict.outcome == ERROR and verdict.place is not None)


def found_by(verdict):
    """What a Verdict has found out about a mistake, in a sentence, or ""."""
    if verdict is None or verdict.passed:
        return ""
    if verdict.hint:
        return verdict.hint
    if verdict.seen:
        return verdict.seen[0]
    if verdict.way == "stops with NameError":
        name = re.search(r"name '(\w+)' is not defined", verdict.headline)
        return sentence(name[1], ()) if name else ""
    # What comes out is of another kind: no step towards the value would help with that.
    if verdict.way in ("type", "None", "number of results"):
        return verdict.headline.rpartition(" (case of ")[0] or verdict.headline
    if verdict.rule and verdict.rule != "always" and verdict.explanation.when:
        return f"{verdict.explanation.when[0]} Which line of yours does something else then?"
    return ""


def entry(exercise, lesson=None):
    """What is remembered of an exercise or essay: a dict, empty if nothing is."""
    path = _path(exercise, lesson)
    return read(path).get(exercise, {}) if path else {}


class changed:
    """Read an entry, let it be changed, write it back; without a folder it is changed in vain."""

    def __init__(self, exercise, lesson=None):
        self.exercise, self.lesson = exercise, lesson

    def __enter__(self):
        self.path = _path(self.exercise, self.lesson)
        self.all = read(self.path) if self.path else {}
        self.before = json.dumps(self.all, sort_keys=True)
        return self.all.setdefault(self.exercise, {})

    def __exit__(self, kind, error, traceback):
        if not self.path or kind or json.dumps(self.all, sort_keys=True) == self.before:
            return
        try:
            self.path.parent.mkdir(exist_ok=True)
            _put_aside(self.path)
            write_whole(self.path, json.dumps(self.all, indent=1, sort_keys=True))
            unkept.pop(self.path, None)
        except OSError as error:
            unkept[self.path] = error.strerror or str(error)


def _put_aside(path):
    """Keep a record that nobody can read before another one takes its place."""
    try:
        damaged = path.exists() and not isinstance(json.loads(path.read_bytes()), dict)
    except (ValueError, RecursionError):
        damaged = True
    if damaged:
        names = (f"{path.stem}{f'-{n}' if n > 1 else ''}{DAMAGED}" for n in itertools.count(1))
        path.replace(next(one for name in names if not (one := path.with_name(name)).exists()))


def _path(exercise, lesson=None):
    """The file that remembers an exercise, or None."""
    here = folder()
    if not here:
        return None
    if not lesson:
        found = lesson_of(here, exercise)
        lesson = found.name if found else "other"
    return here / PROGRESS / f"{lesson}.json"


def read(path):
    """{exercise: entry} of a file; what is no such thing is as good as not there."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: one for name, one in found.items() if isinstance(one, dict)
                and isinstance(one.get("tests", {}), dict)
                and isinstance(one.get("found", ""), str)}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}
