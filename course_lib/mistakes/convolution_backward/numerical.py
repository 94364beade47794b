"""Known mistakes of lesson 03: the neuron backwards, numerical gradients, one row backwards."""

import functools

import numpy as np

from course_lib.judging.exercise import Misconception
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.reference.gradients import numerical_gradient as differences

# Stands for a gradient that a case does not ask for.
NOT_ASKED = 0
GRADIENTS = ("dx", "dw", "db")


def asked(wanted, value, names=GRADIENTS):
    """The gradients with NOT_ASKED for those not in `wanted`; whatever is no tuple stays."""
    if not isinstance(value, (tuple, list)) or len(value) != len(names):
        return value
    return tuple(v if name in wanted.split() else NOT_ASKED
                 for name, v in zip(names, value, strict=True))


def masked(function, names=GRADIENTS):
    """`function` for cases whose first argument says what is asked for."""
    return lambda wanted, *args: asked(wanted, function(*args), names)


def mistakes(names, *rows):
    """Misconceptions from (name, sentence, function that gives all the gradients, further ways)."""
    return tuple(Misconception(name, sentence, masked(wrong, names),
                               tuple(masked(way, names) for way in ways))
                 for name, sentence, wrong, *ways in rows)


NEURON_MISTAKES = mistakes(
    GRADIENTS,
    ("inputs and weights exchanged",
     "Your dx and dw have changed places. If an input grows a little, how fast the output grows "
     "is up to its weight. And if a weight grows?",
     lambda dout, x_patch, w: (dout * x_patch, dout * w, dout)),
    ("upstream gradient ignored",
     "Your gradients are those of the neuron's output. We want those of the loss: dout says how "
     "much the loss grows for each unit of output.",
     lambda dout, x_patch, w: (w, x_patch, 1.0)),
    ("no gradient for the bias",
     "Your db is 0. A bit more bias is a bit more output, whatever the neuron sees.",
     lambda dout, x_patch, w: (dout * w, dout * x_patch, 0.0)),
    ("bias counted for every weight",
     "Your db is too large: it counts the bias once for every weight. It is in the output once.",
     lambda dout, x_patch, w: (dout * w, dout * x_patch, dout * w.size)),
    ("db is 1",
     "Your db is 1: that is how much the output grows with the bias. How much the loss grows for "
     "each unit of output, dout says.",
     lambda dout, x_patch, w: (dout * w, dout * x_patch, 1.0)),
)


H = 1e-5


def power_of_sums(M, power, shape, out_shape):
    def f(x):
        if np.shape(x) != shape:
            raise ValueError(f"f takes an array of shape {shape}; it was given one of shape "
                             f"{np.shape(x)}")
        x = np.asarray(x, np.float64).ravel()
        return ((np.asarray(M, np.float64) @ x) ** power).reshape(out_shape)

    return f


def by_differences(change=lambda f, x, df, h: differences(f, x, df, h)):
    """The numerical gradient, or a wrong one: change(f, x, df, h)."""
    return lambda M, power, x, df, h: change(
        power_of_sums(M, power, x.shape, df.shape), x, df, h)


def one_by_one(rule, start=np.copy):
    """A gradient that goes through the entries of x: rule(f, x, index, df, h) gives each.

    `start` makes the array that the rule works on, and that it may leave in another state.
    """
    def gradient(f, x, df, h):
        x = start(x)
        return np.array([rule(f, x, index, df, h) for index in np.ndindex(x.shape)]
                        ).reshape(x.shape)

    return gradient


def moved(x, index, step):
    other = x.copy()
    other[index] += step
    return other


def never_put_back(f, x, index, df, h):
    x[index] += h
    above = f(x)
    x[index] -= 2 * h
    return ((above - f(x)) * df).sum() / (2 * h)


def all_at_once(f, x, df, h):
    return np.full(x.shape, ((f(x + h) - f(x - h)) * df).sum() / (2 * h))


def rows_together(f, x, df, h):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        gradient[i] = ((f(moved(x, i, h)) - f(moved(x, i, -h))) * df).sum() / (2 * h)
    return gradient


def its_own_step(step, divided, f, x, index, df, h):
    """A step of h times step(x); `divided` by it, or by h."""
    mine = h * step(x[index])
    change = ((f(moved(x, index, mine)) - f(moved(x, index, -mine))) * df).sum()
    return change / (2 * mine if divided else 2 * h)


def own_step(step):
    return lambda f, x, df, h: differences(f, x, df, step)


NUMERICAL_MISTAKES = tuple(
    Misconception(name, sentence, by_differences(wrong), tuple(map(by_differences, ways)))
    for name, sentence, wrong, *ways in (
        ("a step of one's own",
         "Your numbers do not depend on h: they are those of another, small step. Which name does "
         "your function use for the step, and where does its value come from?",
         *map(own_step, (1e-5, 1e-4, 1e-3, 1e-2, 1e-6))),
        ("a step that follows x",
         "Your step depends on the number that is nudged, so that it is another one for each entry "
         "of x. It is h for all of them.",
         *(one_by_one(functools.partial(its_own_step, step, divided))
           for step in (lambda x: abs(x), lambda x: max(1, abs(x)), lambda x: 1 + abs(x))
           for divided in (True, False))),
        ("differences to one side",
         "You compare x + h with x itself. A central difference goes h to both sides.",
         one_by_one(lambda f, x, i, df, h: ((f(moved(x, i, h)) - f(x)) * df).sum() / h)),
        ("divided by h",
         "Your numbers are twice too large. How far is it from x - h to x + h?",
         lambda f, x, df, h: 2 * differences(f, x, df, h)),
        ("not divided",
         "Your numbers are differences. A gradient is a difference divided by the way that leads "
         "to it.",
         lambda f, x, df, h: 2 * h * differences(f, x, df, h)),
        ("multiplied by h",
         "Your numbers get smaller with h, where they should hardly depend on it: a / 2 * h is "
         "half of a, times h. What do brackets around 2 * h change?",
         lambda f, x, df, h: h * h * differences(f, x, df, h)),
        ("no difference",
         "Your gradient is 0 everywhere. Does f get two different arrays? After x1 = x both names "
         "stand for one array, and what is added to the one is in the other, too. And a nudge in a "
         "copy such as x.flatten() changes nothing in x.",
         lambda f, x, df, h: np.zeros(x.shape)),
        ("step rounded",
         "Your x holds float32 numbers when it is nudged. They have about seven digits, so that a "
         "step of 0.00001 is rounded before f sees it.",
         one_by_one(lambda f, x, i, df, h: (
             (f(moved(x, i, h)) - f(moved(x, i, -h))) * df).sum() / (2 * h),
             start=lambda x: x.astype(np.float32))),
        ("sum not started again",
         "Each of your numbers has those before it in it: your sum goes on from one entry of x to "
         "the next. Where does it have to start at 0 again?",
         lambda f, x, df, h: differences(f, x, df, h).cumsum().reshape(x.shape)),
        ("upstream gradient ignored",
         "You add the changes of all outputs up as if each counted alike. How much each counts is "
         "what df says.",
         lambda f, x, df, h: differences(f, x, np.ones(df.shape), h)),
        ("mean over the outputs",
         "You take the mean over the outputs. All paths to the loss add up: it is a sum.",
         lambda f, x, df, h: differences(f, x, df, h) / df.size),
        ("entries not put back",
         "Each entry is nudged, but is it put back before the next one is? Only one at a time may "
         "differ from the x that you were given.",
         one_by_one(never_put_back)),
        ("rows nudged together",
         "You loop over the first axis of x, so all numbers of a row are nudged together. Each "
         "number has to be nudged alone, whatever number of axes x has.",
         rows_together),
        ("back to x itself",
         "Your numbers are about half of what they should be: your second point is x itself. "
         "Somebody who stands at x + h and steps back by h is at x.",
         one_by_one(lambda f, x, i, df, h: ((f(moved(x, i, h)) - f(x)) * df).sum() / (2 * h))),
        ("all entries at once",
         "You nudge all entries of x together. Then nobody can tell which of them has done what.",
         all_at_once),
        ("wrong sign",
         "Your gradient has the wrong sign. Which of the two values is subtracted from which?",
         lambda f, x, df, h: -differences(f, x, df, h)),
        ("sum for difference",
         "You add the two values of f. A gradient follows from their difference.",
         one_by_one(lambda f, x, i, df, h: (
             (f(moved(x, i, h)) + f(moved(x, i, -h))) * df).sum() / (2 * h))),
        ("upstream gradient summed apart",
         "You add df up by itself. Each number of f(x) counts as much as its own number of df "
         "says: multiply first, then add up.",
         lambda f, x, df, h: differences(f, x, np.full(df.shape, df.sum()), h)),
        ("differences downwards",
         "You compare x with x - h. A central difference goes h to both sides.",
         one_by_one(lambda f, x, i, df, h: ((f(x) - f(moved(x, i, -h))) * df).sum() / h)),
        ("sign of the difference lost",
         "Your gradient is never below 0. Where a number has to shrink for f to grow, it is.",
         one_by_one(lambda f, x, i, df, h: (
             np.abs(f(moved(x, i, h)) - f(moved(x, i, -h))) * df).sum() / (2 * h))),
    )
)


ROW = ("dx", "dw")


def row(dout, x, w, stride):
    """The right gradients."""
    _, cache = conv_forward(x[None, None, None], w[None, None, None], np.zeros(1), stride)
    dx, dw, _ = conv_backward(dout[None, None, None], cache)
    return dx.ravel(), dw.ravel()


def last_window(dout, x, w, stride):
    dx = np.zeros(len(x))
    for i, d in enumerate(dout):
        dx[i * stride : i * stride + len(w)] = d * w
    return dx


def one_pixel_each(dout, x, w, step):
    dx = np.zeros(len(x))
    dx[: step * len(dout) : step] = dout * w.sum()
    return dx


ROW_MISTAKES = mistakes(
    ROW,
    ("dx overwritten",
     "Where windows overlap, your dx knows the last window alone. A pixel that is seen twice gets "
     "a share from both.",
     lambda dout, x, w, stride: (last_window(dout, x, w, stride), row(dout, x, w, stride)[1])),
    ("dw overwritten",
     "Your dw comes from the last window alone. The weights are used in every window.",
     lambda dout, x, w, stride: (
         row(dout, x, w, stride)[0], dout[-1] * x[len(x) - len(w) :])),
    ("first window only",
     "Your dx and dw come from the first window alone. How far is your return indented?",
     lambda dout, x, w, stride: row(dout * (np.arange(len(dout)) == 0), x, w, stride)),
    ("pixels and weights exchanged",
     "You add the pixels where the weights belong: your dx is made of x, or your dw of w. The "
     "share of a pixel is dout times its weight.",
     lambda dout, x, w, stride: (
         np.convolve(spread(dout, stride), np.ones(len(w))) * x, dout.sum() * w)),
    ("a whole share to one pixel",
     "You add the weights of the filter up, and give all of it to one pixel of a window. Each "
     "pixel gets its share by the weight that lay on it.",
     lambda dout, x, w, stride: (one_pixel_each(dout, x, w, 1), row(dout, x, w, stride)[1]),
     lambda dout, x, w, stride: (one_pixel_each(dout, x, w, stride), row(dout, x, w, stride)[1])),
    ("upstream gradient ignored",
     "You have not used dout: your numbers are those for a dout of ones.",
     lambda dout, x, w, stride: row(np.ones(len(dout)), x, w, stride)),
    ("flipped filter",
     "You lay the filter on back to front. Each pixel gets its share by the weight that lay on it.",
     lambda dout, x, w, stride: (row(dout, x, w[::-1], stride)[0],
                                 row(dout, x, w, stride)[1][::-1])),
    ("stride ignored",
     "Your windows are one pixel apart. From one window to the next it goes stride pixels.",
     lambda dout, x, w, stride: one_apart(dout, x, w)),
    ("dw averaged",
     "Your dw is a mean over the outputs. Each of them adds its share: it is a sum.",
     lambda dout, x, w, stride: (row(dout, x, w, stride)[0],
                                 row(dout, x, w, stride)[1] / len(dout))),
    ("dx averaged",
     "Where windows overlap you divide by their number. The shares of a pixel add up.",
     lambda dout, x, w, stride: (
         row(dout, x, w, stride)[0] / np.maximum(1, np.convolve(
             spread(np.ones(len(dout)), stride), np.ones(len(w)))), row(dout, x, w, stride)[1])),
    ("last window left out",
     "Your last window is missing. The end of a range does not belong to it.",
     lambda dout, x, w, stride: row(
         dout * (np.arange(len(dout)) < len(dout) - 1), x, w, stride)),
    ("every second output",
     "You go through the outputs in steps of the stride, and so leave some out. All of them count; "
     "it is the windows that lie stride pixels apart.",
     lambda dout, x, w, stride: one_apart(
         dout * (np.arange(len(dout)) % stride == 0), x, w)),
)


def one_apart(dout, x, w):
    """The gradients of windows one pixel apart."""
    dx = np.zeros(len(x))
    part = row(dout, x[: len(dout) + len(w) - 1], w, 1)
    dx[: len(dout) + len(w) - 1] = part[0]
    return dx, part[1]


def spread(dout, stride):
    """dout with stride - 1 zeros between its entries."""
    wide = np.zeros((len(dout) - 1) * stride + 1)
    wide[::stride] = dout
    return wide
