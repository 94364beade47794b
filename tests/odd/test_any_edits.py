"""A right notebook after one to three edits earns at least what a plain kernel gives.

A few in `make test`; ODD_NOTEBOOKS=3000 (`make odd-notebooks`) says how many.
"""

import copy
import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.utils import determine_grade

from autograder.judge.run import CourseSide, grade_submitted
from autograder.judge.template import template_for
from autograder.sandbox.walls import BubblewrapSandbox, Limits
from tests.attacks import lesson as small

from .edits import EDITS
from .plain import plain_points

COUNT = int(os.environ.get("ODD_NOTEBOOKS", 25))


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / "01_small.py"
    path.write_text(small.text())
    sandbox, course = BubblewrapSandbox(Limits(cell_seconds=60, call_seconds=60)), CourseSide()
    yield small.right(template_for(path).lesson), path, sandbox, course
    sandbox.close()


def earned(graded):
    cells = {cell.id: cell for cell in graded.notebook.cells}
    return {i: determine_grade(cell)[0] for i, cell in cells.items()
            if cell.metadata.get("nbgrader", {}).get("grade")}


def assert_nothing_is_lost(notebook, grader):
    """The points of each test are those of a plain kernel, or more; and all text is kept."""
    _, path, sandbox, course = grader
    wanted = plain_points(notebook)
    graded = grade_submitted(copy.deepcopy(notebook), path, sandbox, course)
    got = earned(graded)
    names = {(c.name, c.group): c.id for c in template_for(path).lesson.cells if c.role == "test"}
    lost = {names[key]: value for key, value in wanted.items() if got[names[key]] < value}
    assert lost == {}, (graded.remarks, graded.events)
    kept = "\n".join(cell.source for cell in graded.notebook.cells)
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            assert line.strip() in kept


@settings(max_examples=COUNT, deadline=None, derandomize=COUNT < 100, database=None,
          suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), chosen=st.lists(st.sampled_from(sorted(EDITS)), min_size=1,
                                                  max_size=3))
def test_edits_that_jupyter_forgives_cost_nothing(grader, seed, chosen):
    rng, notebook = random.Random(seed), copy.deepcopy(grader[0])
    for name in chosen:
        EDITS[name](notebook, rng)
    assert_nothing_is_lost(notebook, grader)


@pytest.mark.parametrize("name", sorted(EDITS))
def test_each_edit_alone_costs_nothing(grader, name):
    notebook = copy.deepcopy(grader[0])
    EDITS[name](notebook, random.Random(1))
    assert_nothing_is_lost(notebook, grader)
