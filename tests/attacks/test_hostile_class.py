"""Ten hostile notebooks among honest ones: nobody else's row, page or grade is another."""

import sqlite3

import pytest

from autograder.lessons.sample import write_sample_class
from tests.autograder.test_grade import grade

from .hostile import HOSTILE, honest_results, make_class

LESSON = "02_convolution_forward"


def book_of(class_dir):
    with sqlite3.connect(class_dir / "gradebook.db") as book:
        return book.execute(
            "select s.student_id, n.id is not null, b.name, g.auto_score, g.manual_score, "
            "g.needs_manual_grade from grade g join submitted_notebook n on n.id = g.notebook_id "
            "join submitted_assignment s on s.id = n.assignment_id "
            "join base_cell b on b.id = g.cell_id").fetchall()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(quiet class, class with hostile notebooks, its finished process)."""
    folder = tmp_path_factory.mktemp("hostile")
    write_sample_class(target=folder / "sample")
    for name, hostile in (("quiet", False), ("loud", True)):
        make_class(folder / name, folder / "sample", LESSON, 6, hostile)
        (folder / name / "class.toml").write_text("[limits]\ncell_seconds = 5\n")
    assert grade(folder / "quiet").returncode == 0
    return folder / "quiet", folder / "loud", grade(folder / "loud")


def test_the_honest_are_as_without_the_hostile(graded):
    quiet, loud, done = graded
    assert "Traceback" not in done.stderr, done.stderr
    expected = honest_results(quiet, book_of(quiet))
    assert len(expected) > 30
    found = honest_results(loud, book_of(loud))
    assert found.keys() == expected.keys()
    assert [what for what in expected if found[what] != expected[what]] == []


def test_the_report_says_what_was_done_to_whom(graded):
    _, loud, done = graded
    assert done.returncode == 1, "one notebook is refused"
    report = (loud / "report" / "index.html").read_text()
    for name in HOSTILE:
        assert name in report
        assert (loud / "feedback" / name).exists() == (name != "brackets")
    assert "not graded: brackets/" in done.stderr
    log = (loud / "grading.log").read_text().splitlines()
    assert len(log) == 6 + len(HOSTILE) and not any("zoe: 9/9" in line[:40] for line in log)
    assert "\x1b" not in done.stdout + report + "".join(log)
