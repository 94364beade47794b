"""Attacks by file names, links and pipes: one class of attackers and one honest student."""

import os
import shutil

import pytest
from nbgrader.api import Gradebook

from autograder import course
from autograder.grading.collect import collect
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import write_sample_class
from tests.programs import run

from .conftest import PLACES
from .files import ALL, OTHERWISE

pytestmark = pytest.mark.system

LESSON = "01_spatial_arithmetic"
# What these hand in is graded like any other work; all others are told why not.
GRADED = set(OTHERWISE)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """(notebook with all answers, notebook without any)."""
    folder = tmp_path_factory.mktemp("work")
    write_sample_class(target=folder)
    return [folder / student / LESSON / f"{LESSON}.ipynb" for student in ("loops", "blank")]


@pytest.fixture
def attacked(tmp_path, work):
    """attacked(*names): a class in which zoe has everything right and attackers nothing."""
    right, blank = work
    submitted = tmp_path / "class" / "submitted"
    zoe = submitted / "zoe"
    (zoe / LESSON).mkdir(parents=True)
    shutil.copy(right, zoe / LESSON)

    def build(*names):
        students = {name: ALL[name](submitted, LESSON, blank, zoe) or name for name in names}
        return tmp_path / "class", students

    return build


@pytest.mark.parametrize("name", ALL)
def test_only_a_plain_notebook_of_the_students_own_is_graded(attacked, work, name):
    class_dir, students = attacked(name)
    found, problems = collect(class_dir, {LESSON})
    theirs = [one for one in found if one.student != "zoe"]
    assert [one.student for one in theirs] == [students[name]] * (name in GRADED)
    for one in theirs:
        assert one.path.resolve() == one.path and one.path.read_bytes() == work[1].read_bytes()
    if name not in GRADED:
        assert problems
    for label, sentence in problems:
        assert label.isprintable() and sentence.isprintable()
        label.encode() and sentence.encode()


def test_no_attacker_disturbs_the_class(attacked):
    class_dir, students = attacked(*ALL)
    before = {place: set(os.listdir(place)) for place in PLACES}
    done = run("autograder", "grade", class_dir, "--workers", "1", timeout=300)
    assert done.returncode != 0 and "Traceback" not in done.stderr, done.stderr
    for place, names in before.items():
        assert [name for name in set(os.listdir(place)) - names if "escaped" in name] == []
    full = read_lesson(course.SOLUTIONS / f"{LESSON}.py").max_points
    with Gradebook(f"sqlite:///{class_dir}/gradebook.db") as gradebook:
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions(LESSON)}
    zoe = scores.pop("zoe")
    assert 0 < zoe <= full
    assert scores == {students[name]: 0 for name in GRADED}
    assert len([line for line in done.stdout.splitlines() if line.startswith("zoe ")]) == 1
    report = (class_dir / "report" / "index.html").read_text()
    assert "<img" not in report and "&lt;img src=x" in report
    assert done.stdout.count("hundreds_of_folders/") < 50
    for path in (class_dir / "autograded").glob("*/*/submission_secret.txt"):
        assert path.stat().st_size < 1000 and not path.is_symlink()
    for name in set(ALL) - GRADED:
        assert name in report or students[name] != name
