"""Right and wrong ways of pooling, forwards and backwards, by plain loops.

`pool` and `unpool` are right as they stand; a mistake says which of their parts it replaces.
"""

import functools
from itertools import product
from operator import iadd

import numpy as np

from course_lib.mistakes.going_on import fold_goes_on, without_the_last


def pool(x, pool_param, fold=np.max, stride=None, window=None, step=None, size=None, before=None,
         after=None, scale=None, loop=None):
    """Pooling by plain loops. fold(windows, axis=...) makes a number of each window.

    Of (h, w, s), `stride` makes another stride, `window` the windows' sides alone, `step` the way
    from one to the next alone: one number, or one down and one to the right. size(n, side, s) is
    the number of places along one side of n pixels, of which loop(places, s) are gone through, all
    by default; `before` changes x, `after` the output, which is multiplied with scale(h, w, s).
    """
    h, w, s = pool_param.values()
    down, right = pair(stride(h, w, s)) if stride else (s, s)
    x = before(x) if before else x
    size = size or (lambda n, side, s: (n - side) // s + 1)
    out = np.zeros((*x.shape[:2], size(x.shape[2], h, down), size(x.shape[3], w, right)))
    high, wide = window(h, w, s) if window else (h, w)
    down, right = pair(step(h, w, s)) if step else (down, right)
    loops = [loop(places, s) if loop else range(places) for places in out.shape[2:]]
    for i, j in product(*loops):
        rows, columns = i * down, j * right
        out[:, :, i, j] = fold(x[:, :, rows : rows + high, columns : columns + wide], axis=(2, 3))
    out = out * scale(h, w, s) if scale else out
    return after(out) if after else out


def pair(step):
    return step if isinstance(step, tuple) else (step, step)


def every_sth(places, s):
    return range(0, places, s)


# (name, sentence, what to replace in `pool`): mistakes that all kinds of pooling share
PLACES = (
    ("windows not strided",
     "Your output has the right size, but your windows are one pixel apart. Where does the window "
     "of row i start if the stride is 2?", {"step": lambda h, w, s: 1}),
    ("stride ignored", "Your output is the one of stride 1. Where do you use the stride?",
     {"stride": lambda h, w, s: 1}),
    ("rows not strided",
     "From one row of your output to the next, your windows move by one pixel. To the right they "
     "keep to the stride.", {"step": lambda h, w, s: (1, s)}),
    ("columns not strided",
     "From one column of your output to the next, your windows move by one pixel. Downwards they "
     "keep to the stride.", {"step": lambda h, w, s: (s, 1)}),
    ("window as stride",
     "Your windows stand side by side. The stride need not be the size of the window.",
     {"stride": lambda h, w, s: h}, {"stride": lambda h, w, s: (h, w)},
     {"step": lambda h, w, s: (h, w)}, {"step": lambda h, w, s: h}),
    ("size from the window",
     "The number of your results follows from the size of the window. From one window to the next "
     "it is the stride: how many steps of it does the map have room for?",
     {"size": lambda n, side, s: n // side}, {"size": lambda n, side, s: (n - side) // side + 1}),
    ("windows cut off at the rim",
     "Your output counts windows that run over the edge of the map. Only whole windows count.",
     {"size": lambda n, side, s: -(-n // s)}),
    ("stride as window", "Your windows are stride high and stride wide.",
     {"window": lambda h, w, s: (s, s)}),
    ("rows and columns exchanged",
     "Rows and columns have changed places in your output. Which loop variable moves the window "
     "down, and which to the right?", {"after": lambda out: out.swapaxes(2, 3)}),
    ("one place too few",
     "Your output lacks its last row and its last column. Is there a + 1 in its size?",
     {"after": lambda out: out[:, :, :-1, :-1]}),
    ("loops one place too short",
     "The last row and the last column of your output are 0: they are never written. The end of a "
     "range does not belong to it, so that range(0, H - pool_height, stride) leaves the last "
     "window out.",
     {"after": without_the_last}),
    ("stride twice",
     "Your windows are stride times stride pixels apart. If a loop counts in steps of the stride "
     "already, its variable is not multiplied once more.", {"step": lambda h, w, s: s * s}),
    ("size without the stride",
     "Your windows move by the stride, and your output has the size for stride 1: there are more "
     "places in it than windows. How many steps of the stride is there room for?",
     {"size": lambda n, side, s: n - side + 1}),
    ("written at the pixel",
     "You loop over the pixels where windows begin, and write each result at the number of its "
     "pixel. With stride 2, the window that begins at pixel 2 is number 1 of the output.",
     {"size": lambda n, side, s: n - side + 1, "loop": every_sth, "step": lambda h, w, s: 1},
     {"loop": every_sth, "step": lambda h, w, s: 1}),
    ("windows one too large",
     "Your windows are one row higher and one column wider than they should be. The end of a slice "
     "is left out already.", {"window": lambda h, w, s: (h + 1, w + 1)}),
    ("windows one too small",
     "Your windows lack their last row and their last column. The end of a slice is the first row "
     "that is left out.", {"window": lambda h, w, s: (h - 1, w - 1)}),
    ("median",
     "Your results are medians, the numbers in the middle of their windows.",
     {"fold": np.median}),
    ("one number of each window",
     "Your results are single numbers of the windows, always of the same place. All numbers of a "
     "window have a say.",
     *({"fold": lambda patch, axis, k=k: patch[..., k(patch.shape[2]), k(patch.shape[3])]}
       for k in (lambda n: 0, lambda n: -1, lambda n: n // 2))),
    ("first map for all", "All your maps are made from the first one.",
     {"before": lambda x: np.repeat(x[:, :1], x.shape[1], axis=1)}),
    ("first image for all", "All your outputs are made from the first image.",
     {"before": lambda x: np.repeat(x[:1], len(x), axis=0)}),
)
# These concern the way back, too.
SIDES = (
    ("height for both", "Your windows are as wide as they are high.",
     {"window": lambda h, w, s: (h, h)}),
    ("width for both", "Your windows are as high as they are wide.",
     {"window": lambda h, w, s: (w, w)}),
    ("height and width exchanged",
     "Your windows lie on their side: pool_width high and pool_height wide.",
     {"window": lambda h, w, s: (w, h)}),
)


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

# (name, sentence, wrong fold or what to replace in `pool`, and further ones): mistakes of one kind
# of pooling alone
MAX_FORWARD = (
    ("maximum starts at 0",
     "Your maximum is never below 0, although all numbers of a window may be. What does your "
     "search start with?", lambda patch, axis: patch.max(axis=axis, initial=0)),
    ("maximum starts too high",
     "Your maximum is never below some number, although all numbers of a window may be. What does "
     "your search start with, and which number is surely not too large for that?",
     *(lambda patch, axis, start=start: patch.max(axis=axis, initial=start)
       for start in (-10, -1, -2, -5, -20, -50, -99, -100, -255, -256, -500, -999, -1000, -9999,
                     -10_000, -99_999, -100_000, -999_999, -1_000_000))),
    ("maximum not started again",
     "Your results never get smaller: your maximum goes on from window to window. Where does the "
     "search have to start again?",
     *({"after": change} for change in fold_goes_on(np.maximum))),
    ("average for maximum", "Your results are averages.", np.mean),
    ("sum for maximum", "Your results are sums.", np.sum),
    ("smallest for largest", "Your results are the smallest numbers of the windows.", np.min),
    ("magnitude for value", "You look for the largest magnitude. -3 is less than 1 here.",
     lambda patch, axis: np.abs(patch).max(axis=axis)),
)

AVG_FORWARD = (
    ("not divided", "Your results are sums. An average divides by how many there are.", np.sum),
    ("divided by one side", "You divide by one side of the window. How many numbers are in it?",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2]),
    ("divided by the stride",
     "You divide by the stride, or by its square. How many numbers are in a window?",
     {"fold": np.sum, "scale": lambda h, w, s: 1 / s**2},
     {"fold": np.sum, "scale": lambda h, w, s: 1 / s}),
    ("divided by a square", "You divide as if the window were square.",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2] ** 2),
    ("divided, then multiplied",
     "You divide by one side of the window and multiply by the other: a / b * c is (a / b) * c. "
     "Where do brackets belong?",
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[2] * patch.shape[3],
     lambda patch, axis: patch.sum(axis=axis) / patch.shape[3] * patch.shape[2]),
    ("maximum for average", "Your results are maxima.", np.max),
    ("sum not started again",
     "Each of your results has those before it in it: your sum goes on from window to window. "
     "Where does it have to start at 0 again?",
     *({"after": change} for change in fold_goes_on(np.add))),
)

L2_FORWARD = (
    ("root forgotten", "Your results are sums of squares. What is done to the sum at the end?",
     lambda patch, axis: (patch**2).sum(axis=axis)),
    ("half for root",
     "Your results are halves of sums of squares. A power goes before a division: a ** 1/2 is half "
     "of a ** 1. Where do brackets belong?",
     lambda patch, axis: (patch**2).sum(axis=axis) / 2),
    ("mean of squares",
     "You divide by the number of values. The L2 norm is the root of the sum, not of the mean.",
     lambda patch, axis: np.sqrt((patch**2).mean(axis=axis))),
    ("root of every square", "You take the root of each square. One root is enough, at the end.",
     lambda patch, axis: np.abs(patch).sum(axis=axis)),
    ("a number added under the root",
     "You add a small number before you take the root, or after it. A root of squares needs none.",
     lambda patch, axis: np.sqrt((patch**2).sum(axis=axis) + 1e-2),
     *(lambda patch, axis, more=more: np.sqrt((patch**2).sum(axis=axis) + more)
       for more in (1e-3, 1e-4)),
     lambda patch, axis: np.sqrt((patch**2).sum(axis=axis)) + 1e-3),
    ("square of the sum", "You add up first. Square each number first, so that none cancel.",
     lambda patch, axis: np.abs(patch.sum(axis=axis))),
)

# (name, sentence, wrong function)
GLOBAL_AVG = (
    ("one number for an image",
     "You average over all maps of an image together. Each map has its own average.",
     lambda x: np.repeat(x.mean(axis=(1, 2, 3))[:, None], x.shape[1], axis=1)),
    ("average over the maps", "You average over the maps. Which axes are height and width?",
     lambda x: x.mean(axis=1), (lambda x: x.mean(axis=(0, 1)),)),
    ("average over the images", "You average over the images as well.",
     lambda x: np.repeat(x.mean(axis=(0, 2, 3))[None], len(x), axis=0)),
    ("not divided", "Your results are sums.", lambda x: x.sum(axis=(2, 3))),
    ("divided by the sum of the sides",
     "You divide by height plus width. How many numbers does a map have?",
     lambda x: x.sum(axis=(2, 3)) / (x.shape[2] + x.shape[3])),
    ("median", "Your results are medians, the numbers in the middle.",
     lambda x: np.median(x, axis=(2, 3))),
    ("divided by a square", "You divide as if the maps were square.",
     lambda x: x.sum(axis=(2, 3)) / x.shape[2] ** 2),
    ("maximum for average", "Your results are maxima.", lambda x: x.max(axis=(2, 3))),
    ("axes kept", "Your numbers are right, with two axes of size 1 too many behind them.",
     lambda x: x.mean(axis=(2, 3), keepdims=True)),
)


# Backwards.


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
