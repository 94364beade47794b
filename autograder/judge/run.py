"""Grading one notebook: the student's cells in the sandbox, the course's cells here."""

import ast
import builtins
import hashlib
import time
from dataclasses import dataclass, field

import nbformat

from autograder.judge.intake import read_submission, restore
from autograder.judge.student_side import StudentSide
from autograder.judge.template import COURSE_ROLES, template_for
from autograder.sandbox.inside.cells import CellRunner
from course_lib import exercise


@dataclass
class Graded:
    """An executed notebook and what there is to say about it.

    remarks  repairs of the notebook;  events  limits that were hit, processes that died
    """

    notebook: nbformat.NotebookNode
    remarks: list = field(default_factory=list)
    events: list = field(default_factory=list)
    seconds: float = 0.0


class CourseSide:
    """Runs the course's cells in this process, one namespace for a submission.

    Names that the course has not defined itself are the student's: a test cell gets them fresh
    from the sandbox each time it runs.
    """

    def __init__(self):
        self.runner = CellRunner(brief=True)

    def start(self):
        self.runner.reset()

    def run(self, source, student):
        space = self.runner.namespace
        wanted = {name for name in _names_read(source)
                  if name not in space and not hasattr(builtins, name)}
        theirs = student.lookup(wanted)
        space.update(theirs)
        try:
            return self.runner.run(source)[0]
        finally:
            for name, value in theirs.items():
                if space.get(name) is value:
                    del space[name]


def _names_read(source):
    return {node.id for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def grade_notebook(path, lesson_path, sandbox, course_side):
    """Grade the submission at `path` for the lesson source at `lesson_path`: a Graded.

    Raises GradingError if the notebook cannot be read.
    """
    start = time.monotonic()
    template = template_for(lesson_path)
    submitted = read_submission(path)
    notebook, remarks = restore(submitted, template)
    exercise.set_salt(_salt(notebook))
    student = StudentSide(sandbox)
    course_side.start()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    try:
        for count, cell in enumerate(code, 1):
            role = template.roles.get(cell.id)
            if role == "setup":
                course_side.run(cell.source, student)
            if role in COURSE_ROLES:
                outputs = course_side.run(cell.source, student)
            else:
                outputs = student.run(cell.id, cell.source)
            cell.outputs = [nbformat.from_dict(_numbered(output, count)) for output in outputs]
            cell.execution_count = count
    finally:
        student.close()
        exercise.set_salt(0)
    return Graded(notebook, remarks, student.events, time.monotonic() - start)


def _numbered(output, count):
    """Both sides count their own cells; the notebook has one count."""
    return output | {"execution_count": count} if "execution_count" in output else output


def _salt(notebook):
    """A number from the submission's own text: the same text always meets the same cases."""
    text = "\0".join(cell.source for cell in notebook.cells)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])
