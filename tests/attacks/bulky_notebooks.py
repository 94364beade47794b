"""More attacks on the notebook itself: on the reader, the repair, the log and the pages."""

import json

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from .lesson import cell_named
from .notebooks import OTHERWISE, attack

OTHERWISE.update(dict.fromkeys(
    ("empty_dicts_as_cells", "empty_dicts_as_outputs", "numbers_without_end", "a_huge_cell",
     "brackets_in_an_output", "a_text_without_end", "thirty_thousand_cells", "wide_signs",
     "a_cell_that_is_a_number"), "refused"))
OTHERWISE.update(dict.fromkeys(
    ("dots", "lines_of_blanks", "stars_and_blanks", "dots_in_markdown", "a_class_without_end",
     "colours_without_end", "turned_words", "unseen_signs"), "cleaned"))


@attack
def empty_dicts_as_cells(notebook):
    """Ten million empty dicts as cells, which took five gigabytes."""
    return '{"cells": [' + "{}," * 10**7 + "{}]}"


@attack
def empty_dicts_as_outputs(notebook):
    """Ten million empty dicts as outputs of a cell."""
    return json.dumps(notebook).replace('"outputs": []', '"outputs": [' + "{}," * 10**7 + "{}]", 1)


@attack
def numbers_without_end(notebook):
    """A cell's metadata hold ten million numbers."""
    notebook.cells[0].metadata["x"] = "NUMBERS"
    return json.dumps(notebook).replace('"NUMBERS"', "[" + "0.5," * 10**7 + "1]")


@attack
def a_huge_cell(notebook):
    """A cell holds 20 MB of text."""
    notebook.cells.append(new_markdown_cell("x" * 20 * 10**6, id="huge"))


@attack
def brackets_in_an_output(notebook):
    """An output opens ten million brackets and closes none."""
    return json.dumps(notebook).replace('"outputs": []', '"outputs": ' + "[" * 10**7, 1)


@attack
def a_text_without_end(notebook):
    """A text of escapes that never ends, which a search might begin again at each."""
    return '{"cells": ["' + '\\"' * 10**7


@attack
def thirty_thousand_cells(notebook):
    """More cells than anybody writes."""
    notebook.cells += [new_code_cell("", id=f"c{n}") for n in range(30_000)]


@attack
def wide_signs(notebook):
    """Signs of four bytes fill a cell, where each may take four in memory and more in an escape."""
    notebook.cells.append(new_markdown_cell("\U0001f600" * 2 * 10**6, id="wide"))


@attack
def a_cell_that_is_a_number(notebook):
    """One of the cells is a number."""
    notebook.cells.append(7)


@attack
def ids_that_are_dicts(notebook):
    """All cell ids are dicts, in a format that knows no ids."""
    text = json.loads(json.dumps(notebook))
    for cell in text["cells"]:
        cell["id"] = {"a": []}
    return json.dumps(text | {"nbformat_minor": 0})


@attack
def widgets_of_50_megabytes(notebook):
    """The notebook's own metadata hold the state of widgets, 50 MB of it."""
    notebook.metadata["widgets"] = {"state": {"x": "A" * 50 * 10**6}}


@attack
def outputs_of_50_megabytes(notebook):
    """Old outputs of 50 MB: ten million lines and one long text."""
    cell = cell_named(notebook, "answer-neuron")
    cell.outputs = [new_output("stream", text="x\n" * 10**7),
                    new_output("display_data", {"application/json": {"x": "n" * 10**7}})]


@attack
def the_graders_marks(notebook):
    """Answers and essay hold nbgrader's mark of hidden tests, which ended the run of a class."""
    for name in ("answer-neuron", "answer-zero_pad", "essay-why"):
        cell_named(notebook, name).source += "\n### BEGIN HIDDEN TESTS"


@attack
def the_graders_marks_at_the_end(notebook):
    """An own cell closes hidden tests that nobody opened, and solutions likewise."""
    notebook.cells.append(new_code_cell("### END HIDDEN TESTS\n### END SOLUTION", id="ends"))


@attack
def a_long_hexadecimal(notebook):
    """A number that Python computes with and does not write: the comparison of code died of it."""
    cell = cell_named(notebook, "answer-neuron")
    cell.source = cell.source.rstrip() + f"\n\ndef own():\n    return 0x{'f' * 6000}\n"


@attack
def dots(notebook):
    """20 KB of dots, which took the page's colouring many seconds."""
    notebook.cells.append(new_code_cell("." * 20_000, id="dots"))


@attack
def lines_of_blanks(notebook):
    """Ten thousand lines of one blank, which took the page's colouring minutes."""
    notebook.cells.append(new_code_cell("x = 1\n" + " \n" * 10_000 + "y = 2", id="blanks"))


@attack
def stars_and_blanks(notebook):
    """20 KB of stars in code, and in Markdown where they might be emphasis."""
    notebook.cells += [new_code_cell("*" * 20_000, id="stars"),
                       new_markdown_cell("*a " * 3000 + "*" * 10_000, id="emphasis")]


@attack
def dots_in_markdown(notebook):
    """Code within Markdown is coloured, too."""
    notebook.cells.append(new_markdown_cell("```python\n" + "." * 20_000 + "\n```", id="fenced"))


@attack
def a_class_without_end(notebook):
    """HTML with a class name for which a pattern goes back and forth for ever."""
    notebook.cells.append(new_markdown_cell(f'<p class="{"a" * 60}!">x</p>', id="classes"))


@attack
def colours_without_end(notebook):
    """An output that changes its colour ten thousand times."""
    notebook.cells.append(new_code_cell(r"print('\x1b[31mx\x1b[0m' * 10_000)", id="colours"))


@attack
def turned_words(notebook):
    """Signs that turn the direction of reading stand in code, in text and in what is printed."""
    text = "\u202e\u2066points of full\u2069"
    notebook.cells += [new_code_cell(f"print('{text}')  # {text}", id="turned"),
                       new_markdown_cell(text, id="turned-text")]


@attack
def unseen_signs(notebook):
    """Signs that nobody sees stand in names and words, hundreds on a letter."""
    text = "x\u200b\u2060\u3164" + "\u0301" * 300
    notebook.cells += [new_code_cell(f"print('{text}')", id="unseen"),
                       new_markdown_cell(text, id="unseen-text")]


@attack
def ids_that_forge_a_remark(notebook):
    """Cell ids and names hold line ends, escapes and Markdown, for the remark on them."""
    name = "x\n- **all points**\x1b[2J [a](http://b)"
    notebook.cells.append(new_code_cell("1", id="forged"))
    notebook.cells[-1]["id"] = name
    notebook.cells[-1].metadata["nbgrader"] = {"grade_id": name, "locked": True}


@attack
def a_kind_of_cell_from_elsewhere(notebook):
    """Cells without metadata, with text in pieces, and with keys that no format knows."""
    text = json.loads(json.dumps(notebook))
    for cell in text["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        cell["cells"] = [{"outputs": [1]}]
    return json.dumps(text)
