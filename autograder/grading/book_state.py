"""All that a gradebook holds for submissions, as digests: has anybody changed something in it?"""

from nbgrader.api import Base
from sqlalchemy import select

from autograder.version import digest

_TABLES = Base.metadata.tables
_ASSIGNMENT, _STUDENT = _TABLES["assignment"], _TABLES["student"]
_SUBMITTED, _NOTEBOOK = _TABLES["submitted_assignment"], _TABLES["submitted_notebook"]
_CELL, _POINTS = _TABLES["base_cell"], _TABLES["grade_cells"]
_GRADE, _COMMENT = _TABLES["grade"], _TABLES["comment"]


def book_states(gradebook, lesson, student=None):
    """{student: digest of points, comments, times and names} of the submissions of a lesson.

    student  only this one. Ids of rows do not count: they say nothing to anybody.
    """
    held = {}
    for query in _queries():
        query = query.where(_ASSIGNMENT.c.name == lesson)
        if student is not None:
            query = query.where(_SUBMITTED.c.student_id == student)
        for who, *values in gradebook.db.execute(query):
            held.setdefault(who, []).append(repr(values))
    return {who: digest(*sorted(lines)) for who, lines in held.items()}


def _queries():
    who = _SUBMITTED.c.student_id
    submitted = _SUBMITTED.join(_ASSIGNMENT, _ASSIGNMENT.c.id == _SUBMITTED.c.assignment_id)
    notebook = submitted.join(_NOTEBOOK, _NOTEBOOK.c.assignment_id == _SUBMITTED.c.id)
    yield select(who, *_values(_STUDENT), *_values(_SUBMITTED), _ASSIGNMENT.c.duedate).select_from(
        submitted.join(_STUDENT, _STUDENT.c.id == who))
    yield select(who, *_values(_NOTEBOOK)).select_from(notebook)
    yield select(who, _CELL.c.name, _POINTS.c.max_score, *_values(_GRADE)).select_from(
        notebook.join(_GRADE, _GRADE.c.notebook_id == _NOTEBOOK.c.id)
        .join(_CELL, _CELL.c.id == _GRADE.c.cell_id)
        .outerjoin(_POINTS, _POINTS.c.id == _CELL.c.id))
    yield select(who, _CELL.c.name, *_values(_COMMENT)).select_from(
        notebook.join(_COMMENT, _COMMENT.c.notebook_id == _NOTEBOOK.c.id)
        .join(_CELL, _CELL.c.id == _COMMENT.c.cell_id))


def _values(table):
    """The columns of a table that are no ids of rows."""
    return [column for column in table.columns
            if not column.primary_key and not column.foreign_keys]
