"""The walls, tried from inside: every probe, every place where one could leave something."""

import os
import site
import subprocess
import sys

import pytest

from autograder.sandbox import leftovers, machine, walls
from autograder.sandbox.probes import probes, tried
from autograder.sandbox.walls import BubblewrapSandbox, UnsafeSandbox
from tests.autograder.conftest import LIMITS
from tests.thorough import THOROUGH

pytestmark = pytest.mark.system


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """What a student's process must not find: a class with a gradebook, an environment secret."""
    monkeypatch.setenv("GRADER_SECRET", "s3cret")
    (tmp_path / "submitted").mkdir()
    (tmp_path / "gradebook.db").write_bytes(b"grades")
    return tmp_path


def test_no_probe_comes_through_the_walls(secrets):
    sandbox = BubblewrapSandbox(LIMITS)
    try:
        happened = dict(tried(sandbox, probes(secrets)))
    finally:
        sandbox.close()
    assert [what for what, why in happened.items() if why is None] == []
    expected = {"start a process": "PermissionError", "make an IPv4 socket": "OSError",
                "take the machine's memory": "MemoryError", "make namespaces": "PermissionError",
                "see other processes": "AssertionError", "read the gradebook": "FileNotFoundError",
                "fill the disk with many files": "OSError", "open endless files": "OSError"}
    assert {what: happened[what].partition(":")[0] for what in expected} == expected


def test_the_probes_would_tell_of_a_missing_wall(secrets):
    """Without walls most of them come through: a probe that always fails would prove nothing."""
    sandbox = UnsafeSandbox(LIMITS)
    through = ("read the gradebook", "read the course folder", "start a process",
               "signal the judge", "make an IPv4 socket", "see other processes", "start a program")
    try:
        happened = dict(tried(sandbox, {what: probes(secrets)[what] for what in through}))
    finally:
        sandbox.close()
    assert set(happened.values()) == {None}


def test_nothing_that_a_submission_leaves_is_there_for_another(walled):
    happened = dict(leftovers.tried(walled))
    assert len(happened) >= 26
    assert [what for what, why in happened.items() if why is None] == []


PROBES = """
import sys
from autograder.sandbox import leftovers
from autograder.sandbox.probes import probes, tried
from autograder.sandbox.walls import BubblewrapSandbox, Limits
sandbox = BubblewrapSandbox(Limits(cell_seconds=10, call_seconds=1, memory=2**30))
found = {what: source for what, source in probes().items() if "machine's memory" not in what}
found = {what: found[what] for what in list(found)[::int(sys.argv[1])]}
for what, why in (*tried(sandbox, found), *leftovers.tried(sandbox)):
    print("held" if why else "OPEN", what)
sandbox.close()
"""


def test_no_probe_comes_through_where_an_ordinary_user_grades():
    """With another Python, too: the system's, if the one that runs here is root's alone. All
    leftovers, and every third probe: as root all are tried above."""
    if os.geteuid():
        pytest.skip("the other tests ran as an ordinary user")
    path = os.pathsep.join([str(walls._ROOT), *site.getsitepackages()])
    version = f"python3.{sys.version_info.minor}"
    for python in (machine.python(), f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        def ordinary(source, *words, python=python):
            return subprocess.run(
                [python, "-c", source, *words],
                user=65534, group=65534, extra_groups=[], cwd="/tmp", env={
                    "HOME": "/nonexistent", "PATH": os.environ["PATH"], "PYTHONPATH": path,
                    "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True)
        try:
            if not ordinary("import numpy, autograder.sandbox.walls").returncode:
                break
        except PermissionError:
            continue
    else:
        pytest.skip("no Python here that an ordinary user can run")
    done = ordinary(PROBES, "1" if THOROUGH else "3")
    lines = done.stdout.splitlines()
    assert len(lines) > (110 if THOROUGH else 50), done.stderr[-2000:]
    assert [line for line in lines if line.startswith("OPEN")] == []
