"""Wrong ways of laying windows out as columns, and of undoing it, for lesson 06."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.judging.exercise import Misconception
from course_lib.mistakes.neurons_and_windows import pad_axes
from course_lib.reference.im2col import col2im, im2col


def grid(x_shape, HH, WW, stride, pad):
    """H2 and W2."""
    H, W = x_shape[2:]
    return (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1


def misconceptions(*rows):
    return tuple(Misconception(*row) for row in rows)


# window_to_column

def window(x, i, j, HH, WW, stride):
    top, left = i * stride, j * stride
    return x[:, top : top + HH, left : left + WW]


def unrolled(change):
    """change(the window) for the unrolled one."""
    return lambda *args: change(window(*args))


WINDOW_TO_COLUMN = misconceptions(
    ("not unrolled",
     "You return the window with its three axes. It should become one long row of numbers.",
     unrolled(lambda part: part)),
    ("two axes left",
     "Your numbers are right, but your array has two axes. One is wanted: shape (C*HH*WW,).",
     unrolled(lambda part: part.reshape(-1, 1))),
    ("a row of a matrix",
     "Your numbers are right, but they stand in a matrix with a single row. One axis is wanted: "
     "shape (C*HH*WW,).",
     unrolled(lambda part: part.reshape(1, -1))),
    ("channels last",
     "You go through the channels of one pixel first. The first channel comes as a whole, then "
     "the second.",
     unrolled(lambda part: part.transpose(1, 2, 0).ravel())),
    ("window column by column",
     "You read each channel column by column. The course reads row by row, as we read a text.",
     unrolled(lambda part: part.transpose(0, 2, 1).ravel())),
    ("last axis first",
     "You read the window with its channels changing fastest and its columns slowest. Row by row, "
     "and one channel after the other: the last axis changes fastest.",
     unrolled(lambda part: part.ravel(order="F"))),
    ("channels added up",
     "You add the channels up. Each of them keeps its own numbers: the filter has weights for "
     "each.",
     unrolled(lambda part: part.sum(axis=0).ravel())),
)


# pixels_of_weight

def slices(rows, columns):
    """A wrong function: rows(di, H2, stride) and columns(dj, W2, stride) give its slices."""
    return lambda x, di, dj, H2, W2, s: x[:, :, rows(di, H2, s), columns(dj, W2, s)]


def both(one):
    return slices(one, one)


def stepping(d, count, s):
    """The right slice."""
    return slice(d, d + s * count, s)


PIXELS_OF_WEIGHT = misconceptions(
    ("no step",
     "Your pixels are neighbours. From one window to the next, the weight moves on by the stride.",
     both(lambda d, count, s: slice(d, d + count))),
    ("all pixels in between",
     "Your slice ends where it should, but it takes every pixel on the way. A slice can have a "
     "step: start : end : step.",
     both(lambda d, count, s: slice(d, d + s * count))),
    ("end without the stride",
     "You have too few pixels: your slice has the right step and ends too early. How far does the "
     "weight get in all windows together?",
     both(lambda d, count, s: slice(d, d + count, s))),
    ("end without the start",
     "Your slice ends too early for weights that are further right or further down: its end does "
     "not depend on where it starts.",
     both(lambda d, count, s: slice(d, s * count, s))),
    ("start times the stride",
     "Your slice starts at di * stride. In the first window the weight in row di lies on pixel row "
     "di, whatever the stride is.",
     both(lambda d, count, s: slice(d * s, d * s + s * count, s))),
    ("always the first weight",
     "Your pixels are those of the weight in the corner, whatever di and dj are.",
     both(lambda d, count, s: slice(0, s * count, s))),
    ("to the end of the image",
     "You go on to the end of the image. There are H2 windows from top to bottom and W2 from left "
     "to right.",
     both(lambda d, count, s: slice(d, None, s))),
    ("di and dj exchanged",
     "di and dj have changed places. di goes down.",
     lambda x, di, dj, H2, W2, s: x[:, :, stepping(dj, H2, s), stepping(di, W2, s)]),
    ("H2 and W2 exchanged",
     "H2 and W2 have changed places. H2 is the number of windows from top to bottom.",
     lambda x, di, dj, H2, W2, s: x[:, :, stepping(di, W2, s), stepping(dj, H2, s)]),
)


# im2col and col2im. All windows with their six axes: N, C, HH, WW, H2, W2.

ROWS_THEN_COLUMNS = 1, 2, 3, 0, 4, 5  # the right order: C, HH, WW down, and N, H2, W2 across


def all_windows(x, HH, WW, stride, pad):
    view = sliding_window_view(pad_axes(x, (pad, pad), (pad, pad)), (HH, WW), axis=(2, 3))
    return view[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)


def laid_out(axes, on_its_side=False):
    """(im2col, col2im) with another order of the six axes.

    on_its_side: columns (N*H2*W2, C*HH*WW) by the shape that they are given.
    """
    def lay(x, HH, WW, stride, pad):
        windows = all_windows(x, HH, WW, stride, pad)
        size, count = windows[0, :, :, :, 0, 0].size, windows[:, 0, 0, 0].size
        shape = (count, size) if on_its_side else (size, count)
        return windows.transpose(axes).reshape(shape)

    def fold(cols, x_shape, HH, WW, stride, pad):
        sizes = (*x_shape[:2], HH, WW, *grid(x_shape, HH, WW, stride, pad))
        windows = cols.reshape([sizes[axis] for axis in axes]).transpose(np.argsort(axes))
        right = windows.transpose(ROWS_THEN_COLUMNS).reshape(cols.shape)
        return col2im(right, x_shape, HH, WW, stride, pad)

    return lay, fold


# (name, sentence for im2col, sentence for col2im, order of the axes, further orders)
ORDERS = (
    ("channels after the window",
     "Your rows go through all channels of a pixel first. A row of weights holds the first channel "
     "as a whole, then the second: the order is C, HH, WW.",
     "You read the rows as if all channels of a pixel stood together. im2col writes the first "
     "channel as a whole, then the second.",
     (2, 3, 1, 0, 4, 5)),
    ("window column by column",
     "Your windows are unrolled column by column. The weights in w are stored row by row, and each "
     "has to meet its own pixel.",
     "You read each window column by column. im2col has unrolled it row by row.",
     (1, 3, 2, 0, 4, 5)),
    ("positions column by column",
     "Your windows are in the wrong order: you go down the image first. Row by row means that the "
     "next window is the one to the right.",
     "You take the columns for windows that go down the image first. The next column is the window "
     "to the right.",
     (1, 2, 3, 0, 5, 4)),
    ("images last",
     "Your columns take the first window of every image, then the second one of every image. Some "
     "published code does so; here all windows of image 0 come first, then those of image 1.",
     "You take neighbouring columns for the same window of different images. All columns of image "
     "0 come first.",
     (1, 2, 3, 4, 5, 0)),
    ("images mixed by reshape",
     "With one image you are right. With several, your reshape takes the images' axis for a part "
     "of the rows. Which axes make the rows, which the columns? Bring them into that order first: "
     "reshape never exchanges axes.",
     "With one image you are right. With several, your reshape puts the images' axis first, and in "
     "the columns it comes after C, HH and WW. reshape never exchanges axes.",
     (0, 1, 2, 3, 4, 5)),
    ("windows mixed by reshape",
     "Your matrix has the right shape, but you had the positions in front and HH, WW at the end "
     "when you reshaped. reshape never exchanges axes: bring C, HH and WW to the front first.",
     "You read the matrix as if its windows were rows. They are its columns: transpose exchanges "
     "the two, reshape does not.",
     (0, 1, 4, 5, 2, 3), (0, 4, 5, 1, 2, 3)),
)


def in_orders(way, orders):
    """im2col (way 0) or col2im (way 1) in a wrong order, and in the further ones."""
    first, *others = (laid_out(axes)[way] for axes in orders)
    return first, tuple(others)


def windows_unlike(change):
    """The right columns for other arguments: change(x, HH, WW, stride, pad).

    Where their windows do not fit, the rest is left out.
    """
    return lambda *args: laid_out(ROWS_THEN_COLUMNS)[0](*change(*args))


def so_far_apart(step):
    """As many windows as there should be, step(stride) pixels apart: down and to the right."""
    def wrong(x, HH, WW, stride, pad):
        H2, W2 = grid(x.shape, HH, WW, stride, pad)
        down, right = step(stride)
        windows = all_windows(x, HH, WW, 1, pad)[..., ::down, ::right][..., :H2, :W2]
        return windows.transpose(ROWS_THEN_COLUMNS).reshape(-1, len(x) * H2 * W2)

    return wrong


def sized_without_padding(x, HH, WW, stride, pad):
    """The windows of the padded image, as many as the image without its padding has."""
    H2, W2 = grid(x.shape, HH, WW, stride, 0)
    windows = all_windows(x, HH, WW, stride, pad)[..., : max(H2, 0), : max(W2, 0)]
    return windows.transpose(ROWS_THEN_COLUMNS).reshape(windows[0, :, :, :, :1, :1].size, -1)


def pixels_reshaped(x, HH, WW, stride, pad):
    """The pixels of each weight, (N, C, H2, W2), reshaped to (C, N, H2, W2)."""
    pixels = np.moveaxis(all_windows(x, HH, WW, stride, pad), (2, 3), (0, 1))
    HH, WW, N, C, H2, W2 = pixels.shape
    return np.moveaxis(pixels.reshape(HH, WW, C, N, H2, W2), 2, 0).reshape(C * HH * WW, -1)


def first_image(x, HH, WW, stride, pad):
    cols = im2col(x, HH, WW, stride, pad)
    return cols * (np.arange(cols.shape[1]) < cols.shape[1] // len(x))


def last_image_first(x, HH, WW, stride, pad):
    cols = im2col(x, HH, WW, stride, pad)
    each = cols.shape[1] // len(x)
    return np.concatenate([cols[:, -each:], 0 * cols[:, : -each]], axis=1)


def side_by_side(x, HH, WW, stride, pad):
    """Windows that move by their own size; it stops where one runs over the edge."""
    H2, W2 = grid(x.shape, HH, WW, stride, pad)
    x = pad_axes(x, (pad, pad), (pad, pad))
    cols = np.zeros((x.shape[1] * HH * WW, len(x) * H2 * W2))
    for k, (n, i, j) in enumerate(np.ndindex(len(x), H2, W2)):
        cols[:, k] = x[n, :, i * HH : (i + 1) * HH, j * WW : (j + 1) * WW].ravel()
    return cols


def turned(cols, C):
    """Every window of the columns upside down and left to right."""
    return cols.reshape(C, -1, cols.shape[1])[:, ::-1].reshape(cols.shape)


def six_axes(x, HH, WW, stride, pad):
    return all_windows(x, HH, WW, stride, pad).transpose(ROWS_THEN_COLUMNS)


IM2COL = misconceptions(
    ("windows in rows",
     "Each row of your matrix is a window. They should be its columns.",
     laid_out((0, 4, 5, 1, 2, 3), on_its_side=True)[0]),
    ("six axes left",
     "Your numbers are right, and they still have six axes. The first three make the rows, the "
     "last three the columns.",
     six_axes),
    ("reshaped on its side",
     "Your rows are as many as there are windows, but they are none: the six axes say weight first "
     "and window last, and so does the matrix.",
     laid_out(ROWS_THEN_COLUMNS, on_its_side=True)[0]),
    *((name, sentence, *in_orders(0, orders)) for name, sentence, _, *orders in ORDERS),
    ("pixels reshaped for transposed",
     "With one image or one channel you are right. With several of both, your reshape from (N, C, "
     "H2, W2) to (C, N, H2, W2) mixes them: reshape never exchanges axes.",
     pixels_reshaped),
    ("counted without the padding",
     "Your image has its padding, but you count its windows as if it had none: there are too few "
     "columns.",
     sized_without_padding),
    ("padding ignored",
     "Your windows are those of the image without padding.",
     windows_unlike(lambda x, HH, WW, stride, pad: (x, HH, WW, stride, 0))),
    ("pad 1 always",
     "Your windows are those for pad 1, whatever pad is.",
     windows_unlike(lambda x, HH, WW, stride, pad: (x, HH, WW, stride, 1))),
    ("zeros at one end",
     "Your zeros all stand below and to the right of the image. They belong all around it.",
     windows_unlike(lambda x, HH, WW, stride, pad: (
         pad_axes(x, (0, 2 * pad), (0, 2 * pad)), HH, WW, stride, 0))),
    ("stride ignored",
     "Your columns are those of stride 1: too many.",
     windows_unlike(lambda x, HH, WW, stride, pad: (x, HH, WW, 1, pad))),
    ("windows not strided",
     "You have as many columns as there should be, but their windows are one pixel apart.",
     so_far_apart(lambda stride: (1, 1))),
    ("rows one pixel apart",
     "Downwards your windows are one pixel apart. To the right they keep to the stride.",
     so_far_apart(lambda stride: (1, stride))),
    ("columns one pixel apart",
     "To the right your windows are one pixel apart. Downwards they keep to the stride.",
     so_far_apart(lambda stride: (stride, 1))),
    ("windows side by side",
     "Your windows stand side by side: they move by their own size. How far they move is what the "
     "stride says.",
     side_by_side),
    ("flipped windows",
     "Your windows are unrolled back to front, from the last pixel to the first.",
     lambda x, *args: turned(im2col(x, *args), x.shape[1])),
    ("HH and WW exchanged",
     "Your windows are WW high and HH wide.",
     windows_unlike(lambda x, HH, WW, stride, pad: (x, WW, HH, stride, pad))),
    ("first image only",
     "The columns of the first image are right, and all others are 0.",
     first_image),
    ("columns overwritten by the last image",
     "Your first columns hold the last image, and all others are 0. Does the number of the column "
     "start again with each image?",
     last_image_first),
)


def folded(assign, order, columns_first=False):
    """col2im by loops. assign(old, new): what becomes of what was there. `order` of the loops is
    "windows" (one window after the other) or "weights" (one weight for all windows at once). With
    columns_first, the outer loop goes to the right."""
    def places(rows, columns):
        found = list(np.ndindex(rows, columns))
        return sorted(found, key=lambda place: place[::-1]) if columns_first else found

    def wrong(cols, x_shape, HH, WW, stride, pad):
        (N, C, H, W), (H2, W2) = x_shape, grid(x_shape, HH, WW, stride, pad)
        windows = cols.reshape(C, HH, WW, N, H2, W2)
        dx = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        if order == "windows":
            for i, j in places(H2, W2):
                here = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                dx[here] = assign(dx[here], windows[..., i, j].transpose(3, 0, 1, 2))
        else:
            for i, j in places(HH, WW):
                here = np.s_[:, :, stepping(i, H2, stride), stepping(j, W2, stride)]
                dx[here] = assign(dx[here], windows[:, i, j].transpose(1, 0, 2, 3))
        return dx[:, :, pad : pad + H, pad : pad + W]

    return wrong


def assigned(old, new):
    return new


def unlike(change):
    """Right but for the frame: change(the result with the padding still around it, pad)."""
    def wrong(cols, x_shape, HH, WW, stride, pad):
        N, C, H, W = x_shape
        padded = N, C, H + 2 * pad, W + 2 * pad
        return change(col2im(cols, padded, HH, WW, stride, 0), pad)

    return wrong


def averaged(cols, x_shape, *args):
    counts = col2im(np.ones(cols.shape), x_shape, *args)
    return col2im(cols, x_shape, *args) / np.maximum(counts, 1)


def folded_so_far_apart(step):
    """The windows put back step(stride) pixels apart: down and to the right."""
    def wrong(cols, x_shape, HH, WW, stride, pad):
        (N, C, H, W), (H2, W2) = x_shape, grid(x_shape, HH, WW, stride, pad)
        windows = cols.reshape(C, HH, WW, N, H2, W2)
        dx = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        down, right = step(stride)
        for i, j in np.ndindex(H2, W2):
            dx[:, :, i * down : i * down + HH, j * right : j * right + WW] += (
                windows[..., i, j].transpose(3, 0, 1, 2))
        return dx[:, :, pad : pad + H, pad : pad + W]

    return wrong


def folded_first_image(cols, x_shape, *args):
    dx = col2im(cols, x_shape, *args)
    return dx * (np.arange(len(dx)) == 0)[:, None, None, None]


def frame_cut_by(start, end):
    """The frame cut off by start(pad) and end(length, pad), the same for height and width."""
    return unlike(lambda dx, pad: dx[:, :, start(pad) : end(dx.shape[2], pad),
                                     start(pad) : end(dx.shape[3], pad)])


COL2IM = misconceptions(
    ("overwritten by the last window",
     "Where windows overlap, your pixels hold what the last window has brought. Every copy of a "
     "pixel counts.",
     folded(assigned, "windows"), (folded(assigned, "windows", columns_first=True),)),
    ("overwritten by the last weight",
     "Where windows overlap, your pixels hold one number of many. A pixel that was copied several "
     "times gets the sum of what its copies bring: look at = and +=.",
     folded(assigned, "weights"), (folded(assigned, "weights", columns_first=True),)),
    ("a new array for the view",
     "Your result is all zeros. part = ... gives that name another array, and the padded one stays "
     "as it was: part += ... changes it.",
     lambda cols, x_shape, *args: np.zeros(x_shape)),
    ("averaged",
     "You divide by the number of copies. That would undo im2col; a gradient is a sum over all "
     "copies.",
     averaged),
    ("slice to minus pad",
     "Nothing is left for pad 0. Print -pad for that case: where does the slice end?",
     unlike(lambda dx, pad: dx[:, :, pad:-pad, pad:-pad])),
    ("padding not cut off",
     "The frame of the padding is still there. The result should have the shape x_shape.",
     unlike(lambda dx, pad: dx)),
    ("pad 1 always",
     "You cut one pixel off every side, whatever pad is.",
     frame_cut_by(lambda pad: 1, lambda length, pad: length - 1)),
    ("padding cut off at the end alone",
     "Your shape is right, but you keep the upper left part. The image is in the middle.",
     frame_cut_by(lambda pad: 0, lambda length, pad: length - 2 * pad)),
    ("padding cut off at the start alone",
     "You take the frame off above and to the left. It has four sides.",
     frame_cut_by(lambda pad: pad, lambda length, pad: length)),
    ("windows not strided",
     "You put the windows back one pixel apart. im2col took them from further apart.",
     folded_so_far_apart(lambda stride: (1, 1))),
    ("rows one pixel apart",
     "Downwards you put the windows back one pixel apart. To the right you keep to the stride.",
     folded_so_far_apart(lambda stride: (1, stride))),
    ("columns one pixel apart",
     "To the right you put the windows back one pixel apart. Downwards you keep to the stride.",
     folded_so_far_apart(lambda stride: (stride, 1))),
    *((name, sentence, *in_orders(1, orders)) for name, _, sentence, *orders in ORDERS),
    ("flipped windows",
     "You put each window back to front onto the image.",
     lambda cols, x_shape, *args: col2im(turned(cols, x_shape[1]), x_shape, *args)),
    ("first image only",
     "The first image is right, and all others are 0.",
     folded_first_image),
    ("columns of the first image for all",
     "All your images come from the columns of the first one. Does the number of the column start "
     "again with each image?",
     lambda cols, x_shape, *args: np.repeat(
         col2im(cols, x_shape, *args)[:1], x_shape[0], axis=0)),
    ("divided by the window",
     "You divide by the size of a window. What comes back is added up, and no mean.",
     lambda cols, x_shape, HH, WW, *args: col2im(cols, x_shape, HH, WW, *args) / (HH * WW)),
)
