"""Whether assignments/ is what the lessons would be built into now: then nothing need be built."""

import os

from autograder import course
from autograder.version import course_version, digest, digest_of_files

_FILE = course.SOURCE.parent / "built"


def is_built():
    """True if nothing has changed since the last build: source, result, course or packages."""
    try:
        return _FILE.read_text(encoding="utf-8") == _now()
    except (OSError, UnicodeDecodeError):
        return False


def note_built():
    """Remember that what is there now was built from what is there now."""
    _FILE.parent.mkdir(parents=True, exist_ok=True)
    fresh = _FILE.with_suffix(f".{os.getpid()}")
    fresh.write_text(_now(), encoding="utf-8")
    os.replace(fresh, _FILE)


def _now():
    return digest(course_version(), digest_of_files(course.SOURCE))
