"""What a cell says that needs an answer which is not there, or which stops."""

import re

import pytest

from autograder import course
from autograder.lessons.lesson import read_all
from course_lib import not_yet
from course_lib.student_error import StudentError


def stub(x):
    # YOUR CODE HERE
    raise NotImplementedError()


def refuses(x):
    raise ValueError("no half steps")


def reads_none(x):
    return [x.params for _ in range(2)]


def said(source, capsys):
    """What is printed by a cell with this line in its `try`."""
    cell = f"try:\n    {source}\nexcept Exception as error:\n    not_yet(error, 'Come back.')\n"
    names = {"not_yet": not_yet, "stub": stub, "refuses": refuses, "net": None,
             "reads_none": reads_none}
    exec(compile(cell, "cell", "exec"), names)
    return capsys.readouterr().out


def test_a_missing_answer_is_asked_for_and_a_mistake_is_told(capsys):
    assert said("stub(1)", capsys) == "Come back.\n"
    assert said("net.params", capsys) == "Come back.\n"
    assert said("len(net)", capsys) == "Come back.\n"
    for within in ("[{}]", "list({})", "{{{}}}", "dict({})"):
        one = within.format("(k, net.params) for k in range(2)")
        assert said(one, capsys) == "Come back.\n", one
    assert "stopped with AttributeError" in said("reads_none(net)", capsys)
    refused = said("refuses(1)", capsys)
    assert "This cell stopped with ValueError: no half steps" in refused
    assert 'of refuses: raise ValueError("no half steps")' in refused
    assert "Come back" not in refused
    assert "there is no “ALEXNET” yet. Run the cell" in said("ALEXNET", capsys)
    assert max(map(len, said("ALEXNET", capsys).splitlines())) <= 72
    assert "“photo” yet" in said("refuses(photo)", capsys)
    not_yet(StudentError(["NotImplementedError"], ""), "Come back.")
    assert capsys.readouterr().out == "Come back.\n"
    not_yet(StudentError(["KeyError", "LookupError"], "'pad'"), "Come back.")
    assert capsys.readouterr().out.startswith("This cell stopped with KeyError: 'pad'\n")


@pytest.mark.parametrize("lesson", read_all(course.SOLUTIONS), ids=lambda lesson: lesson.name)
def test_no_cell_of_a_lesson_hides_what_stopped(lesson):
    for cell in lesson.cells:
        for caught in re.findall(r"^ *except Exception.*(?:\n    .*)+", cell.source, re.MULTILINE):
            assert "not_yet(error, " in caught, (cell.name, caught)


@pytest.mark.parametrize("lesson", read_all(course.SOLUTIONS), ids=lambda lesson: lesson.name)
def test_a_lesson_names_its_essay_where_it_is_written(lesson):
    (number,) = (k for k, cell in enumerate(lesson.cells) if cell.role == "essay")
    words = f'`solution("{lesson.cells[number].name}")`'
    assert words in re.sub(r"\n", " ", lesson.cells[number - 1].source), (
        f"the cell above the essay says how to see the model answer: {words}")
