"""Cells of the course that use nothing of a student's are run once, and their pictures kept."""

from types import SimpleNamespace

import nbformat
import pytest

from autograder.judge import figures
from autograder.judge.figures import Figures
from autograder.judge.run import CourseSide, grade_submitted
from autograder.judge.student_side import StudentSide
from autograder.judge.template import without_hidden
from autograder.lessons.lesson import read_lesson
from autograder.lessons.source import source_notebook
from tests.autograder.conftest import TINY, cell_named

SHOWN = [{"output_type": "display_data", "data": {"text/plain": "a picture"}, "metadata": {}}]


def lesson(*sources):
    return SimpleNamespace(name="01_tiny", cells=[SimpleNamespace(source=one) for one in sources])


class Drawer:
    def __init__(self, outputs=SHOWN):
        self.count, self.shown = 0, outputs

    def __call__(self):
        self.count += 1
        return self.shown


def test_a_figure_is_drawn_once_also_for_the_next_process(tmp_path):
    draw = Drawer()
    for kept in (Figures(tmp_path), Figures(tmp_path)):
        for _ in range(2):
            assert kept.outputs(lesson("draw()"), "draw()", draw) == SHOWN
    assert draw.count == 1


@pytest.mark.parametrize("change", ["lesson", "course", "source"])
def test_it_is_drawn_again_when_what_it_is_made_of_has_changed(tmp_path, monkeypatch, change):
    draw = Drawer()
    Figures(tmp_path).outputs(lesson("draw()"), "draw()", draw)
    other = lesson("size = 3", "draw()") if change == "lesson" else lesson("draw()")
    if change == "course":
        monkeypatch.setattr(figures, "course_version", lambda: "another")
    Figures(tmp_path).outputs(other, "draw(2)" if change == "source" else "draw()", draw)
    assert draw.count == 2


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "\0"])
def test_a_damaged_file_is_drawn_anew(tmp_path, content):
    draw = Drawer()
    Figures(tmp_path).outputs(lesson("draw()"), "draw()", draw)
    (file,) = tmp_path.iterdir()
    file.write_text(content)
    assert Figures(tmp_path).outputs(lesson("draw()"), "draw()", draw) == SHOWN


def test_without_a_place_to_keep_it_and_with_an_error_it_is_drawn_each_time(tmp_path):
    (tmp_path / "file").touch()
    draw = Drawer()
    for _ in range(2):
        assert Figures(tmp_path / "file" / "x").outputs(lesson("draw()"), "draw()", draw) == SHOWN
    assert draw.count == 2
    wrong = Drawer([{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}])
    for _ in range(2):
        Figures(tmp_path).outputs(lesson("draw()"), "draw()", wrong)
    assert wrong.count == 2


def test_old_files_go(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "MOST_FILES", 3)
    for number in range(5):
        Figures(tmp_path).outputs(lesson("draw()"), f"draw({number})", Drawer())
    assert len(list(tmp_path.iterdir())) == 3


TRY = '''
# %% try: a picture
from course_lib import pictures

size = 1
pictures.filtered_versions(np.ones((4, 4)), {"padded": zero_pad(np.ones((1, 1, 2, 2)), size)[0, 0]})

# %% essay'''


@pytest.fixture(scope="module")
def with_a_picture(tmp_path_factory):
    """The path of the tiny lesson with a cell to try things in that draws a picture."""
    path = tmp_path_factory.mktemp("lessons") / "01_tiny.py"
    path.write_text(TINY.replace("\n# %% essay", TRY))
    return path


@pytest.mark.system
@pytest.mark.parametrize("change", ["", "edited", "another np", "its name is used"])
def test_a_cell_to_try_things_in_that_nobody_changed_is_a_figure(with_a_picture, walled, change,
                                                                 monkeypatch):
    theirs = []
    monkeypatch.setattr(StudentSide, "run", lambda self, cell_id, source, run=StudentSide.run: (
        theirs.append(cell_id), run(self, cell_id, source))[1])
    notebook = source_notebook(read_lesson(with_a_picture))
    for cell in notebook.cells:
        cell.source = without_hidden(cell.source)
    at = cell_named(notebook, "try-a-picture")
    own = {"another np": "import numpy as np", "its name is used": "print(size)"}.get(change)
    if own:
        before = change == "another np"
        notebook.cells.insert(at + (not before), nbformat.v4.new_code_cell(own))
    elif change:
        notebook.cells[at].source = notebook.cells[at].source.replace("size = 1", "size = 2")
    graded = grade_submitted(nbformat.from_dict(notebook), with_a_picture, walled, CourseSide())
    cell = next(c for c in graded.notebook.cells if c.id == "try-a-picture")
    assert "image/png" in str(cell.outputs) and "padded" in str(cell.outputs)
    assert ("try-a-picture" in theirs) == bool(change)
    if change == "its name is used":
        own = next(c for c in graded.notebook.cells if "print" in c.source)
        assert own.outputs[0]["text"] == "1\n"


@pytest.mark.system
def test_nobody_is_shown_what_numpy_warns_of_at_the_judge(with_a_picture, walled, recwarn):
    """It does so once in a process: whoever is graded first would see another page."""
    notebook = source_notebook(read_lesson(with_a_picture))
    for cell in notebook.cells:
        cell.source = without_hidden(cell.source)
    at = cell_named(notebook, "answer-zero_pad")
    notebook.cells[at].source = "def zero_pad(x, pad):\n    return x * [np.inf, -np.inf]"
    graded = grade_submitted(nbformat.from_dict(notebook), with_a_picture, walled, CourseSide())
    cell = next(c for c in graded.notebook.cells if c.id == "try-a-picture")
    assert "image/png" in str(cell.outputs)
    assert [one for one in recwarn if issubclass(one.category, RuntimeWarning)] == []


OF_ONE_STUDENT = '''
# %% figure: padded
canvas = np.ones((1, 1, 2, 2))
out = zero_pad(canvas, 1)
print(out.shape)

# %% figure: what came out
print(out.sum())

# %% figure: what went in
print(canvas.sum())

# %% figure: another canvas
canvas = np.zeros(3)

# %% figure: it
print(canvas.sum())

# %% essay'''


@pytest.mark.system
def test_what_one_students_functions_had_a_part_in_is_shown_to_no_other(tmp_path, walled,
                                                                       monkeypatch):
    monkeypatch.setattr(figures, "cache_folder", lambda: tmp_path / "figures")
    path = tmp_path / "01_tiny.py"
    path.write_text(TINY.replace("\n# %% essay", OF_ONE_STUDENT))
    notebook = source_notebook(read_lesson(path))
    for cell in notebook.cells:
        cell.source = without_hidden(cell.source)
    answer = notebook.cells[cell_named(notebook, "answer-zero_pad")]
    course_side, shown = CourseSide(), []
    for body in ("x[...] = 7; return x", "return np.zeros((1, 1, 9, 9))"):
        answer.source = f"def zero_pad(x, pad):\n    {body}"
        graded = grade_submitted(nbformat.from_dict(notebook), path, walled, course_side)
        shown.append([cell.outputs[0]["text"].strip() for cell in graded.notebook.cells
                      if cell.id.startswith("figure") and cell.outputs])
    assert shown == [["(1, 1, 2, 2)", "28.0", "28.0", "0.0"], ["(1, 1, 9, 9)", "0.0", "4.0", "0.0"]]
    [kept] = (tmp_path / "figures").iterdir()
    assert "0.0" in kept.read_text(), "what is the same for all is drawn once"
