"""What the reference layers refuse, empty batches, memory, and what they import."""

import ast
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import course_lib.reference
from course_lib.reference import pooling
from course_lib.reference.affine import affine_backward, affine_forward
from course_lib.reference.batch_norm import batch_norm_backward, batch_norm_forward
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.dropout import dropout_backward, dropout_forward
from course_lib.reference.im2col import col2im, im2col
from course_lib.reference.locally_connected import (
    local_backward,
    local_forward,
    shared_gradient,
    tie_weights,
)
from course_lib.reference.relu import relu_backward, relu_forward
from course_lib.reference.softmax_cross_entropy import softmax_cross_entropy
from course_lib.reference.transposed_convolution import (
    transposed_conv_backward,
    transposed_conv_forward,
)

X, W, B = np.ones((2, 3, 6, 8)), np.ones((4, 3, 3, 2)), np.ones(4)
W_LOCAL, B_LOCAL = np.ones((4, 7, 4, 3, 3, 2)), np.ones((4, 7, 4))
W_UP, B_UP = np.ones((3, 5, 3, 2)), np.ones(5)
RUNNING = {"mean": np.zeros(3), "var": np.ones(3)}

REFUSED = {
    "x has three axes": (lambda: conv_forward(X[0], W, B), "N, C, H, W"),
    "channels differ": (lambda: conv_forward(X, W[:, :2], B), "x.shape[1] must equal"),
    "one bias too many": (lambda: conv_forward(X, W, np.ones(5)), "one bias per filter"),
    "too large": (lambda: conv_forward(X, np.ones((4, 3, 7, 2)), B), "use a smaller window"),
    "does not fit": (lambda: conv_forward(X, W, B, 2), "not an integer"),
    "stride 0": (lambda: conv_forward(X, W, B, 0), "stride is 0"),
    "stride 1.0": (lambda: conv_forward(X, W, B, 1.0), "stride is 1.0"),
    "stride True": (lambda: conv_forward(X, W, B, True), "stride is True"),
    "negative padding": (lambda: conv_forward(X, W, B, 1, -1), "pad is -1"),
    "dilation 0": (lambda: conv_forward(X, W, B, dilation=0), "dilation is 0"),
    "dilation too large": (lambda: conv_forward(X, W, B, dilation=3), "spans 7"),
    "groups 0": (lambda: conv_forward(X, W, B, groups=0), "groups is 0"),
    "groups do not divide": (lambda: conv_forward(X, W[:, :1], B, groups=3), "must divide"),
    "no filter": (lambda: conv_forward(X, W[:0], B[:0]), "no axis may be 0"),
    "text": (lambda: conv_forward(X.astype(str), W, B), "real numbers"),
    "complex": (lambda: conv_forward(X * 1j, W, B), "real numbers"),
    "dout": (lambda: conv_backward(X, conv_forward(X, W, B)[1]), "dout has shape"),
    "im2col: axes": (lambda: im2col(X[0], 3, 2, 1, 0), "N, C, H, W"),
    "im2col: fit": (lambda: im2col(X, 3, 2, 2, 0), "not an integer"),
    "col2im: shape": (lambda: col2im(np.ones((18, 5)), X.shape, 3, 2, 1, 0), "C*HH*WW"),
    "col2im: x_shape": (lambda: col2im(np.ones((18, 5)), (3, 6, 8), 3, 2, 1, 0), "N, C, H, W"),
    "up: no filter": (lambda: transposed_conv_forward(X, W_UP[:, :0], B_UP), "no axis may be 0"),
    "local: no filter": (lambda: local_forward(X, W_LOCAL[:, :, :0], B_LOCAL), "no axis may be 0"),
    "up: channels": (lambda: transposed_conv_forward(X, W, B), "x.shape[1] must equal"),
    "up: bias": (lambda: transposed_conv_forward(X, W_UP, B), "one bias per filter"),
    "up: nothing left": (lambda: transposed_conv_forward(X, W_UP, B_UP, 1, 4), "pad less"),
    "up: stride": (lambda: transposed_conv_forward(X, W_UP, B_UP, 0), "stride is 0"),
    "up: dout": (
        lambda: transposed_conv_backward(X, transposed_conv_forward(X, W_UP, B_UP)[1]),
        "dout has shape",
    ),
    "local: axes": (lambda: local_forward(X, W, B_LOCAL), "H2, W2, F, C, HH, WW"),
    "local: places": (lambda: local_forward(X, W_LOCAL[:3], B_LOCAL[:3]), "height and width"),
    "local: channels": (lambda: local_forward(X, W_LOCAL[:, :, :, :2], B_LOCAL), "x.shape[1]"),
    "local: bias": (lambda: local_forward(X, W_LOCAL, B_LOCAL[:3]), "one bias per filter"),
    "local: pad": (lambda: local_forward(X, W_LOCAL, B_LOCAL, 1, -1), "pad is -1"),
    "local: dout": (lambda: local_backward(X, local_forward(X, W_LOCAL, B_LOCAL)[1]), "dout has"),
    "tie: axes": (lambda: tie_weights(W[0], 2, 2), "F, C, HH, WW"),
    "tie: size": (lambda: tie_weights(W, 0, 2), "H2 is 0"),
    "shared: axes": (lambda: shared_gradient(W), "H2, W2, F, C, HH, WW"),
    "pool: axes": (lambda: pooling.max_pool_forward(X[0], 2, 2, 2), "N, C, H, W"),
    "pool: fit": (lambda: pooling.max_pool_forward(X, 3, 2, 2), "not an integer"),
    "pool: too large": (lambda: pooling.avg_pool_forward(X, 7, 2, 2), "does not fit"),
    "pool: stride": (lambda: pooling.l2_pool_forward(X, 2, 2, 0), "stride is 0"),
    "pool: window": (lambda: pooling.max_pool_forward(X, 2, 0, 2), "window width is 0"),
    "pool: half": (lambda: pooling.max_pool_forward(X, 2, 2, 0.5), "stride is 0.5"),
    "pool: dout": (
        lambda: pooling.max_pool_backward(X, pooling.max_pool_forward(X, 2, 2, 2)[1]),
        "dout has shape",
    ),
    "global: axes": (lambda: pooling.global_avg_pool_forward(X[0]), "N, C, H, W"),
    "global: no pixel": (lambda: pooling.global_avg_pool_forward(X[:, :, :0]), "at least 1"),
    "affine: shape": (lambda: affine_forward(X, np.ones((143, 2)), np.ones(2)), "per image"),
    "affine: bias": (lambda: affine_forward(X, np.ones((144, 2)), np.ones(3)), "one bias per"),
    "affine: dout": (
        lambda: affine_backward(X, affine_forward(X, np.ones((144, 2)), np.ones(2))[1]),
        "dout has shape",
    ),
    "relu: dout": (lambda: relu_backward(X, relu_forward(X[0])[1]), "dout has shape"),
    "softmax: length": (lambda: softmax_cross_entropy(np.ones((3, 2)), np.ones(2, int)), "label"),
    "softmax: label": (lambda: softmax_cross_entropy(np.ones((2, 2)), np.array([0, 2])), "0 to 1"),
    "softmax: float": (lambda: softmax_cross_entropy(np.ones((2, 2)), np.ones(2)), "integers"),
    "softmax: classes": (lambda: softmax_cross_entropy(np.ones((2, 0)), np.ones(2, int)), "class"),
    "dropout: p": (lambda: dropout_forward(X, 1, np.random.default_rng(0), True), "below 1"),
    "norm: axes": (lambda: batch_norm_forward(X[0], B, B, RUNNING, True), "N, D"),
    "norm: gamma": (lambda: batch_norm_forward(X, B, B, RUNNING, True), "one number per"),
    "norm: running": (lambda: batch_norm_forward(X, B[:3], B[:3], {"mean": 0}, True), "mean and"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_in_one_line_what_is_wrong(name):
    call, words = REFUSED[name]
    with pytest.raises(ValueError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    assert words in message


def test_empty_batches_make_empty_outputs_and_zero_gradients():
    layers = {
        "convolution": (lambda x: conv_forward(x, W, B, 1, 1), conv_backward),
        "merged": (lambda x: conv_forward(x, np.ones((99, 3, 6, 8)), np.ones(99)), conv_backward),
        "up": (lambda x: transposed_conv_forward(x, W_UP, B_UP), transposed_conv_backward),
        "local": (lambda x: local_forward(x, W_LOCAL, B_LOCAL), local_backward),
        "max": (lambda x: pooling.max_pool_forward(x, 2, 2, 2), pooling.max_pool_backward),
        "avg": (lambda x: pooling.avg_pool_forward(x, 2, 2, 2), pooling.avg_pool_backward),
        "l2": (lambda x: pooling.l2_pool_forward(x, 2, 2, 2), pooling.l2_pool_backward),
        "global": (pooling.global_avg_pool_forward, pooling.global_avg_pool_backward),
        "affine": (lambda x: affine_forward(x, np.ones((144, 2)), np.ones(2)), affine_backward),
        "relu": (relu_forward, relu_backward),
        "dropout": (
            lambda x: dropout_forward(x, 0.5, np.random.default_rng(0), True),
            dropout_backward,
        ),
        "norm": (
            lambda x: batch_norm_forward(x, B[:3], B[:3], dict(RUNNING), True),
            batch_norm_backward,
        ),
    }
    with np.errstate(all="raise"):
        for name, (forward, backward) in layers.items():
            full_shape = forward(X)[0].shape
            out, cache = forward(X[:0])
            assert out.shape == (0, *full_shape[1:]), name
            gradients = backward(out, cache)
            gradients = gradients if isinstance(gradients, tuple) else (gradients,)
            assert gradients[0].shape == X[:0].shape, name
            assert not any(gradient.any() for gradient in gradients), name
        loss, dscores = softmax_cross_entropy(np.ones((0, 4)), np.ones(0, int))
    assert loss == 0 and str(loss) == "0.0" and dscores.shape == (0, 4)
    assert im2col(X[:0], 3, 2, 1, 0).shape == (18, 0)
    assert col2im(np.ones((18, 0)), (0, 3, 6, 8), 3, 2, 1, 0).shape == (0, 3, 6, 8)


def test_an_empty_batch_leaves_the_running_averages_alone():
    running = dict(RUNNING)
    batch_norm_forward(X[:0], B[:3], B[:3], running, True)
    assert all(np.array_equal(running[name], RUNNING[name]) for name in RUNNING)


def ones(*shape):
    return np.ones(shape, np.float32)


LARGE = ones(24, 16, 96, 80)
MEMORY = {  # forward, backward, shapes of the weights, the other arguments
    "convolution": (conv_forward, conv_backward, [(24, 16, 3, 5), (24,)], [1, 1]),
    "large stride": (conv_forward, conv_backward, [(8, 16, 8, 8), (8,)], [8]),
    "many filters": (conv_forward, conv_backward, [(99, 16, 1, 1), (99,)], []),
    "images merged": (conv_forward, conv_backward, [(99, 16, 10, 4), (99,)], [10, 2]),
    "transposed convolution": (
        transposed_conv_forward,
        transposed_conv_backward,
        [(16, 4, 3, 2), (4,)],
        [2],
    ),
    "locally connected": (
        local_forward,
        local_backward,
        [(24, 20, 4, 16, 4, 4), (24, 20, 4)],
        [4],
    ),
    "locally connected, many filters": (
        local_forward,
        local_backward,
        [(12, 10, 40, 16, 8, 8), (12, 10, 40)],
        [8],
    ),
    "max pooling": (pooling.max_pool_forward, pooling.max_pool_backward, [], [2, 2, 2]),
    "average pooling": (pooling.avg_pool_forward, pooling.avg_pool_backward, [], [3, 2, 1]),
    "L2 pooling": (pooling.l2_pool_forward, pooling.l2_pool_backward, [], [4, 4, 2]),
}


def peak(call):
    """What the call returns and the most memory, in bytes, that it held at any moment."""
    tracemalloc.start()
    result = call()
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return result, used


@pytest.mark.parametrize("name", MEMORY)
def test_memory_beyond_input_and_output_stays_below_8_megabytes(name):
    forward, backward, weight_shapes, others = MEMORY[name]
    weights = [ones(*shape) for shape in weight_shapes]
    (out, cache), used = peak(lambda: forward(LARGE, *weights, *others))
    assert LARGE.nbytes > 8e6
    assert used - out.nbytes < 8e6
    dout = np.ones_like(out)
    gradients, used = peak(lambda: backward(dout, cache))
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert used - sum(gradient.nbytes for gradient in gradients) < 8e6


def test_one_large_image_is_worked_on_in_parts():
    x, w, b = ones(1, 32, 224, 200), ones(8, 32, 3, 3), ones(8)
    (out, cache), used = peak(lambda: conv_forward(x, w, b, 1, 1))
    assert used - out.nbytes < 8e6
    gradients, used = peak(lambda: conv_backward(out, cache))
    assert used - sum(gradient.nbytes for gradient in gradients) < 8e6


def test_inputs_and_caches_are_left_alone():
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(shape) for shape in (X.shape, W.shape, B.shape))
    kept = [a.copy() for a in (x, w, b)]
    out, cache = conv_forward(x, w, b, 1, 1)
    dout = rng.standard_normal(out.shape)
    first, second = conv_backward(dout.copy(), cache), conv_backward(dout, cache)
    assert all(np.array_equal(p, q) for p, q in zip(first, second, strict=True))
    assert all(np.array_equal(p, q) for p, q in zip(kept, (x, w, b), strict=True))


def test_reference_imports_nothing_but_numpy():
    """Apart from itself and Python's own `math` and `functools`."""
    allowed = {"numpy", "math", "functools"}
    for path in Path(course_lib.reference.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name}: relative import"
                names = [node.module]
            for name in names:
                own = name == "course_lib.reference" or name.startswith("course_lib.reference.")
                assert own or name.split(".")[0] in allowed, f"{path.name} imports {name}"
