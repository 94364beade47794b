"""Files and folders that are never half there: who reads one finds all of it, or nothing."""

import contextlib
import datetime
import os
from pathlib import Path


@contextlib.contextmanager
def whole(path):
    """Write a file in one step: yields the path to write to, beside it; then it takes its place.

    What is there stays if the writing fails.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path, data):
    """Write bytes, or text as UTF-8, to the file at `path` in one step."""
    with whole(path) as unfinished:
        unfinished.write_bytes(data.encode() if isinstance(data, str) else data)


def put_folder(fresh, target, old):
    """Put the folder `fresh` in place of `target`; what is there becomes `old`, for the caller.

    All three lie on one disk. A process that is killed in between leaves `old` and no `target`.
    """
    if os.path.lexists(target):
        os.replace(target, old)
    os.replace(fresh, target)


def now_for_a_name():
    """The time now, to the microsecond, as the names of copies that are kept have it."""
    return datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S-%f")


def remove_unfinished(folder, name=""):
    """Remove what processes that were killed had begun to write in `folder`.

    name  how the names of the files begin that nobody writes now
    """
    for path in Path(folder).glob("*.[0-9]*"):
        if path.suffix[1:].isdigit() and path.name.lstrip(".").startswith(name):
            path.unlink(missing_ok=True)
