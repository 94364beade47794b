"""Windows that a convolution's loops step wrongly: too far, too near, or written elsewhere."""

import numpy as np

from course_lib.mistakes.neurons_and_windows import pad_axes


def right_size(n, side, stride):
    return (n - side) // stride + 1


def size_of_stride_1(n, side, stride):
    return n - side + 1


def every_place(n, pixels, stride):
    return range(n)


def stepped(begin=lambda k, side, stride: k * stride, size=right_size, loop=every_place,
            beyond="stops", biased=True):
    """A convolution by plain loops, which are the same for rows and columns.

    begin(k, side, stride)   where window k begins
    size(n, side, stride)    how many places an output of n padded pixels has
    loop(n, pixels, stride)  the k that the loop goes through, for n places and so many pixels at
                             which a window can begin
    biased  whether a place has its bias only where a window has been
    beyond  what becomes of a window that runs over the edge: it "stops" the product of window and
            filter, or that of filter and window ("swapped"); or both are "cut" to what is there;
            or it is "skipped", and its result stays 0
    """
    def wrong(x, w, b, conv_param):
        stride, pad = conv_param["stride"], conv_param["pad"]
        x, sides = pad_axes(x, (pad, pad), (pad, pad)), w.shape[2:]
        axes = [(size(n, side, stride), n - side + 1)
                for n, side in zip(x.shape[2:], sides, strict=True)]
        out = np.zeros((len(x), len(w), *(places for places, _ in axes)))
        for i in loop(*axes[0], stride):
            for j in loop(*axes[1], stride):
                top, left = (begin(k, side, stride) for k, side in zip((i, j), sides, strict=True))
                window = x[:, :, top : top + sides[0], left : left + sides[1]]
                if beyond == "skipped" and window.shape[2:] != sides:
                    continue
                weights = w[:, :, : window.shape[2], : window.shape[3]] if beyond == "cut" else w
                # It stops with the words with which a student's product does.
                _ = weights[0] * window[0] if beyond == "swapped" else window[0] * weights[0]
                out[:, :, i, j] = (window[:, None] * weights).sum(axis=(2, 3, 4)) + b * biased
        return out if biased else out + b[:, None, None]

    return wrong


def however_it_ends(**settings):
    """The mistake by every way in which a window beyond the edge may end."""
    return tuple(stepped(beyond=beyond, **settings)
                 for beyond in ("stops", "swapped", "cut", "skipped"))


# (name, sentence, algorithms)
STEPPING = (
    ("windows side by side",
     "Your windows stand side by side: from one to the next they move by their own size. How far "
     "they move is what the stride says.",
     however_it_ends(begin=lambda k, side, stride: k * side)),
    ("stride twice",
     "Your windows are stride times stride pixels apart. If a loop counts in steps of the stride "
     "already, its variable is not multiplied once more.",
     # Where it stops, it says what others say that stop there.
     (stepped(begin=lambda k, side, stride: k * stride**2, beyond="cut"),)),
    ("size without the stride",
     "Your windows move by the stride, and your output has the size for stride 1: there are more "
     "places in it than windows. How many steps of the stride is there room for?",
     however_it_ends(size=size_of_stride_1)),
    ("places left out",
     "Your loops go over every stride-th place of the output, and the places between stay 0. The "
     "stride moves the window, not the place that its result is written to.",
     (stepped(loop=lambda n, pixels, stride: range(0, n, stride), biased=False),
      stepped(loop=lambda n, pixels, stride: range(0, n, stride)))),
    ("written at the pixel",
     "You loop over the pixels where windows begin, and write each result at the number of its "
     "pixel. With stride 2, the window that begins at pixel 2 is number 1 of the output.",
     tuple(stepped(begin=lambda k, side, stride: k, size=size, loop=loop)
           for size in (size_of_stride_1, right_size)
           for loop in (lambda n, pixels, stride: range(0, pixels, stride),
                        lambda n, pixels, stride: range(0, n, stride)))),
)
