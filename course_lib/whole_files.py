"""Files that are never half there: what reads one finds all of it, old or new, or nothing."""

import contextlib
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


def remove_unfinished(folder, name=""):
    """Remove what processes that were killed had begun to write in `folder`.

    name  how the names of the files begin that nobody writes now
    """
    for path in Path(folder).glob("*.[0-9]*"):
        if path.suffix[1:].isdigit() and path.name.lstrip(".").startswith(name):
            path.unlink(missing_ok=True)
