"""A class with some of the worst notebooks among honest ones, and what both of them came to."""

import json
import shutil
import sqlite3

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import course

HONEST = ("loops", "einsum", "strided", "typical_mistakes", "half_finished", "blank")
# Outlives its cell, or would; each is stopped or comes to nothing.
MEMORY = """held = []
while True:
    held.append(bytearray(2**24))
"""
STAYS = """import ctypes, os
libc = ctypes.CDLL(None)
libc.prctl(1, 0)
os._exit = lambda code: None
held = bytearray(2**28)
"""
LEFT = """for place in ("/dev", "/dev/shm", "/tmp", "/var/tmp"):
    try:
        open(place + "/answers.py", "w").write("x = 1")
    except OSError:
        pass
"""
FORGED = """class TimeLimit(Exception): pass
raise TimeLimit("x\\n2026-01-01T00:00:00Z zoe: 9/9 points\\x1b[2J\\u202e")
"""


def _more(*cells):
    return lambda notebook: notebook.cells.extend(cells)


def _hidden_tests(notebook):
    for cell in notebook.cells:
        if cell.id.startswith(("essay", "answer")):
            cell.source += "\n### BEGIN HIDDEN TESTS"


def _brackets(notebook):
    return b'{"cells":[' + b"{}," * 10**7 + b"{}]}"


def _ids(notebook):
    text = json.loads(nbformat.writes(notebook))
    for cell in text["cells"]:
        cell["id"] = {}
    return json.dumps(text | {"nbformat_minor": 0}).encode()


# {name: what it does to the notebook as it was handed out}; one that returns bytes is the file.
HOSTILE = {
    "brackets": _brackets,
    "dots": _more(new_code_cell("." * 20_000), new_markdown_cell("```python\n" + "." * 20_000)),
    "forged": _more(new_code_cell(FORGED)),
    "hexadecimal": _more(new_code_cell("def f(x):\n" + "    x = x + 1\n" * 60
                                       + "    return 0x" + "f" * 6000)),
    "hidden_tests": _hidden_tests,
    "ids": _ids,
    "left_behind": _more(new_code_cell(LEFT)),
    "lines": _more(new_code_cell("x = 1\n" + " \n" * 10_000 + "y = 2")),
    "memory": _more(new_code_cell(MEMORY)),
    "stays": _more(new_code_cell(STAYS)),
}


def make_class(class_dir, sample, lesson, honest=60, hostile=True):
    """Submissions of `honest` students, after the sample class, and of all who are hostile."""
    for number in range(honest):
        shutil.copytree(sample / HONEST[number % len(HONEST)] / lesson,
                        class_dir / "submitted" / f"student{number:03}" / lesson)
    for name, edit in HOSTILE.items() if hostile else ():
        notebook = nbformat.read(course.ASSIGNMENTS / lesson / f"{lesson}.ipynb", as_version=4)
        path = class_dir / "submitted" / name / lesson / f"{lesson}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(edit(notebook) or nbformat.writes(notebook).encode())


def book_of(class_dir):
    """All grades of a class: (student, notebook, cell, scores...)."""
    with sqlite3.connect(class_dir / "gradebook.db") as book:
        return book.execute(
            "select s.student_id, n.id is not null, b.name, g.auto_score, g.manual_score, "
            "g.needs_manual_grade from grade g join submitted_notebook n on n.id = g.notebook_id "
            "join submitted_assignment s on s.id = n.assignment_id "
            "join base_cell b on b.id = g.cell_id").fetchall()


def honest_results(class_dir, book):
    """{what: content} of the honest students: grades of each cell, and the bytes of their pages."""
    found = {}
    for one in book:
        if one[0].startswith("student"):
            found[one[:3]] = one[3:]
    for kind in ("feedback", "autograded"):
        for path in sorted((class_dir / kind).glob("student*/*/*")):
            found[path.relative_to(class_dir).as_posix()] = path.read_bytes()
    return found
