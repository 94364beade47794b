"""The sample class: submissions made from short answer files and the released notebooks.

answers/STUDENT/LESSON.py is a percent file. Its first line says what the submission is. A line
`# base: OTHER` starts from another student's answers. The cells:

    # %% answer: NAME            the code written in the answer cell NAME (likewise `essay: NAME`)
    # %% own cell after: TITLE   a cell of the student's own, after the cell TITLE
    # %% copy: TITLE             the cell TITLE stands there twice
    # %% delete: TITLE           the cell TITLE is missing
"""

import re
import shutil
from pathlib import Path

import jupytext
import nbformat

from autograder import course
from autograder.errors import GradingError
from autograder.lessons.lesson import cell_id

_BASE = re.compile(r"^# base: (\w+)$", re.MULTILINE)


def write_sample_class(answers=None, target=None):
    """Write every sample submission to `target`/STUDENT/LESSON/LESSON.ipynb; returns their count.

    Raises GradingError naming the file for an unknown cell or base.
    """
    answers = Path(answers or course.SAMPLE_CLASS / "answers")
    target = Path(target or course.SAMPLE_CLASS / "submitted")
    shutil.rmtree(target, ignore_errors=True)
    paths = sorted(answers.glob("*/*.py"))
    for path in paths:
        folder = target / path.parent.name / path.stem
        folder.mkdir(parents=True)
        nbformat.write(submission(path), folder / f"{path.stem}.ipynb")
    return len(paths)


def submission(path):
    """The notebook that the answer file at `path` describes."""
    released = course.ASSIGNMENTS / path.stem / f"{path.stem}.ipynb"
    if not released.exists():
        raise GradingError(f"{path.parent.name}/{path.name}: no lesson is called {path.stem}")
    notebook = nbformat.read(released, as_version=4)
    for edit, source in _edits(path):
        _apply(path, notebook, edit, source)
    return notebook


def _edits(path):
    text = path.read_text(encoding="utf-8")
    base = _BASE.search(text)
    if base:
        yield from _edits(path.parent.parent / base[1] / path.name)
    for cell in jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"}).cells:
        if "title" in cell.metadata:
            yield cell.metadata["title"], cell.source


def _apply(path, notebook, edit, source):
    verb, _, name = edit.partition(": ")
    title = edit if verb in ("answer", "essay") else name
    found = [i for i, cell in enumerate(notebook.cells) if cell.id == cell_id(title)]
    if not found:
        raise GradingError(f"{path.parent.name}/{path.name}: no cell “{title}” in the lesson")
    at = found[0]
    if verb in ("answer", "essay"):
        notebook.cells[at].source = source
    elif verb == "own cell after":
        notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(source, id=f"own-{at}"))
    elif verb == "copy":
        copy = nbformat.from_dict(notebook.cells[at])
        copy["id"] = f"copy-{at}"
        notebook.cells.insert(at + 1, copy)
    elif verb == "delete":
        del notebook.cells[at]
    else:
        raise GradingError(f"{path.parent.name}/{path.name}: unknown edit “{edit}”")
