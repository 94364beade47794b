"""What people and editors do to a notebook that is right, and stays right in Jupyter.

Each edit gets a notebook and a random generator and changes the notebook in place. It may do
nothing where it does not fit.
"""

import ast
import copy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

EDITS = {}
_LINES = ["!ls", "!pip install numpy", "%pip install numpy", "%matplotlib inline", "%load_ext x",
          "?np", "files = !ls", "import math", "# a note of my own", "print('here')"]
_OWN = ["x = 1", "import math\nmath.pi", "# only a comment", "%%time\ny = 2", "np.zeros(3)",
        "def helper(a):\n    return a", "%%bash\nls", "1 / 0", "import sys\nsys.exit()",
        "from numpy import *", "score = 3", "width: int = 3", "a, b = 1, 2; a", "def broken(:",
        "class Layer:\n    def forward(self, x):\n        return x", "-1", "'text' + 1"]


def edit(function):
    EDITS[function.__name__] = function
    return function


def _code(notebook):
    return [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def _answers(notebook):
    return [i for i in _code(notebook) if "\ndef " in "\n" + notebook.cells[i].source]


@edit
def move(notebook, rng):
    cell = notebook.cells.pop(rng.randrange(len(notebook.cells)))
    notebook.cells.insert(rng.randrange(len(notebook.cells) + 1), cell)


@edit
def merge_with_the_next(notebook, rng):
    pairs = [i for i in range(len(notebook.cells) - 1) if notebook.cells[i].cell_type ==
             notebook.cells[i + 1].cell_type and "%%" not in notebook.cells[i].source
             + notebook.cells[i + 1].source]
    if pairs:
        at = rng.choice(pairs)
        notebook.cells[at].source += "\n\n" + notebook.cells.pop(at + 1).source


@edit
def answers_into_one_cell(notebook, rng):
    at = _answers(notebook)
    if at:
        source = "\n\n".join(notebook.cells[i].source for i in at)
        for i in reversed(at[1:]):
            del notebook.cells[i]
        if rng.random() < 0.5:
            notebook.cells[at[0]] = new_code_cell(source)
        notebook.cells[at[0]].source = source


@edit
def answer_into_the_cell_above(notebook, rng):
    at = [i for i in _answers(notebook) if i and notebook.cells[i - 1].cell_type == "code"
          and not notebook.cells[i - 1].source.startswith("%%")]
    if at:
        i = rng.choice(at)
        notebook.cells[i - 1].source += "\n" + notebook.cells.pop(i).source


@edit
def split(notebook, rng):
    at = rng.choice(_code(notebook) or [0])
    cell = notebook.cells[at]
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        return
    if len(body) > 1:
        lines, cut = cell.source.splitlines(), body[1].lineno - 1
        rest = copy.deepcopy(cell)
        rest["id"] = f"split-{rng.randrange(10**6)}"
        cell.source, rest.source = "\n".join(lines[:cut]), "\n".join(lines[cut:])
        notebook.cells.insert(at + 1, rest)


@edit
def duplicate(notebook, rng):
    at = rng.randrange(len(notebook.cells))
    other = copy.deepcopy(notebook.cells[at])
    other["id"] = f"copy-{rng.randrange(10**6)}"
    if rng.random() < 0.5:
        other.metadata.pop("nbgrader", None)
    notebook.cells.insert(at + 1, other)


@edit
def delete(notebook, rng):
    """A cell of the course alone: to delete an answer is to have none."""
    at = [i for i, cell in enumerate(notebook.cells) if cell.source.startswith(("check(", "#"))
          or "course_lib" in cell.source]
    if at and len(notebook.cells) > 4:
        del notebook.cells[rng.choice(at)]


@edit
def rename_ids(notebook, rng):
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{rng.randrange(16**8):08x}-{number}"


@edit
def lose_metadata(notebook, rng):
    for cell in notebook.cells:
        cell.metadata.clear()


@edit
def lose_all_marks(notebook, rng):
    rename_ids(notebook, rng)
    lose_metadata(notebook, rng)


@edit
def another_editors_metadata(notebook, rng):
    notebook.metadata["vscode"] = {"interpreter": {"hash": "0" * 64}}
    notebook.metadata["colab"] = {"provenance": []}
    for cell in notebook.cells:
        cell.metadata.update(id="Zk3", colab={"base_uri": "x"}, collapsed=True, tags=["mine"])


@edit
def attach(notebook, rng):
    cell = new_markdown_cell("![p](attachment:p.png)")
    cell["attachments"] = {"p.png": {"image/png": "iVBORw0KGgo="}}
    notebook.cells.insert(rng.randrange(len(notebook.cells) + 1), cell)


@edit
def windows_line_ends(notebook, rng):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


@edit
def trailing_blanks(notebook, rng):
    for cell in notebook.cells:
        cell.source = "\n".join(line + "  " for line in cell.source.split("\n")) + "\n\n"


@edit
def own_cell(notebook, rng):
    make = rng.choice([new_code_cell, new_code_cell, new_markdown_cell, new_raw_cell])
    notebook.cells.insert(rng.randrange(len(notebook.cells) + 1), make(rng.choice(_OWN)))


@edit
def a_line_in_front(notebook, rng):
    cell = notebook.cells[rng.choice(_code(notebook) or [0])]
    if cell.cell_type == "code" and not cell.source.startswith("%%"):
        cell.source = rng.choice(_LINES) + "\n" + cell.source


@edit
def a_line_behind(notebook, rng):
    cell = notebook.cells[rng.choice(_code(notebook) or [0])]
    if cell.cell_type == "code" and not cell.source.startswith("%%"):
        cell.source += "\n" + rng.choice(_LINES)


@edit
def time_a_cell(notebook, rng):
    cell = notebook.cells[rng.choice(_answers(notebook) or [0])]
    if cell.cell_type == "code" and not cell.source.startswith("%%"):
        cell.source = "%%time\n" + cell.source


@edit
def a_cell_that_uses_a_score(notebook, rng):
    at = [i for i in _code(notebook) if "score = test(" in notebook.cells[i].source]
    answers = [i for i in _answers(notebook) if at and i > at[0]]
    if answers:
        cell = notebook.cells[rng.choice(answers)]
        cell.source = "print(score)\nassert float(score) == score.points\n" + cell.source


@edit
def without_story(notebook, rng):
    notebook.cells[:] = [cell for cell in notebook.cells if cell.cell_type == "code"]
