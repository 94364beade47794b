"""Answers to lesson 07 as people really write them: right ones pass, wrong ones lose their part."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from played import assert_passes

from autograder.lessons.lesson import read_lesson
from course_lib import exercises
from course_lib.judging.judge import judge
from course_lib.judging.verdict import NOT_ATTEMPTED, PASSED
from course_lib.mistakes.convnet.network import network
from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.gradients import numerical_gradient, relative_error
from tests.thorough import SEEDS

SOLUTION = Path(__file__).resolve().parents[3] / "solutions" / "07_convnet.py"


def handed_out(role, name):
    """What a cell of the lesson defines."""
    source, = [c.source for c in read_lesson(SOLUTION).cells if (c.role, c.name) == (role, name)]
    space = {"np": np}
    exec(source, space)
    return space


PracticeNet = handed_out("given", "PracticeNet")["PracticeNet"]


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def softmax_loss(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=1, keepdims=True)
    dscores = powers / sums
    dscores[np.arange(len(y)), y] -= 1
    return (np.log(sums[:, 0]) - shifted[np.arange(len(y)), y]).mean(), dscores / len(y)


def pool_forward(x):
    N, C, H, W = x.shape
    blocks = x.reshape(N, C, H // 2, 2, W // 2, 2)
    return blocks.max(axis=(3, 5)), blocks


def pool_backward(dout, blocks, rule="all"):
    """rule says where the gradient goes that belongs to several equal maxima."""
    N, C, H2, _, W2, _ = blocks.shape
    flat = blocks.transpose(0, 1, 2, 4, 3, 5).reshape(N, C, H2, W2, 4)
    mask = (flat == flat.max(axis=-1, keepdims=True)).astype(float)
    if rule == "first":
        mask = np.eye(4)[flat.argmax(axis=-1)]
    if rule == "split":
        mask /= mask.sum(axis=-1, keepdims=True)
    dx = (mask * dout[..., None]).reshape(N, C, H2, W2, 2, 2)
    return dx.transpose(0, 1, 2, 4, 3, 5).reshape(N, C, 2 * H2, 2 * W2)


class Plain:
    """conv, ReLU, pooling, affine, softmax, one after the other."""

    rule = "all"

    def __init__(self, params, pad):
        self.params = params
        self.pad = pad

    def scores(self, X):
        return self.forward(X)[0]

    def forward(self, X):
        p = self.params
        maps, conv_cache = conv_forward(X, p["conv_w"], p["conv_b"], 1, self.pad)
        active, relu_cache = relu_forward(maps)
        pooled, pool_cache = pool_forward(active)
        scores, affine_cache = affine_forward(pooled, p["affine_w"], p["affine_b"])
        return scores, (conv_cache, relu_cache, pool_cache, affine_cache)

    def predict(self, X):
        return self.scores(X).argmax(axis=1)

    def loss(self, X, y):
        scores, (conv_cache, relu_cache, pool_cache, affine_cache) = self.forward(X)
        loss, d = softmax_loss(scores, y)
        d, affine_w, affine_b = affine_backward(d, affine_cache)
        d = relu_backward(pool_backward(d, pool_cache, self.rule), relu_cache)
        _, conv_w, conv_b = conv_backward(d, conv_cache)
        return loss, {"conv_w": conv_w, "conv_b": conv_b, "affine_w": affine_w,
                      "affine_b": affine_b}


class FirstMaximum(Plain):
    rule = "first"


class SplitMaximum(Plain):
    rule = "split"


class PoolingFirst(Plain):
    """ReLU after the pooling: the maximum of positives is the positive of the maximum."""

    def forward(self, X):
        p = self.params
        maps, conv_cache = conv_forward(X, p["conv_w"], p["conv_b"], 1, self.pad)
        pooled, pool_cache = pool_forward(maps)
        active, relu_cache = relu_forward(pooled)
        scores, affine_cache = affine_forward(active, p["affine_w"], p["affine_b"])
        return scores, (conv_cache, relu_cache, pool_cache, affine_cache)

    def loss(self, X, y):
        scores, (conv_cache, relu_cache, pool_cache, affine_cache) = self.forward(X)
        loss, d = softmax_loss(scores, y)
        d, affine_w, affine_b = affine_backward(d, affine_cache)
        d = pool_backward(relu_backward(d, relu_cache), pool_cache)
        _, conv_w, conv_b = conv_backward(d, conv_cache)
        return loss, dict(zip(("affine_w", "affine_b", "conv_w", "conv_b"),
                              (affine_w, affine_b, conv_w, conv_b), strict=True))


class Float32(Plain):
    def __init__(self, params, pad):
        super().__init__({k: v.astype(np.float32) for k, v in params.items()}, pad)

    def forward(self, X):
        return super().forward(X.astype(np.float32))


class Remembers(Plain):
    """Keeps its caches in itself, prints, warns, and has more in its gradients than asked."""

    def scores(self, X):
        print("X", X.shape)
        print("a remark", file=sys.stderr)
        warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
        scores, self.caches = self.forward(X)
        return scores

    def loss(self, X, y):
        self.scores(X)
        loss, grads = super().loss(X, y)
        return [np.float64(loss), grads | {"X": None}]


class Loops(Plain):
    """Every number on its own."""

    def forward(self, X):
        w, b = self.params["conv_w"], self.params["conv_b"]
        xp = np.pad(X, ((0, 0), (0, 0), (self.pad,) * 2, (self.pad,) * 2))
        shape = len(X), len(w), xp.shape[2] - w.shape[2] + 1, xp.shape[3] - w.shape[3] + 1
        maps = np.zeros(shape)
        for n, f, i, j in np.ndindex(*shape):
            window = xp[n, :, i : i + w.shape[2], j : j + w.shape[3]]
            maps[n, f, i, j] = (window * w[f]).sum() + b[f]
        _, caches = super().forward(X)
        active = np.maximum(maps, 0)
        pooled, _ = pool_forward(active)
        flat = pooled.reshape(len(X), -1)
        return flat @ self.params["affine_w"] + self.params["affine_b"], caches


def descend(net, X, y, epochs, batch_size, learning_rate, seed):
    rng, losses = np.random.default_rng(seed), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = net.loss(X[batch], y[batch])
            for name in net.params:
                net.params[name] -= learning_rate * grads[name]
            losses.append(loss)
    return losses


def new_arrays(net, X, y, epochs, batch_size, learning_rate, seed):
    np.random.seed(seed)
    losses = []
    for _ in range(epochs):
        order = list(range(len(X)))
        np.random.shuffle(order)
        while order:
            batch, order = order[:batch_size], order[batch_size:]
            losses.append(net.loss(X[batch], y[batch])[0])
            _, grads = net.loss(X[batch], y[batch])
            net.params = {k: v - learning_rate * grads[k] for k, v in net.params.items()}
    return np.array(losses)


def shuffled_copies(net, X, y, epochs, batch_size, learning_rate, seed):
    print("training")
    rng = np.random.RandomState(seed)
    losses = []
    for _ in range(epochs):
        order = np.argsort(rng.rand(len(y)))
        X, y = X[order], y[order]
        for X_part, y_part in zip(np.array_split(X, range(batch_size, len(X), batch_size)),
                                  np.array_split(y, range(batch_size, len(y), batch_size)),
                                  strict=True):
            loss, grads = net.loss(X_part.astype(np.float32), y_part)
            for name, grad in grads.items():
                net.params[name][...] = net.params[name] - learning_rate * grad
            losses.append(float(loss))
    return tuple(losses)


def occlude(scores, image, label, size):
    C, H, W = image.shape
    result = np.zeros((H - size + 1, W - size + 1))
    whole = scores(image[None])[0, label]
    for i in range(H - size + 1):
        for j in range(W - size + 1):
            covered = image.copy()
            covered[:, i : i + size, j : j + size] = 0
            result[i, j] = whole - scores(covered[None])[0, label]
    return result


def occlude_in_one_batch(scores, image, label, size):
    C, H, W = image.shape
    places = [(i, j) for i in range(H - size + 1) for j in range(W - size + 1)]
    batch = np.repeat(image[None], len(places) + 1, axis=0)
    for covered, (i, j) in zip(batch, places, strict=False):
        covered[..., i : i + size, j : j + size] = 0
    found = scores(batch)[:, label]
    return (found[-1] - found[:-1]).reshape(H - size + 1, W - size + 1)


def occlude_by_mask(scores, image, label, size):
    H, W = image.shape[1:]
    rows, columns = np.arange(H), np.arange(W)
    return np.array([[scores(image[None])[0][label] - scores((image * ~(
        ((rows >= i) & (rows < i + size))[:, None] & ((columns >= j) & (columns < j + size))
    )).astype(np.float32)[None])[0][label] for j in range(W - size + 1)]
        for i in range(H - size + 1)])


def log_sum_exp(scores, y):
    top = scores.max(axis=1)
    log_sum = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    loss = np.mean(log_sum - scores[range(len(y)), y])
    one_hot = np.eye(scores.shape[1])[y]
    return loss, (np.exp(scores - log_sum[:, None]) - one_hot) / len(y)


def image_by_image(scores, y):
    loss, dscores = 0.0, np.zeros(scores.shape)
    for n, row in enumerate(scores):
        e = np.exp(row - max(row))
        loss -= (row[y[n]] - max(row) - np.log(sum(e))) / len(y)
        dscores[n] = e / sum(e)
        dscores[n, y[n]] -= 1
    return [loss, dscores / len(y)]


def relu_by_output(x):
    out = x * (x > 0)
    return out, {"out": out}


def relu_by_where(x):
    return np.where(x > 0, x, 0), x.copy()


RIGHT = {
    "relu_backward": [
        (relu_backward, relu_forward),
        (lambda dout, cache: np.where(cache["out"] > 0, dout, 0), relu_by_output),
        (lambda dout, cache: dout * np.heaviside(cache, 0), relu_by_where),
        (lambda dout, mask: dout * mask, lambda x: (x.clip(0), x > 0)),
        (lambda dout, x: dout * (x > 0), lambda x: (x.clip(0).astype(np.float32), x)),
        (lambda dout, cache: dout * (cache[0] > 0), lambda x: ((x + abs(x)) / 2, (x, "relu"))),
    ],
    "flat_size": [
        (lambda H, W, F, size, pad: F * ((H + 2 * pad - size + 1) // 2)
         * ((W + 2 * pad - size + 1) // 2),),
        (lambda H, W, F, size, pad: np.zeros((F, H + 2 * pad - size + 1, W + 2 * pad - size + 1))[
            :, ::2, ::2].size,),
        (lambda H, W, F, size, pad: (H + 2 * pad - size + 1) * (W + 2 * pad - size + 1) * F // 4,),
    ],
    "softmax_loss": [
        (softmax_loss,), (log_sum_exp,), (image_by_image,),
        (lambda scores, y: softmax_loss(scores.astype(np.float32), y),),
        (lambda scores, y: softmax_loss(scores - scores.mean(axis=1, keepdims=True), y),),
        (lambda scores, y: print("softmax") or log_sum_exp(scores, y),),
    ],
    "ConvNet": [(Plain,), (FirstMaximum,), (SplitMaximum,), (PoolingFirst,), (Float32,),
                (Remembers,), (Loops,)],
    "train": [(style, PracticeNet) for style in (descend, new_arrays, shuffled_copies)],
    "occlusion_map": [(occlude,), (occlude_in_one_batch,), (occlude_by_mask,)],
}
ANSWERS = [(name, answer) for name, answers in RIGHT.items() for answer in answers]


@pytest.mark.filterwarnings("ignore:something harmless")
@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_right_answers_of_every_style_pass(name, answer, capfd):
    assert_passes(exercises.find(name), answer, SEEDS, notes=False)
    assert not capfd.readouterr().err


def lost_groups(name, answer):
    exercise = exercises.find(name)
    return {group for group in exercise.groups
            if not all(judge(exercise, answer, group, seed).passed for seed in SEEDS)}


def test_the_bug_of_the_lesson_is_recognised():
    friends = handed_out("try", "the friend's ReLU")
    buggy = friends["friends_relu_backward"], friends["friends_relu_forward"]
    verdict = judge(exercises.find("relu_backward"), buggy, "values")
    assert verdict.misconception == "mask of a damaged tensor"


@pytest.mark.parametrize("rule", ["all", "first"])
def test_a_relu_left_out_on_the_way_back_is_recognised_whichever_maximum_the_pooling_takes(rule):
    class LeftOut(Plain):
        def loss(self, X, y):
            scores, (conv_cache, _, pool_cache, affine_cache) = self.forward(X)
            loss, d = softmax_loss(scores, y)
            d, affine_w, affine_b = affine_backward(d, affine_cache)
            _, conv_w, conv_b = conv_backward(pool_backward(d, pool_cache, rule), conv_cache)
            return loss, {"conv_w": conv_w, "conv_b": conv_b, "affine_w": affine_w,
                          "affine_b": affine_b}

    for group in ("conv gradients", "non-square images"):
        verdict = judge(exercises.find("ConvNet"), (LeftOut,), group)
        assert verdict.misconception == "ReLU left out on the way back"


class Zeros(Plain):
    """Honest zeros agree with their own numerical gradient, and earn nothing."""

    def scores(self, X):
        return np.zeros((len(X), len(self.params["affine_b"])))

    def loss(self, X, y):
        return 0.0, {name: np.zeros_like(value) for name, value in self.params.items()}


def test_a_network_of_zeros_earns_nothing():
    assert lost_groups("ConvNet", (Zeros,)) == set(exercises.find("ConvNet").groups)


def test_a_square_network_loses_the_non_square_images_alone():
    class Square(Plain):
        def forward(self, X):
            assert X.shape[2] == X.shape[3]
            return super().forward(X)

    assert lost_groups("ConvNet", (Square,)) == {"non-square images"}


def test_the_reference_gradients_are_numerical_ones():
    exercise = exercises.find("ConvNet")
    for group in ("affine gradients", "conv gradients", "non-square images"):
        for wanted, params, pad, X, y in exercise.cases(group, 4):
            grads = exercise.expected((wanted, params, pad, X, y))["grads"] or {}
            for name, grad in grads.items():
                def loss(value, name=name, params=params, pad=pad, X=X, y=y):
                    return np.array(network(params | {name: value}, pad, X, y)[2])

                numerical = numerical_gradient(loss, params[name], np.array(1.0), h=1e-6)
                assert relative_error(grad, numerical) < 1e-6


def test_a_network_that_cannot_go_back_earns_the_forward_part():
    class Forward(Plain):
        def loss(self, X, y):
            raise NotImplementedError

    outcome = {group: judge(exercises.find("ConvNet"), (Forward,), group).outcome
               for group in exercises.find("ConvNet").groups}
    assert outcome.pop("scores") == outcome.pop("predict") == PASSED
    assert set(outcome.values()) == {NOT_ATTEMPTED}


def test_what_loss_returns_is_told_when_it_is_no_pair():
    class LossAlone(Plain):
        def loss(self, X, y):
            return super().loss(X, y)[1]

    class Nothing(Plain):
        def loss(self, X, y):
            super().loss(X, y)

    class GradientsMissing(Plain):
        def loss(self, X, y):
            loss, grads = super().loss(X, y)
            del grads["conv_b"]
            return loss, grads

    exercise = exercises.find("ConvNet")
    assert "a single number" in judge(exercise, (LossAlone,), "loss").headline
    assert "None" in judge(exercise, (Nothing,), "affine gradients").headline
    assert "conv_b" in judge(exercise, (GradientsMissing,), "conv gradients").headline
