"""The judge and the sandbox behind nbgrader's own commands, in place of kernels.

With the settings of `walled`, `nbgrader autograde` and formgrader's button run notebooks as
`python -m autograder grade` does: a lesson's student cells in the sandbox and its course cells in
the judge; every cell of any other assignment in the sandbox. What nbgrader decides and stores
stays nbgrader's. A class's nbgrader_config.py, which grading writes, has these settings.
"""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from jupyter_client import KernelManager
from nbformat import from_dict
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, OverwriteCells

from autograder import course
from autograder.classroom.lessons import lesson_paths
from autograder.classroom.settings import read_settings
from autograder.judge.handed_in import read_beside
from autograder.judge.process import grade_apart
from autograder.judge.remarks import with_remarks
from autograder.judge.run import Graded, grade_submitted
from autograder.judge.student_side import StudentSide
from autograder.judge.template import without_hidden
from autograder.sandbox.walls import Limits
from autograder.stock import refuse
from autograder.stopwatch import Stopwatch
from autograder.text import one_line

_LARGEST_FILE = 16 * 2**20


def walled(config):
    """Put the judge and the sandbox in place of nbgrader's Execute in a configuration.

    The exchange's releases are those of a class of this course, too.
    """
    refuse.put_in_place()
    steps = [WalledExecute if step is Execute else step
             for step in Autograde.autograde_preprocessors.default()]
    config.Autograde.autograde_preprocessors = steps
    exchange = "autograder.stock.exchange"
    config.ExchangeFactory.release_assignment = f"{exchange}.ReleaseAssignment"
    config.ExchangeFactory.release_feedback = f"{exchange}.ReleaseFeedback"
    config.Autograde.sanitize_preprocessors = [
        found for step in Autograde.sanitize_preprocessors.default()
        for found in ((PutAsideDropped, step) if step is OverwriteCells else (step,))]
    return config


class PutAsideDropped(NbGraderPreprocessor):
    """Takes for an ordinary cell what a class has dropped from a lesson since it was handed out.

    nbgrader finds no such cell in its gradebook, and would refuse the whole notebook.
    """

    def preprocess(self, nb, resources):
        """Returns the notebook and the resources."""
        names = resources["nbgrader"]
        if not course.is_lesson(names["assignment"]):
            return nb, resources
        with Gradebook(names["db_url"]) as gradebook:
            try:
                known = {cell.name for cell in gradebook.find_notebook(
                    names["notebook"], names["assignment"]).source_cells}
            except MissingEntry:
                return nb, resources
        for cell in nb.cells:
            cell_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if cell_id is not None and cell_id not in known:
                del cell.metadata["nbgrader"]
        return nb, resources


class WalledExecute(Execute):
    """nbgrader's Execute without a kernel. Reads its `timeout` (seconds for a cell).

    The process that grades can be killed and has a ceiling of memory: a notebook that passes its
    end, or takes too much, is one that nbgrader could not grade, and the log says why.
    """

    def preprocess(self, nb, resources, km=None):
        """Run the notebook; returns it with outputs, and the resources as they were."""
        # Raises for a kernel that is not installed, as nbgrader does. What runs is Python.
        name = nb.metadata.get("kernelspec", {}).get("name", "python3")
        assert KernelManager(kernel_name=name).kernel_spec
        limits = Limits(cell_seconds=self.timeout) if self.timeout else Limits()
        names, folder = resources["nbgrader"], Path(resources["metadata"]["path"] or ".").resolve()
        lesson = source_of(names["assignment"], self.config.CourseDirectory.root)
        if lesson.exists():
            work = _OfALesson(nb, lesson, folder)
        else:
            work = _Anything(nb, folder, os.environ.get("NBGRADER_EXECUTION", ""))
        graded, problem = grade_apart(work, limits, unsafe=False)
        if graded is None:
            raise NbGraderException(problem)
        said = list(dict.fromkeys([*graded.remarks, *graded.events]))
        for sentence in said if lesson.exists() else ():
            self.log.warning("%s/%s: %s", one_line(names.get("student", "")), names["assignment"],
                             sentence)
        notebook = graded.notebook
        return (with_remarks(notebook, said) if lesson.exists() else notebook), resources


def source_of(assignment, class_dir):
    """The path of a lesson's source: without what a class has dropped, and with its own points.

    There is none of an assignment that is no lesson of the course.
    """
    ours = course.SOLUTIONS / f"{assignment}.py"
    if not ours.exists() or not isinstance(class_dir, str):
        return ours
    return lesson_paths(class_dir, read_settings(class_dir)).get(assignment, ours)


@dataclass(frozen=True)
class _OfALesson:
    """A notebook of one of the course's lessons, in the folder where nbgrader has copied it."""

    notebook: object
    lesson: Path
    folder: Path

    def graded(self, sandbox, course_side):
        files, left_out = read_beside(self.folder / f"{self.lesson.stem}.ipynb")
        # nbgrader has put its own test cells in, with the hidden lines, which are no student's.
        for cell in self.notebook.cells:
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = without_hidden(cell.source)
        graded = grade_submitted(self.notebook, self.lesson, sandbox, course_side, files=files)
        graded.remarks += left_out
        return graded


@dataclass(frozen=True)
class _Anything:
    """A notebook of any other assignment: all its cells run in the sandbox.

    told  nbgrader's word to a notebook that wants to know who runs it
    """

    notebook: object
    folder: Path
    told: str

    def graded(self, sandbox, course_side):
        student = StudentSide(sandbox, Stopwatch())
        try:
            student.run("surroundings", _surroundings(self.folder, self.told))
            code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
            shown = [student.run(cell.get("id", ""), cell.source) for cell in code]
            for number, (cell, outputs) in enumerate(zip(code, shown, strict=True), 1):
                cell.outputs = [from_dict(output) for output in outputs]
                cell.execution_count = number
        finally:
            student.close()
        return Graded(self.notebook, events=student.events)


def _surroundings(folder, told):
    """A cell that gives the sandbox the files beside the notebook, and nbgrader's variable."""
    lines = ["import base64, os"]
    lines.append(f"os.environ['NBGRADER_EXECUTION'] = {told!r}")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _LARGEST_FILE:
            name = path.relative_to(folder).as_posix()
            content = base64.b64encode(path.read_bytes()).decode()
            lines.append(f"os.makedirs(os.path.dirname({name!r}) or '.', exist_ok=True)")
            lines.append(f"open({name!r}, 'wb').write(base64.b64decode({content!r}))")
    return "\n".join(lines) + ";"
