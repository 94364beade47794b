"""A class whose grades are in a real PostgreSQL server, which the test starts."""

import contextlib
import itertools
import shutil

import psycopg
import pytest
import sqlalchemy
from nbgrader.api import Base, Gradebook

from autograder import course
from autograder.classroom.grades import has_gradebook, read_grades
from autograder.classroom.noticed import notice
from autograder.errors import GradingError
from autograder.grading import carry_over
from autograder.grading.gradebook import use_gradebook
from autograder.grading.record import Recorder
from autograder.lessons.sample import write_sample_class
from tests import postgres
from tests.autograder import test_carry_over
from tests.autograder.conftest import TINY
from tests.autograder.test_grade import grade, one_line, scores
from tests.programs import Program

pytestmark = pytest.mark.system

LESSON = "01_spatial_arithmetic"


@pytest.fixture(scope="module")
def server():
    """The address of an empty database on a server of its own."""
    with postgres.server() as address:
        yield address


def another_database(server, name):
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/grades", f"/{name}")


@pytest.fixture
def classes(tmp_path):
    """Two folders with the same submissions."""
    write_sample_class(target=tmp_path / "all")
    for name in ("here", "there"):
        for student in ("einsum", "typical_mistakes", "half_finished"):
            shutil.copytree(tmp_path / "all" / student / LESSON,
                            tmp_path / name / "submitted" / student / LESSON)
    return tmp_path / "here", tmp_path / "there"


def test_grades_in_postgresql_are_those_of_the_file(server, classes):
    here, there = classes
    assert grade(here, "--no-feedback").returncode == 0
    done = grade(there, "--gradebook", server)
    assert done.returncode == 0, done.stderr
    assert not (there / "gradebook.db").exists()
    assert scores(there, server) == scores(here)
    page = there / "feedback" / "typical_mistakes" / LESSON / f"{LESSON}.html"
    assert "rounds the size down" in page.read_text()

    # An essay graded by hand and a comment survive; the address is remembered.
    with Gradebook(server) as gradebook:
        notebook = gradebook.find_submission_notebook(LESSON, LESSON, "einsum")
        essay = next(g for g in notebook.grades if g.cell.cell_type == "markdown")
        essay.manual_score, essay.needs_manual_grade = 2, False
        next(c for c in notebook.comments if c.name == essay.name).manual_comment = "Well put."
        gradebook.db.commit()
        total = notebook.score
    assert grade(there, "--no-feedback").returncode == 0
    with Gradebook(server) as gradebook:
        notebook = gradebook.find_submission_notebook(LESSON, LESSON, "einsum")
        assert notebook.score == total
        assert "Well put." in {c.manual_comment for c in notebook.comments}


def test_two_runs_on_two_lessons_at_the_same_time(server, tmp_path):
    """One server, the same students, and an empty database to begin with: nothing gets lost."""
    url = another_database(server, "two")
    lessons = (LESSON, "02_convolution_forward")
    write_sample_class(target=tmp_path / "all")
    for folder in ("here", "there"):
        for student, lesson in itertools.product(("blank", "half_finished"), lessons):
            shutil.copytree(tmp_path / "all" / student / lesson,
                            tmp_path / folder / "submitted" / student / lesson)
    use_gradebook(tmp_path / "there", url)
    runs = [Program("autograder", "grade", tmp_path / "there", "--no-feedback", "--lesson", lesson,
                    "--workers", 1) for lesson in lessons]
    for run in runs:
        done = run.wait()
        assert done.returncode == 0, done.stderr
    assert grade(tmp_path / "here", "--no-feedback").returncode == 0
    assert states(tmp_path / "there", lessons) == states(tmp_path / "here", lessons)
    one, other = (tmp_path / name / "report" / "index.html" for name in ("here", "there"))
    assert one.read_text() == other.read_text()  # whoever ended last has written of both


def states(class_dir, lessons):
    with contextlib.closing(Recorder(class_dir, {})) as recorder:
        found = recorder.states(lessons)
    assert [len(one) for one in found.values()] == [2, 2]
    return found


def test_an_address_that_does_not_work_is_one_sentence(server, classes):
    here, there = classes
    one_line(grade(here, "--gradebook", "no address"), "none that SQLAlchemy reads")
    one_line(grade(here, "--gradebook", "postgresql+psycopg://teacher@127.0.0.1:9/grades"),
             "does not answer")
    one_line(grade(here, "--gradebook", server.replace("psycopg", "pg8000")),
             "driver that is not installed")
    assert grade(here, "--no-feedback").returncode == 0
    one_line(grade(here, "--gradebook", server), "has grades in gradebook.db")


def test_words_that_read_a_gradebook_say_that_its_server_does_not_answer(tmp_path):
    (tmp_path / course.GRADEBOOK_URL).write_text("postgresql+psycopg://teacher@127.0.0.1:9/grades")
    for read in (has_gradebook, read_grades, notice):
        with pytest.raises(GradingError, match="does not answer"):
            read(tmp_path)


def test_a_gradebook_that_is_just_being_made_is_none_yet(server, tmp_path):
    url = another_database(server, "halfway")
    (tmp_path / course.GRADEBOOK_URL).write_text(url)
    assert not has_gradebook(tmp_path)
    engine = sqlalchemy.create_engine(url)
    Base.metadata.create_all(engine)
    assert not has_gradebook(tmp_path)
    notice(tmp_path)  # opens nothing, which would make the rest of it beside whoever makes it
    with engine.connect() as connection:
        assert not sqlalchemy.inspect(connection).has_table("alembic_version")
    engine.dispose()
    another = another_database(server, "whole")
    (tmp_path / course.GRADEBOOK_URL).write_text(another)
    Gradebook(another, "convnets").close()
    assert has_gradebook(tmp_path)


def test_grades_given_by_hand_are_carried_over_to_a_changed_lesson(server, tmp_path, monkeypatch):
    url = another_database(server, "carried")
    class_dir, source = tmp_path / "class", tmp_path / "01_tiny.py"
    class_dir.mkdir()
    monkeypatch.setattr(carry_over, "lesson_paths", lambda *_: {"01_tiny": source})
    source.write_text(TINY)
    course.configure(class_dir)  # puts alembic on the PATH
    use_gradebook(class_dir, url)
    test_carry_over.enter(source, class_dir)
    test_carry_over.fill(url)
    source.write_text(test_carry_over.DROPPED)
    [change], backup = carry_over.carry_over(class_dir)
    assert change.dropped == ["test-neuron-values"] and len(change.lost) == 4
    assert "ada on answer-neuron" in backup.read_text() and backup.suffix == ".json"
    grades, comments = test_carry_over.held(url)
    assert grades["essay-why"] == (None, 1.5, None)
    assert comments["essay-why"] == "ada on essay-why"
