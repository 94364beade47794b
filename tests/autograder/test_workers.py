"""The pool of grading processes: what runs when, and what a stopped run leaves alone."""

import os
import signal
import subprocess
import time

import pytest

from autograder.errors import SandboxError
from autograder.grading.workers import grade_all
from autograder.judge import process
from autograder.sandbox.walls import Limits

pytestmark = pytest.mark.system

LIMITS = Limits()


@pytest.fixture
def started(monkeypatch, tmp_path):
    """A folder with a file for each submission that a worker has begun with."""
    def grade(submission):
        (tmp_path / str(submission)).touch()
        return submission, None

    # The pool finds it by this name.
    grade.__module__, grade.__qualname__ = process.__name__, "grade"
    monkeypatch.setattr(process, "grade", grade)
    monkeypatch.setattr(process, "prepare", lambda limits, unsafe: None)
    return tmp_path


def test_whoever_stops_early_does_not_wait_for_the_rest(started):
    results = grade_all(range(5000), LIMITS)
    submission, graded, problem = next(results)
    assert graded == submission and problem is None
    results.close()
    assert 1 <= len(list(started.iterdir())) < 5000


def test_meanwhile_is_called_once_when_the_work_is_handed_out(started):
    calls = []
    results = list(grade_all(range(3), LIMITS, meanwhile=lambda: calls.append("now")))
    assert calls == ["now"] and sorted(one for one, _, _ in results) == [0, 1, 2]
    assert list(grade_all([], LIMITS, meanwhile=lambda: calls.append("none"))) == []
    assert calls == ["now", "none"]


def test_what_fails_meanwhile_stops_the_run(started):
    def full_disk():
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        list(grade_all(range(5000), LIMITS, meanwhile=full_disk))
    assert len(list(started.iterdir())) < 5000


def _graded(monkeypatch, grade, limits=LIMITS, count=6, size=2):
    """What grade_all yields, by submission, with `grade` in place of grading."""
    monkeypatch.setattr(process, "grade", grade)
    monkeypatch.setattr(process, "prepare", lambda limits, unsafe: None)
    results = list(grade_all(range(count), limits, workers=size))
    assert len(results) == count
    return {submission: problem for submission, _, problem in results}


def test_one_that_passes_its_end_is_killed_and_the_others_go_on(monkeypatch):
    def grade(submission):
        if submission == 2:
            # Nothing that runs in the process could stop it.
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
            while True:
                pass
        return submission, None

    limits = Limits(start_seconds=1, submission_seconds=0.5, judge_seconds=0.5)
    problems = _graded(monkeypatch, grade, limits)
    assert problems.pop(2) == ("grading it took more than 1 seconds and was stopped; look at the "
                               "notebook by hand")
    assert set(problems.values()) == {None}


def test_one_that_needs_too_much_memory_is_told_and_the_others_go_on(monkeypatch):
    def grade(submission):
        if submission == 1:
            bytearray(300 * 2**20)
        return submission, None

    problems = _graded(monkeypatch, grade, Limits(judge_memory=200 * 2**20))
    assert "more than the 0.195312 GiB of memory" in problems.pop(1)
    assert set(problems.values()) == {None}


def test_one_that_kills_its_process_is_tried_twice(monkeypatch, tmp_path):
    def grade(submission):
        if submission in (1, 4):
            first = tmp_path / str(submission)
            if submission == 4 or not first.exists():
                first.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return submission, None

    problems = _graded(monkeypatch, grade)
    assert problems.pop(4) == process.DIED_TWICE
    assert set(problems.values()) == {None}


def test_a_sandbox_that_does_not_work_here_stops_the_run(monkeypatch):
    def grade(submission):
        raise SandboxError("no namespaces")

    monkeypatch.setattr(process, "grade", grade)
    monkeypatch.setattr(process, "prepare", lambda limits, unsafe: None)
    with pytest.raises(SandboxError, match="no namespaces"):
        list(grade_all(range(3), LIMITS))


def test_a_sandbox_ends_with_the_grading_process_that_is_killed(monkeypatch, tmp_path):
    name = f"hold{os.getpid()}"

    def grade(submission):
        session = process._state["sandbox"].open()
        if submission == 1:
            session.close()  # starts the forking process, which is not what is timed here
            return 1, None
        session.run(f"import ctypes; ctypes.CDLL(None).prctl(15, b'{name}', 0, 0, 0)")
        (tmp_path / "held").write_text(str(name in _running()))
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
        while True:
            time.sleep(1)

    monkeypatch.setattr(process, "grade", grade)
    results = list(grade_all([1, 2], Limits(submission_seconds=1, judge_seconds=4)))
    assert results[0] == (1, 1, None)
    assert results[1][1] is None and "more than 5 seconds and was stopped" in results[1][2]
    assert (tmp_path / "held").read_text() == "True"
    until = time.monotonic() + 10  # the kernel takes a moment
    while name in _running() and time.monotonic() < until:
        time.sleep(0.05)
    assert name not in _running()


def _running():
    return subprocess.run(["ps", "-e", "-o", "comm"], capture_output=True, text=True).stdout
