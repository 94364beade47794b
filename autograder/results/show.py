"""What a student's code did: the graded notebook cell by cell, with verdicts and limits."""

from pathlib import Path

import nbformat

from autograder.errors import GradingError
from autograder.text import one_line, several_lines

_LINES = 12


def show(class_dir, student, lesson):
    """The graded notebook of a submission as text. Raises GradingError if it was not graded."""
    path = Path(class_dir) / "autograded" / student / lesson / f"{lesson}.ipynb"
    if not path.exists():
        raise GradingError(f"{student}/{lesson} has no graded notebook in {class_dir}; grade it "
                           f"first (--student {student} --lesson {lesson})")
    notebook = nbformat.read(path, as_version=4)
    return "\n\n".join(filter(None, map(_cell, notebook.cells)))


def _cell(cell):
    """A cell's name, the student's source where it is one of theirs, and its outputs as text."""
    if cell.id == "remarks":
        return "\n".join(["Remarks of the grader",
                          *(f"- {said}" for said in cell.metadata.get("said", []))])
    if cell.cell_type != "code":
        return ""
    locked = cell.metadata.get("nbgrader", {}).get("locked", False)
    said = [_output(output) for output in cell.outputs]
    own = [] if locked else [_cut(cell.source)]
    parts = [f"--- {one_line(cell.id)}", *own, *filter(None, said)]
    return "\n".join(parts)


def _output(output):
    """A verdict, a print or an error as indented text."""
    if output.output_type == "stream":
        return _indented(output.text)
    if output.output_type == "error":
        return _indented(f"{output.ename}: {output.evalue}")
    text = output.data.get("text/plain", "")
    kinds = [kind for kind in output.data if kind.startswith("image/")]
    return _indented(text + (f"  [{one_line(kinds[0])}]" if kinds else ""))


def _indented(text):
    return "\n".join(f"    {line}" for line in _cut(text).split("\n"))


def _cut(text):
    lines = several_lines(text).rstrip().split("\n")
    more = [f"... {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    return "\n".join(lines[:_LINES] + more)
