"""The judge and the sandbox behind nbgrader's own commands, in place of kernels.

With the settings of `walled`, `nbgrader autograde` and formgrader's button run notebooks as
`python -m autograder grade` does: a lesson's student cells in the sandbox and its course cells in
the judge; every cell of any other assignment in the sandbox. What nbgrader decides and stores
stays nbgrader's. A class's nbgrader_config.py, which grading writes, has these settings.
"""

import atexit
import base64
import os
from pathlib import Path

from jupyter_client import KernelManager
from nbformat import from_dict
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute

from autograder import course
from autograder.judge.handed_in import read_beside
from autograder.judge.run import CourseSide, grade_submitted
from autograder.judge.student_side import StudentSide
from autograder.sandbox.walls import BubblewrapSandbox, Limits
from autograder.stock import refuse
from autograder.stopwatch import Stopwatch

_state = {}
_LARGEST_FILE = 16 * 2**20


def walled(config):
    """Put the judge and the sandbox in place of nbgrader's Execute in a configuration."""
    refuse.put_in_place()
    steps = [WalledExecute if step is Execute else step
             for step in Autograde.autograde_preprocessors.default()]
    config.Autograde.autograde_preprocessors = steps
    return config


class WalledExecute(Execute):
    """nbgrader's Execute without a kernel. Reads its `timeout` (seconds for a cell)."""

    def preprocess(self, nb, resources, km=None):
        """Run the notebook; returns it with outputs, and the resources as they were."""
        # Raises for a kernel that is not installed, as nbgrader does. What runs is Python.
        name = nb.metadata.get("kernelspec", {}).get("name", "python3")
        assert KernelManager(kernel_name=name).kernel_spec
        sandbox = _sandbox(self.timeout)
        lesson = course.SOLUTIONS / f"{resources['nbgrader']['assignment']}.py"
        if lesson.exists():
            files, _ = read_beside(Path(resources["metadata"]["path"] or ".") / "any.ipynb")
            graded = grade_submitted(nb, lesson, sandbox, _state["course"], files=files)
            return graded.notebook, resources
        self._run_anything(nb, resources, sandbox)
        return nb, resources

    def _run_anything(self, nb, resources, sandbox):
        student = StudentSide(sandbox, Stopwatch())
        try:
            student.run("surroundings", _surroundings(resources["metadata"]["path"]))
            code = [cell for cell in nb.cells if cell.cell_type == "code"]
            for number, cell in enumerate(code, 1):
                outputs = student.run(cell.get("id", ""), cell.source)
                cell.outputs = [from_dict(output) for output in outputs]
                cell.execution_count = number
        finally:
            student.close()


def _sandbox(seconds):
    """One sandbox for a process; another when the time limit changes."""
    limits = Limits(cell_seconds=seconds) if seconds else Limits()
    if _state.get("limits") != limits:
        _close()
        _state.update(limits=limits, sandbox=BubblewrapSandbox(limits), course=CourseSide())
    return _state["sandbox"]


@atexit.register
def _close():
    if "sandbox" in _state:
        _state.pop("sandbox").close()


def _surroundings(folder):
    """A cell that gives the sandbox the files beside the notebook, and nbgrader's variable."""
    lines = ["import base64, os"]
    # nbgrader's word to a notebook that wants to know who runs it.
    told = os.environ.get("NBGRADER_EXECUTION", "")
    lines.append(f"os.environ['NBGRADER_EXECUTION'] = {told!r}")
    for path in sorted(Path(folder or ".").rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _LARGEST_FILE:
            name = path.relative_to(folder).as_posix()
            content = base64.b64encode(path.read_bytes()).decode()
            lines.append(f"os.makedirs(os.path.dirname({name!r}) or '.', exist_ok=True)")
            lines.append(f"open({name!r}, 'wb').write(base64.b64decode({content!r}))")
    return "\n".join(lines) + ";"
