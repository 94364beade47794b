"""Right answers to lesson 05 in many styles: ANSWERS are pairs of an exercise's name
and the functions that `check` is given."""

import sys
import warnings

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def settings(pool_param):
    return pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]


def sizes(x, pool_param):
    h, w, s = settings(pool_param)
    return (*x.shape[:2], (x.shape[2] - h) // s + 1, (x.shape[3] - w) // s + 1)


def l2(window, axis=None):
    return np.sqrt(np.sum(np.square(window), axis=axis))


# Forwards. Each style takes the fold of a window, with an axis or without.


def over_outputs(fold):
    def forward(x, pool_param):
        h, w, s = settings(pool_param)
        out = np.zeros(sizes(x, pool_param))
        for n, c, i, j in np.ndindex(out.shape):
            out[n, c, i, j] = fold(x[n, c, i * s : i * s + h, j * s : j * s + w])
        return out, (x, pool_param)

    return forward


def all_maps_at_once(fold):
    def forward(x, pool_param):
        h, w, s = settings(pool_param)
        out = np.empty(sizes(x, pool_param))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = fold(x[..., i * s : i * s + h, j * s : j * s + w], axis=(2, 3))
        return [out, (pool_param, x.copy())]

    return forward


def views(x, pool_param):
    h, w, s = settings(pool_param)
    return sliding_window_view(x, (h, w), axis=(2, 3))[:, :, ::s, ::s]


def strided_views(fold):
    return lambda x, pool_param: (fold(views(x, pool_param), axis=(-2, -1)), x)


def one_row_per_window(fold):
    def forward(x, pool_param):
        shape = sizes(x, pool_param)
        return fold(views(x, pool_param).reshape(*shape, -1), axis=-1), {"x": x, **pool_param}

    return forward


def stacked_taps(fold):
    def forward(x, pool_param):
        h, w, s = settings(pool_param)
        H2, W2 = sizes(x, pool_param)[2:]
        taps = [x[:, :, di : di + s * H2 : s, dj : dj + s * W2 : s][:, :, :H2, :W2]
                for di in range(h) for dj in range(w)]
        return fold(np.stack(taps), axis=0), None

    return forward


def float32_inside(fold):
    def forward(x, pool_param):
        return strided_views(fold)(x.astype(np.float32), dict(pool_param))

    return forward


def chatty(fold):
    def forward(x, pool_param):
        pool_param["out_shape"] = sizes(x, pool_param)
        print("x", x.shape)
        print("a remark on stderr", file=sys.stderr)
        warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
        return over_outputs(fold)(x=x, pool_param=pool_param)

    return forward


STYLES = [over_outputs, all_maps_at_once, strided_views, one_row_per_window, stacked_taps,
          float32_inside, chatty]


def seven_loops(x, pool_param):
    """A search by hand, starting with the first number of the window."""
    h, w, s = settings(pool_param)
    out = np.zeros(sizes(x, pool_param))
    for n, c, i, j in np.ndindex(out.shape):
        best = x[n, c, i * s, j * s]
        for di in range(h):
            for dj in range(w):
                if x[n, c, i * s + di, j * s + dj] > best:
                    best = x[n, c, i * s + di, j * s + dj]
        out[n, c, i, j] = best
    return out, (x, pool_param)


def running_maximum(x, pool_param):
    h, w, s = settings(pool_param)
    out = np.full(sizes(x, pool_param), -np.inf)
    for di, dj in np.ndindex(h, w):
        tap = x[:, :, di : di + s * out.shape[2] : s, dj : dj + s * out.shape[3] : s]
        out = np.maximum(out, tap[:, :, : out.shape[2], : out.shape[3]])
    return out, ()


# Backwards: pairs of a forward and a backward function, which share a cache of their own.


def first_of_equals(dout, cache):
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * s : i * s + h, j * s : j * s + w]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i * s + row, j * s + column] += dout[n, c, i, j]
    return dx


def all_of_equals(dout, cache):
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        place = n, c, slice(i * s, i * s + h), slice(j * s, j * s + w)
        dx[place] += (x[place] == x[place].max()) * dout[n, c, i, j]
    return dx


def shared_among_equals(dout, cache):
    pool_param, x = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        place = np.s_[:, :, i * s : i * s + h, j * s : j * s + w]
        won = x[place] == x[place].max(axis=(2, 3), keepdims=True)
        dx[place] += won / won.sum(axis=(2, 3), keepdims=True) * dout[:, :, i, j, None, None]
    return dx


def forward_that_keeps_places(x, pool_param):
    """The cache holds flat places in x, and x itself no more."""
    h, w, s = settings(pool_param)
    rows = views(x, pool_param).reshape(*sizes(x, pool_param), -1)
    n, c, i, j = np.indices(rows.shape[:4])
    di, dj = np.divmod(rows.argmax(axis=-1), w)
    flat = np.ravel_multi_index((n, c, i * s + di, j * s + dj), x.shape)
    return rows.max(axis=-1), (flat, x.shape)


def to_kept_places(dout, cache):
    flat, shape = cache
    dx = np.zeros(np.prod(shape))
    np.add.at(dx, flat.ravel(), dout.ravel())
    return dx.reshape(shape)


def by_counting(dout, cache):
    flat, shape = cache
    return np.bincount(flat.ravel(), dout.ravel(), int(np.prod(shape))).reshape(shape)


def over_taps(dout, cache):
    x, pool_param = cache
    h, w, s = settings(pool_param)
    H2, W2 = dout.shape[2:]
    best, dx = views(x, pool_param).max(axis=(-2, -1)), np.zeros(x.shape)
    for di, dj in np.ndindex(h, w):
        tap = np.s_[:, :, di : di + s * (H2 - 1) + 1 : s, dj : dj + s * (W2 - 1) + 1 : s]
        dx[tap] += np.where(x[tap] == best, dout, 0)
    return dx


def in_float32(dout, cache):
    x, pool_param = cache
    return all_of_equals(dout.astype(np.float32), (x.astype(np.float32), pool_param)).astype("f4")


def talking(dout, cache):
    print("dout", dout.shape)
    warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
    return first_of_equals(cache=cache, dout=dout)


MAX_PAIRS = [(first_of_equals, over_outputs(np.max)), (all_of_equals, seven_loops),
             (shared_among_equals, all_maps_at_once(np.max)),
             (to_kept_places, forward_that_keeps_places),
             (by_counting, forward_that_keeps_places), (over_taps, over_outputs(np.amax)),
             (in_float32, over_outputs(np.max)), (talking, chatty(np.max))]


def shares_window_by_window(dout, cache):
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        dx[n, c, i * s : i * s + h, j * s : j * s + w] += np.ones((h, w)) * dout[n, c, i, j] / h / w
    return dx


def shares_number_by_number(dout, cache):
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        for di in range(h):
            for dj in range(w):
                dx[n, c, i * s + di, j * s + dj] += dout[n, c, i, j] / (h * w)
    return dx


def shares_all_maps_at_once(dout, cache):
    pool_param, x = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        dx[:, :, i * s : i * s + h, j * s : j * s + w] += dout[:, :, i : i + 1, j : j + 1] / (h * w)
    return dx


def shares_over_taps(dout, cache):
    h, w, s = settings(cache)
    dx = np.zeros(cache["x"].shape)
    for di, dj in np.ndindex(h, w):
        dx[:, :, di::s, dj::s][:, :, : dout.shape[2], : dout.shape[3]] += dout / (h * w)
    return dx


def shares_collected(dout, cache):
    """From the number's side: the mean of what the windows around it have."""
    x, pool_param = cache
    h, w, s = settings(pool_param)
    dx = np.zeros(x.shape)
    for r, k in np.ndindex(x.shape[2:]):
        for i, j in np.ndindex(dout.shape[2:]):
            if i * s <= r < i * s + h and j * s <= k < j * s + w:
                dx[:, :, r, k] += dout[:, :, i, j] / (h * w)
    return dx


def shares_in_float32(dout, cache):
    return shares_window_by_window(dout, cache).astype(np.float32)


def shares_of_a_matrix(dout, cache):
    """Pooling is linear: its matrix, transposed, is the way back."""
    x, pool_param = cache
    H, W = x.shape[2:]
    unit = np.eye(H * W).reshape(H * W, 1, H, W)
    columns = over_outputs(np.mean)(unit, pool_param)[0].reshape(H * W, -1)
    return (dout.reshape(-1, columns.shape[1]) @ columns.T).reshape(x.shape)


AVG_PAIRS = [(shares_all_maps_at_once, all_maps_at_once(np.mean)),
             (shares_over_taps, one_row_per_window(np.mean))]
AVG_PAIRS += [(backward, over_outputs(np.mean)) for backward in (
    shares_window_by_window, shares_number_by_number, shares_collected, shares_in_float32,
    shares_of_a_matrix)]


def searched(window):
    best = 0, 0
    for row in range(window.shape[0]):
        for column in range(window.shape[1]):
            if window[row, column] > window[best]:
                best = row, column
    return best


def averaged_by_hand(x):
    N, C, H, W = x.shape
    return np.array([[sum(x[n, c].flat) / (H * W) for c in range(C)] for n in range(N)])


WHERE = [
    lambda window: divmod(window.argmax(), window.shape[1]),
    lambda window: (int(window.argmax()) // window.shape[1], int(window.argmax()) % len(window[0])),
    lambda window: np.unravel_index(np.argmax(window), window.shape),
    lambda window: tuple(np.argwhere(window == window.max())[0]),
    lambda window: [int(k[0]) for k in np.where(window == np.amax(window))],
    lambda window: max(np.ndindex(window.shape), key=lambda place: window[place]),
    searched,
]
GLOBAL = [
    lambda x: x.mean(axis=(2, 3)),
    lambda x: np.mean(np.mean(x, axis=3), axis=2),
    lambda x: x.reshape(*x.shape[:2], -1).sum(-1) / (x.shape[2] * x.shape[3]),
    lambda x: np.einsum("nchw->nc", x) / x[0, 0].size,
    lambda x: x.astype(np.float32).mean((-1, -2)),
    lambda x: over_outputs(np.mean)(
        x, {"pool_height": x.shape[2], "pool_width": x.shape[3], "stride": 1})[0][:, :, 0, 0],
    averaged_by_hand,
]
ANSWERS = [("max_pool_forward_naive", [style(np.max)]) for style in STYLES]
ANSWERS += [("max_pool_forward_naive", [answer]) for answer in (seven_loops, running_maximum)]
ANSWERS += [("avg_pool_forward_naive", [style(np.mean)]) for style in STYLES]
ANSWERS += [("l2_pool_forward_naive", [style(l2)]) for style in STYLES]
ANSWERS += [("max_pool_backward_naive", pair) for pair in MAX_PAIRS]
ANSWERS += [("avg_pool_backward_naive", pair) for pair in AVG_PAIRS]
ANSWERS += [("where_is_max", [answer]) for answer in WHERE]
ANSWERS += [("global_avg_pool", [answer]) for answer in GLOBAL]
