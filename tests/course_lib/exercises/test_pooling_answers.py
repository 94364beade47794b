"""Answers to lesson 05 as people really write them: right ones pass, wrong ones lose their part."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from played import assert_passes
from pooling_styles import ANSWERS, over_outputs, settings, sizes

from autograder.lessons.lesson import read_lesson
from course_lib import data
from course_lib.exercises import pooling
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR, WRONG
from course_lib.mistakes.pooling import backward, forward
from course_lib.reference.pooling import max_pool_forward
from tests.thorough import SEEDS

pytestmark = pytest.mark.slow

EXERCISES = {e.name: e for e in pooling.EXERCISES}
LESSON = Path(__file__).resolve().parents[3] / "solutions" / "05_pooling.py"


@pytest.mark.filterwarnings("ignore:something harmless")
@pytest.mark.parametrize(("name", "functions"), ANSWERS)
def test_right_answers_of_every_style_pass(name, functions, capfd):
    assert_passes(EXERCISES[name], functions, SEEDS)
    assert not capfd.readouterr().err


def test_every_exercise_has_six_right_answers():
    for name in EXERCISES:
        assert sum(one == name for one, _ in ANSWERS) >= 6, name


def windows_of(x, param=None, *_):
    """The windows of a case, each as a row of numbers; of a map alone, the map."""
    if param is None:
        return x.reshape(1, -1)
    h, w, s = settings(param)
    found = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(2, 3))
    return found[:, :, ::s, ::s].reshape(-1, h * w)


def test_no_window_has_equal_numbers_so_every_rule_for_ties_is_right():
    for exercise in EXERCISES.values():
        for group in exercise.groups:
            for seed in SEEDS:
                for case in exercise.cases(group, seed):
                    for window in windows_of(*case):
                        assert len(np.unique(window)) == window.size


def lost_groups(name, functions):
    exercise = EXERCISES[name]
    return {group for group in exercise.groups
            if not all(judge(exercise, functions, group, seed).passed for seed in SEEDS)}


@pytest.mark.parametrize(
    ("mistake", "groups"),
    [
        ("maximum starts at 0", {"negative values"}),
        ("magnitude for value", {"negative values"}),
        ("first map for all", {"many maps"}),
        ("first image for all", {"many images"}),
        ("windows not strided", {"stride"}),
        ("stride ignored", {"stride"}),
        ("height for both", {"non-square windows"}),
        ("height and width exchanged", {"non-square windows"}),
    ],
)
def test_a_mistake_forwards_costs_the_part_it_concerns(mistake, groups):
    exercise = EXERCISES["max_pool_forward_naive"]
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    lost = lost_groups(exercise.name, [lambda *args: (wrong(*args), None)])
    assert lost == groups | {"everything at once"}


def backward_as(wrong):
    """A student's pair of functions whose way back is wrong(x, pool_param, dout)."""
    return [lambda dout, cache: wrong(*cache, dout), over_outputs(np.max)]


@pytest.mark.parametrize(
    ("mistake", "groups"),
    [
        ("= for += on the window", {"overlapping windows"}),
        ("= for += at the maximum", {"overlapping windows"}),
        ("height for both", {"non-square windows"}),
        ("places of the first map", {"many maps"}),
        ("places of the first image", {"many images"}),
        ("largest magnitude", {"one window"}),  # whose maximum may be 0, the others below
        ("dout turned", {"many windows", "overlapping windows", "non-square windows"}),
        ("corner forgotten", {"many windows", "overlapping windows", "non-square images",
                              "non-square windows"}),
    ],
)
def test_a_mistake_backwards_costs_the_part_it_concerns(mistake, groups):
    exercise = EXERCISES["max_pool_backward_naive"]
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    lost = lost_groups(exercise.name, backward_as(wrong))
    # Exchanged rows and columns of a map that is not square do not even fit.
    assert lost - {"non-square images"} == groups - {"non-square images"} | {"everything at once"}


def loop_over_the_input(x, pool_param):
    """Published: right where windows stand side by side, off the edge where they overlap."""
    h, w, s = settings(pool_param)
    out = np.zeros(sizes(x, pool_param))
    for i in range(0, x.shape[2], s):
        for j in range(0, x.shape[3], s):
            out[:, :, i // s, j // s] = x[:, :, i : i + h, j : j + w].max(axis=(2, 3))
    return out, None


def size_by_the_window(x, pool_param):
    """Published: the number of windows without the stride."""
    h, w, s = settings(pool_param)
    out = np.zeros((*x.shape[:2], x.shape[2] // h, x.shape[3] // w))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, i * s : i * s + h, j * s : j * s + w].max()
    return out, None


@pytest.mark.parametrize(
    ("student", "right", "name"),
    [
        (loop_over_the_input, {"many maps", "many images", "negative values"}, None),
        (size_by_the_window, {"many maps", "many images", "negative values", "large window"},
         "size from the window"),
    ],
)
def test_published_mistakes_forwards_lose_their_part_and_get_no_wrong_hint(student, right, name):
    exercise = EXERCISES["max_pool_forward_naive"]
    lost = lost_groups(exercise.name, [student])
    assert lost == exercise.groups.keys() - right
    for group in lost:
        verdict = judge(exercise, [student], group, 5)
        assert verdict.outcome in (WRONG, ERROR) and verdict.misconception == name


def split_by_the_height(dout, cache):
    """Published: the flat place divided by the wrong side."""
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        place = x[n, c, i * s : i * s + h, j * s : j * s + w].argmax()
        dx[n, c, i * s + place // h, j * s + place % h] += dout[n, c, i, j]
    return dx


def place_compared_with_values(dout, cache):
    """Published: where the numbers of the window equal the index of the maximum, which is never."""
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * s : i * s + h, j * s : j * s + w]
        dx[n, c, i * s : i * s + h, j * s : j * s + w] += (
            window == window.argmax()) * dout[n, c, i, j]
    return dx


@pytest.mark.parametrize(
    ("student", "groups"),
    [
        (split_by_the_height, {"non-square windows", "everything at once"}),
        (place_compared_with_values, set(EXERCISES["max_pool_backward_naive"].groups)),
    ],
)
def test_published_mistakes_backwards_lose_their_part_and_get_no_wrong_hint(student, groups):
    functions = [student, over_outputs(np.max)]
    assert lost_groups("max_pool_backward_naive", functions) == groups
    for group in groups:
        verdict = judge(EXERCISES["max_pool_backward_naive"], functions, group, 5)
        assert verdict.outcome in (WRONG, ERROR) and verdict.misconception is None


# Two mistakes at once: groups keep them apart, and no hint names a third one.

FORWARD = {label: change for label, _, change, *_ in (*forward.PLACES, *forward.SIDES)} | {
    "maximum starts at 0": {"fold": lambda patch, axis: patch.max(axis=axis, initial=0)},
    "average for maximum": {"fold": np.mean},
    "magnitude for value": {"fold": lambda patch, axis: np.abs(patch).max(axis=axis)}}
BACKWARD = {label: how for label, _, how, *_ in backward.MAX_BACKWARD}


def pairs(changes):
    """(names, both changes) for every two mistakes that are not about the same thing."""
    return [pytest.param({one, other}, first | second, id=f"{one} and {other}")
            for (one, first), (other, second) in itertools.combinations(changes.items(), 2)
            # Two mistakes that together are a known third one have that one's sentence.
            if not first.keys() & second.keys() and first | second not in changes.values()]


def named(exercise, functions):
    """The mistakes that the verdicts of all groups name; None for a group without a hint."""
    verdicts = [judge(exercise, functions, group, 5) for group in exercise.groups]
    assert not all(v.passed for v in verdicts)
    return {v.misconception for v in verdicts if not v.passed}


# What is true of some pairs as well: the window as the stride makes as many places as the size from
# the window does; a size without the stride is that of stride 1, and windows of stride times stride
# pixels are single numbers for stride 1. Windows one pixel apart whose places are left out are
# those that are written at the number of their pixel.
TRUE_AS_WELL = {"window as stride": "size from the window", "stride ignored":
                "size without the stride", "size without the stride": "stride ignored",
                "stride as window": "one number of each window",
                "places left out": "written at the pixel"}


@pytest.mark.parametrize(("names", "changes"), pairs(FORWARD))
def test_of_two_mistakes_forwards_hints_name_these_or_none(names, changes):
    found = named(EXERCISES["max_pool_forward_naive"],
                  [lambda *args: (forward.pool(*args, **changes), None)])
    assert found <= names | {TRUE_AS_WELL.get(name) for name in names} | {None}


@pytest.mark.parametrize(("names", "changes"), pairs(BACKWARD))
def test_of_two_mistakes_backwards_hints_name_these_or_none(names, changes):
    changes = {"share": backward.winner} | changes
    found = named(EXERCISES["max_pool_backward_naive"],
                  backward_as(lambda *args: backward.unpool(*args, **changes)))
    # Some pairs have a sentence of their own.
    assert found <= names | {", ".join(pair) for pair in itertools.permutations(names)} | {None}


# What the lesson says.


def friends_code():
    source, = [c.source for c in read_lesson(LESSON).cells
               if c.role == "try" and "def friends_avg_pool_backward(" in c.source]
    space = {"np": np, "avg_pool_forward_naive": over_outputs(np.mean)}
    exec(source, space)
    return space["friends_avg_pool_backward"]


def test_the_friends_bug_shows_where_windows_overlap_and_nowhere_else(capsys):
    exercise, functions = EXERCISES["avg_pool_backward_naive"], [
        friends_code(), over_outputs(np.mean)]
    assert "0.25\n" in capsys.readouterr().out
    for seed in SEEDS:
        assert judge(exercise, functions, "windows side by side", seed).passed
        verdict = judge(exercise, functions, "overlapping windows", seed)
        assert (verdict.outcome, verdict.misconception) == (WRONG, "= for +=")


def test_the_numbers_that_the_lesson_tells_are_measured():
    images = data.digits("test")[0]
    blocks = images.reshape(-1, 4, 2, 4, 2).swapaxes(2, 3).reshape(-1, 4)
    ties = (blocks == blocks.max(axis=1, keepdims=True)).sum(axis=1) > 1
    black = blocks.max(axis=1) == 0
    assert round(100 * ties.mean()) == 41 and 0.64 < black.sum() / ties.sum() < 0.68

    image = np.pad(images[13:14], ((0, 0), (0, 0), (2, 2), (2, 2)))
    moved = np.roll(image, 1, axis=3)
    changed = [(max_pool_forward(image, side, side, side)[0]
                != max_pool_forward(moved, side, side, side)[0]).sum() for side in (1, 2, 4)]
    assert changed == [37, 7, 2] and data.digits("test")[1][13] == 6

    wrong = {m.name: m.wrong for m in EXERCISES["max_pool_backward_naive"].misconceptions}
    x = np.random.default_rng(3).permutation(81).reshape(1, 1, 9, 9).astype(float)
    for stride, places in ((3, 0), (2, 4)):
        side = (9 - 3) // stride + 1
        case = x, {"pool_height": 3, "pool_width": 3, "stride": stride}, np.ones((1, 1, side, side))
        right = EXERCISES["max_pool_backward_naive"].reference(*case)
        assert (wrong["= for += at the maximum"](*case) != right).sum() == places
