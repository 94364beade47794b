"""A right notebook after one to three edits earns at least what a plain kernel gives.

A few in `make test`; `make odd-notebooks` tries 3,000 (tests/odd/__main__.py).
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .edits import EDITS
from .trial import Trial

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    trial = Trial(tmp_path_factory.mktemp("odd"))
    yield trial
    trial.close()


@settings(max_examples=25, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), chosen=st.lists(st.sampled_from(sorted(EDITS)), min_size=1,
                                                  max_size=3))
def test_edits_that_jupyter_forgives_cost_nothing(trial, seed, chosen):
    assert trial.lost(trial.edited(chosen, random.Random(seed))) == []


@pytest.mark.parametrize("name", sorted(EDITS))
def test_each_edit_alone_costs_nothing(trial, name):
    assert trial.lost(trial.edited([name], random.Random(1))) == []
