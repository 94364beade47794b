"""nbgrader's Execute with our judge: what it tells, and what ends it."""

import logging
import signal

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import OverwriteCells

from autograder import course
from autograder.judge import process
from autograder.judge.run import Graded
from autograder.judge.template import template_for
from autograder.sandbox.walls import Limits
from autograder.stock import execute

LESSON = "01_spatial_arithmetic"
pytestmark = pytest.mark.system


class Quick:
    def graded(self, sandbox, course_side):
        return Graded(nbformat.v4.new_notebook())


class Stuck:
    def graded(self, sandbox, course_side):
        # Nothing that runs in the process could stop it.
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
        while True:
            pass


class Greedy:
    def graded(self, sandbox, course_side):
        return bytearray(400 * 2**20)


@pytest.fixture
def executed(tmp_path, caplog):
    """A function that runs nbgrader's step on a notebook of the lesson."""
    log = logging.getLogger("stock")

    def run(notebook):
        resources = {"nbgrader": {"assignment": LESSON, "student": "ann"},
                     "metadata": {"path": str(tmp_path)}}
        with caplog.at_level(logging.WARNING, "stock"):
            return execute.WalledExecute(log=log).preprocess(notebook, resources)[0]

    return run


def test_what_is_stuck_is_killed_and_what_takes_too_much_is_told():
    limits = Limits(start_seconds=600, submission_seconds=1, judge_seconds=1,
                    judge_memory=300 * 2**20)
    # The process has started by then: what is left is the time for one notebook.
    assert process.grade_apart(Quick(), limits, False)[1] is None
    graded, problem = process.grade_apart(Stuck(), limits, False)
    assert graded is None and "more than 2 seconds and was stopped" in problem
    graded, problem = process.grade_apart(Greedy(), limits, False)
    assert graded is None and "GiB of memory" in problem
    assert process.grade_apart(Quick(), limits, False)[1] is None


def test_remarks_stand_in_the_log_and_on_top_of_the_notebook(executed, caplog):
    notebook = nbformat.read(course.ASSIGNMENTS / LESSON / f"{LESSON}.ipynb", as_version=4)
    next(c for c in notebook.cells if c.id == "setup").source += "\nimport math"
    template = template_for(course.SOLUTIONS / f"{LESSON}.py")
    for cell in notebook.cells:
        if cell.id in template.cells and template.roles[cell.id] == "test":
            cell.source = template.cell(cell.id).source  # as nbgrader's OverwriteCells leaves it
    graded = executed(notebook)
    assert len(caplog.messages) == 1
    own = [cell.source for cell in graded.cells if "nbgrader" not in cell.metadata]
    assert not [text for text in own if "on_hidden_cases" in text], "hidden lines in own cells"
    assert "the course's cell “setup” was changed" in graded.cells[0].source
    assert any(said.startswith(f"ann/{LESSON}: the course's cell “setup”")
               for said in caplog.messages)


def test_a_notebook_that_cannot_be_graded_is_one_that_failed(executed):
    with pytest.raises(NbGraderException, match="no cell of 01_spatial_arithmetic"):
        executed(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")]))


def test_what_a_class_dropped_and_its_points_count_in_nbgraders_autograde(tmp_path):
    """Of a notebook that was handed out before, too: nbgrader alone refuses it."""
    (tmp_path / "class.toml").write_text(
        f'[lessons]\n{LESSON} = {{ drop = ["receptive_field_of_two"], points = '
        '{ "same_padding even filters" = 4 } }\n')
    # In the class's own version of the lesson stands what is run and what it is worth.
    text = execute.source_of(LESSON, str(tmp_path)).read_text()
    assert 'group="even filters", points=4' in text
    assert 'test("receptive_field_of_two"' not in text
    assert execute.source_of("another", str(tmp_path)).parent == course.SOLUTIONS

    notebook = nbformat.read(course.ASSIGNMENTS / LESSON / f"{LESSON}.ipynb", as_version=4)
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells
           if "nbgrader" in cell.metadata]
    gone = "test-receptive_field_of_two-values"
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url) as book:
        book.add_assignment(LESSON)
        book.add_notebook(LESSON, LESSON)
        for name in ids:
            if name != gone:
                book.add_source_cell(name, LESSON, LESSON, cell_type="code")
    config = execute.walled(course.configure(tmp_path))
    steps = config.Autograde.sanitize_preprocessors
    assert steps.index(execute.PutAsideDropped) + 1 == steps.index(OverwriteCells)
    execute.PutAsideDropped().preprocess(notebook, {"nbgrader": {
        "assignment": LESSON, "notebook": LESSON, "student": "ann", "db_url": url}})
    left = [cell.metadata.nbgrader.grade_id for cell in notebook.cells
            if "nbgrader" in cell.metadata]
    assert gone in ids and left == [name for name in ids if name != gone]
