"""Wrong answers that are right but for where two conditions meet: each of them loses points."""

import numpy as np
import pytest
from backward_styles import forward
from test_every_exercise import helpers

from course_lib import exercises
from course_lib.judging.judge import judge
from course_lib.mistakes.convolution_backward.backward import gradients
from course_lib.reference.convolution import conv_forward
from course_lib.reference.im2col import col2im
from quality.answers import answers


def lost(name, *functions):
    """The groups that are lost on the visible cases."""
    exercise = exercises.find(name)
    return {g for g in exercise.groups if not judge(exercise, functions, g).passed}


def refusing(x, w, b, conv_param):
    """Right for square things alone: W and HH in one formula."""
    if (x.shape[3] + 2 * conv_param["pad"] - w.shape[2]) % conv_param["stride"]:
        raise ValueError("does not fit")
    return conv_forward(x, w, b, **conv_param)


def bias_for_each_image(x, w, b, conv_param):
    """The bias is added to the whole output, inside the loop over the images."""
    out = conv_forward(x, w, 0 * b, **conv_param)[0]
    for n in range(len(x)):
        out[: n + 1] += b[:, None, None]
    return out, None


def cut_by_the_height(cols, x_shape, HH, WW, stride, pad):
    N, C, H, W = x_shape
    whole = np.pad(col2im(cols, x_shape, HH, WW, stride, pad),
                   ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return whole[:, :, pad : pad + H, pad : pad + H]


def only_3x3(dout, cache):
    x, w, b, conv_param = cache
    found = gradients(dout, x, w, b, conv_param)
    return found if w.shape[2:] == (3, 3) else tuple(2 * g for g in found)


@pytest.mark.parametrize(("name", "functions"), [
    ("conv_forward_naive", [refusing]), ("conv_forward_naive", [bias_for_each_image]),
    ("col2im", [cut_by_the_height])])
def test_what_is_wrong_where_two_conditions_meet_loses_its_point(name, functions):
    assert lost(name, *functions)


def test_the_sizes_of_a_group_differ_so_that_no_size_is_right_by_luck():
    every = set(exercises.find("conv_backward_naive").groups)
    assert lost("conv_backward_naive", only_3x3, forward) == every


def test_a_refusal_everywhere_earns_no_group():
    def refuse(*args):
        raise ValueError("no")

    for name in ("conv_output_size", "same_padding", "conv_output_shape", "fitting_paddings"):
        assert lost(name, refuse) == set(exercises.find(name).groups)


def test_a_relu_that_writes_into_its_input_loses_its_points():
    def forward_in_place(x):
        x[x < 0] = 0
        return x, x

    def backward(dout, cache):
        return dout * (cache > 0)

    exercise = exercises.find("relu_backward")
    verdict = judge(exercise, [backward, forward_in_place], "values")
    assert not verdict.passed and verdict.misconception == "input overwritten"


def test_what_the_text_asks_to_leave_as_it_was_costs_points_if_it_is_changed():
    def padded(x, pad):
        out = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        x[:] = 0
        return out

    def covered_for_good(scores, image, label, size):
        map_of = np.empty((image.shape[1] - size + 1, image.shape[2] - size + 1))
        whole = scores(image[None])[0, label]
        for i, j in np.ndindex(map_of.shape):
            other = image.copy()
            other[:, i:i + size, j:j + size] = 0
            map_of[i, j] = whole - scores(other[None])[0, label]
        image[:] = 0
        return map_of

    for name, function in (("zero_pad", padded), ("occlusion_map", covered_for_good)):
        exercise = exercises.find(name)
        assert lost(name, function) == set(exercise.groups)
        told = judge(exercise, [function], list(exercise.groups)[0])
        assert "should stay as it was" in told.headline


@pytest.mark.parametrize(("old", "new", "mistake"), [
    ("default_rng(seed)", "default_rng()", "seed not used"),
    ("default_rng(seed)", "default_rng(7)", "seed not used"),
    ("order = rng.permutation(len(X))", "order = rng.permutation(len(X)) if not epoch else "
     "order[::-1]", None),
    ("order = rng.permutation(len(X))", "order = rng.permutation(len(X)) if epoch else "
     "np.arange(len(X))", None)])
def test_a_training_that_does_not_shuffle_each_epoch_by_its_seed_loses_a_point(
        old, new, mistake):
    answer = next(a for a in answers("07_convnet") if a.name == "train")
    assert old in answer.source
    functions = answer.functions(answer.space(answer.source.replace(old, new)))
    assert lost("train", *functions) == {"shuffling"}
    assert judge(exercises.find("train"), functions, "shuffling").misconception == mistake


def test_a_training_that_shuffles_the_images_themselves_keeps_its_points():
    answer = next(a for a in answers("07_convnet") if a.name == "train")
    source = answer.source.replace(
        "order = rng.permutation(len(X))",
        "order = rng.permutation(len(X)); X[:], y[:] = X[order], y[order]; "
        "order = np.arange(len(X))")
    assert not lost("train", *answer.functions(answer.space(source)))


def test_a_tolerance_relative_to_the_claim_loses_its_point():
    def by_the_claim(claims, measures, tolerance):
        rights = [measures[quantity](net) for _, quantity, net, _ in claims]
        return [(k, right) for k, (right, claim) in enumerate(zip(rights, claims, strict=True))
                if abs(claim[3] - right) > tolerance * claim[3]]

    assert lost("wrong_claims", by_the_claim) == {"rounded numbers"}


def test_a_loss_that_changes_the_parameters_loses_points():
    right, *_ = helpers_of_convnet()

    class Drifting(right):
        def loss(self, X, y):
            found = super().loss(X, y)
            self.params["affine_b"] += np.arange(len(self.params["affine_b"]))
            return found

    assert "loss" in lost("ConvNet", Drifting)


def helpers_of_convnet():
    answer = next(a for a in answers("07_convnet") if a.name == "ConvNet")
    assert helpers("ConvNet") == answer.functions(answer.space())[1:]
    return answer.functions(answer.space())
