"""A mistake is named in whatever way it is written, and never on numbers that another gives too."""

import dataclasses

import numpy as np
import pytest
from backward_styles import forward
from played import as_student
from test_every_exercise import helpers

from course_lib import exercises
from course_lib.check import checked
from course_lib.judging.judge import judge
from course_lib.judging.verdict import PASSED
from course_lib.reference.convolution import conv_forward
from quality.answers import answers, lesson_names
from tests.thorough import some

pytestmark = pytest.mark.slow

WAYS = [pytest.param(name, m.name, way, id=f"{name}-{m.name}-{k}") for name in exercises.names()
        for m in exercises.find(name).misconceptions for k, way in enumerate(m.ways)]


def told(name, functions):
    """The names that the groups which are lost are told."""
    verdicts = [judge(exercises.find(name), functions, group)
                for group in exercises.find(name).groups]
    return {v.misconception for v in verdicts if v.outcome != PASSED}


def alone(name, function):
    """What is told if a function answers with the judged values."""
    exercise = exercises.find(name)
    student = as_student(exercise, function)
    played = dataclasses.replace(exercise, play=lambda functions, *args: student(*args))
    verdicts = [judge(played, (), group) for group in exercise.groups]
    return {v.misconception for v in verdicts if v.outcome != PASSED}


@pytest.mark.parametrize(("name", "mistake", "way"), some(WAYS, 2))
def test_every_way_of_a_mistake_is_told_its_name_and_no_other(name, mistake, way):
    assert alone(name, way) - {None} == {mistake}


def test_numbers_that_two_mistakes_give_are_told_apart_by_another_case():
    """D * (K*F*F + 1) is K*F*F + 1 at depth 1: one bias for all, it seems, in "grey images"."""
    exercise = exercises.find("params_shared")
    verdict = judge(exercise, [lambda K, F, D: D * (K * F * F + 1)], "grey images")
    assert verdict.misconception == "filters and depth exchanged"


def test_what_is_right_elsewhere_speaks_against_a_name():
    """Without its bias for one image alone: where there are several, the bias is there."""
    exercise = exercises.find("conv_forward_naive")

    def sometimes(x, w, b, conv_param):
        return exercise.reference(x, w, b if len(x) > 1 or b.size > 1 else 0 * b, conv_param), None

    assert told("conv_forward_naive", [sometimes]) == {None}


def test_a_number_that_agrees_by_chance_is_no_name():
    """Of two channels the smallest is the first one, where the output has a single number."""
    def smallest(x, w, b, conv_param):
        each = [conv_forward(x[:, c : c + 1], w[:, c : c + 1], 0 * b, **conv_param)[0]
                for c in range(x.shape[1])]
        return np.min(each, axis=0) + b[:, None, None], None

    exercise = exercises.find("conv_forward_naive")
    (x, w, b, conv_param), = [c for c in exercise.cases("large filter") if c[0].shape[1] == 2][:1]
    first = conv_forward(x[:, :1], w[:, :1], b, **conv_param)[0]
    assert np.allclose(first, smallest(x, w, b, conv_param)[0])
    assert told("conv_forward_naive", [smallest]) == {None}


@pytest.mark.parametrize("name", ["conv_forward_naive", "local_forward_naive"])
def test_settings_exchanged_are_told_so_wherever_they_stop(name):
    answer = next(a for lesson in lesson_names() for a in answers(lesson) if a.name == name)
    right = 'stride, pad = conv_param["stride"], conv_param["pad"]'
    assert right in answer.source
    for wrong in (right.replace("stride, pad =", "pad, stride ="),
                  'pad, stride = conv_param["stride"], max(1, conv_param["pad"])'):
        functions = answer.functions(answer.space(answer.source.replace(right, wrong)))
        assert told(name, functions) - {None} == {"stride and padding exchanged"}


def test_a_slice_to_minus_pad_that_stops_is_named():
    def backward(dout, cache):
        x, w, b, conv_param = cache[:4]
        exercise = exercises.find("conv_backward_naive")
        dx, dw, db = exercise.reference("dx dw db", dout, x, w, b, conv_param)
        pad = conv_param["pad"]
        padded, dx[:] = np.pad(dx, ((0, 0), (0, 0), (pad, pad), (pad, pad))), 0
        dx[:] = padded[:, :, pad:-pad, pad:-pad]
        return dx, dw, db

    verdict = judge(exercises.find("conv_backward_naive"), [backward, forward], "dx pad 0")
    assert verdict.misconception == "slice to minus pad"


def p_minus(net, X, y, epochs, batch_size, learning_rate, seed):
    rng, losses = np.random.default_rng(seed), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = net.loss(X[batch], y[batch])
            losses.append(loss)
            for name, p in net.params.items():
                p = p - learning_rate * grads[name]  # noqa: PLW2901
    return losses


def test_parameters_that_never_change_are_named():
    assert "parameters never change" in told("train", [p_minus, *helpers("train")])


@pytest.mark.parametrize(("length", "said"), [
    ({"w": 2, "b": 2}, "2 times as far as the learning rate times the gradient."),
    ({"w": 1, "b": 3}, "w 1 times and b 3 times as far"), ({"w": 1, "b": -1}, None)])
def test_the_length_of_a_single_step_is_told(length, said):
    """Of any factor: a list of names would have to know each."""
    def train(net, X, y, epochs, batch_size, learning_rate, seed):
        loss, grads = net.loss(X, y)
        for name, factor in length.items():
            net.params[name] = net.params[name] - factor * learning_rate * grads[name]
        return [loss]

    functions = [train, *helpers("train")]
    verdict = judge(exercises.find("train"), functions, "one step")
    observed = [note for note in verdict.notes if "your one step" in note]
    assert said in observed[0] if said else not observed
    assert not any("your one step" in note for note in
                   judge(exercises.find("train"), functions, "many steps").notes)


@pytest.mark.parametrize(("used", "said"), [
    (lambda params, grads: {name: grads[name] + 0.037 * params[name] for name in grads},
     "of w and b itself off, as weight decay does: 0.037 of the parameters"),
    (lambda params, grads: grads | {"w": grads["w"] + 0.037 * params["w"]}, "of w itself off"),
    (lambda params, grads: {name: np.clip(grad, -0.13, 0.13) for name, grad in grads.items()},
     "no number of the gradient counts for more than 0.13"),
    (lambda params, grads: {name: 0 * grad for name, grad in grads.items()}, None)])
def test_what_a_single_step_takes_for_the_gradient_is_told(used, said):
    def train(net, X, y, epochs, batch_size, learning_rate, seed):
        loss, grads = net.loss(X, y)
        for name, grad in used(net.params, grads).items():
            net.params[name] = net.params[name] - learning_rate * grad
        return [loss]

    verdict = judge(exercises.find("train"), [train, *helpers("train")], "one step")
    assert not verdict.passed
    observed = [note for note in verdict.notes if "your one step" in note]
    assert said in observed[0] if said else not observed


SGD = """
def train(net, X, y, epochs, batch_size, learning_rate, seed):
    rng, losses = np.random.default_rng(seed), []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = net.loss(X[batch], y[batch])
            for name in net.params:
                net.params[name] = net.params[name] - learning_rate * grads[name]
            losses.append(loss)
    return losses
"""


@pytest.mark.parametrize(("old", "new", "group", "said"), [
    ("            losses.append", "        losses.append", "losses",
     "a single entry: the loss of the last batch"),
    ("return losses", "return [sum(losses) / len(losses)]", "losses",
     "the mean of its batches' losses"),
    ("order[start : start + batch_size]", "rng.choice(len(X), min(len(X), batch_size), False)",
     "batches", "An epoch uses each image once."),
    ("            for name in net.params:\n    ", "        for name in net.params:\n", "many steps",
     "are to be made, one for each batch of each epoch."),
    ("learning_rate * grads[name]", "learning_rate * 3 * np.sign(grads[name])", "one step",
     "all numbers move equally far, 3 times the learning rate")])
def test_what_a_training_run_did_instead_is_told(old, new, group, said):
    space = {"np": np}
    source = SGD.replace(old, new)
    if group == "many steps":
        source = source.replace("            losses.append(loss)\n", "").replace(
            "        for name", "            losses.append(loss)\n        for name")
    exec(source, space)
    exercise = exercises.find("train")
    exec(SGD, right := {"np": np})
    for functions, is_told in (([right["train"], *helpers("train")], False),
                               ([space["train"], *helpers("train")], True)):
        notes = judge(exercise, functions, group).notes
        assert any(said in note for note in notes) == is_told


def test_parameters_that_are_no_arrays_are_no_trouble():
    def train(net, *rest):
        net.params = {"w": ["x"], "b": None}
        return []

    assert judge(exercises.find("train"), [train, *helpers("train")], "one step").outcome == "wrong"


def shifted_by_all(scores, y):
    with np.errstate(all="ignore"):
        p = np.exp(scores - scores.max())
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(len(y)), y]).mean()
    p[np.arange(len(y)), y] -= 1
    return loss, p / len(y)


def minus_log_p(scores, y):
    with np.errstate(all="ignore"):
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(len(y)), y]).mean()
    p[np.arange(len(y)), y] -= 1
    return loss, p / len(y)


@pytest.mark.parametrize(("student", "mistake"), [
    (shifted_by_all, "maximum of the whole batch"), (minus_log_p, "probability rounded to 0")])
def test_losses_that_are_no_finite_numbers_are_named(student, mistake):
    assert told("softmax_loss", [student]) == {mistake}


def halved_then_multiplied(f, x, df, h=1e-5):
    def slope(index):
        step = h * (np.arange(x.size) == index).reshape(x.shape)
        return ((f(x + step) - f(x - step)) * df).sum() / 2 * h

    return np.reshape([slope(index) for index in range(x.size)], x.shape)


def one_array_of_two_names(f, x, df, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x1 = x
        x1[index] += h
        x2 = x
        x2[index] -= h
        gradient[index] = ((f(x1) - f(x2)) * df).sum() / (2 * h)
    return gradient


@pytest.mark.parametrize(("student", "mistake"), [
    (halved_then_multiplied, "multiplied by h"), (one_array_of_two_names, "no difference")])
def test_steps_that_go_wrong_in_a_numerical_gradient_are_named(student, mistake):
    assert told("numerical_gradient", [student]) == {mistake}


def one_line_refusal(W, F, S, P):
    if F > W: raise ValueError("the filter is larger than the line")  # noqa: E701
    return exercises.find("conv_output_size").reference(W, F, S, P)


def test_a_refusal_behind_its_condition_is_told_as_one_on_a_line_of_its_own_is():
    verdict = judge(exercises.find("conv_output_size"), [one_line_refusal], "padding")
    assert "refuses an input that it should accept" in verdict.headline


def b_on_the_right(x, w, b, conv_param=None):
    out = np.einsum("nchw,fc->nfhw", x, w)
    return out + b


def b_in_place(x, w, b):
    out = np.einsum("nchw,fc->nfhw", x, w)
    out += b
    return out


@pytest.mark.parametrize("student", [b_on_the_right, b_in_place])
def test_shapes_that_numpy_cannot_line_up_are_named_though_its_words_end_with_a_space(student):
    assert told("conv1x1", [student]) == {"bias along the width"}


def test_a_name_of_another_group_is_told_where_the_first_that_fails_has_none():
    def every_layer_on_the_input(shape, layers):
        # Where a filter does not fit the input, it stops: that has no name.
        after = {"conv": exercises.find("conv_output_shape").reference,
                 "pool": lambda shape, F, S: ((shape[0] - F) // S + 1, (shape[1] - F) // S + 1,
                                              shape[2])}
        return [after[kind](shape, *numbers) for kind, *numbers in layers]

    exercise = exercises.find("trace_shapes")
    verdict = checked(exercise, [every_layer_on_the_input])
    assert not verdict.hint and verdict.group == "convolutions"
    assert any(note.startswith("about “pooling”: Each of your shapes is what that layer makes")
               for note in verdict.notes)


def test_a_filter_by_the_number_of_the_image_is_not_told_as_the_first_for_all():
    """With one image they are the same."""
    def student(x, w, b):
        right = exercises.find("depthwise_forward").reference
        return np.concatenate([right(x[n:n + 1], np.repeat(w[n:n + 1], len(w), 0), b)
                               for n in range(len(x))])

    verdict = judge(exercises.find("depthwise_forward"), [student], "one image")
    assert verdict.misconception == "filter of the image"
