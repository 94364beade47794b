"""Every two conditions that an exercise knows meet, in its visible cases and in every draw of
hidden ones; of three, most do."""

import itertools

import numpy as np
import pytest

from course_lib import exercises
from course_lib.exercises._conditions import windows
from course_lib.judging.cases import QuickGenerator
from course_lib.judging.compare import difference
from course_lib.judging.conditions import Conditions, covering, meeting

every_exercise = pytest.mark.parametrize("name", exercises.names())


def cases(exercise, seed):
    return [case for group in exercise.groups for case in exercise.cases(group, seed)]


@every_exercise
def test_every_two_conditions_meet_whatever_the_seed(name):
    exercise = exercises.find(name)
    for seed in (None, 1, 2):
        assert exercise.conditions.missing(cases(exercise, seed)) == []


@every_exercise
def test_what_is_listed_as_apart_never_meets(name):
    exercise = exercises.find(name)
    conditions = exercise.conditions
    found = set().union(*conditions.met(cases(exercise, 5)).values())
    if conditions.draw:
        rng = np.random.default_rng(1)
        found |= set().union(*conditions.met([conditions.draw(rng) for _ in range(100)]).values())
    families = [frozenset(pair) for family in conditions.families
                for pair in itertools.combinations(family, 2)]
    assert not found & {*families, *map(frozenset, conditions.apart)}


@every_exercise
def test_the_right_answer_is_asked_in_every_drawn_case(name):
    """What `draw` gives lies within the contract: the reference answers it."""
    exercise = exercises.find(name)
    if exercise.conditions.draw:
        rng = np.random.default_rng(2)
        for _ in range(30):
            exercise.expected(exercise.conditions.draw(rng))


WINDOWED = ["conv_forward_naive", "conv_backward_naive", "local_forward_naive",
            "local_backward_naive", "max_pool_forward_naive", "max_pool_backward_naive", "im2col",
            "col2im", "conv_forward_fast", "conv_backward_fast"]


@pytest.mark.parametrize("name", WINDOWED)
def test_three_conditions_meet_in_a_visible_case(name):
    """All of them, but for those that never meet in small layers at all."""
    exercise = exercises.find(name)
    conditions = exercise.conditions
    rng = np.random.default_rng(4)
    possible = conditions.met([conditions.draw(rng) for _ in range(500)], 3)
    for result, met in conditions.met(cases(exercise, None), 3).items():
        assert len(possible[result] - met) <= 0.01 * len(possible[result])


def test_of_two_covering_arrays_one_brings_every_three_together_and_one_every_two():
    candidates = [row for row in itertools.product("ab", "cd", "efg", "hi")
                  if row[:2] != ("a", "c")]
    visible, hidden = ([candidates[k] for k in chosen] for chosen in covering(candidates))

    def together(rows, count):
        return {found for row in rows for found in itertools.combinations(row, count)}

    assert together(visible, 3) == together(candidates, 3)
    assert together(hidden, 2) == together(candidates, 2)
    assert len(hidden) < len(visible) < len(candidates)


def test_every_two_conditions_meet_several_times_in_visible_cases_and_further_ones_are_added():
    families = ({"low": lambda a, b: a < 5, "high": lambda a, b: a >= 5},
                {"even": lambda a, b: b % 2 == 0, "odd": lambda a, b: b % 2 == 1})
    conditions = Conditions(families, draw=lambda rng: tuple(map(int, rng.integers(0, 10, 2))),
                            further=(3, 4))
    group = meeting(conditions, "odd", times=5)
    drawn = group(np.random.default_rng(0))
    assert all(sum(set(pair) <= set(conditions.holding(*case)) for case in drawn) >= 5
               for pair in (("low", "even"), ("high", "even")))
    further = [conditions.draw(np.random.default_rng(seed)) for seed in (3, 4)]
    assert [case for case in further if case[1] % 2 == 0] == conditions.further_cases(["odd"])
    assert not any(b % 2 for _, b in drawn)
    assert len(list(group.hidden(np.random.default_rng(0)))) < len(drawn)


def test_conditions_that_cannot_meet_are_reported():
    conditions = Conditions(({"small": lambda n: n < 5}, {"large": lambda n: n > 5}),
                            draw=lambda rng: (int(rng.integers(10)),))
    with pytest.raises(RuntimeError, match="large and small"):
        list(meeting(conditions)(np.random.default_rng(0)))
    apart = Conditions(conditions.families, apart=(("small", "larger"),))
    with pytest.raises(ValueError, match="larger"):
        apart.together()


def test_hidden_layers_have_other_sizes_for_other_seeds():
    drawn = {seed: list(windows.layers(np.random.default_rng(seed), hidden=True))
             for seed in range(3)}
    assert drawn[0] != drawn[1] != drawn[2] and len({len(d) for d in drawn.values()}) == 1


def test_the_generator_of_hidden_cases_draws_what_numpy_s_would():
    rng, same, other = (QuickGenerator(seed) for seed in ((3, 4), (3, 4), (3, 5)))
    drawn = [rng.integers(-1, 3) for _ in range(2000)]
    assert drawn == [same.integers(-1, 3) for _ in range(2000)]
    assert drawn != [other.integers(-1, 3) for _ in range(2000)]
    assert all(type(one) is int for one in drawn) and set(drawn) == {-1, 0, 1, 2}
    # Each a quarter of the time: 500 of 2,000, give or take five standard deviations.
    assert all(403 < drawn.count(one) < 597 for one in range(-1, 3))
    many = rng.integers(-1, 3, (40, 50))
    assert many.dtype == np.int64 and set(many.ravel()) == {-1, 0, 1, 2}
    assert {rng.integers(3) for _ in range(100)} == {0, 1, 2}
    assert sorted(rng.permutation(5)) == [0, 1, 2, 3, 4]


def test_the_products_of_a_neuron_never_cancel_for_float32():
    neuron = exercises.find("neuron")
    sums = [abs(float((x * w).sum() + b)) for seed in (None, *range(60))
            for x, w, b in cases(neuron, seed)]
    assert len(sums) > 1500 and min(sums) > 0.1


def shapes(value):
    """What a careless cache takes for its key: shapes and whole numbers."""
    if isinstance(value, (list, tuple)):
        return tuple(map(shapes, value))
    if isinstance(value, dict):
        return tuple((name, shapes(one)) for name, one in value.items())
    return np.shape(value) if isinstance(value, (np.ndarray, float)) else value


@pytest.mark.parametrize("name", [
    name for name in exercises.names() if name not in ("ConvNet", "train") and any(
        isinstance(one, np.ndarray) for one in exercises.find(name).cases(
            list(exercises.find(name).groups)[0])[0])])
def test_what_is_kept_by_the_shape_of_the_input_is_wrong_in_a_visible_case(name):
    """Else `check` would pass what loses its points."""
    exercise, kept = exercises.find(name), {}
    for case in cases(exercise, None):
        first = kept.setdefault(shapes(case), case)
        right = exercise.expected(case)
        if any(difference(result, value, right[result])
               for result, value in exercise.expected(first).items()):
            return
    pytest.fail("no two visible cases have the same shapes and settings, and other results")
