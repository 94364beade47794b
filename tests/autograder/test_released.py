"""The record of what the course has released."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import course
from autograder.judge.template import template_for
from autograder.judge.which_lesson import lesson_of
from autograder.lessons.released import add_release, digest, read_record

LESSONS = sorted(path.stem for path in course.SOLUTIONS.glob("0*.py"))


def released(name):
    return nbformat.read(course.ASSIGNMENTS / name / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", LESSONS)
def test_every_cell_of_today_is_on_record(name):
    record = read_record(name)
    template = template_for(course.SOLUTIONS / f"{name}.py")
    for cell in released(name).cells:
        assert record.release_of(cell.id, cell.source), f"{cell.id}: run make build"
        assert template.is_released(cell.id, cell.source)
        assert not template.is_old(cell.id, cell.source)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_known_from_its_cells(name):
    notebook = released(name)
    assert lesson_of(notebook).name == name
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"x{number}", nbformat.NotebookNode()
    assert lesson_of(notebook).name == name


def test_what_is_of_no_lesson_is_said_to_be():
    found = lesson_of(new_notebook(cells=[new_code_cell("print(1)")]))
    assert found.name is None and found.reason


def test_lines_are_only_added_and_nothing_twice(tmp_path):
    first = new_notebook(cells=[new_code_cell("1", id="a"), new_code_cell("2", id="b")])
    assert add_release("n", first, "2026-01-01", tmp_path) == 2
    before = (tmp_path / "n.txt").read_text()
    assert add_release("n", first, "2026-02-01", tmp_path) == 0
    first.cells[1].source = "3"
    assert add_release("n", first, "2026-03-01", tmp_path) == 1
    assert (tmp_path / "n.txt").read_text().startswith(before)
    record = read_record("n", tmp_path)
    assert [record.release_of("b", text) for text in ("2", "3", "4")] == [1, 2, None]
    assert record.days == {1: "2026-01-01", 2: "2026-03-01"}


def test_a_record_joined_by_hand_is_read(tmp_path):
    (tmp_path / "n.txt").write_text(f"<<<<<<< ours\n1 2026-01-01 a {digest('1')}\n=======\n"
                                    f"1 2025-12-01 a {digest('2')}\n>>>>>>> theirs\n")
    record = read_record("n", tmp_path)
    assert record.release_of("a", "1") == record.release_of("a", "2") == 1


def test_line_ends_and_blanks_at_line_ends_do_not_count():
    assert digest("a  \r\nb\r\n\r\n") == digest("a\nb")
    assert digest("a\n  b") != digest("a\nb")
