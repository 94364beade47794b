"""Files that were handed in beside a notebook: what of them goes along, and what is left out.

A module of one's own, data, a picture: plain files up to a size and a count are put into the folder
in which the student's code runs, and into autograded/, as nbgrader does. Left out, with a remark,
is what leads elsewhere, what is too much, and what would hide a module that notebooks import.
"""

import os
import stat
import sys
from pathlib import Path

from autograder.sandbox.machine import packages
from autograder.text import is_visible, one_line

# Bytes of one file and of all; the sandbox's folder holds 64 MiB, and one message carries them.
MAX_FILE, MAX_TOTAL, MAX_COUNT = 16 * 2**20, 32 * 2**20, 100
_OURS = frozenset(("course_lib", "autograder", "matplotlib"))  # the last: its settings lie there
_MAX_SEEN, _MAX_DEPTH = 2_000, 8
# nbgrader's own files beside a notebook: a date, a word for the feedback's way back.
BOOK_KEEPING, _MAX_BOOK_KEEPING = ("timestamp.txt", "submission_secret.txt"), 1000
# What systems and programs leave in a folder: nobody handed it in.
_LEFT_BEHIND = frozenset(("__pycache__", "__macosx", "desktop.ini", "thumbs.db", "ehthumbs.db",
                          "$recycle.bin", "system volume information", "icon\r", "@eadir",
                          "#recycle", "@recycle", "lost+found", "network trash folder",
                          "temporary items"))


def is_left_behind(name):
    """True for files and folders that an operating system or a program made by itself."""
    return (name.startswith((".", "~$")) or name.lower() in _LEFT_BEHIND
            or name.lower().endswith((".pyc", ".pyo")))


def read_beside(notebook):
    """({name: bytes} of the files beside the notebook at this path, remarks about the others).

    Names are relative, with / between folders. Other notebooks and nbgrader's files are no part.
    """
    files, left_out, total = {}, {}, 0
    for path, name in _found(Path(notebook).parent):
        if path == Path(notebook):
            continue  # under whatever name
        why = _reason(path, name) if path else name and "there are too many files and folders"
        if not why and len(files) == MAX_COUNT:
            why = f"there are more than {MAX_COUNT} files"
        content = None if why else _content(path)
        if content is None:
            why = why or "it cannot be read"
        elif total + len(content) > MAX_TOTAL:
            why = f"all files together are larger than {MAX_TOTAL >> 20} MiB"
        if why:
            left_out.setdefault(why, []).append(one_line(name, 80))
        else:
            files[name] = content
            total += len(content)
    return files, [_remark(why, names) for why, names in left_out.items()]


def book_keeping(paths):
    """{name: bytes} of nbgrader's own files at these paths.

    A link, a pipe or a large file of such a name is none: `read_beside` says what becomes of it.
    """
    found = {path.name: _content(path) for path in paths if _is_book_keeping(path)}
    return {name: content for name, content in found.items() if content is not None}


def _is_book_keeping(path):
    try:
        info = path.lstat()
    except OSError:
        return False
    return (path.name in BOOK_KEEPING and stat.S_ISREG(info.st_mode)
            and info.st_size <= _MAX_BOOK_KEEPING)


def write_files(files, folder):
    """Write what `read_beside` gave below a folder."""
    for name, content in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _found(top):
    """(path, name) of what lies below `top`; (None, name) once, where the search was given up."""
    seen = 0
    for folder, folders, names in os.walk(top):
        below = Path(folder).relative_to(top)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(f for f in folders if not is_left_behind(f) and f not in links)
        if len(below.parts) >= _MAX_DEPTH:
            folders.clear()
        for name in sorted([*names, *links]):
            if is_left_behind(name) or name.endswith(".ipynb") or (
                    not below.parts and _is_book_keeping(Path(folder) / name)):
                continue
            seen += 1
            if seen > _MAX_SEEN:
                yield None, "what is left"
                return
            yield Path(folder) / name, (below / name).as_posix()


def _reason(path, name):
    """Why a file is left out; None for one that goes along."""
    try:
        info = path.lstat()
    except OSError:
        return "it cannot be read"
    if stat.S_ISLNK(info.st_mode):
        return "it is a symbolic link"
    if not stat.S_ISREG(info.st_mode):
        return "it is no plain file"
    if info.st_size > MAX_FILE:
        return f"it is larger than {MAX_FILE >> 20} MiB"
    if not is_visible(name) or "\\" in name:
        return "its name has signs that cannot be seen"
    if _hides_a_module(path, name):
        return "it has the name of a module that Python or the course has already"
    return None


def _hides_a_module(path, name):
    """True for numpy.py, numpy/__init__.py and the like; a folder of data hides nothing."""
    top = name.split("/")[0].partition(".")[0]
    if top in _OURS:
        return True
    if "/" in name:
        return top in _modules() and (path.parents[name.count("/")] / top / "__init__.py").exists()
    return top in _modules() and (name == top or name.endswith((".py", ".so")))


def _content(path):
    try:
        with open(path, "rb", opener=_no_links) as file:
            content = file.read(MAX_FILE + 1)
    except OSError:
        return None
    return content if len(content) <= MAX_FILE else None


def _no_links(path, flags):
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _modules():
    """Top names that an import finds inside the sandbox before, or in place of, a student's."""
    inside = {name.partition(".")[0] for name in packages()}
    return sys.stdlib_module_names | inside | _OURS | {"sitecustomize", "usercustomize"}


def _remark(why, names):
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return f"handed in beside the notebook and left out, because {why}: {shown}"
