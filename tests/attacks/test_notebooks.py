"""Attacks on the notebook's metadata and form: nothing is won, and no honest point is lost."""

import copy
import json

import pytest

from autograder.errors import GradingError
from tests.thorough import some

from . import bulky_notebooks  # noqa: F401 (its attacks join the others)
from .notebooks import ALL, OTHERWISE, TESTS
from .test_attacks import marked

pytestmark = pytest.mark.system

REFUSED = {name for name, wall in OTHERWISE.items() if wall == "refused"}


@pytest.mark.filterwarnings("ignore::nbformat.validator.DuplicateCellId")
@pytest.mark.parametrize("name", [
    marked(name) for name in some(name for name in ALL if name not in REFUSED)])
def test_an_edited_notebook_earns_what_its_work_is_worth(grader, withstand, name):
    notebook = copy.deepcopy(grader.honest)
    edited = ALL[name](notebook) or json.dumps(notebook)
    assert edited != json.dumps(grader.honest), "nothing was edited"
    graded = withstand(edited)
    assert grader.points(graded.notebook) == grader.earned
    assert {f"test-{name}" for name in TESTS} == grader.earned.keys()
    # What the gradebook would be told about a cell is the course's, not the submission's.
    for cell in graded.notebook.cells:
        right = grader.template.cells.get(cell.id)
        assert cell.metadata == (right.metadata if right else {})
    # The judge adds in what way a function is wrong, and nothing else.
    assert {**graded.notebook.metadata, "ways": 0} == {**grader.template.metadata, "ways": 0}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_that_is_no_notebook_is_refused_in_one_line(grader, name):
    with pytest.raises(GradingError) as caught:
        grader.grade(ALL[name](copy.deepcopy(grader.honest)))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200
    grader.assert_next_is_well()
    grader.assert_undisturbed()
