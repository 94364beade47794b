"""What stands on top of a feedback page: points by exercise, verdicts of lost points, comments."""

import re
from dataclasses import dataclass, field

from markupsafe import escape
from nbgrader.utils import is_grade, is_solution

from autograder.text import one_line

_CALL = re.compile(r'\btest\("([^"]+)".*?\bgroup="([^"]*)"', re.S)
_CHECK = re.compile(r'\bcheck\("([^"]+)"')
_VERDICT = 'role="status"'


@dataclass
class Part:
    """A group of an exercise: its points, and the verdict as HTML where points were lost."""

    name: str
    points: float
    possible: float
    verdict: str = ""

    @property
    def full(self):
        return self.points >= self.possible


@dataclass
class Exercise:
    """An exercise or an essay of a lesson.

    check    the verdict of its check cell as HTML, with its picture; "" where all is right
    waits    an essay that nobody has graded yet
    comment  what graders wrote, as Markdown
    told     what the instructor tells all who are wrong in this way
    """

    name: str
    kind: str = "exercise"
    parts: list = field(default_factory=list)
    check: str = ""
    waits: bool = False
    comment: str = ""
    told: str = ""

    @property
    def points(self):
        return sum(part.points for part in self.parts)

    @property
    def possible(self):
        return sum(part.possible for part in self.parts)

    @property
    def full(self):
        return all(part.full for part in self.parts)

    @property
    def lost(self):
        """The groups that lost points, without what `check` says already."""
        if "○" in self.check:
            # Not attempted: so is every group.
            return [part for part in self.parts if not part.full and "○" not in part.verdict]
        said = f"of “{_first_group(self.check)}”" if self.check else None
        return [part for part in self.parts if not part.full
                and not (said and part.verdict and said in part.verdict)]


def summary(notebook, is_the_courses, sentences):
    """The Exercises of a graded notebook with nbgrader's scores in it, in their order.

    is_the_courses  says whether the judge ran a cell
    sentences       {group: sentence} of the class
    """
    found = {}

    def of(name, kind="exercise"):
        return found.setdefault(name, Exercise(name, kind))

    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        grade_id = str(known.get("grade_id", ""))
        if cell.cell_type == "code" and is_the_courses(cell):
            call, check = _CALL.search(cell.source), _CHECK.search(cell.source)
            if call and is_grade(cell):
                of(call[1]).parts.append(_part(cell, call[2]))
            elif check and not grade_id.startswith("figure"):
                of(check[1]).check = _lost_verdict(cell)
        elif cell.cell_type == "markdown" and is_grade(cell):
            essay = of(grade_id.removeprefix("essay-"), "essay")
            essay.parts.append(_part(cell, ""))
            essay.waits = bool(known.get("waits"))
        if is_solution(cell) and known.get("comment"):
            kind = "essay" if cell.cell_type == "markdown" else "exercise"
            of(re.sub(r"^(essay|answer)-", "", grade_id), kind).comment = known["comment"]
    ways = notebook.metadata.get("ways", {})
    for exercise, group in ways.items() if isinstance(ways, dict) else ():
        if exercise in found and not found[exercise].full:
            found[exercise].told = sentences.get(group, "")
    return [one for one in found.values() if one.parts or one.comment]


def _part(cell, name):
    known = cell.metadata.nbgrader
    points, possible = float(known.get("score") or 0), float(known.get("points") or 0)
    part = Part(name, points, possible)
    if not part.full and cell.cell_type == "code":
        part.verdict = _lost_verdict(cell) or _said(cell)
    return part


def _verdicts(cell):
    shown = [output.data.get("text/html", "") for output in cell.outputs if "data" in output]
    return [html for html in shown if isinstance(html, str) and _VERDICT in html]


def _lost_verdict(cell):
    """The last verdict that a cell shows, unless it is that all is right."""
    verdict = next(reversed(_verdicts(cell)), "")
    return "" if re.search(r"<b[^>]*>✓", verdict) else verdict


def _said(cell):
    """The error of a cell without a verdict, as HTML."""
    error = next((one for one in cell.outputs if one.output_type == "error"), None)
    return f"<p>{escape(one_line(f'{error.ename}: {error.evalue}'))}</p>" if error else ""


def _first_group(check):
    found = re.search(r"case of “([^”]*)”", check)
    return found[1] if found else ""
