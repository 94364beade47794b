"""The reference layers against torch's, where torch is installed."""

import numpy as np
import pytest
from cases import convolutions, equal, examples, poolings
from hypothesis import given

from course_lib.reference import pooling
from course_lib.reference.batch_norm import batch_norm_backward, batch_norm_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy
from course_lib.reference.transposed_convolution import (
    transposed_conv_backward,
    transposed_conv_forward,
)


def leaves(torch, *arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def compare(out, gradients, theirs, dout, inputs):
    """Output and gradients against torch's for the same upstream gradient."""
    equal(out, theirs.detach().numpy())
    theirs.backward(theirs.new_tensor(dout))
    for mine, tensor in zip(gradients, inputs, strict=True):
        equal(mine, tensor.grad.numpy())


@given(convolutions())
@examples(40)
def test_convolution(case):
    torch = pytest.importorskip("torch")
    x, w, b, keywords, dout, _ = case
    out, cache = conv_forward(x, w, b, **keywords)
    inputs = leaves(torch, x, w, b)
    theirs = torch.conv2d(*inputs, *keywords.values())
    compare(out, conv_backward(dout, cache), theirs, dout, inputs)


@given(convolutions())
@examples(25)
def test_transposed_convolution(case):
    torch = pytest.importorskip("torch")
    _, w, _, keywords, x, _ = case
    if keywords["dilation"] > 1 or keywords["groups"] > 1:
        return
    b = np.arange(1.0, w.shape[1] + 1)
    stride, pad = keywords["stride"], keywords["pad"]
    out, cache = transposed_conv_forward(x, w, b, stride, pad)
    dout = np.random.default_rng(0).standard_normal(out.shape)
    inputs = leaves(torch, x, w, b)
    theirs = torch.conv_transpose2d(*inputs, stride, pad)
    compare(out, transposed_conv_backward(dout, cache), theirs, dout, inputs)


@pytest.mark.parametrize("ties", [False, True])
def test_pooling(ties):
    torch = pytest.importorskip("torch")

    @given(poolings(ties=ties))
    @examples(25)
    def check(case):
        x, (height, width, stride), dout, _ = case
        for kind, pool in (("max", torch.max_pool2d), ("avg", torch.nn.functional.avg_pool2d)):
            out, cache = getattr(pooling, f"{kind}_pool_forward")(x, height, width, stride)
            dx = getattr(pooling, f"{kind}_pool_backward")(dout, cache)
            inputs = leaves(torch, x)
            compare(out, [dx], pool(*inputs, (height, width), stride), dout, inputs)

    check()


def test_softmax_cross_entropy():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    scores, y = rng.standard_normal((7, 4)), rng.integers(0, 4, 7)
    loss, dscores = softmax_cross_entropy(scores, y)
    inputs = leaves(torch, scores)
    theirs = torch.nn.functional.cross_entropy(*inputs, torch.tensor(y))
    compare(np.array(loss), [dscores], theirs, np.array(1.0), inputs)


def test_batch_norm():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.standard_normal((3, 2, 4, 5)), rng.random(2), rng.random(2)
    dout = rng.standard_normal(x.shape)
    for train in (True, False):
        running = {"mean": np.array([0.5, -1]), "var": np.array([2.0, 0.25])}
        averages = [torch.tensor(value) for value in running.values()]
        out, cache = batch_norm_forward(x, gamma, beta, running, train)
        inputs = leaves(torch, x, gamma, beta)
        theirs = torch.nn.functional.batch_norm(inputs[0], *averages, *inputs[1:], train, 0.1, 1e-5)
        compare(out, batch_norm_backward(dout, cache), theirs, dout, inputs)
