"""Right work in odd shapes keeps its cells, and what a person wrote is never dropped."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.errors import GradingError
from autograder.judge.intake import restore
from autograder.judge.outputs import Outputs
from autograder.judge.template import Template
from autograder.lessons.lesson import read_lesson
from autograder.lessons.released import Record, digest

from .conftest import cell_named

STUB = "*Write your answer here.*"


def named(notebook, identity):
    return notebook.cells[cell_named(notebook, identity)]


def without_ids(notebook):
    """The notebook as another editor, or pasting into a new one, leaves it."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = nbformat.NotebookNode(), f"x{number}"


def order(notebook):
    return [cell.id for cell in notebook.cells]


def test_an_answer_in_the_cell_above_is_not_redefined_by_the_stub(solved, tiny):
    gone = named(solved, "answer-zero_pad")
    named(solved, "answer-neuron").source += "\n\n" + gone.source
    solved.cells.remove(gone)
    graded, remarks, put_back = restore(solved, tiny)
    assert put_back == {"answer-zero_pad"}
    assert named(graded, "answer-zero_pad").source == "# zero_pad is defined in another cell."
    assert remarks == ["cell “answer-zero_pad” was missing; what it was for is defined in another "
                       "cell, and that counts"]


def test_tests_that_are_missing_stand_behind_an_own_cell_with_all_answers(solved, tiny):
    answers = [named(solved, f"answer-{name}").source for name in ("neuron", "zero_pad")]
    solved.cells = [new_code_cell("import numpy as np\n" + "\n".join(answers))]
    graded, _, put_back = restore(solved, tiny)
    at = next(i for i, cell in enumerate(graded.cells) if "x_patch * w" in cell.source)
    for name in ("neuron", "zero_pad"):
        assert order(graded).index(f"test-{name}-values") > at
    assert order(graded).index("setup") < at


def test_a_notebook_without_any_id_is_recognised_whole(solved, tiny):
    wanted = order(solved)
    without_ids(solved)
    graded, remarks, put_back = restore(solved, tiny)
    assert [i for i in order(graded) if not i.startswith("own-")] == wanted
    assert put_back == frozenset()
    assert len(remarks) == 1 and "had lost the id" in remarks[0]
    assert named(graded, "essay-why").source == "Because."


def test_changed_cells_without_ids_are_known_by_lines_function_and_call(solved, tiny):
    without_ids(solved)
    texts = {"from course_lib": "\nimport math", "check(": "\n# looks good",
             'test("neuron"': "\nprint(score)", "# Tiny": "\nMy note."}
    for cell in solved.cells:
        cell.source += "".join(more for text, more in texts.items() if text in cell.source)
    graded, _, put_back = restore(solved, tiny)
    assert put_back == frozenset()
    text = "\n".join(cell.source for cell in graded.cells if cell.id.startswith("own-"))
    assert "import math" in text and "# looks good" in text and "print(score)" in text


@pytest.mark.parametrize("cells", [
    [], [new_code_cell("print(1)")], [new_markdown_cell("# Something else")]])
def test_what_cannot_be_recognised_is_not_graded(tiny, cells):
    with pytest.raises(GradingError, match="no cell of 01_tiny was recognised"):
        restore(nbformat.v4.new_notebook(cells=cells), tiny)


def test_line_ends_and_blanks_are_no_change(solved, tiny):
    for cell in solved.cells:
        cell.source = "\r\n".join(line + "  " for line in cell.source.split("\n")) + "\r\n"
    graded, remarks, _ = restore(solved, tiny)
    assert remarks == []
    assert all("\r" not in cell.source for cell in graded.cells)


def older(tiny, tmp_path, text):
    """A Template of the tiny lesson with another text today; the old one is on record."""
    texts = [(i, digest(text)) for i, text in tiny.visible.items()]
    record = Record({i: {text: 1} for i, text in texts}, {1: "2026-01-01"})
    path = tmp_path / "01_tiny.py"
    path.write_text(text)
    lesson = read_lesson(path)
    today = Template(lesson)
    for cell_id, shown in today.visible.items():
        record.versions.setdefault(cell_id, {}).setdefault(digest(shown), 2)
    return Template(lesson, record)


def test_an_older_release_is_graded_with_todays_cells_and_one_remark(
        solved, tiny, tiny_path, tmp_path):
    text = tiny_path.read_text().replace("import numpy as np\n", "import numpy as np  # arrays\n")
    today = older(tiny, tmp_path, text)
    graded, remarks, _ = restore(solved, today)
    assert remarks == ["the notebook was made from an older release of 01_tiny (1 cell differs); "
                       "it was graded with the cells and the points of today"]
    assert named(graded, "setup").source.startswith("import numpy as np  # arrays")


def test_an_exercise_that_an_older_release_did_not_have_is_no_missing_cell(
        solved, tiny, tiny_path, tmp_path):
    text = tiny_path.read_text().replace("# # Tiny", "# # Tiny, again").replace(
        "# %% essay", "# %% figure: new\nprint('new')\n\n# %% essay")
    graded, remarks, put_back = restore(solved, older(tiny, tmp_path, text))
    assert put_back == {"figure-new"}
    assert len(remarks) == 1 and "an older release of 01_tiny (1 is new)" in remarks[0]


def test_points_changed_after_hand_in_are_no_change_of_the_students(
        solved, tiny, tiny_path, tmp_path):
    text = tiny_path.read_text().replace("points=2", "points=5").replace("values, 2", "values, 5")
    changed = older(tiny, tmp_path, text)
    unknown = Template(read_lesson(tmp_path / "01_tiny.py"))
    for template in (unknown, changed):  # whether or not the course itself had these points once
        graded, remarks, _ = restore(copy.deepcopy(solved), template)
        assert remarks == ["the notebook has other points than 01_tiny has today; today's counted"]
    assert named(graded, "test-neuron-values").metadata.nbgrader.points == 5


def test_lines_added_to_a_locked_cell_are_kept_behind_it(solved, tiny):
    named(solved, "setup").source += "\nimport math\n# my own\nHELP = 3"
    graded, remarks, _ = restore(solved, tiny)
    at = cell_named(graded, "setup")
    assert graded.cells[at].source == tiny.cells["setup"].source
    assert graded.cells[at + 1].source == "import math\n# my own\nHELP = 3"
    assert "stand in a cell of their own behind it" in remarks[0]


def test_an_answer_typed_into_a_check_cell_runs_before_it(solved, tiny):
    gone = named(solved, "answer-neuron")
    check = named(solved, "check-neuron")
    check.source = f"{gone.source}\n\n{check.source}\nprint('done')"
    solved.cells.remove(gone)
    graded, _, _ = restore(solved, tiny)
    at = cell_named(graded, "check-neuron")
    assert [i for i, c in enumerate(graded.cells) if c.source.startswith("def neuron")][0] < at
    assert graded.cells[at + 1].source == "print('done')"


def test_merged_course_cells_are_nobodys_own_lines(solved, tiny):
    check, test = named(solved, "check-neuron"), named(solved, "test-neuron-values")
    check.source += "\n" + test.source
    solved.cells.remove(test)
    graded, remarks, _ = restore(solved, tiny)
    assert not [i for i in order(graded) if i.startswith("own-")
                and "test(" in named(graded, i).source]
    assert len(remarks) == 2


def asks(notebook, template, text="shares its weights"):
    """True if the essay waits for a person and shows the text."""
    graded, *_ = restore(notebook, template)
    return text in named(graded, "essay-why").source


def test_text_of_an_essay_waits_wherever_it_stands(solved, tiny):
    text = "A filter shares its weights."
    for place in ("question", "own cell", "code cell", "check cell", "own code cell", "raw"):
        notebook = copy.deepcopy(solved)
        essay = named(notebook, "essay-why")
        if place == "code cell":
            notebook.cells[-1] = new_code_cell(text, id=essay.id, metadata=essay.metadata)
        else:
            essay.source = STUB
        if place == "question":
            notebook.cells[0].source += "\n\n" + text
        if place == "check cell":
            named(notebook, "check-zero_pad").source += "\n" + text
        if place == "own cell":
            notebook.cells.append(new_markdown_cell(text))
        if place == "own code cell":
            notebook.cells.append(new_code_cell(text))
        if place == "raw":
            notebook.cells.append(nbformat.v4.new_raw_cell(text))
        assert asks(notebook, tiny), place


def test_an_essay_left_blank_stays_blank(solved, tiny):
    for text in (STUB, "", "  \r\n", STUB + "\r\n"):
        notebook = copy.deepcopy(solved)
        named(notebook, "essay-why").source = text
        notebook.cells.insert(2, new_code_cell("print(1)"))
        graded, remarks, _ = restore(notebook, tiny)
        assert named(graded, "essay-why").source == STUB
        assert remarks == []


def test_a_setup_that_was_deleted_comes_back_in_front(solved, tiny):
    del solved.cells[cell_named(solved, "setup")]
    graded, remarks, put_back = restore(solved, tiny)
    assert put_back == {"setup"} and remarks == ["cell “setup” was missing; it was put back"]
    assert order(graded).index("setup") < order(graded).index("answer-neuron")


def test_an_unfinished_answer_that_was_moved_down_takes_no_test_along(solved, tiny):
    stub = named(solved, "answer-zero_pad")
    named(solved, "answer-neuron").source += "\n" + stub.source
    stub.source = "def zero_pad(x, pad):\n    raise NotImplementedError()"
    solved.cells.remove(stub)
    solved.cells.append(stub)
    graded, _, _ = restore(solved, tiny)
    assert order(graded).index("test-zero_pad-values") < order(graded).index("answer-zero_pad")


def test_of_two_copies_of_a_test_the_last_counts(solved, tiny):
    right = named(solved, "answer-neuron").source
    named(solved, "answer-neuron").source = "def neuron(x_patch, w, b):\n    return 0.0"
    copied = copy.deepcopy(named(solved, "test-neuron-values"))
    solved.cells += [new_code_cell(right), copied]
    graded, _, _ = restore(solved, tiny)
    again = max(at for at, cell in enumerate(graded.cells) if cell.source == right)
    assert order(graded).index("test-neuron-values") > again


@pytest.mark.parametrize("text", ["| 3 | 4 |", "42", "参数共享", "$w x + b$"])
def test_an_essay_of_few_signs_beside_its_cell_waits(solved, tiny, text):
    named(solved, "essay-why").source = STUB
    solved.cells.insert(cell_named(solved, "essay-why") + 1, new_markdown_cell(text))
    graded, remarks, _ = restore(solved, tiny)
    assert text in named(graded, "essay-why").source and "waits for a person" in remarks[0]


def test_an_essay_that_was_put_back_with_a_text_is_not_called_empty(solved, tiny):
    solved.cells.remove(named(solved, "essay-why"))
    for cell in solved.cells:
        if cell.cell_type == "markdown":
            cell.source += "\nBecause the weights are shared."
    graded, remarks, _ = restore(solved, tiny)
    assert "weights are shared" in named(graded, "essay-why").source
    assert len(remarks) == 1 and "waits for a person" in remarks[0]


def test_many_changed_cells_are_one_remark(solved, tiny):
    for cell in solved.cells:
        if cell.cell_type == "code":
            cell.source = "#@title Run\n" + cell.source
    _, remarks, _ = restore(solved, tiny)
    assert len(remarks) == 1 and remarks[0].startswith("the course's cells “setup”, “")
    assert "were changed; they were put back, and the lines that were added" in remarks[0]


TEXT = "Weights are shared, because what is useful here is useful there."
IN_CODE = {"a comment below an answer": ("answer-neuron", f"\n# {TEXT}"),
           "a comment of two lines": ("answer-neuron", f"\n# {TEXT[:30]}\n# {TEXT[30:]}"),
           "print": ("", f"x = 1\nprint('{TEXT}')"), "a string": ("", f"y = 2\nanswer = '{TEXT}'"),
           "Markdown": ("", f"from IPython.display import Markdown\nMarkdown('{TEXT}')"),
           "another script": ("", "x = 1  # 权重是共享的，因为同一个特征在各处都有用")}
ABOUT_CODE = {"a label": "print('the difference between both of the versions is', 3 * 4)",
              "f": "d = 1\nprint(f'the difference between both of the versions is {d}')",
              "a message": "assert True, 'the difference between both of them is too large'",
              "code": "x = 1\n# for i in range(7): print(i, range, print, sum, len, max)",
              "short": "x = 1  # one more than before"}


@pytest.mark.parametrize("where", IN_CODE)
def test_an_essay_within_code_waits_for_a_person(solved, tiny, where):
    named(solved, "essay-why").source = STUB
    cell_id, text = IN_CODE[where]
    if cell_id:
        named(solved, cell_id).source += text
    else:
        solved.cells.append(new_code_cell(text))
    graded, remarks, _ = restore(solved, tiny)
    essay = named(graded, "essay-why").source
    assert ("共享" if "script" in where else "useful here") in essay
    assert len(remarks) == 1 and "waits for a person" in remarks[0]


@pytest.mark.parametrize("what", ABOUT_CODE)
def test_what_is_about_the_code_is_no_essay(solved, tiny, what):
    named(solved, "essay-why").source = STUB
    solved.cells.append(new_code_cell(ABOUT_CODE[what]))
    graded, remarks, _ = restore(solved, tiny)
    assert named(graded, "essay-why").source == STUB and remarks == []


def test_an_import_in_an_own_cell_at_the_end_moves_no_test(solved, tiny):
    """What the cell defines anew would be what the tests see."""
    before = order(solved)
    source = "import numpy as np\nfrom course_lib import test\nneuron = 5"
    solved.cells.append(new_code_cell(source))
    graded, remarks, _ = restore(solved, tiny)
    assert [i for i in order(graded) if not i.startswith("own-")] == before
    assert remarks == [] and graded.cells[-1].source.endswith("neuron = 5")


def test_what_pages_do_not_show_is_said_and_its_code_is_no_text():
    def shown(text):
        kept, said = Outputs().cleaned([{"output_type": "display_data",
                                         "data": {"text/html": text}}])
        return kept[0]["data"]["text/html"], said

    page = "<p>hi</p><script>var a = '<b>';</script><STYLE>p {}</style ><p>you</p>"
    assert shown(page) == ("<p>hi</p><p>you</p>", "it shows JavaScript, which was left out")
    assert shown("a<script>b") == ("a", "it shows JavaScript, which was left out")
    for tag in ("iframe", "audio controls", "video"):
        text, said = shown(f"\n<{tag} src='x'></{tag.split()[0]}>")
        assert "were left out" in text and "frame, sound, video" in said
    assert shown("<p>hi</p>") == ("<p>hi</p>", "")
    assert shown("<script" * 200_000)[0] == ""
