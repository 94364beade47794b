"""One submitted notebook's grades, read at once, are those that nbgrader reads cell by cell."""

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.results.cells_of import CellsOf

IDS = "02", "02", "student"


@pytest.fixture
def gradebook(tmp_path):
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_assignment("02")
        book.add_notebook("02", "02")
        for name in ("one", "two"):
            book.add_grade_cell(name, "02", "02", max_score=2, cell_type="code")
        book.add_solution_cell("answer", "02", "02")
        # An essay is graded and commented.
        book.add_grade_cell("essay", "02", "02", max_score=3, cell_type="markdown")
        book.add_solution_cell("essay", "02", "02")
        for student in ("student", "other"):
            book.add_student(student)
            book.add_submission("02", student)
        yield book


def test_the_same_entries_are_found(gradebook):
    cells = CellsOf(gradebook, *IDS)
    for name in ("one", "two", "essay"):
        assert cells.find_grade(name, *IDS) is gradebook.find_grade(name, *IDS)
    for name in ("answer", "essay"):
        assert cells.find_comment(name, *IDS) is gradebook.find_comment(name, *IDS)
    assert cells.find_submission_notebook(*IDS) is gradebook.find_submission_notebook(*IDS)


def test_what_is_not_there_is_missing(gradebook):
    cells = CellsOf(gradebook, *IDS)
    with pytest.raises(MissingEntry, match="no cell answer of this notebook"):
        cells.find_grade("answer", *IDS)
    with pytest.raises(MissingEntry, match="no cell one of this notebook"):
        cells.find_comment("one", *IDS)
    with pytest.raises(MissingEntry):
        CellsOf(gradebook, "02", "02", "nobody")


def test_a_change_is_in_the_gradebooks_session_until_that_commits(gradebook):
    cells = CellsOf(gradebook, *IDS)
    cells.find_grade("one", *IDS).auto_score = 2
    cells.db.commit()
    gradebook.db.rollback()
    assert gradebook.find_grade("one", *IDS).auto_score is None
    CellsOf(gradebook, *IDS).find_grade("one", *IDS).auto_score = 1
    gradebook.db.commit()
    assert gradebook.find_grade("one", *IDS).auto_score == 1
    assert gradebook.find_grade("one", "02", "02", "other").auto_score is None
