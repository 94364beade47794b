"""Exercises of lesson 03: gradients by nudging, by hand and by convolution.

A case says which gradients are asked for; the others are replaced by NOT_ASKED on both sides. So a
mistake in dw, say, costs nothing where dx is judged. Where padding is no subject it is 1: the most
frequent mistake of all, cutting off [pad:-pad], then costs the group about pad 0.
"""

import numpy as np

from course_lib.exercise import Exercise, Misconception
from course_lib.exercises._convolution_mistakes import pad_axes
from course_lib.exercises.convolution_forward import conv_case, draw, several
from course_lib.gradients import numerical_gradient as differences
from course_lib.reference.convolution import conv_backward, conv_forward
from course_lib.student_call import StudentError

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
    """Misconceptions from (name, sentence, function that gives all the gradients)."""
    return tuple(Misconception(name, sentence, masked(wrong, names))
                 for name, sentence, wrong in rows)


def signed(rng, size):
    """Numbers from 1 to 3 or from -3 to -1: none of them near 0 or equal to 1."""
    return rng.uniform(1.2, 3, size) * rng.choice([-1, 1], size)


# neuron_backward

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
)


def neuron_cases(wanted):
    def cases(rng):
        for _ in range(3):
            shape = several(rng, 3)
            yield wanted, float(signed(rng, 1)[0]), signed(rng, shape), signed(rng, shape)

    return cases


neuron_backward = Exercise(
    name="neuron_backward",
    reference=masked(lambda dout, x_patch, w: (dout * w, dout * x_patch, dout)),
    groups={name: neuron_cases(name) for name in GRADIENTS},
    describe=lambda wanted, dout, x_patch, w: (
        f"{wanted}; patch and weights of shape {x_patch.shape}, dout = {dout:.3g}"
    ),
    results=GRADIENTS,
    play=lambda functions, wanted, *args: asked(wanted, functions[0](*args)),
    misconceptions=NEURON_MISTAKES,
)


# numerical_gradient: f(x) = (M x)^power, a function of the judge's that the student's code calls.

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


NUMERICAL_MISTAKES = tuple(
    Misconception(name, sentence, by_differences(wrong)) for name, sentence, wrong in (
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
        ("all entries at once",
         "You nudge all entries of x together. Then nobody can tell which of them has done what.",
         all_at_once),
        ("wrong sign",
         "Your gradient has the wrong sign. Which of the two values is subtracted from which?",
         lambda f, x, df, h: -differences(f, x, df, h)),
    )
)


def nudging_cases(shapes, power, h=H, weighted=False):
    """`shapes` gives the number of axes of x for each case."""
    def cases(rng):
        for axes in shapes:
            shape, out_shape = several(rng, axes), several(rng, 2)
            M = rng.uniform(0.2, 1, (np.prod(out_shape), np.prod(shape)))
            df = signed(rng, out_shape) if weighted else np.ones(out_shape)
            yield M, power, rng.uniform(0.5, 1, shape), df, h

    return cases


numerical_gradient = Exercise(
    name="numerical_gradient",
    reference=by_differences(),
    groups={
        "vectors": nudging_cases((1, 1), power=2),
        "images": nudging_cases((2, 3), power=2),
        "upstream gradient": nudging_cases((1, 2), power=2, weighted=True),
        "large steps": nudging_cases((1, 2), power=3, h=0.5),
    },
    describe=lambda M, power, x, df, h: (
        f"x of shape {x.shape}, f(x) and df of shape {df.shape}, h = {h:g}"
        + (", df all ones" if (df == 1).all() else "")
    ),
    results=("the gradient",),
    play=lambda functions, M, power, x, df, h: functions[0](
        power_of_sums(M, power, x.shape, df.shape), x, df, **({} if h == H else {"h": h})),
    misconceptions=NUMERICAL_MISTAKES,
)


# row_backward: a convolution in one dimension.

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
    ("pixels and weights exchanged",
     "You add the pixels where the weights belong: your dx is made of x, or your dw of w. The "
     "share of a pixel is dout times its weight.",
     lambda dout, x, w, stride: (
         np.convolve(spread(dout, stride), np.ones(len(w))) * x, dout.sum() * w)),
    ("upstream gradient ignored",
     "You have not used dout: your numbers are those for a dout of ones.",
     lambda dout, x, w, stride: row(np.ones(len(dout)), x, w, stride)),
    ("flipped filter",
     "You lay the filter on back to front. Each pixel gets its share by the weight that lay on it.",
     lambda dout, x, w, stride: (row(dout, x, w[::-1], stride)[0],
                                 row(dout, x, w, stride)[1][::-1])),
)


def spread(dout, stride):
    """dout with stride - 1 zeros between its entries."""
    wide = np.zeros((len(dout) - 1) * stride + 1)
    wide[::stride] = dout
    return wide


def row_cases(wanted, overlapping):
    def cases(rng):
        for size in (2, 3, 4):
            stride = draw(rng, 1, size - 1) if overlapping else size
            places = draw(rng, 3, 5)
            yield (wanted, signed(rng, places), signed(rng, (places - 1) * stride + size),
                   signed(rng, size), stride)

    return cases


row_backward = Exercise(
    name="row_backward",
    reference=masked(row, ROW),
    groups={
        "dx windows apart": row_cases("dx", overlapping=False),
        "dx overlapping windows": row_cases("dx", overlapping=True),
        "dw": row_cases("dw", overlapping=True),
    },
    describe=lambda wanted, dout, x, w, stride: (
        f"{wanted}; {len(x)} pixels, a filter of {len(w)}, stride {stride}, {len(dout)} outputs"
    ),
    results=ROW,
    play=lambda functions, wanted, *args: asked(wanted, functions[0](*args), ROW),
    misconceptions=ROW_MISTAKES,
)


# unpad

def inside(padded, pad):
    """The right result."""
    return padded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad]


UNPAD_MISTAKES = (
    Misconception("slice to minus pad",
                  "Nothing is left for pad 0. Print -pad for that case: where does the slice end?",
                  lambda padded, pad: padded[:, :, pad:-pad, pad:-pad]),
    Misconception("one pixel cut off always",
                  "You cut off one pixel at every side, whatever pad is.",
                  lambda padded, pad: inside(padded, 1)),
    Misconception("cut off at the start alone",
                  "You cut off the frame above and to the left. There is one below and to the "
                  "right as well.",
                  lambda padded, pad: padded[:, :, pad:, pad:]),
    Misconception("cut off at the end alone",
                  "Your shape is right, but you keep the upper left part. The image is in the "
                  "middle.",
                  lambda padded, pad: padded[:, :, : padded.shape[2] - 2 * pad,
                                             : padded.shape[3] - 2 * pad]),
    Misconception("nothing cut off", "The frame is still there.", lambda padded, pad: padded),
    Misconception("one size for both",
                  "You cut the width by the height. Where does each axis end?",
                  lambda padded, pad: padded[:, :, pad : padded.shape[2] - pad,
                                             pad : padded.shape[2] - pad]),
)


def unpad_cases(paddings):
    def cases(rng):
        for pad in paddings:
            N, C, H, W = several(rng, 4)
            # Wider than high: the same slice for both axes leaves something out.
            H, W = sorted((H, W))
            yield rng.standard_normal((N, C, H + 2 * pad, W + 2 * pad)), pad

    return cases


unpad = Exercise(
    name="unpad",
    reference=inside,
    groups={"pad 1 and more": unpad_cases((1, 2, 3)), "pad 0": unpad_cases((0, 0))},
    describe=lambda padded, pad: f"dx_padded of shape {padded.shape}, pad {pad}",
    results=("the inner part",),
    misconceptions=UNPAD_MISTAKES,
)


# conv_backward_naive: played together with the notebook's conv_forward_naive.

def gradients(dout, x, w, b, conv_param):
    """The right dx, dw and db."""
    return conv_backward(dout, conv_forward(x, w, b, **conv_param)[1])


def on_padded(dout, x, w, b, conv_param):
    """(dx_padded, dw, db): the right gradients before the padding is cut off."""
    pad = conv_param["pad"]
    padded = pad_axes(x, (pad, pad), (pad, pad))
    return gradients(dout, padded, w, b, conv_param | {"pad": 0})


def with_dx(change):
    """Right but for dx, which is change(dx_padded, pad)."""
    def wrong(dout, x, w, b, conv_param):
        dx, dw, db = on_padded(dout, x, w, b, conv_param)
        return change(dx, conv_param["pad"]), dw, db

    return wrong


def instead(wanted, other):
    """Right but for the gradients in `wanted`, which are those that `other` gives."""
    def wrong(*case):
        return tuple(o if name in wanted.split() else r for name, o, r in
                     zip(GRADIENTS, other(*case), gradients(*case), strict=True))

    return wrong


def at_windows(step, assign=np.add):
    """Loops over the windows. step(conv_param) is the way from one to the next, and
    assign(old, new) is what becomes of what was there."""
    def wrong(dout, x, w, b, conv_param):
        s, pad = step(conv_param), conv_param["pad"]
        (HH, WW), padded = w.shape[2:], pad_axes(x, (pad, pad), (pad, pad))
        dx, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(len(w))
        for n, f, i, j in np.ndindex(dout.shape):
            here = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
            dx[here] = assign(dx[here], dout[n, f, i, j] * w[f])
            dw[f] = assign(dw[f], dout[n, f, i, j] * padded[here])
            db[f] = assign(db[f], dout[n, f, i, j])
        return inside(dx, pad), dw, db

    return wrong


overwritten = at_windows(lambda conv_param: conv_param["stride"], lambda old, new: new)
not_strided = at_windows(lambda conv_param: 1)


def change_arguments(change):
    """The right gradients of a changed case: change(dout, x, w) gives its arrays."""
    def wrong(dout, x, w, b, conv_param):
        dout, x, w = change(dout, x, w)
        return gradients(dout, x, w, b[: len(w)], conv_param)

    return wrong


def change_results(change):
    """change(dx, dw, db, dout, w) of the right gradients."""
    return lambda dout, x, w, b, conv_param: change(
        *gradients(dout, x, w, b, conv_param), dout, w)


CONV_BACKWARD_MISTAKES = mistakes(
    GRADIENTS,
    ("slice to minus pad",
     "Your dx is empty where there is no padding. Print -pad for pad 0: where does the slice end?",
     with_dx(lambda dx, pad: dx[:, :, pad:-pad, pad:-pad])),
    ("pad 1 always",
     "You cut one pixel off every side of dx, whatever conv_param['pad'] is.",
     with_dx(lambda dx, pad: inside(dx, 1))),
    ("padding not cut off",
     "Your dx still has the frame of the padding. It should have the shape of x.",
     with_dx(lambda dx, pad: dx)),
    ("padding cut off at the end alone",
     "Your dx has the right shape, but it is the upper left part of the padded one. The frame has "
     "four sides.",
     with_dx(lambda dx, pad: dx[:, :, : dx.shape[2] - 2 * pad, : dx.shape[3] - 2 * pad])),
    ("dx overwritten",
     "Your dx holds the share of the last window alone. Windows overlap, and filters see the same "
     "pixels: all shares add up.",
     instead("dx", overwritten)),
    ("dw overwritten",
     "Your dw comes from the last window alone. A filter is used in every window of every image.",
     instead("dw", overwritten)),
    ("db overwritten",
     "Your db is the last entry of dout for each filter. The bias is added at every place of every "
     "image.",
     instead("db", overwritten)),
    ("stride missing in dx",
     "Your dx puts the windows one pixel apart. In the forward pass they were further apart.",
     instead("dx", not_strided)),
    ("stride missing in dw",
     "Your dw is made from windows one pixel apart. In the forward pass they were further apart.",
     instead("dw", not_strided)),
    ("flipped filter",
     "Your dx has the filter flipped, upside down and left to right. In a loop over the windows "
     "each pixel gets its share by the weight that lay on it.",
     instead("dx", change_arguments(lambda dout, x, w: (dout, x, w[:, :, ::-1, ::-1])))),
    ("last filter only",
     "Your dx knows the last filter alone. All filters have seen the image: does each overwrite "
     "the one before?",
     instead("dx", change_arguments(lambda dout, x, w: (dout[:, -1:], x, w[-1:])))),
    ("first filter for all",
     "Your dx uses the weights of the first filter for all of them.",
     instead("dx", change_arguments(lambda dout, x, w: (dout, x, 0 * w + w[:1])))),
    ("dx of the first image only",
     "Your dx is 0 from the second image on.",
     change_results(lambda dx, dw, db, dout, w: (
         dx * (np.arange(len(dx)) == 0)[:, None, None, None], dw, db))),
    ("dw of the last image only",
     "Your dw comes from the last image alone. Where do you set it to 0, or assign it?",
     instead("dw", change_arguments(lambda dout, x, w: (dout[-1:], x[-1:], w)))),
    ("averaged over the images",
     "Your dw or db is divided by the number of images. If the loss is a mean, dout knows that "
     "already.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw / len(dx), db / len(dx)))),
    ("averaged over everything",
     "Your db is a mean over images and places. Each of them adds its share: it is a sum.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.mean(axis=(0, 2, 3))))),
    ("db once per channel",
     "Your db is too large by the number of channels. The bias is in each output once.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, db * w.shape[1]))),
    ("db not summed over the places",
     "Your db has an entry for every place. A filter has one bias for all places.",
     change_results(lambda dx, dw, db, dout, w: (dx, dw, dout.sum(axis=0)))),
    ("upstream gradient ignored",
     "You have not used the values of dout: your numbers are those for a dout of ones.",
     change_arguments(lambda dout, x, w: (np.ones(dout.shape), x, w))),
    ("height and width exchanged",
     "Rows and columns have changed places. Which loop variable moves the window down in your "
     "forward pass, and which in your backward pass?",
     change_arguments(lambda dout, x, w: (dout.swapaxes(2, 3), x, w))),
    ("results in another order",
     "You return dw first. The order is dx, dw, db.",
     change_results(lambda dx, dw, db, dout, w: (dw, dx, db))),
)


def play_backward(functions, wanted, dout, *case):
    """The student's forward pass makes the cache; what is in it is their own business."""
    if len(functions) < 2:
        raise ValueError("a backward function is checked together with its forward function: "
                         "give both to check")
    returned = functions[1](*case)
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        name = getattr(functions[1], "__name__", "the forward function")
        raise StudentError(["ValueError"], f"{name} should return (out, cache): your backward "
                           "function needs the cache")
    return asked(wanted, functions[0](dout, returned[1]))


def backward_case(rng, wanted, pad=1, **settings):
    x, w, b, conv_param = conv_case(rng, pad=pad, biased=True, **settings)
    out, _ = conv_forward(x, w, b, **conv_param)
    return wanted, signed(rng, out.shape), x, w, b, conv_param


def square(wanted, **settings):
    """Square images and filters; each setting is a list with one value for each case."""
    def cases(rng):
        for values in zip(*settings.values(), strict=True):
            window, places = draw(rng, 3, 4), draw(rng, 4, 5)
            shape = {"HH": window, "WW": window, "rows": places, "columns": places}
            yield backward_case(rng, wanted, **shape | dict(zip(settings, values, strict=True)))

    return cases


def non_square(wanted):
    """N, C, F, H, W, HH and WW all different, once wide and once tall, filters across that."""
    def cases(rng):
        for wide in (True, False):
            N, C, F, HH, WW = several(rng, 5)
            HH, WW = sorted((HH, WW), reverse=wide)
            short, long = draw(rng, 7, 8), draw(rng, 10, 11)
            H, W = (short, long) if wide else (long, short)
            yield backward_case(rng, wanted, N=N, C=C, F=F, HH=HH, WW=WW, rows=H + 3 - HH,
                                columns=W + 3 - WW)

    return cases


def all_together(rng):
    for stride, pad in ((2, 0), (2, 1), (3, 2)):
        N, C, F, _, _ = several(rng, 5)
        HH, WW = (int(n) for n in 3 + rng.permutation(3)[:2])
        yield backward_case(rng, "dx dw db", pad, N=N, C=C, F=F, HH=HH, WW=WW, stride=stride,
                            rows=draw(rng, 3, 4), columns=draw(rng, 5, 6))
    yield backward_case(rng, "dx dw db", N=2, F=3, HH=5, WW=4, rows=1, columns=1)


def describe_backward(wanted, dout, x, w, b, conv_param):
    (height, width), (HH, WW) = x.shape[2:], w.shape[2:]
    return (f"{wanted.replace(' ', ', ')}; stride {conv_param['stride']}, pad "
            f"{conv_param['pad']}, {height}x{width} input, {HH}x{WW} filter; x has shape "
            f"{x.shape}, w {w.shape}, dout {dout.shape}")


conv_backward_naive = Exercise(
    name="conv_backward_naive",
    reference=masked(gradients),
    groups={
        "db": square("db", N=(2, 3), F=(3, 2)),
        "dw one filter": square("dw", C=(1, 2, 3)),
        "dw many images": square("dw", N=(2, 4), F=(3, 2)),
        "dw stride": square("dw", stride=(2, 3)),
        "dw non-square": non_square("dw"),
        "dx one filter": square("dx", C=(1, 2, 3)),
        "dx many filters": square("dx", F=(2, 4)),
        "dx many images": square("dx", N=(2, 4)),
        "dx pad 0": lambda rng: [*square("dx", pad=(0, 0))(rng),
                                 *square("dx", pad=(0,), rows=(1,), columns=(1,))(rng)],
        "dx pad 2": square("dx", pad=(2, 2), rows=(6, 7), columns=(6, 7)),
        "dx stride": square("dx", stride=(2, 3)),
        "dx non-square": non_square("dx"),
        "all together": all_together,
    },
    describe=describe_backward,
    results=GRADIENTS,
    play=play_backward,
    misconceptions=CONV_BACKWARD_MISTAKES,
)


# dx_by_convolution: stride 1, square filters.

def by_convolution(dout, w, pad):
    """The right dx."""
    K = w.shape[2]
    N, _, H2, W2 = dout.shape
    x = np.zeros((N, w.shape[1], H2 + K - 1 - 2 * pad, W2 + K - 1 - 2 * pad))
    return gradients(dout, x, w, np.zeros(len(w)), {"stride": 1, "pad": pad})[0]


def with_filter(change):
    """Right but for the filters, which are change(w)."""
    return lambda dout, w, pad: by_convolution(dout, change(w), pad)


def padded_by(width):
    """Right but for the padding, which is width(K, pad)."""
    return lambda dout, w, pad: by_convolution(dout, w, w.shape[2] - 1 - width(w.shape[2], pad))


DX_MISTAKES = (
    Misconception("filter not flipped",
                  "The filter lies as in the forward pass. Go through the outputs that see one "
                  "pixel, from left to right: in which order do the weights come?",
                  with_filter(lambda w: w[:, :, ::-1, ::-1])),
    Misconception("flipped upside down only",
                  "You have turned the rows of the filter around. And its columns?",
                  with_filter(lambda w: w[:, :, :, ::-1])),
    Misconception("flipped left to right only",
                  "You have turned the columns of the filter around. And its rows?",
                  with_filter(lambda w: w[:, :, ::-1])),
    Misconception("transposed",
                  "You have exchanged rows and columns of the filter. To flip is something else: "
                  "the last row comes first, and the last column too.",
                  with_filter(lambda w: w.swapaxes(2, 3)[:, :, ::-1, ::-1])),
    Misconception("padding of the forward pass",
                  "You use the padding of the forward pass. Work out which padding gives dx the "
                  "size of x.",
                  padded_by(lambda K, pad: pad)),
    Misconception("padding as if there had been none",
                  "Your dx still has the frame: K - 1 is the right padding for pad 0.",
                  padded_by(lambda K, pad: K - 1)),
    Misconception("reshape for transpose",
                  "You exchange filters and channels with reshape. It keeps the numbers in their "
                  "order and so mixes them up; transpose exchanges axes.",
                  with_filter(lambda w: w.reshape(w.shape[1], w.shape[0], *w.shape[2:]
                                                  ).transpose(1, 0, 2, 3))),
)


def collecting_cases(sizes, paddings, many):
    def cases(rng):
        for K, pad in zip(sizes, paddings, strict=True):
            N, C, F = several(rng, 3) if many else (1, 1, 1)
            H2, W2 = (int(n) for n in 6 + rng.permutation(3)[:2])
            yield signed(rng, (N, F, H2, W2)), rng.standard_normal((F, C, K, K)), pad

    return cases


dx_by_convolution = Exercise(
    name="dx_by_convolution",
    reference=by_convolution,
    groups={
        "one filter": collecting_cases((2, 3, 4), (0, 0, 0), many=False),
        "many filters": collecting_cases((3, 4), (0, 0), many=True),
        # K - 1 = 2 pad is left out: there the padding is the same both ways.
        "padding": collecting_cases((4, 4, 5), (1, 2, 1), many=False),
    },
    describe=lambda dout, w, pad: f"dout of shape {dout.shape}, w of shape {w.shape}, pad {pad}",
    results=("dx",),
    misconceptions=DX_MISTAKES,
)


EXERCISES = [neuron_backward, numerical_gradient, row_backward, unpad, conv_backward_naive,
             dx_by_convolution]
