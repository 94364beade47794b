"""What a plain kernel gives: the notebook's cells from top to bottom, in one namespace."""

import contextlib
import io

import course_lib
from autograder.lessons.names import as_python
from course_lib.check import test


class _Shell:
    """The lines for IPython do nothing that matters to the points, as in Jupyter."""

    def __init__(self, space):
        self.space = space

    def run_line_magic(self, *args):
        return None

    system = getoutput = run_line_magic

    def run_cell_magic(self, name, line, body):
        if name in ("time", "capture"):
            exec(as_python(body), self.space)


def plain_points(notebook):
    """{(function, group): points} of the test cells that ran; an error ends its own cell only."""
    found = {}

    def recorded(name, *functions, group, points):
        score = test(name, *functions, group=group, points=points)
        found[name, group] = max(float(score), found.get((name, group), 0))
        return score

    space = {"__name__": "__main__"}
    space["get_ipython"] = lambda: _Shell(space)
    course_lib.test = recorded
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    with contextlib.suppress(Exception, SystemExit):
                        exec(compile(as_python(cell.source), "<cell>", "exec"), space)
    finally:
        course_lib.test = test
    return found
