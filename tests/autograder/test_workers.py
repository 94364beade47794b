"""The pool of grading processes: what runs when, and what a stopped run leaves alone."""

import pytest

from autograder.grading import workers


@pytest.fixture
def started(monkeypatch, tmp_path):
    """A folder with a file for each submission that a worker has begun with."""
    def grade(submission):
        (tmp_path / str(submission)).touch()
        return submission, None

    # The pool finds it by this name.
    grade.__module__, grade.__qualname__ = workers.__name__, "grade"
    monkeypatch.setattr(workers, "grade", grade)
    monkeypatch.setattr(workers, "prepare", lambda limits, unsafe: None)
    return tmp_path


def test_whoever_stops_early_does_not_wait_for_the_rest(started):
    results = workers.grade_all(range(5000), None)
    submission, graded, problem = next(results)
    assert graded == submission and problem is None
    results.close()
    assert 1 <= len(list(started.iterdir())) < 5000


def test_meanwhile_is_called_once_when_the_work_is_handed_out(started):
    calls = []
    results = list(workers.grade_all(range(3), None, meanwhile=lambda: calls.append("now")))
    assert calls == ["now"] and sorted(one for one, _, _ in results) == [0, 1, 2]
    assert list(workers.grade_all([], None, meanwhile=lambda: calls.append("none"))) == []
    assert calls == ["now", "none"]


def test_what_fails_meanwhile_stops_the_run(started):
    def full_disk():
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        list(workers.grade_all(range(5000), None, meanwhile=full_disk))
    assert len(list(started.iterdir())) < 5000
