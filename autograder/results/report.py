"""The class report: one HTML page, and the same table for the terminal."""

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from autograder.classroom.grades import read_grades
from autograder.classroom.roster import read_roster
from autograder.errors import GradingError
from autograder.results.stored import stored

_TEMPLATES = Path(__file__).parent / "templates"


def write_report(class_dir, rows, lessons, walls):
    """Write report/index.html below the class's folder; returns its path.

    The whole class is in it, whatever `rows` this run was about: what all runs stored, with the
    points that the gradebook holds now, and those of the roster who never handed in.
    """
    class_dir = Path(class_dir)
    rows = class_rows(class_dir, rows)
    missing = [one for one in read_roster(class_dir)
               if one.id not in {row.student for row in rows}]
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    folder = class_dir / "report"
    folder.mkdir(exist_ok=True)
    names = [lesson for lesson in lessons if any(row.lesson == lesson.name for row in rows)]
    page = environment.get_template("report.html").render(
        lessons=names,
        students=_by_student(rows),
        count=len(_by_student(rows)),
        missing=missing,
        walls=walls,
        spread=[_spread(lesson, rows) for lesson in names],
        misconceptions=_misconceptions(rows),
        close=[(row.student, row.lesson, said) for row in rows for said in row.close],
        link=lambda row: _link(row, class_dir),
    )
    target = folder / "index.html"
    # What a student raised may hold half of a surrogate pair, which is no UTF-8.
    target.write_text(page, encoding="utf-8", errors="replace")
    return target


def class_rows(class_dir, now=()):
    """The Rows of all runs of a class, those of `now` first, with the gradebook's points."""
    found = {(row.student, row.lesson): row for row in (*stored(class_dir), *now)}
    rows = [found[key] for key in sorted(found)]
    try:
        grades = {one.student.id: one for one in read_grades(class_dir)[0]}
    except GradingError:
        return rows  # nothing was graded yet
    for row in rows:
        known = grades.get(row.student)
        if known and row.score is not None and row.lesson in known.scores:
            row.score = known.scores[row.lesson]
            row.essays_waiting = known.waiting.get(row.lesson, 0)
    return rows


def _link(row, class_dir):
    """The address of a row's page: a name may hold signs that mean something in addresses."""
    return f"../{quote(Path(row.page).relative_to(class_dir.resolve()).as_posix())}"


def _by_student(rows):
    students = {}
    for row in rows:
        students.setdefault(row.student, {})[row.lesson] = row
    return students


def _misconceptions(rows):
    """What to teach again: (exercise, name, sentence, students), the most frequent first."""
    made = {}
    for row in rows:
        for (exercise, name), sentence in row.misconceptions.items():
            made.setdefault((exercise, name, sentence), set()).add(row.student)
    ordered = sorted(made.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [(*what, sorted(students)) for what, students in ordered]


def _spread(lesson, rows):
    """How a lesson's scores are spread: (lower, upper, count) of five equal bands."""
    scored = [row for row in rows if row.lesson == lesson.name and row.score is not None]
    bands = [0] * 5
    for row in scored:
        share = row.score / row.max_score if row.max_score else 0
        bands[min(4, int(share * 5))] += 1
    return {"lesson": lesson, "count": len(scored), "bands": [
        (20 * i, 20 * (i + 1), count) for i, count in enumerate(bands)]}


def table(rows, lessons):
    """The class as text: student, points of each lesson, status."""
    names = [lesson.name for lesson in lessons if any(row.lesson == lesson.name for row in rows)]
    header = ["student", *names, "status"]
    lines = [header]
    for student, by_lesson in _by_student(rows).items():
        points = [_points(by_lesson.get(name)) for name in names]
        said = list(dict.fromkeys(said for row in by_lesson.values() for said in row.happened))
        more = [f"{len(said) - 3} more things, see the report"] if len(said) > 3 else []
        lines.append([student, *points, ". ".join([*said[:3], *more]) or "graded"])
    widths = [max(len(line[i]) for line in lines) for i in range(len(header) - 1)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0])]
                  + [cell.rjust(width) for cell, width in
                     zip(line[1:-1], widths[1:], strict=True)] + [line[-1]])
        for line in lines)


def _points(row):
    if row is None:
        return "-"
    if row.score is None:
        return "not graded"
    return f"{row.score:g}/{row.max_score:g}"
