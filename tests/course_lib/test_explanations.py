"""What small tries show of a wrong answer: when, the smallest case, the sums; never a guess."""

import dataclasses
import importlib
import time

import nbformat
import numpy as np
import pytest

from autograder.course import ASSIGNMENTS
from course_lib import exercises, worlds
from course_lib.explanation import explain
from course_lib.judging import judge as judging
from course_lib.judging.exercise import Misconception
from course_lib.judging.explain.tries import Player, trying
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.pooling import max_pool_forward
from course_lib.student_error import StudentStopped
from course_lib.worlds import architectures
from quality.answers import answers, lesson_names

check_module = importlib.import_module("course_lib.check")


def forward(x, w, b, conv_param):
    return conv_forward(x, w, b, **conv_param)


def backward(dout, cache):
    return conv_backward(dout, cache)


def wrong_where(condition, name="conv_forward_naive"):
    """A forward convolution that is wrong where condition(x, w, b, conv_param) holds."""
    def convolution(x, w, b, conv_param):
        out, cache = forward(x, w, b, conv_param)
        return (out + 1 if condition(x, w, b, conv_param) else out), cache

    convolution.__name__ = name
    return convolution


def test_right_answers_of_all_exercises_are_never_called_wrong():
    for lesson in lesson_names():
        for answer in answers(lesson):
            assert explain(answer.exercise, answer.functions(answer.space())) is None, answer.name


def test_every_exercise_but_a_few_has_a_world_and_its_reference_accepts_every_try():
    without = set(exercises.names()) - set(worlds.names())
    assert without == {"train"}, "write a World in course_lib/worlds/, or name the exercise here"
    for name in worlds.names():
        world, exercise = worlds.find(name), exercises.find(name)
        for t in [*world.tries, *world.further[:10]]:
            exercise.expected(world.arguments(t))
            assert name in world.call.format(**{key: key for key in t | world.words(t)})


@pytest.mark.parametrize(("condition", "words"), [
    (lambda x, w, b, p: p["pad"] == 0, "pad is 0"),
    (lambda x, w, b, p: len(x) > 1, "there are several images"),
    (lambda x, w, b, p: w.shape[2] != w.shape[3], "HH and WW differ"),
    (lambda x, w, b, p: b.any() and len(x) > 1, "the bias is not 0 and there are several images"),
    (lambda x, w, b, p: p["stride"] > 1 or len(w) > 1,
     "stride is more than 1 or there are several filters"),
])
def test_the_rule_is_the_condition_of_the_mistake(condition, words):
    found = explain(exercises.find("conv_forward_naive"), (wrong_where(condition),))
    assert found.rule == words
    assert found.when[0].endswith(f"out was wrong exactly when {words}.")


def test_a_rule_is_true_on_fresh_larger_cases():
    world, exercise = worlds.find("conv_forward_naive"), exercises.find("conv_forward_naive")
    rng = np.random.default_rng(5)
    player = Player(world, exercise, (wrong_where(lambda x, w, b, p: len(w) > 1),), 100, 60)
    for _ in range(30):
        t = world.with_arrays(world.draw(rng, larger=True))
        assert bool(player.of(t)) == (t.F > 1)


def test_what_is_right_for_three_channels_alone_is_not_said_to_be_always_wrong():
    def neuron(x_patch, w, b):
        return sum((x_patch[c] * w[c]).sum() for c in range(3)) + b

    assert explain(exercises.find("neuron"), (neuron,), stopped="IndexError").rule != "always"
    found = explain(exercises.find("conv_forward_naive"),
                    (wrong_where(lambda x, w, b, p: len(w) > x.shape[1]),))
    assert found.rule == "F is more than C"


def test_that_a_result_was_asked_for_is_no_rule():
    """Only tries that ask for the labels can show that they are wrong."""
    answer = next(a for a in answers("07_convnet") if a.name == "ConvNet")

    def said(wrong):
        source = answer.source.replace("self.scores(X).argmax(axis=1)", wrong)
        functions = answer.functions(answer.space(source))
        return " ".join(explain(exercises.find("ConvNet"), functions).when)

    always = said("self.scores(X).argmax(axis=1) + 1")
    assert "that ask for it the array of labels was wrong each time" in always
    some = said("self.scores(X).argmax(axis=1) + (len(X) > 1)")
    assert "the array of labels was wrong exactly when there are several images." in some


def test_where_some_tries_have_to_be_refused_a_rule_is_told_as_it_is():
    def doubled(F):
        if F % 2 == 0:
            raise ValueError("no padding keeps the size for an even filter")
        return F - 1

    told = explain(exercises.find("same_padding"), (doubled,))
    assert told.when[0].endswith("exactly when F is more than 1 and F is odd.")


def test_a_mistake_without_a_rule_gets_none():
    found = explain(exercises.find("conv_forward_naive"),
                    (wrong_where(lambda x, w, b, p: (x.size * 7 + w.size) % 3 == 1),))
    assert found.rule == "" and not any("exactly" in sentence for sentence in found.when)


def test_what_no_tiny_try_shows_is_looked_for_in_larger_ones():
    """Pad 2 needs a window of three rows at least, and an even one has four."""
    wrong = wrong_where(lambda x, w, b, p: p["pad"] == 2 and w.shape[2] == 4)
    found = explain(exercises.find("conv_forward_naive"), [wrong], grading=True)
    (label, line), *_ = found.case
    assert label == "Smallest case" and "'pad': 2" in line and "v" in found.pattern
    other = wrong_where(lambda x, w, b, p: p["stride"] == 4)
    assert explain(exercises.find("conv_forward_naive"), [other]).pattern != found.pattern


def test_the_smallest_case_is_tiny_and_its_line_runs_and_shows_the_mistake():
    wrong = wrong_where(lambda x, w, b, p: p["stride"] == 2)
    case = dict(explain(exercises.find("conv_forward_naive"), (wrong,)).case)
    line = case["Smallest case"]
    yours = eval(line, {"np": np, "conv_forward_naive": wrong})
    right = eval(line, {"np": np, "conv_forward_naive": forward})
    assert not np.array_equal(yours, right)
    assert case["Yours there"] == str(yours.tolist()).replace(".0", ".")
    assert case["Expected there"] == str(right.tolist()).replace(".0", ".")
    assert line.count(".") - line.count("np.array") <= 4, line


def test_networks_are_written_with_the_functions_of_the_lessons_first_cell():
    cells = nbformat.read(ASSIGNMENTS / "08_architectures" / "08_architectures.ipynb", 4).cells
    space = {}
    exec(next(cell.source for cell in cells if cell.cell_type == "code"), space)
    world = worlds.find("count_params")
    tried = [*world.tries, *world.further]
    assert len({architectures.written(t) for t in tried}) > 40
    for t in tried:
        assert eval(architectures.written(t), space) == architectures.net(t)


def test_a_gradient_that_is_wrong_alone_is_named_and_so_is_what_stops():
    def stops(dout, cache):
        dx, dw, db = backward(dout, cache)
        if cache.stride > 1 if hasattr(cache, "stride") else dout.shape[2] > 1:
            dout[99]
        return dx, dw, db

    exercise = exercises.find("conv_backward_naive")
    found = explain(exercise, (lambda dout, cache: (*backward(dout, cache)[:2],
                                                    backward(dout, cache)[2] * len(dout)), forward))
    assert found.when[0].endswith("db was wrong exactly when there are several images.")
    found = explain(exercise, (stops, forward), stopped="IndexError")
    assert "it stopped with IndexError exactly when" in found.when[0]
    assert "stops with IndexError" in dict(found.case)["Yours there"]


def test_a_backward_that_inherits_the_fault_of_its_forward_says_whose_it_is():
    def forgets_padding(x, w, b, conv_param):
        out, _ = forward(x, w, b, conv_param)
        return 2 * out, forward(2 * x, w, b, conv_param)[1]

    found = explain(exercises.find("conv_backward_naive"), (backward, forgets_padding))
    assert any(s.startswith("Your conv_forward_naive, which makes the cache, is wrong itself")
               for s in found.when)
    right = explain(exercises.find("conv_backward_naive"),
                    (lambda dout, cache: [2 * d for d in backward(dout, cache)], forward))
    assert not any("makes the cache" in s for s in right.when)


@pytest.mark.parametrize(("helper", "old", "new", "name", "said"), [
    ("neuron", "+ b", "", "conv_forward_naive", "exactly when the bias is not 0"),
    ("relu_backward", "dout * (x > 0)", "dout", "ConvNet", "small tries of its own"),
    ("neuron", "+ b", "+ b", "conv_forward_naive", "")])
def test_an_answer_that_calls_a_wrong_one_says_so(helper, old, new, name, said):
    every = {a.name: a for lesson in lesson_names() for a in answers(lesson)}
    space = every[name].space()
    source = every[name].source if said else every[name].source.replace("H2 =", "H2 = -1 +")
    for cell in (every[helper].source.replace(old, new), source):
        exec(cell, space)
    found = explain(exercises.find(name), every[name].functions(space))
    told = [s for s in found.when if s.startswith(f"Your {helper}, which this one calls, is wrong")]
    assert said in told[0] if said else not any("which this one calls" in s for s in found.when)


def test_what_stops_just_as_a_known_wrong_algorithm_does_has_its_name():
    def cut(x, pad):
        out = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
        out[:, :, pad:-pad, pad:-pad] = x
        return out

    def cut_elsewhere(x, pad):
        around = [(0, 0), (0, 0), (pad, pad), (pad, pad)]
        return cut(x, pad) if x.shape[2] == x.shape[3] else np.pad(x, around)

    known = Misconception("cut at pad 0", "What is 0:-0?", cut)
    exercise = dataclasses.replace(exercises.find("zero_pad"), misconceptions=(known,))
    assert explain(exercise, (cut,), stopped="ValueError").name is known
    assert explain(exercise, (cut_elsewhere,), stopped="ValueError").name is None


@pytest.mark.parametrize("text", ["in the innermost loop\n", "x" * 100_000])
def test_of_what_a_function_prints_the_beginning_is_shown(text, capsys):
    def same_padding(F):
        for _ in range(500):
            print(text, end="")
        return F // 2

    for said in (lambda: check_module.check("same_padding", same_padding),
                 lambda: check_module.test(
                     "same_padding", same_padding, group="odd filters", points=1)):
        said()
        printed, _, rest = capsys.readouterr().out.partition("...")
        assert printed.startswith(text[:100]) and len(printed) <= 4001
        assert printed.count("\n") <= 40 and printed.endswith("\n")
        assert "call it in a cell of your own" in rest
        assert (" more lines" in rest) == ("loop" in text)


def test_what_a_function_prints_in_the_tries_is_not_shown(capsys):
    def loud(x, w, b, conv_param):
        print("here")
        return forward(x, w, b, conv_param)[0] + 1, None

    assert explain(exercises.find("conv_forward_naive"), (loud,))
    assert capsys.readouterr().out == ""


def test_sums_say_what_a_number_lacks_and_what_does_not_belong_there():
    def one_channel(x, w, b, conv_param):
        return forward(x[:, :1], w[:, :1], b, conv_param)

    found = explain(exercises.find("conv_forward_naive"), (one_channel,))
    assert "yours has no x[0, 1, 0, 0] * w[0, 1, 0, 0]" in found.differs
    assert "x[0, 1, 0, 0]" not in found.yours and "x[0, 1, 0, 0]" in found.right

    def narrow(x, pool_param):
        high, wide, stride = pool_param.values()
        H2, W2 = max_pool_forward(x, **pool_param)[0].shape[2:]
        out = [[x[:, :, i * stride:i * stride + high,
                  j * stride:j * stride + max(1, wide - 1)].max(axis=(2, 3)) for j in range(W2)]
               for i in range(H2)]
        return np.moveaxis(out, (0, 1), (2, 3)), None

    found = explain(exercises.find("max_pool_forward_naive"), (narrow,))
    assert found.yours == "your out[0, 0, 0, 0] is the largest of x[0, 0, 0, 0]"
    assert found.right == "expected: the largest of x[0, 0, 0, 0], x[0, 0, 0, 1]"
    def halved(x, w, b, conv_param):
        return forward(x, w / 2, b, conv_param)

    found = explain(exercises.find("conv_forward_naive"), (halved,))
    assert found.differs == "x[0, 0, 0, 0] * w[0, 0, 0, 0] is counted 0.5 times"

    found = explain(exercises.find("zero_pad"), (lambda x, pad: np.pad(
        x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=9),))
    assert found.yours.endswith("= 9") and found.differs == (
        "yours has 9, which does not belong there")
    # Many terms fit a few numbers by accident: no formula that anybody has written.
    found = explain(exercises.find("conv_output_size"), (lambda W, F, S, P: (W - F + P) // S + 1,))
    assert not found.yours
    found = explain(exercises.find("params_shared"), (lambda K, F, D: K * F * F * D,))
    assert (found.yours, found.right) == (
        "yours is K * F * F * D", "expected: K * F * F * D + K")


def test_equal_mistakes_have_equal_patterns_and_listeners_read_them(monkeypatch):
    shown, told = [], []
    monkeypatch.setattr(check_module, "display", shown.append)
    monkeypatch.setattr(judging, "listeners", [told.append])
    check_module.check("conv_forward_naive", wrong_where(lambda x, w, b, p: len(x) > 1))
    check_module.check("conv_forward_naive", wrong_where(lambda x, w, b, p: x.shape[0] == 2))
    check_module.check("conv_forward_naive", wrong_where(lambda x, w, b, p: len(w) > 1))
    first, second, third = shown
    assert first.pattern == second.pattern != third.pattern
    assert first.rule == "there are several images"
    assert first in told and set(first.pattern) == {".", "v"}


def test_the_right_sum_opens_on_a_click_and_stays_out_of_the_text(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(check_module, "display", shown.append)
    check_module.check("conv_forward_naive", wrong_where(lambda x, w, b, p: True))
    page, text = shown[0].html(), shown[0].text()
    right = shown[0].explanation.right
    assert right in page.partition("<details>")[2].partition("</details>")[0].replace("&#x27;", "'")
    assert right not in text and right not in page.partition("<details>")[0]
    assert "Smallest case: conv_forward_naive(np.array(" in text and "small tries" in text
    check_module.check.more()
    assert right in capsys.readouterr().out


def test_in_grading_there_are_fewer_calls_and_no_sums():
    calls = []

    def counted(x, w, b, conv_param):
        calls.append(1)
        return forward(x, w, b, conv_param)[0] + 1, None

    found = explain(exercises.find("conv_forward_naive"), (counted,), grading=True)
    assert found.case and not found.yours and len(calls) == found.calls <= 200


def test_a_try_that_does_not_return_ends_the_explanation(monkeypatch):
    monkeypatch.setattr("course_lib.judging.explain.tries.CALL_SECONDS", 0.2)

    def endless(x, w, b, conv_param):
        while conv_param["stride"] == 2:
            time.sleep(0.01)
        return forward(x, w, b, conv_param)[0] + 1, None

    assert explain(exercises.find("conv_forward_naive"), (endless,)) is None


def test_stops_while_trying_are_told_apart_from_those_that_count():
    from course_lib.judging.explain import tries

    with pytest.raises(StudentStopped), trying():
        assert tries.under_way
        raise StudentStopped("too slow")
    assert not tries.under_way


def test_complex_results_are_told_apart_and_without_a_warning(recwarn):
    def answered(imaginary):
        def neuron(x_patch, w, b):
            return complex(float((x_patch * w).sum() + b), imaginary)
        player = Player(worlds.find("neuron"), exercises.find("neuron"), (neuron,), 50, 10)
        return player.signature(player.world.tries[:5])

    assert answered(1) == answered(1) != answered(2)
    assert not recwarn.list


def test_the_smallest_case_is_of_the_kind_that_the_verdict_is_about():
    def reshaped(x, w, b, conv_param):
        out, cache = forward(x, w, b, conv_param)
        if len(w) > 2:
            return out.swapaxes(0, 1), cache
        return (out + 1 if len(x) > 1 else out), cache

    found = explain(exercises.find("conv_forward_naive"), (reshaped,), kind="value")
    shown = dict(found.case)
    assert shown["Yours there"].startswith("[[[[") and shown["Expected there"].startswith("[[[[")

    def in_two_lines(x, w, b, conv_param):
        if len(w) > 1 and len(x) > 1:
            raise IndexError("here")
        if len(x) > 1:
            raise IndexError("there")
        return forward(x, w, b, conv_param)

    first, second = (in_two_lines.__code__.co_firstlineno + n for n in (2, 4))
    for number, word in ((first, "here"), (second, "there")):
        line = number, f'raise IndexError("{word}")'
        found = explain(exercises.find("conv_forward_naive"), (in_two_lines,), "IndexError",
                        line=line)
        assert dict(found.case)["Yours there"] == f"stops with IndexError: {word}"


def test_what_the_rule_of_all_says_already_is_not_said_of_each_symptom():
    def broadcast(dout, cache):
        x, param = cache
        h, w, s = param.values()
        dx = np.zeros(x.shape)
        for i, j in np.ndindex(dout.shape[2:]):
            # (N, C) against (N, C, h, w): it stops, or fits where it should not.
            dx[:, :, i * s : i * s + h, j * s : j * s + w] += dout[:, :, i, j] / (h * w)
        return dx

    found = explain(exercises.find("avg_pool_backward_naive"),
                    (broadcast, lambda x, param: (None, (x, param))))
    assert found.rule == "there are several images or there are several channels"
    assert not any("N and C differ" in sentence for sentence in found.when)


def test_a_rule_needs_several_tries_on_either_side():
    world = worlds.find("conv_forward_naive")
    largest = max(world.tries, key=world.numbers)

    def once(x, w, b, conv_param):
        out, cache = forward(x, w, b, conv_param)
        alone = x.shape == largest.x.shape and w.shape == largest.w.shape
        return (out + 1 if alone else out), cache

    assert explain(exercises.find("conv_forward_naive"), (once,)).rule == ""


def test_a_float_where_a_whole_number_is_due_is_seen_in_the_smallest_case():
    def halves(input_shape, F, S):
        W, H, D = input_shape
        return (W - F) / S + 1, (H - F) / S + 1, D

    shown = dict(explain(exercises.find("pool_output_shape"), (halves,), kind="type").case)
    assert ".0, " in shown["Yours there"] and ".0" not in shown["Expected there"]


def test_what_holds_for_some_settings_alone_is_no_manner():
    answer = next(a for a in answers("08_architectures") if a.name == "memory")
    source = answer.source.replace("total * bytes_each", "total * 4")
    found = explain(answer.exercise, answer.functions(answer.space(source)))
    assert found.rule == "bytes_each is not 4" and not found.manner
