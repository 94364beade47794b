"""The Rows of a class with the gradebook's present points, and the class as text."""

from autograder.classroom.grades import read_grades
from autograder.errors import GradingError
from autograder.results.stored import stored


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
            row.points_waiting = known.waiting_points.get(row.lesson, 0.0)
            row.late = known.late.get(row.lesson, 0.0)
    return rows


def by_student(rows):
    """{student: {lesson: Row}}."""
    students = {}
    for row in rows:
        students.setdefault(row.student, {})[row.lesson] = row
    return students


def table(rows, lessons):
    """The class as text: student, points of each lesson, status."""
    names = [name for name in lessons if any(row.lesson == name for row in rows)]
    header = ["student", *names, "status"]
    lines = [header]
    for student, by_lesson in by_student(rows).items():
        points = [_points(by_lesson.get(name)) for name in names]
        said = list(dict.fromkeys(said for row in by_lesson.values() for said in row.happened))
        rest = len(said) - 3
        more = [f"{rest} more {'thing' if rest == 1 else 'things'}, see the report"] * (rest > 0)
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
