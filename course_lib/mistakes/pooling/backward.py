"""Pooling backwards by plain loops, right as it stands; a mistake says what it replaces of them."""

import functools
from operator import iadd

import numpy as np

from course_lib.mistakes.going_on import without_the_last
from course_lib.mistakes.pooling.forward import SIDES, pair


def place(window, wide=None):
    """(row, column) of the maximum of a window that is `wide` numbers wide."""
    return divmod(int(window.argmax()), wide or window.shape[1])


# (name, sentence, wrong function)
WHERE_IS_MAX = (
    ("divided by the height",
     "You divide by the height of the window. The count goes along the rows: how many numbers "
     "are there in one row?", lambda window: place(window, len(window))),
    ("row and column exchanged", "Row and column have changed places. The row comes first.",
     lambda window: place(window)[::-1]),
    ("counted from 1", "You count from 1. In Python the first row is number 0.",
     lambda window: tuple(k + 1 for k in place(window))),
    ("largest row and column",
     "You look for the row and the column with the largest sum, or the largest number of each. "
     "The largest number of all may lie elsewhere.",
     lambda window: (int(window.sum(axis=1).argmax()), int(window.sum(axis=0).argmax())),
     (lambda window: (int(window.argmax(axis=0)[0]), int(window.argmax(axis=1)[0])),)),
    ("smallest number", "This is the place of the smallest number.",
     lambda window: place(-window)),
    ("largest magnitude", "You look for the largest magnitude. 1 is more than -3 here.",
     lambda window: place(np.abs(window))),
)


def winner(patch):
    return patch == patch.max(axis=(2, 3), keepdims=True)


def by_argmax(patch):
    """`winner`, found as a student's function does: it stops otherwise where a window is empty."""
    rows = patch.reshape(*patch.shape[:2], patch.shape[2] * patch.shape[3])
    return (np.arange(rows.shape[2]) == rows.argmax(axis=2)[..., None]).reshape(patch.shape)


def first_of(patch):
    """1 at the upper left of each window, 0 elsewhere."""
    return (np.arange(patch[0, 0].size) == 0).reshape(patch.shape[2:])


def equal_shares(patch):
    return np.full(patch.shape, 1 / patch[0, 0].size)


def unpool(x, pool_param, dout, share, window=None, read=None, write=None, put=iadd, upstream=None,
           columns_first=False, onto=False, averaged=False, scale=None):
    """dx by plain loops: each window gets share(window) * its number of dout.

    window(h, w, s) makes other sides; read(h, w, s) and write(h, w, s) are other ways from one
    window to the next in x and in dx, one number, or one down and one to the right;
    put(dwindow, new) replaces the adding; upstream(dout) changes dout. With columns_first, the
    outer loop goes to the right: that matters if windows replace what was there. With onto, dx
    begins as x itself. With averaged, a pixel of several windows gets the mean of what they send.
    All is multiplied with scale(h, w, s, (rows, columns) of the output).
    """
    h, w, s = pool_param.values()
    high, wide = window(h, w, s) if window else (h, w)
    dout = upstream(dout) if upstream else dout
    dx = x.astype(float) if onto else np.zeros(x.shape)
    dout = dout * scale(h, w, s, dout.shape[2:]) if scale else dout
    counts = np.zeros(x.shape)
    ways = [(a, pair(step(h, w, s) if step else s)) for a, step in ((x, read), (dx, write))]
    places = list(np.ndindex(dout.shape[2:]))
    for i, j in sorted(places, key=lambda place: place[::-1]) if columns_first else places:
        patch, dwindow = (
            a[:, :, i * down : i * down + high, j * right : j * right + wide]
            for a, (down, right) in ways)
        new = share(patch) * dout[:, :, i : i + 1, j : j + 1]
        counts[:, :, i * s : i * s + high, j * s : j * s + wide] += averaged and share(patch) != 0
        # As slices are, what a wrong step lays beyond the edge is cut off.
        put(dwindow, new[:, :, : dwindow.shape[2], : dwindow.shape[3]])
    return dx / np.maximum(1, counts)


def forgetting_the_corner(x, pool_param, dout, adding=True):
    """Each winner's place in its window, taken for its place in the map."""
    h, w, s = pool_param.values()
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        place = x[n, c, i * s : i * s + h, j * s : j * s + w].argmax()
        here = n, c, *divmod(place, w)
        dx[here] = dx[here] * adding + dout[n, c, i, j]
    return dx


def one(h, w, s):
    return 1


def sides(h, w, s):
    return h, w


def height(h, w, s):
    return h


def at_the_maximum(dwindow, new):
    np.copyto(dwindow, new, where=new != 0)


def all_but_the_last(dout):
    """Zeros in the last row and column. Of a single one, nothing would be left that says so."""
    return without_the_last(dout) if min(dout.shape[2:]) > 1 else dout


# (name, sentence, what to replace in `unpool`, and further ways to do so)
SPREADING = (
    *SIDES,
    ("upstream gradient forgotten",
     "Your dx does not depend on dout. The chain rule multiplies with it.",
     {"upstream": np.ones_like}),
    ("dout turned", "You have exchanged the rows and the columns of dout.",
     {"upstream": lambda dout: dout.swapaxes(2, 3)}),
    ("wrong sign", "Your dx has the wrong sign.", {"upstream": np.negative}),
    ("averaged",
     "Where a pixel lies in several windows you take the mean of what they send to it. All of it "
     "adds up.", {"averaged": True}),
    ("divided by the images",
     "Your dx is divided by the number of images. If the loss is a mean, dout knows that already.",
     {"upstream": lambda dout: dout / len(dout)}),
    ("last windows left out",
     "Your loops end too early: the last row and the last column of dout are left out. The end of "
     "a range does not belong to it.", {"upstream": all_but_the_last}),
    ("added to x",
     "You add the gradients to x itself and return it. They belong into an array of their own, "
     "which begins with zeros.", {"onto": True}),
    ("written without the stride", "In dx you write as if the windows were one pixel apart.",
     {"write": one}),
)
MAX_BACKWARD = (
    ("= for += on the window",
     "Your dx is right as long as windows do not overlap. Where they do, each window wipes out "
     "what was there before it. Does the line that writes into dx add, or does it replace?",
     {"put": np.copyto}, {"put": np.copyto, "columns_first": True}),
    ("= for += at the maximum",
     "A number may be the maximum of several windows. Your dx has the gradient of the last of them "
     "only. Should the line that writes into dx add or replace?",
     {"put": at_the_maximum}, {"put": at_the_maximum, "columns_first": True}),
    ("gradient to all",
     "Each number of a window gets the whole gradient. But a small change of one that is not the "
     "maximum changes nothing in the output.", {"share": np.ones_like}),
    ("gradient in equal shares",
     "You share each gradient out over the window. Which of its numbers does the maximum depend "
     "on?", {"share": equal_shares}),
    ("gradient times the value", "You multiply the gradient with the maximum itself.",
     {"share": lambda patch: patch * winner(patch)}),
    # Pairs of mistakes that both show wherever one of them does.
    ("gradient to all, upstream gradient forgotten",
     "Two things: each number of a window gets a gradient, not its maximum alone, and your dx does "
     "not depend on dout.", {"share": np.ones_like, "upstream": np.ones_like}),
    ("gradient times the value, upstream gradient forgotten",
     "Two things: you multiply with the maximum itself, and your dx does not depend on dout.",
     {"share": lambda patch: patch * winner(patch), "upstream": np.ones_like}),
    ("gradient to the smallest", "Your gradients go to the smallest number of each window.",
     {"share": lambda patch: winner(-patch)}),
    ("largest magnitude", "You look for the largest magnitude. 1 is more than -3 here.",
     {"share": lambda patch: winner(np.abs(patch))}),
    ("one winner for all maps", "You look for one winner among all maps. Each map has its own.",
     {"share": lambda patch: patch == patch.max(axis=(1, 2, 3), keepdims=True)}),
    ("places of the first map",
     "In all maps your gradient goes to where the maximum of the first map is.",
     {"share": lambda patch: np.repeat(winner(patch[:, :1]), patch.shape[1], axis=1)}),
    ("places of the first image",
     "In all images your gradient goes to where the maximum of the first image is.",
     {"share": lambda patch: np.repeat(winner(patch[:1]), len(patch), axis=0)}),
    ("read without the stride",
     "You write into the right windows of dx, but look for the maxima in windows of the input that "
     "are one pixel apart.", {"read": one}),
    ("stride ignored", "Your windows are one pixel apart, in the input and in dx.",
     {"read": one, "write": one}),
    ("window as stride",
     "Your windows stand side by side. The stride need not be the size of the window.",
     *({"read": step, "write": step, "share": share}
       for share in (winner, by_argmax) for step in (sides, height))),
    ("rows one pixel apart",
     "Downwards your windows are one pixel apart, in the input and in dx. To the right they keep "
     "to the stride.", {"read": lambda h, w, s: (1, s), "write": lambda h, w, s: (1, s)}),
    ("columns one pixel apart",
     "To the right your windows are one pixel apart, in the input and in dx. Downwards they keep "
     "to the stride.", {"read": lambda h, w, s: (s, 1), "write": lambda h, w, s: (s, 1)}),
    *SPREADING,
)
AVG_BACKWARD = (
    ("= for +=",
     "The bug is still there. Where windows overlap, a number counts in several averages, and each "
     "of them sends it a gradient.", {"put": np.copyto},
     {"put": np.copyto, "columns_first": True}),
    ("not divided",
     "Each number of a window gets the whole gradient. In an average of 4 numbers, by how much "
     "does the output change if one of them grows by 1?", {"share": np.ones_like}),
    ("divided by one side", "You divide by one side of the window. How many numbers are in it?",
     {"share": lambda patch: np.full(patch.shape, 1 / patch.shape[2])}),
    ("divided, then multiplied",
     "You divide by one side of the window and multiply by the other: a / b * c is (a / b) * c. "
     "Where do brackets belong?",
     {"share": lambda patch: np.full(patch.shape, patch.shape[3] / patch.shape[2])},
     {"share": lambda patch: np.full(patch.shape, patch.shape[2] / patch.shape[3])}),
    ("window as stride",
     "Your windows stand side by side. The stride need not be the size of the window.",
     {"write": sides}, {"write": height}),
    ("divided by the stride",
     "You divide by the square of the stride. How many numbers are in a window?",
     {"share": np.ones_like, "scale": lambda h, w, s, places: 1 / s**2}),
    ("divided by a square", "You divide as if the window were square.",
      *({"share": np.ones_like, "scale": lambda h, w, s, places, side=side: 1 / (h, w)[side]**2}
       for side in (0, 1))),
    ("divided by the number of windows",
     "You divide by how many windows there are. An average divides by the numbers in its window.",
     {"share": np.ones_like, "scale": lambda h, w, s, places: 1 / np.prod(places)}),
    ("divided by the sum of the sides",
     "You divide by height plus width. How many numbers are in a window?",
     {"share": np.ones_like, "scale": lambda h, w, s, places: 1 / (h + w)}),
    ("gradient times the value",
     "You multiply the gradient with the numbers of the window. In an average all of them have the "
     "same share.", {"share": lambda patch: equal_shares(patch) * patch}),
    ("share to one corner",
     "Each window gives a share to one of its numbers. All of them get one.",
     {"share": lambda patch: equal_shares(patch) * first_of(patch)}),
    ("gradient to the maximum",
     "Your gradients go to the maxima alone. In an average every number counts.",
     {"share": winner}),
    *SPREADING,
)


def searched_in_the_map(find):
    """The winner's value looked for in its whole map: find(map == value) says where it is."""
    def wrong(x, pool_param, dout):
        h, w, s = pool_param.values()
        dx = np.zeros(x.shape)
        for n, c, i, j in np.ndindex(dout.shape):
            value = x[n, c, i * s : i * s + h, j * s : j * s + w].max()
            dx[n, c][find(x[n, c] == value)] += dout[n, c, i, j]
        return dx

    return wrong


EQUAL_ELSEWHERE = (
    "equal numbers elsewhere",
    "Your gradient also reaches a number of another window that equals the maximum. Look for the "
    "maximum inside the window that it belongs to, not in all of x.",
    searched_in_the_map(lambda equal: equal),
    (searched_in_the_map(lambda equal: np.unravel_index(equal.argmax(), equal.shape)),))

CORNER_FORGOTTEN = (
    "corner forgotten",
    "All your gradients lie in the upper left corner of dx. The winner's row and column count "
    "from the corner of its window. Where is this corner in dx?", forgetting_the_corner,
    (functools.partial(forgetting_the_corner, adding=False),))
