"""Right answers to lesson 03, in the styles in which people write them."""

import sys
import warnings

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from test_convolution_forward_answers import einsum, over_outputs

from course_lib.reference.convolution import conv_forward


def forward(x, w, b, conv_param):
    """What `check` gets beside a backward function. Nobody judges it here: it may be fast."""
    return conv_forward(x, w, b, **conv_param)[0], (x, w, b, conv_param)


def framed(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def unframed(padded, pad):
    return padded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad]


# Right answers to conv_backward_naive


def over_places(dout, cache):
    x, w, b, conv_param = cache
    s, pad = conv_param["stride"], conv_param["pad"]
    xp, dw, db = framed(x, pad), np.zeros_like(w), np.zeros_like(b)
    dxp = np.zeros_like(xp)
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[3]]
        dxp[here] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * xp[here]
        db[f] += dout[n, f, i, j]
    return unframed(dxp, pad), dw, db


def seven_loops(dout, cache):
    x, w, b, conv_param = cache
    s, pad, (H, W) = conv_param["stride"], conv_param["pad"], x.shape[2:]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), dout.sum((0, 2, 3))
    for n, f, i, j in np.ndindex(dout.shape):
        for c, di, dj in np.ndindex(w.shape[1:]):
            row, column = i * s + di - pad, j * s + dj - pad
            if 0 <= row < H and 0 <= column < W:
                dx[n, c, row, column] += dout[n, f, i, j] * w[f, c, di, dj]
                dw[f, c, di, dj] += dout[n, f, i, j] * x[n, c, row, column]
    return dx, dw, db


def over_taps(dout, cache):
    x, w, _, conv_param = cache
    s, pad, (H2, W2) = conv_param["stride"], conv_param["pad"], dout.shape[2:]
    xp, dw = framed(x, pad), np.empty(w.shape)
    dxp = np.zeros(xp.shape)
    for di, dj in np.ndindex(w.shape[2:]):
        here = np.s_[:, :, di : di + s * (H2 - 1) + 1 : s, dj : dj + s * (W2 - 1) + 1 : s]
        dw[:, :, di, dj] = np.tensordot(dout, xp[here], ((0, 2, 3), (0, 2, 3)))
        dxp[here] += np.einsum("nfij,fc->ncij", dout, w[:, :, di, dj])
    return [unframed(dxp, pad), dw, np.einsum("nfij->f", dout)]


def by_einsum(dout, cache):
    x, w, _, conv_param = cache
    s, pad = conv_param["stride"], conv_param["pad"]
    view = sliding_window_view(framed(x, pad), w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    dw = np.einsum("nfij,ncijhw->fchw", dout, view)
    dxp = np.zeros_like(framed(x, pad))
    out = sliding_window_view(dxp, w.shape[2:], axis=(2, 3), writeable=True)[:, :, ::s, ::s]
    shares = np.einsum("nfij,fchw->ncijhw", dout, w)
    for i, j in np.ndindex(dout.shape[2:]):
        out[:, :, i, j] += shares[:, :, i, j]
    return unframed(dxp, pad), dw, dout.sum(axis=(0, 2, 3))


def by_matrix_product(dout, cache):
    x, w, _, conv_param = cache
    s, pad = conv_param["stride"], conv_param["pad"]
    (N, F, H2, W2), (_, C, HH, WW) = dout.shape, w.shape
    view = sliding_window_view(framed(x, pad), (HH, WW), axis=(2, 3))[:, :, ::s, ::s]
    rows = view.transpose(0, 2, 3, 1, 4, 5).reshape(N * H2 * W2, -1)
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dw = (flat.T @ rows).reshape(w.shape)
    shares = (flat @ w.reshape(F, -1)).reshape(N, H2, W2, C, HH, WW)
    dxp = np.zeros(framed(x, pad).shape)
    for i, j in np.ndindex(H2, W2):
        dxp[:, :, i * s : i * s + HH, j * s : j * s + WW] += shares[:, i, j]
    return unframed(dxp, pad), dw, flat.sum(0)


def as_convolution(dout, cache):
    """dx as a full convolution of the spread dout with the flipped filters."""
    x, w, b, conv_param = cache
    s, pad, (H, W) = conv_param["stride"], conv_param["pad"], x.shape[2:]
    _, dw, db = over_taps(dout, cache)
    N, F, H2, W2 = dout.shape
    wide = np.zeros((N, F, H + 2 * pad - w.shape[2] + 1, W + 2 * pad - w.shape[3] + 1))
    wide[:, :, : s * H2 : s, : s * W2 : s] = dout
    wide = np.pad(wide, ((0, 0), (0, 0), (w.shape[2] - 1,) * 2, (w.shape[3] - 1,) * 2))
    flipped = w[:, :, ::-1, ::-1].swapaxes(0, 1)
    full, _ = einsum(wide, flipped, np.zeros(len(flipped)), {"stride": 1, "pad": 0})
    return unframed(full, pad), dw, db


def float32_inside(dout, cache):
    x, w, b, conv_param = cache
    small = [a.astype(np.float32) for a in (x, w, b)]
    return over_places(dout.astype(np.float32), (*small, conv_param))


def chatty(dout, cache):
    print("dout", dout.shape)
    print("on stderr", file=sys.stderr)
    warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
    return over_taps(dout, cache)


def own_cache_forward(x, w, b, conv_param):
    """Keeps other things than CS231n's four, and adds a key to the dict that it is given."""
    out, _ = over_outputs(x, w, b, conv_param)
    conv_param["seen"] = True
    return out, {"padded": framed(x, conv_param["pad"]), "w": w, "shape": x.shape,
                 "stride": conv_param["stride"], "pad": conv_param["pad"]}


def own_cache_backward(dout, cache):
    pad, x = cache["pad"], unframed(cache["padded"], cache["pad"])
    assert x.shape == cache["shape"]
    return over_places(dout, (x, cache["w"], np.zeros(len(cache["w"])),
                              {"stride": cache["stride"], "pad": pad}))


BACKWARD = [(style, forward) for style in (over_places, seven_loops, over_taps, by_einsum,
                                           by_matrix_product, as_convolution, float32_inside,
                                           chatty)]
BACKWARD += [(own_cache_backward, own_cache_forward)]


# Right answers to the others


def row_loop(dout, x, w, stride):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i, d in enumerate(dout):
        dx[i * stride : i * stride + len(w)] += d * w
        dw += d * x[i * stride : i * stride + len(w)]
    return dx, dw


def row_single_numbers(dout, x, w, stride):
    dx, dw = [0.0] * len(x), [0.0] * len(w)
    for i in range(len(dout)):
        for k in range(len(w)):
            dx[i * stride + k] += dout[i] * w[k]
            dw[k] += dout[i] * x[i * stride + k]
    return np.array(dx), np.array(dw)


def row_matrix(dout, x, w, stride):
    M = np.zeros((len(dout), len(x)))
    for i in range(len(dout)):
        M[i, i * stride : i * stride + len(w)] = w
    return M.T @ dout, sliding_window_view(x, len(w))[::stride][: len(dout)].T @ dout


def row_convolve(dout, x, w, stride):
    wide = np.zeros((len(dout) - 1) * stride + 1)
    wide[::stride] = dout
    return np.convolve(wide, w), np.correlate(x, wide)


def row_add_at(dout, x, w, stride):
    places = np.arange(len(dout))[:, None] * stride + np.arange(len(w))
    dx = np.zeros(len(x))
    np.add.at(dx, places, dout[:, None] * w)
    return dx, dout @ x[places]


def row_taps(dout, x, w, stride):
    dx, end = np.zeros(len(x), np.float32), (len(dout) - 1) * stride + 1
    for k in range(len(w)):
        dx[k : k + end : stride] += dout * w[k]
    return dx, np.array([dout @ x[k : k + end : stride] for k in range(len(w))])


def nudge_in_place(f, x, df, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x).copy()
        x[index] = old - h
        below = f(x).copy()
        x[index] = old
        gradient[index] = np.sum((above - below) * df) / (2 * h)
    return gradient


def nudge_nditer(f, x, df, h=1e-5):
    gradient, it = np.zeros(x.shape), np.nditer(x, flags=["multi_index"])
    for _ in it:
        step = np.zeros(x.shape)
        step[it.multi_index] = h
        gradient[it.multi_index] = ((f(x + step) * df).sum() - (f(x - step) * df).sum()) / (2 * h)
    return gradient


def nudge_flat(f, x, df, h=1e-5):
    flat = x.ravel()
    return np.array([
        np.vdot(f((flat + h * one).reshape(x.shape)) - f((flat - h * one).reshape(x.shape)), df)
        for one in np.eye(flat.size)]).reshape(x.shape) / (2 * h)


def nudge_loss(f, x, df, h=1e-5):
    def loss(at):
        return float((np.asarray(f(at)) * df).sum())

    return np.reshape([(loss(x + h * unit.reshape(x.shape)) - loss(x - h * unit.reshape(x.shape)))
                       / h / 2 for unit in np.identity(x.size)], x.shape)


def nudge_columns(f, x, df, h=1e-5):
    jacobian = np.stack([(f(x + unit) - f(x - unit)).ravel() / (2 * h) for unit in
                         (h * np.eye(x.size)).reshape(-1, *x.shape)], axis=1)
    return (df.ravel() @ jacobian).reshape(x.shape)


def nudge_and_talk(f, x, df, h=1e-5):
    print("x", x.shape)
    return nudge_nditer(f, np.asfortranarray(x), df, h)


def by_full_convolution(dout, w, pad):
    K = w.shape[2]
    flipped = np.flip(w, (2, 3)).swapaxes(0, 1)
    wide = np.pad(dout, ((0, 0), (0, 0), (K - 1 - pad,) * 2, (K - 1 - pad,) * 2))
    return einsum(wide, flipped, np.zeros(len(flipped)), {"stride": 1, "pad": 0})[0]


def by_rotating(dout, w, pad):
    flipped = np.rot90(w, 2, (2, 3)).transpose(1, 0, 2, 3)
    return over_outputs(dout, flipped, np.zeros(w.shape[1]),
                        {"stride": 1, "pad": w.shape[3] - 1 - pad})[0]


def by_cutting_afterwards(dout, w, pad):
    return unframed(by_full_convolution(dout, w, 0), pad)


def by_stamping(dout, w, pad):
    K, (N, _, H2, W2) = w.shape[2], dout.shape
    dx = np.zeros((N, w.shape[1], H2 + K - 1, W2 + K - 1))
    for i, j in np.ndindex(K, K):
        dx[:, :, i : i + H2, j : j + W2] += np.tensordot(
            dout, w[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
    return unframed(dx, pad)


def by_scatter(dout, w, pad):
    K, (N, _, H2, W2) = w.shape[2], dout.shape
    dx = np.zeros((N, w.shape[1], H2 + K - 1, W2 + K - 1))
    for n, f, i, j in np.ndindex(dout.shape):
        dx[n, :, i : i + K, j : j + K] += dout[n, f, i, j] * w[f]
    return unframed(dx, pad)


def by_spectrum(dout, w, pad):
    K, (_, _, H2, W2) = w.shape[2], dout.shape
    size = H2 + K - 1, W2 + K - 1
    product = np.einsum("nfij,fcij->ncij", np.fft.fft2(dout, size), np.fft.fft2(w, size))
    return unframed(np.fft.ifft2(product).real, pad)


OTHERS = {
    "neuron_backward": [
        lambda dout, x_patch, w: (dout * w, dout * x_patch, dout),
        lambda dout, x_patch, w: [w * dout, x_patch * dout, dout],
        lambda dout, x_patch, w: (np.multiply(w, dout), np.multiply(x_patch, dout), dout * 1.0),
        lambda dout, x_patch, w: (np.stack([dout * c for c in w]),
                                  np.einsum(",chw->chw", dout, x_patch), np.float64(dout)),
        lambda dout, x_patch, w: ((dout * w).astype(np.float32),
                                  (dout * x_patch).astype(np.float32), np.float32(dout)),
        lambda dout, x_patch, w: (np.array([dout * v for v in w.flat]).reshape(w.shape),
                                  np.array([dout * v for v in x_patch.flat]).reshape(w.shape),
                                  np.array(dout)),
    ],
    "numerical_gradient": [nudge_in_place, nudge_nditer, nudge_flat, nudge_loss, nudge_columns,
                           nudge_and_talk],
    "row_backward": [row_loop, row_single_numbers, row_matrix, row_convolve, row_add_at, row_taps],
    "unpad": [
        unframed,
        lambda padded, pad: padded if pad == 0 else padded[:, :, pad:-pad, pad:-pad],
        lambda padded, pad: padded[:, :, pad : -pad or None, pad : -pad or None],
        lambda padded, pad: padded[..., pad:, pad:][
            ..., : padded.shape[2] - 2 * pad, : padded.shape[3] - 2 * pad].copy(),
        lambda padded, pad: np.take(np.take(
            padded, range(pad, padded.shape[2] - pad), 2), range(pad, padded.shape[3] - pad), 3),
        lambda padded, pad: np.delete(np.delete(
            padded, [*range(pad), *range(padded.shape[2] - pad, padded.shape[2])], 2),
            [*range(pad), *range(padded.shape[3] - pad, padded.shape[3])], 3),
    ],
    "dx_by_convolution": [by_full_convolution, by_rotating, by_cutting_afterwards, by_stamping,
                          by_scatter, by_spectrum],
}
ANSWERS = [("conv_backward_naive", functions) for functions in BACKWARD]
ANSWERS += [(name, (answer,)) for name, answers in OTHERS.items() for answer in answers]
