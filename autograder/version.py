"""What a result depends on beside the submission: this course, Python and the packages it uses.

Two results of one submission are the same work done twice only if these were the same.
"""

import functools
import hashlib
import platform
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import course

_COURSE = "convnets-by-hand[grading]"
# What programs leave behind, and no code of ours reads.
_NOT_OURS = ("__pycache__", ".ipynb_checkpoints")


def digest(*parts):
    """SHA-256, as hex, over texts and bytes: no two lists of parts have the same."""
    found = hashlib.sha256()
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def digest_of_files(*folders, without=()):
    """Digest of the names and contents of all files below some folders; one that is not there is
    empty."""
    parts = []
    for number, folder in enumerate(map(Path, folders)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not any(name in path.parts for name in _NOT_OURS) and not any(
                    one in path.parents for one in without):
                parts += [number, path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest(*parts)


def course_version():
    """Digest of what grades: the lessons, what was released of them, the library, the judge, this
    Python and the versions of all packages that the course requires."""
    ours = (course.SOLUTIONS, course.ASSIGNMENTS, course.ROOT / "course_lib",
            course.ROOT / "autograder")
    return digest(digest_of_files(*ours, without=(course.SAMPLE_CLASS,)), surroundings())


@functools.cache
def surroundings():
    """Digest of this Python and of the packages that the course requires, by their versions."""
    return digest(sys.implementation.name, platform.python_version(), platform.machine(),
                  *sorted(_versions()))


def _versions():
    """“name version” of the packages that the course requires, and of what these require."""
    seen, waiting = set(), [_COURSE]
    while waiting:
        wanted = Requirement(waiting.pop())
        name = canonicalize_name(wanted.name)
        if (name, *sorted(wanted.extras)) in seen:
            continue
        seen.add((name, *sorted(wanted.extras)))
        try:
            found = metadata.metadata(name)  # once: asking for one word of it reads all of it
        except metadata.PackageNotFoundError:
            continue  # for other systems
        yield f"{name} {found['Version']}"
        for text in found.get_all("Requires-Dist", ()):
            marker = Requirement(text).marker
            if marker is None or any(marker.evaluate({"extra": extra})
                                     for extra in (*wanted.extras, "")):
                waiting.append(text)
