"""What a lesson's graded notebook must hold: the course's cells, word for word."""

import functools

from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, LockCells

from autograder import course
from autograder.lessons.build import source_notebook

COURSE_ROLES = ("figure", "check", "test")


class Template:
    """The cells of a lesson that nbgrader knows, as they must stand in a graded notebook.

    cells   {id: notebook cell}: course's cells with hidden tests, the student's as empty stubs
    roles   {id: role}
    order   {id: position in the lesson}
    """

    def __init__(self, lesson):
        notebook = source_notebook(lesson)
        config = course.configure(course.ROOT)
        for step in (LockCells, ClearSolutions, ComputeChecksums):
            notebook, _ = step(config=config).preprocess(notebook, {})
        self.lesson = lesson
        self.metadata = notebook.metadata
        self.order = {cell.id: i for i, cell in enumerate(lesson.cells)}
        self.roles = {cell.id: cell.role for cell in lesson.cells}
        self.cells = {cell.id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}

    def is_locked(self, cell_id):
        return self.roles[cell_id] in (*COURSE_ROLES, "setup")

    def cell(self, cell_id):
        """A fresh copy of one cell."""
        from copy import deepcopy

        return deepcopy(self.cells[cell_id])


@functools.cache
def template_for(path):
    """The Template of the lesson source at `path`."""
    from autograder.lessons.lesson import read_lesson

    return Template(read_lesson(path))
