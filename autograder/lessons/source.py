"""A lesson as the notebook that nbgrader starts from."""

from copy import deepcopy

import nbformat

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# As JupyterLab writes it when a kernel starts: saving a lesson then adds no more than `version`.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py",
    "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
METADATA = {"kernelspec": KERNEL, "language_info": LANGUAGE}
SHORT = 5  # lines of drawing that a student may well see
_NBGRADER = {  # role: (grade, solution, locked)
    "setup": (False, False, True),
    "figure": (False, False, True),
    "check": (False, False, True),
    "answer": (False, True, False),
    "test": (True, False, True),
    "essay": (True, True, False),
}


def source_notebook(lesson):
    """The lesson as nbgrader's source notebook: with answers, hidden tests and points."""
    cells = []
    for cell in lesson.cells:
        make = nbformat.v4.new_markdown_cell if cell.kind == "markdown" else (
            nbformat.v4.new_code_cell)
        node = make(cell.source, id=cell.id)
        if cell.role in _NBGRADER:
            grade, solution, locked = _NBGRADER[cell.role]
            node.metadata["nbgrader"] = {
                "grade": grade, "grade_id": cell.id, "locked": locked, "schema_version": 3,
                "solution": solution, "task": False,
            } | ({"points": cell.points} if grade else {})
        if cell.role == "figure" and len(cell.source.splitlines()) > SHORT:
            # The picture is what the cell is for. Whoever wants to read how it is drawn opens it.
            node.metadata["jupyter"] = {"source_hidden": True}
        cells.append(node)
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata=deepcopy(METADATA),
    )
