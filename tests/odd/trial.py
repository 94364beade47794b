"""A right notebook that was edited, graded beside what a plain kernel gives for it."""

import atexit
import copy
import gc
import random
import tempfile
from contextlib import contextmanager
from pathlib import Path

from nbgrader.utils import determine_grade

from autograder.judge.run import CourseSide, grade_submitted
from autograder.judge.template import template_for
from autograder.sandbox.walls import BubblewrapSandbox, Limits
from course_lib.judging.exercise import Exercise
from tests.attacks import lesson as small

from .edits import EDITS
from .plain import plain_points

_state = {}


class Trial:
    """Grades edited copies of the right notebook of a small lesson, written into `folder`."""

    def __init__(self, folder):
        self.path = folder / "01_small.py"
        self.path.write_text(small.text())
        self.sandbox = BubblewrapSandbox(Limits(cell_seconds=60, call_seconds=60))
        self.course = CourseSide()
        lesson = template_for(self.path).lesson
        self.right = small.right(lesson)
        self.tests = {(c.name, c.group): c.id for c in lesson.cells if c.role == "test"}
        gc.collect()
        gc.freeze()  # the course side collects garbage before each notebook

    def close(self):
        self.sandbox.close()

    def edited(self, names, rng):
        """A copy of the right notebook after the edits of these names."""
        notebook = copy.deepcopy(self.right)
        for name in names:
            EDITS[name](notebook, rng)
        return notebook

    def lost(self, notebook):
        """What a plain kernel gives and grading does not, and lines that are gone: sentences."""
        with few_cases():
            wanted = plain_points(notebook)
            graded = grade_submitted(copy.deepcopy(notebook), self.path, self.sandbox, self.course)
        cells = {cell.id: cell for cell in graded.notebook.cells}
        found = []
        for key, points in wanted.items():
            got = determine_grade(cells[self.tests[key]])[0]
            if got < points:
                found.append(f"{self.tests[key]}: {got} of {points} points; {graded.remarks}; "
                             f"{graded.events}")
        kept = "\n".join(cell.source for cell in graded.notebook.cells)
        lines = {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}
        return found + [f"the line {line!r} is gone" for line in sorted(lines) if line not in kept]


@contextmanager
def few_cases():
    """One case of each group, for both: what edits do to a notebook does not hang on the cases."""
    all_cases = Exercise.cases
    Exercise.cases = lambda self, *args, **kwargs: all_cases(self, *args, **kwargs)[:1]
    try:
        yield
    finally:
        Exercise.cases = all_cases


# In the processes of tests/odd/__main__.py; IPython takes the name __main__ for itself there.
def chosen(number):
    """(names of the edits of a notebook, the generator that they go on with)."""
    rng = random.Random(number)
    return rng.choices(sorted(EDITS), k=rng.randint(1, 3)), rng


def prepare():
    """Once in each process."""
    folder = tempfile.TemporaryDirectory()
    _state.update(folder=folder, trial=Trial(Path(folder.name)))
    atexit.register(_state["trial"].close)


def tried(number):
    """In one line, what was lost of the notebook of this number, or nothing."""
    trial = _state["trial"]
    try:
        said = "; ".join(trial.lost(trial.edited(*chosen(number))))
    except Exception as error:  # which is a find, too
        said = f"{type(error).__name__}: {error}"
    return " ".join(said.split())[:2000]
