"""Right answers to lesson 06 in many styles: ANSWERS are functions by the name of the exercise."""

import sys
import warnings

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def padded(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def places(x_shape, HH, WW, stride, pad):
    return (x_shape[2] + 2 * pad - HH) // stride + 1, (x_shape[3] + 2 * pad - WW) // stride + 1


def windows_view(x, HH, WW, stride, pad):
    view = sliding_window_view(padded(x, pad), (HH, WW), axis=(2, 3))
    return view[:, :, ::stride, ::stride].transpose(1, 4, 5, 0, 2, 3)


def cols_by_view(x, HH, WW, stride, pad):
    return windows_view(x, HH, WW, stride, pad).reshape(x.shape[1] * HH * WW, -1)


def cols_by_strides(x, HH, WW, stride, pad):
    xp = padded(x, pad)
    n, c, h, w = xp.strides
    H2, W2 = places(x.shape, HH, WW, stride, pad)
    shape = (x.shape[1], HH, WW, x.shape[0], H2, W2)
    view = as_strided(xp, shape, (c, h, w, n, h * stride, w * stride), writeable=False)
    return np.ascontiguousarray(view).reshape(shape[0] * HH * WW, -1)


def cols_by_weights(x, HH, WW, stride, pad):
    xp, (N, C) = padded(x, pad), x.shape[:2]
    H2, W2 = places(x.shape, HH, WW, stride, pad)
    cols = np.empty((C, HH, WW, N, H2, W2))
    for i in range(HH):
        for j in range(WW):
            part = xp[:, :, i : i + stride * H2 : stride, j : j + stride * W2 : stride]
            cols[:, i, j] = part.swapaxes(0, 1)
    return cols.reshape(C * HH * WW, N * H2 * W2)


def cols_by_rows(x, HH, WW, stride, pad):
    """One row of the matrix after the other, stacked."""
    xp = padded(x, pad)
    H2, W2 = places(x.shape, HH, WW, stride, pad)
    return np.vstack([
        xp[:, c, i : i + stride * H2 : stride, j : j + stride * W2 : stride].ravel()
        for c in range(x.shape[1]) for i in range(HH) for j in range(WW)])


def indices(x_shape, HH, WW, stride, pad):
    """The usual index arrays: channel, row and column of every entry of one image's columns."""
    C, (H2, W2) = x_shape[1], places(x_shape, HH, WW, stride, pad)
    c = np.repeat(np.arange(C), HH * WW)[:, None]
    i = np.tile(np.repeat(np.arange(HH), WW), C)[:, None] + stride * np.repeat(np.arange(H2), W2)
    j = np.tile(np.arange(WW), HH * C)[:, None] + stride * np.tile(np.arange(W2), H2)
    return c, i, j


def cols_by_index(x, HH, WW, stride, pad):
    c, i, j = indices(x.shape, HH, WW, stride, pad)
    return padded(x, pad)[:, c, i, j].transpose(1, 0, 2).reshape(len(c), -1)


def cols_by_images(x, HH, WW, stride, pad):
    """Image by image, side by side, float32 inside and windows in rows first."""
    parts = []
    for image in padded(x, pad).astype(np.float32):
        rows = [image[:, i * stride : i * stride + HH, j * stride : j * stride + WW].ravel()
                for i in range((image.shape[1] - HH) // stride + 1)
                for j in range((image.shape[2] - WW) // stride + 1)]
        parts.append(np.array(rows).T)
    return np.concatenate(parts, axis=1)


def cols_by_seven_loops(x, HH, WW, stride, pad):
    (N, C), (H2, W2) = x.shape[:2], places(x.shape, HH, WW, stride, pad)
    cols, H, W = np.zeros((C * HH * WW, N * H2 * W2)), *x.shape[2:]
    for n, c, i, j, di, dj in np.ndindex(N, C, H2, W2, HH, WW):
        row, column = i * stride + di - pad, j * stride + dj - pad
        if 0 <= row < H and 0 <= column < W:
            cols[(c * HH + di) * WW + dj, (n * H2 + i) * W2 + j] = x[n, c, row, column]
    return cols


def chatty(x, HH, WW, stride, pad):
    print("x", x.shape)
    print("a remark on stderr", file=sys.stderr)
    warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
    return cols_by_view(x, HH, WW, stride, pad)


def image_by_weights(cols, x_shape, HH, WW, stride, pad):
    (N, C, H, W), (H2, W2) = x_shape, places(x_shape, HH, WW, stride, pad)
    six, dx = cols.reshape(C, HH, WW, N, H2, W2), np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for i in range(HH):
        for j in range(WW):
            part = dx[:, :, i : i + stride * H2 : stride, j : j + stride * W2 : stride]
            part += six[:, i, j].swapaxes(0, 1)
    return dx[:, :, pad : H + pad, pad : W + pad]


def image_by_add_at(cols, x_shape, HH, WW, stride, pad):
    N, C, H, W = x_shape
    dx = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    c, i, j = indices(x_shape, HH, WW, stride, pad)
    np.add.at(dx, (slice(None), c, i, j), cols.reshape(len(c), N, -1).transpose(1, 0, 2))
    return dx[:, :, pad : H + pad, pad : W + pad]


def image_by_bincount(cols, x_shape, HH, WW, stride, pad):
    N, C, H, W = x_shape
    shape = N, C, H + 2 * pad, W + 2 * pad
    where = cols_by_index(np.arange(np.prod(shape)).reshape(shape), HH, WW, stride, 0)
    dx = np.bincount(where.ravel(), cols.ravel(), np.prod(shape)).reshape(shape)
    return dx[:, :, pad : H + pad, pad : W + pad]


def image_by_windows(cols, x_shape, HH, WW, stride, pad):
    (N, C, H, W), (H2, W2) = x_shape, places(x_shape, HH, WW, stride, pad)
    dx = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for k, (n, i, j) in enumerate(np.ndindex(N, H2, W2)):
        i, j = i * stride, j * stride
        dx[n, :, i : i + HH, j : j + WW] += cols[:, k].reshape(C, HH, WW)
    return dx if pad == 0 else dx[:, :, pad:-pad, pad:-pad]


def image_by_view(cols, x_shape, HH, WW, stride, pad):
    """Adds into a writable view, one place of the window at a time, in float32."""
    (N, C, H, W), (H2, W2) = x_shape, places(x_shape, HH, WW, stride, pad)
    dx = np.zeros((N, C, H + 2 * pad, W + 2 * pad), np.float32)
    view = sliding_window_view(dx, (HH, WW), axis=(2, 3), writeable=True)[:, :, ::stride, ::stride]
    six = np.moveaxis(cols.astype(np.float32).reshape(C, HH, WW, N, H2, W2), 3, 0)
    for i, j in np.ndindex(HH, WW):
        view[..., i, j] += six[:, :, i, j]
    return dx[:, :, pad : H + pad, pad : W + pad]


def image_by_seven_loops(cols, x_shape, HH, WW, stride, pad):
    (N, C, H, W), (H2, W2) = x_shape, places(x_shape, HH, WW, stride, pad)
    dx, six = np.zeros(x_shape), cols.reshape(C, HH, WW, N, H2, W2)
    for c, di, dj, n, i, j in np.ndindex(six.shape):
        row, column = i * stride + di - pad, j * stride + dj - pad
        if 0 <= row < H and 0 <= column < W:
            dx[n, c, row, column] += six[c, di, dj, n, i, j]
    return dx


def image_by_gradient(cols, x_shape, HH, WW, stride, pad):
    """A matrix that im2col is, turned around: one column for each pixel."""
    pixels = np.eye(int(np.prod(x_shape))).reshape(-1, *x_shape)
    return np.array([np.sum(cols * cols_by_view(p, HH, WW, stride, pad)) for p in pixels]
                    ).reshape(x_shape)


def forward(im2col, turn=True, dtype=None):
    """A layer by that im2col, with a cache of its own."""
    def layer(x, w, b, conv_param):
        if dtype:
            x, w, b = (a.astype(dtype) for a in (x, w, b))
        sizes = *w.shape[2:], conv_param["stride"], conv_param["pad"]
        cols = im2col(x, *sizes)
        out = w.reshape(len(w), -1) @ cols + b[:, None] if turn else cols.T @ w.reshape(
            len(w), -1).T + b
        H2, W2 = places(x.shape, *sizes)
        if turn:
            out = out.reshape(len(w), len(x), H2, W2).transpose(1, 0, 2, 3)
        else:
            out = np.moveaxis(out.reshape(len(x), H2, W2, len(w)), -1, 1)
        conv_param["seen"] = True
        return out, {"cols": cols, "w": w, "x": x.shape, "sizes": sizes}

    return layer


def forward_by_einsum(x, w, b, conv_param):
    view = windows_view(x, *w.shape[2:], conv_param["stride"], conv_param["pad"])
    out = np.einsum("fcij,cijnhw->nfhw", w, view, optimize=True) + b.reshape(1, -1, 1, 1)
    return [out, (x, w, conv_param)]


def forward_by_weights(x, w, b, conv_param):
    (HH, WW), s = w.shape[2:], conv_param["stride"]
    xp, (H2, W2) = padded(x, conv_param["pad"]), places(x.shape, HH, WW, s, conv_param["pad"])
    out = np.zeros((len(x), len(w), H2, W2)) + b[:, None, None]
    for i, j in np.ndindex(HH, WW):
        part = xp[:, :, i : i + s * H2 : s, j : j + s * W2 : s]
        out += np.tensordot(w[:, :, i, j], part, (1, 1)).swapaxes(0, 1)
    return out, (x, w, conv_param)


def forward_by_row(x, w, b, conv_param):
    """A loop over the rows of the output, and none over the places in a row."""
    (HH, WW), s = w.shape[2:], conv_param["stride"]
    xp, (H2, W2) = padded(x, conv_param["pad"]), places(x.shape, HH, WW, s, conv_param["pad"])
    out = np.empty((len(x), len(w), H2, W2))
    for i in range(H2):
        cols = cols_by_view(xp[:, :, i * s : i * s + HH], HH, WW, s, 0)
        out[:, :, i] = (w.reshape(len(w), -1) @ cols + b[:, None]).reshape(
            len(w), len(x), W2).swapaxes(0, 1)
    return out, (x, w, conv_param)


def forward_by_image(x, w, b, conv_param):
    layer = forward(cols_by_rows)
    out = np.concatenate([layer(image[None], w, b, conv_param)[0] for image in x])
    return out, (x, w, conv_param)


FORWARD = {
    "view": forward(cols_by_view),
    "strides": forward(cols_by_strides, turn=False),
    "weights": forward(cols_by_weights, dtype=np.float32),
    "index": forward(cols_by_index),
    "einsum": forward_by_einsum,
    "tensordot": forward_by_weights,
    "rows": forward_by_row,
    "images": forward_by_image,
    "chatty": forward(chatty),
}


def backward(col2im, turn=False):
    """For the caches of `forward`."""
    def layer(dout, cache):
        w = cache["w"]
        if turn:
            rows = dout.transpose(0, 2, 3, 1).reshape(-1, len(w))
            dw, dcols = (cache["cols"] @ rows).T, (rows @ w.reshape(len(w), -1)).T
            db = rows.sum(axis=0)
        else:
            d = dout.swapaxes(0, 1).reshape(len(w), -1)
            dw, dcols, db = d @ cache["cols"].T, w.reshape(len(w), -1).T @ d, d.sum(axis=1)
        return [col2im(dcols, cache["x"], *cache["sizes"]), dw.reshape(w.shape), db]

    return layer


def backward_by_einsum(dout, cache):
    x, w, conv_param = cache
    sizes = *w.shape[2:], conv_param["stride"], conv_param["pad"]
    dw = np.einsum("nfhw,cijnhw->fcij", dout, windows_view(x, *sizes), optimize=True)
    dcols = np.einsum("fcij,nfhw->cijnhw", w, dout, optimize=True)
    dx = image_by_weights(dcols.reshape(w[0].size, -1), x.shape, *sizes)
    return dx, dw, dout.sum((0, 2, 3))


def backward_by_weights(dout, cache):
    """No columns at all: one weight of all filters after the other."""
    x, w, conv_param = cache
    s, pad, (H2, W2) = conv_param["stride"], conv_param["pad"], dout.shape[2:]
    xp = padded(x, pad)
    dx, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i, j in np.ndindex(w.shape[2:]):
        part = np.s_[:, :, i : i + s * H2 : s, j : j + s * W2 : s]
        dw[:, :, i, j] = np.tensordot(dout, xp[part], ((0, 2, 3), (0, 2, 3)))
        dx[part] += np.tensordot(w[:, :, i, j], dout, (0, 1)).swapaxes(0, 1)
    H, W = x.shape[2:]
    return dx[:, :, pad : pad + H, pad : pad + W], dw, np.sum(dout, (0, 2, 3))


BACKWARD = {
    "weights": (backward(image_by_weights), FORWARD["view"]),
    "add at": (backward(image_by_add_at), FORWARD["index"]),
    "bincount": (backward(image_by_bincount, turn=True), FORWARD["weights"]),
    "a writable view": (backward(image_by_view, turn=True), FORWARD["strides"]),
    "einsum": (backward_by_einsum, FORWARD["einsum"]),
    "tensordot": (backward_by_weights, FORWARD["tensordot"]),
    "chatty": (backward(image_by_weights), FORWARD["chatty"]),
}


def shapes_from_arrays(x_shape, w_shape, stride, pad):
    x, w = np.zeros(x_shape), np.zeros(w_shape)
    return w.reshape(len(w), -1).shape, cols_by_view(x, *w_shape[2:], stride, pad).shape


def shapes_as_lists(x_shape, w_shape, stride, pad):
    N, size = x_shape[0], int(np.prod(w_shape[1:]))
    H2, W2 = places(x_shape, *w_shape[2:], stride, pad)
    return [[w_shape[0], size], np.array([size, N * H2 * W2])]


def shapes_in_steps(x_shape, w_shape, stride, pad):
    size = 1
    for n in w_shape[1:]:
        size *= n
    count = len(range(0, x_shape[2] + 2 * pad - w_shape[2] + 1, stride))
    count *= len(range(0, x_shape[3] + 2 * pad - w_shape[3] + 1, stride))
    return (w_shape[0], size), (size, x_shape[0] * count)


def a_window(x, i, j, HH, WW, stride):
    return x[:, i * stride : i * stride + HH, j * stride : j * stride + WW]


def six_rows(x, di, dj, H2, W2, s):
    return np.stack([x[:, :, di + i * s, dj : dj + s * W2 : s] for i in range(H2)], axis=2)


ANSWERS = {
    "matrix_shapes": [
        shapes_from_arrays, shapes_as_lists, shapes_in_steps,
        lambda *args: tuple(tuple(np.int64(n) for n in s) for s in shapes_in_steps(*args)),
        lambda x, w, s, p: ((w[0], w[1] * w[2] * w[3]), (
            w[1] * w[2] * w[3],
            x[0] * ((x[2] - w[2] + 2 * p) // s + 1) * ((x[3] - w[3] + 2 * p) // s + 1))),
        lambda x_shape, w_shape, stride, pad: [
            tuple(s) for s in shapes_as_lists(x_shape, w_shape, stride, pad)],
    ],
    "window_to_column": [
        lambda *args: a_window(*args).ravel(),
        lambda *args: a_window(*args).flatten(),
        lambda *args: a_window(*args).reshape(-1),
        lambda *args: np.array([v for v in a_window(*args).flat], np.float32),
        lambda *args: np.concatenate([row for channel in a_window(*args) for row in channel]),
        lambda x, i, j, HH, WW, s: np.hstack([c[i * s :, j * s :][:HH, :WW].ravel() for c in x]),
        lambda x, i, j, HH, WW, s: cols_by_view(
            a_window(x, i, j, HH, WW, s)[None], HH, WW, 1, 0)[:, 0],
    ],
    "pixels_of_weight": [
        lambda x, i, j, H2, W2, s: x[:, :, i : i + s * H2 : s, j : j + s * W2 : s],
        lambda x, i, j, H2, W2, s: x[:, :, i::s, j::s][:, :, :H2, :W2].astype(np.float32),
        lambda x, i, j, H2, W2, s: x[
            :, :, i : i + s * (H2 - 1) + 1 : s, j : j + s * (W2 - 1) + 1 : s].copy(),
        lambda x, i, j, H2, W2, s: x[
            :, :, (i + s * np.arange(H2))[:, None], j + s * np.arange(W2)],
        lambda x, i, j, H2, W2, s: x.take(range(i, i + s * H2, s), 2).take(
            range(j, j + s * W2, s), 3),
        lambda x, i, j, H2, W2, s: sliding_window_view(x, (i + 1, j + 1), (2, 3))[
            :, :, ::s, ::s, i, j][:, :, :H2, :W2],
        six_rows,
    ],
    "im2col": [cols_by_view, cols_by_strides, cols_by_weights, cols_by_rows, cols_by_index,
               cols_by_images, cols_by_seven_loops, chatty],
    "output_from_product": [
        lambda p, N, H2, W2: p.reshape(-1, N, H2, W2).transpose(1, 0, 2, 3),
        lambda p, N, H2, W2: p.reshape(len(p), N, H2, W2).swapaxes(0, 1).astype(np.float32),
        lambda p, N, H2, W2: np.stack(np.split(p, N, axis=1)).reshape(N, len(p), H2, W2),
        lambda p, N, H2, W2: np.moveaxis(p.T.reshape(N, H2, W2, -1), -1, 1),
        lambda p, N, H2, W2: np.einsum("fnhw->nfhw", p.reshape(len(p), N, H2, W2)),
        lambda p, N, H2, W2: np.array([
            [row[n * H2 * W2 : (n + 1) * H2 * W2].reshape(H2, W2) for row in p] for n in range(N)]),
    ],
    "conv_forward_fast": list(FORWARD.values()),
    "col2im": [image_by_weights, image_by_add_at, image_by_bincount, image_by_windows,
               image_by_view, image_by_seven_loops, image_by_gradient],
    "conv_backward_fast": list(BACKWARD.values()),
}
