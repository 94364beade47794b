"""A learner's folder keeps what a person wrote, whatever the course releases."""

import copy
import json
import subprocess
import sys

import pytest

from course_lib.lessons_folder import MARK, digest, is_as_released, main, update

NAME = "01_sizes"


def cell(cell_id, source, cell_type="code", **more):
    made = {"id": cell_id, "cell_type": cell_type, "metadata": {}, "source": source}
    if cell_type == "code":
        made |= {"outputs": [], "execution_count": None}
    return made | more


CELLS = [cell("title", "# Sizes", "markdown"), cell("guess", "*Your guess:*", "markdown"),
         cell("answer-f", "raise NotImplementedError()"), cell("test-f", "test(f)")]


def notebook(cells):
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": copy.deepcopy(cells)}
    made["metadata"][MARK] = {"released": digest(made)}
    return made


class Folders:
    """A released folder and a learner's one."""

    def __init__(self, path):
        self.released, self.mine = path / "assignments", path / "my_lessons"
        self.release(CELLS)

    def release(self, cells, name=NAME):
        path = self.released / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(cells), indent=1))

    @property
    def path(self):
        return self.mine / NAME / f"{NAME}.ipynb"

    def edit(self, **sources):
        """Change cells by id; an unknown id becomes a cell of one's own at the end."""
        read = json.loads(self.path.read_text())
        for cell_id, source in sources.items():
            cell_id = cell_id.replace("_", "-")
            known = [c for c in read["cells"] if c["id"] == cell_id]
            if known:
                known[0]["source"] = source
            else:
                read["cells"].append(cell(cell_id, source))
        self.path.write_text(json.dumps(read))

    def cells(self):
        return {c["id"]: c["source"] for c in json.loads(self.path.read_text())["cells"]}

    def update(self):
        return "\n".join(update(self.released, self.mine))


@pytest.fixture
def folders(tmp_path):
    made = Folders(tmp_path)
    assert made.update() == f"{NAME}: new in my_lessons/"
    return made


def test_nothing_happens_while_the_course_does_not_change(folders):
    folders.edit(guess="7, because it fits", own="my note")
    before = folders.path.read_bytes()
    assert folders.update() == ""
    assert folders.path.read_bytes() == before


def test_what_a_person_wrote_stays_and_the_rest_is_brought_up_to_date(folders):
    folders.edit(guess="7, because it fits", answer_f="def f(): return 1", own="my note")
    folders.release([cell("title", "# Sizes, explained", "markdown"), CELLS[1], CELLS[2],
                     cell("figure", "draw()"), CELLS[3]])
    before = folders.path.read_bytes()
    said = folders.update()
    assert "2 cells brought up to date" in said
    assert folders.cells() == {
        "title": "# Sizes, explained", "guess": "7, because it fits",
        "answer-f": "def f(): return 1", "figure": "draw()", "test-f": "test(f)", "own": "my note"}
    assert list(folders.cells()) == ["title", "guess", "answer-f", "figure", "test-f", "own"]
    assert [p.read_bytes() for p in (folders.mine / ".before").iterdir()] == [before]
    assert folders.update() == ""


def test_outputs_of_cells_that_did_not_change_stay(folders):
    read = json.loads(folders.path.read_text())
    read["cells"][3] |= {"execution_count": 4, "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "8 points"}]}
    folders.path.write_text(json.dumps(read))
    folders.release([cell("title", "# New", "markdown"), *CELLS[1:]])
    folders.update()
    assert "8 points" in folders.path.read_text() and "# New" in folders.path.read_text()


def test_a_cell_that_both_changed_stays_and_the_new_notebook_lies_beside(folders):
    folders.edit(answer_f="def f(): return 1")
    folders.release([cell("title", "# New", "markdown"), CELLS[1],
                     cell("answer-f", "def f(x): raise NotImplementedError()"), CELLS[3]])
    said = folders.update()
    assert "both changed answer-f" in said and f"{NAME}.new.ipynb" in said
    assert folders.cells()["answer-f"] == "def f(): return 1"
    assert folders.cells()["title"] == "# New"
    assert "def f(x)" in (folders.path.parent / f"{NAME}.new.ipynb").read_text()
    assert folders.update() == ""


def test_dropped_and_deleted_cells(folders):
    folders.edit(guess="my guess")
    read = json.loads(folders.path.read_text())
    read["cells"] = [c for c in read["cells"] if c["id"] != "title"]
    folders.path.write_text(json.dumps(read))
    folders.release([CELLS[0], CELLS[2], cell("more", "more()")])
    folders.update()
    # The course dropped guess, which was written in, and test-f, which was not.
    assert folders.cells() == {"guess": "my guess", "answer-f": CELLS[2]["source"],
                               "more": "more()"}


@pytest.mark.parametrize("damage", ["moved", "no ids", "no notebook", "no base"])
def test_what_cannot_be_told_apart_is_left_alone(folders, damage):
    folders.edit(guess="my guess")
    read = json.loads(folders.path.read_text())
    if damage == "moved":
        read["cells"].reverse()
    if damage == "no ids":
        for one in read["cells"]:
            del one["id"]
    text = "not JSON, yet mine" if damage == "no notebook" else json.dumps(read)
    folders.path.write_text(text)
    if damage == "no base":
        (folders.mine / ".released" / f"{NAME}.ipynb").unlink()
    for number, name in ((1, "new"), (2, "new-2")):
        folders.release([*CELLS, cell("more", f"{number}")])
        said = folders.update()
        assert f"{NAME}.{name}.ipynb" in said and folders.path.read_text() == text
        assert (folders.path.parent / f"{NAME}.{name}.ipynb").exists()
        assert folders.update() == ""


def test_whoever_takes_the_new_notebook_goes_on_from_it(folders):
    folders.path.write_text("nothing of worth")
    folders.release([*CELLS, cell("more", "1")])
    folders.update()
    (folders.path.parent / f"{NAME}.new.ipynb").rename(folders.path)
    assert folders.update() == ""
    folders.edit(guess="my guess")
    folders.release([*CELLS, cell("more", "2")])
    assert "1 cell brought up to date" in folders.update()
    assert folders.cells()["guess"] == "my guess" and folders.cells()["more"] == "2"


def test_a_deleted_lesson_begins_afresh_and_a_new_one_is_added(folders):
    folders.path.unlink()
    folders.release(CELLS, "02_more")
    assert folders.update() == f"{NAME}: new in my_lessons/\n02_more: new in my_lessons/"
    assert folders.cells()["guess"] == "*Your guess:*"


def test_work_in_assignments_is_taken_along(tmp_path):
    folders = Folders(tmp_path)
    path = folders.released / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("*Your guess:*", "8, my guess"))
    assert "your work in assignments/ was copied" in folders.update()
    assert folders.cells()["guess"] == "8, my guess"
    # The next release must not take this work for the course's own text.
    folders.release([cell("title", "# New", "markdown"), *CELLS[1:]])
    assert f"{NAME}.new.ipynb" in folders.update()
    assert folders.cells()["guess"] == "8, my guess"
    path.write_text(path.read_text().replace("*Your guess:*", "9, another guess"))
    assert "was worked on, too" in folders.update()


def test_a_notebook_that_was_run_is_not_as_released():
    read = notebook(CELLS)
    assert is_as_released(json.dumps(read).encode())
    read["cells"][2] = {**read["cells"][2], "execution_count": 1}
    assert not is_as_released(json.dumps(read).encode())
    assert not is_as_released(b"[]") and not is_as_released(b"\xff")


def test_the_command_needs_no_nbgrader(folders, capsys):
    program = ("import sys; sys.modules['nbgrader'] = sys.modules['nbformat'] = None\n"
               "from course_lib.lessons_folder import main\n"
               f"sys.exit(main([{str(folders.released)!r}, {str(folders.mine)!r}]))")
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
    assert main(["no_such_folder", str(folders.mine)]) == 2
    assert "there are no lessons" in capsys.readouterr().err


def test_line_ends_and_trailing_blanks_are_nobodys_words(folders):
    folders.edit(**{"title": "# Sizes  \r\n", "test_f": "test(f)\r\n"})
    folders.release([cell("title", "# All sizes", "markdown"), *CELLS[1:3],
                     cell("test-f", "test(f, 2)")])
    assert "2 cells brought up to date" in folders.update()
    assert folders.cells()["title"] == "# All sizes" and folders.cells()["test-f"] == "test(f, 2)"


def test_a_lesson_that_nobody_touched_is_brought_up_to_date_without_its_base(folders):
    (folders.mine / ".released" / f"{NAME}.ipynb").unlink()
    folders.release([*CELLS, cell("new", "test(g)")])
    assert "1 cell brought up to date" in folders.update()
    assert "new" in folders.cells()
