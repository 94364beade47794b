"""Changes in the gradebook that no command of ours made, written into the history when seen.

nbgrader and formgrader say neither when points were given nor by whom.
"""

from nbgrader.api import Base
from sqlalchemy import select

from autograder import course
from autograder.classroom.grades import has_gradebook, read_grades
from autograder.classroom.history import as_text, last_points, remember_all

BY = "noticed in the gradebook"
_TABLES = Base.metadata.tables
_ASSIGNMENT, _SUBMITTED = _TABLES["assignment"], _TABLES["submitted_assignment"]
_NOTEBOOK, _GRADE, _CELL = (_TABLES[name] for name in ("submitted_notebook", "grade", "base_cell"))


def notice(class_dir, totals=True, because=""):
    """Write down what the gradebook holds now and the history does not know.

    totals   False looks only at points that people gave to single cells
    because  why the points are others than before, where a command of ours has changed them
    """
    if not has_gradebook(class_dir):
        return
    known, changes = last_points(class_dir), []
    by_hand = _by_hand(class_dir)
    touched = set()
    for key in sorted(by_hand.keys() | {key for key in known if key[2]}):
        before, after = known.get(key, ""), as_text(by_hand.get(key))
        if before != after:
            changes.append((*key, before, after,
                            "given by hand" if after else because or "taken back by hand"))
            touched.add(key[:2])
    for one in read_grades(class_dir)[0] if totals else ():
        for lesson, score in one.scores.items():
            key = one.student.id, lesson, ""
            if known.get(key, "") != as_text(score):
                why = because or ("points given by hand" if key[:2] in touched
                                  else "changed in the gradebook")
                changes.append((*key, known.get(key, ""), score, why))
    remember_all(class_dir, changes, "" if because else BY)


def _by_hand(class_dir):
    """{(student, lesson, cell): points that a person gave}."""
    grades = (_SUBMITTED.join(_ASSIGNMENT, _ASSIGNMENT.c.id == _SUBMITTED.c.assignment_id)
              .join(_NOTEBOOK, _NOTEBOOK.c.assignment_id == _SUBMITTED.c.id)
              .join(_GRADE, _GRADE.c.notebook_id == _NOTEBOOK.c.id)
              .join(_CELL, _CELL.c.id == _GRADE.c.cell_id))
    query = select(_SUBMITTED.c.student_id, _ASSIGNMENT.c.name, _CELL.c.name,
                   _GRADE.c.manual_score).select_from(grades).where(
                       _GRADE.c.manual_score.is_not(None))
    with course.open_gradebook(class_dir) as gradebook:
        return {tuple(whose): points for *whose, points in gradebook.db.execute(query)}
