"""Right answers to lesson 04, in the styles that people write them in."""

import sys
import warnings

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def padded(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def windows(x, w, conv_param):
    """(N, C, H2, W2, HH, WW): a strided view."""
    s = conv_param["stride"]
    view = sliding_window_view(padded(x, conv_param["pad"]), w.shape[4:], axis=(2, 3))
    return view[:, :, ::s, ::s]


def unpadded(dx, pad):
    return dx[:, :, pad : dx.shape[2] - pad, pad : dx.shape[3] - pad]


# Each style is a forward and a backward function that share a cache of their own.


def loops_forward(x, w, b, conv_param):
    s, xp = conv_param["stride"], padded(x, conv_param["pad"])
    H2, W2, F, _, HH, WW = w.shape
    out = np.zeros((len(x), F, H2, W2))
    for n, f, i, j in np.ndindex(out.shape):
        window = xp[n, :, i * s : i * s + HH, j * s : j * s + WW]
        out[n, f, i, j] = np.sum(window * w[i, j, f]) + b[i, j, f]
    return out, (x, w, b, conv_param)


def loops_backward(dout, cache):
    x, w, b, conv_param = cache
    s, pad, (HH, WW) = conv_param["stride"], conv_param["pad"], w.shape[4:]
    xp = padded(x, pad)
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
        dxp[here] += dout[n, f, i, j] * w[i, j, f]
        dw[i, j, f] += dout[n, f, i, j] * xp[here]
        db[i, j, f] += dout[n, f, i, j]
    return unpadded(dxp, pad), dw, db


def seven_loops_forward(x, w, b, conv_param):
    """No padded image: every pixel is looked for by itself."""
    s, pad, (H, W) = conv_param["stride"], conv_param["pad"], x.shape[2:]
    H2, W2, F = b.shape
    out = np.zeros((len(x), F, H2, W2))
    for n, f, i, j in np.ndindex(out.shape):
        total = float(b[i, j, f])
        for c, di, dj in np.ndindex(w.shape[3:]):
            row, column = i * s + di - pad, j * s + dj - pad
            if 0 <= row < H and 0 <= column < W:
                total += x[n, c, row, column] * w[i, j, f, c, di, dj]
        out[n, f, i, j] = total
    return [out, {"everything": (x, w, s, pad)}]


def seven_loops_backward(dout, cache):
    x, w, s, pad = cache["everything"]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        for c, di, dj in np.ndindex(w.shape[3:]):
            row, column = i * s + di - pad, j * s + dj - pad
            if 0 <= row < x.shape[2] and 0 <= column < x.shape[3]:
                dx[n, c, row, column] += dout[n, f, i, j] * w[i, j, f, c, di, dj]
                dw[i, j, f, c, di, dj] += dout[n, f, i, j] * x[n, c, row, column]
    return [dx, dw, np.einsum("nfij->ijf", dout)]


def einsum_forward(x, w, b, conv_param):
    seen = windows(x, w, conv_param)
    return np.einsum("ncijhw,ijfchw->nfij", seen, w) + b.transpose(2, 0, 1), (x, w, conv_param)


def einsum_backward(dout, cache):
    x, w, conv_param = cache
    s, pad, (HH, WW) = conv_param["stride"], conv_param["pad"], w.shape[4:]
    dw = np.einsum("nfij,ncijhw->ijfchw", dout, windows(x, w, conv_param))
    for_windows = np.einsum("nfij,ijfchw->ijnchw", dout, w)
    dxp = np.zeros_like(padded(x, pad))
    for i, j in np.ndindex(w.shape[:2]):
        dxp[:, :, i * s : i * s + HH, j * s : j * s + WW] += for_windows[i, j]
    return unpadded(dxp, pad), dw, dout.sum(0).transpose(1, 2, 0)


def taps_forward(x, w, b, conv_param):
    """Over the places of the filter; the dict gets a key, the cache holds the padded image."""
    s, xp = conv_param["stride"], padded(x, conv_param["pad"])
    H2, W2, _, _, HH, WW = w.shape
    out = np.zeros((len(x), *b.transpose(2, 0, 1).shape)) + b.transpose(2, 0, 1)
    for di, dj in np.ndindex(HH, WW):
        pixels = xp[:, :, di : di + s * (H2 - 1) + 1 : s, dj : dj + s * (W2 - 1) + 1 : s]
        out += np.einsum("ncij,ijfc->nfij", pixels, w[..., di, dj])
    conv_param["out_shape"] = out.shape
    return out, (xp, w, conv_param)


def taps_backward(dout, cache):
    xp, w, conv_param = cache
    s, (H2, W2, _, _, HH, WW) = conv_param["stride"], w.shape
    dxp, dw = np.zeros_like(xp), np.empty_like(w)
    for di, dj in np.ndindex(HH, WW):
        here = np.s_[:, :, di : di + s * (H2 - 1) + 1 : s, dj : dj + s * (W2 - 1) + 1 : s]
        dxp[here] += np.einsum("nfij,ijfc->ncij", dout, w[..., di, dj])
        dw[..., di, dj] = np.einsum("nfij,ncij->ijfc", dout, xp[here])
    return unpadded(dxp, conv_param["pad"]), dw, np.moveaxis(dout, 1, -1).sum(axis=0)


def matrices_forward(x, w, b, conv_param):
    """One matrix product at each place, on windows as rows: im2col for a layer without sharing."""
    seen = windows(x, w, conv_param).transpose(2, 3, 0, 1, 4, 5)
    cols = seen.reshape(*w.shape[:2], len(x), -1)
    products = cols @ w.reshape(*w.shape[:3], -1).swapaxes(2, 3) + b[:, :, None]
    return products.transpose(2, 3, 0, 1), (cols, w, x.shape, conv_param["stride"],
                                            conv_param["pad"])


def matrices_backward(dout, cache):
    cols, w, (N, C, H, W), s, pad = cache
    H2, W2, F, _, HH, WW = w.shape
    at_places = dout.transpose(2, 3, 1, 0)
    dw = (at_places @ cols).reshape(w.shape)
    dcols = at_places.swapaxes(2, 3) @ w.reshape(H2, W2, F, -1)
    rows = (np.arange(H2)[:, None] * s + np.arange(HH))[:, None, :, None]
    columns = (np.arange(W2)[:, None] * s + np.arange(WW))[None, :, None, :]
    dxp = np.zeros((H + 2 * pad, W + 2 * pad, N, C))
    np.add.at(dxp, (rows, columns),
              dcols.reshape(H2, W2, N, C, HH, WW).transpose(0, 1, 4, 5, 2, 3))
    return unpadded(dxp.transpose(2, 3, 0, 1), pad), dw, at_places.sum(axis=-1)


def float32_forward(x, w, b, conv_param):
    out, cache = loops_forward(*(a.astype(np.float32) for a in (x, w, b)), conv_param)
    return out.astype(np.float32), cache


def float32_backward(dout, cache):
    return tuple(d.astype(np.float32) for d in loops_backward(dout.astype(np.float32), cache))


def chatty_forward(x, w, b, conv_param):
    print("x", x.shape)
    print("a remark on stderr", file=sys.stderr)
    warnings.warn("something harmless", RuntimeWarning, stacklevel=1)
    return einsum_forward(x, w, b, conv_param=conv_param)


def chatty_backward(dout, cache):
    print("dout", dout.shape)
    return einsum_backward(cache=cache, dout=dout)


STYLES = [(loops_forward, loops_backward), (seven_loops_forward, seven_loops_backward),
          (einsum_forward, einsum_backward), (taps_forward, taps_backward),
          (matrices_forward, matrices_backward), (float32_forward, float32_backward),
          (chatty_forward, chatty_backward)]


def tied_by_loops(w, H2, W2):
    tied = np.zeros((H2, W2, *w.shape))
    for i in range(H2):
        for j in range(W2):
            tied[i, j] = w
    return tied


def summed_by_loops(dw_local):
    total = np.zeros(dw_local.shape[2:])
    for row in dw_local:
        for gradient in row:
            total += gradient
    return total


def depths_by_hand(D, layers):
    depths = [D] + [K for K, _ in layers[:-1]]
    return sum(K * (F * F * depth + 1) for (K, F), depth in zip(layers, depths, strict=True))


def stack_by_recursion(D, layers):
    if not layers:
        return 0
    (K, F), *others = layers
    return K * (F**2 * D + 1) + stack_by_recursion(K, others)


def stack_with_numpy(D, layers):
    K, F = np.array(layers).T
    return int((K * (F**2 * np.concatenate([[D], K[:-1]]) + 1)).sum())


def stack_by_index(D, layers):
    total = 0
    for k in range(len(layers)):
        K, F = layers[k]
        total = total + F * F * K * (D if k == 0 else layers[k - 1][0]) + K
    return total


def stack_with_while(D, layers):
    layers, total = list(layers), 0
    while layers:
        K, F = layers.pop(0)
        total, D = total + (D * F**2 + 1) * K, K
    return np.int64(total)


def stack_with_print(D, layers):
    counts = []
    for K, F in layers:
        counts.append(K * F * F * D + K)
        print(D, K, F, counts)
        D = K
    return sum(counts)


def multiplied(output_shape):
    product = 1
    for size in output_shape:
        product *= size
    return product


OTHERS = {
    "count_neurons": [
        multiplied,
        lambda output_shape: output_shape[0] * output_shape[1] * output_shape[2],
        lambda output_shape: int(np.prod(output_shape)),
        lambda output_shape: np.prod(output_shape),
        lambda output_shape: np.zeros(output_shape).size,
        lambda output_shape: sum(1 for _ in np.ndindex(*output_shape)),
    ],
    "params_unshared": [
        lambda output_shape, F, D: multiplied(output_shape) * (F * F * D + 1),
        lambda output_shape, F, D: multiplied(output_shape) * F**2 * D + multiplied(output_shape),
        lambda output_shape, F, D: int(np.prod([*output_shape, F * F * D + 1])),
        lambda output_shape, F, D: np.prod(output_shape) * np.ones((D, F, F)).size
        + np.prod(output_shape),
        lambda output_shape, F, D: output_shape[0] * output_shape[1] * (
            output_shape[2] * (F * F * D + 1)),
        lambda output_shape, F, D: sum(
            output_shape[0] * output_shape[1] * (D * F * F + 1) for _ in range(output_shape[2])),
    ],
    "params_shared": [
        lambda K, F, D: K * (F * F * D + 1),
        lambda K, F, D: K * F**2 * D + K,
        lambda K, F, D: np.zeros((K, D, F, F)).size + np.zeros(K).size,
        lambda K, F, D: np.prod((K, F, F, D)) + K,
        lambda K, F, D: sum(D * pow(F, 2) + 1 for _ in range(K)),
        lambda K, F, D: int(np.array([F * F * D, 1]).sum()) * K,
    ],
    "params_of_stack": [depths_by_hand, stack_by_recursion, stack_with_numpy, stack_by_index,
                        stack_with_while, stack_with_print],
    "one_place_backward": [
        lambda dout, window, w: (dout * w, dout * window, dout),
        lambda dout, window, w: [np.multiply(w, dout), np.multiply(window, dout), 1 * dout],
        lambda dout, window, w: (w * dout, window * dout, np.array(dout)),
        lambda dout, window, w: ((dout * w).astype(np.float32), np.float32(dout) * window,
                                 np.float32(dout)),
        lambda dout, window, w: (np.full(w.shape, dout) * w, np.full(w.shape, dout) * window,
                                 float(dout)),
        lambda dout, window, w: (*(np.array([dout * v for v in a.flat]).reshape(a.shape)
                                   for a in (w, window)), dout),
    ],
    "tie_weights": [
        tied_by_loops,
        lambda w, H2, W2: np.tile(w, (H2, W2, 1, 1, 1, 1)),
        lambda w, H2, W2: np.broadcast_to(w, (H2, W2, *w.shape)),
        lambda w, H2, W2: np.array([[w for _ in range(W2)] for _ in range(H2)]),
        lambda w, H2, W2: np.repeat(np.repeat(w[None, None], H2, axis=0), W2, axis=1),
        lambda w, H2, W2: np.zeros((H2, W2, *w.shape)) + w,
        lambda w, H2, W2: np.stack([np.stack([w.astype(np.float32)] * W2)] * H2),
        lambda w, H2, W2: np.einsum("ij,fchw->ijfchw", np.ones((H2, W2)), w),
    ],
    "shared_gradient": [
        summed_by_loops,
        lambda dw_local: dw_local.sum(axis=(0, 1)),
        lambda dw_local: np.sum(np.sum(dw_local, axis=0), axis=0),
        lambda dw_local: np.einsum("ijfchw->fchw", dw_local),
        lambda dw_local: dw_local.reshape(-1, *dw_local.shape[2:]).sum(0),
        lambda dw_local: dw_local.mean(axis=(0, 1)) * dw_local.shape[0] * dw_local.shape[1],
        lambda dw_local: np.add.reduce(dw_local.astype(np.float32), axis=(0, 1)),
    ],
}
