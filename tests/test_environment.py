"""environment.yml and pyproject.toml name the same packages with the same bounds; threads."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def from_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = project["dependencies"] + sum(project["optional-dependencies"].values(), [])
    # The extra of the tests names the others by the project's own name.
    packages = {package for package in packages if not package.startswith(project["name"])}
    return packages | {f"python{project['requires-python']}"}


def from_environment():
    found = set()
    for line in (ROOT / "environment.yml").read_text().splitlines():
        entry = re.match(r"\s*- ([A-Za-z][\w\[\]-]*[<>=].*)$", line)
        if entry:
            found.add(entry[1])
    return found


def test_both_files_name_the_same_packages_with_the_same_bounds():
    assert from_environment() == from_pyproject()


def test_the_course_itself_is_installed_from_this_folder():
    assert "- --editable ." in (ROOT / "environment.yml").read_text()


def test_the_learners_package_asks_for_what_the_course_asks_of_a_learner():
    both = [tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
            for folder in (".", "student")]
    assert both[0]["dependencies"] == both[1]["dependencies"]
    assert both[0]["requires-python"] == both[1]["requires-python"]
    for package in both[1]["dependencies"]:
        assert f"  - {package}\n" in (ROOT / "student" / "environment.yml").read_text()


def test_ci_calls_make_test_and_nothing_else():
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines()
             if line and not line.startswith("#")]
    assert lines == ["set -e", 'cd "$(dirname "$0")/.."', "make test"]


def test_a_process_that_grades_multiplies_matrices_in_one_thread():
    """Before NumPy is there, or it would not be heard; whoever has set it keeps it."""
    asks = ("import sys, os, autograder; assert 'numpy' not in sys.modules; "
            "print(os.environ['OPENBLAS_NUM_THREADS'])")
    for set_before, expected in ((None, "1"), ("3", "3")):
        around = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
        around |= {"OPENBLAS_NUM_THREADS": set_before} if set_before else {}
        said = subprocess.run([sys.executable, "-c", asks], env=around, cwd=ROOT, text=True,
                              capture_output=True, check=True)
        assert said.stdout.split() == [expected]
