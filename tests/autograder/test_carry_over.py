"""Grades given by hand survive a changed lesson, and what does not fit is named first."""

import datetime
import sqlite3
from contextlib import closing

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.classroom.config import class_config
from autograder.classroom.history import read_history
from autograder.commands import main
from autograder.errors import GradingError
from autograder.grading import carry_over as module
from autograder.grading.carry_over import carry_over
from autograder.grading.gradebook import OpenGradebook, check_gradebook
from autograder.grading.registered import is_registered, register
from autograder.lessons.lesson import read_lesson
from autograder.schema import schema_version
from tests.programs import run

from .conftest import TINY

pytestmark = pytest.mark.slow

LESSON = "01_tiny"
NEW = TINY.replace("zero_pad values, 3 points", "zero_pad values, 4 points").replace(
    "points=3", "points=4") + '''
# %% essay: more, 2 points [markdown]
# More.
'''
# The exercise neuron is dropped.
DROPPED = TINY[:TINY.index("# %% answer: neuron")] + TINY[TINY.index("# %% answer: zero_pad"):]


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """(class folder, function that makes another text the class's lesson, address)."""
    class_dir, source = tmp_path / "class", tmp_path / f"{LESSON}.py"
    class_dir.mkdir()
    monkeypatch.setattr(module, "lesson_paths", lambda *_: {LESSON: source})
    source.write_text(TINY)
    url = course.gradebook_url(class_dir)
    enter(source, class_dir)
    fill(url)
    return class_dir, source.write_text, url


def enter(source, class_dir):
    """Put a lesson into the gradebook of a class."""
    with closing(OpenGradebook(course.gradebook_url(class_dir), "convnets")) as book:
        with book.transaction():
            register(read_lesson(source), book, class_config(class_dir))


def fill(url):
    with Gradebook(url, "convnets") as book:
        for student in ("ada", "ben"):
            book.add_student(student)
            entry = book.add_submission(LESSON, student,
                                        timestamp=datetime.datetime(2026, 3, 1, 12, 0))
            entry.extension = datetime.timedelta(days=2)
            stored = book.find_submission_notebook(LESSON, LESSON, student)
            stored.late_submission_penalty = 0.5
            for grade in stored.grades:
                grade.auto_score = 2.0 if grade.name.startswith("test") else None
                if grade.name == "essay-why":
                    grade.manual_score, grade.needs_manual_grade = 1.5, False
                if grade.name == "test-neuron-values":
                    grade.extra_credit = 1.0
            for comment in stored.comments:
                comment.manual_comment = f"{student} on {comment.name}"
        book.db.commit()


def held(url, student="ada"):
    """{cell: (auto, manual, extra credit)} and {cell: comment} of a student."""
    with Gradebook(url, "convnets") as book:
        stored = book.find_submission_notebook(LESSON, LESSON, student)
        assert stored.late_submission_penalty == 0.5
        assert stored.assignment.extension == datetime.timedelta(days=2)
        assert stored.assignment.timestamp == datetime.datetime(2026, 3, 1, 12, 0)
        return ({g.name: (g.auto_score, g.manual_score, g.extra_credit) for g in stored.grades},
                {c.name: c.manual_comment for c in stored.comments})


def test_a_new_exercise_and_changed_points(graded):
    class_dir, write, url = graded
    write(NEW)
    before = held(url)
    file_before = (class_dir / "gradebook.db").read_bytes()
    [change], backup = carry_over(class_dir, dry_run=True)
    assert backup is None and (class_dir / "gradebook.db").read_bytes() == file_before
    assert (change.added, change.dropped, change.lost) == (["essay-more"], [], [])
    assert change.points == {"test-zero_pad-values": (3, 4)} and change.students == 2
    _, backup = carry_over(class_dir)
    for student in ("ada", "ben"):
        grades, comments = held(url, student)
        assert grades == {"test-neuron-values": (2, None, 1), "essay-why": (None, 1.5, None),
                          "test-zero_pad-values": (None, None, None),
                          "essay-more": (None, None, None)}
        assert comments["essay-why"] == f"{student} on essay-why"
    # The lesson is known as it is, and the gradebook from before is whole.
    with Gradebook(url, "convnets") as book:
        assert is_registered(read_lesson(class_dir.parent / f"{LESSON}.py"), book)
    assert held(f"sqlite:///{backup}") == before
    assert carry_over(class_dir) == ([], None)


def test_a_dropped_exercise_is_named_with_what_people_gave(graded):
    class_dir, write, url = graded
    write(DROPPED)
    [change], _ = carry_over(class_dir)
    said = "\n".join(change.lines())
    for student in ("ada", "ben"):
        assert f"{student}, test-neuron-values: 1 points of extra credit" in said
        assert f"{student}, answer-neuron: the comment “{student} on answer-neuron”" in said
    grades, comments = held(url)
    told = [one for one in read_history(class_dir, "ada") if one.why.startswith("carried over")]
    assert [(one.cell, one.before, one.after) for one in told] == [("", "6", "3")], told
    assert grades == {"test-zero_pad-values": (2, None, None), "essay-why": (None, 1.5, None)}
    assert comments == {name: f"ada on {name}" for name in ("answer-zero_pad", "essay-why")}


def test_an_essay_with_other_points_keeps_its_grade_and_waits_for_a_person(graded):
    class_dir, write, url = graded
    write(TINY.replace("essay: why, 2 points", "essay: why, 1 points"))
    [change], _ = carry_over(class_dir)
    assert "ada, essay-why: 1.5 points by hand of 2, now of 1" in change.again
    assert held(url)[0]["essay-why"] == (None, 1.5, None)
    with Gradebook(url, "convnets") as book:
        assert book.find_grade("essay-why", LESSON, LESSON, "ada").needs_manual_grade


def test_a_failure_half_way_changes_nothing(graded, monkeypatch):
    class_dir, write, url = graded
    write(DROPPED)
    before = held(url)
    monkeypatch.setattr(nbformat.v4, "new_notebook", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        carry_over(class_dir)
    assert held(url) == before


def test_the_word_says_what_it_did_and_grading_names_it(graded, capsys):
    class_dir, write, _ = graded
    write(DROPPED)
    source = class_dir.parent / f"{LESSON}.py"
    with pytest.raises(GradingError, match="carry-over.*Moving gradebook.db away.*go with it"):
        enter(source, class_dir)
    assert main(["carry-over", str(class_dir), "--dry-run"]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert main(["carry-over", str(class_dir)]) == 0
    assert "gradebook.before-" in capsys.readouterr().out
    enter(source, class_dir)


def test_a_gradebook_of_an_older_nbgrader_is_named_with_its_remedy(graded):
    class_dir, _, url = graded
    path = class_dir / "gradebook.db"
    with sqlite3.connect(path) as old:
        # As nbgrader 0.5 left it: no column for the LMS's id, no table of courses.
        old.execute("ALTER TABLE student DROP COLUMN lms_user_id")
        old.execute("UPDATE alembic_version SET version_num = '167914646830'")
    old.close()
    before = path.read_bytes()
    for word in (check_gradebook, carry_over):
        with pytest.raises(GradingError, match="older nbgrader.*student.lms_user_id.*`nbgrader db "
                                               "upgrade`") as error:
            word(class_dir)
        assert "\n" not in str(error.value)
    assert path.read_bytes() == before


def test_nbgraders_remedy_works(tmp_path):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE student (id VARCHAR(128) PRIMARY KEY)")
    old.close()
    with pytest.raises(GradingError, match="older nbgrader"):
        check_gradebook(tmp_path)
    path.unlink()
    course.configure(tmp_path)  # puts alembic on the PATH
    with Gradebook(f"sqlite:///{path}", "convnets"):
        pass
    with sqlite3.connect(path) as old:
        # Its tables as they were before classes had ids.
        old.execute("ALTER TABLE student DROP COLUMN lms_user_id")
        old.execute("DROP TABLE assignment")
        old.execute("DROP TABLE course")
        old.execute("CREATE TABLE assignment (id VARCHAR(32) PRIMARY KEY, name VARCHAR(128) NOT "
                    "NULL UNIQUE, duedate DATETIME)")
        old.execute("UPDATE alembic_version SET version_num = '167914646830'")
    old.close()
    with pytest.raises(GradingError, match="older nbgrader"):
        check_gradebook(tmp_path)
    done = run("nbgrader", "db", "upgrade", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    check_gradebook(tmp_path)
    with sqlite3.connect(path) as new:
        # What nbgrader's program made is marked with the version that our gradebooks begin with.
        assert new.execute("SELECT * FROM alembic_version").fetchall() == [
            (schema_version(),)]
