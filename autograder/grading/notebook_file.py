"""Which file of a lesson's folder is the notebook? The one with the lesson's name, or else the one
whose cells are the lesson's: `NAME (1).ipynb`, `Untitled.ipynb` and `NAME.ipynb.txt` happen, and
so do folders in the folder, from archives that were unpacked."""

import os
import re
import stat
from pathlib import Path

from autograder.bounded import Bounds, each
from autograder.errors import GradingError
from autograder.judge import which_lesson
from autograder.judge.handed_in import BOOK_KEEPING, is_left_behind
from autograder.judge.reading import MAX_BYTES, read_submission
from autograder.text import one_line
from course_lib.lessons_folder import is_as_released

_NOTEBOOK = re.compile(r"\.ipynb\b|\.ipynb$", re.IGNORECASE)
# More files than that nobody hands in by mistake.
_MOST = 20
# Folders in folders that are looked into where the lesson's own folder has no notebook.
_DEPTH, _MOST_FOLDERS = 3, 100
_BOUNDS = Bounds(cpu_seconds=20)


def find_notebook(folder, lesson):
    """(path, remarks) of the notebook for a lesson in a folder of submitted/.

    Raises GradingError with a sentence if there is none, or no single one.
    """
    expected = folder / f"{lesson}.ipynb"
    if expected.is_symlink():
        raise GradingError("the notebook is a symbolic link; ask for the file itself")
    if expected.is_dir():
        raise GradingError(f"{expected.name} is a folder, not a notebook; ask for the file")
    others = [path for path in _notebooks(folder) if path != expected][:_MOST]
    if expected.exists() and not others:
        _check_file(expected)
        return expected, []
    # Whatever lies there is read, be it made to exhaust whoever reads it.
    which_lesson.prepare()
    (_, found, trouble), = each(_found_or_not, [(folder, expected, others, lesson)], bounds=_BOUNDS)
    if trouble:
        raise GradingError(f"which of its files is the notebook could not be found out ({trouble});"
                           f" leave {expected.name} there alone")
    found, problem = found
    if problem:
        raise GradingError(problem)
    return found


def _found_or_not(*args):
    """(what `_find` returns, None) or (None, its sentence)."""
    try:
        return _find(*args), None
    except GradingError as error:
        return None, str(error)


def _find(folder, expected, others, lesson):
    if expected.exists():
        _check_file(expected)
        same = [path for path in others if _lesson(path)[0] == lesson]
        worked_on = [path for path in same if not is_as_released(path.read_bytes())]
        if worked_on and is_as_released(expected.read_bytes()) and (
                len({_text(path) for path in worked_on}) == 1):
            return worked_on[0], [f"{expected.name} is as it was handed out; "
                                  f"{_names(worked_on[:1])} beside it was graded"]
        return expected, [f"beside it stands {_names(same)}, of the same lesson: {expected.name} "
                          "was graded"] if same else []
    path, remarks = _by_cells(others or _below(folder), lesson)
    return path, remarks + _left_above(folder, path.parent)


def _notebooks(folder):
    return [path for path in sorted(folder.iterdir())[:1000]
            if _NOTEBOOK.search(path.name) and not is_left_behind(path.name)
            and not path.is_symlink() and path.is_file()]


def _below(folder):
    """The notebooks in folders of the folder."""
    found, seen = [], 0
    for where, folders, _ in os.walk(folder):
        where, seen = Path(where), seen + 1
        deep = len(where.relative_to(folder).parts) >= _DEPTH
        folders[:] = sorted(name for name in folders if not (deep or is_left_behind(name)))
        found += _notebooks(where)
        if seen == _MOST_FOLDERS or len(found) >= _MOST:
            break
    return found[:_MOST]


def _by_cells(others, lesson):
    if not others:
        raise GradingError(f"expected {lesson}.ipynb; the folder has no notebook")
    found = {path: _lesson(path) for path in others}
    right = [path for path in others if found[path][0] == lesson]
    if not right:
        reasons = "; ".join(f"found {one_line(path.name, 100)}: {found[path][1]}"
                            for path in others[:3])
        raise GradingError(f"expected {lesson}.ipynb; {reasons}")
    if len({_text(path) for path in right}) > 1:
        raise GradingError(f"found {_names(right)}, all notebooks of {lesson}; keep the one that "
                           f"counts and call it {lesson}.ipynb")
    _check_file(right[0])
    if right[0].name == f"{lesson}.ipynb":
        inner = one_line(right[0].parent.name, 100)
        remarks = [f"the notebook stood in {inner}, a folder inside the folder {lesson}"]
    else:
        remarks = [f"the notebook was called {one_line(right[0].name, 100)}; its cells are those "
                   f"of {lesson}, and as such it was graded"]
    if len(right) > 1:
        remarks.append(f"{_names(right[1:])} beside it has the same cells")
    return right[0], remarks


def _left_above(folder, inner):
    """A remark about files of the folder that are not beside the notebook in a folder inside it."""
    names = [path.name for path in sorted(folder.iterdir())[:1000] if folder != inner
             and not (path.is_dir() or is_left_behind(path.name) or path.name in BOOK_KEEPING
                      or _NOTEBOOK.search(path.name))]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return [f"{', '.join(one_line(name, 80) for name in names[:5])}{more} stood in the folder "
            "above the notebook's and was not there when it ran"] if names else []


def _check_file(path):
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise GradingError(f"{one_line(path.name, 100)} is no plain file; ask for the notebook")
    if info.st_size > MAX_BYTES:
        raise GradingError(f"the notebook is {info.st_size >> 20} MiB large, more than "
                           f"{MAX_BYTES >> 20}; ask for it without outputs")


def _lesson(path):
    """(lesson that a file's cells are of, or None; why)."""
    try:
        _check_file(path)
        found = which_lesson.lesson_of(read_submission(path))
    except GradingError as error:
        return None, str(error)
    return found.name, found.reason


def _text(path):
    return tuple(cell.source for cell in read_submission(path).cells)


def _names(paths):
    return ", ".join(one_line(path.name, 100) for path in paths)
