"""Locks of a class: files in its folder that a run holds, and lets go of however it ends."""

import contextlib
import fcntl
from pathlib import Path

from autograder.errors import GradingError

_LOCK = ".grading.lock"


@contextlib.contextmanager
def locked(class_dir, name="", shared=False, wait=True):
    """Hold a lock of the class; yields False where it is held elsewhere and `wait` is False.

    shared  True lets others hold it in the same way
    """
    path = Path(class_dir) / (f"{_LOCK}.{name}" if name else _LOCK)
    with open(path, "w") as lock:
        try:
            how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(lock, how if wait else how | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextlib.contextmanager
def only_collecting(class_dir):
    """Hold what those hold who add to the roster or to what was collected.

    Raises GradingError while somebody else does.
    """
    with locked(class_dir, "collect", wait=False) as free:
        if not free:
            raise GradingError(f"somebody else is collecting into {class_dir} or adding to its "
                               "roster now; type it again when that is done")
        yield
