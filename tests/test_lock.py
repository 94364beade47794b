"""The lock holds what pyproject.toml names, within its bounds, and is what the tests run with; what
is said where nothing can be installed."""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "setup"))
import install  # noqa: E402 (scripts that make calls, in no package)
import lock  # noqa: E402

PROJECT = tomllib.loads((lock.ROOT / "pyproject.toml").read_text())["project"]
NAMED = [Requirement(line) for line in PROJECT["dependencies"]
         + sum(PROJECT["optional-dependencies"].values(), [])]
NAMED = [entry for entry in NAMED if entry.name != PROJECT["name"]]


@pytest.mark.parametrize("entry", NAMED, ids=str)
def test_what_the_project_names_is_locked_within_its_bounds(entry):
    locked = [line for line in lock.requirements()
              if canonicalize_name(line.name) == canonicalize_name(entry.name)]
    assert locked, f"{entry.name} is not in the lock: call make lock"
    for line in locked:
        assert str(line.specifier).removeprefix("==") in entry.specifier, "call make lock"


@pytest.mark.parametrize("python", lock.PYTHONS)
def test_every_python_gets_one_version_of_each(python):
    where = {"python_version": python, "python_full_version": f"{python}.2"}
    names = [line.name for line in lock.requirements()
             if not line.marker or line.marker.evaluate(where)]
    assert sorted(names) == sorted(set(names))
    assert {canonicalize_name(entry.name) for entry in NAMED} <= set(names)


def test_the_lock_is_names_and_versions_alone():
    assert all(str(line.specifier).startswith("==") and len(line.specifier) == 1 and not line.url
               for line in lock.requirements())
    text = lock.LOCK.read_text()
    assert "://" not in text and "--" not in text, "neither addresses nor options"
    assert "torch" not in {line.name for line in lock.requirements()}


def needed(name, extras=()):
    """The names of everything that the installed package `name` needs here, itself included."""
    found, todo = set(), [(canonicalize_name(name), frozenset(extras))]
    while todo:
        name, extras = todo.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        for line in importlib.metadata.requires(name) or []:
            entry = Requirement(line)
            if not entry.marker or any(entry.marker.evaluate({"extra": extra})
                                       for extra in ("", *extras)):
                todo.append((canonicalize_name(entry.name), frozenset(entry.extras)))
    return {name for name, _ in found}


@pytest.mark.skipif(Path(sys.prefix).resolve() != lock.ROOT / ".venv",
                    reason="another environment than the one that make sets up")
def test_the_tests_run_with_the_versions_of_the_lock():
    course = needed(PROJECT["name"], ["test"])
    assert len(course) > 100
    other = [line for line in lock.differences() if line[0] in course]
    assert other == [], "not what the lock names: delete .venv/test and call make test again"


def test_make_installs_nothing_past_the_lock():
    makefile = (lock.ROOT / "Makefile").read_text()
    assert "pip install" not in makefile
    assert "SETUP = pyproject.toml setup/lock.txt" in makefile
    for name in ("course", "grading", "test"):
        assert f".venv/{name}: $(SETUP)" in makefile


def test_an_installation_that_fails_says_so_in_a_line():
    done = subprocess.run([sys.executable, "-c", "import install; install.pip('./no-such-folder')"],
                          capture_output=True, text=True, cwd=lock.ROOT / "setup")
    assert done.returncode == 1
    assert "no-such-folder" in done.stderr and "could not be installed" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_network_one_line_says_so_and_pips_guess_is_not_repeated():
    conflict = ["ERROR: Cannot install hatchling because these package versions have conflicting "
                "dependencies.", "    The user requested (constraint) hatchling==1.33.0"]
    (said,) = install.trouble(["WARNING: Retrying (Retry(total=4)) after connection broken by "
                               "'NewConnectionError(...)'", *conflict], 1)
    assert said.startswith("error: ") and "is the network there" in said
    # Where there is one, what pip says is what counts.
    said = install.trouble(conflict, 1)
    assert said[0] == conflict[0] and said[-1].startswith("error: ") and len(said) == 2
