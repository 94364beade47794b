"""A class whose grades are in a real PostgreSQL server, which the test starts."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import time

import psycopg
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.classroom.config import class_config
from autograder.grading import carry_over
from autograder.grading.gradebook import use_gradebook
from autograder.lessons.build import register
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import write_sample_class
from tests.autograder import test_carry_over
from tests.autograder.conftest import TINY
from tests.autograder.test_grade import grade, one_line, scores

pytestmark = pytest.mark.system

LESSON = "01_spatial_arithmetic"


def program(name):
    """A server program of Debian's postgresql package, which does not put it on the PATH."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    assert found, f"{name} is missing: make test installs the Debian package postgresql"
    return found[-1]


@pytest.fixture(scope="module")
def server():
    """The address of an empty database on a server of its own."""
    # The server refuses to run as root; Debian's package makes a user for it.
    other = {"user": "postgres", "group": "postgres", "extra_groups": []}
    as_user = {} if os.getuid() else other
    folder = subprocess.check_output(["mktemp", "-d", "/tmp/postgres-XXXXXX"], text=True).strip()
    if as_user:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run([program("initdb"), "-D", f"{folder}/data", "-U", "teacher", "--auth=trust"],
                   check=True, capture_output=True, cwd=folder, **as_user)
    process = subprocess.Popen(
        [program("postgres"), "-D", f"{folder}/data", "-p", str(port), "-k", folder,
         "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_user)
    try:
        create = [program("createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "teacher",
                  "grades"]
        until = time.monotonic() + 30
        while subprocess.run(create, capture_output=True).returncode:
            assert time.monotonic() < until and process.poll() is None, "the server did not start"
            time.sleep(0.2)
        yield f"postgresql+psycopg://teacher@127.0.0.1:{port}/grades"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


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


def test_an_address_that_does_not_work_is_one_sentence(server, classes):
    here, there = classes
    one_line(grade(here, "--gradebook", "no address"), "none that SQLAlchemy reads")
    one_line(grade(here, "--gradebook", "postgresql+psycopg://teacher@127.0.0.1:9/grades"),
             "does not answer")
    one_line(grade(here, "--gradebook", server.replace("psycopg", "pg8000")),
             "driver that is not installed")
    assert grade(here, "--no-feedback").returncode == 0
    one_line(grade(here, "--gradebook", server), "has grades in gradebook.db")


def test_grades_given_by_hand_are_carried_over_to_a_changed_lesson(server, tmp_path, monkeypatch):
    url = server.replace("/grades", "/carried")
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE carried")
    class_dir, source = tmp_path / "class", tmp_path / "01_tiny.py"
    class_dir.mkdir()
    monkeypatch.setattr(carry_over, "lesson_paths", lambda *_: {"01_tiny": source})
    source.write_text(TINY)
    course.configure(class_dir)  # puts alembic on the PATH
    use_gradebook(class_dir, url)
    register(read_lesson(source), class_config(class_dir))
    test_carry_over.fill(url)
    source.write_text(test_carry_over.DROPPED)
    [change], backup = carry_over.carry_over(class_dir)
    assert change.dropped == ["test-neuron-values"] and len(change.lost) == 4
    assert "ada on answer-neuron" in backup.read_text() and backup.suffix == ".json"
    grades, comments = test_carry_over.held(url)
    assert grades["essay-why"] == (None, 1.5, None)
    assert comments["essay-why"] == "ada on essay-why"
