"""Affine, ReLU, softmax cross-entropy, dropout and batch normalisation."""

import loops
import numpy as np
import pytest
from cases import equal, examples
from hypothesis import given
from hypothesis import strategies as st

from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.batch_norm import batch_norm_backward, batch_norm_forward
from course_lib.reference.dropout import dropout_backward, dropout_forward
from course_lib.reference.gradients import numerical_gradient
from course_lib.reference.relu import relu_backward, relu_forward
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy

SMALL = st.integers(1, 5)


@given(SMALL, st.lists(SMALL, min_size=1, max_size=3), SMALL, st.integers(0, 99))
@examples(25)
def test_affine(N, rest, M, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((N, *rest)), rng.standard_normal((int(np.prod(rest)), M))
    b, dout = rng.standard_normal(M), rng.standard_normal((N, M))
    out, cache = affine_forward(x, w, b)
    equal(out, loops.affine_forward(x, w, b))
    dx, dw, db = affine_backward(dout, cache)
    equal(dx, numerical_gradient(lambda x: affine_forward(x, w, b)[0], x, dout), 1e-7)
    equal(dw, numerical_gradient(lambda w: affine_forward(x, w, b)[0], w, dout), 1e-7)
    equal(db, numerical_gradient(lambda b: affine_forward(x, w, b)[0], b, dout), 1e-7)
    terms = (out - b) * dout
    assert abs(terms.sum() - (x * dx).sum()) < 1e-12 * np.abs(terms).sum() + 1e-12


def test_relu():
    x = np.array([[-2.0, -0.5, 0.0], [0.25, 1.0, 3.0]])
    out, cache = relu_forward(x)
    assert out.tolist() == [[0, 0, 0], [0.25, 1, 3]]
    assert relu_backward(np.full((2, 3), 7.0), cache).tolist() == [[0, 0, 0], [7, 7, 7]]


@given(SMALL, st.integers(2, 6), st.integers(0, 99))
@examples(25)
def test_softmax_cross_entropy(N, K, seed):
    rng = np.random.default_rng(seed)
    scores, y = rng.standard_normal((N, K)), rng.integers(0, K, N)
    loss, dscores = softmax_cross_entropy(scores, y)
    expected_loss, expected = loops.softmax_cross_entropy(scores, y)
    assert abs(loss - expected_loss) < 1e-12
    equal(dscores, expected)
    numerical = numerical_gradient(
        lambda s: np.array(softmax_cross_entropy(s, y)[0]), scores, np.array(1.0)
    )
    equal(dscores, numerical, 1e-7)


def test_softmax_of_huge_scores_stays_finite():
    loss, dscores = softmax_cross_entropy(np.array([[1e4, 0, -1e4]]), np.array([1]))
    assert loss == 1e4
    assert np.allclose(dscores, [[1, -1, 0]])
    assert np.isclose(softmax_cross_entropy(np.zeros((3, 10)), np.arange(3))[0], np.log(10))


def test_dropout_drops_its_share_and_keeps_the_mean():
    x = np.ones((300, 400))
    out, cache = dropout_forward(x, 0.3, np.random.default_rng(0), train=True)
    assert abs((out == 0).mean() - 0.3) < 0.01 and abs(out.mean() - 1) < 0.01
    assert np.allclose(out[out > 0], 1 / 0.7)
    dout = np.random.default_rng(1).standard_normal(x.shape)
    equal(dropout_backward(dout, cache), dout * out)


def test_dropout_does_nothing_at_test_time():
    x = np.random.default_rng(0).standard_normal((3, 4))
    out, cache = dropout_forward(x, 0.9, None, train=False)
    assert np.array_equal(out, x) and np.array_equal(dropout_backward(x, cache), x)


def fresh_running(C):
    return {"mean": np.linspace(-1, 1, C), "var": np.linspace(0.5, 2, C)}


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("shape", [(7, 3), (3, 2, 4, 5)])
def test_batch_norm_gradients_are_numerical_derivatives(shape, train):
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal(shape) * 3 + 1, rng.standard_normal(shape)
    gamma, beta = rng.standard_normal(shape[1]), rng.standard_normal(shape[1])

    def layer(x=x, gamma=gamma, beta=beta):
        return batch_norm_forward(x, gamma, beta, fresh_running(shape[1]), train)

    dx, dgamma, dbeta = batch_norm_backward(dout, layer()[1])
    equal(dx, numerical_gradient(lambda x: layer(x=x)[0], x, dout), 1e-7)
    equal(dgamma, numerical_gradient(lambda gamma: layer(gamma=gamma)[0], gamma, dout), 1e-7)
    equal(dbeta, numerical_gradient(lambda beta: layer(beta=beta)[0], beta, dout), 1e-7)


def test_batch_norm_is_what_the_loops_say_and_keeps_running_averages():
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.standard_normal((3, 2, 4, 5)) * 3 + 1, rng.random(2), rng.random(2)
    running = fresh_running(2)
    out, _ = batch_norm_forward(x, gamma, beta, running, train=True, momentum=0.75)
    equal(out, loops.batch_norm_forward(x, gamma, beta))
    before = fresh_running(2)
    equal(running["mean"], 0.75 * before["mean"] + 0.25 * x.mean(axis=(0, 2, 3)))
    equal(running["var"], 0.75 * before["var"] + 0.25 * x.var(axis=(0, 2, 3)))
    kept = {name: value.copy() for name, value in running.items()}
    out, _ = batch_norm_forward(x, gamma, beta, running, train=False)
    scaled = (x - kept["mean"][:, None, None]) / np.sqrt(kept["var"][:, None, None] + 1e-5)
    equal(out, gamma[:, None, None] * scaled + beta[:, None, None])
    assert all(np.array_equal(running[name], kept[name]) for name in kept)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_stay(dtype):
    x, rng = np.ones((4, 6), dtype), np.random.default_rng(0)
    dout, ones = np.ones((4, 6)), np.ones(6, dtype)
    out, cache = affine_forward(x, np.ones((6, 6), dtype), ones)
    assert [out.dtype, *(g.dtype for g in affine_backward(dout, cache))] == [dtype] * 4
    out, cache = relu_forward(x)
    assert [out.dtype, relu_backward(dout, cache).dtype] == [dtype] * 2
    for train in (True, False):
        out, cache = dropout_forward(x, 0.5, rng, train)
        assert [out.dtype, dropout_backward(dout, cache).dtype] == [dtype] * 2
        running = {"mean": np.zeros(6, dtype), "var": np.ones(6, dtype)}
        out, cache = batch_norm_forward(x, ones, ones, running, train)
        assert [out.dtype, *(g.dtype for g in batch_norm_backward(dout, cache))] == [dtype] * 4
        assert [running["mean"].dtype, running["var"].dtype] == [dtype] * 2
    assert softmax_cross_entropy(x, np.zeros(4, int))[1].dtype == dtype
