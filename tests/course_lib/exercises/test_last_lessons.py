"""What must hold for every exercise of lessons 07 and 08."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from autograder.lesson import read_lesson
from course_lib.exercises import architectures, convnet
from course_lib.judging import judge
from course_lib.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG

SEEDS = range(20)
# Recognising a mistake means trying all of them: fewer seeds where that is done.
SOME = (None, *range(8))
EXERCISES = convnet.EXERCISES + architectures.EXERCISES
BIG = ("ConvNet", "train", "softmax_loss", "count_params", "count_macs")
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"


def verdicts(exercise, function, seeds):
    """(group, verdict) when a student's functions answer as `function` does."""
    for group in exercise.groups:
        for seed in seeds:
            cases = iter(exercise.cases(group, seed))
            played = dataclasses.replace(
                exercise, play=lambda functions, *args, cases=cases: function(*next(cases)))
            yield group, judge(played, (), group, seed)


@every_exercise
def test_the_reference_passes_every_group(exercise):
    for group, verdict in verdicts(exercise, exercise.reference, SEEDS):
        assert verdict.outcome == PASSED, f"{group}: {verdict.text()}"


def text(value):
    if isinstance(value, np.ndarray):
        return repr(value.tolist())
    if isinstance(value, (list, tuple)):
        return "".join(map(text, value))
    return repr(value)


@every_exercise
def test_hidden_cases_are_fresh_and_visible_ones_are_not(exercise):
    for group in exercise.groups:
        assert text(exercise.cases(group)) == text(exercise.cases(group))
        assert len({text(exercise.cases(group, seed)) for seed in SEEDS}) > len(SEEDS) // 3


@every_exercise
def test_every_case_is_described_in_one_line(exercise):
    for group in exercise.groups:
        for case in exercise.cases(group):
            described = exercise.describe(*case)
            assert described and "\n" not in described and "array(" not in described


@pytest.mark.parametrize(
    ("exercise", "misconception"),
    [pytest.param(e, m, id=f"{e.name}-{m.name}") for e in EXERCISES for m in e.misconceptions],
)
def test_a_misconception_loses_points_and_earns_its_own_sentence(exercise, misconception):
    lost = dict.fromkeys(exercise.groups, 0)
    for group, verdict in verdicts(exercise, misconception.wrong, SOME):
        if verdict.outcome == WRONG:
            assert verdict.misconception == misconception.name, f"{group}: {verdict.text()}"
            lost[group] += 1
    assert max(lost.values()) == len(SOME), f"always caught by no group: {lost}"


@pytest.mark.parametrize(
    ("name", "mistake", "groups"),
    [
        ("flat_size", "padding forgotten", {"padding"}),
        ("flat_size", "height for both", {"non-square images"}),
        ("softmax_loss", "loss summed over images", {"loss of many images"}),
        ("softmax_loss", "gradient not divided", {"gradient of many images"}),
        ("softmax_loss", "whole columns picked", {"gradient of many images"}),
        ("ConvNet", "best image for each class", {"predict"}),
        ("ConvNet", "softmax twice", {"loss", "affine gradients", "conv gradients",
                                      "non-square images"}),
        ("ConvNet", "ReLU left out on the way back", {"conv gradients", "non-square images"}),
        ("ConvNet", "gradient to all pixels", {"conv gradients", "non-square images"}),
        ("train", "losses after the step", {"losses"}),
        ("train", "last batch left out", {"batches"}),
        ("train", "labels left behind", {"batches"}),
        ("train", "same order in every epoch", {"shuffling"}),
        ("occlusion_map", "first channel covered", {"colour images"}),
        ("count_params", "biases forgotten", {"biases", "whole networks"}),
        ("count_params", "fully connected to the depth alone",
         {"fully connected", "biases", "whole networks"}),
        ("count_params", "pooling counted", {"pooling", "whole networks"}),
        ("count_params", "groups ignored", {"groups"}),
        ("count_macs", "places of the input", {"stride and padding", "whole networks"}),
        ("count_macs", "width for both", {"whole networks"}),
        ("memory", "bytes forgotten", {"bytes"}),
        ("wrong_claims", "too large only", {"too small"}),
        ("wrong_claims", "rounded numbers called wrong", {"rounded numbers"}),
        ("fc_to_conv", "channels last", {"square volumes", "non-square volumes"}),
        ("dilate", "zeros at the end", {"gaps", "non-square filters"}),
        ("depthwise_forward", "bias forgotten", {"bias"}),
    ],
)
def test_a_single_mistake_costs_the_part_it_concerns(name, mistake, groups):
    exercise = next(e for e in EXERCISES if e.name == name)
    wrong = next(m.wrong for m in exercise.misconceptions if m.name == mistake)
    lost = {group for group, verdict in verdicts(exercise, wrong, SOME) if not verdict.passed}
    assert lost == groups


@every_exercise
def test_mistakes_have_names_and_sentences_of_their_own(exercise):
    assert len(exercise.misconceptions) >= (8 if exercise.name in BIG else 3)
    for one in ("name", "sentence"):
        texts = [getattr(m, one) for m in exercise.misconceptions]
        assert len(set(texts)) == len(texts)
    assert all(m.sentence.rstrip(")").endswith((".", "?")) for m in exercise.misconceptions)


def helpers(name):
    """The functions and classes that are handed to `check` behind the student's own."""
    if name == "relu_backward":
        return (lambda x: (np.maximum(x, 0), x),)
    if name != "train":
        return ()
    cells = read_lesson(SOLUTIONS / "07_convnet.py").cells
    space = {"np": np}
    exec(next(c.source for c in cells if (c.role, c.name) == ("given", "PracticeNet")), space)
    return (space["PracticeNet"],)


def blank(*args):
    raise NotImplementedError


@every_exercise
def test_blank_empty_and_crashing_answers(exercise):
    more = helpers(exercise.name)
    for group in exercise.groups:
        assert judge(exercise, (blank, *more), group).outcome == NOT_ATTEMPTED
        nothing = judge(exercise, (lambda *args: None, *more), group)
        assert nothing.outcome in (WRONG, ERROR) and nothing.misconception is None
        crash = judge(exercise, (lambda *args: {}["nowhere"], *more), group)
        assert crash.outcome == ERROR and "KeyError" in crash.headline
