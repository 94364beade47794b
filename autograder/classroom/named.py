"""Names that somebody typed, a student's id or a lesson's: a wrong one is told, with a near one."""

import difflib
import unicodedata

from autograder import course
from autograder.classroom.roster import read_roster
from autograder.classroom.settings import read_settings
from autograder.errors import GradingError


def check_names(class_dir, student=None, lesson=None):
    """Raise GradingError if the class has no such student, or neither it nor the course the lesson.

    A class without roster and folders has whatever students somebody says.
    """
    known = {one.id for one in read_roster(class_dir)} | {
        unicodedata.normalize("NFC", path.name) for there in ("submitted", "autograded")
        for path in (class_dir / there).glob("*/")}
    if student and known and unicodedata.normalize("NFC", student) not in known:
        raise _unknown("student", student, known)
    if lesson and not course.is_lesson(lesson):
        lessons = read_settings(class_dir).lessons
        if lesson not in lessons:
            raise _unknown("lesson", lesson, lessons)


def _unknown(what, name, known):
    alike = [one for one in sorted(known) if one.casefold().startswith(name.casefold())] or [
        one for one in sorted(known) if difflib.SequenceMatcher(
            None, one.casefold(), name.casefold()).ratio() > 0.6]
    hint = f"; did you mean {alike[0]}?" if alike else "; the class has: " + ", ".join(
        sorted(known)[:8]) + (", ..." if len(known) > 8 else "")
    return GradingError(f"no {what} is called {name!r}{hint}")
