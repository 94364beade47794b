"""A lesson's cells and points in a class's gradebook, as nbgrader's generate step stores them."""

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells

from autograder.errors import GradingError
from autograder.judge.template import COURSE_ROLES, Template
from autograder.quiet import capture_log


def is_registered(lesson, gradebook):
    """True if the gradebook holds this very text of the lesson's cells."""
    try:
        stored = gradebook.find_notebook(lesson.name, lesson.name).source_cells
    except MissingEntry:
        return False
    locked = {c.id: c.source for c in lesson.cells if c.role in (*COURSE_ROLES, "setup")}
    points = {c.id: c.points for c in lesson.cells if c.points}
    same_text = {c.name: c.source for c in stored if c.name in locked} == locked
    grade_cells = gradebook.find_notebook(lesson.name, lesson.name).grade_cells
    return same_text and {c.name: c.max_score for c in grade_cells} == points


def register(lesson, gradebook, config):
    """Put a lesson's cells and points into an OpenGradebook, in the transaction that is open.

    Raises GradingError if the lesson gained or lost graded cells since the class was graded.
    """
    with capture_log():
        gradebook.update_or_create_assignment(lesson.name)
        try:
            SaveCellsInOpenGradebook(config=config).save(gradebook, Template(lesson))
        except RuntimeError as error:
            if "Cannot add or remove cells" not in str(error):
                raise
            raise GradingError(
                f"{lesson.name} gained or lost cells since this class was graded; `convnets "
                "carry-over CLASS --dry-run` says which grades given by hand still fit, without "
                "--dry-run it keeps them. Or grade with the version of the course that this class "
                "had. Moving gradebook.db away starts afresh: points and comments that people "
                "gave go with it") from None


class SaveCellsInOpenGradebook(SaveCells):
    """nbgrader's step that stores a lesson's cells, in a gradebook that is open.

    It opens the gradebook for itself otherwise, and has each cell written to the disk.
    """

    def save(self, gradebook, template):
        name = template.lesson.name
        self.gradebook, self.notebook_id, self.assignment_id = gradebook, name, name
        self.new_grade_cells, self.new_solution_cells = {}, {}
        self.new_task_cells, self.new_source_cells = {}, {}
        notebook = nbformat.v4.new_notebook(cells=[template.cell(one) for one in template.order],
                                            metadata=template.metadata)
        NbGraderPreprocessor.preprocess(self, notebook, {})
        self._create_notebook(notebook)
