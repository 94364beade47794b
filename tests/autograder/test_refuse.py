"""nbgrader's own autograde copies nothing that leads out of a student's folder."""

import os
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.classroom.config import ensure_config
from autograder.stock.refuse import refusal
from tests.autograder.test_grade import grade
from tests.programs import run

LESSON = "01_spatial_arithmetic"
SECRET = "the other students' grades"


@pytest.fixture
def work(tmp_path):
    """submitted/eve/LESSON with an honest notebook, in a class with a secret file."""
    class_dir = tmp_path / "class"
    folder = class_dir / "submitted" / "eve" / LESSON
    shutil.copytree(course.ASSIGNMENTS / LESSON, folder)
    (class_dir / "secret.txt").write_text(SECRET)
    return folder


def link_to_a_file(folder):
    (folder / "notes.txt").symlink_to("../../../secret.txt")


def link_in_a_folder(folder):
    (folder / "more").mkdir()
    (folder / "more" / "notes.txt").symlink_to(folder.parent.parent.parent / "secret.txt")


def link_to_a_folder(folder):
    (folder / "more").symlink_to("../../..")


def link_to_nothing(folder):
    (folder / "notes.txt").symlink_to("nowhere")


def link_as_a_notebook(folder):
    (folder / "other.ipynb").symlink_to("../../../secret.txt")


def link_as_the_date(folder):
    (folder / "timestamp.txt").symlink_to("../../../secret.txt")


def second_name(folder):
    os.link(folder.parent.parent.parent / "secret.txt", folder / "notes.txt")


def pipe(folder):
    os.mkfifo(folder / "notes.txt")


def hole(folder):
    with open(folder / "data.bin", "wb") as file:
        file.truncate(8 * 2**30)


def many(folder):
    for n in range(1200):
        (folder / f"{n}.txt").touch()


def no_date(folder):
    (folder / "timestamp.txt").write_text("yesterday")


def bomb(folder):
    (folder / f"{LESSON}.ipynb").write_bytes(b'{"cells":[' + b"{}," * 4_000_000 + b"{}]}")


REFUSED = [link_to_a_file, link_in_a_folder, link_to_a_folder, link_to_nothing, link_as_a_notebook,
           link_as_the_date, second_name, pipe, hole, many, no_date, bomb]


@pytest.mark.parametrize("prepare", REFUSED)
def test_what_leads_elsewhere_is_refused_in_a_sentence(work, prepare):
    class_dir = work.parent.parent.parent
    assert refusal(work, class_dir) is None
    prepare(work)
    sentence = refusal(work, class_dir)
    assert sentence and sentence.isprintable() and len(sentence) < 300


def test_a_folder_that_is_a_link_or_has_a_programs_name_is_refused(work):
    class_dir = work.parent.parent.parent
    (class_dir / "submitted" / "mallory").symlink_to("eve")
    (class_dir / "submitted" / "trudy").mkdir()
    (class_dir / "submitted" / "trudy" / LESSON).symlink_to("../eve/" + LESSON)
    shutil.copytree(work, class_dir / "submitted" / "<img src=x onerror=y>" / LESSON)
    for name in ("mallory", "trudy", "<img src=x onerror=y>"):
        assert refusal(class_dir / "submitted" / name / LESSON, class_dir)


def test_a_students_own_files_are_no_reason(work):
    (work / "data").mkdir()
    (work / "data" / "points.csv").write_text("1,2")
    os.link(work / "data" / "points.csv", work / "again.csv")
    (work / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
    assert refusal(work, work.parent.parent.parent) is None


@pytest.mark.system
def test_the_command_refuses_before_it_copies_and_grades_the_others(work):
    """As instructors type it, for a lesson and for an assignment that is none of ours."""
    class_dir = work.parent.parent.parent
    shutil.copytree(work, class_dir / "submitted" / "zoe" / LESSON)
    assert grade(class_dir, "--no-feedback").returncode == 0
    graded = class_dir / "autograded" / "eve" / LESSON / f"{LESSON}.ipynb"
    before = graded.read_bytes()
    link_to_a_file(work)
    own = class_dir / "source" / "own_one" / "own_one.ipynb"
    own.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell("print(open('notes.txt').read())")]), own)
    for student in ("eve", "zoe"):
        shutil.copytree(own.parent, class_dir / "submitted" / student / "own_one")
        (class_dir / "submitted" / student / "own_one" / "notes.txt").write_text("my own notes")
    (class_dir / "submitted" / "eve" / "own_one" / "notes.txt").unlink()
    link_to_a_file(class_dir / "submitted" / "eve" / "own_one")
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as book:
        book.add_assignment("own_one")
        book.add_notebook("own_one", "own_one")
    ensure_config(class_dir)
    for lesson in (LESSON, "own_one"):
        done = run("nbgrader", "autograde", lesson, "--force",
                   f"--CourseDirectory.source_directory={class_dir}/source", cwd=class_dir)
        assert done.returncode == 1, done.stderr
        assert "notes.txt is a link; ask for the file itself" in done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        assert (class_dir / "autograded" / "zoe" / lesson / f"{lesson}.ipynb").exists()
    assert "my own notes" in (
        class_dir / "autograded" / "zoe" / "own_one" / "own_one.ipynb").read_text()
    assert graded.read_bytes() == before, "what was graded before is not lost"
    for path in class_dir.glob("autograded/**/*"):
        assert path.is_dir() or SECRET not in path.read_text(errors="replace")
