"""Every outcome of a check has its own sentence, and a hint is given on a match only."""

import dataclasses
import importlib
import subprocess
import sys
import warnings

import numpy as np
import pytest

from course_lib import exercises
from course_lib.judging.compare import close, difference
from course_lib.judging.exercise import Exercise, Misconception, set_salt
from course_lib.judging.judge import judge
from course_lib.judging.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG

# `course_lib.check` is the function as well as the module it comes from.
check_module = importlib.import_module("course_lib.check")


def scaled(x, w):
    return 2 * x + w


def draw(rng):
    return [(rng.normal(size=(2, 3, 4)), float(rng.normal())) for _ in range(3)]


def no_negative_sizes(n):
    if n < 0:
        raise ValueError("n is negative")
    return n + 1


ARRAY = Exercise(
    "scale", scaled, {"values": draw, "more": draw}, lambda x, w: f"x {x.shape}",
    misconceptions=(
        Misconception("w forgotten", "Something is missing.", lambda x, w: 2 * x),
        Misconception("crashes", "Never to be seen.", lambda x, w: x @ x),
    ))
PAIR = Exercise("pair", scaled, {"values": draw}, lambda x, w: "a pair",
                results=("out", "cache"), judged=("out",))
WHOLE = Exercise("whole", no_negative_sizes, {"values": lambda rng: [(3,), (-1,)]},
                 lambda n: f"n = {n}")


def verdict(function, exercise=ARRAY, **more):
    return judge(exercise, (function,), "values", **more)


def test_right_in_any_real_dtype():
    for dtype in ("float64", "float32"):
        assert verdict(lambda x, w, t=dtype: (2 * x.astype(t) + w).astype(t)).outcome == PASSED
    assert verdict(lambda x, w: (2 * x + w, {"any": "cache"}), PAIR).outcome == PASSED


def test_a_hint_is_given_when_the_numbers_match_and_only_then():
    hinted = verdict(lambda x, w: x + x)
    assert (hinted.outcome, hinted.misconception) == (WRONG, "w forgotten")
    assert "Something is missing." in hinted.text() and "Something is missing." in hinted.html()
    unknown = verdict(lambda x, w: 2 * x + w + 1e-2)
    assert (unknown.outcome, unknown.hint) == (WRONG, None)


def test_a_hint_has_to_explain_every_wrong_case():
    calls = iter(range(10))
    assert verdict(lambda x, w: 2 * x if next(calls) else 2 * x + 7).hint is None


def raising(x, w):
    y = x[0]
    return y[17]


OUTCOMES = [
    (lambda x, w: None, WRONG, "is None"),
    (lambda x, w: (2 * x + w).tolist(), WRONG, "should be a NumPy array; yours is a list"),
    (lambda x, w: np.array(["a"]), WRONG, "array of real numbers"),
    (lambda x, w: (2 * x + w)[0], WRONG, "has shape (3, 4); it should be (2, 3, 4)"),
    (lambda x, w: (2 * x + w).transpose(0, 2, 1), WRONG, "transpose(0, 2, 1) fits"),
    (lambda x, w: np.zeros((4, 3, 2)), WRONG, "some axes are exchanged"),
    (lambda x, w: np.where(x < 9, np.nan, 0), WRONG, "no finite number"),
    (lambda x, w: 2 * x + w + (np.arange(24) == 5).reshape(2, 3, 4), WRONG, "1 of 24 values"),
    (raising, ERROR, "IndexError: index 17 is out of bounds"),
    (lambda x, w: sys.exit(), ERROR, "SystemExit"),
    (lambda x: x, ERROR, "cannot be called"),
]


@pytest.mark.parametrize("function, outcome, sentence", OUTCOMES)
def test_each_kind_of_wrong_has_its_own_sentence(function, outcome, sentence):
    given = verdict(function)
    assert given.outcome == outcome
    assert sentence in given.headline


def test_where_yours_and_expected_are_shown_for_visible_cases():
    def one_off(x, w):
        out = scaled(x, w)
        out[1, 2, 3] = 99
        return out

    facts = dict(verdict(one_off).facts)
    assert facts["Where"] == "index [1, 2, 3]" and facts["Yours"] == "99"
    assert facts["Case"] == "x (2, 3, 4)" and "Expected" in facts


def test_an_error_is_shown_at_the_students_line_with_the_shapes_at_hand():
    facts = dict(verdict(raising).facts)
    assert "return y[17]" in facts.values()
    assert "Line" in "".join(facts) and "of raising" in "".join(facts)
    assert facts["At that line"] == "y (3, 4), x (2, 3, 4)"


def test_an_entry_is_told_in_words_where_the_result_is():
    right = [(8, 2.0), (9, 3.0)]
    assert difference("the list", [(8, 2.0), 9], right).sentence == (
        "entry [1] of the list should be a tuple; yours is 9.")
    assert difference("the list", [(7, 2.0), (9, 3.0)], right).sentence == (
        "entry [0][0] of the list has the wrong value.")
    assert difference("grads", {"w": 1.0}, {"w": 2.0}).sentence == (
        "grads['w'] has the wrong value.")


def test_the_number_of_results_is_told():
    assert "should return 2 things, (out, cache)" in verdict(scaled, PAIR).headline
    alone = verdict(lambda x, w: [scaled(x, w)], PAIR).headline
    assert "yours returns one, within brackets." in alone
    assert "end with “return out, cache”" in verdict(lambda x, w: None, PAIR).headline


def test_refusals():
    assert verdict(no_negative_sizes, WHOLE).outcome == PASSED
    assert "should be refused with a ValueError" in verdict(lambda n: n + 1, WHOLE).headline

    def other(n):
        if n < 0:
            raise KeyError(n)
        return n + 1

    assert "but you raise KeyError" in verdict(other, WHOLE).headline


def test_counting_results_are_ints():
    assert "/ and //" in verdict(lambda n: no_negative_sizes(n) / 1, WHOLE).headline
    assert verdict(lambda n: np.int64(no_negative_sizes(n)), WHOLE).outcome == PASSED
    assert "whole number" in verdict(lambda n: str(no_negative_sizes(n)), WHOLE).headline
    # One of NumPy's small types has no room for the difference from a large number.
    assert "wrong value" in difference("n", np.int8(3), 70_163).sentence


def test_axes_of_length_1_that_are_lost_or_left_are_told():
    right = np.arange(6.0).reshape(1, 2, 3)
    assert "have got lost" in difference("x", right[0], right).sentence
    assert "too many" in difference("x", right[None], right).sentence
    assert "length 1" not in difference("x", right[0] + 1, right).sentence


def test_not_attempted_is_its_own_outcome():
    def stub(x, w):
        raise NotImplementedError()

    assert verdict(stub, dataclasses.replace(ARRAY, name="stub")).headline == "not attempted yet."
    assert verdict(stub).outcome == NOT_ATTEMPTED

    def scale(x, w):
        return stub(x, w)

    given = verdict(scale)
    assert given.outcome == NOT_ATTEMPTED and "waits for stub" in given.headline


def test_changing_the_inputs_is_told_and_costs_nothing():
    def in_place(x, w):
        x *= 2
        x += w
        return x

    given = verdict(in_place)
    assert given.passed and "changes its input" in given.text()


def test_a_tuple_that_holds_what_is_wanted_is_told_where():
    right, other = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    for value, words in (
            ((right, (1, 2)), "a tuple of 2. Its first entry is right: is that one alone wanted?"),
            ((other, right, None), "Its second entry is right"),
            ((other, 3), "Its first entry is an array of the right shape")):
        assert words in difference("dx", value, right).sentence
    assert "take the entry with [0]" in difference("dx", (right, other), right).sentence
    # Of two that could be meant, or none, nothing is said.
    for value in ((other, other), (right, right), (3, 4), ((right,), 1), [right, other]):
        assert "entry" not in difference("dx", value, right).sentence
    assert "Its second entry is right" in difference("n", ("a", 3), 3).sentence
    assert "entry" not in difference("n", (4, 5), 3).sentence
    assert "Its first entry is an array of shape (2, 3, 1)" in difference(
        "dx", (right[..., None], (1, 2)), right).sentence
    for number, words in ((15.0, "yours is a single number, 15: the sum of all the numbers"),
                          (np.float64(2.5), "2.5: the mean of all the numbers"),
                          (4.0, "number, 4.")):
        assert words in difference("dx", number, right).sentence


def test_a_list_or_a_setting_that_a_function_changes_is_told_as_well():
    layers = dataclasses.replace(
        ARRAY, reference=lambda layers, param: len(layers),
        groups={"one": lambda rng: [([(3, 1), (5, 2)], {"pad": 1})]},
        describe=lambda layers, param: "two layers", misconceptions=())

    def emptied(layers, param):
        return len([layers.pop() for _ in range(len(layers))])

    def reset(layers, param):
        param["pad"] = 0
        return len(layers)

    def remembered(layers, param):
        param["seen"] = True
        return len(layers)

    for function, told in ((emptied, True), (reset, True), (remembered, False)):
        given = judge(layers, [function], "one")
        assert given.passed and bool(given.notes) == told


def test_what_is_kept_from_one_call_to_the_next_is_told():
    kept = []

    def summed(x, w):
        kept.append(1)
        return 2 * x + w + len(kept)

    def buffered(x, w, buffer={}):  # noqa: B006
        out = buffer.setdefault(x.shape, np.ones(x.shape))
        out += 2 * x + w
        return out

    for function in (summed, buffered):
        function(np.ones(3), np.ones(3))
        assert any("a second time" in note for note in verdict(function).notes)
    assert not any("a second time" in note for note in verdict(lambda x, w: 3 * x + w).notes)


def test_a_prediction_that_is_not_finite_is_compared_with_the_one_tolerance():
    predicted = np.array([np.nan, np.inf, -np.inf, 1000.0, 0.0])
    assert close(predicted + np.array([0, 0, 0, 0.05, 0.05]), predicted)
    for k, other in enumerate((0.0, -np.inf, np.nan, 1001.0, np.inf)):
        changed = predicted.copy()
        changed[k] = other
        assert not close(changed, predicted)


def test_warnings_and_stderr_cost_nothing_and_stay_off_stderr(capsys):
    def loud(x, w):
        warnings.warn("careful", stacklevel=1)
        print("thinking", file=sys.stderr)
        np.log(np.zeros(1))
        return 2 * x + w

    assert verdict(loud).passed
    assert capsys.readouterr().err == ""


def test_warnings_of_the_courses_own_wrong_algorithms_are_not_shown(recwarn):
    exercise = exercises.find("avg_pool_forward_naive")

    def divided_by_the_stride(x, pool_param):
        size = pool_param["pool_height"] * pool_param["pool_width"]
        return exercise.reference(x, pool_param) * size / pool_param["stride"] ** 2, None

    outcomes = [judge(exercise, (divided_by_the_stride,), group).outcome
                for group in exercise.groups]
    assert set(outcomes) == {WRONG} and [str(one.message) for one in recwarn] == []


def test_hidden_cases_are_told_by_their_settings_alone():
    given = verdict(lambda x, w: 2 * x, hidden_seed=5)
    assert {label for label, _ in given.facts} == {"Case", "Where"}
    assert given.hint == "Something is missing." and "hidden case" in given.headline


def test_hidden_cases_change_with_seed_and_salt_and_repeat_otherwise():
    def first(seed):
        return ARRAY.cases("values", seed)[0][1]

    try:
        assert first(1) == first(1) != first(2)
        before = first(1)
        set_salt(77)
        assert first(1) != before and ARRAY.cases("values")[0][1] == ARRAY.cases("values")[0][1]
    finally:
        set_salt(0)
    assert first(1) == before


def test_a_score_is_a_bare_number_for_nbgrader(monkeypatch):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    monkeypatch.setattr(check_module.exercises, "find", lambda name: ARRAY)
    score = check_module.test("scale", scaled, group="values", points=3)
    assert score._repr_mimebundle_()["text/plain"] == "3.0"
    assert score.on_hidden_cases(seed=4).earned == 3
    lost = check_module.test("scale", lambda x, w: x, group="values", points=3)
    assert isinstance(lost, check_module.Score) and repr(lost) == "0.0"
    count = len(shown)
    assert lost.on_hidden_cases(seed=4) is lost and len(shown) == count


def test_answers_for_the_visible_cases_alone_earn_nothing(monkeypatch):
    monkeypatch.setattr(check_module, "display", lambda shown: None)
    monkeypatch.setattr(check_module.exercises, "find", lambda name: ARRAY)
    known = {args[1]: scaled(*args) for args in ARRAY.cases("values")}
    score = check_module.test("scale", lambda x, w: known.get(w, x), group="values", points=3)
    assert score.earned == 3
    assert score.on_hidden_cases(seed=4).earned == 0


def test_check_shows_the_first_wrong_group_and_names_the_others(monkeypatch):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    monkeypatch.setattr(check_module.exercises, "find", lambda name: ARRAY)
    check_module.check("scale", scaled)
    assert [v.outcome for v in shown] == [PASSED]
    shown.clear()
    check_module.check("scale", lambda x, w: 2 * x)
    assert [v.outcome for v in shown] == [WRONG]
    assert shown[0].group == "values" and ("Also wrong", "more (values)") in shown[0].facts
    shown.clear()
    bad = ARRAY.cases("more")[0][1]
    check_module.check("scale", lambda x, w: 2 * x + w * (w != bad))
    assert shown[0].group == "more" and ("Already right", "values") in shown[0].facts


def test_unknown_exercises_and_groups_are_told():
    with pytest.raises(ValueError, match="no exercise is called 'convv'"):
        check_module.test("convv", scaled, group="values", points=1)
    with pytest.raises(ValueError, match="no group 'strid'; its groups are: values, more"):
        ARRAY.cases("strid")


def test_the_difference_is_drawn_for_visible_cases_only():
    def one_off(x, w):
        return scaled(x, w) + (np.arange(24) == 5).reshape(2, 3, 4)

    given = verdict(one_off)
    assert 'alt="result has the right shape, but 1 of 24 values is wrong.' in given.html()
    assert "yours - expected:" in given.text()
    assert verdict(one_off, hidden_seed=3).picture is None
    assert verdict(lambda x, w: None).picture is None


def test_a_wrong_algorithm_that_is_right_here_explains_nothing():
    exercise = Exercise(
        "count", lambda n: n + 1, {"values": lambda rng: [(2,)]}, lambda n: f"n = {n}",
        misconceptions=(Misconception("as a float", "Never to be seen.", lambda n: n + 1.0),))
    given = verdict(lambda n: n + 1.0, exercise)
    assert given.outcome == WRONG and given.hint is None


def test_importing_the_reference_imports_numpy_and_nothing_heavy():
    script = ("import sys, course_lib.reference.convolution; "
              "print([m for m in ('IPython', 'matplotlib', 'ipywidgets') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_picture_that_cannot_be_drawn_costs_nobody_the_words(monkeypatch):
    from course_lib import pictures

    def no_drawing(*args):
        raise OverflowError("these numbers cannot be drawn")

    monkeypatch.setattr(pictures, "difference", no_drawing)
    told = verdict(lambda x, w: 3 * x)
    assert told.arrays and told.picture is None
    assert "values are wrong" in told.text() and "values are wrong" in told.html()


@pytest.mark.parametrize(("terms", "right"), [([2.5, -1.25, -1.249999], True), ([1e-4], False)])
def test_terms_that_cancel_are_judged_by_their_own_size(terms, right):
    """In float32 their sum cannot be exact; a number that is wrong by a hundredth stays wrong."""
    expected = np.array([np.sum(terms)])
    yours = np.array([np.sum(terms, dtype=np.float32)]) if right else expected * 1.02
    assert (difference("out", yours, expected) is None) == right


def test_an_expected_array_with_a_nan_stops_no_comparison():
    """A mutant's result is compared with others' when the quality of the grader is measured."""
    assert difference("out", np.ones(2), np.array([np.nan, 1.0])) is None
    assert difference("out", np.array([1.0, np.inf]), np.ones(2)).kind == "nan"
