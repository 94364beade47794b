"""Gradescope's container, played here: the zip is unpacked and its run_autograder's command run."""

import json
import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import course
from autograder.errors import GradingError
from autograder.grading.gradescope import write_zip
from autograder.lessons.lesson import read_lesson
from autograder.lessons.sample import submission

pytestmark = pytest.mark.system

FIRST = "01_spatial_arithmetic"


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """A folder as Gradescope makes it: source/ unpacked, submission/ and results/ beside it."""
    folder = tmp_path_factory.mktemp("autograder")
    path = write_zip(tmp_path_factory.mktemp("class"), FIRST, folder / "zip.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "source")
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111
    (folder / "submission").mkdir()
    return folder


def run(container):
    done = subprocess.run(
        [sys.executable, "-m", "autograder.grading.gradescope", FIRST,
         str(container / "submission"), str(container / "results" / "results.json")],
        cwd=container / "source", capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(container / "source")})
    assert done.returncode == 0, done.stderr
    return json.loads((container / "results" / "results.json").read_text())


def test_a_submission_gets_points_and_sentences_by_group(container):
    (container / "submission" / "my notebook.ipynb").write_text(nbformat.writes(
        submission(course.SAMPLE_CLASS / "answers" / "typical_mistakes" / f"{FIRST}.py")))
    found = run(container)
    cells = [cell for cell in read_lesson(course.SOLUTIONS / f"{FIRST}.py").cells
             if cell.role == "test"]
    assert [(test["name"], test["max_score"]) for test in found["tests"]] == [
        (f"{cell.name}: {cell.group}", cell.points) for cell in cells]
    assert 0 < found["score"] == sum(test["score"] for test in found["tests"]) < sum(
        cell.points for cell in cells)
    lost = next(test for test in found["tests"] if test["score"] == 0)
    assert "✗" in lost["output"] and "points are for text" in found["output"]


def named(extras):
    """The packages that pyproject.toml names for the course with these extras."""
    needs = [Requirement(text) for text in metadata.requires("convnets-by-hand")]
    return {canonicalize_name(need.name) for need in needs if not need.marker or any(
        need.marker.evaluate({"extra": extra}) for extra in ("", *extras))}


def test_setup_installs_all_that_grading_imports(container):
    """What a run imports, against what setup.sh asks for; and it finds a Python that is new enough.

    Played for real, with a new environment, it takes a minute of a network that not all have.
    """
    setup = (container / "source" / "setup.sh").read_text()
    extras = re.search(r"setup/install\.py -e '\.\[(.*)\]'", setup)[1].split(",")
    (container / "submission" / "x.ipynb").write_text(nbformat.writes(
        submission(course.SAMPLE_CLASS / "answers" / "loops" / f"{FIRST}.py")))
    done = subprocess.run([sys.executable, "-c", f"""
import json, sys
from autograder import course
from autograder.grading import gradescope
from autograder.judge.template import template_for
gradescope.main([{FIRST!r}, "../submission", "../results/results.json"])
template_for(course.SOLUTIONS / "{FIRST}.py")  # as the process that it grades in does
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""], cwd=container / "source", capture_output=True, text=True, check=True)
    (container / "submission" / "x.ipynb").unlink()
    owners = metadata.packages_distributions()
    used = {canonicalize_name(owners[name][0]) for name in json.loads(done.stdout)
            if name in owners} & named(metadata.metadata("convnets-by-hand").get_all(
                "Provides-Extra"))
    assert {"nbgrader", "numpy"} <= used <= named(extras), used - named(extras)
    for script in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", container / "source" / script]).returncode == 0
    assert "python3.11" in setup, "the oldest that pyproject.toml allows"


def test_what_is_no_notebook_is_said_and_is_no_crash(container):
    for path in (container / "submission").iterdir():
        path.unlink()
    assert "hand in the lesson's notebook" in run(container)["output"]


def test_a_lesson_that_the_class_does_not_have_makes_no_zip(tmp_path):
    with pytest.raises(GradingError, match="the class has no lesson 99"):
        write_zip(tmp_path, "99", tmp_path / "z.zip")
