"""Wrong answers that are right but for where two conditions meet: each of them loses points."""

import numpy as np
import pytest
from backward_styles import forward
from numpy.lib.stride_tricks import as_strided
from test_every_exercise import helpers

from course_lib import exercises
from course_lib.explanation import explain
from course_lib.judging.judge import judge
from course_lib.mistakes.convolution_backward.ways import gradients
from course_lib.reference.convolution import conv_forward
from course_lib.reference.im2col import col2im
from quality.answers import answers, lesson_names


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


def by_strides(strides):
    """A convolution of windows that as_strided lays over the padded image."""
    def convolution(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        (N, C, H, W), (HH, WW) = x.shape, w.shape[2:]
        image, channel, row, pixel = strides(x)
        windows = as_strided(
            x, (N, C, (H - HH) // stride + 1, (W - WW) // stride + 1, HH, WW),
            (image, channel, row * stride, pixel * stride, row, pixel))
        return np.einsum("nchwij,fcij->nfhw", windows, w) + b[:, None, None], None

    return convolution


def in_the_usual_order(x):
    _, C, H, W = x.shape
    return tuple(x.itemsize * step for step in (C * H * W, H * W, W, 1))


def test_who_counts_on_the_order_in_memory_loses_a_point_and_is_told():
    """Lesson 02 itself calls the layer with transposed arrays."""
    assert not lost("conv_forward_naive", by_strides(lambda x: x.strides))
    wrong = by_strides(in_the_usual_order)
    assert lost("conv_forward_naive", wrong) == {"everything at once"}
    for seed in (None, 1, 2, 3):
        verdict = judge(exercises.find("conv_forward_naive"), [wrong], "everything at once", seed)
        assert not verdict.passed and "in memory as transposed arrays lie" in verdict.text()
        assert any("in the usual order in memory your result is right" in note
                   for note in verdict.notes)


def test_the_sizes_of_a_group_differ_so_that_no_size_is_right_by_luck():
    every = set(exercises.find("conv_backward_naive").groups)
    assert lost("conv_backward_naive", only_3x3, forward) == every


LOOK_FOR_IT = """row, column = where_is_max(window)
                    dx[n, c, top + row, left + column] += dout[n, c, i, j]"""
NOT_BEST = ("__import__('functools').reduce(lambda best, n: n if not best or n > best else best, "
            "window.ravel())")
BLIND = [
    ("max_pool_forward_naive", {"negative values"}, "maximum starts too high",
     "window.max()", "max(-10, window.max())"),
    ("max_pool_forward_naive", {"negative values"}, "maximum starts too high",
     "window.max()", "max(-999_999, window.max())"),
    ("max_pool_backward_naive", {"many windows"}, "equal numbers elsewhere",
     LOOK_FOR_IT, "dx[n, c] += (x[n, c] == window.max()) * dout[n, c, i, j]"),
    ("max_pool_backward_naive", {"many windows"}, "equal numbers elsewhere",
     LOOK_FOR_IT, "dx[x == window.max()] += dout[n, c, i, j]"),
    ("max_pool_backward_naive", {"overlapping windows", "non-square windows",
                                 "everything at once"}, "window as stride",
     'stride = pool_param["stride"]', "stride = high"),
    ("avg_pool_backward_naive", {"overlapping windows", "everything at once"}, "window as stride",
     'stride = pool_param["stride"]', "stride = high"),
    ("where_is_max", {"square windows"}, None,
     "place = window.argmax()", "place = np.maximum(window, -1000).argmax()"),
    ("relu_backward", {"values"}, "upper limit", "np.maximum(x, 0)", "np.clip(x, 0, 6)"),
    ("relu_backward", {"values"}, "upper limit", "np.maximum(x, 0)", "np.clip(x, 0, 1000)"),
    ("avg_pool_forward_naive", {"one map", "non-square windows", "everything at once"},
     "divided by the stride", "window.mean()", "window.sum() / stride**2"),
    ("softmax_loss", {"large scores", "everything at once"}, "small number added",
     "(np.log(sums[:, 0]) - shifted[np.arange(N), y]).sum() / N",
     "-np.log((powers / sums)[np.arange(N), y] + 1e-8).mean()"),
    ("softmax_loss", {"large scores", "everything at once"}, "maximum of the whole batch",
     "scores.max(axis=1, keepdims=True)", "scores.max()"),
    ("softmax_loss", {"large scores", "everything at once"}, "maximum not subtracted",
     "scores - scores.max(axis=1, keepdims=True)", "scores"),
    ("ConvNet", {"predict"}, "first batch kept", "return self.scores(X).argmax(axis=1)",
     "self.kept = getattr(self, 'kept', self.scores(X).argmax(axis=1)); return self.kept"),
    ("ConvNet", {"loss", "non-square images"}, "first batch kept",
     "pool_cache, affine_cache) = self.forward(X)",
     "pool_cache, affine_cache) = self.kept = getattr(self, 'kept', None) or self.forward(X)"),
    ("ConvNet", {"predict"}, "best score from 0", "self.scores(X).argmax",
     "np.maximum(self.scores(X), 0).argmax"),
    ("wrong_claims", {"rounded numbers"}, "exactly at the limit", "> tolerance", ">= tolerance"),
    ("numerical_gradient", {"large steps"}, None, "for index in np.ndindex(x.shape):",
     "h = h * max(1, abs(x).max())\n    for index in np.ndindex(x.shape):"),
    # `if not best` takes a maximum of 0 for none.
    ("max_pool_forward_naive", {"negative values"}, None, "window.max()", NOT_BEST),
    ("where_is_max", {"square windows"}, None, "place = window.argmax()",
     f"place = window.ravel().tolist().index({NOT_BEST})"),
    ("max_pool_backward_naive", {"one window"}, None, "row, column = where_is_max(window)",
     f"row, column = np.argwhere(window == {NOT_BEST})[0]"),
    ("train", {"batches"}, None, "learning_rate * grads[name]",
     "learning_rate * grads[name] * len(batch) / batch_size"),
    ("train", {"batches"}, None, "range(0, len(X), batch_size)",
     "range(0, len(X) if batch_size <= len(X) else 0, batch_size)"),
    # Losses that fall hide an order; weights that are vectors hide what is done to matrices alone.
    ("train", {"losses"}, None, "return losses", "return sorted(losses, reverse=True)"),
    ("train", {"one step", "many steps", "losses"}, "weight decay", "learning_rate * grads[name]",
     "learning_rate * (grads[name] + 0.01 * net.params[name] * (net.params[name].ndim > 1))"),
    ("train", {"one step", "many steps", "losses"}, "gradients clipped",
     "learning_rate * grads[name]", "learning_rate * np.clip(grads[name], -5, 5)"),
    ("numerical_gradient", {"images", "everything at once"}, "sign of the difference lost",
     "np.sum((above - below) * df)", "np.sum(abs(above - below) * df)"),
    ("receptive_field", {"strides"}, "1x1 layers left out", "jump = jump * S",
     "jump = jump * (S if F > 1 else 1)"),
    ("wrong_claims", {"rounded numbers"}, "tolerance of both", "tolerance * right",
     "tolerance * (right + claimed) / 2"),
    ("wrong_claims", {"rounded numbers"}, None, "abs(claimed - right) > tolerance * right",
     "round(abs(claimed / right - 1), 2) > tolerance"),
    ("wrong_claims", {"rounded numbers"}, None, "abs(claimed - right) > tolerance * right",
     "int(100 * abs(claimed / right - 1)) > 100 * tolerance"),
    ("wrong_claims", {"too large"}, "number of an equal claim", "found.append((number, right))",
     "found.append((claims.index(claims[number]), right))"),
    ("conv_output_size", {"does not fit", "everything at once"}, "rounded down",
     "if room % S != 0:", "if False:"),
    ("conv_output_size", {"makes no sense", "everything at once"}, "nonsense let through",
     "if room < 0:", "if False:"),
    ("zero_pad", {"pad 0"}, "slice to minus pad",
     "padded[:, :, pad : pad + H, pad : pad + W]", "padded[:, :, pad:-pad, pad:-pad]"),
    ("conv_backward_naive", {"db", "all together"}, "db counts the outputs",
     "db[f] += d", "db[f] += 1"),
    ("conv_backward_naive", {"db", "all together"}, "db counts the outputs",
     "db[f] += d", "db += 1"),
    ("conv_backward_naive", {"db", "all together"}, "db of all filters together",
     "db[f] += d", "db += d"),
    ("conv_backward_naive", {"dw many images", "dw non-square", "all together"},
     "dw of all filters together", "dw[f] += d * window", "dw += d * window"),
]


@pytest.mark.parametrize(("name", "groups", "mistake", "old", "new"), BLIND)
def test_what_strangers_write_loses_its_part_and_is_told_its_name(name, groups, mistake, old, new):
    answer = next(a for lesson in lesson_names() for a in answers(lesson) if a.name == name)
    assert old in answer.source
    functions = answer.functions(answer.space(answer.source.replace(old, new)))
    assert lost(name, *functions) == groups
    for group in groups:
        assert judge(exercises.find(name), functions, group).misconception == mistake


@pytest.mark.parametrize("name", ["conv_backward_naive", "conv_backward_fast", "relu_backward",
                                  "local_backward_naive", "max_pool_backward_naive"])
def test_a_backward_that_takes_the_last_forward_pass_for_its_own_is_told_so(name):
    answer = next(a for lesson in lesson_names() for a in answers(lesson) if a.name == name)
    right, forward_of = answer.functions(answer.space())
    caches = []

    def remembering(*args):
        out, cache = forward_of(*args)
        caches[:] = [cache]
        return out, cache

    def elsewhere(dout, cache):
        return right(dout, caches[0])

    exercise = exercises.find(name)
    assert not lost(name, right, remembering)
    wrong = lost(name, elsewhere, remembering)
    last = list(exercise.groups)[-1]
    assert last in wrong and wrong <= {last, "many positions"}
    told = judge(exercise, (elsewhere, remembering), last)
    assert told.misconception == "cache not used"
    # The line to copy makes no other forward pass: no try may claim that it shows the mistake.
    assert explain(exercise, (elsewhere, remembering)) is None


def test_strings_are_compared_in_check_as_in_grading():
    answer = next(a for a in answers("08_architectures") if a.name == "count_params")
    source = answer.source.replace('layer["kind"] == "conv"', 'layer["kind"] is KIND')
    functions = answer.functions(answer.space("KIND = 'conv'\n" + source))
    assert lost("count_params", *functions)


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


def test_what_is_left_over_shows_in_every_draw_of_hidden_cases():
    """A maximum that is never started again; and gradients of a batch with other pixels."""
    pooling, fast = map(exercises.find, ("max_pool_forward_naive", "conv_backward_fast"))
    for seed in range(40):
        for group, axis in (("many maps", 1), ("many images", 0)):
            outs = [pooling.expected(case)["out"] for case in pooling.cases(group, seed)]
            assert any((np.maximum.accumulate(out, axis) != out).any() for out in outs)
    for seed in range(10):
        case, = fast.cases("many positions", seed)
        dw = fast.expected(case)["dw"]
        last = next(m for m in fast.misconceptions if m.name == "cache not used")
        wrong = fast.expected(case, last.wrong)["dw"]
        assert abs(wrong - dw).max() > 0.01 * abs(dw).max()
