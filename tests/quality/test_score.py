"""One lesson is measured again, and the page in docs says the same."""

import numpy as np
import pytest

from quality import page, steady
from quality.answers import answers, lesson_names
from quality.equivalent import EQUIVALENT
from quality.interactions import interactions
from quality.score import _graded, _trouble, score

pytestmark = pytest.mark.slow

LESSON = "01_spatial_arithmetic"


@pytest.fixture(scope="module")
def scores():
    return score([LESSON])


def test_the_page_says_what_is_measured(scores):
    stored = page.stored("mutants", page.PAGE.read_text(encoding="utf-8"))
    for one in scores:
        row = "| " + " | ".join(map(str, page.exercise_row(one))) + " |"
        assert row in stored, f"{one.name}: run python -m quality --write"


def test_a_misconception_that_only_ever_stops_is_told_by_its_exception():
    answer = next(a for a in answers("02_convolution_forward") if a.name == "zero_pad")
    answer.space()
    known = {m.name: m for m in answer.exercise.misconceptions}
    stops = known["slice to minus pad"]
    lost = _graded((answer, stops), names=True)
    assert {outcome for outcome, _ in lost.values()} == {"error"}
    assert _trouble(stops, lost) == ""
    assert "is not told" in _trouble(known["all four axes padded"], lost)


def test_mutants_get_lost_as_they_should(scores):
    for one in scores:
        assert len(one.lost) > 10
        assert not one.stale, "listed in quality/equivalent.py, but caught or gone"
        assert one.diagnosed == len(one.misconceptions) >= 3, one.misconceptions
        assert all(set(groups) <= set(one.groups) for groups in one.lost.values())


def test_a_dropped_padding_costs_the_groups_with_padding_and_no_other(scores):
    found = next(one for one in scores if one.name == "conv_output_size")
    lost = {label.partition(" -> ")[2]: groups for label, groups in found.lost.items()}
    assert lost["room = W - F"] == ("padding", "stride and padding", "does not fit",
                                    "everything at once")
    assert lost["return room + 1"] == ("stride", "stride and padding", "everything at once")


def test_every_listed_exercise_exists_and_has_reasons():
    known = {(answer.lesson, answer.name) for lesson in lesson_names() for answer in
             answers(lesson)}
    assert set(EQUIVALENT) <= known
    assert all(reason for listed in EQUIVALENT.values() for reason in listed.values())


def test_the_float32_answer_works_in_float32():
    answer = next(a for a in answers("02_convolution_forward") if a.name == "conv_forward_naive")
    exercise, functions = steady._submitted(answer, steady.FLOAT32)
    out, _ = exercise.play(functions, *exercise.cases("stride and padding")[0])
    assert out.dtype == np.float32


def test_right_answers_are_right_and_steady_for_some_seeds():
    found = steady.steadiness([LESSON], seeds=3)
    right = [one for one in found if one.submission in (steady.RIGHT, steady.FLOAT32)]
    assert len(right) == 2 * len(answers(LESSON)) and not any(one.fails for one in right)


def test_what_depends_on_the_seed_is_reported():
    def one(**fields):
        return steady.Steadiness(LESSON, "f", **{"submission": steady.RIGHT, "seeds": 5,
                                                 "visible": (), "hidden": {}, "refused": {}}
                                 | fields)

    assert one().steady and one(refused={"g": 5}).steady
    assert one(submission="bias forgotten", visible=("g",), hidden={"h": 5}).steady
    text = page.seeds_text([one(refused={"g": 1}), one(submission=steady.FLOAT32, hidden={"k": 5}),
                            one(submission="bias forgotten", hidden={"h": 2})])
    assert "**0 of 3 submissions**" in text
    assert "loses “h” for 2 of 5 seeds" in text and "loses “k” for 5 of 5 seeds" in text
    assert "“g” asks for a ValueError for 1 of 5 seeds" in text


def test_a_section_of_the_page_is_replaced_alone():
    text = page.PAGE.read_text(encoding="utf-8")
    changed = page.replaced("seeds", text, "new")
    assert page.stored("seeds", changed) == "new"
    assert page.stored("mutants", changed) == page.stored("mutants", text)
    with pytest.raises(ValueError, match="put them back"):
        page.replaced("seeds", "an empty page", "new")


def test_interaction_mutants_of_a_small_exercise_lose_points_but_for_one_in_a_hundred(monkeypatch):
    """Pairs meet by construction; a mutant that shows under a third condition needs a triple."""
    monkeypatch.setattr("quality.interactions.SEEDS", 600)
    one, = interactions(["02_convolution_forward"], every=12, times=10, only={"conv1x1"})
    assert one.caught > 200 and one.surviving <= 0.01 * one.caught, one.survivors
