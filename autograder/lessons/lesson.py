"""Reading a lesson's source: a percent-format .py file whose cell titles say their roles.

    # %% [markdown]                                    story
    # %% setup                                         locked; runs for student and judge
    # %% figure: NAME                                  locked; drawn by the course
    # %% try: NAME                                     the student's own ungraded cell
    # %% given: FUNCTION                               works as released; the student may replace it
    # %% given: FUNCTION from LESSON                   likewise: the answer of an earlier lesson
    # %% answer: FUNCTION                              the student's graded code
    # %% answer: FUNCTION, 0 points                    the same, where no test is wanted
    # %% check: FUNCTION                               locked; instant feedback, no points
    # %% test: FUNCTION GROUP, N points                locked; graded
    # %% essay: NAME, N points [markdown]              graded by hand
"""

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jupytext

from autograder import course
from autograder.errors import GradingError
from autograder.lessons.answers import BEGIN_SOLUTION, END_SOLUTION, answer_text, two_lines

ROLES = ("story", "setup", "figure", "try", "given", "answer", "check", "test", "essay")
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

_TITLE = re.compile(
    r"(?P<role>[a-z]+)(?::\s*(?P<name>[^,]+?))?(?:,\s*(?P<points>\d+)\s+points?)?\s*$"
)
_NEEDS_NAME = {"figure", "try", "given", "answer", "check", "test", "essay"}
_NEEDS_POINTS = {"test", "essay"}


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    id      stable to the byte: made from the title, for untitled story from the title before it
    role    one of ROLES
    name    the function (answer, check, test) or the name in the title
    group   of a test: the group of cases it grades
    line    where the cell starts in the source, counted from 1
    optional  of an answer: nothing tests it
    """

    id: str
    role: str
    kind: str
    source: str
    line: int
    name: str = ""
    group: str = ""
    points: int = 0
    optional: bool = False


@dataclass(frozen=True)
class Lesson:
    """A lesson's name (the file's stem), title (its first heading) and cells."""

    name: str
    title: str
    cells: tuple

    @property
    def max_points(self):
        return sum(cell.points for cell in self.cells)


class Lessons(Mapping):
    """{name: Lesson}, each of which is read when it is asked for: a class has one or two of eight.

    Asking raises GradingError, as `read_lesson` does.

    paths  {name: path of its source}
    """

    def __init__(self, paths):
        self._paths = dict(paths)

    def __getitem__(self, name):
        return read_lesson(self._paths[name])

    def __contains__(self, name):
        return name in self._paths

    def __iter__(self):
        return iter(self._paths)

    def __len__(self):
        return len(self._paths)


def read_lesson(path):
    """Read a lesson source. Raises GradingError naming file and line if it is malformed."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise GradingError(f"{path.name}: cannot be read: {error.strerror}") from None
    return _lesson(path, text, _beside(path))


def _beside(path):
    """What changes when another lesson does: a given function is read from there."""
    return tuple((other.name, other.stat().st_mtime_ns, other.stat().st_size)
                 for other in sorted(path.parent.glob("[0-9]*.py")))


@functools.lru_cache(64)
def _lesson(path, text, beside):
    """Read once as long as nothing changes: a class's settings ask for all lessons every time."""
    lines = [i for i, line in enumerate(text.splitlines(), 1) if re.match(r"# %%(\s|$)", line)]
    notebook = jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"})
    if len(lines) != len(notebook.cells):
        raise GradingError(
            f"{path.name}:1: text before the first “# %%” line; start every cell with “# %%”"
        )
    cells, seen, previous, following = [], {}, "start", 0
    for line, cell in zip(lines, notebook.cells, strict=True):
        parsed = _parse(path, line, cell)
        title = cell.metadata.get("title", "").strip()
        if title:
            if title in seen:
                raise GradingError(
                    f"{path.name}:{line}: duplicate title “{title}”, first used in line "
                    f"{seen[title]}; give the cell a title of its own"
                )
            seen[title] = line
            previous, following = cell_id(title), 0
            identity = previous
        else:
            following += 1
            identity = f"{previous}-text-{following}"
        if len(identity) > 64 or identity in {c.id for c in cells}:
            raise GradingError(f"{path.name}:{line}: title too long or too like another: {title}")
        cells.append(Cell(id=identity, line=line, **parsed))
    _check_exercises(path, cells)
    heading = re.search(r"^#\s+(.+)$", cells[0].source if cells else "", re.MULTILINE)
    if not heading:
        raise GradingError(f"{path.name}:1: the first cell has no “# Title” heading; add one")
    return Lesson(path.stem, heading[1].strip(), tuple(cells))


def sources(folder):
    """{name: path} of all lessons of a folder, in the order of their names."""
    paths = sorted(Path(folder).glob("[0-9]*.py"))
    if not paths:
        raise GradingError(f"no lesson (NN_name.py) in {folder}; is this the course's folder?")
    return {path.stem: path for path in paths}


def read_all(folder):
    """All lessons of a folder, in the order of their names."""
    return [read_lesson(path) for path in sources(folder).values()]


def cell_id(title):
    """The cell id that a title gives: its letters and digits, without the points."""
    if title.startswith("given:"):
        title = title.split(" from ")[0]  # where it comes from is no part of what it is
    return re.sub(r"[^A-Za-z0-9_]+", "-", title.split(",")[0]).strip("-")


def _parse(path, line, cell):
    title = cell.metadata.get("title", "").strip()
    where = f"{path.name}:{line}:"
    if cell.cell_type == "markdown" and not re.match(r"(essay|test|answer|check|setup)\b", title):
        return {"role": "story", "kind": "markdown", "source": cell.source}
    found = _TITLE.match(title)
    role = found["role"] if found else title.split(":")[0]
    if not found and role in ROLES:
        raise GradingError(f"{where} title not understood: “{title}”; commas stand before the "
                           "points only, as in “test: NAME GROUP, 2 points”")
    if not found or role not in ROLES or role == "story":
        known = ", ".join(ROLES[1:])
        raise GradingError(f"{where} unknown role “{role}”; a code cell's title starts with one "
                           f"of: {known}")
    name, points = (found["name"] or "").strip(), found["points"]
    if role in _NEEDS_NAME and not name:
        raise GradingError(f"{where} the {role} cell has no name; write “{role}: NAME”")
    if role in _NEEDS_POINTS and points is None:
        raise GradingError(f"{where} points missing; write “{role}: {name}, N points”")
    optional = role == "answer" and points == "0"
    if role not in _NEEDS_POINTS and points is not None and not optional:
        raise GradingError(f"{where} a {role} cell earns no points; remove “, {points} points”")
    if (role == "essay") != (cell.cell_type == "markdown"):
        right = "[markdown]" if role == "essay" else "no [markdown]"
        raise GradingError(f"{where} a {role} cell takes {right} in its title")
    parsed = {"role": role, "kind": cell.cell_type, "source": cell.source, "name": name,
              "points": int(points or 0), "optional": optional}
    if role == "given" and " from " in name:
        name, _, lesson = (part.strip() for part in name.partition(" from "))
        parsed |= {"name": name, "source": _taken(path, where, name, lesson, cell.source)}
    if role == "test":
        name, _, group = name.partition(" ")
        parsed |= {"name": name, "group": group}
        _check_test(where, parsed)
    if role == "answer" and not (BEGIN_SOLUTION in cell.source and END_SOLUTION in cell.source):
        raise GradingError(f"{where} the answer has no {BEGIN_SOLUTION} / {END_SOLUTION} lines")
    if role != "essay" and role != "story":
        try:
            ast.parse(parsed["source"])
        except SyntaxError as error:
            at = line + (error.lineno or 0)
            raise GradingError(f"{path.name}:{at}: syntax error: {error.msg}") from None
    return parsed


def _taken(path, where, name, lesson, body):
    """The text of a given cell that takes the answer `name` of an earlier lesson."""
    # A class's version of a lesson lies in a folder without the others.
    near = path.parent / f"{lesson}.py"
    source = near if near.exists() else course.SOLUTIONS / f"{lesson}.py"
    if not source.exists():
        known = sorted(p.stem for p in source.parent.glob("[0-9]*.py") if p.stem < path.stem)
        raise GradingError(f"{where} no lesson is called “{lesson}”; before this one there are: "
                           f"{', '.join(known) or 'none'}")
    if lesson >= path.stem:
        raise GradingError(f"{where} {lesson} does not come before this lesson; a given cell takes "
                           "the answer of an earlier one")
    if body.strip() != two_lines(name, lesson):
        raise GradingError(f"{where} the build writes this cell; below its title stand two lines: "
                           + two_lines(name, lesson).replace("\n", "  and  "))
    cells = read_lesson(source).cells
    answers = [cell.name for cell in cells if cell.role == "answer"]
    if name not in answers:
        raise GradingError(f"{where} {lesson} has no answer “{name}”; it has: "
                           f"{', '.join(answers)}")
    return answer_text(cells, name)


def _check_test(where, test):
    """A test cell says its group, points and hidden seed; they have to agree with its title."""
    name, group, points = test["name"], test["group"], test["points"]
    if not group:
        raise GradingError(f"{where} the test names no group; write “test: {name} GROUP, N points”")
    if BEGIN_HIDDEN not in test["source"] or END_HIDDEN not in test["source"]:
        raise GradingError(f"{where} the test has no {BEGIN_HIDDEN} / {END_HIDDEN} lines")
    call = re.search(r'test\(\s*"([^"]+)"[^)]*group="([^"]+)"[^)]*points=(\d+)', test["source"])
    if not call or (call[1], call[2], int(call[3])) != (name, group, points):
        raise GradingError(
            f'{where} title and call differ; write test("{name}", {name}, group="{group}", '
            f"points={points})"
        )


def _check_exercises(path, cells):
    declared = {c.name for c in cells if c.role == "answer"}
    for cell in cells:
        if cell.role in ("check", "test") and cell.name not in declared:
            raise GradingError(
                f"{path.name}:{cell.line}: {cell.role} for an undeclared exercise “{cell.name}”; "
                f"add a cell “answer: {cell.name}” or correct the name"
            )
    tested = {c.name for c in cells if c.role == "test"}
    for cell in cells:
        if cell.role == "answer" and cell.name not in tested and not cell.optional:
            raise GradingError(f"{path.name}:{cell.line}: no test for “{cell.name}”; add one, or "
                               "write “, 0 points” behind the name")
