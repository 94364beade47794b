"""The handout: unpacked on its own it holds all that a learner needs, and nothing that solves."""

import json
import os
import re
import subprocess
import sys
import zipfile

import pytest

from autograder import course
from autograder.classroom.handout import build_package, handout
from autograder.classroom.solutions import write_for_students
from autograder.errors import GradingError
from autograder.lessons.lesson import read_all, read_lesson
from course_lib.study.solutions import read_answers

SETTINGS = """name = "Kurs & mehr"
[lessons]
01_spatial_arithmetic = { due = "2026-12-01 23:59", drop = ["same_padding"] }
02_convolution_forward = {}
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A handout's zip, unpacked, and its wheel installed in a folder of its own."""
    class_dir = tmp_path_factory.mktemp("class")
    (class_dir / "class.toml").write_text(SETTINGS)
    _, archive = handout(class_dir)
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder)
    (wheel,) = (folder / "handout").glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "installed")
    return folder


def texts(folder):
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".ipynb", ".html", ".md", ".toml", ".txt", ".yml"):
            yield path, path.read_text(encoding="utf-8")


def test_it_holds_the_classes_lessons_and_says_when_they_are_due(unpacked):
    lessons = unpacked / "handout" / "lessons"
    assert sorted(p.name for p in lessons.iterdir()) == [
        "01_spatial_arithmetic", "02_convolution_forward"]
    (path,) = lessons.glob("01*/*.ipynb")
    first = json.loads(path.read_text())
    ids = {cell["id"] for cell in first["cells"]}
    assert "answer-same_padding" in ids and not any("test-same_padding" in one for one in ids)
    page = (unpacked / "handout" / "START.html").read_text()
    assert "Kurs &amp; mehr" in page and "Tuesday, 01 December 2026, 23:59 UTC" in page


def test_nothing_in_it_solves_or_grades(unpacked):
    """Searched for marks of solutions, hidden seeds, mark schemes, and every answer's own lines."""
    seeds = {seed for lesson in read_all(course.SOLUTIONS) for cell in lesson.cells
             for seed in re.findall(r"on_hidden_cases\(seed=(\d+)", cell.source)}
    assert len(seeds) > 100
    for path, text in texts(unpacked):
        for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN", "MARK SCHEME", "import nbgrader",
                     "import autograder", "from autograder"):
            assert mark not in text, (path, mark)
        found = {number for number in re.findall(r"\d{5,}", text)} & seeds
        assert not re.search(rf"seed=({'|'.join(found)})\b" if found else r"(?!)", text), path
    assert not list(unpacked.rglob("autograder")) and not list(unpacked.rglob("solutions"))


def test_no_answer_of_a_lesson_stands_in_its_notebook(unpacked):
    for path in (unpacked / "handout" / "lessons").glob("*/*.ipynb"):
        notebook = json.loads(path.read_text())
        text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        for cell in read_lesson(course.SOLUTIONS / f"{path.stem}.py").cells:
            if cell.role == "answer":
                inside = cell.source.partition("### BEGIN SOLUTION")[2].partition("### END")[0]
                # What is to be mended stands there but for its fault: the whole is looked for.
                assert inside.strip() and inside.strip("\n") not in text, cell.name


def test_a_lesson_runs_from_what_was_unpacked_alone(unpacked):
    """In a process that sees the unpacked course_lib and not this checkout."""
    code = (
        "import json, course_lib, matplotlib; matplotlib.use('agg')\n"
        "assert 'installed' in course_lib.__file__, course_lib.__file__\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "from course_lib.lab.open import released_lessons\n"
        "path = next(released_lessons().glob('01*/*.ipynb'))\n"
        "for cell in json.loads(path.read_text())['cells']:\n"
        "    if cell['cell_type'] == 'code':\n"
        "        done = shell.run_cell(''.join(cell['source']))\n"
        "        assert done.success or 'NotImplemented' in repr(done.error_in_exec), cell['id']\n"
        "print('ran')\n")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(unpacked / "installed"), "HOME": str(unpacked)})
    assert done.stdout.strip().endswith("ran"), done.stdout[-500:] + done.stderr[-2000:]


def test_its_welcome_notebook_links_the_classs_lessons_and_the_guide_comes_along(unpacked):
    lab = unpacked / "installed" / "course_lib" / "lab"
    text = (lab / "welcome.ipynb").read_text(encoding="utf-8")
    assert "(02_convolution_forward/" in text and "(03_" not in text
    assert (lab / "student-guide.md").exists() and not (lab / "answers").exists()


def test_a_lessons_solutions_are_a_file_of_their_own_without_anything_that_grades(tmp_path):
    (tmp_path / "class.toml").write_text(SETTINGS)
    path = write_for_students(tmp_path, "02_convolution_forward")
    assert path == tmp_path / "solutions_for_students" / "02_convolution_forward.solutions.py"
    text = path.read_text(encoding="utf-8")
    assert "HIDDEN" not in text and "seed=" not in text and "test(" not in text
    found, course_s = (read_answers(one) for one in (path, course.SOLUTIONS / path.name.replace(
        ".solutions", "")))
    assert {name: (one.text, one.scheme, one.points) for name, one in found.items()} == {
        name: (one.text, one.scheme, one.points) for name, one in course_s.items()}
    with pytest.raises(GradingError, match="no lesson “03_x”; it has: 01_"):
        write_for_students(tmp_path, "03_x")


def test_the_package_for_self_study_has_the_solutions_and_another_name(tmp_path):
    lessons = read_all(course.SOLUTIONS)
    wheel = build_package(tmp_path, course.ASSIGNMENTS, lessons, solutions=True)
    assert "+solutions" in wheel.name
    with zipfile.ZipFile(wheel) as file:
        names = [name for name in file.namelist() if "/answers/" in name]
        assert len(names) == len(lessons)
        texts = [file.read(name).decode() for name in names]
    assert all("### BEGIN SOLUTION" in text and "seed=" not in text for text in texts)


def test_a_handout_made_again_is_the_same_to_the_byte(tmp_path):
    (tmp_path / "class.toml").write_text(SETTINGS)
    first = handout(tmp_path)[1].read_bytes()
    assert handout(tmp_path)[1].read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lessons", "class.toml", "handout",
                                                          "handout.zip"]
