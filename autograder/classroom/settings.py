"""A class's settings: the file class.toml in its folder, read and checked.

Every mistake in it is one sentence that names the line and says what to write instead. A class
without the file has all lessons, no due dates and no late rule.
"""

import datetime
import difflib
import re
import tomllib
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path

from autograder import course
from autograder.classroom.moments import in_zone
from autograder.classroom.roster import read_roster
from autograder.errors import GradingError
from autograder.lessons.lesson import read_lesson, sources
from autograder.text import some

FILE = "class.toml"
ATTEMPTS = ("last", "best")
_LIMITS = ("cell_seconds", "call_seconds", "submission_seconds")
_FORM = "write it as \"2026-12-01 23:59\""


@dataclass(frozen=True)
class LessonSettings:
    """What a class changes in one lesson.

    due     when it is due, with the class's time zone, or None
    drop    names of exercises and essays that give no points in this class
    points  {exercise, "exercise group" or essay: points}
    """

    due: datetime.datetime | None = None
    drop: tuple = ()
    points: dict = field(default_factory=dict)

    @property
    def changes(self):
        return bool(self.drop or self.points)


@dataclass(frozen=True)
class LateRule:
    """What lateness costs: a share of the points for each day that has begun, up to a cap."""

    grace_minutes: float = 0
    penalty_per_day: float = 0
    cap: float = 1

    def share(self, seconds_late):
        """The share of the points, 0 to 1, that is lost by handing in so many seconds late."""
        late = seconds_late - 60 * self.grace_minutes
        if late <= 0:
            return 0.0
        return min(self.cap, self.penalty_per_day * -(-late // 86400))


@dataclass(frozen=True)
class Settings:
    """A class's settings. `lessons` has an entry for each lesson of the class, in order."""

    name: str = ""
    timezone: zoneinfo.ZoneInfo = zoneinfo.ZoneInfo("UTC")
    attempts: str = "last"
    lessons: dict = field(default_factory=dict)
    late: LateRule = field(default_factory=LateRule)
    extensions: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)

    def due(self, lesson, student=None):
        """When a lesson is due (an aware datetime), for a student with an extension; or None.

        Of a lesson without a due date nothing is late, whatever extension somebody has.
        """
        known = self.lessons.get(lesson)
        if not known or not known.due:
            return None
        return self.extensions.get(student, {}).get(lesson) or known.due

    @property
    def idle_extensions(self):
        """A sentence for each lesson that the class leaves out and somebody has an extension for.
        """
        named = {}
        for student, until in self.extensions.items():
            for lesson in until.keys() - self.lessons.keys():
                named.setdefault(lesson, []).append(student)
        return [f"{lesson}: class.toml leaves it out, so the extension of {some(sorted(who))} "
                "changes nothing" for lesson, who in sorted(named.items())]


def read_settings(class_dir, solutions=course.SOLUTIONS):
    """The Settings of the class in `class_dir`. Raises GradingError naming file and line."""
    path = Path(class_dir) / FILE
    lessons = sources(solutions)
    if not path.exists():
        return Settings(lessons={name: LessonSettings() for name in lessons})
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GradingError(f"{path.name} cannot be read: {error}; it must be UTF-8 text") from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = at[1] if at else len(text.splitlines())
        reason = str(error).partition(" (at ")[0]
        written = text.splitlines()[int(line) - 1:int(line)]
        bare = re.match(r"""\s*([^\s"'\[#=][^"'=]*?)\s*=""", "".join(written))
        what_to_do = (f"write the name in quotation marks: \"{bare[1]}\" = ..."
                      if bare and re.search(r"[^\w.-]|[^\0-\x7f]", bare[1])
                      else "compare the line with those around it")
        raise GradingError(f"{path.name}:{line}: this is no TOML ({reason}); {what_to_do}"
                           ) from None
    return _Reader(path.name, text, lessons, _students(path.parent)).settings(found)


def _students(class_dir):
    """The ids that an extension may name; () where nobody has written them down."""
    known = [student.id for student in read_roster(class_dir)]
    there = class_dir / "submitted"
    return known and [*known, *(path.name for path in there.glob("*"))]


class _Reader:
    """Turns the parsed file into Settings; knows in which line each entry stands."""

    def __init__(self, name, text, lessons, students):
        # Reading a lesson takes longer than all else: it is done where its cells are asked for.
        self.name, self.lines = name, text.splitlines()
        self.lessons, self.students = lessons, students
        self.zone = zoneinfo.ZoneInfo("UTC")

    def settings(self, found):
        self._keys(found, "", ("name", "timezone", "attempts", "lessons", "late", "extensions",
                               "limits"))
        zone = self._text(found, "timezone", "UTC")
        try:
            self.zone = zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            self._fail(f"no time zone is called {zone!r}; write one like \"Europe/Berlin\"",
                       "timezone")
        attempts = self._text(found, "attempts", "last")
        if attempts not in ATTEMPTS:
            self._fail(f"attempts is {attempts!r}; write \"last\" or \"best\"", "attempts")
        lessons = self._lessons(self._table(found, "lessons"))
        return Settings(
            self._text(found, "name", ""), self.zone, attempts, lessons,
            self._late(self._table(found, "late")),
            self._extensions(self._table(found, "extensions"), lessons),
            self._limits(self._table(found, "limits")))

    def _lessons(self, table):
        if not table:
            return {name: LessonSettings() for name in self.lessons}
        self._keys(table, "lessons", self.lessons)
        chosen = {}
        for name in self.lessons:
            if name not in table:
                continue
            entry = table[name]
            if not isinstance(entry, dict):
                self._fail(f"{name} needs braces: {name} = {{ due = \"2026-12-01 23:59\" }}, or "
                           f"{name} = {{}}", "lessons", name)
            self._keys(entry, "lessons", ("due", "drop", "points"), name)
            due = self._date(entry["due"], "lessons", name, "due") if "due" in entry else None
            chosen[name] = LessonSettings(due, self._drop(entry, name), self._points(entry, name))
        return chosen

    def _graded(self, lesson):
        return [cell for cell in read_lesson(self.lessons[lesson]).cells if cell.points]

    def _drop(self, entry, name):
        names = entry.get("drop", [])
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            self._fail("drop is a list of names: drop = [\"conv1x1\"]", "lessons", name, "drop")
        known = {cell.name for cell in self._graded(name)} if names else ()
        for one in names:
            self._known(one, known, f"exercise of {name}", "lessons", name, "drop")
        return tuple(names)

    def _points(self, entry, name):
        points = entry.get("points", {})
        if not isinstance(points, dict):
            self._fail("points needs braces: points = { \"conv1x1 bias\" = 2 }", "lessons", name,
                       "points")
        graded = self._graded(name) if points else ()
        known = {f"{cell.name} {cell.group}".strip() for cell in graded}
        dropped = {f"{cell.name} {cell.group}".strip() for cell in graded
                   if cell.name in entry.get("drop", [])}
        for what, value in points.items():
            self._known(what, known, f"group of {name}", "lessons", name, "points")
            if what in dropped:
                self._fail(f"{what} has points here, but its exercise is in drop; take one of "
                           "them away", "lessons", name, "points")
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                self._fail(f"{value!r} for {what}: points are whole numbers from 1 on; to give "
                           "none, name the exercise in drop", "lessons", name, "points")
        return dict(points)

    def _late(self, table):
        self._keys(table, "late", ("grace_minutes", "penalty_per_day", "cap"))
        return LateRule(self._number(table, "late", "grace_minutes", 0, 0, 10**6),
                        self._number(table, "late", "penalty_per_day", 0, 0, 1),
                        self._number(table, "late", "cap", 1, 0, 1))

    def _limits(self, table):
        self._keys(table, "limits", _LIMITS)
        return {name: self._number(table, "limits", name, 1, 0.1, 86400) for name in table}

    def _extensions(self, table, lessons):
        found = {}
        for student, entry in table.items():
            dotted = next((one for one in self.students if one.startswith(f"{student}.")), None)
            if dotted and student not in self.students:
                self._fail(f"an id with a dot needs quotation marks: \"{dotted}\" = {{ ... }}",
                           "extensions", dotted)
            if self.students:
                self._known(student, self.students, "student", "extensions", student)
            if not isinstance(entry, dict):
                self._fail(f"{student} needs braces: {student} = {{ 02_convolution_forward = "
                           "\"2026-12-10 23:59\" }", "extensions", student)
            self._keys(entry, "extensions", self.lessons, student)
            found[student] = {lesson: self._date(value, "extensions", student, lesson)
                              for lesson, value in entry.items()}
            for lesson, until in found[student].items():
                due = lessons[lesson].due if lesson in lessons else None
                if due and until < due:
                    self._fail(f"{student} would have less time for {lesson} than all others, "
                               f"whose time ends at {due:%Y-%m-%d %H:%M}; write a later one",
                               "extensions", student, lesson)
        return found

    def _date(self, value, *where):
        """A date and time as they are meant in the class's time zone."""
        if isinstance(value, datetime.datetime):
            moment = value
        elif isinstance(value, str):
            try:
                moment = datetime.datetime.fromisoformat(value.strip())
            except ValueError:
                self._fail(f"{value!r} is no date and time; {_FORM}", *where)
            if len(value.strip()) <= 10:
                self._fail(f"{value!r} has no time of day; {_FORM}", *where)
        else:
            self._fail(f"{value} has no time of day; {_FORM}", *where)
        return in_zone(moment, self.zone, f"{self.name}:{self._line(where)}")

    def _number(self, table, section, name, default, low, high):
        value = table.get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not (
                low <= value <= high):
            self._fail(f"{name} is {value!r}; write a number from {low:g} to {high:g}", section,
                       name)
        return float(value)

    def _text(self, table, name, default):
        value = table.get(name, default)
        if not isinstance(value, str):
            self._fail(f"{name} is {value!r}; write text in quotation marks", name)
        return value

    def _table(self, found, name):
        table = found.get(name, {})
        if not isinstance(table, dict):
            self._fail(f"{name} is a section; write it as [{name}]", name)
        return table

    def _keys(self, table, section, known, *where):
        for key in table:
            self._known(key, known, "entry" + (f" of [{section}]" if section else ""),
                        *(word for word in (section, *where, key) if word))

    def _known(self, name, known, what, *where):
        if name in known:
            return
        near = difflib.get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are: {some(known, 20)}"
        self._fail(f"no {what} is called {name!r}{hint}", *where)

    def _fail(self, sentence, *where):
        raise GradingError(f"{self.name}:{self._line(where)}: {sentence}")

    def _line(self, where):
        """The line of an entry: behind its section's head, the last of its keys that is found."""
        line, start = 1, 0
        for key in where:
            word = re.compile(rf"""^\s*\[+\s*["']?(\w+\.)*{re.escape(key)}["']?\s*[\].]|"""
                              rf"""(?<![\w-])["']?{re.escape(key)}["']?(?![\w-])""")
            at = next((start + i for i, text in enumerate(self.lines[start:])
                       if word.search(text)), None)
            if at is not None:
                line, start = at + 1, at
        return line
