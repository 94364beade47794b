"""Whether assignments/ is what the lessons would be built into now: then nothing need be built."""


from autograder import course
from autograder.version import course_version, digest, digest_of_files
from course_lib.whole_files import write_whole

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
    write_whole(_FILE, _now())


def _now():
    return digest(course_version(), digest_of_files(course.SOURCE))
