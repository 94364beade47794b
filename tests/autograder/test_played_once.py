"""In grading a test cell does not play again what the check before it has played and passed."""

import sys
from functools import partial
from types import SimpleNamespace

import pytest

from autograder.judge.student_side import StudentSide
from autograder.sandbox.session import StudentObject
from autograder.sandbox.walls import Limits
from autograder.stopwatch import Stopwatch
from course_lib.check import check, test
from course_lib.exercises import find
from course_lib.judging import judge


class Session:
    """A student's process with one function, `neuron`, that counts its calls."""

    def __init__(self, right=True):
        self.dead, self.calls, self.right = None, 0, right

    def run(self, source):
        return {"outputs": [], "succeeded": True}

    def names(self, names):
        return {"neuron": StudentObject(self, [4, "neuron", 0], "neuron")}

    def call(self, handle, args, kwargs):
        self.calls += 1
        x_patch, w, b = args
        return float((x_patch * w).sum() + b * self.right)

    def several(self, handle, arguments):
        return [partial(self.call, handle, args, {}) for args in arguments]

    def settle(self):
        return not self.dead

    def write_files(self, files):
        pass

    def is_lost(self):
        return False

    def close(self):
        pass


@pytest.fixture
def played(monkeypatch):
    """played(right): (session, StudentSide) of a submission that is graded now."""
    monkeypatch.setattr(judge, "passed", {})
    monkeypatch.setattr(CHECK, "display", lambda shown: None)

    def make(right=True):
        session = Session(right)
        side = StudentSide(SimpleNamespace(open=lambda: session, limits=Limits()), Stopwatch())
        return session, side

    return make


CHECK = sys.modules["course_lib.check"]  # the package has a function of this name
GROUPS = list(find("neuron").groups)


def calls(session, side, act):
    before = session.calls
    act(side.lookup(["neuron"])["neuron"])
    return session.calls - before


def points_of(neuron):
    return [test("neuron", neuron, group=group, points=1).earned for group in GROUPS]


def test_what_check_has_played_is_not_played_again_but_hidden_cases_are(played):
    session, side = played()
    assert calls(session, side, lambda neuron: check("neuron", neuron)) > 0
    told = []
    judge.listeners.append(told.append)
    try:
        assert calls(session, side, points_of) == 0
    finally:
        judge.listeners.remove(told.append)
    assert [one.group for one in told] == GROUPS, "listeners are told all the same"
    assert calls(session, side, lambda neuron: test(
        "neuron", neuron, group=GROUPS[0], points=1).on_hidden_cases(seed=1)) > 0


def test_it_is_played_again_after_a_cell_of_the_students_or_in_a_new_process(played):
    session, side = played()
    calls(session, side, lambda neuron: check("neuron", neuron))
    side.run("own-1", "neuron = other")
    assert calls(session, side, points_of) > 0
    assert calls(session, side, points_of) == 0
    session.dead = "killed"
    alive = Session()
    side.sandbox.open = lambda: alive
    assert calls(alive, side, points_of) > 0


def test_what_was_wrong_is_played_again_and_nothing_goes_to_the_next_submission(played):
    session, side = played(right=False)
    calls(session, side, lambda neuron: check("neuron", neuron))
    lost = []
    assert calls(session, side, lambda neuron: lost.extend(points_of(neuron))) > 0
    assert 0.0 in lost
    judge.passed = {}  # as grading begins the next one
    session, side = played()
    assert calls(session, side, points_of) > 0


def test_in_a_notebook_every_cell_plays_its_cases(monkeypatch):
    assert judge.passed is None
    monkeypatch.setattr(CHECK, "display", lambda shown: None)
    count = []

    def neuron(x_patch, w, b):
        count.append(1)
        return float((x_patch * w).sum() + b)

    neuron.identity = 1
    check("neuron", neuron)
    before = len(count)
    points_of(neuron)
    assert len(count) > before
