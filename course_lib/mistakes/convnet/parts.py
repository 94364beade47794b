"""Wrong ReLUs and wrong counts of the numbers that reach the last layer of lesson 07."""

import numpy as np

from course_lib.judging.exercise import Misconception


def relu_with(gradient):
    """A ReLU whose output is right and whose gradient is gradient(dout, x)."""
    return lambda dout, x: (np.maximum(x, 0), gradient(dout, x), x)


def relu_in_place(gradient):
    """The same, but the forward pass writes into x."""
    return lambda dout, x: (np.maximum(x, 0), gradient(dout, x), np.maximum(x, 0))


def relu_up_to(most):
    """A ReLU that cuts off its output, with the gradient of one that does not."""
    return lambda dout, x: (np.clip(x, 0, most), np.where(x > 0, dout, 0), x)


def leaky(part):
    return lambda dout, x: (np.where(x > 0, x, part * x), np.where(x > 0, dout, part * dout), x)


def sigmoid(dout, x):
    out = 1 / (1 + np.exp(-x))
    return out, dout * out * (1 - out), x


def logistic(x):
    return 1 / (1 + np.exp(-x))


# (function, its slope)
SOFT = (
    (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    (lambda x: np.log1p(np.exp(x)), logistic),
    (lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * (1 - logistic(x)))),
    (lambda x: np.where(x > 0, x, np.expm1(x)), lambda x: np.where(x > 0, 1, np.exp(x))),
    (lambda x: x * logistic(1.702 * x), lambda x: logistic(1.702 * x) * (
        1 + 1.702 * x * (1 - logistic(1.702 * x)))),
)


def soft(values, slope):
    def wrong(dout, x):
        with np.errstate(over="ignore"):
            return values(x), dout * slope(x), x

    return wrong


RELU = (
    Misconception("mask of a damaged tensor",
                  "Your gradient passes everywhere. When the mask is made, are there still any "
                  "negative numbers in what the forward pass has stored?",
                  relu_in_place(lambda dout, x: dout)),
    Misconception("input overwritten",
                  "Your gradient is right now. But relu_forward still writes into the array that "
                  "the caller has handed in, and the caller may need it.",
                  relu_in_place(lambda dout, x: np.where(x > 0, dout, 0))),
    Misconception("mask that lets everything pass",
                  "Your gradient passes everywhere. Does your mask tell the numbers that the "
                  "forward pass has set to 0 from the others?",
                  relu_with(lambda dout, x: dout)),
    Misconception("mask of the gradient",
                  "You stop the gradient where dout is negative. What decides is the sign of the "
                  "input: it is the forward pass that let a number through or not.",
                  relu_with(lambda dout, x: dout * (dout > 0))),
    Misconception("both masks",
                  "You also stop negative gradients. Where the input was positive, any gradient "
                  "passes, whatever its sign.",
                  relu_with(lambda dout, x: np.maximum(dout, 0) * (x > 0))),
    Misconception("mask alone",
                  "Your gradient is the slope of ReLU alone, 0 or 1. The chain rule multiplies it "
                  "with something.",
                  relu_with(lambda dout, x: (x > 0) * 1.0)),
    Misconception("output for mask",
                  "You multiply dout with the output itself, or with the input. Its size does not "
                  "matter here, only where it is above 0.",
                  relu_with(lambda dout, x: dout * np.maximum(x, 0)),
                  (relu_with(lambda dout, x: dout * x),)),
    Misconception("upper limit",
                  "Your output never exceeds some number. A ReLU has no limit above.",
                  *(lambda first, *others: (first, others))(*(
                      relu_up_to(most) for most in (6, 1, 2, 5, 10, 20, 100, 255, 256, 1000)))),
    Misconception("leaky",
                  "Your ReLU lets a part of the negative numbers through. Here they become 0.",
                  *(lambda first, *others: (first, others))(*(
                      leaky(part) for part in (0.01, 0.1, 0.2, 0.001)))),
    Misconception("magnitude",
                  "Your function gives magnitudes. Negative numbers become 0.",
                  lambda dout, x: (np.abs(x), dout * np.sign(x), x)),
    Misconception("sigmoid",
                  "Your function is a sigmoid. ReLU gives the number itself where it is above 0.",
                  sigmoid),
    Misconception("a soft function",
                  "Your function bends softly, as tanh, softplus, SiLU, ELU or GELU do. ReLU gives "
                  "the number itself above 0, and 0 below it.",
                  *(lambda first, *others: (first, others))(*(
                      way for values, slope in SOFT for way in (
                          soft(values, slope), soft(values, lambda x: x > 0))))),
    Misconception("negative side passed",
                  "Your gradient passes where the input was negative, the wrong way round.",
                  relu_with(lambda dout, x: dout * (x < 0))),
)


def side(n, size, pad):
    return (n + 2 * pad - size + 1) // 2


FLAT_SIZE = (
    Misconception("pooling forgotten",
                  "You count the activation maps before pooling.",
                  lambda H, W, F, size, pad: (
                      F * (H + 2 * pad - size + 1) * (W + 2 * pad - size + 1))),
    Misconception("only one side pooled",
                  "Your result is twice what it should be. Does 2x2 pooling halve one side or "
                  "both?",
                  lambda H, W, F, size, pad: 2 * F * side(H, size, pad) * side(W, size, pad)),
    Misconception("one filter",
                  "You count the numbers of one activation map. Each filter makes one.",
                  lambda H, W, F, size, pad: side(H, size, pad) * side(W, size, pad)),
    Misconception("size of the image",
                  "You pool the image. It is the activation map that is pooled: how large is it?",
                  lambda H, W, F, size, pad: F * (H // 2) * (W // 2)),
    Misconception("padding forgotten",
                  "Your result is the one without padding.",
                  lambda H, W, F, size, pad: F * side(H, size, 0) * side(W, size, 0)),
    Misconception("starting place forgotten",
                  "Your maps are one row and one column too small before they are pooled. The "
                  "lines of the function work their size out already.",
                  lambda H, W, F, size, pad: (
                      F * ((H + 2 * pad - size) // 2) * ((W + 2 * pad - size) // 2))),
    Misconception("filters added",
                  "You add the number of filters. Each of them makes a map: multiply.",
                  lambda H, W, F, size, pad: F + side(H, size, pad) * side(W, size, pad)),
    Misconception("weights counted, too",
                  "You multiply with the size of the filters as well. It is the numbers of the "
                  "maps that are counted.",
                  lambda H, W, F, size, pad: (
                      F * size**2 * side(H, size, pad) * side(W, size, pad))),
    Misconception("padding on one side",
                  "You add the padding once. It lies on both sides of the image.",
                  lambda H, W, F, size, pad: (
                      F * ((H + pad - size + 1) // 2) * ((W + pad - size + 1) // 2))),
    Misconception("height for both",
                  "Your map is square. Its width follows from the width of the image.",
                  lambda H, W, F, size, pad: F * side(H, size, pad) ** 2),
    Misconception("width for both",
                  "Your map is square. Its height follows from the height of the image.",
                  lambda H, W, F, size, pad: F * side(W, size, pad) ** 2),
)
