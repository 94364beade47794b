"""Answers that are wrong only where two conditions meet: which survive, what catches them."""

import dataclasses

import numpy as np
import pytest

from course_lib import exercises
from quality import further, interactions

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def few_seeds(monkeypatch):
    monkeypatch.setattr(interactions, "SEEDS", 600)
    monkeypatch.setattr(interactions, "_known", {})


@pytest.mark.parametrize("name", ["same_padding", "params_of_stack", "receptive_field"])
def test_no_interaction_mutant_survives(name):
    found, = interactions.interactions([lesson_of(name)], only=[name], times=8)
    assert found.caught > 50 and found.equivalent and not found.survivors


def lesson_of(name):
    return next(lesson for lesson in further.lesson_names()
                if any(answer.name == name for answer in further.answers(lesson)))


def test_what_no_visible_case_shows_survives_until_further_cases_are_named(monkeypatch):
    right = exercises.find("same_padding")
    # Filters of 3 and 4 pixels alone: whatever is wrong for larger ones is seen by nobody.
    poor = dataclasses.replace(right, groups={"odd filters": lambda rng: [(3,)],
                                              "even filters": lambda rng: [(4,)]})
    monkeypatch.setattr(exercises, "find", lambda name: poor)
    monkeypatch.setattr(interactions, "_known", {})
    seeds = further.further(["same_padding"], times=8)["same_padding"]
    assert 0 < len(seeds) < 15
    drawn = [right.conditions.draw(np.random.default_rng(seed)) for seed in seeds]
    rich = dataclasses.replace(poor, groups=poor.groups | {"more": lambda rng: drawn})
    monkeypatch.setattr(exercises, "find", lambda name: rich)
    monkeypatch.setattr(interactions, "_known", {})
    found, = interactions.interactions(["01_spatial_arithmetic"], only=["same_padding"], times=8)
    assert not found.survivors
