"""Attacks on the notebook itself: each function gets an honest notebook and edits it.

What a function returns, if anything, is the text of the file in place of the notebook. The first
line of its docstring says what it tries.
"""

import copy
import json

from nbformat.v4 import new_code_cell, new_markdown_cell, output_from_msg

from .lesson import cell_named, position

TESTS = ("neuron-dot-product", "neuron-bias", "zero_pad-square-images",
         "zero_pad-non-square-images", "zero_pad-pad-0", "numerical_gradient-vectors",
         "numerical_gradient-upstream-gradient")
ALL = {}
# {attack: key of catalogue.WALLS} where the course's cells being put back is not what stops it.
OTHERWISE = {
    "outputs_sent_along": "judge", "attachments_with_paths": "cleaned",
    "half_characters": "cleaned",
    "brackets_without_end": "refused", "a_number_of_a_million_digits": "refused",
}


def attack(function):
    ALL[function.__name__] = function
    return function


def tests(notebook):
    return [cell_named(notebook, f"test-{name}") for name in TESTS]


def result(text="1.0"):
    """The output of a test cell that earned all points."""
    return output_from_msg({
        "header": {"msg_type": "execute_result"},
        "content": {"data": {"text/plain": text}, "metadata": {}, "execution_count": 1}})


@attack
def tags_that_skip(notebook):
    """Tags on the test cells say that they are not to be run, and keep outputs of full points."""
    for cell in tests(notebook):
        cell.metadata["tags"] = ["skip-execution", "raises-exception", "nbval-skip"]
        cell.metadata["deletable"] = cell.metadata["editable"] = True
        cell.outputs, cell.execution_count = [result()], 1


@attack
def errors_allowed(notebook):
    """The notebook's and every cell's metadata ask for errors to be ignored and outputs kept."""
    notebook.metadata["execution"] = {"allow_errors": True, "timeout": 0, "force": False}
    notebook.metadata["nbgrader"] = {"autograded": True, "score": 7}
    for cell in notebook.cells:
        cell.metadata["execution"] = {"skip": True}
        cell.metadata.setdefault("nbgrader", {})["score"] = 1


@attack
def points_raised(notebook):
    """The points of every test cell are a thousand."""
    for cell in tests(notebook):
        cell.metadata["nbgrader"]["points"] = 1000


@attack
def points_that_are_none(notebook):
    """The points of the test cells are negative, NaN, text and lists."""
    for cell, points in zip(tests(notebook), (-1, 0, float("nan"), "9", [9], None, 1e308),
                            strict=True):
        cell.metadata["nbgrader"]["points"] = points


@attack
def checksums_forged(notebook):
    """Checksums, schema versions and cell types of nbgrader's metadata are invented."""
    for cell in tests(notebook):
        cell.metadata["nbgrader"].update(checksum="0" * 32, schema_version=99, locked=False,
                                         solution=True, cell_type="markdown", task=True)


@attack
def tests_rewritten(notebook):
    """The sources of the test cells are the points they are worth."""
    for cell in tests(notebook):
        cell.source = "score = 1.0\nscore"


@attack
def tests_deleted(notebook):
    """The test cells that would fail are deleted."""
    for cell in tests(notebook):
        notebook.cells.remove(cell)


@attack
def tests_doubled(notebook):
    """Every test cell stands there three times, twice as a cell that shows full points."""
    for name in TESTS:
        at = position(notebook, f"test-{name}")
        for place in (at, at + 2):
            forged = copy.deepcopy(notebook.cells[at if place == at else at + 1])
            forged.source, forged.outputs = "1.0", [result()]
            notebook.cells.insert(place, forged)


@attack
def ids_swapped(notebook):
    """Test cells carry the ids of each other, so that the easy one counts as the hard one."""
    first, second = (cell_named(notebook, f"test-neuron-{x}") for x in ("dot-product", "bias"))
    first.id, second.id = second.id, first.id
    one, two = first.metadata["nbgrader"], second.metadata["nbgrader"]
    one["grade_id"], two["grade_id"] = two["grade_id"], one["grade_id"]


@attack
def ids_of_strangers(notebook):
    """Own cells claim ids of the course that do not exist, exist, or are no text at all."""
    for number, grade_id in enumerate(("test-neuron-bonus", "setup", "../../x", "", "a" * 10**5,
                                       "remarks", "own-0", "<script>escaped()</script>")):
        notebook.cells.append(new_code_cell("1.0", id=f"x{number}", metadata={"nbgrader": {
            "grade": True, "solution": False, "locked": True, "points": 50, "task": False,
            "schema_version": 3, "cell_type": "code", "grade_id": grade_id}}))
        notebook.cells[-1].outputs = [result("50.0")]


@attack
def answers_that_are_tests(notebook):
    """An answer cell is marked as an autograded cell and ends with the points it wants."""
    cell = cell_named(notebook, "answer-neuron")
    cell.source += "\n1.0"
    cell.metadata["nbgrader"].update(grade=True, points=5, locked=False)


@attack
def essays_that_grade_themselves(notebook):
    """The essay is made a code cell that shows its own points."""
    at = position(notebook, "essay-why")
    old = notebook.cells[at]
    notebook.cells[at] = new_code_cell("2.0", id=old.id, metadata=old.metadata)
    notebook.cells[at].outputs = [result("2.0")]


@attack
def kernelspecs_of_their_own(notebook):
    """The kernelspec names a program of its own, and a provisioner to start it with."""
    notebook.metadata["kernelspec"] = {
        "name": "../../../bin/sh", "display_name": "<script>escaped()</script>",
        "language": "bash", "argv": ["touch", "/tmp/escaped-kernel"],
        "metadata": {"kernel_provisioner": {"provisioner_name": "os:system"}}}
    notebook.metadata["language_info"] = {"name": "bash", "file_extension": ".sh"}


@attack
def titles_with_scripts(notebook):
    """Title, authors, widgets and the highlighter's name in the metadata are scripts."""
    evil = "\"><script>escaped()</script>"
    notebook.metadata.update(title=evil, authors=[{"name": evil}], language_info={
        "name": evil, "pygments_lexer": "no.such:Lexer", "codemirror_mode": {"name": evil}},
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}, "x": evil}})


@attack
def setup_rewritten(notebook):
    """The setup cell, which the judge runs itself, imports something else."""
    cell_named(notebook, "setup").source = (
        "import os\nos.system('touch /tmp/escaped-setup')\n"
        "import numpy as np\ncheck = test = lambda *a, **k: 1.0")


@attack
def course_cells_made_answers(notebook):
    """Check and test cells lose their metadata and get code that the judge would run."""
    for cell in notebook.cells:
        if cell.id.startswith(("check-", "test-", "setup")):
            cell.metadata = {}
            cell.source = "open('/tmp/escaped-course', 'w').write('x')\n1.0"


@attack
def everything_reversed(notebook):
    """The cells stand in reverse order, so that every test runs before its answer."""
    notebook.cells.reverse()


@attack
def outputs_sent_along(notebook):
    """Outputs of full points, from another run, stand in every cell."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [result()], 1


@attack
def two_answers(notebook):
    """A second answer cell with the same id holds code for the judge to choose from."""
    other = copy.deepcopy(cell_named(notebook, "answer-neuron"))
    other.source = "neuron = 1.0"
    notebook.cells.insert(0, other)
    notebook.cells.append(copy.deepcopy(other))


@attack
def markdown_tests(notebook):
    """The test cells are Markdown and raw cells, which nobody runs."""
    for number, name in enumerate(TESTS):
        at = position(notebook, f"test-{name}")
        old = notebook.cells[at]
        notebook.cells[at] = new_markdown_cell("1.0", id=old.id, metadata=old.metadata)
        if number % 2:
            notebook.cells[at].cell_type = "raw"


@attack
def attachments_with_paths(notebook):
    """Attachments and Markdown images name files of the judge's machine."""
    notebook.cells.append(new_markdown_cell(
        "![x](attachment:../../etc/passwd) ![y](file:///etc/passwd)",
        attachments={"../../etc/passwd": {"text/html": "<script>escaped()</script>"}}))


@attack
def metadata_without_end(notebook):
    """Metadata that are nested a hundred times and a megabyte large."""
    deep = {}
    for _ in range(100):
        deep = {"deeper": deep}
    notebook.metadata["deep"] = deep
    notebook.cells[0].metadata["large"] = "x" * 10**6


@attack
def thousands_of_cells(notebook):
    """Thousands of empty cells stand before and behind the honest work."""
    empty = [new_code_cell("", id=f"e{n}") for n in range(2000)]
    notebook.cells[:0] = empty[:1000]
    notebook.cells += empty[1000:]


@attack
def keys_twice(notebook):
    """The file holds keys twice, numbers that are none, and a second list of cells."""
    text = json.dumps(notebook)
    return ('{"cells": [], "nbformat": 3, "metadata": {"x": NaN, "y": Infinity, "z": 1e999},'
            + text[1:])


@attack
def bytes_before_the_text(notebook):
    """The file starts with a byte order mark and blank lines."""
    return "\ufeff\n\n" + json.dumps(notebook)


@attack
def brackets_without_end(notebook):
    """A million opening brackets exhaust the reader's stack."""
    return '{"cells": ' + "[" * 10**6


@attack
def a_number_of_a_million_digits(notebook):
    """A number in a cell's metadata takes quadratic time to read."""
    notebook.cells[0].metadata["number"] = "NUMBER"
    return json.dumps(notebook).replace('"NUMBER"', "9" * 10**6)


@attack
def half_characters(notebook):
    """Sources hold halves of characters, which no file in UTF-8 can hold."""
    cell_named(notebook, "answer-neuron").source += "\nhalf = '\ud800'"
    cell_named(notebook, "essay-why").source = "Because \udfff."
