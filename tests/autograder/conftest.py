"""What tests of the machinery share: a tiny lesson made of real exercises, and a sandbox."""

import nbformat
import pytest

from autograder import course
from autograder.judge.template import Template, without_hidden
from autograder.lessons.lesson import read_lesson
from autograder.lessons.source import source_notebook
from autograder.sandbox.walls import BubblewrapSandbox, Limits

# Tests make gradebooks, too.
course.use_nbgrader()

LIMITS = Limits(cell_seconds=10, call_seconds=1, memory=2**30)

TINY = '''\
# %% [markdown]
# # Tiny

# %% setup
import numpy as np
from course_lib import check, test

# %% answer: neuron
def neuron(x_patch, w, b):
    ### BEGIN SOLUTION
    return float((x_patch * w).sum() + b)
    ### END SOLUTION

# %% check: neuron
check("neuron", neuron)

# %% test: neuron values, 2 points
score = test("neuron", neuron, group="values", points=2)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=7141)
### END HIDDEN TESTS
score

# %% answer: zero_pad
def zero_pad(x, pad):
    ### BEGIN SOLUTION
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    ### END SOLUTION

# %% check: zero_pad
check("zero_pad", zero_pad)

# %% test: zero_pad values, 3 points
score = test("zero_pad", zero_pad, group="values", points=3)
### BEGIN HIDDEN TESTS
score = score.on_hidden_cases(seed=993)
### END HIDDEN TESTS
score

# %% essay: why, 2 points [markdown]
# Because.
'''


@pytest.fixture(scope="session")
def tiny_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("lessons") / "01_tiny.py"
    path.write_text(TINY)
    return path


@pytest.fixture(scope="session")
def tiny(tiny_path):
    """The Template of the tiny lesson."""
    return Template(read_lesson(tiny_path))


@pytest.fixture
def solved(tiny):
    """A notebook with all of the tiny lesson's answers, as a student would hand it in."""
    notebook = source_notebook(tiny.lesson)
    for cell in notebook.cells:
        cell.source = without_hidden(cell.source)
    return nbformat.from_dict(notebook)


def cell_named(notebook, identity):
    """The position of the cell `identity`."""
    return next(i for i, cell in enumerate(notebook.cells) if cell.id == identity)


@pytest.fixture(scope="module")
def walled():
    """A sandbox with walls and the limits of LIMITS."""
    sandbox = BubblewrapSandbox(LIMITS)
    yield sandbox
    sandbox.close()
